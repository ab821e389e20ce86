"""What differs between two looks at a source: keyed statements, compared by meaning and never by print."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from timeline.facts import Fact, to_json
from timeline.keys import canonical, digest
from timeline.news import NewsItem
from timeline.notices import Notice
from timeline.prices import PricePoint, compared

Statement = tuple[
    Fact, ...
]  # all that one look says of one key: mostly one fact; a price and the price planned after it
Statements = Mapping[str, Statement]


@dataclass(frozen=True, kw_only=True, slots=True)
class Diff:
    """What turns one set of statements into another: the new statements, and the last ones of what vanished."""

    appeared: Statements = field(default_factory=dict)
    changed: Statements = field(default_factory=dict)
    vanished: Statements = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.appeared or self.changed or self.vanished)


def state(facts: Iterable[Fact]) -> dict[str, Statement]:
    """Facts by key. Facts that say the same twice count once; the order in which they came does not matter."""
    stated: dict[str, Statement] = {}
    more: dict[str, list[Fact]] = {}
    for fact in facts:
        key = fact.key
        if key not in stated:
            stated[key] = (fact,)
        elif stated[key][0] is not fact:
            more.setdefault(key, [*stated[key]]).append(fact)
    stated.update((key, _tidy(found)) for key, found in more.items())
    return stated


def diff(before: Statements, after: Statements) -> Diff:
    """What must be done to `before` to get `after`, by meaning: a moved row or a reprinted amount is no change."""
    return Diff(
        appeared={key: after[key] for key in after.keys() - before.keys()},
        changed={
            key: statement
            for key, statement in after.items()
            if (old := before.get(key)) is not None and old != statement and signature(old) != signature(statement)
        },
        vanished={key: before[key] for key in before.keys() - after.keys()},
    )


def replay(before: Statements, change: Diff) -> dict[str, Statement]:
    """`before` with the change applied: `replay(a, diff(a, b))` means the same as b."""
    kept = {key: statement for key, statement in before.items() if key not in change.vanished}
    return {**kept, **change.changed, **change.appeared}


def signature(statement: Statement) -> str:
    """The meaning of a statement as text: equal for equal meaning, whatever the print."""
    if len(statement) == 1:
        return _meaning(statement[0])
    return ";".join(sorted(map(_meaning, statement)))


def is_soft(fact: PricePoint) -> bool:
    """True where the stated end is a promise and no end: "at least until"."""
    return fact.qualifier is not None and "at least" in fact.qualifier.casefold()


def _meaning(fact: Fact) -> str:
    if isinstance(fact, PricePoint):
        meaning = f"{fact.state} {_number(fact.amount, fact.per)}"
        if fact.effective_from is None and fact.effective_to is None:
            return meaning
        return f"{meaning} {fact.effective_from}/{fact.effective_to}{'+' if is_soft(fact) else ''}"
    if isinstance(fact, Notice):
        return canonical([fact.labelled, *fact.value[:-1], sorted(fact.replacements)])
    return digest(fact.value)


@lru_cache(maxsize=65536)
def _number(amount: Decimal | None, per: Decimal) -> str:
    """The amount for one unit as far as it is a price; a catalogue has far fewer amounts than prices."""
    return "" if amount is None else str(compared(amount / per).normalize())


def _tidy(facts: list[Fact]) -> Statement:
    """Each meaning once, in an order of its own. Of a news item told twice the newest telling counts."""
    if isinstance(facts[0], NewsItem):
        return (max(facts, key=_newest),)
    by_meaning: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda fact: canonical(to_json(fact))):
        by_meaning.setdefault(_meaning(fact), fact)
    return tuple(by_meaning[meaning] for meaning in sorted(by_meaning))


def _newest(fact: Fact) -> tuple[datetime, str]:
    published = fact.published_at if isinstance(fact, NewsItem) else None
    return published or datetime.min.replace(tzinfo=UTC), canonical(to_json(fact))
