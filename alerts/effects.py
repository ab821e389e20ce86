"""What a change means for the reader's own workloads, in sentences."""

from collections.abc import Sequence
from decimal import Decimal

from alerts import impact, wording
from alerts.impact import DAYS, Effect, StandingPrice, Workload
from alerts.wording import sum_of_money
from timeline.dates import day
from timeline.events import Event
from timeline.offers import meter
from timeline.words import ARROW, clean, listed, per_cent


def sentences(
    events: Sequence[Event], workloads: Sequence[Workload], prices: Sequence[StandingPrice] = ()
) -> tuple[str, ...]:
    """A sentence for each workload the events touch: its bill, then the models it loses."""
    told = impact.effects(events, workloads, prices)
    lines = [_money_line(effect) for effect in told]
    lines += [_life_effect(workload, events) for workload in workloads if _loses(workload, events)]
    return tuple(lines)


def _money_line(effect: Effect) -> str:
    """`support-bot pays $810 less a month: $1,012 → $202 (−80 %), at 100,000 requests a day with ...`."""
    work, currency = effect.workload, effect.currency
    verb = "will pay" if effect.starts else "pays"
    when = f" from {day(effect.starts)}" if effect.starts else ""
    less = "less" if effect.change < 0 else "more"
    line = f"{clean(work.name, 60)} {verb} {sum_of_money(abs(effect.change), currency)} {less} a month{when}"
    if effect.before is not None and effect.after is not None:
        pct = f" ({per_cent(effect.change_pct)})" if effect.change_pct is not None else ""
        line += f": {sum_of_money(effect.before, currency)} {ARROW} {sum_of_money(effect.after, currency)}{pct}"
    else:
        line += f" for {listed([meter(name) for name in effect.meters])}"
    return f"{line}, at {_assumptions(work)}."


def _assumptions(work: Workload) -> str:
    cached = f" ({per_cent(work.cached_share * 100, signed=False)} cached)" if work.cached_share else ""
    batch = " by batch" if work.batch else ""
    tokens = f"{_count(work.input_tokens)} tokens in{cached} and {_count(work.output_tokens)} out"
    return f"{_count(work.requests_per_day)} requests a day{batch} with {tokens}, {DAYS} days a month"


def _loses(workload: Workload, events: Sequence[Event]) -> bool:
    ending = ("model.retirement_scheduled", "model.retirement_moved", "model.retirement_due", "model.status_changed")
    return any(event.kind in ending and impact.runs_on(workload, event) for event in events)


def _life_effect(workload: Workload, events: Sequence[Event]) -> str:
    event = next(event for event in events if impact.runs_on(workload, event))
    requests = f"{_count(workload.requests_per_day)} requests a day"
    return f"{clean(workload.name, 60)} depends on {wording.name_of(event)}: {requests}."


def _count(value: Decimal) -> str:
    return f"{value.normalize():,f}"
