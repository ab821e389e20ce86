"""Noise and damage on whole pages: what pages do every day tells nothing; what breaks them is held.

Every capture of our own under tests/sources is changed the way real pages change without meaning anything, and damaged
the way real pages break; each is read and folded as the wire would.
"""

import json
import os
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.precedent import Precedent
from crawler.reading import Judged, document_of, judge
from crawler.source import Source, bundled_sources
from tests.timeline.makers import now_held
from timeline.dates import moment
from timeline.events import CaptureRef
from timeline.fold import State, advance
from timeline.keys import digest
from timeline.observations import Observation, SourceInfo, Step

FOLDER = Path(__file__).parent / "sources"
TORTURE = bool(os.environ.get("AIWIRE_TORTURE"))
EACH = 25 if TORTURE else 3  # noisy captures of each page
KINDS = ("pricing", "lifecycle")


@dataclass
class Wire:
    """One source as the wire has it: its captures read, checked and folded in order."""

    source: Source
    state: State
    good: Precedent | None = None

    def see(self, body: bytes, at: datetime, url: str = "") -> tuple[Judged, Step]:
        document = document_of(self.source, body, url=url or self.source.url, at=at)
        judged = judge(self.source, document, live=False, last_good=self.good)
        self.good = judged.precedent or self.good
        info = SourceInfo(
            id=self.source.id, provider=self.source.provider, kind=self.source.kind, trust=self.source.trust
        )
        capture = CaptureRef(seq=1, url=self.source.url, captured_at=at, sha256=digest(str(body), size=64))
        seen = Observation(
            at=at,
            capture=capture,
            facts=judged.reading.facts,
            verdict=judged.verdict,
            shape=judged.reading.outline.shape if judged.reading.outline else None,
            covered=judged.reading.covered,
        )
        self.state, step = advance(info, self.state, seen)
        return judged, step


def pages() -> list[tuple[Source, Path, datetime]]:
    known = {source.id: source for source in bundled_sources() if source.kind in KINDS}
    found = []
    for page in sorted(FOLDER.glob("*/*/page.*")):
        source, meta = known.get(page.parent.parent.name), page.parent / "meta.json"
        at = json.loads(meta.read_text()).get("at") if meta.exists() else None
        if source is not None:
            found.append((source, page, moment(at or page.parent.name)))
    return found


PAGES = pages()
names = [f"{page.parent.parent.name}/{page.parent.name}" for _, page, _ in PAGES]


def is_markup(text: str) -> bool:
    return text.lstrip()[:1] == "<"


def is_data(text: str) -> bool:
    return text.lstrip()[:1] in "[{"


def crlf(text: str, chance: random.Random) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def nonce(text: str, chance: random.Random) -> str:
    mark = f"<!-- build {chance.randrange(10**12)} -->"
    return text if is_data(text) else text + "\n" + mark + "\n"


def footer(text: str, chance: random.Random) -> str:
    said = f"Page served {chance.randrange(10**9)} in {chance.randrange(900)} ms"
    if is_data(text):
        return text
    return text.replace("</body>", f"<footer>{said}</footer></body>") if is_markup(text) else f"{text}\n\n{said}\n"


def links(text: str, chance: random.Random) -> str:
    return re.sub(r"(https?://[\w./-]+)(?=[)\"])", lambda m: f"{m[1]}?v={chance.randrange(999)}", text)


def spaces(text: str, chance: random.Random) -> str:
    if is_data(text) or is_markup(text):
        return text + " \n" * chance.randint(1, 9)
    return "\n".join(line + " " * chance.randint(0, 3) if line.startswith("|") else line for line in text.split("\n"))


def rows(text: str, chance: random.Random) -> str:
    """The rows of Markdown tables in another order, where each row names its model."""
    if is_data(text) or is_markup(text):
        return text
    lines = text.split("\n")
    start = None
    for number, line in enumerate([*lines, ""]):
        if start is None and re.fullmatch(r"\s*\|?[\s:|-]*-{3}[\s:|-]*", line):
            start = number + 1
        elif start is not None and not line.strip().startswith("|"):
            body = lines[start:number]
            if len({tuple(bool(cell.strip()) for cell in row.split("|")) for row in body}) == 1:  # none heads a group
                lines[start:number] = chance.sample(body, len(body))
            start = None
    return "\n".join(lines)


NOISE: tuple[Callable[[str, random.Random], str], ...] = (rows, nonce, footer, links, spaces, crlf)


@pytest.mark.parametrize(("source", "page", "at"), PAGES, ids=names)
def test_noise_tells_nothing(source: Source, page: Path, at: datetime) -> None:
    chance = random.Random(page.parent.parent.name)
    text = page.read_text(encoding="utf-8")
    wire = Wire(source=source, state=State.empty())
    first, _ = wire.see(text.encode(), at)
    assert first.reading.facts
    for number in range(1, EACH + 1):
        noisy = text
        for change in sorted(chance.sample(NOISE, chance.randint(1, 3)), key=NOISE.index):
            noisy = change(noisy, chance)
        judged, step = wire.see(noisy.encode(), at + timedelta(minutes=10 * number))
        assert judged.verdict == "good", judged.reading.issues
        assert [event.headline for event in step.events] == []
        assert not now_held(step)


def truncated(text: str, chance: random.Random) -> str:
    return text[: int(len(text) * chance.uniform(0.05, 0.5))]


def rows_gone(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    return "\n".join(line for line in lines if not re.search(r"[$¥€]\s?\d|\d\s?元", line) or chance.random() < 0.3)


def amounts(text: str, change: Callable[[str], str]) -> str:
    return re.sub(r"(?<=[$¥€])(\s?)(\d+(?:\.\d+)?)", lambda m: m[1] + change(m[2]), text)


def thousandfold(text: str, chance: random.Random) -> str:
    return amounts(text, lambda amount: f"{float(amount) * 1000:.4f}".rstrip("0").rstrip("."))


def zeroed(text: str, chance: random.Random) -> str:
    return amounts(text, lambda amount: "0.00")


def swapped(text: str, chance: random.Random) -> str:
    """Input and output change places in the headers."""
    marked = re.sub(r"\b([Ii])nput\b", "\0", text)
    return re.sub(r"\b([Oo])utput\b", "Input", marked).replace("\0", "Output")


def other_currency(text: str, chance: random.Random) -> str:
    return text.replace("$", "€") if "$" in text else text.replace("¥", "$").replace("元", "美元")


def other_page(text: str, chance: random.Random) -> str:
    return "# A page about something else\n\nThere is nothing here that the wire could want.\n"


def wall(text: str, chance: random.Random) -> str:
    return "<html><title>Just a moment...</title><body>Checking your browser before access</body></html>"


DAMAGE = (truncated, rows_gone, thousandfold, zeroed, swapped, other_currency, other_page, wall)
TABLES = [one for one in zip(PAGES, names, strict=True) if one[0][0].kind == "pricing" and one[0][1].suffix == ".md"]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("one", TABLES, ids=[name for _, name in TABLES])
@pytest.mark.parametrize("seed", range(3 if TORTURE else 1))
def test_damage_is_held_and_the_truth_told_after_it(
    one: tuple[tuple[Source, Path, datetime], str], damage: Callable[[str, random.Random], str], seed: int
) -> None:
    (source, page, at), _ = one
    text = page.read_text(encoding="utf-8")
    wire = Wire(source=source, state=State.empty())
    first, _ = wire.see(text.encode(), at)
    if len(first.reading.facts) < 8:
        pytest.skip("too few prices for a damaged page to differ from a real change")
    broken = damage(text, random.Random(f"{page.parent.parent.name}{damage.__name__}{seed}"))
    judged, step = wire.see(broken.encode(), at + timedelta(minutes=10))
    if {fact.key: fact.value for fact in judged.read.facts} == {fact.key: fact.value for fact in first.read.facts}:
        pytest.skip("this damage leaves what the page says as it was")
    assert [event.headline for event in step.events if event.kind.startswith("price.")] == []
    assert judged.verdict == "bad" or now_held(step), "neither an issue nor a hold"
    judged, step = wire.see(text.encode(), at + timedelta(minutes=20))
    assert judged.verdict == "good"
    assert list(step.events) == []
    assert not now_held(step)
