"""The soak: what it takes for the truth is what its pages say, a seed repeats it, and what is wrong is said."""

import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.extract.document import Document
from crawler.extract.general import GENERAL
from tests.conftest import CHECKOUT
from tests.soak import faults, verdicts
from tests.soak.machine import Sample
from tests.soak.origin import PASSING
from tests.soak.pages import Page, pages
from tests.soak.watching import value_of
from timeline.news import NewsItem
from timeline.notices import Notice
from timeline.prices import PricePoint

AT = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)


def said(page: Page) -> dict[tuple[str, str], str]:
    """What the general reader makes of it: by subject and meter, the value."""
    document = Document(
        body=page.render().encode(), url="https://x.example/", at=datetime.now(UTC), source="x", provider="x",
        content_type=page.content_type,
    )  # fmt: skip
    found: dict[tuple[str, str], str] = {}
    reading = GENERAL[page.kind](document)
    assert not reading.issues
    for fact in reading.facts:
        if isinstance(fact, PricePoint):
            found[fact.model, fact.meter] = str(fact.amount)
        elif isinstance(fact, Notice):
            found[fact.model, ""] = fact.retires_on or fact.status
        elif isinstance(fact, NewsItem):
            found[fact.title, ""] = ""
    return found


@pytest.mark.parametrize("source", list(pages(7, 4)))
def test_every_change_is_what_a_reader_sees_change_and_nothing_else_does(source: str) -> None:
    page = pages(7, 4)[source]
    before = said(page)
    for _ in range(8):
        expected = page.change(source, frozenset(), AT)
        after = said(page)
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        awaited = {(one.subject, one.meter) for one in expected}
        assert set(changed) == awaited
        assert all(one.value in ("", "active", "deprecated", changed[one.subject, one.meter]) for one in expected), (
            expected
        )
        before = after


def test_a_seed_repeats_pages_and_faults() -> None:
    assert faults.plan(5, 600, names=True) == faults.plan(5, 600, names=True) != faults.plan(6, 600, names=True)
    kinds = {planned.kind for planned in faults.plan(5, 600, names=True)}
    assert kinds == {*faults.MACHINE, *faults.RECEIVER, *PASSING, faults.NAMES}
    assert {name: page.render() for name, page in pages(5, 3).items()} == {
        name: page.render() for name, page in pages(5, 3).items()
    }


@pytest.mark.parametrize(
    ("kind", "new", "value"),
    [
        ("price.changed", {"amount": "2.50"}, "2.50"),
        ("model.retirement_moved", {"retires_on": "2027-01-01", "not_before": None}, "2027-01-01"),
        ("model.listed", {"status": "active"}, "active"),
        ("news.published", {"title": "x"}, ""),
    ],
)
def test_what_an_event_says(kind: str, new: dict[str, Any], value: str) -> None:
    assert value_of(kind, new) == value


@pytest.mark.parametrize(("grows", "flat"), [(0.0, True), (0.1, False)])
def test_memory_that_grows_is_not_flat(grows: float, flat: bool) -> None:
    chance = random.Random(1)
    samples = [
        Sample(
            at=n * 3.0, role="second worker", pid=1, anonymous=100 + chance.random() * 3 + grows * n, files=9, threads=4
        )
        for n in range(400)
    ]  # fmt: skip
    (row,) = verdicts.memory(samples)
    assert row["flat"] is flat


@pytest.mark.torture
@pytest.mark.timeout(900)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
def test_a_minute_of_it() -> None:
    command = [sys.executable, "-m", "tests.soak", "--minutes", "1", "--sources", "12"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
