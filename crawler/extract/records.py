"""Lifecycles told as data: the lists of objects of a JSON document as tables, one a list, its keys as headers."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crawler.extract.blocks import Table
from crawler.extract.grids import Inline, Raw, UnreadableError, build

MAX_CHARACTERS = 16_000_000
MAX_DEPTH = 12
MAX_KEYS = 60  # of one object
MAX_ROWS = 20_000

Row = Mapping[str, Any]
_LITERALS: Mapping[str, bool | None] = {"null": None, "true": True, "false": False}
_OBJECT = re.compile(r"\{[^{}]{3,2000}\}")
_FIELD = re.compile(
    r"[\"']?(?P<key>[A-Za-z_]\w{0,40})[\"']?\s*:\s*"
    r"(?:(?P<quote>[\"'`])(?P<text>(?:(?!(?P=quote))[^\n\\]){0,300})(?P=quote)|(?P<word>null|true|false))\s*(?=[,}\n])"
)


def tables_in(text: str) -> list[Table]:
    """The tables of a JSON document. Raises UnreadableError where it is none, has none, or is too large."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(f"a JSON document of {len(text)} characters; at most {MAX_CHARACTERS} are read")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"expected a JSON document: {str(error)[:120]}") from error
    tables = [_table(path, rows, number) for number, (path, rows) in enumerate(_lists(value, (), 0), start=1)]
    if not tables:
        raise UnreadableError("expected a page, or a JSON document with a list of objects, found JSON without one")
    return tables


def tables_in_markup(text: str) -> list[Table]:
    """The tables of arrays of objects that a page leaves to a component: `rows={[{ model: "X", status: "Y" }]}`."""
    found: list[list[Row]] = []
    end = -1
    for match in _OBJECT.finditer(text[:MAX_CHARACTERS]):
        fields = {each["key"]: _LITERALS.get(each["word"], each["text"]) for each in _FIELD.finditer(match[0])}
        if len(fields) < 2:
            continue
        if end >= 0 and not text[end : match.start()].strip(" ,\n\t\r"):
            found[-1].append(fields)
        else:
            found.append([fields])
        end = match.end()
    tables = (_table((), rows, number) for number, rows in enumerate(found, start=1))
    return [replace(table, locator=table.locator.replace("table", "data")) for table in tables]


def _lists(value: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
    """Every list of objects, and every object whose values are objects alike, which has its keys for names."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        rows: list[Row] = [each for each in value[:MAX_ROWS] if isinstance(each, dict)]
        if rows:
            yield path, rows
        for each in value[:MAX_ROWS]:
            if isinstance(each, dict | list):
                yield from _lists(each, path, depth + 1)
    elif isinstance(value, dict):
        if _is_keyed(value):
            yield path, [{"model id": key, **each} for key, each in list(value.items())[:MAX_ROWS]]
        else:
            for key, each in value.items():
                yield from _lists(each, (*path, _words(str(key))), depth + 1)


def _is_keyed(value: Mapping[str, Any]) -> bool:
    objects = [each for each in value.values() if isinstance(each, dict)]
    shared = set.intersection(*(set(each) for each in objects)) if objects else set()
    return len(objects) == len(value) > 1 and bool(shared)


def _table(path: tuple[str, ...], rows: Sequence[Row], number: int) -> Table:
    keys = list(dict.fromkeys(key for row in rows for key in row))[:MAX_KEYS]
    keys = [key for key in keys if any(_is_plain(row.get(key)) for row in rows)]
    head = [Raw(inline=Inline(text=_words(key)), header=True) for key in keys]
    body = [[Raw(inline=Inline(text=_text(key, row.get(key)))) for key in keys] for row in rows]
    return Table(grid=build([head, *body], head=1), headings=path, locator=f"table {number}")


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) or (isinstance(value, list) and all(isinstance(v, str) for v in value))


def _text(key: str, value: Any) -> str:
    """A value as a cell: what is true is what its key says ("deprecated"), what is false or absent is nothing."""
    if value is True:
        return _words(key)
    if value is None or value is False or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return "\n".join(each for each in value if isinstance(each, str))
    return str(value)


def _words(key: str) -> str:
    """ "shutdownDate" and "shutdown_date" as "shutdown date"."""
    return re.sub(r"[_\s]+", " ", re.sub(r"(?<=[a-z\d])(?=[A-Z])", " ", key)).strip().lower()
