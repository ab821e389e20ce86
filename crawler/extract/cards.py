"""Price cards: a title, then labels and amounts on lines of their own, as pages without tables print them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Callout, Code, Component, Heading, ListItem, Paragraph, Table
from crawler.extract.conditions import Conditions, read_conditions
from crawler.extract.grids import Inline
from crawler.extract.labels import Label, read_label
from crawler.extract.money import Quote, read_quotes
from crawler.extract.outcomes import Outcome, build_all, hint_of, together
from crawler.extract.price_facts import Around, Setting
from crawler.extract.price_names import Subject, read_subjects
from crawler.extract.units import Unit, find_units, fold

_EYEBROWS = ("priceEyebrow", "priceeyebrow", "eyebrow", "prefix")
_INTERVALS = ("interval", "period", "per")
_LONGEST = 70  # characters of a line
_LONGEST_HEAD = 24
_LONGEST_PLAN = 160  # of one that says how a subscription is billed
_OPERATION = re.compile(r"(?:write|writes|writing|read|reads|hit|hits|storage|creation|refresh|input|output)s?:?", re.I)
_BUTTON = re.compile(
    r"(?:learn|read|see|view|find out) (?:more|all|details|docs)|contact.*|(?:get|start|"
    r"try|create|sign|log|buy|join|talk|request|explore|build)\b.*"
    r"|subscribe.*|upgrade.*|popular|most popular|new|recommended|everything in .*",
    re.I,
)
_COUNTED = re.compile(r"^\W*(?:per|each)\b|\((?:/|per\b|每)[^()]*\)", re.I)
_BILLED = re.compile(
    r"\b(?:billed|paid|with) (?:an? )?(annual(?:ly)?|yearly|monthly|month to month)\b|"
    r"\b(annual) (?:subscription|plan|billing)",
    re.I,
)


@dataclass(kw_only=True, slots=True)
class _Card:
    """What has been read since the last title."""

    subjects: tuple[Subject, ...] = ()
    used: bool = False  # it has given a price: the next short line may be the title of another card
    family: Label | None = None  # "Input", "Prompt caching"
    bound: Label | None = None  # "Prompts ≤ 200K tokens"
    operation: str = ""  # "Write"
    unit: Label | None = None  # "Per million tokens"
    tier: Conditions = field(default_factory=dict)


def read_cards(blocks: Sequence[Block], setting: Setting) -> Outcome:
    """The prices of all cards. A line that nothing gives a meaning to is left alone."""
    return together(_walk(blocks, setting))


def _walk(blocks: Sequence[Block], setting: Setting) -> Iterator[Outcome]:
    card = _Card()
    for index, block in enumerate(blocks):
        if isinstance(block, Heading):
            card = _Card(subjects=_of_plan(block, _titled(block.inline, setting.at)))
        elif isinstance(block, Component) and block.props.get("price"):
            yield _component(block, setting)
        elif isinstance(block, Table | Code | Component):
            card = _Card(subjects=card.subjects, used=True)
        elif isinstance(block, Paragraph) and not isinstance(block, Callout):
            text = fold(block.text)
            priced = has_money(text)
            if len(text) > (_LONGEST_PLAN if priced else _LONGEST) or "\n" in text:
                continue
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            if isinstance(block, ListItem):
                yield _priced(text, block, card, None, setting) if priced and _only_prices(text) else Outcome()
            elif priced:
                yield _priced(text, block, card, following, setting)
                card.used = True
            else:
                _listen(text, block, card, following, setting.at)


def _listen(text: str, block: Paragraph, card: _Card, following: Block | None, at: date) -> None:
    label = read_label(text)
    read = read_conditions(text)
    if read.found and not read.rest:
        if "service_tier" in read.found or "plan" in read.found:
            card.tier = read.found
        else:
            card.bound, card.operation = Label(text=text, conditions=read.found), ""
    elif card.family and _OPERATION.fullmatch(text) and card.family.cache:
        card.operation = text
    elif label.meters and not label.rest:
        card.family, card.bound, card.operation = label, None, ""
    elif label.unit and (label.price or _COUNTED.search(text)):
        card.unit = label
        if label.rest:  # "Annotations (/1000 pages)"
            card.family = Label(text=text, conditions={"variant": label.rest})
    elif label.price and not label.rest:
        card.family, card.bound, card.operation = label, None, ""
    elif _is_title(text, block) and (card.used or not card.subjects or _is_set_apart(text, block, card, following)):
        card.used = False
        card.subjects = _titled(block.inline, at)
        card.family = card.bound = None
        card.operation, card.tier = "", {}


def _is_title(text: str, block: Paragraph) -> bool:
    linked = sum(len(link.text) for link in block.inline.links) >= len(text) - 2
    short = 1 <= len(text.split()) <= 6 and not text.endswith((".", "!", "?", ":", ","))
    return short and not linked and not _BUTTON.fullmatch(text) and text[0].isalnum()


def _is_set_apart(text: str, block: Paragraph, card: _Card, following: Block | None) -> bool:
    """Whether a line in bold, or a term with its definition, is the title of the prices right below it."""
    if fold(" ".join(block.inline.strong)) != text or not isinstance(following, Paragraph):
        return False
    below = fold(following.text)
    label = read_label(below)
    numbered = any(re.search(r"\d", subject.name) for subject in card.subjects) and not re.search(r"\d", text)
    return not numbered and (has_money(below) or ((label.meters or label.price) and not label.rest))


def _only_prices(text: str) -> bool:
    """Whether an entry of a list says what is billed, its price, and nothing else."""
    quotes = read_quotes(text)
    words = [words for quote in quotes for words in (quote.head, quote.tail) if words]
    return any(quote.unit for quote in quotes) and not any(read_label(each).rest for each in words)


def _names_another(quote: Quote) -> bool:
    """Whether a line begins with a name of its own: "Web search: $0.03 per call"."""
    label = read_label(quote.head)
    said = label.meters or label.price or label.conditions or label.unit
    return bool(label.rest and not said and re.match(rf"\W*{re.escape(quote.head)}\W*:", quote.printed))


def _of_plan(block: Heading, subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """A kind of seat is one of the plan above it: "Standard seat" under "Team"."""
    if len(subjects) != 1 or not block.headings or not re.search(r"\bseats?$", subjects[0].name, re.I):
        return subjects
    name = subjects[0].name
    return (replace(subjects[0], name=f"{block.headings[-1]} {name[0].lower()}{name[1:]}"),)


def _titled(inline: Inline, at: date) -> tuple[Subject, ...]:
    return read_subjects(inline, at=at) if len(inline.text) <= _LONGEST else ()


def _priced(text: str, block: Paragraph, card: _Card, following: Block | None, setting: Setting) -> Outcome:
    quotes = read_quotes(text)
    if not card.subjects or not quotes or len(quotes[0].head) > _LONGEST_HEAD or _names_another(quotes[0]):
        return Outcome()
    labels = tuple(label for label in (card.unit, card.family, card.bound) if label)
    if card.operation and card.family:
        labels = (*labels, replace(read_label(f"{card.family.text} {card.operation}"), conditions={}))
    own = [read_label(f"{quote.head} {quote.phrase} {quote.tail}") for quote in quotes]
    named = any(label.meters or label.price for label in (*labels, *own))
    plan = _plan(quotes, following, card) if not named else ()
    if plan:
        around = Around(locator=block.locator, conditions=card.tier)
        return together(
            build_all([quote], card.subjects, replace(around, conditions=found), setting) for quote, found in plan
        )
    if len(text) > _LONGEST or any(len(each.head) > _LONGEST_HEAD or len(each.tail) > 30 for each in quotes):
        return Outcome()
    specific = any(quote.unit and quote.unit.name not in ("token", "") for quote in quotes)
    if not named and not specific:
        return Outcome()
    if not any(quote.unit for quote in quotes) and not any(label.unit for label in labels):
        return Outcome()
    hint = hint_of(card.subjects[0].name)
    around = Around(labels=labels, conditions=card.tier, hint=hint, locator=block.locator)
    return build_all(quotes, card.subjects, around, setting)


def _plan(quotes: Sequence[Quote], following: Block | None, card: _Card) -> tuple[tuple[Quote, Conditions], ...]:
    """A subscription: "$25", and under it "Per person / month with annual subscription. $30 if billed monthly"."""
    below = following.text if isinstance(following, Paragraph) and len(following.text) < _LONGEST_PLAN else ""
    quote = quotes[0]
    words = fold(below) if re.match(r"\W*(?:per|/|a|billed)\b|\W*/", fold(below), re.I) else ""
    unit = _period(quote, words)
    others = [*quotes[1:], *read_quotes(words)]
    if unit is None or any(not _billing(other.tail) for other in quotes[1:]):
        return ()
    found: list[tuple[Quote, Conditions]] = [
        (replace(quote, unit=unit, tail=""), card.tier | _billing(f"{quote.tail} {words.split('.')[0]}"))
    ]
    for other in others:
        if billed := _billing(other.tail):
            found.append((replace(other, unit=unit, head="", tail="", group=""), card.tier | billed))
    return tuple(found)


def _period(quote: Quote, words: str) -> Unit | None:
    """A subscription's period, for one person: printed after the amount, or below it."""
    unit = quote.unit or next((each.unit for each in find_units(words) if each.led), None)
    name = unit.name if unit else ""
    if name in ("seat", "person") and re.search(r"\bmonth(?:ly)?\b", words, re.I):
        name = "month"
    period = name.removeprefix("seat-")
    return Unit(per=Decimal(1), name=f"seat-{period}") if period in ("month", "year") else None


def _component(block: Component, setting: Setting) -> Outcome:
    """A plan's card as a component: its name, price and interval are props."""
    name, price = str(block.props.get("name") or block.props.get("title") or ""), str(block.props["price"])
    eyebrow, interval = (
        next((str(block.props[key]) for key in keys if block.props.get(key)), "") for keys in (_EYEBROWS, _INTERVALS)
    )
    quotes = read_quotes(" ".join(f"{eyebrow} {price} {interval}".split()))
    plans = _plan(quotes, None, _Card()) if len(quotes) == 1 else ()
    subjects = read_subjects(Inline(text=name), at=setting.at)
    if not plans or not subjects:
        return Outcome()
    return together(build_all([quote], subjects, Around(locator=block.locator), setting) for quote, _ in plans)


def _billing(words: str) -> Conditions:
    if match := _BILLED.search(words):
        period = (match[1] or match[2]).lower()
        return {"commitment": "annual" if period.startswith(("annual", "year")) else "monthly"}
    return {}
