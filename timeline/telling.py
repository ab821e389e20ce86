"""From two beliefs about one key to the events that tell the difference: at most one of a kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, TypedDict

from timeline import watched
from timeline.beliefs import Look
from timeline.doubts import SETTLE
from timeline.events import Event
from timeline.facts import Fact
from timeline.figures import Figure
from timeline.headlines import headline
from timeline.incidents import Incident
from timeline.keys import canonical
from timeline.news import NewsItem
from timeline.notices import Notice
from timeline.observations import Row, SourceInfo
from timeline.page_texts import PageText
from timeline.prices import PricePoint
from timeline.rule_dates import RuleDate
from timeline.spans import at_instant
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


def tell(change: Change) -> list[Event]:
    """The events of a look that shows the key, not yet numbered."""
    fact = change.new[-1].fact if change.new else None
    if isinstance(fact, PricePoint):
        return _price_events(change)
    if isinstance(fact, Notice):
        return _notice_events(change, fact)
    if isinstance(fact, ModelSpec):
        return _spec_events(change, fact)
    if isinstance(fact, Incident):
        return _incident_events(change, fact)
    if isinstance(fact, Figure | RuleDate | PageText):
        was = change.old[-1].fact if change.known and change.old else None
        return _watched_events(change, fact, watched.difference(was, fact))
    return [] if change.known or not isinstance(fact, NewsItem) else [_published(change, fact)]


def tell_price(change: Change, now: PricePoint) -> list[Event]:
    """The events of a key that has one undated price from the look on: what `tell` finds in the rows, without them."""
    return _moved(change, now, effective=None)


def tell_gone(change: Change) -> list[Event]:
    """The events of a key that is no longer listed."""
    if change.offer:
        return [_event(change, "price.delisted", change.offer, price_side(change.offer), None)]
    fact = change.old[-1].fact if change.old else None
    if isinstance(fact, Notice):
        return [_event(change, "model.delisted", fact, notice_side(fact), None)]
    if isinstance(fact, Figure | RuleDate | PageText):
        return _watched_events(change, fact, watched.gone(fact))
    planned = _planned(change.old, change.look.at)
    return [_withdrawn(change, starts, fact, None) for (starts, _), fact in planned.items()][:1]


def tell_effect(change: Change) -> list[Event]:
    """The event of a planned price that takes effect at `change.look.at`, by the calendar alone."""
    at = change.look.at
    row, before = at_instant(change.new, at), _before(change.new, at)
    if row is None or not isinstance(row.fact, PricePoint):
        return []
    return [
        replace(event, before=before.last if before else None, after=row.first, observed_after=None)
        for event in _moved(change, row.fact, effective=at.date().isoformat())
    ]


def tell_due(change: Change, notice: Notice, days: int) -> Event:
    """A retirement comes near: `days` is the milestone, `change.look.at` the instant at which it is told."""
    new = {"retires_on": notice.retires_on, "days": days}
    event = _event(change, "model.retirement_due", notice, None, new, effective_at=notice.retires_on)
    return replace(event, before=None, after=change.new[-1].first, observed_after=None)


def tell_repointed(change: Change, alias: PricePoint | Notice, old: Side, new: Side) -> Event:
    """A name that stands for another model from now on: no price was cut, no model listed."""
    event = _event(change, "model.alias_repointed", alias, old, new)
    key = canonical(["alias", alias.model])
    return _worded(replace(event, key=key, subject_kind="model", meter=None, conditions={}, model_id=new["model_id"]))


def price_side(fact: PricePoint, starts: datetime | None = None) -> Side:
    """One side of a price event; `effective_from` only on planned prices."""
    per = int(fact.per) if fact.per == fact.per.to_integral_value() else format(fact.per, "f")
    amount = None if fact.amount is None else format(fact.amount, "f")
    side = {"amount": amount, "state": fact.state, "currency": fact.currency, "per": per, "unit": fact.unit}
    return side | {"effective_from": starts.date().isoformat()} if starts else side


def notice_side(fact: Notice) -> Side:
    """One side of a listing or delisting."""
    dates = {"retires_on": fact.retires_on, "not_before": fact.not_before}
    return {"status": fact.status, **dates, "replacements": list(fact.replacements)}


def _price_events(change: Change) -> list[Event]:
    at = change.look.at
    new = at_instant(change.new, at)
    events = _moved(change, new.fact, effective=_stated(new.fact)) if new else []
    moved = bool(events)
    if not events and change.known:
        events = _corrected(change)
    planned_before = _planned(change.old, at) if change.known else {}
    planned = _planned(change.new, at)
    dropped = [(starts, fact) for (starts, value), fact in planned_before.items() if (starts, value) not in planned]
    if dropped and not (moved and new and new.fact.value == dropped[0][1].value):
        events.append(_withdrawn(change, *dropped[0], new))
    added = [(starts, fact) for (starts, value), fact in planned.items() if (starts, value) not in planned_before]
    return events + ([_scheduled(change, *added[0])] if added else [])


def _planned(rows: Sequence[Row], at: datetime) -> dict[tuple[datetime, object], PricePoint]:
    """The prices that start later, the next one first. Of several steps only the next is told; all are kept as rows."""
    return {
        (row.starts, row.fact.value): row.fact for row in rows if row.starts > at and isinstance(row.fact, PricePoint)
    }


def _stated(fact: Fact) -> str | None:
    stated = fact.effective_from if isinstance(fact, PricePoint) else None
    return stated.isoformat() if stated else None


def offered(change: Change) -> PricePoint | None:
    """The price on offer after a look: where the page does not say, the one before."""
    row = at_instant(change.new, change.look.at)
    if row is None or not isinstance(row.fact, PricePoint):
        return change.offer
    return None if row.fact.state == "not_offered" else row.fact


def _moved(change: Change, now: Fact, *, effective: str | None) -> list[Event]:
    """The event of a price that is now another one than was told last."""
    was = change.offer
    if not isinstance(now, PricePoint):
        return []
    gone = now.state == "not_offered"
    if was is None:
        listed = _event(change, "price.listed", now, None, price_side(now), effective_at=effective)
        return [] if gone else [listed]
    if gone:
        return [_event(change, "price.delisted", was, price_side(was), None, effective_at=effective)]
    if was.value == now.value:
        return []
    return [_compared(change, "price.changed", was, now, effective)]


def _corrected(change: Change) -> list[Event]:
    """The page restates a time that has passed."""
    at = change.look.at
    for row in change.new:
        for was in change.old:
            starts = max(row.starts, was.starts)
            ends = min(row.ends or at, was.ends or at, at)
            if starts >= ends or row.fact.value == was.fact.value:
                continue
            if isinstance(row.fact, PricePoint) and isinstance(was.fact, PricePoint):
                return [_compared(change, "price.corrected", was.fact, row.fact, starts.date().isoformat())]
    return []


def _scheduled(change: Change, starts: datetime, fact: PricePoint) -> Event:
    row = _before(change.new, starts)
    was = row.fact if row and isinstance(row.fact, PricePoint) else None
    event = _compared(change, "price.scheduled", was, fact, starts.date().isoformat())
    return _worded(replace(event, new=price_side(fact, starts)))


def _withdrawn(change: Change, starts: datetime, fact: PricePoint, stays: Row | None) -> Event:
    old = price_side(fact, starts)
    new = price_side(stays.fact) if stays and isinstance(stays.fact, PricePoint) else None
    return _event(change, "price.schedule_withdrawn", fact, old, new, effective_at=starts.date().isoformat())


def _compared(change: Change, kind: str, was: PricePoint | None, now: PricePoint, effective: str | None) -> Event:
    before, after = was.unit_amount if was else None, now.unit_amount
    pct: Decimal | None = None
    direction: Literal["cut", "rise"] | None = None
    if before is not None and after is not None and before != after:
        direction = "cut" if after < before else "rise"
        pct = watched.per_cent(before, after)
    old, new = price_side(was) if was else None, price_side(now)
    return _event(change, kind, now, old, new, effective_at=effective, change_pct=pct, direction=direction)


def _before(rows: Sequence[Row], at: datetime) -> Row | None:
    """The last row that had ended by an instant."""
    ended = [row for row in rows if row.ends is not None and row.ends <= at]
    return ended[-1] if ended else None


def _notice_events(change: Change, new: Notice) -> list[Event]:
    was = change.old[-1].fact if change.known and change.old else None
    if not isinstance(was, Notice):
        return [_event(change, "model.listed", new, None, notice_side(new))]
    events = []
    if was.status != new.status:
        old_side, new_side = {"status": was.status}, {"status": new.status}
        events.append(_event(change, "model.status_changed", new, old_side, new_side, effective_at=_status_date(new)))
    old_dates = {"retires_on": was.retires_on, "not_before": was.not_before}
    new_dates = {"retires_on": new.retires_on, "not_before": new.not_before}
    if kind := _retirement_kind(was, new):
        date = new.retires_on or new.not_before
        events.append(_event(change, kind, new, old_dates, new_dates, effective_at=date))
    if set(was.replacements) != set(new.replacements):
        before, after = {"replacements": list(was.replacements)}, {"replacements": list(new.replacements)}
        events.append(_event(change, "model.replacement_changed", new, before, after))
    return events


def _retirement_kind(was: Notice, new: Notice) -> str | None:
    """A firm date where there was none is scheduled, also where there was a floor; a floor instead of it withdraws."""
    if (was.retires_on, was.not_before) == (new.retires_on, new.not_before):
        return None
    if was.retires_on and new.retires_on and watched.agree(was.retires_on, new.retires_on):
        return None
    if new.retires_on:
        return "model.retirement_moved" if was.retires_on else "model.retirement_scheduled"
    if new.not_before and not was.retires_on:
        return "model.retirement_moved" if was.not_before else "model.retirement_scheduled"
    return "model.retirement_withdrawn"


def _status_date(notice: Notice) -> str | None:
    if notice.status == "retired":
        return notice.retires_on
    return (notice.deprecates_on or notice.announced_on) if notice.status == "deprecated" else None


def _spec_events(change: Change, now: ModelSpec) -> list[Event]:
    """What a source restates of a model, field by field. That it begins to say so is no change of the model."""
    was = change.old[-1].fact if change.known and change.old else None
    if not isinstance(was, ModelSpec):
        return []
    before, after = was.says, now.says
    moved = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not moved:
        return []
    old, new = ({name: said.get(name) for name in moved} for said in (before, after))
    return [_event(change, "model.spec_changed", now, old, new)]


def _watched_events(change: Change, fact: Fact, found: watched.Difference | None) -> list[Event]:
    if found is None:
        return []
    event = _event(
        change,
        found.kind,
        fact,
        found.old,
        found.new,
        effective_at=found.effective_at,
        change_pct=found.change_pct,
        direction=found.direction,
    )
    return [event]


def _published(change: Change, item: NewsItem) -> Event:
    published = item.published_at.isoformat() if item.published_at else None
    new: Side = {"guid": item.guid, "title": item.title, "url": item.url, "published_at": published}
    if item.topics:
        new["topics"] = list(item.topics)
    return _event(change, "news.published", item, None, new, effective_at=published)


def _incident_events(change: Change, incident: Incident) -> list[Event]:
    """That it began, once, and that it ended, once: also where both happened between two looks."""
    events = []
    if not change.known:
        events.append(_of_incident(change, "incident.opened", incident, _time(incident.started_at)))
    ended_before = any(isinstance(row.fact, Incident) and row.fact.resolved_at for row in change.old)
    if incident.resolved_at is not None and not ended_before:
        events.append(_of_incident(change, "incident.resolved", incident, _time(incident.resolved_at)))
    return events


def _of_incident(change: Change, kind: str, incident: Incident, at: str | None) -> Event:
    side: Side = {"guid": incident.guid, "title": incident.title, "url": incident.url, "impact": incident.impact}
    side |= {"components": list(incident.components), "started_at": _time(incident.started_at)}
    if kind == "incident.resolved":
        side |= {"resolved_at": _time(incident.resolved_at), "minutes": incident.minutes}
    return _event(change, kind, incident, None, side, effective_at=at)


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _event(
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
    return _worded(event)


def _worded(event: Event) -> Event:
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
    if isinstance(fact, Notice | ModelSpec):
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
