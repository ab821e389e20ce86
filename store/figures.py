"""Figures as people ask for them: now, on a day, as known on a day, over time. Works for a reader."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString, TypedDict, Unpack

from psycopg.rows import dict_row

from store.captures import LAST_LOOK
from store.connect import Connection
from store.filters import Conditions, after, where

ORDER = ("source", "measure", "subject", "key")  # of `current`: a cursor is these values of the last row
HISTORY_ORDER = (*ORDER, "effective_from")  # of `history`


class FigureFilters(TypedDict, total=False):
    """Lists are alternatives; None and empty lists ask for nothing."""

    provider: Sequence[str]
    subject: Sequence[str]  # as printed; `*` stands for any characters
    measure: Sequence[str]
    period: Sequence[str]
    source: Sequence[str]
    trust: Sequence[str]


CONDITIONS: Conditions = {
    "provider": "provider = ANY(%(provider)s)",
    "subject": "subject LIKE ANY(%(subject)s)",
    "measure": "measure LIKE ANY(%(measure)s)",
    "period": "period = ANY(%(period)s)",
    "source": "source = ANY(%(source)s)",
    "trust": "trust = ANY(%(trust)s)",
    "changed": "effective_from >= %(changed)s",
    "since": "(effective_to IS NULL OR effective_to > %(since)s)",
    "until": "effective_from < %(until)s",
}


def current(
    connection: Connection,
    *,
    since: datetime | None = None,
    cursor: Sequence[Any] | None = None,
    limit: int = 100,
    **filters: Unpack[FigureFilters],
) -> list[dict[str, Any]]:
    """What the watched tables show now: the columns of timeline.figures, in the order of ORDER.

    `since`: only what is so since that moment or later; `cursor` has the values of ORDER of the last row had.
    """
    return _rows(
        connection,
        "SELECT * FROM timeline.figures",
        {**filters, "changed": since},
        order=ORDER,
        cursor=cursor,
        limit=limit,
    )


def as_of(
    connection: Connection,
    at: datetime,
    known_at: datetime | None = None,
    *,
    since: datetime | None = None,
    cursor: Sequence[Any] | None = None,
    limit: int = 100,
    **filters: Unpack[FigureFilters],
) -> list[dict[str, Any]]:
    """What they showed at `at`, as known at `known_at` (None: now): the columns of timeline.figures_asof."""
    asked: LiteralString = "SELECT * FROM timeline.figures_asof(%(at)s::timestamptz"
    query: LiteralString = f"{asked})" if known_at is None else f"{asked}, %(known_at)s::timestamptz)"
    return _rows(
        connection,
        query,
        {**filters, "changed": since},
        order=ORDER,
        cursor=cursor,
        limit=limit,
        at=at,
        known_at=known_at,
    )


def history(
    connection: Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    known_at: datetime | None = None,
    cursor: Sequence[Any] | None = None,
    limit: int = 100,
    **filters: Unpack[FigureFilters],
) -> list[dict[str, Any]]:
    """What they have shown over time, as known at `known_at` (None: now): the columns of timeline.figure_history.

    `since`: still there at or after it; `until`: there before it.
    """
    columns: LiteralString = (
        "provider, subject, measure, value, upto, plus, minus, qualifier, unit, period, scope, effective_from, "
        "effective_to, seen_until, held, known_from, source, trust, origin, label, locator, key, first_seq, last_seq, "
        "first_snapshot, last_snapshot, recorded_at"
    )
    asked = {**filters, "since": since, "until": until}
    told: LiteralString = "timeline.figure_history" if known_at is None else _KNOWN_THEN
    query: LiteralString = f"SELECT {columns} FROM {told}"
    return _rows(connection, query, asked, order=HISTORY_ORDER, cursor=cursor, limit=limit, known_at=known_at)


# What was held back then is not kept.
_KNOWN_THEN: LiteralString = f"""(
    SELECT provider, subject, measure, value, upto, plus, minus, qualifier, unit, period, scope, effective_from,
           effective_to,
           coalesce(belief.seen_until, least(effective_to, coalesce(look.seen, known_from))) AS seen_until,
           false AS held, known_from, belief.source, trust, origin, label, locator, key, first_seq, last_seq,
           first_snapshot, last_snapshot, recorded_at
      FROM timeline.figure_beliefs AS belief
      {LAST_LOOK}
     WHERE known @> %(known_at)s::timestamptz
) AS told"""


def _rows(
    connection: Connection,
    query: LiteralString,
    asked: dict[str, Any],
    *,
    order: Sequence[LiteralString],
    cursor: Sequence[Any] | None,
    **values: Any,
) -> list[dict[str, Any]]:
    beyond = after(order, cursor, nullable=False)
    condition, given = where(CONDITIONS, asked, patterns=("subject", "measure"), beyond=beyond)
    by: LiteralString = ", ".join(order)
    with connection.cursor(row_factory=dict_row) as reading:
        return reading.execute(f"{query}{condition} ORDER BY {by} LIMIT %(limit)s::int", values | given).fetchall()
