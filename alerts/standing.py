"""What messages need to know beside the events they tell."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from alerts.impact import Standing, StandingPrice, Workload, runs_on
from alerts.wording import subject
from store import notices, prices
from store.connect import Connection
from timeline.events import Event

MOST: Final = 2000
"""Rows asked for at once: a message about more models than that names no replacements."""


def load(connection: Connection, told: Sequence[Event], workloads: Sequence[Workload]) -> Standing:
    """The other prices of the models that workloads use, and the replacements of models that change."""
    priced = {subject(event): event for event in told if event.kind.startswith("price.")}
    touched = [event for event in priced.values() if any(runs_on(workload, event) for workload in workloads)]
    lives = [event for event in told if event.kind.startswith("model.")]
    return Standing(
        prices=[price for row in _rows(prices.current, connection, touched) if (price := _price(row))],
        replacements={
            f"{row['provider']}/{row['model_id'] or row['model']}": row["replacements"]
            for row in _rows(notices.status, connection, lives)
        },
    )


def _rows(
    ask: Callable[..., list[dict[str, Any]]], connection: Connection, told: Sequence[Event]
) -> list[dict[str, Any]]:
    if not told:
        return []
    providers = sorted({event.provider for event in told})
    models = sorted({name for event in told if (name := event.model_id or event.model)})
    return ask(connection, provider=providers, model=models, limit=MOST)


def _price(row: Mapping[str, Any]) -> StandingPrice | None:
    if row["state"] not in ("priced", "free") or row["unit"] != "token" or not row["currency"]:
        return None
    return StandingPrice(
        provider=row["provider"],
        model=row["model_id"] or row["model"],
        meter=row["meter"],
        conditions=row["conditions"],
        currency=row["currency"],
        unit_amount=Decimal(row["amount"] or 0) / row["per"],
    )
