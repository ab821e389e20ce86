"""Damage on every price page, through the fold: nothing false is told, and the truth after it once.

Pages of our own, and with AIWIRE_TORTURE=1 every captured one, are damaged as real pages break. A damaged page comes
once, or, where it is no whole page, again and again for three quarters of an hour; then the good one is back. What is
told in all that time, and at a check that confirms absences, must be what was told without the damage.
"""

import json
import os
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from crawler.source import Source, bundled_sources, claim
from tests.damages import BROKEN, WHOLE, Damage
from tests.test_noise import PAGES, TORTURE, Wire, names
from timeline.events import Event
from timeline.fold import State

CORPUS = Path(os.environ.get("AIWIRE_CORPUS") or Path(__file__).parents[2] / "shared" / "corpus") / "pricing"
FALSE = ("price.changed", "price.scheduled", "price.schedule_withdrawn", "price.delisted", "price.corrected")
EACH = len(WHOLE) + len(BROKEN) if TORTURE else 6  # damages tried on each page
SEEDS = int(os.environ.get("AIWIRE_TORTURE") or 1)
MINUTE = timedelta(minutes=1)
OWN = [(source, page, at) for source, page, at in PAGES if source.kind == "pricing"]
own_names = [name for name, (source, *_) in zip(names, PAGES, strict=True) if source.kind == "pricing"]


@cache
def captured() -> list[tuple[Source, Path, datetime, str]]:
    """Every captured price page with its source, the time and its address; none where there is no corpus."""
    file = CORPUS / "manifest.jsonl"
    known = [source for source in bundled_sources() if source.kind == "pricing"]
    found = []
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        row = json.loads(line)
        source = claim(known, row["url"])
        assert source is not None, row["url"]
        found.append(
            (source, CORPUS / row["file"], datetime.fromisoformat(row["captured_on"]).replace(tzinfo=UTC), row["url"])
        )
    return found


def chosen(name: str) -> list[Damage]:
    """The damages for a page: other ones for each in the short run, all in the long one."""
    every = [*WHOLE, *BROKEN]
    return random.Random(name).sample(every, min(EACH, len(every)))


def told(source: Source, url: str, start: datetime, looks: Sequence[tuple[int, bytes]]) -> list[str]:
    """What is told of false kinds in a row of looks, each so many minutes after the start, and not taken back."""
    wire = Wire(source=source, state=State.empty())
    events: list[Event] = []
    moot: set[str] = set()
    for minutes, body in looks:
        _, step = wire.see(body, start + minutes * MINUTE, url)
        events += step.events
        moot |= set(step.moot)
    return sorted(event.headline for event in events if event.kind in FALSE and event.id not in moot)


def damaged(source: Source, page: Path, at: datetime, url: str, truth: bytes) -> list[str]:
    """What went wrong: each damage of the page after which something false was told, or the truth was not."""
    good = page.read_bytes()
    end = [(60, truth), (90, truth), (8 * 60, truth)]
    right = told(source, url, at, [(0, good), *end])
    wrong = []
    for damage in chosen(page.as_posix().rsplit("sources", 1)[-1]):
        for seed in range(SEEDS):
            broken = damage(good.decode("utf-8"), random.Random(f"{page.name}{damage.__name__}{seed}"))
            looks = [10] if damage in WHOLE else [10, 35, 55]
            found = told(source, url, at, [(0, good), *((minutes, broken) for minutes in looks), *end])
            if found != right:
                odd = [each for each in found if each not in right] or ["the truth was not told"]
                wrong.append(f"{damage.__name__} {seed}: {odd[:3]}")
    return wrong


@pytest.mark.parametrize(("source", "page", "at"), OWN, ids=own_names)
def test_damage_tells_nothing_false(source: Source, page: Path, at: datetime) -> None:
    assert damaged(source, page, at, source.url, page.read_bytes()) == []


@pytest.mark.skipif(not TORTURE, reason="long: AIWIRE_TORTURE=1 runs it, as `make torture` does")
@pytest.mark.skipif(not captured(), reason=f"no captured pages at {CORPUS}: set AIWIRE_CORPUS")
@pytest.mark.parametrize(("source", "page", "at", "url"), captured(), ids=lambda value: getattr(value, "name", None))
def test_damage_of_captured_pages_tells_nothing_false(source: Source, page: Path, at: datetime, url: str) -> None:
    later = [one for one in captured() if one[0].id == source.id and one[3] == url and one[2] > at]
    truth = min(later, key=lambda one: one[2])[1] if later else page
    assert damaged(source, page, at, url, truth.read_bytes()) == []
