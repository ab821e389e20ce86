"""Prices: what things cost at one moment, as known at another, and what they cost over time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import Query, Request
from starlette.responses import Response

from api import answers
from api.parameters import PriceFilter, PriceHistoryFilter
from store import prices
from store.connect import Connection
from store.prices import PriceFilters

OFTEN_NONE = (str, type(None))
TYPES = (OFTEN_NONE, str, str, str)  # of store.prices.ORDER


def list_prices(request: Request, wanted: Annotated[PriceFilter, Query()]) -> Response:
    """Each price from the best source that has it: by trust, then by how lately it looked.

    `as_of` asks for a past or coming day, `known_at` for what the evidence said by then. `certain` says whether a look
    at that moment or later confirms it.
    """

    def read(connection: Connection) -> tuple[list[dict[str, Any]], str | None]:
        rows = prices.as_of(
            connection,
            wanted.as_of,
            wanted.known_at,
            cursor=answers.place("prices", wanted.cursor, TYPES),
            limit=wanted.limit + 1,
            **_filters(wanted),
        )
        return answers.split("prices", [*map(public, rows)], wanted.limit, prices.ORDER)

    return answers.listed(request, read)


def list_price_history(request: Request, wanted: Annotated[PriceHistoryFilter, Query()]) -> Response:
    """What every source says about prices over time, as known now: one row for each stretch in which a price held."""

    def read(connection: Connection) -> tuple[list[dict[str, Any]], str | None]:
        rows = prices.history(
            connection,
            since=wanted.since,
            until=wanted.until,
            cursor=answers.place("history", wanted.cursor, (*TYPES, datetime, str)),
            limit=wanted.limit + 1,
            **_filters(wanted),
        )
        return answers.split("history", [*map(public, rows)], wanted.limit, prices.HISTORY_ORDER)

    return answers.listed(request, read)


def public(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as the API tells it: `per` is a whole number where it is one, as in events."""
    per = row["per"]
    return {**row, "per": int(per) if per is not None and per == int(per) else per}


def _filters(wanted: PriceFilter | PriceHistoryFilter) -> PriceFilters:
    names = {*PriceFilters.__annotations__}
    return cast(PriceFilters, {name: value for name, value in wanted if name in names})
