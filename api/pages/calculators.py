"""What a workload costs in a month at the prices of a model: the question as forms ask it, and the answer."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator

from api.pages.moments import Moments
from api.parameters import Count, Share
from store import rates
from store.connect import Connection
from timeline.cost import Bill, bill
from timeline.offers import conditions, meter
from timeline.words import money
from timeline.workloads import Workload

DAYS = 30  # of a month


def _otherwise(default: str) -> BeforeValidator:
    """A box that was emptied is as it was at first."""
    return BeforeValidator(lambda value: default if value == "" else value)


class Asked(Moments):
    """The workload an address asks for, and the moment whose prices count."""

    requests_per_day: Annotated[Count, _otherwise("1000")] = Decimal(1_000)
    input_tokens: Annotated[Count, _otherwise("1000")] = Decimal(1_000)
    output_tokens: Annotated[Count, _otherwise("300")] = Decimal(300)
    cached_share: Annotated[Share, _otherwise("0")] = Decimal(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """What a month costs. `amount` is None where a price is not known: `missing` says which."""

    said: str
    missing: str = ""
    amount: Decimal | None = None
    currency: str | None = None
    rates: str = ""  # `at the rates for prompts above 200K tokens`, where the length of the prompt decided


def cost_of_month(connection: Connection, provider: str, model: str, wanted: Asked) -> Month:
    """What the workload costs in 30 days at list prices, at the moment asked for."""
    workload = Workload(
        name="asked", provider=provider, model=model, requests_per_day=wanted.requests_per_day,
        input_tokens=wanted.input_tokens, output_tokens=wanted.output_tokens, cached_share=wanted.cached_share,
    )  # fmt: skip
    held = rates.as_of(connection, provider, model, wanted.as_of, wanted.known_at)
    told = bill(workload, held, workload.requests_per_day * DAYS)
    if told.total is None:
        lacking = ", ".join(meter(name) for name in told.missing)
        return Month(said="not known", missing=f"no price for {lacking}" if lacking else "no price")
    return Month(
        said=money(told.total.quantize(Decimal("0.01")), told.currency), amount=told.total, currency=told.currency,
        rates=_rates(told),
    )  # fmt: skip


def _rates(told: Bill) -> str:
    """Which rates were used, where a price for long prompts counted."""
    used = [one.conditions for line in told.lines for one in line.rates if "context_over" in one.conditions]
    bands = dict.fromkeys(conditions({"context_over": each["context_over"]}) for each in used)
    return f"at the rates for {' and '.join(bands)}" if bands else ""
