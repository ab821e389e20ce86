"""Keys and ids are kept for years: their text is pinned, and says the same as the standard library's JSON."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.keys import canonical, digest

TEXTS = st.text() | st.text(st.characters(max_codepoint=0x7F))
PLAIN = st.none() | st.booleans() | st.integers() | TEXTS
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))


@given(VALUES)
def test_the_text_is_that_of_the_standard_library(value: Any) -> None:
    assert canonical(value) == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "{}"),
        ({"b": 1, "a": {"d": None, "c": True}}, '{"a":{"c":true,"d":null},"b":1}'),
        (["gpt-4o", {"context_over": 200000}, "USD"], '["gpt-4o",{"context_over":200000},"USD"]'),
        ([Decimal("3.00"), Decimal("1E+3"), Decimal("0.000002500")], '["3","1000","0.0000025"]'),
        (datetime(2026, 3, 1, 10, 0, 0, 5, UTC), '"2026-03-01T10:00:00.000005+00:00"'),
        (date(2026, 3, 1), '"2026-03-01"'),
        ((1, ("a", "b")), '[1,["a","b"]]'),
        (MappingProxyType({"x": frozenset(("b", "a"))}), '{"x":["a","b"]}'),
        ("GPT\u00e9 \x00 \x7f \u2028 \U0001f600", '"GPTé \\u0000 \x7f \u2028 😀"'),
        ("\ud800", '"\ud800"'),
        ({1: 2**70}, '{"1":1180591620717411303424}'),
    ],
)  # fmt: skip
def test_what_json_has_no_word_for_is_text(value: Any, text: str) -> None:
    assert canonical(value) == text


def test_a_value_that_is_no_data_has_no_key() -> None:
    with pytest.raises(TypeError, match="cannot make a key of object"):
        canonical({"x": object()})
    with pytest.raises(TypeError, match="cannot make a key of Reader"):
        canonical([_reader()])


def test_equal_values_have_one_digest() -> None:
    one: Mapping[str, Any] = {"amount": Decimal("3.0"), "per": 1}
    assert (
        digest(one)
        == digest({"per": 1, "amount": Decimal("3.00")})
        == hashlib.sha256(b'{"amount":"3","per":1}').hexdigest()[:32]
    )
    assert len(digest(one, size=8)) == 8


def _reader() -> object:
    from dataclasses import dataclass

    @dataclass
    class Reader:
        name: str = "x"

    return Reader()
