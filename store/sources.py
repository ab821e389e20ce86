"""The sources: what is configured, what is due, and how each of them fares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, LiteralString

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from store.connect import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRow:
    """A source as the configuration has it."""

    id: str
    provider: str
    kind: str
    url: str | None
    trust: str
    every: timedelta | None
    verified: bool = False
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class DueSource:
    """A source to fetch now. The validators hold only where `validators_for` is the caller's key for it."""

    id: str
    url: str
    host: str  # name:port as in the URL
    etag: str | None
    last_modified: str | None
    validators_for: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceHealth:
    """A row of timeline.source_health: its comments explain each field."""

    source: str
    provider: str
    kind: str
    url: str | None
    trust: str
    every: timedelta | None
    verified: bool
    enabled: bool
    muted: bool
    health: str
    health_since: datetime | None
    detail: str | None
    last_fetch_at: datetime | None
    last_outcome: str | None
    last_good_at: datetime | None
    seconds_since_good: float | None
    failures: int
    next_due_at: datetime | None
    captures: int
    facts: int | None
    issues: int
    held: list[Any]


REGISTER: LiteralString = """
INSERT INTO source (id, provider, kind, url, trust, every, verified, config)
VALUES (%(id)s, %(provider)s, %(kind)s, %(url)s, %(trust)s, %(every)s, %(verified)s, %(config)s)
ON CONFLICT (id) DO UPDATE SET (provider, kind, url, trust, every, verified, config, enabled) = (excluded.provider,
    excluded.kind, excluded.url, excluded.trust, excluded.every, excluded.verified, excluded.config, true)
"""
# A source that is new, moved or visited more often than before is not kept waiting for its old next visit.
SCHEDULE: LiteralString = """
INSERT INTO source_state AS state (source, next_due_at) VALUES (%(id)s, %(now)s)
ON CONFLICT (source) DO UPDATE SET next_due_at = least(state.next_due_at, %(now)s + %(every)s::interval)
"""


def register(connection: Connection, rows: Sequence[SourceRow], now: datetime, *, only_add: bool = False) -> None:
    """Makes the configured sources the enabled ones. Others are disabled, unless `only_add`; their history stays.

    The source of bundled history is not configured and not fetched: it is left alone.
    """
    values = [
        {name: getattr(row, name) for name in SourceRow.__dataclass_fields__}
        | {"config": Jsonb(row.config), "now": now}
        for row in rows
    ]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(REGISTER, values)
        cursor.executemany(SCHEDULE, values)
        if not only_add:
            cursor.execute(
                "UPDATE source SET enabled = false WHERE enabled AND kind <> 'bundled' AND NOT id = ANY(%s)",
                [[row.id for row in rows]],
            )


def due(connection: Connection, now: datetime, limit: int = 500) -> list[DueSource]:
    """The enabled sources whose next visit has come and whose host does not ask to wait; the longest due first."""
    with connection.cursor(row_factory=class_row(DueSource)) as cursor:
        return cursor.execute(
            """
            SELECT source.id, source.url, source.host, etag, last_modified, validators_for
              FROM source JOIN source_state AS state ON state.source = source.id LEFT JOIN host USING (host)
             WHERE source.enabled AND source.host IS NOT NULL AND state.next_due_at <= %(now)s
               AND (host.not_before IS NULL OR host.not_before <= %(now)s)
             ORDER BY state.next_due_at, source.id LIMIT %(limit)s::int
            """,
            {"now": now, "limit": limit},
        ).fetchall()


def source_ids(connection: Connection) -> list[str]:
    """Every source there ever was, by id."""
    return [row[0] for row in connection.execute("SELECT id FROM source ORDER BY id")]


def mute(connection: Connection, source: str, *, muted: bool = True) -> bool:
    """Silences the alerts of a source, or lets them sound again; False when there is no such source."""
    return connection.execute("UPDATE source SET muted = %s WHERE id = %s", [muted, source]).rowcount == 1


def muted(connection: Connection) -> frozenset[str]:
    """The sources whose alerts an operator silenced."""
    return frozenset(row[0] for row in connection.execute("SELECT id FROM source WHERE muted"))


def validators(connection: Connection, source: str, key: str) -> tuple[str | None, str | None]:
    """ETag and Last-Modified of the last answer, where they belong to `key` (URL and extractor version); else none."""
    row = connection.execute(
        "SELECT etag, last_modified FROM source_state WHERE source = %s AND validators_for = %s", [source, key]
    ).fetchone()
    return (row[0], row[1]) if row else (None, None)


def reset_validators(connection: Connection, source: str) -> None:
    """Makes the next check ask for the whole page again."""
    connection.execute(
        "UPDATE source_state SET (etag, last_modified, validators_for) = (NULL, NULL, NULL) WHERE source = %s", [source]
    )


def health(connection: Connection) -> list[SourceHealth]:
    """How every source fares, the worst first."""
    columns = ", ".join(SourceHealth.__dataclass_fields__)
    with connection.cursor(row_factory=class_row(SourceHealth)) as cursor:
        return cursor.execute(
            f"SELECT {columns} FROM timeline.source_health "
            "ORDER BY NOT enabled, array_position(ARRAY['broken', 'stale', 'failing', 'new', 'ok'], health), source"
        ).fetchall()


def watched_since(connection: Connection) -> datetime | None:
    """The oldest capture of any source that is watched, wherever it came from; None: there is none. For readers."""
    row = connection.execute(
        """
        SELECT min(oldest.first_seen) FROM timeline.source_health AS source CROSS JOIN LATERAL (
            SELECT first_seen FROM timeline.captures WHERE captures.source = source.source ORDER BY first_seen LIMIT 1
        ) AS oldest WHERE source.enabled
        """
    ).fetchone()
    return row[0] if row else None


def last_good(connection: Connection, by: datetime) -> datetime | None:
    """When any source that is watched was last read well, by a moment; None: none was. For readers."""
    row = connection.execute(
        """
        SELECT max(least(looked.last_seen, %(by)s)) FROM timeline.source_health AS source CROSS JOIN LATERAL (
            SELECT last_seen FROM timeline.captures
             WHERE captures.source = source.source AND first_seen <= %(by)s AND verdict IN ('good', 'accepted')
             ORDER BY first_seen DESC LIMIT 1
        ) AS looked WHERE source.enabled
        """,
        {"by": by},
    ).fetchone()
    return row[0] if row else None
