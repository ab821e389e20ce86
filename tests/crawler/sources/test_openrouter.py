"""OpenRouter's models API."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.extract.document import Document, Reading
from crawler.sources.openrouter import pricing
from timeline.prices import PricePoint


def read(body: Any) -> Reading:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    at = datetime(2026, 8, 1, tzinfo=UTC)
    return pricing.read(
        Document(body=raw, url="https://openrouter.ai/api/v1/models", at=at, source="o", provider="openrouter")
    )


def told(pricing_of: dict[str, Any]) -> list[tuple[Any, ...]]:
    reading = read({"data": [{"id": "acme/one", "pricing": pricing_of}]})
    assert not reading.issues
    return [
        (fact.meter, fact.state, None if fact.amount is None else str(fact.amount), fact.unit, dict(fact.conditions))
        for fact in reading.facts
        if isinstance(fact, PricePoint)
    ]


def test_fields_are_meters_and_digits_stay() -> None:
    assert told(
        {"prompt": "0.00000125", "completion": "0.00001", "web_search": "0.01", "image": "0", "request": 0}
    ) == [
        ("input", "priced", "0.00000125", "token", {}),
        ("output", "priced", "0.00001", "token", {}),
        ("web_search", "priced", "0.01", "search", {}),
        ("input_image", "free", "0", "image", {}),
        ("request", "free", "0", "request", {}),
    ]


def test_a_price_of_a_router_varies() -> None:
    assert told({"prompt": "-1"}) == [("input", "varies", None, "token", {})]


def test_bands_are_conditions() -> None:
    overrides = [{"min_prompt_tokens": 200_000, "prompt": "0.0000025"}]
    assert told({"prompt": "0.00000125", "overrides": overrides}) == [
        ("input", "priced", "0.00000125", "token", {}),
        ("input", "priced", "0.0000025", "token", {"context_over": 200_000}),
    ]


def test_vanished_and_empty_fields_give_nothing_and_null_is_told() -> None:
    reading = read({"data": [{"id": "a/b", "pricing": {"prompt": None}}, {"id": "c/d"}, {"name": "no id"}]})
    assert not reading.facts
    assert [each.what for each in reading.ignored] == ["a/b prompt"]


def test_a_field_nobody_knows_is_an_issue() -> None:
    reading = read({"data": [{"id": "a/b", "pricing": {"prompt": "0.1", "smell": "0.2"}}]})
    assert [issue.code for issue in reading.issues] == ["unknown_field"]
    assert len(reading.facts) == 1


def test_a_wrapped_answer_is_the_same() -> None:
    inner = {"data": [{"id": "a/b", "pricing": {"prompt": "0.1"}}]}
    for wrapped in ({"body": inner}, {"body": json.dumps(inner)}):
        assert [fact.key for fact in read(wrapped).facts] == [fact.key for fact in read(inner).facts]


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"<html></html>", b'{"error": "down"}', b'{"data": 5}'])
def test_other_answers_are_unreadable(body: bytes) -> None:
    reading = read(body)
    assert not reading.facts
    assert [issue.code for issue in reading.issues] == ["unreadable"]
