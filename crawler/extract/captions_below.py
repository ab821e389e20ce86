"""Amounts whose captions stand below them ("$3.00 / 1M tokens", and under it "Input"): each with its caption in front.

Only where every amount of a row has one: a caption between two amounts may be of either.
"""

from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Heading, Paragraph, Table
from crawler.extract.labels import read_label
from crawler.extract.money import read_quotes
from crawler.extract.price_words import state_of
from crawler.extract.units import fold

_FAR = 20  # lines above that are looked at
_LONGEST = 40  # characters of a caption


def captioned(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks, each such amount and its caption as one line: "Input: $3.00 / 1M tokens"."""
    done: list[Block] = []
    index = 0
    while index < len(blocks):
        count = 0 if _led(done) else _pairs(blocks, index)
        for at in range(index, index + 2 * count, 2):
            done.append(_joined(blocks[at], blocks[at + 1]))
        done += blocks[index : index + 1] if not count else []
        index += 2 * count or 1
    return done


def _led(before: Sequence[Block]) -> bool:
    """Whether a caption stands above, under the same heading, that no amount before it has: what follows is its own."""
    for block in before[: -_FAR - 1 : -1]:
        if isinstance(block, Heading | Table):
            return False
        if _is_caption(block):
            return True
    return False


def _pairs(blocks: Sequence[Block], start: int) -> int:
    """How many amounts with a caption each follow one another from `start`; 0 where one may be another's."""
    if not _is_amount(blocks[start]) or (start and _is_amount(blocks[start - 1])):
        return 0
    end = start
    while end + 1 < len(blocks) and _is_amount(blocks[end]) and _is_caption(blocks[end + 1]):
        end += 2
    alone = end < len(blocks) and (_is_amount(blocks[end]) or _is_caption(blocks[end]) or _is_state(blocks[end]))
    return 0 if alone or (start and _is_billed(blocks[start - 1])) else (end - start) // 2


def _is_amount(block: Block) -> bool:
    """Whether a line is one amount, with or without its unit, and no other word."""
    if type(block) is not Paragraph or len(block.text) > _LONGEST or not has_money(block.text):
        return False
    quotes = read_quotes(block.text)
    return len(quotes) == 1 and quotes[0].state == "priced" and not (quotes[0].head or quotes[0].tail)


def _is_caption(block: Block) -> bool:
    """Whether a line says what is billed and nothing else: "Input", "Cached input", "Images"."""
    if type(block) is not Paragraph or len(block.text) > _LONGEST or has_money(block.text):
        return False
    label = read_label(fold(block.text))
    return (label.meters or bool(label.modalities)) and not label.rest and not label.unit


def _is_state(block: Block) -> bool:
    """Whether a line says what the caption above it has in the place of an amount: "Contact us"."""
    return type(block) is Paragraph and len(block.text) <= _LONGEST and state_of(block.text) is not None


def _is_billed(block: Block) -> bool:
    """Whether a line says what is billed, and more: "Fresh prompt" over an amount is its caption."""
    if not isinstance(block, Paragraph) or len(block.text) > _LONGEST or has_money(block.text):
        return False
    return not block.text.endswith((".", ":")) and read_label(fold(block.text)).meters


def _joined(amount: Block, caption: Block) -> Block:
    if not isinstance(amount, Paragraph) or not isinstance(caption, Paragraph):
        return amount
    return replace(amount, inline=replace(amount.inline, text=f"{caption.text.strip(' :')}: {amount.text}"))
