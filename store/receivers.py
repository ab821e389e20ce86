"""Receivers: whether what is told gets through to them, and what waits for them."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from store.connect import Connection
from store.deliveries import GIVEN_UP


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiverHealth:
    """Whether the messages of a receiver get through: the view `timeline.receiver_health`."""

    receiver: str
    health: str  # ok failing gone incomplete
    code: str
    last_attempt_at: datetime | None
    last_sent_at: datetime | None
    sent: int
    waiting: int
    given_up: int
    undelivered_since: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """What waits for one receiver. `due` of `pending` could go now; `oldest` is when the oldest of them was made."""

    receiver: str
    pending: int
    due: int
    parked: int
    oldest: datetime | None


def health(connection: Connection) -> list[ReceiverHealth]:
    """How each receiver fares that ever had a message, by name. A reader may ask."""
    with connection.cursor(row_factory=class_row(ReceiverHealth)) as cursor:
        return cursor.execute(
            "SELECT receiver, health, code, last_attempt_at, last_sent_at, sent, waiting, given_up, undelivered_since "
            "FROM timeline.receiver_health ORDER BY receiver"
        ).fetchall()


def backlog(connection: Connection, now: datetime | None = None) -> list[Backlog]:
    """What waits and what was given up, by receiver; those with nothing of either are left out."""
    with connection.cursor(row_factory=class_row(Backlog)) as cursor:
        return cursor.execute(
            """
            SELECT receiver, count(*) FILTER (WHERE state = 'pending') AS pending,
                   count(*) FILTER (WHERE state = 'pending' AND not_before <= coalesce(%(now)s, timeline.now())) AS due,
                   count(*) FILTER (WHERE state = 'parked') AS parked,
                   min(created_at) FILTER (WHERE state = 'pending') AS oldest
              FROM delivery WHERE state IN ('pending', 'parked') GROUP BY receiver ORDER BY receiver
            """,
            {"now": now},
        ).fetchall()


def was_down(connection: Connection, receiver: str) -> bool:
    """Whether nothing has got through to a receiver since it refused everything, or did not answer for days."""
    row = connection.execute(
        "SELECT outcome <> 'sent' FROM delivery_attempt JOIN delivery ON delivery.id = delivery_attempt.delivery "
        "WHERE receiver = %s AND (outcome IN ('sent', 'disabled') OR outcome = 'parked' AND starts_with(detail, %s)) "
        "ORDER BY delivery_attempt.id DESC LIMIT 1",
        [receiver, GIVEN_UP],
    ).fetchone()
    return bool(row and row[0])


def last_sent(connection: Connection, receiver: str) -> datetime | None:
    """When a message last got through to a receiver; None: never."""
    row = connection.execute("SELECT max(sent_at) FROM delivery WHERE receiver = %s", [receiver]).fetchone()
    return row[0] if row else None
