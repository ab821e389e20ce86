"""Rates: prices as an amount for one unit, made of the rows and events that tell them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from timeline import names
from timeline.meters import meters
from timeline.words import number

TRUST: Final = ("official", "cloud", "reseller", "catalogue", "press")
"""Whose word counts first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """A price for one unit. `unit_amount` None: there is one, but nobody says how high (it varies)."""

    provider: str
    model: str
    meter: str
    conditions: Mapping[str, Any] = field(default_factory=dict)
    currency: str
    unit: str = "token"
    unit_amount: Decimal | None
    trust: str = "official"
    source: str = ""
    contract: str = ""  # the name of the reader's own contract that made it


def rate(
    side: Mapping[str, Any] | None,
    *,
    provider: str,
    model: str,
    meter: str,
    conditions: Mapping[str, Any],
    trust: str = "official",
    source: str = "",
) -> Rate | None:
    """The rate of one side of an event or of a row of prices; None where it is no price in the unit of its meter."""
    known = meters().get(meter)
    state, currency = (side or {}).get("state"), (side or {}).get("currency")
    if side is None or known is None or side.get("unit") != known.unit or state == "not_offered":
        return None
    amount, per = number(side.get("amount")), number(side.get("per"))
    if state == "included" and known.unit == "token":
        return None  # it is in the price of what it is a part of
    free = state in ("free", "included")
    if not free and (not currency or not per):
        return None
    priced = amount / per if state == "priced" and amount is not None and per else None
    return Rate(
        provider=provider, model=model, meter=meter, conditions=conditions, currency=str(currency or "USD"),
        unit=known.unit, unit_amount=Decimal(0) if free else priced, trust=trust, source=source,
    )  # fmt: skip


def rate_of_row(row: Mapping[str, Any]) -> Rate | None:
    """The rate of a row of timeline.price_asof or price_history."""
    return rate(
        row, provider=row["provider"], model=row["model_id"] or row["model"], meter=row["meter"],
        conditions=row["conditions"], trust=row["trust"], source=row["source"],
    )  # fmt: skip


def of_model(provider: str, model: str, rates: Iterable[Rate]) -> list[Rate]:
    """Those of the rates that are this very model's."""
    spelt = names.spellings(provider, model)
    return [
        one
        for one in rates
        if one.provider.casefold() == provider.casefold() and not spelt.isdisjoint(names.spellings(provider, one.model))
    ]
