"""Pages that write a decimal comma: "0,25" beside "1,250" and "1.250,00" are 0.25, 1.25 and 1250.

What a comma means is a habit of the page, not of a cell: "1,250" alone does not say. A page has the habit where an
amount of its tables or cards can be nothing else ("0,25", "8,5", "1.250,00") and none can only be written with a point.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.extract.blocks import Block, Paragraph, Table
from crawler.extract.grids import Cell

_SIGNS = r"(?:[A-Z]{0,3}[$€£¥₩₹]|EUR|USD|CHF|GBP)"
_AMOUNT = re.compile(
    rf"^(?P<before>\W{{0,2}}(?:{_SIGNS})?\s?)(?P<number>\d[\d.,]*)(?P<after>(?:\s?{_SIGNS})?(?:\s*/.*)?\W{{0,2}})$",
    re.M,
)
_BESIDE = re.compile(rf"(?:{_SIGNS})\s?(?P<one>\d(?:[\d.,]*\d)?)|(?<![\d.,])(?P<other>\d(?:[\d.,]*\d)?)\s?(?:{_SIGNS})")
_COMMA = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+),(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:\.\d{3})+,\d+")
_POINT = re.compile(
    r"(?:\d{1,3}(?:,\d{3})+|\d+)\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}"
)
_SPACED = re.compile(r"(?<=\d) (?=\d{3}(?: \d{3})*(?:,\d+)?\s?(?:€|EUR\b|kr\b|zł|Kč|₽|руб))")
_WHOLE = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")


def pointed(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks, amounts of tables with a decimal point where the page's habit is the comma."""
    blocks = [_joined(block) for block in blocks]
    numbers = [*_numbers(blocks), *_signed(blocks)]
    commas = any(_COMMA.fullmatch(number) for number in numbers)
    if not commas or any(_POINT.fullmatch(number) for number in numbers):
        return list(blocks)
    return [_table(each) if isinstance(each, Table) else _paragraph(each) for each in blocks]


def _joined(block: Block) -> Block:
    """The same with the thousands of its amounts not set apart by spaces: "1 839,60 €"."""
    if isinstance(block, Table):
        rows = tuple(
            tuple(replace(cell, text=_SPACED.sub("", cell.text)) if " " in cell.text else cell for cell in row)
            for row in block.grid.rows
        )
        return replace(block, grid=replace(block.grid, rows=rows)) if rows != block.grid.rows else block
    if isinstance(block, Paragraph) and (text := _SPACED.sub("", block.text)) != block.text:
        return replace(block, inline=replace(block.inline, text=text))
    return block


def _numbers(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        for row in block.grid.body if isinstance(block, Table) else ():
            for cell in row:
                yield from (found["number"] for found in _AMOUNT.finditer(cell.text))


def _signed(blocks: Sequence[Block]) -> Iterator[str]:
    """The numbers in text that stand beside a currency's sign."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (found["one"] or found["other"] for found in _BESIDE.finditer(block.text))


def _paragraph(block: Block) -> Block:
    if not isinstance(block, Paragraph):
        return block
    text = _BESIDE.sub(lambda found: _with_point(found[0], found["one"] or found["other"]), block.text)
    return block if text == block.text else replace(block, inline=replace(block.inline, text=text))


def _with_point(text: str, number: str) -> str:
    if not _WHOLE.fullmatch(number):
        return text
    return text.replace(number, number.replace(".", "").replace(",", "."))


def _table(table: Table) -> Table:
    grid = table.grid
    head, body = grid.rows[: grid.header_rows], grid.body
    rows = (*head, *(tuple(map(_cell, row)) for row in body))
    return replace(table, grid=replace(grid, rows=rows))


def _cell(cell: Cell) -> Cell:
    text = _AMOUNT.sub(_amount, cell.text)
    return cell if text == cell.text else replace(cell, text=text)


def _amount(found: re.Match[str]) -> str:
    return f"{found['before']}{_with_point(found['number'], found['number'])}{found['after']}"
