"""All models there are, each with where it is in its life and what it costs: for looking up what programs use."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any

from psycopg.rows import dict_row

from store import bundled_notices, bundled_prices
from store.connect import Connection
from timeline.names import all_ids, related
from timeline.notices import Notice
from timeline.plain_prices import SPECIAL, plainness
from timeline.prices import PricePoint
from timeline.scan.known import KnownModel, KnownModels, Price

METERS = ("input", "output")

_NOTICES = """
SELECT provider, model, model_id, status, announced_on, deprecates_on, retires_on, not_before, replacements, scope,
       source, trust
  FROM timeline.model_status WHERE subject_kind = 'model'
"""
_PRICES = """
SELECT provider, model, model_id, meter, conditions, amount, currency, per, unit
  FROM timeline.price_current
 WHERE meter = ANY(%s) AND amount IS NOT NULL AND unit = 'token' AND state IN ('priced', 'free')
"""


def of_database(connection: Connection) -> KnownModels:
    """What the database says now: the best source of each model, and prices in force. Works for a reader."""
    with connection.cursor(row_factory=dict_row) as reading:
        notices = reading.execute(_NOTICES).fetchall()
        prices = reading.execute(_PRICES, [list(METERS)]).fetchall()
    return _joined(notices, prices)


def last_look(connection: Connection) -> date | None:
    """The day of the newest look that any of it is from; None where nothing is known. Works for a reader."""
    row = connection.execute(
        "SELECT max(seen_until AT TIME ZONE 'UTC')::date FROM timeline.model_status WHERE subject_kind = 'model'"
    ).fetchone()
    return row[0] if row else None


def of_bundle() -> tuple[KnownModels, date]:
    """What comes with aiwire, without a database, and the day of the newest look in it.

    A status is that of the last look: whether a stated day has passed since is for the caller to see.
    """
    told = [
        each.row for each in bundled_notices.parse(_text("notices.csv"), "notices.csv").rows if each.known_to is None
    ]
    priced = [
        each.row for each in bundled_prices.parse(_text("prices.csv"), "prices.csv").rows if each.known_to is None
    ]
    notices = [_notice_row(row.fact) for row in told if row.ends is None and isinstance(row.fact, Notice)]
    prices = [_price_row(row.fact) for row in priced if row.ends is None and isinstance(row.fact, PricePoint)]
    kept = [row for row in notices if row["subject_kind"] == "model"]
    return _joined(kept, prices), max(row.last.captured_at for row in told).date()


def _text(name: str) -> str:
    return (resources.files("store") / "bundled" / name).read_text(encoding="utf-8")


def _notice_row(fact: Notice) -> dict[str, Any]:
    names = ("provider", "subject_kind", "model", "model_id", "status", "announced_on", "deprecates_on", "retires_on")
    values = {name: getattr(fact, name) for name in (*names, "not_before", "replacements", "scope")}
    return values | {"source": bundled_notices.SOURCE, "trust": bundled_notices.TRUST}


def _price_row(fact: PricePoint) -> dict[str, Any]:
    names = ("provider", "model", "model_id", "meter", "conditions", "amount", "currency", "per", "unit")
    return {name: getattr(fact, name) for name in names}


def _joined(notices: Iterable[Mapping[str, Any]], prices: Sequence[Mapping[str, Any]]) -> KnownModels:
    """Each notice with the prices of its model; models that only have a price or a name, too."""
    costs = _costs(prices)
    told = [_known(row, id, costs) for row in notices if (id := _id(row))]
    seen = {(model.provider, model.id) for model in told}
    rest = sorted({*costs, *all_ids()} - seen)
    silent = (
        KnownModel(provider=provider, id=id, prices=_cost(costs, provider, id))
        for provider, id in rest
        if " " not in id
    )
    return KnownModels([*told, *silent])


def _known(row: Mapping[str, Any], id: str, costs: Mapping[tuple[str, str], Mapping[str, Price]]) -> KnownModel:
    names = (
        "provider",
        "status",
        "announced_on",
        "deprecates_on",
        "retires_on",
        "not_before",
        "scope",
        "source",
        "trust",
    )
    values = {name: row[name] for name in names}
    return KnownModel(
        id=id, replacements=tuple(row["replacements"]), prices=_cost(costs, row["provider"], id), **values
    )  # fmt: skip


def _id(row: Mapping[str, Any]) -> str | None:
    """The id as a program can write it; a display name of several words is none."""
    id: str = row["model_id"] or row["model"]
    return None if not id or any(char.isspace() for char in id) else id


def _cost(costs: Mapping[tuple[str, str], Mapping[str, Price]], provider: str, id: str) -> Mapping[str, Price]:
    """The prices of the model, or of the fixed alias or snapshot that is the very same."""
    for name in (id, *sorted(related(provider, id) - {id})):
        if found := costs.get((provider, name)):
            return found
    return {}


def _costs(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], dict[str, Price]]:
    """Of each model and meter the plain price: what is paid without a batch, a tier, a long context or a region."""
    found: dict[tuple[str, str], dict[str, Price]] = {}
    for row in sorted(rows, key=plainness):
        if (id := _id(row)) and plainness(row)[0] < SPECIAL:
            price = Price(
                amount=Decimal(row["amount"]), currency=row["currency"], per=Decimal(row["per"]), unit=row["unit"]
            )
            found.setdefault((row["provider"], id), {}).setdefault(row["meter"], price)
    return found
