"""Which lines of a page are the titles of price cards: headings, lines in bold, terms, the first line of a card."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Heading, Paragraph, Table
from crawler.extract.conditions import read_conditions
from crawler.extract.grids import Inline
from crawler.extract.labels import read_label
from crawler.extract.model_headings import is_generic
from crawler.extract.money import read_quotes
from crawler.extract.price_names import Subject, read_subjects
from crawler.extract.units import fold

FAR = 400  # blocks of a section
LONGEST = 70  # characters of a line of a card
_BUTTON = re.compile(
    r"(?:learn|read|see|view|find out) (?:more|all|details|docs)|contact.*|(?:get|start|"
    r"try|create|sign|log|buy|join|talk|request|explore|build)\b.*"
    r"|subscribe.*|upgrade.*|popular|most popular|new|recommended|everything in .*",
    re.I,
)
_OF_PRICES = re.compile(
    r"\W*(?:(?:api|token|models?(?: and| &)) )?(?:prices?|pricing|costs?|rates?)\W*|价格|定价|计费|料金|요금|가격", re.I
)
_DUES = re.compile(  # what is paid besides, for nothing that is counted
    r"(?:(?:set-?up|sign-?up|onboarding|minimum|one-?time|activation|monthly|annual|yearly|platform|membership) )+"
    r"(?:fees?|charges?)\W*"
    r"|(?:[\w-]+ ){0,3}(?:commitments?|minimum spend|spend|deposits?|add-?ons?|extras?)\W*",
    re.I,
)
_SIZE = re.compile(  # what a model or machine has, no name of it: "164K context", "Context 128k"
    r"[\d.,]+\s?[KMBT]?\+?[ -](?:tokens? )?(?:context|ctx|window|tokens?|param\w*|dim\w*|languages?|voices?"
    r"|rpm|tpm|v?cpus?"
    r"|[GT]i?B|cores?|steps?|layers?|images?|seconds?|minutes?|hours?|requests?|credits?|seats?|users?|members?|days?|months?)\b"
    r"|(?:max(?:imum)? |total )?(?:context|ctx|window|parameters?|dimensions?|v?cpus?|[rv]?ram|memory)\b.{0,12}\d",
    re.I,
)
_OF_TIME = re.compile(
    r"(?:old|new|previous|former|current|original|regular|list|today'?s|our|your) prices?|was|now", re.I
)
_FROM = re.compile(r"(?:from|starting (?:at|from)|as low as)?", re.I)
_CLAIM = re.compile(r"\?$|\b(?:cheaper|faster|better|less|more) than\b", re.I)  # a title that asks or boasts
_OTHERS = re.compile(  # sellers, not models: what they ask is no price of this provider
    r"\W*(?:(?:the|other|leading|major|legacy|typical|big) )*(?:others?|competit(?:ors?|ion)|alternatives?|rivals?"
    r"|(?:cloud |inference |api )?(?:providers?|vendors?|platforms?|hyperscalers?)|elsewhere|market average)\W*",
    re.I,
)


def is_of_prices(name: str) -> bool:
    """Whether a name only says that there are prices."""
    return _OF_PRICES.fullmatch(name) is not None


def is_dues(name: str) -> bool:
    """Whether an amount under such words is for nothing that is counted: "Setup fee", "Minimum commitment"."""
    return _DUES.fullmatch(name) is not None


def is_no_name(name: str) -> bool:
    """Whether a title cannot be what a price is of: "Pricing", "Developer tier pricing", "Chat models"."""
    label = read_label(name)
    spoken = (
        is_dues(name)
        or _SIZE.match(name) is not None
        or _OTHERS.fullmatch(name) is not None
        or _CLAIM.search(name) is not None
        or has_money(name)
    )
    return (
        spoken or is_of_prices(name) or is_generic(name) or (not label.rest and bool(label.conditions or label.price))
    )


def of_heading(block: Heading, at: date) -> tuple[Subject, ...]:
    """What the prices under a heading are of: "Price" under "Opal 4" is Opal 4's."""
    label = read_label(block.text)
    billed = label.meters and not label.rest  # "Input" under "Opal 4" is Opal 4's too
    if (billed or is_of_prices(block.text)) and block.headings:
        return titled(Inline(text=block.headings[-1]), at)
    return _of_plan(block, titled(block.inline, at))


def titled(inline: Inline, at: date) -> tuple[Subject, ...]:
    """Whose prices follow a title."""
    return read_subjects(inline, at=at) if len(inline.text) <= LONGEST else ()


def without_size(text: str) -> str:
    """A line without what the model has, set before its prices: "262K context$0.50/M input tokens"."""
    size = _SIZE.match(text)
    return text[size.end() :].lstrip(" ·|,") if size and re.match(r"[ ·|,]*[$€£¥]", text[size.end() :]) else text


def is_title(text: str, block: Paragraph, following: Sequence[Block] = ()) -> bool:
    """Whether a line may be a title: a few words, no button; a link only where a price is on the line below it."""
    linked = not any(map(leads, following[:1])) and sum(len(link.text) for link in block.inline.links) >= len(text) - 2
    short = 1 <= len(text.split()) <= 6 and not text.endswith(tuple(".!?:,。！？：、"))
    worded = text[:1].isalnum() and re.search(r"[^\W\d_]", text) is not None
    tagged = len(block.inline.badges) > 1 and " ".join(block.inline.badges) == block.text  # a row of chips
    return (
        short
        and worded
        and not (linked or tagged or _OF_TIME.fullmatch(text) or _BUTTON.fullmatch(text) or _SIZE.match(text))
    )


def is_set_apart(text: str, block: Paragraph, subjects: Collection[Subject], following: Sequence[Block]) -> bool:
    """Whether a line is the title of the prices below it: in bold, a term, or the first line of a section."""
    below = [each for each in following if isinstance(each, Paragraph)]
    if fold(" ".join(block.inline.strong)) == text:
        numbered = any(re.search(r"\d", subject.name) for subject in subjects) and not re.search(r"\d", text)
        described = below[:1] and below[0].text.endswith(".") and not has_money(below[0].text)
        return not numbered and any(map(leads, below[1:2] if described else below[:1]))
    named = re.search(r"\d", text) is not None or any(map(leads, below[:1]))
    return named and all(is_no_name(subject.name) for subject in subjects) and any(map(leads, below))


def titles_below(blocks: Sequence[Block]) -> frozenset[str]:
    """The lines of a section that name the price on the line below, where several such prices are of one unit.

    Prices of one unit and without a word of their own cannot all be of what the section's heading names.
    """
    titles: dict[str, tuple[str, object]] = {}
    above: Paragraph | None = None
    for block in blocks:
        if isinstance(block, Heading | Table):
            break
        if type(block) is not Paragraph:
            above = None
            continue
        text = fold(block.text)
        if not has_money(text):
            above = block if len(text) <= LONGEST and is_title(text, block) and not _says(text) else None
            continue
        quotes = read_quotes(text)
        bare = len(quotes) == 1 and not quotes[0].tail and _FROM.fullmatch(quotes[0].head)
        unit = quotes[0].unit if bare else None
        if unit is None or above is None or unit.name in ("month", "year", "seat-month", "seat-year"):
            return frozenset()
        titles[above.locator] = (fold(above.text), unit)
    names, units = {name for name, _ in titles.values()}, {unit for _, unit in titles.values()}
    return frozenset(titles) if len(titles) > 1 and len(names) == len(titles) and len(units) == 1 else frozenset()


def _says(text: str) -> bool:
    """Whether a line says what is billed or under which condition, and so is no name."""
    label, read = read_label(text), read_conditions(text)
    return (
        label.prices
        or not label.rest
        or bool(read.found and not read.rest)
        or (bool(label.modalities) and not label.rest)
    )


def leads(block: Block) -> bool:
    """Whether a line holds a price, or says of what the next one is."""
    if not isinstance(block, Paragraph):
        return False
    label = read_label(block.text)
    return has_money(block.text) or ((label.meters or label.price) and not label.rest)


def _of_plan(block: Heading, subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """A kind of seat is one of the plan above it: "Standard seat" under "Team"."""
    if len(subjects) != 1 or not block.headings or not re.search(r"\bseats?$", subjects[0].name, re.I):
        return subjects
    name = subjects[0].name
    return (replace(subjects[0], name=f"{block.headings[-1]} {name[0].lower()}{name[1:]}"),)
