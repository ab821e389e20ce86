"""What is held of a key, in words for a person: seen and not believed yet, or believed and not told yet."""

from collections.abc import Iterator
from datetime import datetime

from timeline.beliefs import Belief
from timeline.doubts import SETTLE
from timeline.facts import Fact
from timeline.figures import Figure
from timeline.headlines import amount, figure, measure
from timeline.notices import Notice
from timeline.observations import Held
from timeline.prices import PricePoint
from timeline.rule_dates import RuleDate
from timeline.specs import ModelSpec
from timeline.telling_prices import price_side
from timeline.watched import figure_side


def withheld(key: str, belief: Belief, at: datetime) -> Iterator[Held]:
    """All that is held of a key after a look at `at`."""
    yield from _waiting(key, belief)
    if belief.doubt:
        yield from _doubted(key, belief)
    elif belief.settling and belief.settling.until > at:
        until, model = belief.settling.until, _model(belief.rows[-1].fact) if belief.rows else None
        detail = f"told after {until.isoformat()} if it stands"
        yield Held(key=key, model=model, reason="settling", since=until - SETTLE, detail=detail, until=until)


def _waiting(key: str, belief: Belief) -> Iterator[Held]:
    """What was seen and is not believed."""
    fact = belief.rows[-1].fact if belief.rows else None
    if belief.hold:
        new = belief.hold.statement[0]
        detail = f"{_value(fact)} would become {_value(new)}" if fact else f"{_value(new)} would be listed"
        since = belief.hold.look.at
        yield Held(key=key, model=_model(new), reason=belief.hold.reason, since=since, detail=detail)
    if belief.gap:
        detail = f"{belief.gap.cover.detail}; believed: {_value(fact)}"
        reason = "conflict" if belief.gap.cover.contradicted else "not_shown"
        yield Held(key=key, model=_model(fact), reason=reason, since=belief.gap.look.at, detail=detail)
    elif belief.miss:
        since = belief.miss.look.at
        detail = f"not on the page; was {_value(fact)}"
        yield Held(key=key, model=_model(fact), reason="missing_once", since=since, detail=detail)
    if belief.conflict:
        detail = f"the page states more than one value; believed: {_value(fact)}"
        yield Held(key=key, model=_model(fact), reason="conflict", since=belief.conflict.at, detail=detail)


def _doubted(key: str, belief: Belief) -> Iterator[Held]:
    """What stands as a catalogue writes it and is told nobody, and what it was."""
    if belief.doubt and belief.rows:
        row, was = belief.rows[-1], belief.rows[-2].fact if len(belief.rows) > 1 else None
        detail = f"believed and not told: {_value(was)} became {_value(row.fact)}, which a catalogue alone cannot prove"
        yield Held(key=key, model=_model(row.fact), reason=belief.doubt.reason, since=row.starts, detail=detail)


def _model(fact: Fact | None) -> str | None:
    if isinstance(fact, Figure):
        return fact.subject
    if isinstance(fact, RuleDate):
        return fact.instrument
    return fact.model if isinstance(fact, PricePoint | Notice | ModelSpec) else None


def _value(fact: Fact | None) -> str:
    if isinstance(fact, PricePoint):
        return f"{fact.meter.replace('_', ' ')} {amount(price_side(fact))}"
    if fact is None:
        return "nothing"
    if isinstance(fact, ModelSpec):
        return "another specification"
    if isinstance(fact, Figure):
        return f"{measure(fact.measure)} {figure(figure_side(fact))}"
    if isinstance(fact, RuleDate):
        return f"{fact.instrument} {fact.binding.replace('_', ' ')} {fact.applies_from or ''}".rstrip()
    return _life(fact) if isinstance(fact, Notice) else fact.title


def _life(notice: Notice) -> str:
    use = f"use {' or '.join(notice.replacements)}" if notice.replacements else ""
    return " ".join(filter(None, (notice.status, notice.retires_on or notice.not_before, use)))
