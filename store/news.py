"""News as people ask for it: the newest first. Works for a reader."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from psycopg.rows import dict_row

from store.connect import Connection
from store.filters import Conditions, containing, where
from store.moments import told_at


class NewsFilters(TypedDict, total=False):
    """Lists are alternatives; None and empty lists ask for nothing."""

    provider: Sequence[str]
    source: Sequence[str]
    trust: Sequence[str]
    topic: Sequence[str]
    q: str | None  # title or summary contain it, in any case
    since: datetime | None  # published (or, where the feed does not say, first seen) at or after
    until: datetime | None  # and before


CONDITIONS: Conditions = {
    "provider": "provider = ANY(%(provider)s)",
    "source": "source = ANY(%(source)s)",
    "trust": "trust = ANY(%(trust)s)",
    "topic": "topics && %(topic)s",
    "q": "(title ILIKE %(q)s OR summary ILIKE %(q)s)",
    "since": "at >= %(since)s",
    "until": "at < %(until)s",
    "before": "(at, source, key) < (%(before)s, %(source_before)s, %(key_before)s)",
    "source_before": "true",
    "key_before": "true",
}


def page(
    connection: Connection,
    at: datetime | None = None,
    known_at: datetime | None = None,
    *,
    before: tuple[datetime, str, str] | None = None,
    limit: int = 100,
    **filters: Unpack[NewsFilters],
) -> list[dict[str, Any]]:
    """A page of timeline.news with `at`, the time it is listed by, the newest first.

    What had been published by `at`, as it read at `known_at`; None: now. `before` is (at, source, key) of the last
    entry of the page before.
    """
    asked: dict[str, Any] = {**filters, "q": containing(filters.get("q"))}
    if before is not None:
        asked |= dict(zip(("before", "source_before", "key_before"), before, strict=True))
    condition, values = where(CONDITIONS, asked)
    told, moments = told_at(connection, "news", at, known_at)
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            f"SELECT * FROM {told}{condition} ORDER BY at DESC, source DESC, key DESC LIMIT %(limit)s::int",
            values | moments | {"limit": limit},
        ).fetchall()
