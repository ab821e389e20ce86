"""Which events the alerts have seen: what waits to be told, and what was told and is not so."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from store.connect import Connection
from store.event_rows import StoredEvent, read

# Of an event that settles: whether the same thing changed again, and that has not settled yet.
UNSETTLED: LiteralString = (
    "EXISTS (SELECT FROM event AS later WHERE later.routed_at IS NULL AND later.withdrawn_at IS NULL "
    "AND later.tell_after > timeline.now() AND later.source = event.source AND later.key = event.key)"
)


def unrouted(connection: Connection, limit: int) -> list[StoredEvent]:
    """The oldest events that no alert route has seen and that may be told by now; locked for this transaction.

    Events another process is routing are left out, and so are those that settle first (`tell_after`): whatever changes
    again in that time has to stand as long anew.
    """
    return read(
        connection,
        "SELECT * FROM event WHERE routed_at IS NULL AND withdrawn_at IS NULL "
        "AND (tell_after IS NULL OR tell_after <= timeline.now() AND NOT " + UNSETTLED + ") "
        "ORDER BY position LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED",
        {"limit": limit},
    )


def count_unrouted(connection: Connection) -> int:
    """How many events no alert route has seen, those that settle first among them."""
    row = connection.execute("SELECT count(*) FROM event WHERE routed_at IS NULL AND withdrawn_at IS NULL").fetchone()
    return int(row[0]) if row else 0


def mark_routed(connection: Connection, ids: Sequence[str], at: datetime) -> None:
    """These events have become deliveries, or none were due."""
    connection.execute("UPDATE event SET routed_at = %s WHERE id = ANY(%s) AND routed_at IS NULL", [at, list(ids)])


def withdrawn_untold(connection: Connection, limit: int) -> list[StoredEvent]:
    """Withdrawn events that some receiver was told of, or is about to be, and not yet of the withdrawal; locked."""
    return read(
        connection,
        "SELECT event.* FROM event WHERE withdrawn_at IS NOT NULL AND withdrawal_routed_at IS NULL "
        "AND EXISTS (SELECT 1 FROM delivery WHERE delivery.events @> ARRAY[event.id]) "
        "ORDER BY position LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED",
        {"limit": limit},
    )


def mark_withdrawals_routed(connection: Connection, ids: Sequence[str], at: datetime) -> None:
    """Whoever was told of these events is being told of their withdrawal."""
    connection.execute("UPDATE event SET withdrawal_routed_at = %s WHERE id = ANY(%s)", [at, list(ids)])


def returned(connection: Connection, limit: int) -> list[StoredEvent]:
    """Events that stand again and whose withdrawal was told, so that it is not yet told that they do; locked."""
    return read(
        connection,
        "SELECT * FROM event WHERE withdrawn_at IS NULL AND withdrawal_routed_at IS NOT NULL "
        "ORDER BY position LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED",
        {"limit": limit},
    )


def mark_returns_routed(connection: Connection, ids: Sequence[str]) -> None:
    """Whoever was told of the withdrawal of these events is being told that they stand."""
    connection.execute(
        "UPDATE event SET withdrawal_routed_at = NULL WHERE id = ANY(%s) AND withdrawn_at IS NULL", [list(ids)]
    )
