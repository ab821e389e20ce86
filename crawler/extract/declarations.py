"""What a page declares for all its prices: their currency, how tokens are counted, what its short names stand for."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crawler.extract.amounts import currencies_in
from crawler.extract.blocks import Block, Component, Heading, Paragraph, Table
from crawler.extract.labels import Label, Side, read_label
from crawler.extract.standing import SENTENCE, stated_units
from crawler.extract.units import Unit, first_unit, fold
from timeline.prices import PricePoint

_ENOUGH = 200_000  # characters to tell a page's language by
_SOME = 20  # letters of it
_PRICES = re.compile(r"\b(?:all |list(?:ed)? )?(?:prices?|pricing|amounts?)\b|价格|计价|가격|料金", re.I)
_OF_ALL = re.compile(  # it is about the prices of a table, not about one of them
    r"^[\s(*†‡§]*(?:note:?\s*|please note(?: that)?:?\s*)?(?:(?:all|listed|shown|the|our|these|token|model|api|every"
    r"|above|displayed)\s+){0,3}(?:prices?|pricing|amounts?|rates?|costs?|fees?|charges?|units?)\b(?!\s+(?:of|for)\b)"
    r"|\b(?:all|these|listed) prices\b|\bprices (?:above|shown|listed)|^[\s(（]*[^\W\d_A-Za-z]",
    re.I,
)
_LONGEST, _PAIR = 250, 2
_ORDERED = re.compile(
    r"\b(?:prices?|pricing|rates?|costs?)\b.{0,30}\b(?:(?:shown|listed|given|displayed|quoted|written) (?:as|in)"
    r"|in the (?:order|form|format)|format)\b.{0,30}\b(?:input|output)\b",
    re.I,
)
_MARK = re.compile(r"^\s*(?P<mark>\*{1,3}|[†‡§])\s*(?=\w)")
_FOOTNOTE = re.compile(r"\s*(?:[*†‡§\u00b9\u00b2\u00b3\u2070-\u2079]|\[\d\]|\(\d\))")  # of certain cells
_ABOVE = re.compile(r"\b(?:all|above|listed|shown|these|every)\b|以上|上述|所有|均", re.I)


def declared_currency(blocks: Iterable[Block]) -> str | None:
    """The currency a page declares for all its prices ("All prices are in USD")."""
    found = set()
    for block in blocks:
        for sentence in SENTENCE.split(fold(block.text)) if isinstance(block, Paragraph) else ():
            if len(sentence) < 250 and _PRICES.search(sentence) and not re.search(r"\d", sentence):
                named = [currency for currency in currencies_in(sentence) if len(currency) == 3]
                found |= set(named) if len(named) == 1 else set()
    return found.pop() if len(found) == 1 else None


def declared_unit(blocks: Iterable[Block]) -> Unit | None:
    """By how many a page counts its tokens, where every sentence of it that says so says the same."""
    said = {label.unit for label in _stated(blocks) if label.unit and label.unit.name == "token"}
    return said.pop() if len(said) == 1 else None


def declared_pair(blocks: Iterable[Block]) -> tuple[Side, ...]:
    """What two amounts in one cell are, where a sentence says it: "Prices are shown as input then output"."""
    said = set()
    for block in blocks:
        for sentence in SENTENCE.split(fold(block.text)) if isinstance(block, Paragraph) else ():
            if len(sentence) < _LONGEST and _ORDERED.search(sentence) and not re.search(r"\d", sentence):
                said.add(read_label(sentence).sides)
    sides = said.pop() if len(said) == 1 else ()
    return sides if len(sides) == _PAIR else ()


def units_below(blocks: Sequence[Block]) -> dict[int, Label]:
    """By a table's index the units that a sentence under it states, if it leads to no other table."""
    found: dict[int, Label] = {}
    label: Label | None = None
    leads = False  # to a table that follows in the same tab
    tab: tuple[str, ...] = ()
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if isinstance(block, Heading):
            label, leads = None, False
        elif isinstance(block, Table | Component):
            leads, tab = True, block.labels
            if label:
                found[index] = label
        elif isinstance(block, Paragraph) and _of_table(block) and (stated := stated_units(block.text)):
            label = None if leads and tab == block.labels and not _ABOVE.search(fold(block.text)) else _bare(stated)
    return found


def units_noted(blocks: Sequence[Block]) -> dict[int, dict[str, Unit]]:
    """By a table's index the units that notes under it state, by their marks: "* per 1K tokens"."""
    found: dict[int, dict[str, Unit]] = {}
    last = -1
    for index, block in enumerate(blocks):
        if isinstance(block, Table | Component):
            last = index
        elif isinstance(block, Heading):
            last = -1
        elif last >= 0 and isinstance(block, Paragraph):
            for line in block.text.split("\n"):
                mark = _MARK.match(line)
                unit = first_unit(fold(line[mark.end() :]), led=True) if mark else None
                if mark and unit and read_label(line[mark.end() :]).rest == "":
                    found.setdefault(last, {})[mark["mark"]] = unit
    return found


def noted(fact: PricePoint, notes: Mapping[str, Unit]) -> PricePoint:
    """The price by the unit of its own note, where its amount bears that mark."""
    mark = re.search(r"\d\s?(\*{1,3}|[†‡§])(?![*\w])", fact.label)
    unit = notes.get(mark[1]) if mark else None
    return replace(fact, per=unit.per, unit=unit.name or fact.unit) if unit else fact


def _of_table(sentence: Paragraph) -> bool:
    """Whether a sentence is about a table's prices: all of them, or those that its section's title names."""
    named = re.match(r"\W*(\w+) (?:fees?|prices?|pricing|rates?|costs?|charges?)\b", sentence.text)
    titled = named and any(named[1].lower() in title.lower().split() for title in sentence.headings[-1:])
    return bool(titled or _OF_ALL.search(sentence.text))


def yen_of(blocks: Iterable[Block]) -> str | None:
    """What a bare ¥ means, by the language of the page: kana is Japanese, Chinese without kana is Chinese."""
    said = [block.text for block in blocks if isinstance(block, Paragraph | Heading)]
    said += [cell.text for block in blocks if isinstance(block, Table) for row in block.grid.rows for cell in row]
    text = " ".join(said)[:_ENOUGH]
    if len(re.findall(r"[\u3041-\u30fa]", text)) > _SOME:
        return "JPY"
    named = {currency for currency in currencies_in(text) if currency in ("CNY", "JPY")}
    if len(named) == 1:
        return named.pop()
    simplified = re.search("[输价计张语视频图调时钟]", text) and not re.search(r"[\u3041-\u30fa]", text)
    return "CNY" if simplified or len(re.findall(r"[\u4e00-\u9fff]", text)) > _SOME else None


def abbreviations_of(blocks: Iterable[Block]) -> dict[str, str]:
    """Short names that the page explains: "Claude Consumption Unit (CCU)"."""
    found = {}
    for block in blocks:
        texts = [block.text] if isinstance(block, Paragraph) else []
        if isinstance(block, Table):
            texts = [cell.text for row in block.grid.rows for cell in row if "(" in cell.text]
        for text in texts:
            for long, short in re.findall(r"((?:[A-Z][\w-]*s? ){1,5}[A-Z][\w-]*?)s? \(\"?([A-Z]{2,6})s?\"?\)", text):
                words = long.split()[-len(short) :]
                if "".join(word[0] for word in words) == short:
                    found[short] = " ".join(words)
    return found


def _stated(blocks: Iterable[Block]) -> Iterable[Label]:
    return (
        label
        for block in blocks
        if isinstance(block, Paragraph)
        and (not _FOOTNOTE.match(block.text) or _of_table(block))
        and (label := stated_units(block.text))
    )


def _bare(label: Label) -> Label:
    """Units and currencies alone."""
    return replace(label, sides=(), cache="", conditions={}, modalities=(), training=False)
