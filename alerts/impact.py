"""What a change means for a workload's bill: before, after, and from which day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from alerts.circumstances import Standing, runs_on
from timeline.agreements import own_prices
from timeline.cost import Bill, bill
from timeline.events import Event
from timeline.rates import TRUST, Rate, of_model, rate
from timeline.workloads import Workload

TOLD = ("price.changed", "price.scheduled", "price.corrected")
_PROMPT = ("input", "cache_read", "cache_write")
Key = tuple[str | None, str]
"""Which price: its meter and its conditions."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What a workload pays a month before and after, in `currency`.

    `before` and `after` are None where a price the workload needs is not known; `change` then covers only `meters`,
    the ones that changed. `contract` set it where the list's change does not reach the workload.
    """

    workload: Workload
    currency: str
    change: Decimal
    before: Decimal | None
    after: Decimal | None
    meters: tuple[str, ...]
    starts: str | None = None  # the stated day from which it holds, where that is still ahead
    contract: str = ""

    @property
    def change_pct(self) -> Decimal | None:
        """Per cent of the bill before."""
        return self.change / self.before * 100 if self.before else None


def effects(events: Iterable[Event], workloads: Iterable[Workload], standing: Standing | None = None) -> list[Effect]:
    """The effects of `events` on every workload whose bill they change, in the order of the workloads.

    One for each day from which prices hold, in their order: what holds by now first. Each begins with the bill that
    the one before it ends with.
    """
    changes = [event for event in events if event.kind in TOLD]
    beside = standing or Standing()
    found = []
    for workload in workloads:
        own = [event for event in changes if runs_on(workload, event) and not _outranked(event, workload, beside)]
        found += _effects(workload, own, beside)
    return found


def _outranked(event: Event, workload: Workload, standing: Standing) -> bool:
    """Whether somebody whose word counts more states another price: then it is no price that the workload pays."""
    told = _side(event, event.new)
    return any(
        _rank(one.trust) < _rank(event.trust)
        and _key(one.meter, one.conditions) == _key(event.meter, event.conditions)
        and (told is None or (one.currency, one.unit_amount) != (told.currency, told.unit_amount))
        for one in of_model(workload.provider, workload.model, standing.prices)
    )


def _rank(trust: str) -> int:
    return TRUST.index(trust) if trust in TRUST else len(TRUST)


def _effects(workload: Workload, events: Sequence[Event], standing: Standing) -> list[Effect]:
    """What each step of the changes does to the workload's bill."""
    prices: dict[Key, list[Rate]] = {}
    for one in of_model(workload.provider, workload.model, standing.prices):
        prices.setdefault(_key(one.meter, one.conditions), []).append(one)
    steps = _steps(events)
    for step in reversed(steps):
        prices |= _by_key(step, "old")
    found = []
    for step in steps:
        after = prices | _by_key(step, "new")
        effect = _effect(workload, step, _flat(prices), _flat(after), standing)
        found += [effect] if effect else []
        prices = after
    return found


def _steps(events: Sequence[Event]) -> list[list[Event]]:
    """The changes by the day from which they hold, in the order of the days: those that hold by now first."""
    steps: dict[str, list[Event]] = {}
    for event in events:
        steps.setdefault(_starts(event) or "", []).append(event)
    return [steps[day] for day in sorted(steps)]


def _starts(event: Event) -> str | None:
    return event.effective_at if event.kind == "price.scheduled" else None


def _effect(
    workload: Workload, step: Sequence[Event], old: Sequence[Rate], new: Sequence[Rate], standing: Standing
) -> Effect | None:
    on = _day(step)
    before, after = (
        bill(workload, own_prices(workload.provider, workload.model, rates, standing.contracts, on), workload.month)
        for rates in (old, new)
    )
    change, meters = _difference(before, after)
    effect = Effect(
        workload=workload,
        currency=after.currency or before.currency or "USD",
        change=change,
        before=before.total,
        after=after.total,
        meters=meters,
        starts=_starts(step[0]),
    )
    if change:
        return effect if before.currency == after.currency else None
    listed, _ = _difference(bill(workload, old, workload.month), bill(workload, new, workload.month))
    contract = next((one.contract for line in after.lines for one in line.rates if one.contract), "")
    return replace(effect, contract=contract) if listed and contract else None


def _difference(before: Bill, after: Bill) -> tuple[Decimal, tuple[str, ...]]:
    """What changes of two bills, of the parts that are known in both: the prompt as a whole, and each other meter."""
    old, new = _parts(before), _parts(after)
    changed = [part for part in new if (old.get(part), new[part]).count(None) == 0 and old[part] != new[part]]
    change = sum(((new[part] or Decimal(0)) - (old[part] or Decimal(0)) for part in changed), Decimal(0))
    return change, tuple(meter for part in changed for meter in _moved(part, before, after))


def _parts(paid: Bill) -> dict[str, Decimal | None]:
    parts: dict[str, Decimal | None] = {}
    for line in paid.lines:
        part = "input" if line.meter in _PROMPT else line.meter
        so_far = parts.get(part, Decimal(0))
        parts[part] = None if line.amount is None or so_far is None else so_far + line.amount
    return parts


def _moved(part: str, before: Bill, after: Bill) -> list[str]:
    """The meters of a part whose amount is not what it was."""
    meters = _PROMPT if part == "input" else (part,)
    old, new = ({line.meter: line.amount for line in paid.lines} for paid in (before, after))
    return [meter for meter in meters if old.get(meter) != new.get(meter)]


def _day(events: Sequence[Event]) -> date:
    """The day from which the change holds: by it contracts count."""
    stated = events[0].effective_at or ""
    try:
        return date.fromisoformat(stated[:10])
    except ValueError:
        return events[0].observed_at.date()


def _flat(prices: Mapping[Key, Sequence[Rate]]) -> list[Rate]:
    return [one for rates in prices.values() for one in rates]


def _by_key(events: Sequence[Event], side: Literal["old", "new"]) -> dict[Key, list[Rate]]:
    """One side of the events, by which price it is of: an empty list where there is none."""
    found: dict[Key, list[Rate]] = {}
    for event in events:
        one = _side(event, event.old if side == "old" else event.new)
        found.setdefault(_key(event.meter, event.conditions), []).extend([one] if one else [])
    return found


def _side(event: Event, side: Mapping[str, Any] | None) -> Rate | None:
    return rate(
        side,
        provider=event.provider,
        model=event.model_id or event.model or "",
        meter=event.meter or "",
        conditions=event.conditions,
        trust=event.trust,
        source=event.source,
    )


def _key(meter: str | None, conditions: Mapping[str, Any]) -> Key:
    said = ((key, str(value)) for key, value in conditions.items() if (key, value) != ("service_tier", "standard"))
    return meter, repr(sorted(said))
