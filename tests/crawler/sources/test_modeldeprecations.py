"""modeldeprecations.dev as a second witness."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.extract.document import Document, Reading
from crawler.sources.modeldeprecations import lifecycle
from timeline.notices import Notice


def read(*models: Any, **changes: Any) -> Reading:
    answer = {"$schema": "s", "generatedAt": "t", "asOf": "2026-08-01", "count": len(models), "models": list(models)}
    return read_bytes(json.dumps(answer | changes).encode())


def read_bytes(body: bytes) -> Reading:
    at = datetime(2026, 8, 1, tzinfo=UTC)
    url = "https://modeldeprecations.dev/api/v1/models.json"
    return lifecycle.read(Document(body=body, url=url, at=at, source="m", provider="m"))


def model(**changes: Any) -> dict[str, Any]:
    fields = {
        "provider": "openai", "model": "gpt-4-32k", "name": "GPT-4 32k",
        "aliases": ["gpt-4-32k-0613", "gpt-4-32k-latest"],
        "description": "What it was.", "released_on": "2023-06-13", "deprecated_on": "2024-06-06",
        "shutdown_on": "2026-09-06", "status": "deprecated", "computed_status": "deprecated",
        "replacements": [
            {"provider": "openai", "model": "gpt-4.1", "recommended": False, "external": False},
            {"provider": "openai", "model": "gpt-4o", "recommended": True, "external": False},
        ],
        "sources": [{"url": "https://example.org/d", "accessed": "2026-07-30"}], "last_verified": "2026-07-30",
    }  # fmt: skip
    return {name: value for name, value in (fields | changes).items() if value is not None}


def told(reading: Reading) -> list[tuple[Any, ...]]:
    return [
        (fact.model, fact.status, fact.retires_on, fact.not_before, fact.labelled)
        for fact in reading.facts
        if isinstance(fact, Notice)
    ]


def test_a_model_and_its_dated_ids_are_notices() -> None:
    reading = read(model())
    assert not reading.issues
    assert told(reading) == [
        ("gpt-4-32k", "deprecated", "2026-09-06", None, False),
        ("gpt-4-32k-0613", "deprecated", "2026-09-06", None, False),  # a pointer that moves is none
    ]
    first = reading.facts[0]
    assert isinstance(first, Notice)
    assert (first.announced_on, first.replacements) == ("2024-06-06", ("gpt-4o", "gpt-4.1"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"shutdown_on": "2026-07-01"}, ("retired", "2026-07-01", None, False)),
        ({"shutdown_on": None}, ("deprecated", None, None, True)),
        ({"shutdown_on": None, "deprecated_on": None, "status": "active"}, ("active", None, None, True)),
        ({"shutdown_on": None, "status": "retired"}, ("retired", None, None, True)),
        (
            {"shutdown_on": None, "deprecated_on": None, "earliest_shutdown_on": "2026-12-01", "status": "active"},
            ("active", None, "2026-12-01", False),
        ),
        (  # a floor that has passed retires nobody, whatever the catalogue makes of it
            {"shutdown_on": None, "deprecated_on": None, "earliest_shutdown_on": "2026-01-01", "status": "retired"},
            ("active", None, "2026-01-01", False),
        ),
    ],
)
def test_dates_are_what_they_are(changes: dict[str, Any], expected: tuple[Any, ...]) -> None:
    reading = read(model(aliases=[], **changes))
    assert not reading.issues
    assert told(reading) == [("gpt-4-32k", *expected)]


@pytest.mark.parametrize(
    ("changes", "code", "facts"),
    [
        ({"shutdown_on": "2026-09-31"}, "impossible_date", 0),
        ({"shutdown_on": "2525-06-06"}, "impossible_date", 0),
        ({"earliest_shutdown_on": "2026-12-01"}, "contradiction", 0),
        ({"provider": "acme"}, "unknown_provider", 0),
        ({"status": "asleep"}, "unknown_status", 0),
        ({"model": "GPT 4"}, "unknown_model", 0),
        ({"smell": "bad"}, "unknown_field", 1),
    ],
)
def test_what_cannot_be_is_an_issue_and_no_fact(changes: dict[str, Any], code: str, facts: int) -> None:
    reading = read(model(aliases=[], **changes))
    assert [issue.code for issue in reading.issues] == [code]
    assert len(reading.facts) == facts


def test_where_it_is_served_is_the_scope() -> None:
    reading = read(model(provider="vertex", model="claude-3-opus", aliases=[]))
    (fact,) = reading.facts
    assert isinstance(fact, Notice)
    assert (fact.provider, dict(fact.scope)) == ("google", {"platform": "vertex"})


def test_an_answer_cut_short_withdraws_nothing() -> None:
    reading = read(model(), count=2)
    assert [(issue.code, issue.fatal) for issue in reading.issues] == [("unreadable", True)]


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"<html></html>", b'{"models": 5, "count": 5}', b'{"models": [1]}']
)
def test_other_answers_are_unreadable(body: bytes) -> None:
    reading = read_bytes(body)
    assert not reading.facts
    assert [issue.code for issue in reading.issues] == ["unreadable"]
