"""Checks: how an attempt to fetch, or to read, a source ended, and what that makes of its health."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString

from store.connect import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthChange:
    """The health of a source went from `old` to `new`: new, ok, failing (cannot be fetched), broken (cannot be
    believed) or stale (no good capture for two intervals).
    """

    source: str
    old: str
    new: str
    since: datetime
    detail: str | None


# A page that was read and found bad stays bad while it stays the same: fetching it well is no recovery.
RECORD: LiteralString = """
WITH was AS (SELECT * FROM source_state WHERE source = %(source)s FOR UPDATE),
newest AS (
    SELECT verdict, true AS seen FROM capture WHERE source = %(source)s ORDER BY seq DESC LIMIT 1
),
found AS (
    SELECT was.health AS old, was.failures,
           %(good)s AND coalesce(newest.verdict IN ('good', 'accepted'), newest.seen IS NULL) AS believed
      FROM was LEFT JOIN newest ON true
),
became AS (
    SELECT found.*, CASE WHEN believed THEN 'ok'
                         WHEN NOT %(good)s AND old IN ('new', 'ok') THEN 'failing'
                         ELSE old END AS new FROM found
)
UPDATE source_state AS state
   SET last_fetch_at = %(at)s, last_outcome = %(outcome)s, next_due_at = %(next_due_at)s,
       failures = CASE WHEN %(good)s THEN 0 ELSE became.failures + 1 END,
       last_good_at = CASE WHEN believed THEN greatest(state.last_good_at, %(at)s) ELSE state.last_good_at END,
       health = new,
       health_since = CASE WHEN new <> old THEN %(at)s ELSE state.health_since END,
       health_detail = CASE WHEN new <> old OR NOT %(good)s THEN %(detail)s ELSE state.health_detail END,
       etag = CASE WHEN %(validators_for)s::text IS NULL THEN state.etag ELSE %(etag)s END,
       last_modified = CASE WHEN %(validators_for)s::text IS NULL THEN state.last_modified ELSE %(last_modified)s END,
       validators_for = coalesce(%(validators_for)s, state.validators_for)
  FROM became WHERE state.source = %(source)s
RETURNING state.source, old, new, state.health_since, state.health_detail
"""


def record_check(
    connection: Connection,
    source: str,
    *,
    at: datetime,
    outcome: str,
    next_due_at: datetime,
    etag: str | None = None,
    last_modified: str | None = None,
    validators_for: str | None = None,
    good: bool,
    detail: str | None = None,
) -> HealthChange | None:
    """Notes how an attempt to fetch ended; returns the change of health, if there was one.

    `good`: the source's bytes are known. They are believed only when read: a new capture changes health when
    `store.verdicts.mark_read` has its verdict. `validators_for` None keeps the validators as they are.
    """
    row = connection.execute(
        RECORD,
        {
            "source": source,
            "at": at,
            "outcome": outcome,
            "next_due_at": next_due_at,
            "etag": etag,
            "last_modified": last_modified,
            "validators_for": validators_for,
            "good": good,
            "detail": detail,
        },
    ).fetchone()
    return _change(row)


def record_verdict(
    connection: Connection, source: str, *, at: datetime, good: bool, detail: str | None
) -> HealthChange | None:
    """Notes that the newest capture was read and believed, or not; returns the change of health, if there was one."""
    row = connection.execute(
        """
        WITH was AS (SELECT source, health AS old FROM source_state WHERE source = %(source)s FOR UPDATE)
        UPDATE source_state AS state
           SET health = %(new)s, health_since = CASE WHEN old <> %(new)s THEN %(at)s ELSE health_since END,
               health_detail = %(detail)s,
               last_good_at = CASE WHEN %(good)s THEN greatest(last_good_at, %(at)s) ELSE last_good_at END
          FROM was WHERE state.source = was.source
        RETURNING state.source, old, state.health, state.health_since, state.health_detail
        """,
        {"source": source, "at": at, "good": good, "detail": detail, "new": "ok" if good else "broken"},
    ).fetchone()
    return _change(row)


def set_pace(connection: Connection, source: str, pace: timedelta | None) -> None:
    """Notes how rarely it is enough to look, by what was read; the next visit is arithmetic over it."""
    connection.execute(
        "UPDATE source_state SET pace = %(pace)s WHERE source = %(source)s AND pace IS DISTINCT FROM %(pace)s",
        {"source": source, "pace": pace},
    )


def record_evidence(connection: Connection, source: str, *, at: datetime) -> None:
    """Notes that an imported capture was read and believed: what the source said then was so until `at`."""
    connection.execute(
        "UPDATE source_state SET last_good_at = greatest(last_good_at, %s) WHERE source = %s", [at, source]
    )


def mark_stale(connection: Connection, now: datetime, *, few_hosts: int = 0) -> list[HealthChange]:
    """Marks the sources that had no good capture for two intervals, beside what already stands against them.

    Not while aiwire itself has not looked. And where no server answered, only if shortly before the last attempt
    another host did: else it was our network. With fewer than `few_hosts` hosts that cannot be told apart.
    """
    rows = connection.execute(
        """
        WITH was AS (
            SELECT state.source, state.health AS old FROM source_state AS state JOIN source ON source.id = state.source
             WHERE source.enabled AND source.every IS NOT NULL AND state.health <> 'stale'
               AND state.last_good_at + 2 * source.every < %(now)s AND state.last_fetch_at > state.last_good_at
               AND ((SELECT count(DISTINCT host) FROM source WHERE enabled) < %(few_hosts)s::int
                    OR coalesce((SELECT status IS NOT NULL FROM "fetch" WHERE "fetch".source = source.id
                                  ORDER BY finished_at DESC, id DESC LIMIT 1), true)
                    OR EXISTS (SELECT FROM source AS other JOIN "fetch" ON "fetch".source = other.id
                                WHERE other.host <> source.host AND status IS NOT NULL
                                  AND finished_at BETWEEN state.last_fetch_at - source.every / 2
                                                      AND state.last_fetch_at))
             ORDER BY state.source FOR UPDATE OF state
        )
        UPDATE source_state AS state
           SET health = 'stale', health_since = %(now)s,
               health_detail = concat_ws(': ', 'no good capture since ' || to_char(last_good_at AT TIME ZONE 'UTC',
                   'YYYY-MM-DD HH24:MI "UTC"'), nullif(state.health_detail, ''))
          FROM was WHERE state.source = was.source
        RETURNING state.source, old, state.health, state.health_since, state.health_detail
        """,
        {"now": now, "few_hosts": few_hosts},
    ).fetchall()
    return [change for row in sorted(rows) if (change := _change(row))]


def _change(row: tuple[Any, ...] | None) -> HealthChange | None:
    if row is None or row[1] == row[2]:
        return None
    return HealthChange(source=row[0], old=row[1], new=row[2], since=row[3], detail=row[4])
