"""Entries of a list that are a name and its price: "whisper-large-v3 $0.0005 / minute"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Paragraph
from crawler.extract.card_titles import is_no_name
from crawler.extract.grids import Inline
from crawler.extract.labels import read_label
from crawler.extract.money import Quote, read_quotes
from crawler.extract.outcomes import Outcome, build_all, hint_of
from crawler.extract.price_facts import Around, Setting
from crawler.extract.price_names import read_subjects
from crawler.extract.units import find_units, fold

_NAME = re.compile(r"(?:\d+x )?[^\W\d_]")
_OFFER = re.compile(  # "Up to 10 users $5 / month"
    r"(?:up|from|over|only|just|plus|additional|extra|then|after|first|every|each|billed|earn|with|free|about|approx\w*"
    r"|top|tier|level|min\w*|max\w*|save|get|includes?|included|starting|starts|pay|our|your|the|an?|for|in|at|as|now|was|buy|add)\b",
    re.I,
)
_MOST_WORDS = 6


def read_entry(text: str, block: Paragraph, setting: Setting) -> Outcome:
    """The price of such an entry; nothing where its first words are no name."""
    quotes = read_quotes(text)
    if len(quotes) > 1 and (sided := _sided(quotes, block, setting)):
        return sided
    if len(quotes) != 1 or quotes[0].unit is None or read_label(quotes[0].tail).rest or not _is_entry(quotes[0], block):
        return Outcome()
    subjects = read_subjects(Inline(text=quotes[0].head), at=setting.at)
    around = Around(hint=hint_of(quotes[0].head), locator=block.locator)
    return build_all([replace(quotes[0], head="")], subjects, around, setting)


def _sided(quotes: Sequence[Quote], block: Paragraph, setting: Setting) -> Outcome | None:
    """An entry with what goes in and what comes out: "GLM-5 203K context $0.60 in / $2.20 out per 1M tokens"."""
    lead = quotes[0].head
    marked = (*(link.text for link in block.inline.links), *block.inline.strong, *block.inline.code)
    name = next((fold(each) for each in marked if re.match(rf"{re.escape(fold(each))}(?!\w)", lead)), "")
    last = next((each.unit for each in find_units(quotes[-1].tail) if each.led), None)
    quotes = [replace(quote, unit=quote.unit or last) for quote in (replace(quotes[0], head=""), *quotes[1:])]
    labels = [read_label(f"{quote.head} {quote.phrase} {quote.tail}") for quote in quotes]
    told = all(label.sides and not label.rest for label in labels) and len({str(each.sides) for each in labels}) > 1
    if not name or is_no_name(name) or has_money(name) or not told or not all(quote.unit for quote in quotes):
        return None
    around = Around(hint=hint_of(name), locator=block.locator)
    return build_all(quotes, read_subjects(Inline(text=name), at=setting.at), around, setting)


def _is_entry(quote: Quote, block: Paragraph) -> bool:
    """Whether the words before an amount are a name: set apart from it, or with a figure, and no words of an offer."""
    name, label = quote.head, read_label(quote.head)
    joined = re.search(rf"{re.escape(name)}\W*[-–—:]|[-–—:]$", f"{quote.printed}\n{name}", re.M)  # read as a sentence
    if (
        joined
        or not label.rest
        or label.meters
        or label.price
        or label.unit
        or not _NAME.match(name)
        or _OFFER.match(name)
    ):
        return False
    inline = block.inline
    marked = name in (*inline.code, *inline.strong, *(link.text for link in inline.links))
    glued = is_glued(quote) and not is_no_name(name)
    return marked or glued or (re.search(r"\d", name) is not None and len(name.split()) <= _MOST_WORDS)


def is_glued(quote: Quote) -> bool:
    """Whether nothing, not even a space, stands between a name and its amount: they were cells of a row."""
    return bool(quote.head) and re.search(rf"{re.escape(quote.head)}[$€£¥₩₹]", quote.printed) is not None
