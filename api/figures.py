"""Figures: what watched tables show, now, on any day, and over time."""

from datetime import datetime
from typing import Any

from api import lists, schemas
from api.lists import Listing, Row, Rows
from api.parameters import FigureFilter, FigureHistoryFilter
from store import figures
from store.clock import database_now
from store.connect import Connection
from store.figures import FigureFilters

TYPES = (str, str, str, str)  # of store.figures.ORDER
ABOUT = """The figures of all watched tables: leaderboards, rates, water and energy, densities.

`as_of` asks for a past day, `known_at` for what the evidence said by then; without them what stands now is given.
`was` is what stood there before.
"""
ABOUT_HISTORY = (
    "What the watched tables have shown, now or as known at a moment: one row for each stretch in which a figure stood."
)


def read(connection: Connection, wanted: FigureFilter, after: Any, limit: int) -> Rows:
    """The rows that follow a place."""
    asked = lists.filters(wanted, FigureFilters)
    if wanted.as_of is None and wanted.known_at is None:
        return figures.current(connection, since=wanted.since, cursor=after, limit=limit, **asked)
    at = wanted.as_of or database_now(connection)
    return figures.as_of(connection, at, wanted.known_at, since=wanted.since, cursor=after, limit=limit, **asked)


def read_history(connection: Connection, wanted: FigureHistoryFilter, after: Any, limit: int) -> Rows:
    """The rows that follow a place."""
    asked = lists.filters(wanted, FigureFilters)
    return figures.history(
        connection, since=wanted.since, until=wanted.until, known_at=wanted.known_at, cursor=after, limit=limit, **asked
    )


def public(row: Row, base_url: str) -> Row:
    """The row as the API tells it: the same fields for now and for a past day."""
    return {name: row.get(name) for name in schemas.Figure.model_fields}


FIGURES = Listing(
    name="figures", title="Figures of watched tables", home="/?kind=figure.*", filters=FigureFilter,
    shape=schemas.Figure, read=read, order=figures.ORDER, types=TYPES, public=public,
)  # fmt: skip
HISTORY = Listing(
    name="figure-history", title="Figures of watched tables over time", home="/?kind=figure.*",
    filters=FigureHistoryFilter, shape=schemas.PastFigure, read=read_history, order=figures.HISTORY_ORDER,
    types=(*TYPES, datetime),
)  # fmt: skip
