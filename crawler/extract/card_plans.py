"""Subscriptions told on cards: "$25", and under it "Per person / month, billed annually. $30 if billed monthly"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from crawler.extract.blocks import Block, Component, Paragraph
from crawler.extract.conditions import Conditions
from crawler.extract.grids import Inline
from crawler.extract.money import Quote, read_quotes
from crawler.extract.outcomes import Outcome, build_all, together
from crawler.extract.price_facts import Around, Setting
from crawler.extract.price_names import read_subjects
from crawler.extract.units import Unit, find_units, fold

LONGEST = 160  # characters of a line that says how a subscription is billed
_EYEBROWS = ("priceEyebrow", "priceeyebrow", "eyebrow", "prefix")
_INTERVALS = ("interval", "period", "per")
_BILLED = re.compile(
    r"\b(?:billed|paid|with) (?:an? )?(annual(?:ly)?|yearly|monthly|month to month)\b|"
    r"\b(annual) (?:subscription|plan|billing)",
    re.I,
)


def plan_of(quotes: Sequence[Quote], following: Block | None, tier: Conditions) -> tuple[tuple[Quote, Conditions], ...]:
    """A subscription: "$25", and under it "Per person / month with annual subscription. $30 if billed monthly"."""
    below = following.text if isinstance(following, Paragraph) and len(following.text) < LONGEST else ""
    quote = quotes[0]
    words = fold(below) if re.match(r"\W*(?:per|/|a|billed)\b|\W*/", fold(below), re.I) else ""
    unit = _period(quote, words)
    others = [*quotes[1:], *read_quotes(words)]
    if unit is None or any(not billing_of(other.tail) for other in quotes[1:]):
        return ()
    found: list[tuple[Quote, Conditions]] = [
        (replace(quote, unit=unit, tail=""), tier | billing_of(f"{quote.tail} {words.split('.')[0]}"))
    ]
    for other in others:
        if billed := billing_of(other.tail):
            found.append((replace(other, unit=unit, head="", tail="", group=""), tier | billed))
    return tuple(found)


def _period(quote: Quote, words: str) -> Unit | None:
    """A subscription's period, for one person: printed after the amount, or below it."""
    unit = quote.unit or next((each.unit for each in find_units(words) if each.led), None)
    name = unit.name if unit else ""
    if name in ("seat", "person") and re.search(r"\bmonth(?:ly)?\b", words, re.I):
        name = "month"
    period = name.removeprefix("seat-")
    return Unit(per=Decimal(1), name=f"seat-{period}") if period in ("month", "year") else None


def read_component(block: Component, setting: Setting) -> Outcome:
    """A plan's card as a component: its name, price and interval are props."""
    name, price = str(block.props.get("name") or block.props.get("title") or ""), str(block.props["price"])
    eyebrow, interval = (
        next((str(block.props[key]) for key in keys if block.props.get(key)), "") for keys in (_EYEBROWS, _INTERVALS)
    )
    quotes = read_quotes(" ".join(f"{eyebrow} {price} {interval}".split()))
    plans = plan_of(quotes, None, {}) if len(quotes) == 1 else ()
    subjects = read_subjects(Inline(text=name), at=setting.at)
    if not plans or not subjects:
        return Outcome()
    return together(build_all([quote], subjects, Around(locator=block.locator), setting) for quote, _ in plans)


def billing_of(words: str) -> Conditions:
    """How a subscription is billed, where words say it: "billed annually"."""
    if match := _BILLED.search(words):
        period = (match[1] or match[2]).lower()
        return {"commitment": "annual" if period.startswith(("annual", "year")) else "monthly"}
    return {}
