"""The data that React's server components push into a page: `self.__next_f.push([1,"5:[...]"])`.

The strings of all pushes are one stream of rows, `id:value`; a value is JSON, and "$$" at the beginning of a string is
"$" (react-server-dom: ReactFlightClient, parseModelString).
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

_PUSH = re.compile(r"self\.__next_f\.push\(\[1,\s?(\"(?:[^\"\\]|\\.)*\")\]\)")
_ROW = re.compile(r"^[0-9a-f]{1,6}:(?=[\[{])", re.M)
MAX_CHARACTERS = 8_000_000
_DEEPEST = 40


def pushed_in(text: str) -> Iterator[Any]:
    """The values of all rows that hold lists or objects; rows that are none, or cut, are left out."""
    stream = "".join(filter(None, map(_unquoted, _PUSH.findall(text[:MAX_CHARACTERS]))))
    decoder = json.JSONDecoder(parse_float=Decimal)
    for row in _ROW.finditer(stream):
        try:
            value, _ = decoder.raw_decode(stream, row.end())
        except (ValueError, RecursionError):
            continue
        yield _plain(value, 0)


def _unquoted(literal: str) -> str:
    try:
        return str(json.loads(literal))
    except ValueError:
        return ""


def _plain(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return None
    if isinstance(value, str):
        return value[1:] if value.startswith("$$") else value
    if isinstance(value, list):
        return [_plain(each, depth + 1) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each, depth + 1) for key, each in value.items()}
    return value
