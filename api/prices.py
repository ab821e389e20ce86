"""Prices: what things cost at one moment, as known at another, and what they cost over time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api import lists, schemas
from api.lists import Listing, Rows
from api.parameters import PriceFilter, PriceHistoryFilter
from store import prices
from store.connect import Connection
from store.prices import PriceFilters

OFTEN_NONE = (str, type(None))
TYPES = (OFTEN_NONE, str, str, str)  # of store.prices.ORDER
ABOUT = """Each price once, as the source says that speaks for it: by trust, then the amount that was told last, see
docs/sql.md.

`as_of` asks for a past or coming day, `known_at` for what the evidence said by then. `certain` says whether a look
at that moment or later confirms it.
"""
ABOUT_HISTORY = (
    "What every source says about prices over time, now or as known at a moment: one row for each stretch in which a "
    "price held."
)


def read(connection: Connection, wanted: PriceFilter, after: Any, limit: int) -> Rows:
    """The rows that follow a place."""
    asked = lists.filters(wanted, PriceFilters)
    return prices.as_of(connection, wanted.as_of, wanted.known_at, cursor=after, limit=limit, **asked)


def read_history(connection: Connection, wanted: PriceHistoryFilter, after: Any, limit: int) -> Rows:
    """The rows that follow a place."""
    asked = lists.filters(wanted, PriceFilters)
    return prices.history(
        connection,
        since=wanted.since,
        until=wanted.until,
        known_at=wanted.known_at,
        cursor=after,
        limit=limit,
        **asked,
    )


def public(row: Mapping[str, Any], base_url: str = "") -> dict[str, Any]:
    """The row as the API tells it: `per` is a whole number where it is one, as in events."""
    per = row["per"]
    return {**row, "per": int(per) if per is not None and per == int(per) else per}


PRICES = Listing(
    name="prices", title="AI prices", home="/", filters=PriceFilter, shape=schemas.CurrentPrice, read=read,
    order=prices.ORDER, types=TYPES, public=public, moves=True,
)  # fmt: skip
HISTORY = Listing(
    name="history", title="AI prices over time", home="/", filters=PriceHistoryFilter, shape=schemas.PastPrice,
    read=read_history, order=prices.HISTORY_ORDER, types=(*TYPES, datetime, str), public=public,
)  # fmt: skip
