"""Pages of our own that change by chance, and the truth of it: which events each change must bring, and no others."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

WORDS = ("harbor", "lantern", "meadow", "quarry", "saffron", "tundra", "willow", "zephyr", "copper", "drift")
SIZES = ("mini", "small", "large", "max")
STEP = Decimal("0.01")


@dataclass(kw_only=True)
class Expected:
    """An event that a change must bring, and what came of it. Times are the wall clock's."""

    source: str
    kind: str
    subject: str  # the model, or the title of an item
    meter: str = ""
    value: str
    said: tuple[str, ...]  # what the message of it says
    changed_at: datetime
    event: str = ""
    recorded_at: datetime | None = None
    received_at: datetime | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What the event of it has; never twice in a run."""
        return (self.source, self.kind, self.subject, self.meter, self.value)


class Page(Protocol):
    """What one source shows."""

    @property
    def kind(self) -> str:
        """As a source's."""

    @property
    def content_type(self) -> str:
        """As the header has it."""

    def render(self) -> str:
        """The page as it is now."""

    def change(self, source: str, busy: frozenset[str], now: datetime) -> list[Expected]:
        """Change something that is not about the `busy` subjects; returns what that must bring."""


@dataclass(kw_only=True)
class PricePage:
    """A price list, as Markdown or HTML. Prices move by less than half, and never back."""

    chance: random.Random
    number: int
    html: bool
    kind: str = "pricing"
    notes: int = 0
    prices: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    used: set[tuple[str, str, Decimal]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for _ in range(self.chance.randint(6, 9)):
            self._add()

    @property
    def content_type(self) -> str:
        return "text/html; charset=utf-8" if self.html else "text/markdown; charset=utf-8"

    def render(self) -> str:
        before = "All prices are in US dollars per 1M tokens. They are what this machine makes of them by chance."
        after = f"Last revised {self.notes} times. What is not listed here is not sold."
        rows = [(name, f"${meters['input']}", f"${meters['output']}") for name, meters in self.prices.items()]
        if self.html:
            body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
            head = "<tr><th>Model</th><th>Input</th><th>Output</th></tr>"
            return (
                f"<!doctype html><html><head><title>Prices</title></head><body><h1>Prices</h1><p>{before}</p>\n"
                f"<table>{head}\n{body}</table><p>{after}</p></body></html>\n"
            )
        lines = ["# Prices", "", before, "", "| Model | Input | Output |", "|---|---|---|"]
        return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows), "", after, ""])

    def change(self, source: str, busy: frozenset[str], now: datetime) -> list[Expected]:
        free = [name for name in self.prices if name not in busy]
        self.notes += 1
        what = self.chance.random()
        if what < 0.1 or not free:
            return []  # other bytes that say the same
        if what < 0.2 and len(self.prices) < 14:
            name = self._add()
            return [
                Expected(
                    source=source,
                    kind="price.listed",
                    subject=name,
                    meter=meter,
                    value=str(amount),
                    said=(name, f"${amount}"),
                    changed_at=now,
                )
                for meter, amount in self.prices[name].items()
            ]
        found = []
        for name in self.chance.sample(free, min(len(free), self.chance.choice((1, 1, 2)))):
            for meter in self.chance.choice((("input",), ("output",), ("input", "output"))):
                amount = self._moved(name, meter)
                found.append(
                    Expected(
                        source=source,
                        kind="price.changed",
                        subject=name,
                        meter=meter,
                        value=str(amount),
                        said=(name, f"${amount}"),
                        changed_at=now,
                    )
                )
        return found

    def _add(self) -> str:
        name = f"{WORDS[len(self.prices) % len(WORDS)]}-{self.number}-{len(self.prices)}-{self.chance.choice(SIZES)}"
        low = Decimal(self.chance.randint(101, 499)) / 100
        self.prices[name] = {"input": low, "output": low * 4 + STEP}
        self.used |= {(name, meter, amount) for meter, amount in self.prices[name].items()}
        return name

    def _moved(self, name: str, meter: str) -> Decimal:
        """Another price it never had: never a power of ten, never the other meter's."""
        was = self.prices[name][meter]
        factor = Decimal(self.chance.randint(75, 135)) / 100
        amount = max((was * factor).quantize(STEP), Decimal("0.51"))
        while (name, meter, amount) in self.used or amount in self.prices[name].values():
            amount += STEP
        self.used.add((name, meter, amount))
        self.prices[name][meter] = amount
        return amount


@dataclass(kw_only=True)
class LifePage:
    """A table of models and when they end."""

    chance: random.Random
    number: int
    kind: str = "lifecycle"
    content_type: str = "text/markdown; charset=utf-8"
    notes: int = 0
    ends: dict[str, date | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for _ in range(self.chance.randint(9, 12)):
            self._add()

    def render(self) -> str:
        rows = [
            f"| `{name}` | {'Deprecated' if end else 'Active'} | {end.isoformat() if end else 'N/A'} |"
            for name, end in self.ends.items()
        ]
        lines = [
            "# Model lifecycle",
            "",
            f"Revision {self.notes}.",
            "",
            "| Model | Status | Retirement date |",
            "|---|---|---|",
        ]
        return "\n".join([*lines, *rows, "", "Models that are not in this table are nobody's business.", ""])

    def change(self, source: str, busy: frozenset[str], now: datetime) -> list[Expected]:
        free = [name for name in self.ends if name not in busy]
        self.notes += 1
        what = self.chance.random()
        if what < 0.1 or not free:
            return []
        if what < 0.25 and len(self.ends) < 18:
            name = self._add()
            return [
                Expected(source=source, kind="model.listed", subject=name, value="active", said=(name,), changed_at=now)
            ]
        name = self.chance.choice(free)
        was = self.ends[name]
        end = (was or now.date() + timedelta(days=200)) + timedelta(days=self.chance.randint(3, 90))
        self.ends[name] = end
        kinds = [("model.retirement_moved" if was else "model.retirement_scheduled", end.isoformat())]
        kinds += [] if was else [("model.status_changed", "deprecated")]
        return [
            Expected(
                source=source,
                kind=kind,
                subject=name,
                value=value,
                said=(name, f"{end.day} {end:%B} {end.year}"),
                changed_at=now,
            )
            for kind, value in kinds
        ]

    def _add(self) -> str:
        name = f"{WORDS[len(self.ends) % len(WORDS)]}-{self.number}-{len(self.ends)}"
        self.ends[name] = None
        return name


@dataclass(kw_only=True)
class FeedPage:
    """A feed of the last twenty items."""

    chance: random.Random
    number: int
    kind: str = "feed"
    content_type: str = "application/rss+xml; charset=utf-8"
    items: list[tuple[str, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for days in range(8, 0, -1):
            self._add(datetime.now(UTC) - timedelta(days=days))

    def render(self) -> str:
        entries = "".join(
            f"<item><title>{title}</title><link>https://feed{self.number}.example/{n}</link>"
            f"<guid>https://feed{self.number}.example/{n}</guid><pubDate>{at:%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
            f"<description>A note about {title}.</description></item>\n"
            for n, (title, at) in reversed(list(enumerate(self.items))[-20:])
        )
        return (
            f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Notes {self.number}</title>'
            f"<link>https://feed{self.number}.example/</link><description>Notes.</description>\n{entries}</channel></rss>\n"
        )

    def change(self, source: str, busy: frozenset[str], now: datetime) -> list[Expected]:
        titles = [self._add(now) for _ in range(self.chance.choice((1, 1, 2)))]
        return [
            Expected(source=source, kind="news.published", subject=title, value="", said=(title,), changed_at=now)
            for title in titles
        ]

    def _add(self, at: datetime) -> str:
        word = WORDS[len(self.items) % len(WORDS)]
        title = f"Note {self.number}.{len(self.items)} on the {word} by the road"
        self.items.append((title, at))
        return title


def pages(seed: int, sources: int) -> dict[str, Page]:
    """The sources by id: half prices, a quarter lives of models, a quarter feeds."""
    found: dict[str, Page] = {}
    for number in range(sources):
        chance = random.Random(f"{seed} {number}")
        if number % 4 in (0, 1):
            found[f"soak{number}-pricing"] = PricePage(chance=chance, number=number, html=number % 4 == 1)
        elif number % 4 == 2:
            found[f"soak{number}-lifecycle"] = LifePage(chance=chance, number=number)
        else:
            found[f"soak{number}-feed"] = FeedPage(chance=chance, number=number)
    return found
