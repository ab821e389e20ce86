"""An open price card, and what one of its lines can be: a name of its own, a list of amounts, one price."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crawler.extract.blocks import Paragraph
from crawler.extract.card_entries import is_glued
from crawler.extract.conditions import Conditions
from crawler.extract.labels import Label, read_label
from crawler.extract.model_headings import is_generic
from crawler.extract.money import Quote, read_quotes
from crawler.extract.price_names import Subject
from crawler.extract.units import fold


@dataclass(kw_only=True, slots=True)
class Card:
    """What has been read since the last title."""

    subjects: tuple[Subject, ...] = ()
    loose: bool = False  # its title is a line, no heading
    used: bool = False  # it has given a price: the next short line may be the title of another card
    family: Label | None = None  # "Input", "Prompt caching"
    bound: Label | None = None  # "Prompts ≤ 200K tokens"
    operation: str = ""  # "Write"
    modality: Label | None = None  # "Audio"
    unit: Label | None = None  # "Per million tokens"
    panel: tuple[str, ...] = ()  # titles of the components around it
    stated: Label | None = None  # of the section: "All prices are per 1M tokens"
    tier: Conditions = field(default_factory=dict)
    titles: frozenset[str] = frozenset()  # locators of the lines that name the prices below them; no other line does


def only_prices(text: str, card: Card) -> bool:
    """Whether an entry of a list says what is billed, its price, and nothing else."""
    quotes = read_quotes(text)
    words = [words for quote in quotes for words in (quote.head, quote.tail) if words]
    if any(read_label(quote.head).unit and quote.unit for quote in quotes):
        return False  # "10 GB $0.50 / month" is counted twice
    counted = any(quote.unit for quote in quotes) or (card.stated is not None and bool(words))
    return counted and not any(read_label(each).rest for each in words)


def is_list(text: str) -> bool:
    """Whether a line is nothing but amounts, each with its unit and what it is for."""
    quotes = read_quotes(text)
    own = [read_label(f"{quote.head} {quote.phrase} {quote.tail}") for quote in quotes]
    return all(q.unit and label.meters and not label.rest for q, label in zip(quotes, own, strict=True))


def names_another(quote: Quote) -> bool:
    """Whether a line begins with a name of its own: "Web search: $0.03 per call"."""
    label = read_label(quote.head)
    said = label.meters or label.price or label.conditions or label.unit
    return bool(label.rest and not said and re.match(rf"\W*{re.escape(quote.head)}\W*:", quote.printed))


def begins_with_name(quote: Quote, card: Card) -> bool:
    """Whether a line begins with a model's name, and stands under none: "Opal-8b $0.02 per 1M input tokens"."""
    label = read_label(quote.head)
    said = label.meters or label.price or label.conditions or label.unit or not label.rest
    named = re.search(r"[A-Za-z]", quote.head) and (re.search(r"\d", quote.head) or _is_of_section(quote, card))
    return bool(named and not said) and not any(re.search(r"\d", subject.name) for subject in card.subjects)


def _is_of_section(quote: Quote, card: Card) -> bool:
    """Whether a line is a row of its section: "Eleven Music$0.80 per minute" under "Music"."""
    words = quote.head.casefold().split()
    return is_glued(quote) or any(subject.name.casefold() in words for subject in card.subjects)


def kind_of(quotes: Sequence[Quote], block: Paragraph, card: Card) -> str:
    """Words in bold before a price that tell one way to use a thing from another: "**Standard** $0.08 per minute"."""
    head = quotes[0].head.strip(" :")
    told = head and head in map(fold, block.inline.strong) and not read_label(head).meters
    return head if told and len(quotes) == 1 and not any(head == subject.name for subject in card.subjects) else ""


def labels_of(card: Card) -> tuple[Label, ...]:
    """What the lines before a price say about it, outermost first."""
    labels = tuple(label for label in (card.unit, card.modality, card.family, card.bound) if label)
    if card.operation and card.family:
        return (*labels, replace(read_label(f"{card.family.text} {card.operation}"), conditions={}))
    return labels


def is_understood(quotes: Sequence[Quote], labels: Sequence[Label], card: Card, *, named: bool) -> bool:
    """Whether the lines say for how much of what a price is."""
    printed = [*(quote.unit for quote in quotes), *(label.unit for label in labels)]
    units = [unit for unit in printed if unit]
    if not units and card.stated:  # by the section: enough for what is said to be input or output
        own = [read_label(f"{quote.head} {quote.tail}") for quote in quotes]
        return all(label.meters and not label.rest for label in own) or any(label.meters for label in labels[-1:])
    specific = any(unit.name not in ("token", "") for unit in units)
    return bool(units) and (named or specific or _is_one_price(quotes, card))


def _is_one_price(quotes: Sequence[Quote], card: Card) -> bool:
    """Whether a line is an amount and what it is for, under a name that is no section's."""
    alone = len(quotes) == 1 and quotes[0].unit is not None and not (quotes[0].head or quotes[0].tail)
    return alone and not any(is_generic(subject.name) for subject in card.subjects)
