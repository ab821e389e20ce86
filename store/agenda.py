"""What waits to be done, as one look at the database: any number of schedulers may ask."""

from dataclasses import dataclass
from datetime import datetime

from store.connect import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Agenda:
    """Work that is due and not already queued or under way."""

    hosts: tuple[str, ...]  # with at least one source to fetch
    unread: tuple[str, ...]  # sources with captures nobody has read
    unrouted: bool  # events that are not yet deliveries
    receivers: tuple[str, ...]  # with deliveries to send


_QUEUED = """EXISTS (SELECT FROM procrastinate_jobs j WHERE j.status IN ('todo', 'doing') AND j.lock = %s)"""


def due(connection: Connection, now: datetime) -> Agenda:
    """Everything due at `now`; what has a job waiting or running in the queue is left out."""
    hosts = connection.execute(
        f"""
        SELECT DISTINCT s.host FROM source s JOIN source_state t ON t.source = s.id LEFT JOIN host h ON h.host = s.host
         WHERE s.enabled AND s.host IS NOT NULL AND t.next_due_at <= %s AND coalesce(h.not_before, '-infinity') <= %s
           AND NOT {_QUEUED % "'host:' || s.host"} ORDER BY 1
        """,
        (now, now),
    ).fetchall()
    unread = connection.execute(
        f"""
        SELECT DISTINCT c.source FROM capture c JOIN source s ON s.id = c.source
         WHERE c.verdict IS NULL AND s.enabled AND NOT {_QUEUED % "'source:' || c.source"}
           AND NOT {_QUEUED % "'host:' || s.host"} ORDER BY 1
        """
    ).fetchall()
    unrouted = connection.execute(
        f"SELECT EXISTS (SELECT FROM event WHERE routed_at IS NULL) AND NOT {_QUEUED % "'route'"}"
    ).fetchone()
    receivers = connection.execute(
        f"""
        SELECT DISTINCT d.receiver FROM delivery d WHERE d.state = 'pending' AND d.not_before <= %s
           AND NOT {_QUEUED % "'receiver:' || d.receiver"} ORDER BY 1
        """,
        (now,),
    ).fetchall()
    return Agenda(
        hosts=tuple(row[0] for row in hosts),
        unread=tuple(row[0] for row in unread),
        unrouted=bool(unrouted and unrouted[0]),
        receivers=tuple(row[0] for row in receivers),
    )


def idle(connection: Connection, now: datetime) -> bool:
    """Whether nothing at all is due, queued or running: a rehearsal may set its clock forward."""
    busy = connection.execute("SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))").fetchone()
    return not (busy and busy[0]) and due(connection, now) == Agenda(hosts=(), unread=(), unrouted=False, receivers=())
