"""Damage on every price and lifecycle page, through the fold: nothing false is told, and the truth after it once.

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

from crawler.extraction import unclaimed
from crawler.source import Source, bundled_sources, claim
from tests.damages import BROKEN, LIVES, WHOLE, Damage
from tests.test_noise import PAGES, TORTURE, Wire, names
from timeline.events import Event
from timeline.fold import State

CORPUS = Path(os.environ.get("AIWIRE_CORPUS") or Path(__file__).parents[2] / "shared" / "corpus")
PRICES = ("price.changed", "price.scheduled", "price.schedule_withdrawn", "price.delisted", "price.corrected")
LIFE = (
    "model.listed", "model.delisted", "model.status_changed", "model.retirement_scheduled", "model.retirement_moved",
    "model.retirement_withdrawn", "model.replacement_changed",
)  # fmt: skip
FALSE = {"pricing": PRICES, "lifecycle": LIFE}
DAMAGES = {"pricing": (*WHOLE, *BROKEN), "lifecycle": LIVES}
EACH = {"pricing": 6, "lifecycle": 1}  # damages tried on each page in the short run
SEEDS = int(os.environ.get("AIWIRE_TORTURE") or 1)
MINUTE = timedelta(minutes=1)


@cache
def captured() -> list[tuple[Source, Path, datetime, str]]:
    """Every captured page with its source, the time and its address; none where there is no corpus."""
    found = []
    for kind in FALSE:
        file = CORPUS / kind / "manifest.jsonl"
        known = [source for source in bundled_sources() if source.kind == kind]
        for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
            row = json.loads(line)
            source = claim(known, row["url"]) or unclaimed(kind, row["url"])
            at = datetime.fromisoformat(row["captured_on"]).replace(tzinfo=UTC)
            found.append((source, file.parent / row["file"], at, row["url"]))
    return found


def chosen(name: str, kind: str) -> Sequence[Damage]:
    """The damages for a page: other ones for each in the short run, all in the long one."""
    every = DAMAGES[kind]
    return every if TORTURE else random.Random(name).sample(every, EACH[kind])


def told(source: Source, url: str, start: datetime, looks: Sequence[tuple[int, bytes]]) -> list[str]:
    """What is told of false kinds in a row of looks, each so many minutes after the start, and not taken back."""
    wire = Wire(source=source, state=State.empty())
    events: list[Event] = []
    moot: set[str] = set()
    for minutes, body in looks:
        _, step = wire.see(body, start + minutes * MINUTE, url)
        events += step.events
        moot |= set(step.moot)
    false = FALSE[source.kind]
    return sorted(
        event.headline for event in events if event.kind in false and not event.baseline and event.id not in moot
    )


def damaged(source: Source, page: Path, at: datetime, url: str, truth: bytes) -> list[str]:
    """What went wrong: each damage of the page after which something false was told, or the truth was not."""
    good = page.read_bytes()
    end = [(60, truth), (90, truth), (8 * 60, truth)]
    right = told(source, url, at, [(0, good), *end])
    wrong = []
    for damage in chosen(page.as_posix().rsplit("sources", 1)[-1], source.kind):
        for seed in range(SEEDS):
            broken = damage(good.decode("utf-8"), random.Random(f"{page.name}{damage.__name__}{seed}"))
            looks = [10, 35, 55] if damage in BROKEN else [10]
            found = told(source, url, at, [(0, good), *((minutes, broken) for minutes in looks), *end])
            if found != right:
                odd = [each for each in found if each not in right] or ["the truth was not told"]
                wrong.append(f"{damage.__name__} {seed}: {odd[:3]}")
    return wrong


@pytest.mark.parametrize(("source", "page", "at"), PAGES, ids=names)
def test_damage_tells_nothing_false(source: Source, page: Path, at: datetime) -> None:
    assert damaged(source, page, at, source.url, page.read_bytes()) == []


@pytest.mark.skipif(not TORTURE, reason="long: AIWIRE_TORTURE=1 runs it, as `make torture` does")
@pytest.mark.skipif(not captured(), reason=f"no captured pages at {CORPUS}: set AIWIRE_CORPUS")
@pytest.mark.parametrize(("source", "page", "at", "url"), captured(), ids=lambda value: getattr(value, "name", None))
def test_damage_of_captured_pages_tells_nothing_false(source: Source, page: Path, at: datetime, url: str) -> None:
    later = [one for one in captured() if one[0].id == source.id and one[3] == url and one[2] > at]
    truth = min(later, key=lambda one: one[2])[1] if later else page
    assert damaged(source, page, at, url, truth.read_bytes()) == []
