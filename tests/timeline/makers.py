"""Short ways to say a look at a page."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from timeline.beliefs import Belief
from timeline.events import CaptureRef, Event
from timeline.facts import Fact
from timeline.news import NewsItem
from timeline.notices import Notice
from timeline.observations import Folded, Held, Observation, SourceInfo, State, Step
from timeline.prices import PricePoint
from timeline.withheld import withheld

PRICING = SourceInfo(id="anthropic-pricing", provider="anthropic", kind="pricing")
LIFECYCLE = SourceInfo(id="openai-lifecycle", provider="openai", kind="lifecycle")
CATALOGUE = SourceInfo(id="models-dev", provider="models-dev", kind="catalogue", trust="catalogue")
FEED = SourceInfo(id="anthropic-news", provider="anthropic", kind="feed")

START = datetime(2026, 7, 1, 10, tzinfo=UTC)


def day(number: float) -> datetime:
    """So many days after the start."""
    return START + timedelta(days=number)


def at(year: int, month: int, date: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, date, hour, minute, tzinfo=UTC)


def price(amount: str | None, model: str = "Claude Sonnet 5", meter: str = "input", **more: Any) -> PricePoint:
    more.setdefault("currency", "USD")
    more.setdefault("per", Decimal(1_000_000))
    value = None if amount is None else Decimal(amount)
    return PricePoint(provider="anthropic", model=model, meter=meter, amount=value, **more)


def notice(model: str = "gpt-4-0314", status: Any = "active", **more: Any) -> Notice:
    more.setdefault("model_id", model)
    return Notice(provider="openai", model=model, status=status, **more)


def item(guid: str, title: str = "News", **more: Any) -> NewsItem:
    return NewsItem(provider="anthropic", guid=guid, url=f"https://example.org/{guid}", title=title, **more)


def look(when: datetime, *facts: Fact, **more: Any) -> Observation:
    """A look with bytes of its own."""
    ref = CaptureRef(
        seq=None, url="https://example.org/page", captured_at=when, sha256=f"{int(when.timestamp() * 1e6):064x}"
    )
    return Observation(at=when, capture=ref, facts=facts, **more)


def kinds(events: Iterable[Event], *, baseline: bool = False) -> list[str]:
    return [event.kind for event in events if baseline or not event.baseline]


def told(folded: Folded) -> list[str]:
    """The headlines of what is not baseline."""
    return [event.headline for event in folded.events if not event.baseline]


def price_at(folded: Folded, key: str, when: datetime, known: datetime) -> str | None:
    """What the rows say a key costs at an instant, as known at another."""
    for row in folded.rows:
        fact, ends = row.row.fact, row.row.ends
        is_known = row.key == key and row.known_from <= known and (row.known_to is None or known < row.known_to)
        if is_known and row.row.starts <= when and (ends is None or when < ends):
            assert isinstance(fact, PricePoint)
            return fact.state if fact.amount is None else str(fact.amount)
    return None


def held(state: State) -> list[Held]:
    """All that is held after the last step."""
    last = datetime.fromisoformat(state.header["last"])
    return [one for key in sorted(state.keys) for one in withheld(key, Belief.from_json(state.keys[key]), last)]


def now_held(step: Step) -> list[Held]:
    """What is held of the keys that a step changed."""
    return [one for found in step.held.values() for one in found]
