"""What waits to be done, as one look at the database: any number of schedulers may ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString

from store.connect import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Agenda:
    """Work that is due and not already queued or under way."""

    hosts: tuple[str, ...]  # with at least one source to fetch
    unread: tuple[str, ...]  # sources with captures nobody has read
    unrouted: bool  # events, or withdrawals and returns of told ones, that are not yet deliveries
    receivers: tuple[str, ...]  # with deliveries to send


# A host that was asked a moment ago, by whatever machine, is left alone. A clock that was set back far is not believed.
_SPARED: LiteralString = """
    NOT EXISTS (SELECT FROM source AS near JOIN source_state AS seen ON seen.source = near.id
                 WHERE near.host = source.host AND seen.last_fetch_at > %(spared)s
                   AND seen.last_fetch_at < %(now)s + interval '1 minute')
"""
DUE: LiteralString = f"""
WITH job AS (SELECT lock, queueing_lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing')),
busy AS (
    SELECT lock FROM job WHERE lock IS NOT NULL UNION SELECT queueing_lock FROM job WHERE queueing_lock IS NOT NULL)
SELECT 'host' AS what, source.host AS name
  FROM source JOIN source_state AS state ON state.source = source.id LEFT JOIN host USING (host)
 WHERE source.enabled AND source.host IS NOT NULL AND state.next_due_at <= %(now)s
   AND (host.not_before IS NULL OR host.not_before <= %(now)s)
   AND NOT 'host:' || source.host IN (SELECT lock FROM busy) AND {_SPARED}
UNION SELECT 'unread', capture.source FROM capture JOIN source ON source.id = capture.source
 WHERE capture.verdict IS NULL AND source.enabled
   AND NOT 'source:' || capture.source IN (SELECT lock FROM busy)
   AND (source.host IS NULL OR NOT 'host:' || source.host IN (SELECT lock FROM busy))
UNION SELECT 'unrouted', '' WHERE NOT 'route' IN (SELECT lock FROM busy)
   AND (EXISTS (SELECT FROM event WHERE routed_at IS NULL AND withdrawn_at IS NULL
                   AND (tell_after IS NULL OR tell_after <= %(now)s AND NOT EXISTS (
                           SELECT FROM event AS later WHERE later.routed_at IS NULL AND later.withdrawn_at IS NULL
                              AND later.tell_after > %(now)s AND later.source = event.source
                              AND later.key = event.key)))
        OR EXISTS (SELECT FROM digest_entry WHERE due_at <= %(now)s)
        OR EXISTS (SELECT FROM event WHERE withdrawn_at IS NULL AND withdrawal_routed_at IS NOT NULL)
        OR EXISTS (SELECT FROM event WHERE withdrawn_at IS NOT NULL AND withdrawal_routed_at IS NULL
                      AND EXISTS (SELECT FROM delivery WHERE delivery.events @> ARRAY[event.id])))
UNION SELECT 'receiver', receiver FROM delivery
 WHERE state = 'pending' AND not_before <= %(now)s AND NOT 'receiver:' || receiver IN (SELECT lock FROM busy)
ORDER BY 1, 2
"""


def due(connection: Connection, now: datetime, *, pause: timedelta = timedelta(0)) -> Agenda:
    """Everything due at `now`; what has a job waiting or running in the queue is left out.

    So is a host that answered less than `pause` ago.
    """
    found: dict[str, list[str]] = {"host": [], "unread": [], "unrouted": [], "receiver": []}
    for what, name in connection.execute(DUE, {"now": now, "spared": now - pause}):
        found[what].append(name)
    return Agenda(
        hosts=tuple(found["host"]),
        unread=tuple(found["unread"]),
        unrouted=bool(found["unrouted"]),
        receivers=tuple(found["receiver"]),
    )


def receivers_due(connection: Connection, until: datetime) -> list[str]:
    """The receivers with something to send by `until` and no job for it yet, whose turn is first in front."""
    rows = connection.execute(
        """
        SELECT receiver FROM delivery
         WHERE state = 'pending' AND not_before <= %s AND NOT EXISTS (
               SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
                  AND queueing_lock = 'receiver:' || receiver)
         GROUP BY receiver ORDER BY min(not_before), receiver
        """,
        [until],
    )
    return [row[0] for row in rows]


def due_of_host(connection: Connection, host: str, now: datetime, *, pause: timedelta = timedelta(0)) -> list[str]:
    """The ids of the enabled sources of one host that are due; none while the host is to be left alone."""
    rows = connection.execute(
        f"""
        SELECT source.id FROM source JOIN source_state AS state ON state.source = source.id LEFT JOIN host USING (host)
         WHERE source.enabled AND source.host = %(host)s AND state.next_due_at <= %(now)s
           AND coalesce(host.not_before, '-infinity') <= %(now)s AND {_SPARED}
         ORDER BY state.next_due_at, source.id
        """,
        {"host": host, "now": now, "spared": now - pause},
    )
    return [row[0] for row in rows]


def idle(connection: Connection, now: datetime) -> bool:
    """Whether nothing at all is due, queued or running: a rehearsal may set its clock forward."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing')) "
        f"OR EXISTS (SELECT FROM ({DUE}) AS due)",  # one look: what is due is not yet queued, or queued
        {"now": now, "spared": now},
    ).fetchone()
    return not (row and row[0])


def unobserved(connection: Connection, sources: Sequence[str]) -> dict[str, tuple[bool, dict[str, Any]]]:
    """Of each source: whether it has captures nobody has read, and its fold's header."""
    rows = connection.execute(
        """
        SELECT source, EXISTS (SELECT FROM capture WHERE capture.source = state.source AND verdict IS NULL),
               fold
          FROM source_state AS state WHERE source = ANY(%s)
        """,
        [list(sources)],
    )
    return {source: (unread, header) for source, unread, header in rows}


def fold_header(connection: Connection, source: str) -> dict[str, Any]:
    """The small part of a source's fold state, which says whether anything waits; empty before the first look."""
    row = connection.execute("SELECT fold FROM source_state WHERE source = %s", [source]).fetchone()
    return (row[0] if row else None) or {}
