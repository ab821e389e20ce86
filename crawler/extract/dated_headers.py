"""Headers and titles that say when prices hold: "Input (until June 30)", "Prices from July 1" over a table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from crawler.extract.blocks import Table
from crawler.extract.grids import Cell
from crawler.extract.labels import read_label
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


def days_over(table: Table, title: str, at: date) -> Validity | None:
    """The days that the nearest tab, title or heading states, where it says nothing else than that there are prices."""
    for text in (*reversed(table.labels), title, table.grid.caption, *reversed(table.headings[-2:])):
        read = read_validity(text, at=at) if text and _FIGURE.search(text) else None
        if read and (read.first or read.last) and not read_label(read.rest).rest:
            return _ahead(read, at)
    return None


def on_days(facts: Sequence[PricePoint], days: Mapping[int, Validity], over: Validity | None) -> tuple[PricePoint, ...]:
    """The prices with the days of their columns, or of their table, where they have none of their own."""
    return tuple(_within(fact, days, over) for fact in facts)


def _undated(cell: Cell, at: date, found: dict[int, Validity]) -> Cell:
    read = read_validity(cell.text, at=at) if _FIGURE.search(cell.text) else None
    if read is None or not (read.first or read.last):
        return cell
    found[cell.column] = _ahead(read, at)
    return replace(cell, text=read.rest)


def _ahead(read: Validity, at: date) -> Validity:
    """The same without a first day that has come: it says no more than that the price holds."""
    return replace(read, first=read.first if read.first and read.first > at else None)


def _within(fact: PricePoint, days: Mapping[int, Validity], over: Validity | None) -> PricePoint:
    at = re.search(r" column (\d+)$", fact.locator)
    stated = days.get(int(at[1]), over) if at else over
    if stated is None or fact.effective_from or fact.effective_to:
        return fact
    qualifier = fact.qualifier or stated.qualifier
    return replace(fact, effective_from=stated.first, effective_to=stated.last, qualifier=qualifier)
