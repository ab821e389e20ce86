"""Where something was wrong, and where sources contradict each other now. Works for a reader."""

from datetime import datetime
from typing import Any

from psycopg.rows import dict_row

from store.connect import Connection


def page(
    connection: Connection,
    *,
    before: datetime | None = None,
    at: datetime | None = None,
    cursor: tuple[datetime, str] | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Rows of timeline.corrections put right before a moment, or by `at`, it included (None: all), the latest first.

    `cursor` is (corrected_at, id) of the last row had: many are put right at one moment.
    """
    last, id = cursor or (None, None)
    with connection.cursor(row_factory=dict_row) as reading:
        return reading.execute(
            "SELECT * FROM timeline.corrections WHERE (%(before)s::timestamptz IS NULL OR corrected_at < %(before)s) "
            "AND (%(at)s::timestamptz IS NULL OR corrected_at <= %(at)s) "
            "AND (%(last)s::timestamptz IS NULL OR corrected_at < %(last)s OR corrected_at = %(last)s AND id > %(id)s) "
            "ORDER BY corrected_at DESC, id LIMIT %(limit)s::int",
            {"before": before, "at": at, "last": last, "id": id, "limit": limit},
        ).fetchall()


def prices(connection: Connection, *, limit: int = 100) -> list[dict[str, Any]]:
    """Rows of timeline.price_disagreement, those that are furthest apart first."""
    with connection.cursor(row_factory=dict_row) as reading:
        return reading.execute(
            "SELECT * FROM timeline.price_disagreement "
            "ORDER BY abs(ln(greatest(ratio, 0.0001))) DESC NULLS LAST, provider, model, meter, other_source "
            "LIMIT %s::int",
            [limit],
        ).fetchall()


def statuses(connection: Connection, *, limit: int = 100) -> list[dict[str, Any]]:
    """Rows of timeline.status_disagreement, by provider and model."""
    with connection.cursor(row_factory=dict_row) as reading:
        return reading.execute(
            "SELECT * FROM timeline.status_disagreement ORDER BY provider, model, other_source LIMIT %s::int", [limit]
        ).fetchall()
