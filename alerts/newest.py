"""The newest state: of several changes of one thing, told together, only what they come to; nothing if it came back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, Literal

from timeline.events import Event
from timeline.headlines import headline
from timeline.words import number

_FAMILIES: Final[Mapping[str, str]] = {
    "price.listed": "price",
    "price.changed": "price",
    "price.delisted": "price",
    "price.scheduled": "plan",
    "price.schedule_withdrawn": "plan",
    "model.status_changed": "status",
    "model.retirement_scheduled": "retirement",
    "model.retirement_moved": "retirement",
    "model.retirement_withdrawn": "retirement",
    "model.replacement_changed": "replacement",
    "model.listed": "listing",
    "model.delisted": "listing",
    "figure.changed": "figure",
    "source.broken": "health",
    "source.stale": "health",
    "source.recovered": "health",
    "funding.announced": "deal",
    "funding.updated": "deal",
    "wire.troubled": "health",
    "wire.recovered": "health",
}
"""Kinds that follow each other: what one of them says, a later one of the same family says anew."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One change to tell, and the ids of the events that it is made of, the newest last."""

    event: Event
    ids: tuple[str, ...]


def newest(events: Iterable[Event]) -> list[Told]:
    """What several events, in order, come to: from the first state to the last. Those that undo each other are gone.

    Events of one look at a source stand beside each other and are never put together.
    """
    chains: dict[tuple[str, ...], list[Event]] = {}
    for event in events:
        family = None if event.baseline else _FAMILIES.get(event.kind)  # how things were at the start tells nobody
        source = "" if family == "deal" else event.source  # each outlet tells a part of it
        own = (source, event.key, family) if family else (event.id,)
        chains.setdefault(own, []).append(event)
    found = [told for chain in chains.values() for told in _joined(chain)]
    return sorted(found, key=lambda told: _order(told.event))


def since(event: Event, old: Mapping[str, Any]) -> Event:
    """A change of a price or figure told from another value before it: what it was when it was told last."""
    return _figure(event, old, event.new) if event.kind == "figure.changed" else _worded(_moved(event, old, event.new))


def _order(event: Event) -> tuple[Any, ...]:
    return (event.observed_at, getattr(event, "position", 0))


def _joined(chain: Sequence[Event]) -> list[Told]:
    """One family of one key: a plan is undone by its withdrawal, everything else goes from first to last."""
    if len(chain) == 1 or len({event.observed_at for event in chain}) == 1:
        return [Told(event=event, ids=(event.id,)) for event in chain]
    if _FAMILIES[chain[0].kind] == "plan":
        return _plans(chain)
    first, last = chain[0], chain[-1]
    ids = tuple(event.id for event in chain)
    event = _deal(first, last) if _FAMILIES[last.kind] == "deal" else _between(first, last)
    return [] if event is None else [Told(event=event, ids=ids)]


def _between(first: Event, last: Event) -> Event | None:
    """The change from before the first event to after the last; None where that is none."""
    family = _FAMILIES[last.kind]
    if family == "health":  # broken, well again, broken again: as it was
        undone = first.kind.endswith(".recovered") != last.kind.endswith(".recovered")
        return None if undone else last
    old, new = first.old, last.new
    if _same(old, new):
        return None
    event = replace(last, observed_after=first.observed_after, before=first.before)
    if family == "price":
        return _worded(_moved(event, old, new))
    if family == "figure":
        return _figure(event, old, new)
    if family == "listing":
        return replace(event, old=old) if last.kind == "model.delisted" else last
    kind = _retirement(old or {}, new or {}) if family == "retirement" else last.kind
    return _worded(replace(event, kind=kind, old=old))


def _deal(first: Event, last: Event) -> Event | None:
    """A deal told for the first time as it is now; else what became of all that changed of it."""
    new = last.new or {}
    if first.kind == "funding.announced":
        return _worded(replace(last, kind=first.kind, old=None))
    old = {name: value for name, value in {**(last.old or {}), **(first.old or {})}.items() if value != new.get(name)}
    return _worded(replace(last, old=old)) if old else None


def _plans(chain: Sequence[Event]) -> list[Told]:
    """Plans that stand, and withdrawals of plans that were told before; a plan made and dropped is neither."""
    kept: list[Told] = []
    for event in chain:
        made = [told for told in kept if told.event.kind == "price.scheduled" and _same(told.event.new, event.old)]
        if event.kind == "price.schedule_withdrawn" and made:
            kept.remove(made[-1])
        else:
            kept.append(Told(event=event, ids=(event.id,)))
    return kept


def _moved(event: Event, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Event:
    """A price event with these sides: its kind, direction and per cent are what they come to."""
    kind = "price.listed" if old is None else "price.delisted" if new is None else "price.changed"
    if event.kind not in ("price.listed", "price.changed", "price.delisted"):
        kind = event.kind
    before, after = _unit_amount(old), _unit_amount(new)
    direction: Literal["cut", "rise"] | None = None
    pct = None
    if before is not None and after is not None and before != after:
        direction = "cut" if after < before else "rise"
        pct = Decimal(format((after - before) * 100 / before, ".2f")) if before else None
    return replace(event, kind=kind, old=old, new=new, direction=direction, change_pct=pct)


def _figure(event: Event, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Event:
    """A figure event with these sides."""
    before, after = number((old or {}).get("value")), number((new or {}).get("value"))
    direction: Literal["cut", "rise"] | None = None
    pct = None
    if (
        before is not None
        and after is not None
        and before != after
        and (old or {}).get("unit") == (new or {}).get("unit")
    ):
        direction = "cut" if after < before else "rise"
        pct = Decimal(format((after - before) * 100 / abs(before), ".2f")) if before else None
    return _worded(replace(event, old=old, new=new, direction=direction, change_pct=pct))


def _retirement(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """As timeline.telling says it: firm where there was none is scheduled, a floor instead of it withdraws."""
    if new.get("retires_on"):
        return "model.retirement_moved" if old.get("retires_on") else "model.retirement_scheduled"
    if new.get("not_before") and not old.get("retires_on"):
        return "model.retirement_moved" if old.get("not_before") else "model.retirement_scheduled"
    return "model.retirement_withdrawn"


def _same(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Whether two sides say the same; of prices in whatever number of units."""
    if one is None or other is None or "per" not in one or "per" not in other:
        return one == other
    kept = [{name: value for name, value in side.items() if name not in ("amount", "per")} for side in (one, other)]
    return kept[0] == kept[1] and _unit_amount(one) == _unit_amount(other)


def _unit_amount(side: Mapping[str, Any] | None) -> Decimal | None:
    amount, per = number((side or {}).get("amount")), number((side or {}).get("per"))
    return amount / per if amount is not None and per else None


def _worded(event: Event) -> Event:
    return replace(event, headline=headline(event))
