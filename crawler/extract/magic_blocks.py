"""The "magic blocks" of ReadMe's Markdown (`[block:parameters]{...}[/block]`) as the Markdown they stand for.

Form: JSON between the tags; a table's cells are under `data` as "h-0" (header, column 0) and "2-1" (row 2, column 1).
Other blocks than tables, titles, callouts and HTML hold pictures and code and are left as they are.
"""

import json
import re
from typing import Any

_BLOCK = re.compile(r"\[block:(?P<kind>[\w-]+)\]\s*(?P<data>\{.{0,200000}?\})\s*\[/block\]", re.S)
_CELL = re.compile(r"(?P<row>h|\d{1,4})-(?P<column>\d{1,2})")
_MOST_COLUMNS, _MOST_ROWS = 40, 2_000


def unfold_blocks(text: str) -> str:
    """The text with its magic blocks as Markdown; where there are none, or one is no JSON, as it was."""
    return _BLOCK.sub(_as_markdown, text) if "[block:" in text else text


def _as_markdown(found: re.Match[str]) -> str:
    try:
        value = json.loads(found["data"])
    except (ValueError, RecursionError):
        return found[0]
    lines = _lines(found["kind"], value)
    if lines is None:
        return found[0]
    missing = found[0].count("\n") - len(lines) - 1  # what follows keeps its line
    return "\n".join(["", *lines, *[""] * max(1, missing)])


def _lines(kind: str, value: dict[str, Any]) -> list[str] | None:
    if kind == "parameters" and isinstance(value.get("data"), dict):
        return _table(value["data"])
    if kind == "api-header":
        return [f"## {_line(value.get('title'))}"]
    if kind == "callout":
        return ["> " + words for key in ("title", "body") if (words := _line(value.get(key)))]
    if kind == "html" and isinstance(value.get("html"), str):
        return str(value["html"]).split("\n")
    return None


def _table(data: dict[str, Any]) -> list[str] | None:
    """A table of pipes; the cells keep their own Markdown."""
    cells: dict[tuple[int, int], str] = {}
    for key, text in data.items():
        if place := _CELL.fullmatch(str(key)):
            row = 0 if place["row"] == "h" else int(place["row"]) + 1
            cells[row, int(place["column"])] = _line(text).replace("|", r"\|")
    width = max((column for _, column in cells), default=-1) + 1
    height = max((row for row, _ in cells), default=-1) + 1
    if not cells or width > _MOST_COLUMNS or height > _MOST_ROWS:
        return None
    rows = [f"| {' | '.join(cells.get((row, column), '') for column in range(width))} |" for row in range(height)]
    return [rows[0], f"|{' --- |' * width}", *rows[1:]]


def _line(text: Any) -> str:
    return "<br>".join(text.split("\n")) if isinstance(text, str) else ""
