"""Tables: rows as lines of CSV or of JSON. Pure: rows in, bytes out."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson

from api.answers import dumps

Row = Mapping[str, Any]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def header(columns: Sequence[str]) -> bytes:
    """The first line of a CSV file."""
    return _lines([columns])


def csv_lines(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """The rows as CSV (RFC 4180). Objects and lists are JSON; no text is one that a spreadsheet takes for a formula."""
    return _lines([_cell(row[name]) for name in columns] for row in rows)


def json_lines(rows: Iterable[Row]) -> bytes:
    """The rows as JSON, one a line."""
    return b"".join(dumps(row) + b"\n" for row in rows)


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(value: object) -> object:
    made = _CELLS.get(type(value))
    return made(value) if made else _json(value)


def _text(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


def _json(value: object) -> str:
    return _text(dumps(value).decode())


def _time(value: datetime) -> str:
    return orjson.dumps(value.astimezone(UTC), option=orjson.OPT_UTC_Z).decode()[1:-1]


_CELLS: Mapping[type, Callable[[Any], object]] = {
    str: _text,
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    int: lambda value: value,
    float: lambda value: value,
    Decimal: lambda value: format(value, "f"),
    datetime: _time,
    date: date.isoformat,
}
