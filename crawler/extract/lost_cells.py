"""Rows of a price table that lost their leading cells, because a merged cell was printed once: mended by the others."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.amounts import has_money
from crawler.extract.grids import Cell
from crawler.extract.price_words import state_of
from crawler.extract.units import find_units, fold

Row = Sequence[Cell]


def mended(rows: Sequence[Row]) -> list[Row]:
    """Rows that lost their leading cells (a merged cell printed once) get them back from the row above."""
    shapes = _shapes(rows)
    done: list[Row] = []
    for row in rows:
        missing = _missing(row)
        lost = done and missing and _fits(row, shapes, missing) > _fits(row, shapes, 0)
        moved = [*done[-1][:missing], *row[: len(row) - missing]] if lost else row
        done.append([replace(cell, column=index + 1, row=row[0].row) for index, cell in enumerate(moved)])
    return done


def _missing(row: Row) -> int:
    """Cells at the row's end that were not printed."""
    count = 0
    for cell in reversed(row):
        if not cell.missing:
            break
        count += 1
    return count if count < len(row) else 0


def _shapes(rows: Sequence[Row]) -> list[Counter[str]]:
    """For each column the shapes of the cells in rows that are whole."""
    whole = [row for row in rows if not _missing(row)] or list(rows)
    return [Counter(_shape(row[index].text) for row in whole) for index in range(len(rows[0]))]


def _fits(row: Row, shapes: Sequence[Counter[str]], shift: int) -> int:
    count = 0
    for index, cell in enumerate(row[: len(row) - shift] if shift else row):
        shape = _shape(cell.text)
        if cell.text and shapes[index + shift][shape] * 2 >= max(1, shapes[index + shift].total()):
            count += 1
    return count


def _shape(text: str) -> str:
    folded = fold(text)
    if has_money(folded) or state_of(folded):
        return "money"
    if re.fullmatch(r"[\d,.]+", folded):
        return "number"
    if re.search(r"[<>≤≥\[(]\s*\d|\d\s*[kK]?\s*[~-]\s*\d", folded) or (find_units(folded) and len(folded) < 24):
        return "measure"
    return "words" if folded else "empty"
