"""The events of prices: listed, changed, planned, withdrawn, corrected, delisted. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from timeline import watched
from timeline.changes import Change, Side, told, worded
from timeline.events import Event
from timeline.facts import Fact
from timeline.observations import Row
from timeline.prices import PricePoint
from timeline.spans import at_instant


def tell_prices(change: Change) -> list[Event]:
    """The events of a look that shows a price, not yet numbered."""
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


def tell_price(change: Change, now: PricePoint) -> list[Event]:
    """The events of a key that has one undated price from the look on: what `tell` finds in the rows, without them."""
    return _moved(change, now, effective=None)


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


def tell_end(change: Change) -> list[Event]:
    """The events of a price that is no longer listed: of what was on offer, else of what was planned next."""
    if change.offer:
        return [told(change, "price.delisted", change.offer, price_side(change.offer), None)]
    planned = _planned(change.old, change.look.at)
    return [_withdrawn(change, starts, fact, None) for (starts, _), fact in planned.items()][:1]


def offered(change: Change) -> PricePoint | None:
    """The price on offer after a look: where the page does not say, the one before."""
    row = at_instant(change.new, change.look.at)
    if row is None or not isinstance(row.fact, PricePoint):
        return change.offer
    return None if row.fact.state == "not_offered" else row.fact


def price_side(fact: PricePoint, starts: datetime | None = None) -> Side:
    """One side of a price event; `effective_from` only on planned prices."""
    per = int(fact.per) if fact.per == fact.per.to_integral_value() else format(fact.per, "f")
    amount = None if fact.amount is None else format(fact.amount, "f")
    side = {"amount": amount, "state": fact.state, "currency": fact.currency, "per": per, "unit": fact.unit}
    return side | {"effective_from": starts.date().isoformat()} if starts else side


def _moved(change: Change, now: Fact, *, effective: str | None) -> list[Event]:
    """The event of a price that is now another one than was told last."""
    was = change.offer
    if not isinstance(now, PricePoint):
        return []
    gone = now.state == "not_offered"
    if was is None:
        listed = told(change, "price.listed", now, None, price_side(now), effective_at=effective)
        return [] if gone else [listed]
    if gone:
        return [told(change, "price.delisted", was, price_side(was), None, effective_at=effective)]
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
    return worded(replace(event, new=price_side(fact, starts)))


def _withdrawn(change: Change, starts: datetime, fact: PricePoint, stays: Row | None) -> Event:
    old = price_side(fact, starts)
    new = price_side(stays.fact) if stays and isinstance(stays.fact, PricePoint) else None
    return told(change, "price.schedule_withdrawn", fact, old, new, effective_at=starts.date().isoformat())


def _compared(change: Change, kind: str, was: PricePoint | None, now: PricePoint, effective: str | None) -> Event:
    before, after = was.unit_amount if was else None, now.unit_amount
    pct: Decimal | None = None
    direction: Literal["cut", "rise"] | None = None
    if before is not None and after is not None and before != after:
        direction = "cut" if after < before else "rise"
        pct = watched.per_cent(before, after)
    old, new = price_side(was) if was else None, price_side(now)
    return told(change, kind, now, old, new, effective_at=effective, change_pct=pct, direction=direction)


def _planned(rows: Sequence[Row], at: datetime) -> dict[tuple[datetime, object], PricePoint]:
    """The prices that start later, the next one first. Of several steps only the next is told; all are kept as rows."""
    return {
        (row.starts, row.fact.value): row.fact for row in rows if row.starts > at and isinstance(row.fact, PricePoint)
    }


def _stated(fact: Fact) -> str | None:
    stated = fact.effective_from if isinstance(fact, PricePoint) else None
    return stated.isoformat() if stated else None


def _before(rows: Sequence[Row], at: datetime) -> Row | None:
    """The last row that had ended by an instant."""
    ended = [row for row in rows if row.ends is not None and row.ends <= at]
    return ended[-1] if ended else None
