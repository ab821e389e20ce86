"""Where something was wrong: what was taken back, what pages restate, what was told late; and who contradicts whom."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, cursors, portraits, rendering
from api.pages.moments import Moments, permanent
from api.parameters import Address, Moment, Place
from store import corrections as store
from timeline.offers import conditions, meter
from timeline.words import per_unit, price

ON_PAGE, MOST = 100, 60
ORDER = ("corrected_at", "id")
KINDS: tuple[cursors.Kind, ...] = (datetime, str)
WHAT = {"withdrawn": "taken back", "corrected": "restated by the page", "late": "told late"}


class CorrectionsAsked(Moments, Address):
    """What the address of the page asks for."""

    path = "/corrections"

    before: Moment = None
    cursor: Place = None


def corrections(request: Request, wanted: Annotated[CorrectionsAsked, Query()]) -> Response:
    """The latest first."""
    reading = answers.reading_of(request)
    now = reading.now()
    after = answers.place("corrections page", wanted.cursor, KINDS)
    with reading.connection() as connection:
        rows = store.page(connection, before=wanted.before, at=wanted.seen_by, cursor=after, limit=ON_PAGE + 1)
        # Who contradicts whom is known of now alone.
        prices = [] if wanted.fixed else store.prices(connection, limit=MOST + 1)
        statuses = [] if wanted.fixed else store.statuses(connection, limit=MOST + 1)
    older = (
        wanted.address(cursor=cursors.encode("corrections page", [rows[ON_PAGE - 1][name] for name in ORDER]))
        if len(rows) > ON_PAGE
        else ""
    )
    return rendering.page(
        "corrections.html", section="/corrections", now=now, wanted=wanted,
        permanent=permanent(request, now), groups=groups(rows[:ON_PAGE]), older=older,
        newest=wanted.address() if wanted.cursor else "",
        prices=[_price(row) for row in prices[:MOST]], more_prices=len(prices) > MOST,
        statuses=[_status(row) for row in statuses[:MOST]], more_statuses=len(statuses) > MOST,
        data_url="/v1/events?withdrawn=true",
    )  # fmt: skip


def groups(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was put right in one minute, in one way and for one reason, in the order given."""

    def alike(row: Mapping[str, Any]) -> tuple[Any, ...]:
        return row["corrected_at"].replace(second=0, microsecond=0), row["what"], row["because"]

    return [
        {"at": at, "what": WHAT.get(what, what), "because": because, "events": [*members]}
        for (at, what, because), members in groupby(rows, key=alike)
    ]


def _price(row: Mapping[str, Any]) -> dict[str, Any]:
    other = {name: row[f"other_{name}"] for name in ("state", "amount", "per")} | {"currency": row["currency"]}
    return {
        **row,
        "name": row["model_id"] or row["model"],
        "what": " · ".join(filter(None, (meter(row["meter"]), conditions(row["conditions"])))),
        "says": price(row),
        "unit": per_unit(row),
        "other_says": price({**other, "unit": row["unit"]}, beside=row),
    }


def _status(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "name": row["model_id"] or row["model"],
        "says": portraits.fate(row["status"], row["retires_on"], row["not_before"]),
        "other_says": portraits.fate(row["other_status"], row["other_retires_on"], row["other_not_before"]),
    }
