"""What differs between two looks at a figure, a rule date or a watched text: the kind of event and its two sides."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from timeline.facts import Fact
from timeline.figures import Figure
from timeline.page_texts import PageText, changes
from timeline.rule_dates import RuleDate

Side = dict[str, Any]
Watched = Figure | RuleDate | PageText


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """An event in the making."""

    kind: str
    old: Side | None
    new: Side | None
    effective_at: str | None = None
    change_pct: Decimal | None = None
    direction: Literal["cut", "rise"] | None = None


def difference(was: Fact | None, now: Watched) -> Difference | None:
    """What is told of a fact that is there now; `was` None: it is there for the first time."""
    if isinstance(now, Figure):
        return _figure(was if isinstance(was, Figure) else None, now)
    if isinstance(now, RuleDate):
        return _rule(was if isinstance(was, RuleDate) else None, now)
    return _page(was, now) if isinstance(was, PageText) else None  # that it is watched now is no change


def gone(fact: Fact | None) -> Difference | None:
    """What is told of a fact that is there no more."""
    if isinstance(fact, Figure):
        return Difference(kind="figure.changed", old=figure_side(fact), new=None)
    if isinstance(fact, RuleDate):
        return Difference(kind="rule.dated", old=rule_side(fact), new=None, effective_at=fact.applies_from)
    return None


def figure_side(fact: Figure) -> Side:
    """One side of a figure event; numbers are text, what the table does not say is left out."""
    numbers = {"value": fact.number, "upto": fact.upto, "plus": fact.plus, "minus": fact.minus}
    side = {name: format(number, "f") for name, number in numbers.items() if number is not None}
    return side | ({"qualifier": fact.qualifier} if fact.qualifier else {}) | {"unit": fact.unit}


def rule_side(fact: RuleDate) -> Side:
    """One side of a rule event; who reads an alert has the sentence in it."""
    told = {"instrument": fact.instrument, "applies": fact.applies, "binding": fact.binding, "url": fact.url}
    return {"applies_from": fact.applies_from, **told, "quote": fact.quote}


def agree(one: str, two: str) -> bool:
    """A month agrees with each of its days: a page that tells less, or more, of it moves nothing."""
    return one.startswith(two) or two.startswith(one)


def per_cent(before: Decimal, after: Decimal) -> Decimal | None:
    """Of the size it had: -2 that became -1 rose by half."""
    return Decimal(format((after - before) * 100 / abs(before), ".2f")) if before else None


def _figure(was: Figure | None, now: Figure) -> Difference | None:
    """A figure that is there for the first time, or is another one: a margin of error alone is not told."""
    if was is None:
        return Difference(kind="figure.changed", old=None, new=figure_side(now))
    if was.told == now.told:
        return None
    moved = was.unit == now.unit and was.number != now.number
    return Difference(
        kind="figure.changed",
        old=figure_side(was),
        new=figure_side(now),
        change_pct=per_cent(was.number, now.number) if moved else None,
        direction=None if not moved else "cut" if now.number < was.number else "rise",
    )


def _rule(was: RuleDate | None, now: RuleDate) -> Difference | None:
    """A day from which a rule binds, for the first time or another one. In more detail it is the same day."""
    if was and was.applies_from and now.applies_from and agree(was.applies_from, now.applies_from):
        return None
    old = rule_side(was) if was else None
    return Difference(kind="rule.dated", old=old, new=rule_side(now), effective_at=now.applies_from)


def _page(was: PageText, now: PageText) -> Difference:
    found, removed, added = changes(was.text, now.text)
    new: Side = {"sha256": now.sha256, "title": now.title, "part": now.part, "url": now.url}
    new |= {"removed": removed, "added": added, "changes": found}
    return Difference(kind="page.changed", old={"sha256": was.sha256}, new=new)
