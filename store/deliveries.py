"""Deliveries: one message to one receiver, once; what waits, in which order, and whom a correction must reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, LiteralString

from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from store.connect import Connection
from timeline.keys import canonical


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A message that waits, was sent or was given up. `message` is alerts.messages.Message as JSON."""

    id: int
    message_key: str
    receiver: str
    events: list[str]
    message: dict[str, Any]
    state: Literal["pending", "sent", "parked", "withdrawn", "superseded", "silenced"]
    created_at: datetime
    not_before: datetime
    attempts: int
    last_status: str | None
    sent_at: datetime | None
    receipt: dict[str, str] = field(default_factory=dict)  # what the receiver gave for it so far; never a secret


GIVEN_UP: LiteralString = "given up after"
"""How the status of a message begins that was tried for as long as any is."""
UNPARK: LiteralString = "UPDATE delivery SET state = 'pending', attempts = 0, created_at = %s, not_before = %s"
COLUMNS: LiteralString = (
    "id, message_key, receiver, events, message, state, created_at, not_before, attempts, last_status, sent_at, receipt"
)


def add(
    connection: Connection,
    message_key: str,
    receiver: str,
    events: Sequence[str],
    message: Mapping[str, Any],
    *,
    created_at: datetime,
    not_before: datetime,
) -> bool:
    """Queues a message in the caller's transaction; False: this receiver has or had it already."""
    row = connection.execute(
        """
        INSERT INTO delivery (message_key, receiver, events, message, created_at, not_before)
        VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT ON CONSTRAINT delivery_once DO NOTHING RETURNING id
        """,
        [message_key, receiver, list(events), Jsonb(dict(message), dumps=canonical), created_at, not_before],
    ).fetchone()
    return row is not None


def number_of(connection: Connection, message_key: str, receiver: str) -> int:
    """The number of a message that was queued for a receiver."""
    query = "SELECT id FROM delivery WHERE message_key = %s AND receiver = %s ORDER BY id DESC LIMIT 1"
    row = connection.execute(query, [message_key, receiver]).fetchone()
    if row is None:
        raise LookupError(f"no message {message_key} was queued for {receiver}")
    return int(row[0])


def replace_message(connection: Connection, delivery: int, message: Mapping[str, Any], events: Sequence[str]) -> bool:
    """Puts newer content into a message that has not been tried yet; False: too late."""
    return (
        connection.execute(
            "UPDATE delivery SET message = %s, events = %s "
            "WHERE id = %s::bigint AND state = 'pending' AND attempts = 0",
            [Jsonb(dict(message), dumps=canonical), list(events), delivery],
        ).rowcount
        == 1
    )


def free_key(connection: Connection, delivery: int) -> None:
    """The key of a message that was taken back before it was sent may be that of another: nobody has seen it."""
    connection.execute(
        "UPDATE delivery SET message_key = message_key || '-' || id WHERE id = %s::bigint AND state = 'withdrawn'",
        [delivery],
    )


def claim_due(connection: Connection, receiver: str, now: datetime, limit: int) -> list[Delivery]:
    """The oldest messages due to a receiver, locked until the caller's transaction ends; others' claims are left out.

    A message that waits for a retry holds back the later ones about the same subjects: the order in which a receiver
    reads of one model is the order of events.
    """
    return _all(
        connection,
        f"""
        SELECT {COLUMNS} FROM delivery
         WHERE receiver = %(receiver)s AND state = 'pending' AND not_before <= %(now)s
           AND NOT EXISTS (
               SELECT 1 FROM delivery AS earlier
                WHERE earlier.receiver = %(receiver)s AND earlier.state = 'pending' AND earlier.id < delivery.id
                  AND earlier.not_before > %(now)s AND earlier.message -> 'subjects' ?|
                      ARRAY(SELECT jsonb_array_elements_text(delivery.message -> 'subjects')))
         ORDER BY id LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED
        """,
        {"receiver": receiver, "now": now, "limit": limit},
    )


def postpone(connection: Connection, receiver: str, until: datetime) -> int:
    """Nothing that waits for this receiver goes before `until`: it asked for a pause, or is down. Returns how many."""
    return connection.execute(
        "UPDATE delivery SET not_before = %s WHERE receiver = %s AND state = 'pending' AND not_before < %s",
        [until, receiver, until],
    ).rowcount


def unpark(connection: Connection, receiver: str, now: datetime) -> int:
    """Gives the parked messages of a receiver another chance, now, and another three days; returns how many."""
    return connection.execute(f"{UNPARK} WHERE receiver = %s AND state = 'parked'", [now, now, receiver]).rowcount


def unpark_one(connection: Connection, delivery: int, now: datetime) -> bool:
    """The same for one message; False: it is not parked, or not there."""
    return connection.execute(f"{UNPARK} WHERE id = %s::bigint AND state = 'parked'", [now, now, delivery]).rowcount > 0


def receivers_due(connection: Connection, now: datetime) -> list[str]:
    """The receivers with something to send by then, in order."""
    rows = connection.execute(
        "SELECT DISTINCT receiver FROM delivery WHERE state = 'pending' AND not_before <= %s ORDER BY 1", [now]
    )
    return [row[0] for row in rows]


def lock_told(connection: Connection, events: Sequence[str]) -> tuple[list[Delivery], set[str]]:
    """Every message that tells one of these events, locked for the caller's transaction: whom a correction must reach.

    And those of the events that a message tells which is being sent at this moment: what comes of it is not known yet.
    """
    asked = {"events": list(events)}
    telling = "FROM delivery WHERE events && %(events)s::text[]"
    locked = _all(connection, f"SELECT {COLUMNS} {telling} ORDER BY id FOR UPDATE SKIP LOCKED", asked)
    free = {delivery.id for delivery in locked}
    rows = connection.execute(f"SELECT id, events {telling}", asked).fetchall()
    return locked, {event for id_, told in rows if id_ not in free for event in told} & set(events)


def next_due(connection: Connection, receiver: str, *, until: datetime) -> datetime | None:
    """When the first of what waits for a receiver falls due, or did; None where that is after `until`."""
    row = connection.execute(
        "SELECT min(not_before) FROM delivery WHERE state = 'pending' AND receiver = %s AND not_before <= %s",
        [receiver, until],
    ).fetchone()
    return row[0] if row else None


def newest(
    connection: Connection, limit: int, *, receiver: str | None = None, state: str | None = None
) -> list[dict[str, Any]]:
    """What was told to whom, the newest first, with the title of each message."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            """
            SELECT id, created_at, receiver, state, attempts, message ->> 'title' AS title, last_status, sent_at,
                   not_before, message_key, events
              FROM delivery
             WHERE (%(receiver)s::text IS NULL OR receiver = %(receiver)s)
               AND (%(state)s::text IS NULL OR state = %(state)s)
             ORDER BY id DESC LIMIT %(limit)s::int
            """,
            {"limit": limit, "receiver": receiver, "state": state},
        ).fetchall()


def get(connection: Connection, delivery: int) -> Delivery | None:
    """One message by its number; None where there is none."""
    found = _all(connection, f"SELECT {COLUMNS} FROM delivery WHERE id = %(id)s::bigint", {"id": delivery})
    return found[0] if found else None


def receipt_of(connection: Connection, message_key: str, receiver: str) -> dict[str, str]:
    """What a receiver gave for a message that it got; empty where nothing is known."""
    row = connection.execute(
        "SELECT receipt FROM delivery WHERE message_key = %s AND receiver = %s", [message_key, receiver]
    ).fetchone()
    return dict(row[0]) if row else {}


def _all(connection: Connection, query: LiteralString, values: Mapping[str, Any]) -> list[Delivery]:
    with connection.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(query, values).fetchall()
