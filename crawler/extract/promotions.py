"""From when, and until when, prices hold where only a sentence near them says so."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from crawler.extract.amounts import has_money
from crawler.extract.attributions import mentioned
from crawler.extract.blocks import Block, Component, Heading, Paragraph, Table
from crawler.extract.footnotes import mark_of, marked_cells
from crawler.extract.grids import Cell
from crawler.extract.standing import SENTENCE
from crawler.extract.units import fold
from crawler.extract.validities import Validity, read_validity
from timeline.prices import PricePoint

_LONGEST = 300  # characters of such a sentence
_DATED = re.compile(r"20\d\d|\d{1,2}月|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.I)
_PRICES = re.compile(
    r"\b(?:pric(?:e|es|ing)|rates?|discounts?|promotion(?:al)?s?|offers?)\b|价格|定价|优惠|折扣|特价|料金", re.I
)
_OTHER = re.compile(
    r"\b(?:deprecat|retir|shut ?down|sunset|migrat|updated|as of|was|were|previous|credits?|quota)"
    r"|下线|更新",
    re.I,
)
_POINTS = re.compile(  # to the prices of a table as a whole
    r"\b(?P<next>following|below)\b|\b(?P<last>above)\b"
    r"|\b(?P<near>these|this|listed|introductory|promotional) (?:\w+ )?(?:pric|rate|offer|promo|discount)"
    r"|(?P<next2>以下|下列|下表)|(?P<last2>上述|以上|上表)|(?P<near2>本|此|该)(?:价格|优惠|表)",
    re.I,
)
_OF_ANOTHER = re.compile(  # "The introductory price of Opal 6": a name that has no price here
    r"(?:pric(?:e|es|ing)|rates?|discounts?|promotions?|offers?) (?:of|for|on) (?:the )?"
    r"(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b)(?=[A-Z])[A-Z][\w.-]*(?: [A-Z][\w.-]*)?[ -]?\d"
)
_REDUCED = re.compile(r"promo|introductory|discount|special|limited|\bsale\b|优惠|折扣|特价|限时", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What a sentence says of the prices of some models, or of the tables at some places (None: of all there)."""

    validity: Validity
    reduced: bool  # it speaks of a promotion, not of prices as such
    places: frozenset[str]  # locators of the tables, cards and sentences it is about
    models: frozenset[str] | None
    cells: frozenset[tuple[int, int]] | None = None  # rows and columns, 0 for all of them; None: the whole table


def dated(facts: Sequence[PricePoint], blocks: Sequence[Block], at: date) -> tuple[PricePoint, ...]:
    """The same prices, those with the validity a sentence near them states that have none of their own."""
    known = sorted({fact.model for fact in facts})
    said = list(_said(blocks, known, at))
    beside = {_place(fact) for fact in facts if _is_reduced(fact)}  # tables that print both: the list price stays
    return tuple(_under(fact, said, beside) for fact in facts) if said else tuple(facts)


def _said(blocks: Sequence[Block], known: Sequence[str], at: date) -> Iterator[_Said]:
    for index, block in enumerate(blocks):
        if not isinstance(block, Paragraph):
            continue
        for sentence in SENTENCE.split(block.text):
            if not (validity := _validity(sentence, at)):
                continue
            reduced = bool(_REDUCED.search(sentence))
            if names := frozenset(mentioned(sentence, known)):
                section = frozenset(each.locator for each in blocks if _within(each, block))
                yield _Said(validity=validity, reduced=reduced, places=section, models=names)
            elif table := _table(fold(sentence), blocks, index):
                cells = _cells(table, mark_of(block), reduced=reduced)
                places = frozenset([table.locator])
                yield _Said(validity=validity, reduced=reduced, places=places, models=None, cells=cells)


def _validity(sentence: str, at: date) -> Validity | None:
    """What a sentence about prices, without any, states of the days that are still to come."""
    text = fold(sentence)
    about = len(text) <= _LONGEST and _DATED.search(text) and _PRICES.search(text) and not _OTHER.search(text)
    if not about or has_money(text):
        return None
    read = read_validity(sentence, at=at)
    first = read.first if read.first and read.first > at else None
    last = read.last if read.last and read.last >= at else None
    return replace(read, first=first, last=last) if first or last else None


def _cells(table: Table | Component, mark: str, *, reduced: bool) -> frozenset[tuple[int, int]] | None:
    """What of a table a sentence is about: what bears its mark, or else the prices beside those that are crossed out.

    A mark on a name or a header is on its row or column; a mark that nothing bears is one of another list.
    """
    if isinstance(table, Component):
        return None
    if mark:
        return frozenset(_span(table, cell) for cell in marked_cells(table, mark))
    struck = {
        (cell.row, cell.column) for row in table.grid.body for cell in row if cell.struck and has_money(cell.text)
    }
    return frozenset(struck) if reduced and struck else None


def _span(table: Table, cell: Cell) -> tuple[int, int]:
    if cell.row <= table.grid.header_rows:
        return 0, cell.column
    return cell.row, cell.column if has_money(cell.text) else 0


def _within(block: Block, sentence: Block) -> bool:
    return block.headings[: len(sentence.headings)] == sentence.headings


def _table(sentence: str, blocks: Sequence[Block], index: int) -> Table | Component | None:
    """The table that a sentence points at: the next one of its section, or the last one."""
    points = _POINTS.search(sentence)
    if _OF_ANOTHER.search(sentence):
        return None
    after, before = _nearest(blocks[index + 1 :]), _nearest(blocks[index - 1 :: -1] if index else ())
    if points is None:
        return after if sentence.rstrip().endswith(":") else None
    if points["next"] or points["next2"]:
        return after
    if points["last"] or points["last2"]:
        return before
    return before or after if not (after and before) else None


def _nearest(blocks: Sequence[Block]) -> Table | Component | None:
    for block in blocks:
        if isinstance(block, Table | Component):
            return block
        if isinstance(block, Heading):
            return None
    return None


def _place(fact: PricePoint) -> str:
    return re.sub(r" row .*$", "", fact.locator)


def _is_reduced(fact: PricePoint) -> bool:
    return bool(_REDUCED.search(str(fact.conditions.get("variant", ""))))


def _is_meant(fact: PricePoint, cells: frozenset[tuple[int, int]] | None) -> bool:
    at = re.search(r" row (\d+)(?: column (\d+))?$", fact.locator)
    row, column = (int(at[1]), int(at[2] or 0)) if at else (0, 0)
    return cells is None or bool(cells & {(row, column), (row, 0), (0, column)})


def _under(fact: PricePoint, said: Sequence[_Said], beside: Collection[str]) -> PricePoint:
    if fact.effective_from or fact.effective_to:
        return fact
    place = _place(fact)
    for each in said:
        if each.reduced and place in beside and not _is_reduced(fact):
            continue
        told = place in each.places and (each.models is None or fact.model in each.models)
        if told and _is_meant(fact, each.cells):
            validity = each.validity
            return replace(
                fact,
                effective_from=validity.first,
                effective_to=validity.last,
                qualifier=fact.qualifier or validity.qualifier,
            )
    return fact
