"""Incidents as people ask for them: the newest first. Works for a reader."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from psycopg.rows import dict_row

from store.connect import Connection
from store.filters import Conditions, containing, where
from store.moments import told_at

ORDER = ("at", "source", "key")  # each of them descending


class IncidentFilters(TypedDict, total=False):
    """Lists are alternatives; None and empty lists ask for nothing."""

    provider: Sequence[str]
    source: Sequence[str]
    trust: Sequence[str]
    impact: Sequence[str]
    component: Sequence[str]  # one of those affected, as printed
    is_open: bool | None
    q: str | None  # title or newest update contain it, in any case
    since: datetime | None  # begun (or, where the page does not say, first seen) at or after
    until: datetime | None  # and before


CONDITIONS: Conditions = {
    "provider": "provider = ANY(%(provider)s)",
    "source": "source = ANY(%(source)s)",
    "trust": "trust = ANY(%(trust)s)",
    "impact": "impact = ANY(%(impact)s)",
    "component": "components && %(component)s",
    "is_open": "is_open = %(is_open)s",
    "q": "(title ILIKE %(q)s OR summary ILIKE %(q)s)",
    "since": "at >= %(since)s",
    "until": "at < %(until)s",
}


def page(
    connection: Connection,
    at: datetime | None = None,
    known_at: datetime | None = None,
    *,
    before: tuple[datetime, str, str] | None = None,
    limit: int = 100,
    **filters: Unpack[IncidentFilters],
) -> list[dict[str, Any]]:
    """A page of timeline.incidents with `at`, the time it is listed by, in the order of ORDER.

    Those begun or announced by `at`, open or ended then, as told at `known_at`; None: now. `before` has these values of
    the last incident of the page before.
    """
    asked: dict[str, Any] = {**filters, "q": containing(filters.get("q"))}
    beyond = None
    if before is not None:
        values = dict(zip(("before_at", "before_source", "before_key"), before, strict=True))
        beyond = ("(at, source, key) < (%(before_at)s, %(before_source)s, %(before_key)s)", values)
    condition, values = where(CONDITIONS, asked, beyond=beyond)
    told, moments = told_at(connection, "incidents", at, known_at)
    query = (
        f"SELECT * FROM (SELECT coalesce(started_at, first_seen) AS at, * FROM {told} AS told) AS listed{condition} "
        "ORDER BY at DESC, source DESC, key DESC LIMIT %(limit)s::int"
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values | moments | {"limit": limit}).fetchall()


def downtime(connection: Connection, *, provider: str | None = None, since: date | None = None) -> list[dict[str, Any]]:
    """Rows of timeline.downtime of a provider (None: all) from the month of `since` on, the latest month first."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "SELECT * FROM timeline.downtime WHERE (%(provider)s::text IS NULL OR provider = %(provider)s) "
            "AND (%(since)s::date IS NULL OR month >= %(since)s) ORDER BY month DESC, provider",
            {"provider": provider, "since": since},
        ).fetchall()
