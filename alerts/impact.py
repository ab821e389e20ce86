"""What a change means for a workload: its bill before and after, what it loses, and what else would do its work."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from timeline import dates, names
from timeline.agreements import Contract, own_prices
from timeline.cost import Bill, bill
from timeline.events import Event
from timeline.names import spellings
from timeline.rates import TRUST, Rate, of_model, rate
from timeline.workloads import Workload

TOLD = ("price.changed", "price.scheduled", "price.corrected")
ENDING = ("model.retirement_scheduled", "model.retirement_moved", "model.retirement_due", "model.status_changed")
GONE = ("deprecated", "retired", "legacy")
_PROMPT = ("input", "cache_read", "cache_write")
Key = tuple[str | None, str]
"""Which price: its meter and its conditions."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sibling:
    """Another change that the same look at a page showed."""

    event: str  # id
    source: str
    observed_at: datetime
    kind: str
    model: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What an item claims of a model, and what the provider's own page says to it (timeline.news_claims)."""

    provider: str
    model_id: str
    claim: str
    verdict: str  # confirmed contradicted not_on_page
    says: str | None
    as_of: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlet:
    """Who tells a deal: the publisher by id, and the article."""

    publisher: str
    url: str
    trust: str = "press"


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What holds beside the changes.

    `prices` are in force; `replacements` named for `provider/model`; `gone` the `provider/model` that nobody should
    move to; `retires` the stated last days, `seen` when a look last found that; `siblings` what else the looks showed
    that showed the changes.
    """

    prices: Sequence[Rate] = ()
    replacements: Mapping[str, Sequence[str]] = field(default_factory=dict)
    gone: Collection[str] = frozenset()
    retires: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, datetime] = field(default_factory=dict)
    contracts: Sequence[Contract] = ()
    siblings: Sequence[Sibling] = ()
    outlets: Mapping[str, Sequence[Outlet]] = field(default_factory=dict)  # who tells each deal, the first one first
    claims: Mapping[str, Sequence[Checked]] = field(default_factory=dict)  # by id of a news event: what its item claims

    def without(self, told: Sequence[Event]) -> "Standing":
        """The same without the siblings that are told themselves."""
        ids = {event.id for event in told}
        return replace(self, siblings=[one for one in self.siblings if one.event not in ids])

    def is_gone(self, provider: str, model: str) -> bool:
        """Whether nobody should move to a model, by any of its ids."""
        return any(f"{provider}/{name}" in self.gone for name in names.related(provider, model))


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """Another model for a workload and what a month on it costs; `bill` None: its price is not known."""

    provider: str
    model: str
    currency: str | None
    bill: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Loss:
    """A workload's model goes away: when, what it pays now, and what its successors would cost."""

    workload: Workload
    event: Event
    retires_on: str | None
    days: int | None
    floor: str | None  # until when it is kept at least, where no last day is stated
    now: Option
    successors: tuple[Option, ...]


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


def runs_on(workload: Workload, event: Event) -> bool:
    """Whether the workload uses the model the event is about: by its id, its printed name or a reviewed alias."""
    if workload.provider.casefold() != event.provider.casefold():
        return False
    asked = {name for model in (event.model_id, event.model) if model for name in spellings(event.provider, model)}
    return not asked.isdisjoint(spellings(event.provider, workload.model))


def losses(events: Sequence[Event], workloads: Iterable[Workload], standing: Standing) -> list[Loss]:
    """What ends for whom, with the price of moving to each successor."""
    ending = [event for event in events if event.kind in ENDING]
    found = []
    for workload in workloads:
        own = [event for event in ending if runs_on(workload, event)]
        back = any((event.new or {}).get("status") in ("active", "preview") for event in own)
        if own and not back:
            found.append(_loss(workload, own, events, standing))
    return found


def options(workload: Workload, standing: Standing, on: date) -> list[Option]:
    """The other models of the same reviewed class that the workload could run on, the cheapest first.

    Those whose price is known, that stay, and that are sold by whoever makes them.
    """
    by_model: dict[tuple[str, str], list[Rate]] = {}
    for one in standing.prices:
        by_model.setdefault((one.provider, one.model), []).append(one)
    own = spellings(workload.provider, workload.model)
    found = [
        _option(_on(workload, provider, model), by_model[provider, model], standing.contracts, on)
        for provider, model in names.classmates(workload.provider, workload.model)
        if (provider, model) in by_model
        and not standing.is_gone(provider, model)
        and not (provider == workload.provider and model.casefold() in own)
    ]
    known = [option for option in found if option.bill is not None]
    return sorted(known, key=lambda option: (option.bill or Decimal(0), option.provider, option.model))


def now(workload: Workload, standing: Standing, on: date) -> Option:
    """The workload as it is, at the prices that stand."""
    return _option(workload, standing.prices, standing.contracts, on)


def _on(workload: Workload, provider: str, model: str) -> Workload:
    return replace(workload, provider=provider, model=model)


def _option(moved: Workload, rates: Sequence[Rate], contracts: Sequence[Contract], on: date) -> Option:
    """What the workload, already on that model, pays a month."""
    known = of_model(moved.provider, moved.model, rates)
    found = bill(moved, own_prices(moved.provider, moved.model, known, contracts, on), moved.month)
    return Option(provider=moved.provider, model=moved.model, currency=found.currency, bill=found.total)


def _loss(workload: Workload, own: Sequence[Event], events: Sequence[Event], standing: Standing) -> Loss:
    event = min(own, key=lambda one: ENDING.index(one.kind))
    subject = f"{event.provider}/{event.model_id or event.model}"
    stated = [(one.new or {}).get("retires_on") for one in own] + [standing.retires.get(subject)]
    retires_on = next((str(day) for day in stated if day), None)
    floors = [(one.new or {}).get("not_before") for one in own]
    told = [one for one in events if one.kind == "model.replacement_changed" and runs_on(workload, one)]
    successors = (told[0].new or {}).get("replacements") if told else standing.replacements.get(subject)
    on = event.observed_at.date()
    return Loss(
        workload=workload,
        event=event,
        retires_on=retires_on,
        days=dates.days_between(event.observed_at, retires_on),
        floor=None if retires_on else next((str(day) for day in floors if day), None),
        now=now(workload, standing, on),
        successors=tuple(
            _option(_on(workload, event.provider, str(model)), standing.prices, standing.contracts, on)
            for model in (successors or ())[:3]
        ),
    )


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
