"""deprecations.info as a second witness."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.extract.document import Document, Reading
from crawler.source import bundled_sources
from crawler.sources.deprecations_info import lifecycle
from timeline.notices import Notice


def read(body: Any) -> Reading:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    at = datetime(2026, 8, 1, tzinfo=UTC)
    return lifecycle.read(
        Document(body=raw, url="https://deprecations.info/v1/deprecations.json", at=at, source="d", provider="d")
    )


def entry(**changes: Any) -> dict[str, Any]:
    fields = {
        "provider": "OpenAI", "model_id": "gpt-4-0314", "announcement_date": "2025-09-26",
        "shutdown_date": "2026-09-01", "replacement_models": ["gpt-5", "---"],
        "deprecation_context": "To be shut down.", "content_hash": "00ff",
        "url": "https://example.org/deprecations#x", "scraped_at": "2026-07-31T02:00:00+00:00",
        "first_observed": "2026-03-26", "last_observed": "2026-07-31",
    }  # fmt: skip
    return fields | changes


def notices(reading: Reading) -> list[Notice]:
    return [fact for fact in reading.facts if isinstance(fact, Notice)]


def test_an_entry_is_a_notice_of_the_provider_it_names() -> None:
    reading = read([entry(), entry(provider="Google Vertex", model_id="claude-3-opus", shutdown_date="2025-08-01")])
    assert not reading.issues
    first, second = notices(reading)
    assert (first.provider, first.model_id, first.status, first.retires_on) == (
        "openai", "gpt-4-0314", "deprecated", "2026-09-01",
    )  # fmt: skip
    assert first.replacements == ("gpt-5",)
    assert first.announced_on is None, "a day of its own, where the page states none"
    assert (second.provider, second.status, dict(second.scope)) == ("google", "retired", {"platform": "vertex"})


@pytest.mark.parametrize("empty", ["", None, "---", "N/A"])
def test_without_a_day_it_is_deprecated(empty: str | None) -> None:
    reading = read([entry(shutdown_date=empty, replacement_models=None)])
    assert not reading.issues
    assert [(notice.status, notice.retires_on, notice.replacements) for notice in notices(reading)] == [
        ("deprecated", None, ())
    ]


@pytest.mark.parametrize(
    ("changes", "code", "facts"),
    [
        ({"shutdown_date": "2026-09-31"}, "impossible_date", 0),
        ({"shutdown_date": "2525-06-06"}, "impossible_date", 0),
        ({"shutdown_date": "next summer"}, "impossible_date", 0),
        ({"provider": "Acme"}, "unknown_provider", 0),
        ({"replacement_models": ["gpt-4-0314", "gpt-5"]}, "replaced_by_itself", 1),
        ({"smell": "bad"}, "unknown_field", 1),
    ],
)
def test_what_cannot_be_is_an_issue_and_no_fact(changes: dict[str, Any], code: str, facts: int) -> None:
    reading = read([entry(**changes)])
    assert [issue.code for issue in reading.issues] == [code]
    assert len(reading.facts) == facts
    assert all(notice.replacements == ("gpt-5",) for notice in notices(reading))


def test_two_days_for_one_model_are_none() -> None:
    reading = read([entry(), entry(shutdown_date="2026-10-01"), entry(model_id="x-1"), entry(model_id="x-1")])
    assert [issue.code for issue in reading.issues] == ["contradiction"]
    assert [notice.model for notice in notices(reading)] == ["x-1"]


def test_ids_with_spaces_are_left_out() -> None:
    reading = read([entry(model_id="Gemini 1.0 Pro"), entry(model_id=""), entry(model_id=5)])
    assert not reading.facts
    assert len(reading.ignored) == 3


@pytest.mark.parametrize("body", [b"", b"null", b"{}", b"[1]", b"<html></html>", b'{"error": "down"}'])
def test_other_answers_are_unreadable(body: bytes) -> None:
    reading = read(body)
    assert not reading.facts
    assert [(issue.code, issue.fatal) for issue in reading.issues] == [("unreadable", True)]


def test_both_witnesses_are_catalogues() -> None:
    found = {source.id: (source.kind, source.trust, source.verified) for source in bundled_sources()}
    assert found["deprecations-info"] == found["modeldeprecations-dev"] == ("catalogue", "catalogue", False)
