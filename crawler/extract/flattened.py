"""Tables that a converter printed one cell a paragraph, put together again where their header tells their width."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeGuard

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Callout, ListItem, Paragraph, Table
from crawler.extract.column_kinds import column_kind, without_worth
from crawler.extract.conditions import read_conditions
from crawler.extract.grids import Inline, Raw, build
from crawler.extract.labels import read_label
from crawler.extract.money import read_quotes
from crawler.extract.panels import place_of
from crawler.extract.price_words import state_of
from crawler.extract.standing import stated_units

_LED = re.compile(r"\W*(?:(?:计费|计价|价格)?单位|units?\s*:|(?:all )?prices?\b)", re.I)
_LONGEST = 300
_WIDEST = 10
_UNKNOWN = 2  # headers at the end of a row that nothing is known about: "Default steps"
_LEAST, _MOST = 3, 2_000  # paragraphs of a table


def unflatten(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with each such run of paragraphs replaced by a table."""
    blocks = _with_brackets(blocks)
    done: list[Block] = []
    index = count = 0
    while index < len(blocks):
        run = _run(blocks, index)
        above = done[-1].text if done and isinstance(done[-1], Paragraph) else ""
        stated = stated_units(above)
        bare = stated is not None and bool(stated.currencies)
        table, used = _table_at(run, bare) if len(run) > _LEAST else (None, 0)
        if table is None:
            done.append(blocks[index])
            index += 1
            continue
        count += 1
        done.append(_block(run[0], table, above, count))
        index += used
    return done


def _with_brackets(blocks: Sequence[Block]) -> list[Block]:
    """Headers printed in two pieces in one: "Input token price", "(per million tokens)"."""
    done: list[Block] = []
    for block in blocks:
        last = done[-1] if done else None
        if _is_bracket(block) and type(last) is Paragraph and _is_header(last.text):
            text = f"{last.text}\n{block.text}"
            done[-1] = replace(last, inline=replace(last.inline, text=text))
        else:
            done.append(block)
    return done


def _is_bracket(block: Block) -> TypeGuard[Paragraph]:
    return (
        type(block) is Paragraph
        and re.fullmatch(r"\([^()]{3,40}\)", block.text) is not None
        and not has_money(block.text)
    )


def _run(blocks: Sequence[Block], start: int) -> list[Paragraph]:
    """The paragraphs from `start` on, where the first one may head a column."""
    run: list[Paragraph] = []
    for block in blocks[start : start + _MOST]:
        if not isinstance(block, Paragraph) or isinstance(block, ListItem | Callout) or len(block.text) > _LONGEST:
            break
        if not run and (not _is_header(block.text) or (_LED.match(block.text) and stated_units(block.text))):
            break
        run.append(block)
    return run


def _table_at(run: Sequence[Paragraph], bare: bool) -> tuple[list[list[Inline]] | None, int]:
    """The rows of the table whose header starts at the run's beginning, and how many paragraphs it takes."""
    head = 0
    while head < min(len(run), _WIDEST) and _is_header(run[head].text):
        head += 1
    best: list[list[Inline]] = []
    used = 0
    for width in range(min(head + _UNKNOWN, _WIDEST, len(run)), 1, -1):
        for blank in (0, 1):
            rows = _rows(run, width, blank, bare)
            if sum(map(len, rows)) > sum(map(len, best)):
                best, used = rows, width + (len(rows) - 1) * (width + blank)
    loose, taken = _ragged(run, head) if head > 2 else (None, 0)
    if loose is not None and len(loose) > len(best):
        return loose, taken
    return (best, used) if len(best) > 1 else (None, 0)


def _is_header(text: str) -> bool:
    if (
        len(text) > 60
        or has_money(without_worth(text))
        or state_of(text)
        or text.endswith((".", "。"))
        or _is_unit_line(text)
    ):
        return False
    read = read_conditions(text)
    return column_kind(text)[0] != "" or (bool(read.found) and not read.rest)


def _rows(run: Sequence[Paragraph], width: int, blank: int, bare: bool) -> list[list[Inline]]:
    """Header and body if the header has `width` cells, and a lost empty one in front if `blank`."""
    headers = [each.text for each in run[:width]]
    if any(_is_value(text) or has_money(without_worth(text)) for text in headers):
        return []
    kinds = [column_kind(text)[0] for text in headers]
    prices = [index + blank for index, text in enumerate(headers) if kinds[index] == "price"]
    if not prices or (not blank and kinds[0] != "subject") or (blank and kinds[0] == "subject"):
        return []
    if blank and not all(_is_tier(text) for text in headers):
        return []
    rows: list[list[Inline]] = [[*([Inline()] * blank), *(each.inline for each in run[:width])]]
    size = width + blank
    for start in range(width, len(run) - size + 1, size):
        cells = [each.inline for each in run[start : start + size]]
        if _is_value(cells[0].text) or not all(_is_value(cells[index].text, bare=bare) for index in prices):
            break
        rows.append(cells)
    return rows


def _is_tier(text: str) -> bool:
    """A column that says for whom or for how much, not what: "Free tier", "Paid tier, per 1M tokens in USD"."""
    label = read_label(text)
    return bool(label.conditions or label.unit or label.currencies) and not label.meters


def _is_value(text: str, *, bare: bool = False) -> bool:
    return state_of(text) is not None or bool(read_quotes(text, bare=bare))


def _ragged(run: Sequence[Paragraph], head: int) -> tuple[list[list[Inline]] | None, int]:
    """Rows that lost their empty cells: each begins with a name and ends with a price."""
    while head > 2 and column_kind(run[head - 1].text)[0] != "price":
        head -= 1
    if column_kind(run[0].text)[0] != "subject" or head < 3:
        return None, 0
    rows = [[run[0].inline, Inline(text="Region"), run[head - 1].inline]]
    pending: list[Paragraph] = []
    used = head
    for index in range(head, len(run)):
        paragraph = run[index]
        if has_money(paragraph.text) and len(paragraph.text) < 60:
            if not pending or len(pending) > 2 * head:
                break
            place = next((each.text for each in pending[1:] if place_of(each.text)), "")
            rows.append([pending[0].inline, Inline(text=place), paragraph.inline])
            pending, used = [], index + 1
        elif _is_unit_line(paragraph.text):
            words = " ".join([*(each.text for each in pending), paragraph.text])
            rows.append([Inline(text=words), Inline(), Inline()])
            pending = []
        else:
            pending.append(paragraph)
    while rows and not has_money(rows[-1][2].text):
        rows.pop()
    return (rows, used) if len(rows) > 2 else (None, 0)


def _is_unit_line(text: str) -> bool:
    return re.match(r"\W*(?:per\b|each\b|每)", text, re.I) is not None and read_label(text).unit is not None


def _block(first: Paragraph, rows: list[list[Inline]], before: str, number: int) -> Table:
    raws = [[Raw(inline=cell, header=index == 0) for cell in row] for index, row in enumerate(rows)]
    return Table(
        grid=build(raws, head=1),
        headings=first.headings,
        labels=first.labels,
        line=first.line,
        locator=f"flattened table {number}",
        before=before,
    )
