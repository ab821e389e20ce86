"""Kinds of statements that pages of providers never seen make: one small page of our own each, one notice a line."""

from datetime import UTC, datetime

import pytest

from crawler.extract import lifecycle
from crawler.extract.document import Document
from tests.crawler.extract.test_lifecycle_layouts import line
from timeline.notices import Notice

DAY = datetime(2026, 5, 15, tzinfo=UTC)

PAGES = {
    "a column of stages that are states": (
        """
| Model | Stage |
|---|---|
| acme-1-lite | End of life |
| acme-2-lite | Legacy |
| acme-3-lite | GA |
""",
        ["acme-1-lite retired", "acme-2-lite legacy", "acme-3-lite active"],
    ),
    "a version beside an id is part of the name": (
        """
| Model | Retirement date |
|---|---|
| acme.chat-16k v1.2 | 2026-08-08 |
""",
        ["acme.chat-16k v1.2 deprecated retires 2026-08-08"],
    ),
    "a blank first cell means the one above it, where there is one date for all": (
        """
| Shutdown date | Model |
|---|---|
| 2026-11-20 | `acme-2` |
| | `acme-2-mini` |
""",
        ["acme-2 deprecated retires 2026-11-20", "acme-2-mini deprecated retires 2026-11-20"],
    ),
    "among several dates a blank is a date that is not set": (
        """
| Shutdown date | Model |
|---|---|
| 2026-10-01 | `acme-1` |
| 2026-11-20 | `acme-2` |
| | `acme-3` |
""",
        ["acme-1 deprecated retires 2026-10-01", "acme-2 deprecated retires 2026-11-20", "acme-3 active"],
    ),
    "versions below the name of their model": (
        """
| Model | Version | Retirement date |
|---|---|---|
| acme-chat | 0301 | 2026-10-01 |
| | 0613 | 2026-12-01 |
""",
        ["acme-chat@0301 deprecated retires 2026-10-01", "acme-chat@0613 deprecated retires 2026-12-01"],
    ),
    "ends that differ by region hold where they are told": (
        """
| Model | Region | Retirement date |
|---|---|---|
| acme-large-1 | us-east-1 | 2026-10-31 |
| | eu-central-1 | 2026-12-31 |
| acme-small-1 | us-east-1, eu-central-1 | 2026-11-30 |
""",
        [
            "acme-large-1 [region us-east-1] deprecated retires 2026-10-31",
            "acme-large-1 [region eu-central-1] deprecated retires 2026-12-31",
            "acme-small-1 deprecated retires 2026-11-30",
        ],
    ),
    "a promise under a title of ends is no plan": (
        """
## Snapshot retirement
- `acme-mini-2025`: will not be retired before March 10, 2027.
- `acme-mini-2024`: retired on March 10, 2026.
""",
        ["acme-mini-2025 active not before 2027-03-10", "acme-mini-2024 retired retires 2026-03-10"],
    ),
}

ISSUES: dict[str, set[str]] = {}


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_means(name: str) -> None:
    page, lines = PAGES[name]
    document = Document(body=page.encode(), url="https://acme.example/", at=DAY, source="acme", provider="acme")
    reading = lifecycle.read(document)
    assert [_scoped(fact) for fact in reading.facts if isinstance(fact, Notice)] == lines
    assert {issue.code for issue in reading.issues} == ISSUES.get(name, set())


def _scoped(notice: Notice) -> str:
    where = ", ".join(f"{name} {value}" for name, value in notice.scope.items())
    name, rest = line(notice)[: len(notice.model)], line(notice)[len(notice.model) :]
    return f"{name} [{where}]{rest}" if where else line(notice)
