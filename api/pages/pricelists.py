"""The one line of prices that stands for a model in a list: input and output as most people pay them. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from timeline.plain_prices import SPECIAL, plainness
from timeline.words import money, price

Row = Mapping[str, Any]
Key = tuple[str, str]  # provider, model id or name

METERS = ("input", "cache_read", "output")
_USUAL = {"region", "region_scope", "context_upto", "context_over", "tier_mode", "time_window"}
MILLION = Decimal(1_000_000)


def headline_prices(rows: Iterable[Row]) -> dict[Key, dict[str, Row]]:
    """Of each model and meter the plain price: without a batch, a tier, a long context, a region; dollars first.

    Where there is none, as each region or length of prompt has its own, the lowest stands for them, marked `least`.
    """
    found: dict[Key, dict[str, Row]] = {}
    special: list[Row] = []
    for row in sorted(rows, key=plainness):
        if row["amount"] is None:
            continue
        if plainness(row)[0] < SPECIAL:
            _note(found, row)
        elif _is_usual(row):
            special.append({**row, "least": True})
    for row in sorted(special, key=lambda row: Decimal(row["amount"]) / Decimal(row["per"])):
        _note(found, row)
    return found


def _is_usual(row: Row) -> bool:
    """A price in dollars that differs from others only by where, when and how much: no batch, no tuning, no plan."""
    held = dict(row["conditions"] or {})
    return held.pop("service_tier", "standard") == "standard" and not held.keys() - _USUAL and row["currency"] == "USD"


def _note(found: dict[Key, dict[str, Row]], row: Row) -> None:
    for name in {row["model_id"], row["model"]} - {None}:
        found.setdefault((row["provider"], name), {}).setdefault(row["meter"], row)


def per_million(row: Row | None) -> Decimal | None:
    """What a million tokens cost; None where the price is for something else."""
    if row is None or row["amount"] is None or row["unit"] != "token":
        return None
    return Decimal(row["amount"]) * MILLION / Decimal(row["per"])


def said(row: Row | None) -> str:
    """`$2.50`, `free`, `from $0.20`; empty where there is none. Of tokens it is the price of a million."""
    amount = per_million(row)
    if row is None or amount is None:
        return ""
    text = price(row) if row["state"] != "priced" else money(_short(amount), row["currency"])
    return f"from {text}" if row.get("least") and row["state"] == "priced" else text


def _short(amount: Decimal) -> Decimal:
    """Without the zeros that multiplying left."""
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()
