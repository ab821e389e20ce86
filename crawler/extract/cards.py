"""Price cards: a title, then labels and amounts on lines of their own, as pages without tables print them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from crawler.extract import card_plans
from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Callout, Code, Component, Heading, ListItem, Paragraph, Table
from crawler.extract.card_entries import read_entry
from crawler.extract.card_lines import (
    Card,
    begins_with_name,
    is_list,
    is_understood,
    kind_of,
    labels_of,
    names_another,
    only_prices,
)
from crawler.extract.card_plans import billing_of, plan_of, read_component
from crawler.extract.card_titles import (
    FAR,
    LONGEST,
    is_dues,
    is_no_name,
    is_set_apart,
    is_title,
    leads,
    of_heading,
    titled,
    titles_below,
    without_size,
)
from crawler.extract.comparisons import is_comparison
from crawler.extract.conditions import Conditions, read_conditions
from crawler.extract.grids import Inline
from crawler.extract.labels import Label, read_label
from crawler.extract.money import Quote, read_quotes
from crawler.extract.outcomes import Outcome, build_all, hint_of, together
from crawler.extract.price_facts import Around, Setting
from crawler.extract.price_names import is_id, read_subjects
from crawler.extract.price_tables import is_worked
from crawler.extract.standing import stated_units
from crawler.extract.units import fold

_LONGEST_HEAD = 24
_OPERATION = re.compile(r"(?:write|writes|writing|read|reads|hit|hits|storage|creation|refresh|input)s?:?", re.I)
_COUNTED = re.compile(r"^\W*(?:per|each)\b|\((?:/|per\b|每)[^()]*\)", re.I)
_SPARED = re.compile(  # "You save $40 per month", "5 seats minimum ($125 / month)"
    r"\b(?:minimum|at least|sav(?:e|es|ed|ing)|cut|cuts|spend|spends|spent)\b[^:]*$", re.I
)
_FORMER = re.compile(r"\W*(?:old|previous|former|original|regular|list) prices?\W*|\W*(?:was|before)\W*", re.I)
_CREDIT = re.compile(r"\bcredits?\b|额度|無料|无偿|무료(?! 체험)", re.I)  # money to spend is no price


def read_cards(blocks: Sequence[Block], setting: Setting) -> Outcome:
    """The prices of all cards. A line that nothing gives a meaning to is left alone."""
    walk = _Walk(blocks, setting)
    return together(walk.read(index) for index in range(len(blocks)))


class _Walk:
    """One pass over a page's blocks, with the card that is open."""

    def __init__(self, blocks: Sequence[Block], setting: Setting) -> None:
        self.blocks = blocks
        self.setting = setting
        self.card = Card()
        self.stated: tuple[tuple[str, ...], Label] | None = None  # units, and the headings under which they hold

    def read(self, index: int) -> Outcome:
        """The prices of one block."""
        block = self.blocks[index]
        if any(map(is_comparison, block.headings[-2:])) or any(map(is_worked, block.headings[-2:])):
            return Outcome()
        if index and _is_former(self.blocks[index - 1]) and isinstance(block, Paragraph):
            return Outcome()
        if isinstance(block, Heading):
            self._begin(block, self.blocks[index + 1 : index + FAR])
        elif isinstance(block, Component) and block.props.get("price"):
            return read_component(block, self.setting)
        elif isinstance(block, Table | Code | Component):
            self.card = Card(subjects=self.card.subjects, used=True, stated=self.card.stated)
        elif isinstance(block, Paragraph) and not isinstance(block, Callout):
            return self._line(block, self.blocks[index + 1 : index + 4])
        return Outcome()

    def _begin(self, heading: Heading, following: Sequence[Block]) -> None:
        label = read_label(heading.text)
        billed = label if label.meters and not label.rest and heading.headings else None
        holds = self.stated is not None and heading.headings[: len(self.stated[0])] == self.stated[0]
        self.card = Card(
            subjects=of_heading(heading, self.setting.at),
            family=billed,
            titles=titles_below(following),
            panel=heading.labels,
            stated=self.stated[1] if self.stated and holds else None,
        )

    def _line(self, block: Paragraph, following: Sequence[Block]) -> Outcome:
        if block.labels != self.card.panel:
            self.card = _of_panel(block, self.card, self.setting.at)
        text = fold(block.text)
        priced = has_money(text)
        if not isinstance(block, ListItem) and (units := stated_units(block.text)) and units.unit:
            self.card.stated = Label(text=units.text, unit=units.unit, currencies=units.currencies)
            self.stated = (block.headings, self.card.stated)
        if len(text) > (card_plans.LONGEST if priced else LONGEST) or "\n" in text:
            return Outcome()
        if isinstance(block, ListItem):
            return self._item(text, block) if priced else self._entry(text, block, following)
        if priced:
            outcome = _priced(text, block, self.card, next(iter(following), None), self.setting)
            self.card.used = True
            return outcome
        if any(quote.state == "free" for quote in read_quotes(text)):
            self.card.used = True  # "Output: free", of the title above: what follows may be another's
        else:
            hear = _take_title if self.card.titles else _listen
            hear(text, block, self.card, following, self.setting.at)
        return Outcome()

    def _entry(self, text: str, block: ListItem, following: Sequence[Block]) -> Outcome:
        """An entry without a price, of whose name the prices of the list inside it are: "Opal 4 (200K context)"."""
        inner = next(iter(following), None)
        if isinstance(inner, ListItem) and inner.depth > block.depth and leads(inner):
            marked = (*block.inline.strong, *(link.text for link in block.inline.links), *block.inline.code)
            name = next((each for each in marked if text.startswith(fold(each))), text)
            self.card = Card(subjects=titled(Inline(text=name), self.setting.at), stated=self.card.stated)
        return Outcome()

    def _item(self, text: str, block: ListItem) -> Outcome:
        text = without_size(text)
        only = only_prices(text, self.card)
        outcome = _priced(text, block, self.card, None, self.setting) if only else read_entry(text, block, self.setting)
        self.card.used = self.card.used or bool(outcome.facts)
        return outcome


def _is_former(block: Block) -> bool:
    """Whether a line says that the amount below it is the old one."""
    return isinstance(block, Paragraph) and _FORMER.fullmatch(fold(block.text)) is not None


def _of_panel(block: Paragraph, card: Card, at: date) -> Card:
    """The card that begins with another component around it, of the title of that where it is a name."""
    title = block.labels[-1] if block.labels else ""
    if not title or is_no_name(title) or title.endswith("?") or is_comparison(title):
        return replace(card, panel=block.labels)
    return Card(subjects=titled(Inline(text=title), at), panel=block.labels, stated=card.stated)


def _listen(text: str, block: Paragraph, card: Card, following: Sequence[Block], at: date) -> None:
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
        if label.rest and not billing_of(text):  # "Annotations (/1000 pages)"
            card.family = Label(text=text, conditions={"variant": label.rest})
    elif label.price and not label.rest:
        card.family, card.bound, card.operation = label, None, ""
    elif not label.unit and is_title(text, block, following) and not _is_new(text, block, card, following):
        card.subjects = () if card.used else card.subjects  # what follows may be another's, whose name is in doubt
    elif not label.unit and is_title(text, block, following):
        card.used, card.loose = False, True
        card.subjects = titled(block.inline, at)
        card.family = card.bound = card.modality = None
        card.operation, card.tier = "", {}


def _is_new(text: str, block: Paragraph, card: Card, following: Sequence[Block]) -> bool:
    """Whether a line that may be a title is one of another card than the last.

    Under no heading, where the words of menus stand too, a name has a figure; and a line with a figure is rather a
    name than the one before it without.
    """
    numbered = re.search(r"\d", text) is not None or is_id(text)
    if not card.subjects or card.used:
        return bool(block.headings) or numbered
    named = any(re.search(r"\d", subject.name) for subject in card.subjects)
    return (card.loose and numbered and not named) or is_set_apart(text, block, card.subjects, following)


def _take_title(text: str, block: Paragraph, card: Card, following: Sequence[Block], at: date) -> None:
    """In a section whose prices are named by the lines right above them no other line counts."""
    if block.locator in card.titles:
        card.subjects = titled(block.inline, at)


def _take_condition(text: str, found: Conditions, card: Card) -> None:
    """A line that says a condition and nothing else."""
    if "service_tier" in found or "plan" in found:
        card.tier = found
    else:
        card.bound, card.operation = Label(text=text, conditions=found), ""


def _is_modality(quote: Quote) -> bool:
    """Whether the words before an amount only say which kind of tokens: "Text: $0.12 / 1M tokens"."""
    label = read_label(quote.head)
    return bool(label.modalities) and not label.rest


def _priced(text: str, block: Paragraph, card: Card, following: Block | None, setting: Setting) -> Outcome:
    quotes = read_quotes(text)
    lent = any(is_dues(quote.head) and quote.unit is None for quote in quotes) or any(
        _CREDIT.search(quote.tail) or _SPARED.search(quote.head) for quote in quotes
    )
    if not quotes or lent or len(quotes[0].head) > _LONGEST_HEAD or names_another(quotes[0]):
        return Outcome()
    if text.endswith(".") and (re.search(r"\bcosts?$", quotes[0].head, re.I) or not any(q.unit for q in quotes)):
        return Outcome()  # "Web search costs $8 per 1,000 searches." says itself whose price it is: a sentence
    if begins_with_name(quotes[0], card):
        card = replace(card, subjects=read_subjects(Inline(text=quotes[0].head), at=setting.at))
        quotes = (replace(quotes[0], head=""), *quotes[1:])
    if all(is_no_name(subject.name) for subject in card.subjects):  # none, or none that is a name
        return Outcome()
    labels = labels_of(card)
    own = [read_label(f"{quote.head} {quote.phrase} {quote.tail}") for quote in quotes]
    named = any(label.meters or label.price for label in (*labels, *own)) or all(map(_is_modality, quotes))
    around = Around(locator=block.locator, conditions=card.tier | billing_of(quotes[0].tail))
    if not named and (plan := plan_of(quotes, following, card.tier)):
        return together(
            build_all([quote], card.subjects, replace(around, conditions=found), setting) for quote, found in plan
        )
    long = len(text) > LONGEST or any(len(each.head) > _LONGEST_HEAD or len(each.tail) > 30 for each in quotes)
    if (long and not is_list(text)) or not is_understood(quotes, labels, card, named=named):
        return Outcome()
    unit = card.stated.unit if card.stated else None
    kind = kind_of(quotes, block, card)
    conditions = around.conditions | ({"variant": kind} if kind else {})
    around = replace(around, labels=labels, unit=unit, hint=hint_of(card.subjects[0].name), conditions=conditions)
    return build_all(quotes, card.subjects, around, setting)
