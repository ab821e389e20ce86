"""The one line of prices that stands for a model in a list: input and output as most people pay them. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from timeline.plain_prices import SPECIAL, plainness
from timeline.words import money, price

Row = Mapping[str, Any]
Key = tuple[str, str]  # provider, model id or name

METERS = ("input", "output")
MILLION = Decimal(1_000_000)


def headline_prices(rows: Iterable[Row]) -> dict[Key, dict[str, Row]]:
    """Of each model and meter the plain price: without a batch, a tier, a long context, a region; dollars first."""
    found: dict[Key, dict[str, Row]] = {}
    for row in sorted(rows, key=plainness):
        if row["amount"] is not None and plainness(row)[0] < SPECIAL:
            for name in {row["model_id"], row["model"]} - {None}:
                found.setdefault((row["provider"], name), {}).setdefault(row["meter"], row)
    return found


def per_million(row: Row | None) -> Decimal | None:
    """What a million tokens cost; None where the price is for something else."""
    if row is None or row["amount"] is None or row["unit"] != "token":
        return None
    return Decimal(row["amount"]) * MILLION / Decimal(row["per"])


def said(row: Row | None) -> str:
    """`$2.50`, `free`; empty where there is none. Of tokens it is the price of a million."""
    amount = per_million(row)
    if row is None or amount is None:
        return ""
    return price(row) if row["state"] != "priced" else money(_short(amount), row["currency"])


def _short(amount: Decimal) -> Decimal:
    """Without the zeros that multiplying left."""
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()
