"""Deliveries: one message to one receiver, once; sent, waiting, parked or taken back, and what came of each attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
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
    state: Literal["pending", "sent", "parked", "withdrawn"]
    created_at: datetime
    not_before: datetime
    attempts: int
    last_status: str | None
    sent_at: datetime | None
    receipt: dict[str, str] = field(default_factory=dict)  # what the receiver gave for it so far; never a secret


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """What came of one attempt. `code` is a word of ours or a status; `detail` is for the operator alone."""

    at: datetime
    outcome: str  # sent partly retry parked disabled withdrawn
    code: str
    detail: str | None


NOTHING: Mapping[str, str] = MappingProxyType({})
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


def take_lane(connection: Connection, lane: str) -> bool:
    """Keeps everybody else from sending on this lane until the connection closes; False: somebody does.

    A machine that is gone without a word is noticed within a minute, and its lane is free again.
    """
    connection.execute(
        "SELECT set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false), "
        "set_config('tcp_keepalives_count', '3', false)"
    )
    row = connection.execute(
        "SELECT pg_try_advisory_lock(hashtextextended('aiwire lane ' || %s, 0))", [lane]
    ).fetchone()
    return bool(row and row[0])


def leave_lane(connection: Connection) -> None:
    """Lets others send on the lane at once: a connection that closes is gone for the server a moment later."""
    connection.execute("SELECT pg_advisory_unlock_all()")


def mark_sent(
    connection: Connection,
    delivery: int,
    at: datetime,
    *,
    status: str | None = None,
    code: str = "",
    receipt: Mapping[str, str] = NOTHING,
) -> None:
    """It arrived. `status` is a bounded, inert word for the operator; never a secret."""
    _note(connection, delivery, "sent", "sent", status=status, code=code, receipt=receipt, at=at, sent_at=at)


def mark_partly(
    connection: Connection, delivery: int, at: datetime, *, status: str, code: str = "", receipt: Mapping[str, str]
) -> None:
    """One of the requests that make up the message was taken, as `receipt` says; the others are due."""
    _note(connection, delivery, "pending", "partly", status=status, code=code, receipt=receipt, at=at)


def mark_failed(
    connection: Connection,
    delivery: int,
    *,
    retry_at: datetime,
    status: str,
    at: datetime | None = None,
    code: str = "",
    receipt: Mapping[str, str] = NOTHING,
) -> None:
    """It did not arrive, or nobody knows; it is tried again at `retry_at`."""
    _note(
        connection, delivery, "pending", "retry", status=status, code=code, receipt=receipt, at=at, not_before=retry_at
    )


def mark_parked(
    connection: Connection,
    delivery: int,
    *,
    status: str,
    at: datetime | None = None,
    code: str = "",
    outcome: Literal["parked", "disabled"] = "parked",
    receipt: Mapping[str, str] = NOTHING,
) -> None:
    """It is given up; it stays here for a person to see. `disabled`: nothing at all gets through to this receiver."""
    _note(connection, delivery, "parked", outcome, status=status, code=code, receipt=receipt, at=at)


def mark_withdrawn(connection: Connection, delivery: int, at: datetime, *, status: str) -> None:
    """What it tells was taken back before it was sent: nobody is told, and nothing went wrong."""
    _note(connection, delivery, "withdrawn", "withdrawn", status=status, at=at)


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


def attempts(connection: Connection, delivery: int) -> list[Attempt]:
    """What came of each attempt, the oldest first."""
    with connection.cursor(row_factory=class_row(Attempt)) as cursor:
        return cursor.execute(
            "SELECT at, outcome, code, detail FROM delivery_attempt WHERE delivery = %s::bigint ORDER BY id", [delivery]
        ).fetchall()


def receipt_of(connection: Connection, message_key: str, receiver: str) -> dict[str, str]:
    """What a receiver gave for a message that it got; empty where nothing is known."""
    row = connection.execute(
        "SELECT receipt FROM delivery WHERE message_key = %s AND receiver = %s", [message_key, receiver]
    ).fetchone()
    return dict(row[0]) if row else {}


def _note(
    connection: Connection,
    delivery: int,
    state: str,
    outcome: str,
    *,
    status: str | None,
    code: str = "",
    receipt: Mapping[str, str] = NOTHING,
    at: datetime | None = None,
    sent_at: datetime | None = None,
    not_before: datetime | None = None,
) -> None:
    """The message as it stands now, and a line in the log of its attempts."""
    connection.execute(
        """
        WITH noted AS (
            UPDATE delivery SET state = %(state)s, attempts = attempts + 1, last_status = left(%(status)s, 300),
                   sent_at = %(sent_at)s, not_before = coalesce(%(not_before)s, not_before),
                   receipt = receipt || %(receipt)s
             WHERE id = %(delivery)s::bigint RETURNING id, last_status)
        INSERT INTO delivery_attempt (delivery, at, outcome, code, detail)
        SELECT id, coalesce(%(at)s, timeline.now()), %(outcome)s, %(code)s, last_status FROM noted
        """,
        {
            "state": state,
            "status": status,
            "sent_at": sent_at,
            "not_before": not_before,
            "receipt": Jsonb(dict(receipt), dumps=canonical),
            "delivery": delivery,
            "at": at,
            "outcome": outcome,
            "code": code,
        },
    )


def _all(connection: Connection, query: LiteralString, values: Mapping[str, Any]) -> list[Delivery]:
    with connection.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(query, values).fetchall()
