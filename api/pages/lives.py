"""Lives: of models that are told to end on several days, each with what it is of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.pages.moments import Moments
from store import notices, prices
from store.connect import Connection
from timeline.dates import is_past, short_day
from timeline.offers import conditions

MOST_PRICES = 5_000
Row = Mapping[str, Any]


def with_lives(connection: Connection, rows: Sequence[Row], wanted: Moments, now: datetime) -> list[dict[str, Any]]:
    """Rows of `listed`, each with the `lives` it has beside the one that is told: of another platform, region or kind
    of deployment, or under the name by which the same page tells of it without its id.
    """
    at = wanted.as_of or now
    told = _told(connection, rows, wanted)
    found = {place(row): {**row, "lives": _elsewhere(row, told, at)} for row in rows}
    for row, id in _named(connection, rows, wanted):
        same = found.get((row["provider"], id, row["subject_kind"]))
        if same is not None and id != row["id"] and place(row) in found:
            del found[place(row)]
            same["lives"].append(_life(row["status"], row["fate"], f"as {row['model']}"))
    return [*found.values()]


def place(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """What makes a row of a list of models the only one."""
    return row["provider"], row["id"], row["subject_kind"]


def fate(row: Mapping[str, Any], at: datetime) -> str:
    """`until 26 Mar 2026`, `was to retire 26 Mar 2026` where that has passed and the page was not read since."""
    retires, floor = row["retires_on"], row["not_before"]
    if row["status"] == "retired" or not (retires or floor):
        return ""
    if retires:
        return f"{'was to retire' if is_past(retires[:10], at) else 'until'} {short_day(retires)}"
    return "" if is_past(floor[:10], at) else f"not before {short_day(floor)}"


def _told(connection: Connection, rows: Sequence[Row], wanted: Moments) -> list[dict[str, Any]]:
    """All that is told of the lives of these models, in every scope."""
    if not rows:
        return []
    return notices.status(
        connection, wanted.as_of, wanted.known_at, provider=sorted({row["provider"] for row in rows}),
        model=sorted({row["id"] for row in rows}), limit=MOST_PRICES,
    )  # fmt: skip


def _elsewhere(row: Row, told: Sequence[Row], at: datetime) -> list[dict[str, str]]:
    """The lives of a model in a scope that end otherwise than the one that is told of it."""
    mine = [life for life in told if place({**life, "id": life["model_id"] or life["model"]}) == place(row)]
    lives = {(life["status"], fate(life, at), conditions(life["scope"])): None for life in mine if life["scope"]}
    return [_life(*life) for life in lives if life[:2] != (row["status"], row["fate"])]


def _named(connection: Connection, rows: Sequence[Row], wanted: Moments) -> list[tuple[Row, str]]:
    """Those of the models that are told of by a name alone, each with the id that a price list gives that name."""
    nameless = [row for row in rows if row["status"] and not row["model_id"]]
    if not nameless:
        return []
    priced = prices.as_of(
        connection, wanted.as_of, wanted.known_at, provider=sorted({row["provider"] for row in nameless}),
        model=sorted({row["id"] for row in nameless}), limit=MOST_PRICES,
    )  # fmt: skip
    ids = {(price["provider"], price["model"]): price["model_id"] for price in priced if price["model_id"]}
    return [(row, id) for row in nameless if (id := ids.get((row["provider"], row["model"])))]


def _life(status: str, fate: str, scope: str) -> dict[str, str]:
    return {"status": status, "fate": fate, "scope": scope}
