"""What a change costs a workload a month: Decimal arithmetic over events and the prices that stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from timeline import names
from timeline.events import Event
from timeline.words import number

DAYS = 30
"""Days in a month, here and in every sentence about a month."""
TOLD = ("price.changed", "price.scheduled", "price.corrected")
_APPLICABLE = {"service_tier", "context_over", "context_upto", "tier_mode"}
"""Conditions a workload can be checked against; a price with any other is not counted on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Workload:
    """What the reader runs, so that a change can be told in money: tokens are per request."""

    name: str
    provider: str
    model: str
    requests_per_day: Decimal
    input_tokens: Decimal
    output_tokens: Decimal
    cached_share: Decimal = Decimal(0)  # of the input tokens, read from the provider's prompt cache
    batch: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class StandingPrice:
    """A price in force that no event of the message touches; `unit_amount` is for one token."""

    provider: str
    model: str
    meter: str
    conditions: Mapping[str, Any]
    currency: str
    unit_amount: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What holds beside the changes: prices in force, and the replacements named for `provider/model`."""

    prices: Sequence[StandingPrice] = ()
    replacements: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What a workload pays a month before and after, in `currency`.

    `before` and `after` are None where a price the workload needs is not known; `change` then covers only `meters`,
    the ones that changed.
    """

    workload: Workload
    currency: str
    change: Decimal
    before: Decimal | None
    after: Decimal | None
    meters: tuple[str, ...]
    starts: str | None = None  # the stated day from which it holds, where that is still ahead

    @property
    def change_pct(self) -> Decimal | None:
        """Per cent of the bill before."""
        return self.change / self.before * 100 if self.before else None


Prices = Mapping[tuple[str, str], Decimal]  # (meter, conditions as text) -> amount for one token


def effects(
    events: Iterable[Event], workloads: Iterable[Workload], standing: Sequence[StandingPrice] = ()
) -> list[Effect]:
    """The effect of `events` on every workload whose bill they change, in the order of the workloads."""
    changes = [event for event in events if event.kind in TOLD and _currency(event)]
    found = []
    for workload in workloads:
        own = [event for event in changes if runs_on(workload, event)]
        currencies = sorted(
            {_currency(event) or "" for event in own}, key=lambda currency: (currency != "USD", currency)
        )
        for currency in currencies[:1]:  # a model priced in two currencies is one bill: the dollar's where there is one
            effect = _effect(workload, [event for event in own if _currency(event) == currency], currency, standing)
            if effect is not None:
                found.append(effect)
    return found


def runs_on(workload: Workload, event: Event) -> bool:
    """Whether the workload uses the model the event is about: by its id, its printed name or a reviewed alias."""
    return _same(workload, event.provider, (event.model_id, event.model))


def _same(workload: Workload, provider: str, models: Iterable[str | None]) -> bool:
    if workload.provider.casefold() != provider.casefold():
        return False
    asked = {name for model in models if model for name in spellings(provider, model)}
    return not asked.isdisjoint(spellings(provider, workload.model))


def spellings(provider: str, model: str) -> set[str]:
    """Everything that means the very same model, in lower case: as it is written, its id, its dated snapshots."""
    return {name.casefold() for name in (model, *names.related(provider, names.resolve(provider, model) or model))}


def _effect(
    workload: Workload, events: Sequence[Event], currency: str, standing: Sequence[StandingPrice]
) -> Effect | None:
    known = [
        _Price(meter=one.meter, conditions=one.conditions, unit_amount=one.unit_amount)
        for one in standing
        if one.currency == currency and _same(workload, one.provider, [one.model])
    ]
    touched = {(event.meter, _text(event.conditions)) for event in events}
    rest = [price for price in known if (price.meter, _text(price.conditions)) not in touched]
    old = rest + [price for event in events if (price := _side(event, event.old))]
    new = rest + [price for event in events if (price := _side(event, event.new))]
    usage = _usage(workload, old, new)
    before = {meter: _cost(workload, meter, amount, old) for meter, amount in usage.items()}
    after = {meter: _cost(workload, meter, amount, new) for meter, amount in usage.items()}
    changed = [m for m in usage if before[m] is not None and after[m] is not None and before[m] != after[m]]
    if not changed:
        return None
    whole = all(before[m] is not None and after[m] is not None for m in usage)
    return Effect(
        workload=workload,
        currency=currency,
        change=sum(((after[m] or Decimal(0)) - (before[m] or Decimal(0)) for m in changed), Decimal(0)),
        before=sum((before[m] or Decimal(0) for m in usage), Decimal(0)) if whole else None,
        after=sum((after[m] or Decimal(0) for m in usage), Decimal(0)) if whole else None,
        meters=tuple(changed),
        starts=events[0].effective_at if all(event.kind == "price.scheduled" for event in events) else None,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Price:
    meter: str
    conditions: Mapping[str, Any]
    unit_amount: Decimal


def _usage(workload: Workload, *prices: Sequence[_Price]) -> dict[str, Decimal]:
    """Tokens a month by the meter they are billed on. Cached tokens are plain input where no cached price is known."""
    requests = workload.requests_per_day * DAYS
    prompt, output = requests * workload.input_tokens, requests * workload.output_tokens
    cached = prompt * workload.cached_share
    if not all(_best(workload, "cache_read", side) for side in prices):
        cached = Decimal(0)
    usage = {"input": prompt - cached, "cache_read": cached, "output": output}
    return {meter: tokens for meter, tokens in usage.items() if tokens}


def _cost(workload: Workload, meter: str, tokens: Decimal, prices: Sequence[_Price]) -> Decimal | None:
    best = _best(workload, meter, prices)
    return None if best is None else best.unit_amount * tokens


def _best(workload: Workload, meter: str, prices: Sequence[_Price]) -> _Price | None:
    """The price of `meter` that holds for prompts of this size, the narrowest band first."""
    fitting = [price for price in prices if price.meter == meter and _applies(workload, price.conditions)]
    return max(fitting, key=lambda price: _band(price.conditions), default=None)


def _applies(workload: Workload, conditions: Mapping[str, Any]) -> bool:
    if set(conditions) - _APPLICABLE or conditions.get("tier_mode", "whole_prompt") != "whole_prompt":
        return False
    tier = conditions.get("service_tier", "standard")
    over, upto = number(conditions.get("context_over")), number(conditions.get("context_upto"))
    return (
        tier == ("batch" if workload.batch else "standard")
        and (over is None or workload.input_tokens > over)
        and (upto is None or workload.input_tokens <= upto)
    )


def _band(conditions: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    over, upto = number(conditions.get("context_over")), number(conditions.get("context_upto"))
    return (over if over is not None else Decimal(-1), -upto if upto is not None else Decimal("-Infinity"))


def _side(event: Event, side: Mapping[str, Any] | None) -> _Price | None:
    if not side or side.get("unit") != "token":
        return None
    amount, per = number(side.get("amount")), number(side.get("per"))
    if side.get("state") == "free":
        amount, per = Decimal(0), Decimal(1)
    if amount is None or not per or side.get("state") not in ("priced", "free"):
        return None
    return _Price(meter=event.meter or "", conditions=event.conditions, unit_amount=amount / per)


def _currency(event: Event) -> str | None:
    found = [side.get("currency") for side in (event.new, event.old) if side and side.get("currency")]
    return str(found[0]) if found else None


def _text(conditions: Mapping[str, Any]) -> str:
    return repr(
        sorted((key, str(value)) for key, value in conditions.items() if (key, value) != ("service_tier", "standard"))
    )
