"""Which lines of a page are the titles of price cards: headings, lines in bold, terms, the first line of a card."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Heading, Paragraph
from crawler.extract.grids import Inline
from crawler.extract.labels import read_label
from crawler.extract.model_headings import is_generic
from crawler.extract.price_names import Subject, read_subjects
from crawler.extract.units import fold

LONGEST = 70  # characters of a line of a card
_BUTTON = re.compile(
    r"(?:learn|read|see|view|find out) (?:more|all|details|docs)|contact.*|(?:get|start|"
    r"try|create|sign|log|buy|join|talk|request|explore|build)\b.*"
    r"|subscribe.*|upgrade.*|popular|most popular|new|recommended|everything in .*",
    re.I,
)
_OF_PRICES = re.compile(r"\W*(?:(?:api|token) )?(?:prices?|pricing|costs?|rates?)\W*|价格|定价|计费", re.I)


def is_of_prices(name: str) -> bool:
    """Whether a name only says that there are prices."""
    return _OF_PRICES.fullmatch(name) is not None


def of_heading(block: Heading, at: date) -> tuple[Subject, ...]:
    """What the prices under a heading are of: "Price" under "Opal 4" is Opal 4's."""
    if is_of_prices(block.text) and block.headings:
        return titled(Inline(text=block.headings[-1]), at)
    return _of_plan(block, titled(block.inline, at))


def titled(inline: Inline, at: date) -> tuple[Subject, ...]:
    """Whose prices follow a title."""
    return read_subjects(inline, at=at) if len(inline.text) <= LONGEST else ()


def is_title(text: str, block: Paragraph) -> bool:
    """Whether a line may be a title: a few words, no link, no button."""
    linked = sum(len(link.text) for link in block.inline.links) >= len(text) - 2
    short = 1 <= len(text.split()) <= 6 and not text.endswith((".", "!", "?", ":", ","))
    return short and not linked and not _BUTTON.fullmatch(text) and text[0].isalnum()


def is_set_apart(text: str, block: Paragraph, subjects: Collection[Subject], following: Sequence[Block]) -> bool:
    """Whether a line is the title of the prices below it: in bold, a term, or the first line of a section."""
    below = [fold(each.text) for each in following if isinstance(each, Paragraph)]
    if fold(" ".join(block.inline.strong)) == text:
        numbered = any(re.search(r"\d", subject.name) for subject in subjects) and not re.search(r"\d", text)
        return not numbered and any(map(_leads, below[:1]))
    named = re.search(r"\d", text) is not None or any(map(_leads, below[:1]))
    return named and all(is_generic(subject.name) for subject in subjects) and any(map(_leads, below))


def _leads(text: str) -> bool:
    """Whether a line holds a price, or says of what the next one is."""
    label = read_label(text)
    return has_money(text) or ((label.meters or label.price) and not label.rest)


def _of_plan(block: Heading, subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """A kind of seat is one of the plan above it: "Standard seat" under "Team"."""
    if len(subjects) != 1 or not block.headings or not re.search(r"\bseats?$", subjects[0].name, re.I):
        return subjects
    name = subjects[0].name
    return (replace(subjects[0], name=f"{block.headings[-1]} {name[0].lower()}{name[1:]}"),)
