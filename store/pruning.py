"""Retention: what only tells how the watching went is dropped after a while; what proves something never is.

Dropped are attempts to fetch, attempts to deliver and issues that are long over: since when this database knows that,
as the issues of old captures that are imported end long ago. Captures, their bytes, facts and
events stay: every one of them may be read again. Of the looks that found a page unchanged those are kept by which a
rebuild dates what it finds (see `_LOOKS`), so that a rebuild after pruning gives the same history as before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from store.connect import Connection

BATCH = 10_000  # rows looked at in one transaction: nobody waits long for its locks

_FAILED: LiteralString = """
    finished_at < %(before)s AND outcome NOT IN ('changed', 'unchanged', 'not_modified') AND run <> 'import'
    AND EXISTS (SELECT FROM "fetch" AS later WHERE later.source = old.source AND later.finished_at > old.finished_at)
"""
# Kept: what was imported; a day and a half from the start of each run of a capture (holds and first misses are decided
# by the looks that follow); the first look of each day (UTC), which dates what the calendar changes; looks that
# an event names, as its own or as the last one before; and the newest of all.
_LOOKS: LiteralString = """
    finished_at < %(before)s AND outcome IN ('unchanged', 'not_modified') AND run <> 'import'
    AND EXISTS (SELECT FROM "fetch" AS later WHERE later.source = old.source AND later.finished_at > old.finished_at)
    AND (SELECT min(finished_at) FROM "fetch" AS first WHERE first.source = old.source
            AND first.finished_at >= date_trunc('day', old.finished_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
            AND first.outcome IN ('changed', 'unchanged', 'not_modified')) < old.finished_at
    AND NOT EXISTS (SELECT FROM capture WHERE capture.source = old.source
                       AND capture.first_seen BETWEEN old.finished_at - interval '36 hours' AND old.finished_at)
    AND NOT EXISTS (SELECT FROM event WHERE event.source = old.source AND event.observed_at = old.finished_at)
    AND NOT EXISTS (SELECT FROM event WHERE event.source = old.source AND event.observed_after = old.finished_at)
"""
_WHAT: dict[str, LiteralString] = {
    "failed_fetches": f'SELECT id FROM "fetch" AS old WHERE {_FAILED}',
    "unchanged_looks": f'SELECT id FROM "fetch" AS old WHERE {_LOOKS}',
    "delivery_attempts": (
        "SELECT old.id FROM delivery_attempt AS old JOIN delivery ON delivery.id = old.delivery "
        "WHERE old.at < %(before)s AND delivery.state IN ('sent', 'withdrawn')"
    ),
    "issues": "SELECT old.id FROM issue AS old WHERE old.closing_recorded_at < %(before)s",
}
_FROM: dict[str, LiteralString] = {
    "failed_fetches": '"fetch"',
    "unchanged_looks": '"fetch"',
    "delivery_attempts": "delivery_attempt",
    "issues": "issue",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """So many rows of one sort are gone (or would go)."""

    what: str
    rows: int


def count(connection: Connection, *, before: datetime) -> list[Step]:
    """What `prune` would drop."""
    return [
        Step(what=what, rows=_counted(connection, f"SELECT count(*) FROM ({query}) AS gone", before))
        for what, query in _WHAT.items()
    ]


def prune(connection: Connection, *, before: datetime) -> Iterator[Step]:
    """Drops what is older than `before`, batch by batch, each committed: killed at any point it goes on the next time.

    Yields what each batch dropped.
    """
    for what, query in _WHAT.items():
        after = -1
        while True:
            with connection.transaction():
                upto = _end_of_batch(connection, _FROM[what], after)
                if upto is None:
                    break
                done = connection.execute(
                    f"DELETE FROM {_FROM[what]} WHERE id IN "
                    f"({query} AND old.id > %(after)s::bigint AND old.id <= %(upto)s::bigint)",
                    {"before": before, "after": after, "upto": upto},
                ).rowcount
            if done:
                yield Step(what=what, rows=done)
            after = upto


def _end_of_batch(connection: Connection, table: LiteralString, after: int) -> int | None:
    """The number of the last row of the next batch: what stays is looked at once, not again for every batch."""
    row = connection.execute(
        f"SELECT max(id) FROM (SELECT id FROM {table} WHERE id > %s ORDER BY id LIMIT %s) AS batch", [after, BATCH]
    ).fetchone()
    return row[0] if row else None


def _counted(connection: Connection, query: LiteralString, before: datetime) -> int:
    row = connection.execute(query, {"before": before}).fetchone()
    return int(row[0]) if row else 0
