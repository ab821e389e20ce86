"""A change of what is believed of a key, and the event that tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypedDict

from timeline.beliefs import Look
from timeline.doubts import SETTLE
from timeline.events import Event
from timeline.facts import Fact
from timeline.figures import Figure
from timeline.headlines import headline
from timeline.notices import Notice
from timeline.observations import Row, SourceInfo
from timeline.prices import PricePoint
from timeline.rule_dates import RuleDate
from timeline.specs import ModelSpec

SETTLING = ("catalogue", "reseller")  # kinds of trust: their facts apply at once, their alerts wait

Side = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What was and what is believed of a key after a look.

    `known`: the source listed it before the look. `offer`: the price that was told last, if one is on offer.
    """

    source: SourceInfo
    key: str
    old: Sequence[Row]
    new: Sequence[Row]
    known: bool
    look: Look
    offer: PricePoint | None = None


def told(
    change: Change,
    kind: str,
    fact: Fact,
    old: Side | None,
    new: Side | None,
    *,
    effective_at: str | None = None,
    change_pct: Decimal | None = None,
    direction: Literal["cut", "rise"] | None = None,
) -> Event:
    """The event that tells of a change, not yet numbered."""
    source, look = change.source, change.look
    settles = source.trust in SETTLING and not look.baseline
    event = Event(
        kind=kind,
        source=source.id,
        provider=fact.provider,
        key=change.key,
        subject_kind=_subject(fact),
        **_about(fact),
        old=old,
        new=new,
        change_pct=change_pct,
        direction=direction,
        effective_at=effective_at,
        observed_after=look.last.at if look.last else None,
        observed_at=look.at,
        origin=look.origin,
        trust=source.trust,
        baseline=look.baseline,
        late=look.late,
        before=look.last.ref if look.last else None,
        after=look.ref,
        locator=fact.locator,
        headline="",
        tell_after=look.at + SETTLE if settles else None,
    )
    return worded(event)


def worded(event: Event) -> Event:
    """An event just made, with its headline; written into it, as a copy of thirty fields costs more than all else."""
    object.__setattr__(event, "headline", headline(event))
    return event


def _about(fact: Fact) -> "_About":
    """What an event is about: a model and what of it is billed; the subject of a figure, its measure and its scope."""
    if isinstance(fact, PricePoint):
        return {"model": fact.model, "model_id": fact.model_id, "meter": fact.meter, "conditions": fact.conditions}
    if isinstance(fact, Figure):
        scope = {**fact.scope, **({"period": fact.period} if fact.period else {})}
        return {"model": fact.subject, "model_id": None, "meter": fact.measure, "conditions": scope}
    if isinstance(fact, RuleDate):
        told = {"jurisdiction": fact.jurisdiction, **({"applies": fact.applies} if fact.applies else {})}
        return {"model": fact.instrument, "model_id": None, "meter": None, "conditions": told}
    if isinstance(fact, Notice):
        return {"model": fact.model, "model_id": fact.model_id, "meter": None, "conditions": fact.scope}
    if isinstance(fact, ModelSpec):
        return {"model": fact.model, "model_id": fact.model_id, "meter": None, "conditions": {}}
    return {"model": None, "model_id": None, "meter": None, "conditions": {}}


class _About(TypedDict):
    model: str | None
    model_id: str | None
    meter: str | None
    conditions: Mapping[str, str | int]


def _subject(fact: Fact) -> str | None:
    if isinstance(fact, Notice):
        return fact.subject_kind
    if isinstance(fact, Figure | RuleDate):
        return fact.fact
    return "model" if isinstance(fact, PricePoint | ModelSpec) else None
