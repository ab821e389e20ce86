"""What a workload loses when its model ends, what else would do its work, and what moving there costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from alerts.circumstances import Standing, runs_on
from timeline import dates, names
from timeline.agreements import Contract, own_prices
from timeline.cost import bill
from timeline.events import Event
from timeline.rates import Rate, of_model
from timeline.workloads import Workload

ENDING = ("model.retirement_scheduled", "model.retirement_moved", "model.retirement_due", "model.status_changed")
GONE = ("deprecated", "retired", "legacy")


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

    Those whose price is known, that stay, and that are sold by whoever makes them; neither another name of the model
    itself nor another day's snapshot of it.
    """
    by_model: dict[tuple[str, str], list[Rate]] = {}
    for one in standing.prices:
        by_model.setdefault((one.provider, one.model), []).append(one)
    found = [
        _option(_on(workload, provider, model), by_model[provider, model], standing.contracts, on)
        for provider, model in names.classmates(workload.provider, workload.model)
        if (provider, model) in by_model
        and not standing.is_gone(provider, model)
        and not (provider == workload.provider and names.is_same(provider, workload.model, model))
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
