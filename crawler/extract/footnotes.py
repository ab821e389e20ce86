"""Which cells of a table a note below it is about: those that bear its mark."""

import re
from collections.abc import Iterator

from crawler.extract.blocks import Paragraph, Table
from crawler.extract.grids import Cell

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LEADING = re.compile(r"\s*(?:[\[(](?P<a>\d{1,2}|\*{1,3})[\])]|(?P<b>\*{1,3}|[†‡§]|[⁰¹²³⁴-⁹]+))\s*(?=\S)")
_TRAILING = re.compile(r"(?:\[(\d{1,2})\]|(\*{1,3}|[†‡§]|[⁰¹²³⁴-⁹]+))(?=\s|$|[,;)])")


def mark_of(note: Paragraph) -> str:
    """The mark a note begins with: "1" of "¹ Until May 31", "*"; "" where it has none."""
    if note.inline.marks and not _LEADING.match(note.text):
        return _plain(note.inline.marks[0])
    found = _LEADING.match(note.text)
    return _plain(found["a"] or found["b"]) if found else ""


def marked_cells(table: Table, mark: str) -> Iterator[Cell]:
    """The cells of a table that bear a mark, as a superscript or behind their words."""
    for row in table.grid.rows:
        for cell in row:
            behind = (one or other for one, other in _TRAILING.findall(cell.text))
            if mark in {_plain(each) for each in (*cell.marks, *behind)}:
                yield cell


def _plain(mark: str) -> str:
    return mark.strip("[]() ").translate(_SUPERSCRIPTS)
