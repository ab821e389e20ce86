"""Prices in the data a page carries for its scripts."""

import html
import json
import time
from typing import Any

import pytest

from crawler.extract.embedded import lists_in_json, lists_in_props, lists_in_scripts
from tests.crawler.extract.pricing import codes, told

COLUMNS = {"4": ["Model", "Input ($)", "Cached input ($)", "Output ($)"]}


def encoded(value: Any) -> list[Any]:
    """As Astro writes props."""
    if isinstance(value, list):
        return [1, [encoded(each) for each in value]]
    return [0, {key: encoded(each) for key, each in value.items()} if isinstance(value, dict) else value]


def island(props: dict[str, Any], inner: str = "", *, astro: bool = True) -> str:
    written = json.dumps({key: encoded(value) for key, value in props.items()} if astro else props)
    return f'<astro-island component-export="PriceTable" props="{html.escape(written)}">{inner}</astro-island>'


def page(*parts: str) -> str:
    said = "<h1>Rates</h1><p>Prices per 1M tokens.</p>"
    return f"<!doctype html><html><body>{said}{''.join(parts)}</body></html>"


@pytest.mark.parametrize("astro", [True, False])
def test_rows_in_component_props(astro: bool) -> None:
    rows = [["g-1", 5, 0.5, 30], ["g-2", 0.15, "", 0.6]]
    body = page(
        island({"tier": "standard", "rows": rows}, astro=astro),
        island({"tier": "batch", "rows": [["g-1", 2.5, None, 15]]}, astro=astro),
    )
    assert told(body, columns=COLUMNS) == {
        ("g-1", "input", "5", "USD", 1_000_000, "token"),
        ("g-1", "cache_read", "0.5", "USD", 1_000_000, "token"),
        ("g-1", "output", "30", "USD", 1_000_000, "token"),
        ("g-2", "input", "0.15", "USD", 1_000_000, "token"),
        ("g-2", "output", "0.6", "USD", 1_000_000, "token"),
        ("g-1", "input", "2.5", "USD", 1_000_000, "token", "service_tier=batch"),
        ("g-1", "output", "15", "USD", 1_000_000, "token", "service_tier=batch"),
    }


def test_columns_and_groups_named_in_the_props() -> None:
    groups = [{"model": "img-2", "rows": [["Image", 8, 32], ["Text", 5, 10]]}]
    body = page(island({"columns": [{"label": "Model"}, {"label": "Input"}, {"label": "Output"}], "groups": groups}))
    assert told(body, currency="USD") == {
        ("img-2", "input_image", "8", "USD", 1_000_000, "token"),
        ("img-2", "output_image", "32", "USD", 1_000_000, "token"),
        ("img-2", "input", "5", "USD", 1_000_000, "token"),
        ("img-2", "output", "10", "USD", 1_000_000, "token"),
    }
    assert set(codes(body)) == {"unknown_currency"}


def test_rows_without_headers_are_an_issue_and_menus_are_none() -> None:
    assert codes(page(island({"rows": [["g-1", 5, 0.5, 30]]}))) == ["unknown_columns"]
    assert codes(page(island({"items": [["Docs", "/docs"], ["Home", "/"]]}))) == []


def test_a_component_that_was_rendered_is_read_as_rendered() -> None:
    table = "<table><tr><th>Model</th><th>Input</th></tr><tr><td>g-1</td><td>$7</td></tr></table>"
    body = page(island({"rows": [["g-1", 5, 0.5, 30]]}, table))
    assert told(body, columns=COLUMNS) == {("g-1", "input", "7", "USD", 1_000_000, "token")}


def test_json_of_a_page_that_shows_no_amounts_and_json_answers() -> None:
    models: list[dict[str, Any]] = [
        {
            "id": "a/one",
            "context": 8000,
            "pricing": {"currency": "USD", "input_per_1m_tokens": 0.5, "cachedInputPrice": 0.05},
        },
        {"id": "a/two", "pricing": {"currency": "USD", "input_per_1m_tokens": 2}},
    ]
    expected = {
        ("a/one", "input", "0.5", "USD", 1_000_000, "token"),
        ("a/one", "cache_read", "0.05", "USD", 1_000_000, "token"),
        ("a/two", "input", "2", "USD", 1_000_000, "token"),
    }
    data = json.dumps({"props": {"models": models}})
    body = page(f'<script type="application/json">{data}</script>')
    assert told(body) == expected
    asked = json.dumps({"data": [{**each, "pricing": each["pricing"] | {"unit": "1M tokens"}} for each in models]})
    assert told(asked) == expected


def test_json_without_units_is_not_guessed_at() -> None:
    body = json.dumps([{"id": "a", "input_price": "$1"}, {"id": "b", "input_price": "$2"}])
    assert set(codes(body)) == {"unknown_unit"}
    assert codes('{"error": "down"}') == ["unreadable"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "5",
        '{"rows": 5}',
        '{"rows": [1, 5]}',
        '{"rows": [1, "[["]}',
        '{"a": [99, 1]}',
        "[" * 100_000,
        '{"a":' * 5000 + "1" + "}" * 5000,
        '{"a": [1, ' * 3000 + "[]" + "]}" * 3000,
        json.dumps({"rows": [["x"] * 2000] * 200}),
        json.dumps([{f"price{n}": 1 for n in range(300)} | {"id": "x"}] * 300),
    ],
)
def test_strange_data_is_survived_in_bounded_time(text: str) -> None:
    started = time.process_time()
    for read in (lists_in_props, lists_in_json, lists_in_scripts):
        assert isinstance(read(text), list)
    assert time.process_time() - started < 3
