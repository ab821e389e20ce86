"""Amounts whose unit a page prints on a line of its own below them: "$2.50" and "/ 1M tokens" are one price.

A unit below several labelled amounts is the unit of all of them: "Input $4.00", "Output $20.00", "per 1M tokens".
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Callout, Paragraph
from crawler.extract.labels import read_label
from crawler.extract.money import read_quotes
from crawler.extract.units import find_units, fold

_LED = re.compile(r"\W*(?:/|per\b|each\b|每|(?:USD|EUR|US dollars?) (?:/|per\b))", re.I)
_LONGEST = 40  # characters of either line
_MOST = 12  # lines of one card above its unit


def rejoined(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with each such unit behind the amounts above it."""
    done: list[Block] = []
    for block in blocks:
        above = _waiting(done) if _is_unit(block) else []
        if not above:
            done.append(block)
            continue
        for index in above:
            done[index] = _with_unit(done[index], block)
    return done


def _is_unit(block: Block) -> bool:
    """Whether a line is nothing but "/ 1M tokens" or "per 1M tokens"."""
    if not isinstance(block, Paragraph) or isinstance(block, Callout) or len(block.text) > _LONGEST:
        return False
    text = fold(block.text)
    if has_money(text):
        return False  # "Per image $0.04" is a price of its own
    label = read_label(text)
    return bool(_LED.match(text) and any(unit.led for unit in find_units(text)) and not label.rest and not label.price)


def _waiting(done: Sequence[Block]) -> list[int]:
    """The lines right above that price something without a unit; several only where each says what it is for."""
    found: list[int] = []
    labelled: list[bool] = []
    bottom = len(done) - 1
    for index in range(bottom, max(-1, bottom - _MOST), -1):
        block = done[index]
        if not isinstance(block, Paragraph) or isinstance(block, Callout) or block.headings != done[bottom].headings:
            break
        if _is_amount(block):
            over = done[index - 1] if index else None
            found.append(index)
            labelled.append(_says_side(block.text) or (isinstance(over, Paragraph) and _is_side(over.text)))
        elif not found or not _is_side(block.text):
            break
    if not found or found[0] != bottom or (not labelled[0] and _is_led_by_unit(done, found[0])):
        return []
    if len(found) > 1 and found[1] == bottom - 1 and not any(labelled[:2]):
        return []  # two amounts and one unit: nothing says which of them is the price
    return found if all(labelled) else found[:1]


def _is_amount(block: Paragraph) -> bool:
    if len(block.text) > _LONGEST or block.text.endswith("."):
        return False
    quotes = read_quotes(block.text)
    return len(quotes) == 1 and quotes[0].state == "priced" and quotes[0].unit is None and not quotes[0].tail


def _says_side(text: str) -> bool:
    label = read_label(read_quotes(text)[0].head)
    return label.meters and not label.rest


def _is_side(text: str) -> bool:
    """Whether a line only says what is billed: "Cached input"."""
    label = read_label(text)
    return len(text) <= _LONGEST and label.meters and not label.rest and not label.unit


def _is_led_by_unit(done: Sequence[Block], index: int) -> bool:
    """Whether the line above the amount is a unit too, so that units may stand above what they count."""
    return index > 0 and _is_unit(done[index - 1])


def _with_unit(block: Block, unit: Block) -> Block:
    if not isinstance(block, Paragraph) or not isinstance(unit, Paragraph):
        return block
    return replace(block, inline=replace(block.inline, text=f"{block.text} {unit.text}"))
