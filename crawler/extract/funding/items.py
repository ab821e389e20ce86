"""Items as lines of JSON, read one by one; a line that is no item is an issue and stops nothing. Pure."""

import json
from collections.abc import Iterator
from typing import Any

from crawler.extract.funding.readings import read_item
from timeline.funding import reason_json, to_json
from timeline.issues import Issue

MAX_LINES = 200_000
MAX_LINE = 4_000_000  # bytes; of a title and a summary only the beginning is read
MAX_ISSUES = 20


def read_items(body: bytes, *, explain: bool = False) -> tuple[list[dict[str, Any]], list[Issue]]:
    """One object for each line of items (`id title summary url published`), in order, and the lines that are none.

    With `explain` each object has `because`, the steps that led to it, and `reasons`: for each field the rule and the
    place of the words it rests on.
    """
    facts: list[dict[str, Any]] = []
    issues: list[Issue] = []
    for number, item in _items(body):
        if isinstance(item, Issue):
            issues.append(item)
            continue
        reasoned = read_item(item)
        fact = {"fact": "funding", "id": item.get("id", f"line {number}"), **to_json(reasoned.round)}
        if explain:
            fact |= {"because": list(reasoned.because), "reasons": [reason_json(each) for each in reasoned.reasons]}
        facts.append(fact)
    return facts, issues[:MAX_ISSUES]


def _items(body: bytes) -> Iterator[tuple[int, dict[str, Any] | Issue]]:
    for number, line in enumerate(body.splitlines(), start=1):
        if not line.strip():
            continue
        locator = f"line {number}"
        if number > MAX_LINES:
            yield (
                number,
                Issue(
                    code="too_many_items", message=f"more than {MAX_LINES} lines; the rest is not read", locator=locator
                ),
            )
            return
        yield number, _item(line, locator)


def _item(line: bytes, locator: str) -> dict[str, Any] | Issue:
    if len(line) > MAX_LINE:
        return Issue(code="item_too_long", message=f"{len(line)} bytes; at most {MAX_LINE} are read", locator=locator)
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Issue(
            code="not_an_item", message=f"expected a JSON object, found bad JSON: {error}"[:300], locator=locator
        )
    if not isinstance(item, dict):
        return Issue(
            code="not_an_item", message=f"expected a JSON object, found {type(item).__name__}", locator=locator
        )
    return item
