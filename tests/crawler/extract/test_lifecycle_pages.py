"""Whole pages in the many forms in which providers tell of the ends of models, each with the notices it means.

Beside each page stands a text: the day it is read on, one line a notice (kind, model, status, announced, deprecated,
retires, floor, replacements), one line an issue.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.extract import lifecycle
from crawler.extract.document import Document, Reading
from timeline.notices import Notice

PAGES = Path(__file__).parent / "lifecycle_pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.txt"))


def page_of(name: str) -> Path:
    return next(path for path in PAGES.glob(f"{name}.*") if path.suffix != ".txt")


def read(name: str, change: Callable[[str], str] = str) -> tuple[Reading, list[str]]:
    day, *lines = (PAGES / f"{name}.txt").read_text().splitlines()
    document = Document(
        body=change(page_of(name).read_text()).encode(),
        url="https://docs.example.com/deprecations",
        at=datetime.fromisoformat(day.removeprefix("at ")).replace(tzinfo=UTC),
        source="acme-lifecycle",
        provider="acme",
    )
    return lifecycle.read(document), lines


def line(notice: Notice) -> str:
    dates = (notice.announced_on, notice.deprecates_on, notice.retires_on, notice.not_before)
    told = (notice.subject_kind, notice.model, notice.status, *dates, ", ".join(notice.replacements))
    return " | ".join(each or "-" for each in told)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_means_what_it_says(name: str) -> None:
    reading, lines = read(name)
    notices = [line(fact) for fact in reading.facts if isinstance(fact, Notice)]
    assert [*notices, *(f"issue {issue.code}: {issue.locator}" for issue in reading.issues)] == lines


@pytest.mark.parametrize("name", NAMES)
def test_no_date_of_announcement_is_the_day_of_the_capture(name: str) -> None:
    reading, _ = read(name)
    printed = {fact.announced_on for fact in reading.facts if isinstance(fact, Notice)}
    assert (PAGES / f"{name}.txt").read_text().splitlines()[0].removeprefix("at ") not in printed


NOISE: dict[str, Callable[[str], str]] = {
    "the whole page printed twice": lambda page: f"{page}\n\n{page}",
    "invisible characters in headings": lambda page: re.sub(r"(?m)^(#+ )", "\\1\u200b", page),
    "front matter": lambda page: f"---\ntitle: Models\ndate: 2026-01-01\n---\n\n{page}",
    "style sheets before the page": lambda page: f".css-1a{{color:#fff}} .css-2b{{margin:0}}\n\n{page}",
    "another system's line ends": lambda page: page.replace("\n", "\r\n"),
}
PLAIN = [name for name in NAMES if page_of(name).suffix == ".md" and not page_of(name).read_text().startswith("---")]


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize("name", PLAIN)
def test_what_scrapers_leave_on_a_page_means_nothing(name: str, noise: str) -> None:
    plain, _ = read(name)
    noisy, _ = read(name, NOISE[noise])
    assert sorted(line(fact) for fact in noisy.facts if isinstance(fact, Notice)) == sorted(
        line(fact) for fact in plain.facts if isinstance(fact, Notice)
    )
