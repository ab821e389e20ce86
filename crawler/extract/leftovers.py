"""What of a price page gave no price, and why: every table, row, column and amount is a price, an issue, or here."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Code, Component, Heading, Paragraph, Table
from crawler.extract.column_kinds import Kind, column_kind
from crawler.extract.components import tables_of
from crawler.extract.document import Ignored
from crawler.extract.grids import Cell
from crawler.extract.outcomes import Outcome
from crawler.extract.price_words import state_of
from timeline.prices import PriceState

_LONGEST = 120  # characters of what is quoted
_PLACE = re.compile(r"(.*?)(?: row (\d+))?(?: column (\d+))?")
_OF_COLUMN: Mapping[Kind, str] = {
    "": "a column whose header speaks of no price",
    "spec": "a column that describes, without a price",
    "price": "a column of prices without an amount",
}


def left_out(blocks: Sequence[Block], outcome: Outcome, columns: Mapping[str, Sequence[str]]) -> tuple[Ignored, ...]:
    """What `outcome`, which was read of these blocks, says nothing of. `columns` as in crawler.extract.components."""
    taken = _Taken(outcome)
    return tuple(each for block in blocks for each in _of_block(block, taken, columns))


class _Taken:
    """The places of which something is said already."""

    def __init__(self, outcome: Outcome) -> None:
        self.priced: dict[str, set[tuple[int, int]]] = defaultdict(set)  # cells that gave something, by table
        self.whole: set[str] = {each.locator for each in outcome.ignored}
        places = [fact.locator for fact in outcome.facts] + [issue.locator for issue in outcome.issues]
        for place in (*places, *self.whole):
            if found := _PLACE.fullmatch(place):
                self.priced[found[1]].add((int(found[2] or 0), int(found[3] or 0)))


def _of_block(block: Block, taken: _Taken, columns: Mapping[str, Sequence[str]]) -> Iterator[Ignored]:
    if isinstance(block, Table):
        yield from _of_table(block, taken)
    elif isinstance(block, Component) and block.props.get("rows"):
        for table in tables_of(block, columns)[0]:
            yield from _of_table(table, taken)
    elif isinstance(block, Component) and block.locator not in taken.priced and has_money(str(block.props)):
        yield Ignored(
            what=block.name, why="a component with amounts, but without rows or a price", locator=block.locator
        )
    elif isinstance(block, Code) and has_money(block.text):
        yield Ignored(what=_short(block.text), why="amounts in code", locator=block.locator)
    elif isinstance(block, Paragraph | Heading):
        yield from _of_text(block, taken)


def _of_text(block: Paragraph | Heading, taken: _Taken) -> Iterator[Ignored]:
    for old in block.inline.struck:
        yield Ignored(what=_short(old), why="crossed out", locator=block.locator)
    if block.locator not in taken.priced and has_money(block.text):
        yield Ignored(what=_short(block.text), why="an amount in text that says no price", locator=block.locator)


def _of_table(table: Table, taken: _Taken) -> Iterator[Ignored]:
    cells = taken.priced.get(table.locator, set())
    if table.locator in taken.whole:
        return
    if not cells:
        title = table.grid.caption or (table.headings[-1] if table.headings else "") or table.before
        money = any(has_money(cell.text) for row in table.grid.rows for cell in row)
        why = "a table with amounts of which none is a price" if money else "a table without an amount"
        yield Ignored(what=_short(title or _row_text(table.grid.rows[0])), why=why, locator=table.locator)
        return
    read = _Read(rows={row for row, _ in cells}, columns={column for _, column in cells})
    yield from _columns(table, read)
    yield from _rows(table, read)
    yield from _cells(table, read, cells)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """Rows and columns of a table, counted from 1, that gave something."""

    rows: set[int]
    columns: set[int]


def _columns(table: Table, read: _Read) -> Iterator[Ignored]:
    """Columns that gave nothing and are no names, units or conditions of those that did."""
    for index, path in enumerate(table.grid.headers):
        header = " ".join(path)
        kind = column_kind("\n".join(path))[0] if path else ""
        filled = any(row[index].text for row in table.grid.body)
        if index + 1 in read.columns or not filled or kind in ("subject", "unit", "condition"):
            continue
        if index == 0 or (kind == "" and not header and index + 1 < min(read.columns)):
            continue  # whatever its header: rows are named at their beginning
        states = {state_of(row[index].text) for row in table.grid.body if row[index].text}
        why = _OF_COLUMN[kind] if None in states else f"says {_words(states)} in every row, no price"
        where = f"{table.locator} column {index + 1}"
        yield Ignored(what=_short(header or _example(table, index)), why=why, locator=where)


def _rows(table: Table, read: _Read) -> Iterator[Ignored]:
    """Rows that gave nothing and are no titles of those below."""
    for row in table.grid.body:
        number, text = row[0].row, _row_text(row)
        if number in read.rows or not text or table.grid.is_section(row) or len(set(filter(None, _texts(row)))) == 1:
            continue
        if any(_texts(row) == _texts(head) for head in table.grid.rows[: table.grid.header_rows]):
            continue
        money = any(has_money(cell.text) for cell in row)
        why = "a row with amounts of which none is a price" if money else "a row without an amount"
        yield Ignored(what=_short(text), why=why, locator=f"{table.locator} row {number}")


def _cells(table: Table, read: _Read, cells: set[tuple[int, int]]) -> Iterator[Ignored]:
    """In rows and columns that gave something: what is crossed out, what says there is no price, what else is there."""
    for row in table.grid.body:
        first = min((column for number, column in cells if number == row[0].row), default=0)
        for cell in row:
            where = f"{table.locator} {cell.locator}"
            if cell.row in read.rows and not cell.copied:
                for old in cell.struck:
                    yield Ignored(what=_short(old), why="crossed out", locator=where)
            told = (cell.row, cell.column) in cells or cell.row not in read.rows or cell.column not in read.columns
            named = cell.column < first and state_of(cell.text) is None and not has_money(cell.text)
            if not told and not named and (why := _why(cell)):
                yield Ignored(what=_short(cell.text), why=why, locator=where)


def _why(cell: Cell) -> str:
    state = state_of(cell.text)
    if not cell.text or cell.copied:
        return ""
    if state is not None:
        return f"says {_words([state])}, no price"
    return "an amount that is no price of its own" if has_money(cell.text) else "words, no price"


def _words(states: Iterable[PriceState | None]) -> str:
    return " or ".join(sorted(state.replace("_", " ") for state in states if state))


def _texts(row: Sequence[Cell]) -> list[str]:
    return [cell.text for cell in row]


def _row_text(row: Sequence[Cell]) -> str:
    return " | ".join(dict.fromkeys(cell.text for cell in row if cell.text))


def _example(table: Table, index: int) -> str:
    return next((row[index].text for row in table.grid.body if row[index].text), "")


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
