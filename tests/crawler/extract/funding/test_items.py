"""Lines of items give one line each, in order; a line that is none is an issue and stops nothing."""

import json
from datetime import UTC, datetime

from crawler.extract.funding.items import MAX_LINE, read_items
from crawler.extraction import extract


def lines(*values: object) -> bytes:
    return b"\n".join(value if isinstance(value, bytes) else json.dumps(value).encode() for value in values)


def test_one_line_for_each_item() -> None:
    body = lines({"id": "a", "title": "Solmark raises $9M"}, {"id": "b", "title": "Solmark opens a shop"})
    facts, issues = read_items(body)
    assert [(fact["fact"], fact["id"], fact["label"]) for fact in facts] == [
        ("funding", "a", "funding"),
        ("funding", "b", "none"),
    ]
    assert facts[0]["amount"] == "9000000" and facts[0]["currency"] == "USD" and "because" not in facts[0]
    assert not issues


def test_explained() -> None:
    facts, _ = read_items(lines({"id": "a", "title": "Solmark raises $9M"}), explain=True)
    assert any("raises" in step for step in facts[0]["because"])


def test_lines_that_are_no_items() -> None:
    long = json.dumps({"id": "c", "title": "x" * MAX_LINE}).encode()
    facts, issues = read_items(lines(b"{", [1], b"", b"\xff", long, {"id": "a", "title": "Solmark raises $9M"}))
    assert [fact["id"] for fact in facts] == ["a"]
    assert [issue.code for issue in issues] == ["not_an_item", "not_an_item", "not_an_item", "item_too_long"]
    assert issues[0].locator == "line 1"


def test_it_is_a_kind_of_extract() -> None:
    body = lines({"id": "a", "title": "Solmark raises $9M"})
    found = extract(body, (), kind="funding", url="", at=datetime(2026, 8, 1, tzinfo=UTC), explain=True)
    assert [fact["company"] for fact in found.facts] == ["Solmark"] and found.facts[0]["because"]
