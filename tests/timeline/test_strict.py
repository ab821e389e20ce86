import tomllib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.strict import ConfigurationError, Table, load
from timeline.toml_lines import key_lines

DOCUMENT = """\
# one
title = \"""
a = 1 "" [[not a table]]
\"""
"quo\\u0041ted".b = 3
'lit.eral' = '# not a comment'

[a.b]
c = { d = 1, "e f" = ["x", 'y'] }  # three

[[source]]
id = "x"
every = "10m"
[source.expect]
facts = [
  60,   # at least
  400,
]
[[source]]
id = "y"
[[source.sub]]
n = 1
[[source.sub]]
n = 2
"""


def test_every_key_has_its_line() -> None:
    lines = key_lines(DOCUMENT)
    assert lines[("title",)] == 2
    assert lines[("quoAted", "b")] == 5
    assert lines[("lit.eral",)] == 6
    assert lines[("a", "b", "c", "e f", 1)] == 9
    assert lines[("source", 0)] == 11
    assert lines[("source", 0, "expect", "facts")] == 15
    assert lines[("source", 0, "expect", "facts", 1)] == 17
    assert lines[("source", 1, "id")] == 20
    assert lines[("source", 1, "sub", 1, "n")] == 24


def test_lines_cover_exactly_the_values_tomllib_reads() -> None:
    assert set(key_lines(DOCUMENT)) == set(_paths(tomllib.loads(DOCUMENT)))


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        items: list[tuple[str | int, Any]] = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    else:
        return []
    return [found for key, inner in items for found in [(*path, key), *_paths(inner, (*path, key))]]


_keys = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=5),
)
_scalars = st.one_of(
    st.integers(-5, 5), st.booleans(), st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
)
_values = st.recursive(
    _scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_keys, inner, max_size=3))
)


@given(st.dictionaries(_keys, _values, max_size=4), st.lists(st.dictionaries(_keys, _values, max_size=3), max_size=3))
def test_generated_documents_are_covered(top: dict[str, Any], tables: list[dict[str, Any]]) -> None:
    parts = [f"{_quoted(key)} = {_literal(value)}" for key, value in top.items()]
    name = next(f"t{n}" for n in range(99) if f"t{n}" not in top)
    for table in tables:
        parts += [f"[[{name}]] # [[{name}]]", *(f"{_quoted(key)} = {_literal(value)}" for key, value in table.items())]
    text = "\n".join(parts)
    assert set(key_lines(text)) == set(_paths(tomllib.loads(text)))


def _quoted(text: str) -> str:
    return '"' + "".join(f"\\U{ord(c):08x}" if c in '"\\' else c for c in text) + '"'


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'''{value}'''" if "'" not in value and len(value) % 2 else _quoted(value)
    if isinstance(value, list):
        return "[ # list\n" + ",\n".join(_literal(item) for item in value) + "\n]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(key)} = {_literal(item)}" for key, item in value.items()) + "}"
    return str(value)


def test_values_come_out_as_their_types() -> None:
    table = load(
        'a = "x"\nn = 3\nshare = 0.30\nyes = true\nevery = "1h30m"\nday = 2026-08-12\nother = "2026-08-13"\n'
        'names = ["p", "q"]\nbounds = [60, 400]\nfree = { x = 1 }\nsecret = "s3cret"\n',
        "f.toml",
    )
    assert table.take_str("a") == "x"
    assert table.take_int("n", minimum=3, maximum=3) == 3
    assert str(table.take_decimal("share")) == "0.30"
    assert table.take_decimal("n") == Decimal(3)
    assert table.take_bool("yes") is True
    assert table.take_duration("every") == timedelta(minutes=90)
    assert (table.take_date("day"), table.take_date("other")) == (date(2026, 8, 12), date(2026, 8, 13))
    assert table.take_list_of_str("names") == ("p", "q")
    assert table.take_list_of_int("bounds") == (60, 400)
    assert table.take_values("free") == {"x": 1}
    assert table.take_secret("secret").reveal() == "s3cret"
    assert table.take_str("absent", default=None) is None
    assert table.take_table("absent") is None
    assert table.take_tables("absent") == []
    table.finish()


def _bad_type(table: Table) -> None:
    table.take_str("id")


BAD = [
    ("a = 1\nb == 2", _bad_type, "f.toml, line 2: not valid TOML: Invalid value"),
    ('a = "\n', _bad_type, "f.toml, line 1: not valid TOML: Illegal character '\\n'"),
    ("\nid = 3", _bad_type, "f.toml, line 2: id: found a whole number; expected a text"),
    ("id = ''", _bad_type, "f.toml, line 1: id: found ''; expected a text that is not empty"),
    ("other = 1", _bad_type, "f.toml: id: this field is missing"),
    ("id = true", lambda t: t.take_int("id"), "f.toml, line 1: id: found true or false; expected a whole number"),
    ("id = 3", lambda t: t.take_int("id", minimum=4), "f.toml, line 1: id: found 3; expected at least 4"),
    ("id = 1.5", lambda t: t.take_decimal("id", maximum=1), "f.toml, line 1: id: found 1.5; expected at most 1"),
    ("id = nan", lambda t: t.take_decimal("id"), "f.toml, line 1: id: found NaN; expected a number that is finite"),
    (
        "id = '10 minutes'",
        lambda t: t.take_duration("id"),
        'f.toml, line 1: id: found \'10 minutes\'; expected a length of time like "90s", "10m", "1h30m", "2d" or "1w"',
    ),
    (
        "id = '5s'",
        lambda t: t.take_duration("id", minimum=timedelta(minutes=1)),
        "f.toml, line 1: id: found '5s'; expected at least 0:01:00",
    ),
    (
        "id = '2026-02-31'",
        lambda t: t.take_date("id"),
        "f.toml, line 1: id: found '2026-02-31'; expected a day that exists, like 2026-08-12",
    ),
    (
        "id = 'offical'",
        lambda t: t.take_str("id", choices=["official", "press"]),
        "f.toml, line 1: id: found 'offical'; expected one of official, press (did you mean \"official\"?)",
    ),
    (
        "id = ['official', 2]",
        lambda t: t.take_list_of_str("id"),
        "f.toml, line 1: id: found a whole number; expected a text",
    ),
    ("id = { x = 1 }", lambda t: t.take_tables("id"), "f.toml, line 1: id: found a table; expected a list"),
    (
        "id = [1]",
        lambda t: t.take_tables("id"),
        "f.toml, line 1: id: found a whole number; expected tables, each written as [[id]]",
    ),
    ("\n[id]\nx = 1\n", lambda t: t.take_int("id"), "f.toml, line 2: id: found a table; expected a whole number"),
]


@pytest.mark.parametrize(("text", "take", "message"), BAD)
def test_a_mistake_is_named(text: str, take: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        take(load(text, "f.toml"))
    assert str(caught.value) == message


def test_unknown_fields_are_refused_wherever_they_stand() -> None:
    table = load("[[source]]\nid = 'a'\n[source.expect]\nmarkers = ['x']\nmarker = 'y'\n", "f.toml")
    source = table.take_tables("source")[0]
    source.take_str("id")
    expect = source.take_table("expect")
    assert expect is not None
    expect.take_list_of_str("markers")
    with pytest.raises(ConfigurationError) as caught:
        table.finish()
    assert str(caught.value) == (
        'f.toml, line 5: [[source]] 1, expect.marker: unknown field (did you mean "markers"?); allowed here: markers'
    )


def test_a_missing_field_of_a_table_names_the_table_line() -> None:
    table = load("\n\n[[source]]\nid = 'a'\n[[source]]\n", "f.toml")
    with pytest.raises(ConfigurationError, match=r"line 5: \[\[source\]\] 2, id: this field is missing"):
        table.take_tables("source")[1].take_str("id")


def test_a_secret_is_not_shown_when_it_is_wrong() -> None:
    table = load("token = ['xoxb-123456']", "f.toml")
    with pytest.raises(ConfigurationError) as caught:
        table.take_secret("token")
    assert "xoxb" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "take"),
    [
        ("slack = 'https://hooks.example/services/T0/B0/s3cr3t'", lambda t: t.take_table("slack")),
        ("slack = ['https://hooks.example/services/T0/B0/s3cr3t']", lambda t: t.take_tables("slack")),
        ("every = { password = 's3cr3t' }", lambda t: t.take_duration("every")),
        ("day = ['s3cr3t']", lambda t: t.take_date("day")),
        ("share = 's3cr3t'", lambda t: t.take_decimal("share")),
        ("to = 's3cr3t'", lambda t: t.take_list_of_str("to")),
        ("receiver = 'https://hooks.example/services/s3cr3t'", lambda t: t.take_str("receiver", choices=["finops"])),
        ("channel = 'xoxb-s3cr3t'", lambda t: t.take_str("channel", choices=["C0"])),
        ("every = 'whsec_s3cr3t'", lambda t: t.take_duration("every")),
    ],
)
def test_a_secret_in_the_wrong_field_is_not_shown(text: str, take: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        take(load(text, "f.toml"))
    assert "s3cr3t" not in str(caught.value)
    assert "line 1" in str(caught.value)


def test_nesting_beyond_reason_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError):
        load("a = " + "[" * 100_000, "f.toml")
