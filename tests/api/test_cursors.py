from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cursors import CursorError, decode, encode

NONE = type(None)
AT = datetime(2026, 2, 26, 10, 10, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("parts", "types"),
    [
        ([AT, "abc"], [datetime, str]),
        ([7], [int]),
        (["é/=+", ""], [str, str]),
        ([date(2026, 2, 26), None], [date, (str, NONE)]),
        ([], []),
    ],
)
def test_a_cursor_comes_back_as_it_went_in(parts, types):
    text = encode("events", parts)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert decode("events", text, types) == tuple(parts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "%%%",
        "☃",
        "A" * 5000,
        "null",
        "W10",
        "' OR 1=1 --",
        encode("news", [AT, "abc"]),
        encode("events", [AT]),
        encode("events", [AT, "abc", 1]),
        encode("events", ["abc", AT]),
        encode("events", [AT, "a\x00b"]),
        encode("events", [True, "abc"]),
        "WyJldmVudHMiLG51bGwsImFiYyJd",  # null where a time must be
        "WyJldmVudHMiLHsidCI6IjAwMDEtMDEtMDFUMDA6MDA6MDArMTQ6MDAifSwiYWJjIl0",  # a time before the year 1 in UTC
        "WyJldmVudHMiLHsieCI6MX0sImFiYyJd",
        encode("events", [AT.date(), "abc"]),
    ],
)
def test_what_is_no_cursor_of_this_list_is_refused(text):
    with pytest.raises(CursorError):
        decode("events", text, [datetime, str])


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_any_text_is_a_cursor_or_refused(text):
    with pytest.raises(CursorError):
        decode("events", text, [datetime, str])
