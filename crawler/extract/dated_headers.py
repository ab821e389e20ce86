"""Columns whose headers say when their prices hold: "Input (until June 30)" beside "Input (from July 1)"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from crawler.extract.blocks import Table
from crawler.extract.grids import Cell
from crawler.extract.validities import Validity, read_validity
from timeline.prices import PricePoint

_FIGURE = re.compile(r"\d")


def without_days(table: Table, at: date) -> tuple[Table, Mapping[int, Validity]]:
    """The table with headers that state no days, and by its column, counted from 1, the days each stated."""
    found: dict[int, Validity] = {}
    count = table.grid.header_rows
    rows = [[_undated(cell, at, found) for cell in row] for row in table.grid.rows[:count]]
    if not found:
        return table, {}
    head = tuple(map(tuple, rows))
    return replace(table, grid=replace(table.grid, rows=(*head, *table.grid.rows[count:]))), found


def on_days(facts: Sequence[PricePoint], days: Mapping[int, Validity]) -> tuple[PricePoint, ...]:
    """The prices with the days of their columns, where they have none of their own."""
    return tuple(_within(fact, days) for fact in facts)


def _undated(cell: Cell, at: date, found: dict[int, Validity]) -> Cell:
    read = read_validity(cell.text, at=at) if _FIGURE.search(cell.text) else None
    if read is None or not (read.first or read.last):
        return cell
    found[cell.column] = replace(read, first=read.first if read.first and read.first > at else None)
    return replace(cell, text=read.rest)


def _within(fact: PricePoint, days: Mapping[int, Validity]) -> PricePoint:
    at = re.search(r" column (\d+)$", fact.locator)
    stated = days.get(int(at[1])) if at else None
    if stated is None or fact.effective_from or fact.effective_to:
        return fact
    qualifier = fact.qualifier or stated.qualifier
    return replace(fact, effective_from=stated.first, effective_to=stated.last, qualifier=qualifier)
