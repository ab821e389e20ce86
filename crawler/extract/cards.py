"""Price cards: a title, then labels and amounts on lines of their own, as pages without tables print them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Callout, Code, Component, Heading, ListItem, Paragraph, Table
from crawler.extract.card_titles import (
    FAR,
    LONGEST,
    is_of_prices,
    is_set_apart,
    is_title,
    of_heading,
    titled,
    titles_below,
)
from crawler.extract.conditions import Conditions, read_conditions
from crawler.extract.grids import Inline
from crawler.extract.labels import Label, read_label
from crawler.extract.model_headings import is_generic
from crawler.extract.money import Quote, read_quotes
from crawler.extract.outcomes import Outcome, build_all, hint_of, together
from crawler.extract.price_facts import Around, Setting
from crawler.extract.price_names import Subject, read_subjects
from crawler.extract.units import Unit, find_units, fold

_EYEBROWS = ("priceEyebrow", "priceeyebrow", "eyebrow", "prefix")
_INTERVALS = ("interval", "period", "per")
_LONGEST_HEAD = 24
_LONGEST_PLAN = 160  # of one that says how a subscription is billed
_OPERATION = re.compile(r"(?:write|writes|writing|read|reads|hit|hits|storage|creation|refresh|input)s?:?", re.I)
_COUNTED = re.compile(r"^\W*(?:per|each)\b|\((?:/|per\b|每)[^()]*\)", re.I)
_SPARED = re.compile(  # "You save $40 per month"
    r"\b(?:sav(?:e|es|ed|ing)|cut|cuts|spend|spends|spent)\b[^:]*$", re.I
)
_CREDIT = re.compile(r"\bcredits?\b|额度", re.I)  # money to spend is no price
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
    modality: Label | None = None  # "Audio"
    unit: Label | None = None  # "Per million tokens"
    tier: Conditions = field(default_factory=dict)
    titles: frozenset[str] = frozenset()  # locators of the lines that name the prices below them; no other line does


def read_cards(blocks: Sequence[Block], setting: Setting) -> Outcome:
    """The prices of all cards. A line that nothing gives a meaning to is left alone."""
    return together(_walk(blocks, setting))


def _walk(blocks: Sequence[Block], setting: Setting) -> Iterator[Outcome]:
    card = _Card()
    for index, block in enumerate(blocks):
        if isinstance(block, Heading):
            label = read_label(block.text)
            billed = label if label.meters and not label.rest and block.headings else None
            card = _Card(
                subjects=of_heading(block, setting.at),
                family=billed,
                titles=titles_below(blocks[index + 1 : index + FAR]),
            )
        elif isinstance(block, Component) and block.props.get("price"):
            yield _component(block, setting)
        elif isinstance(block, Table | Code | Component):
            card = _Card(subjects=card.subjects, used=True)
        elif isinstance(block, Paragraph) and not isinstance(block, Callout):
            text = fold(block.text)
            priced = has_money(text)
            if len(text) > (_LONGEST_PLAN if priced else LONGEST) or "\n" in text:
                continue
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            if isinstance(block, ListItem):
                yield _priced(text, block, card, None, setting) if priced and _only_prices(text) else Outcome()
            elif priced:
                yield _priced(text, block, card, following, setting)
                card.used = True
            elif any(quote.state == "free" for quote in read_quotes(text)):
                card.used = True  # "Output: free", of the title above: what follows may be another's
            else:
                hear = _take_title if card.titles else _listen
                hear(text, block, card, blocks[index + 1 : index + 4], setting.at)


def _listen(text: str, block: Paragraph, card: _Card, following: Sequence[Block], at: date) -> None:
    label = read_label(text)
    read = read_conditions(text)
    if read.found and not read.rest:
        _take_condition(text, read.found, card)
    elif card.family and _OPERATION.fullmatch(text) and card.family.cache:
        card.operation = text
    elif len(label.modalities) == 1 and not label.rest and not label.meters and not label.unit and card.subjects:
        card.modality, card.family, card.operation = label, None, ""
    elif label.meters and not label.rest:
        card.family, card.bound, card.operation = label, None, ""
    elif label.unit and (label.price or _COUNTED.search(text)):
        card.unit = label
        if label.rest:  # "Annotations (/1000 pages)"
            card.family = Label(text=text, conditions={"variant": label.rest})
    elif label.price and not label.rest:
        card.family, card.bound, card.operation = label, None, ""
    elif (
        not label.unit
        and is_title(text, block)
        and (card.used or not card.subjects or is_set_apart(text, block, card.subjects, following))
    ):
        card.used = False
        card.subjects = titled(block.inline, at)
        card.family = card.bound = card.modality = None
        card.operation, card.tier = "", {}


def _take_title(text: str, block: Paragraph, card: _Card, following: Sequence[Block], at: date) -> None:
    """In a section whose prices are named by the lines right above them no other line counts."""
    if block.locator in card.titles:
        card.subjects = titled(block.inline, at)


def _take_condition(text: str, found: Conditions, card: _Card) -> None:
    """A line that says a condition and nothing else."""
    if "service_tier" in found or "plan" in found:
        card.tier = found
    else:
        card.bound, card.operation = Label(text=text, conditions=found), ""


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


def _begins_with_name(quote: Quote, card: _Card) -> bool:
    """Whether a line begins with a model's name, and stands under none: "Opal-8b $0.02 per 1M input tokens"."""
    label = read_label(quote.head)
    said = label.meters or label.price or label.conditions or label.unit or not label.rest
    named = re.search(r"[A-Za-z]", quote.head) and re.search(r"\d", quote.head)
    return bool(named and not said) and not any(re.search(r"\d", subject.name) for subject in card.subjects)


def _priced(text: str, block: Paragraph, card: _Card, following: Block | None, setting: Setting) -> Outcome:
    quotes = read_quotes(text)
    lent = any(_CREDIT.search(quote.tail) or _SPARED.search(quote.head) for quote in quotes)
    if not quotes or lent or len(quotes[0].head) > _LONGEST_HEAD or _names_another(quotes[0]):
        return Outcome()
    if text.endswith(".") and (re.search(r"\bcosts?$", quotes[0].head, re.I) or not any(q.unit for q in quotes)):
        return Outcome()  # "Web search costs $8 per 1,000 searches." says itself whose price it is: a sentence
    if _begins_with_name(quotes[0], card):
        card = replace(card, subjects=read_subjects(Inline(text=quotes[0].head), at=setting.at))
        quotes = (replace(quotes[0], head=""), *quotes[1:])
    if all(is_of_prices(subject.name) for subject in card.subjects):  # none, or none that is a name
        return Outcome()
    labels = _labels(card)
    own = [read_label(f"{quote.head} {quote.phrase} {quote.tail}") for quote in quotes]
    named = any(label.meters or label.price for label in (*labels, *own))
    around = Around(locator=block.locator, conditions=card.tier)
    if not named and (plan := _plan(quotes, following, card)):
        return together(
            build_all([quote], card.subjects, replace(around, conditions=found), setting) for quote, found in plan
        )
    long = len(text) > LONGEST or any(len(each.head) > _LONGEST_HEAD or len(each.tail) > 30 for each in quotes)
    if long or not _is_understood(quotes, labels, card, named=named):
        return Outcome()
    around = replace(around, labels=labels, hint=hint_of(card.subjects[0].name))
    return build_all(quotes, card.subjects, around, setting)


def _labels(card: _Card) -> tuple[Label, ...]:
    """What the lines before a price say about it, outermost first."""
    labels = tuple(label for label in (card.unit, card.modality, card.family, card.bound) if label)
    if card.operation and card.family:
        return (*labels, replace(read_label(f"{card.family.text} {card.operation}"), conditions={}))
    return labels


def _is_understood(quotes: Sequence[Quote], labels: Sequence[Label], card: _Card, *, named: bool) -> bool:
    """Whether the lines say for how much of what a price is."""
    printed = [*(quote.unit for quote in quotes), *(label.unit for label in labels)]
    units = [unit for unit in printed if unit]
    specific = any(unit.name not in ("token", "") for unit in units)
    return bool(units) and (named or specific or _is_one_price(quotes, card))


def _is_one_price(quotes: Sequence[Quote], card: _Card) -> bool:
    """Whether a line is an amount and what it is for, under a name that is no section's."""
    alone = len(quotes) == 1 and quotes[0].unit is not None and not (quotes[0].head or quotes[0].tail)
    return alone and not any(is_generic(subject.name) for subject in card.subjects)


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
