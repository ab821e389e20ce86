"""Digests: which events wait for which, and those that are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from store.connect import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestDue:
    """The events that wait for one digest of a receiver."""

    receiver: str
    schedule: str
    due_at: datetime
    events: list[str]


def add(
    connection: Connection, receiver: str, events: Sequence[str], *, schedule: str, due_at: datetime, now: datetime
) -> int:
    """These events wait for the next digest; what waits already is left as it is. Returns how many were added."""
    return connection.execute(
        "INSERT INTO digest_entry (receiver, event, schedule, due_at, added_at) "
        "SELECT %s, unnest(%s::text[]), %s, %s, %s ON CONFLICT DO NOTHING",
        [receiver, list(events), schedule, due_at, now],
    ).rowcount


def waiting(connection: Connection, receiver: str | None) -> dict[str, list[str]]:
    """The events that wait for a digest, by receiver: of one of them, or of all."""
    return dict(
        connection.execute(
            "SELECT receiver, array_agg(event) FROM digest_entry WHERE receiver = coalesce(%s, receiver) "
            "GROUP BY receiver ORDER BY receiver",
            [receiver],
        ).fetchall()
    )


def leave(connection: Connection, receiver: str, events: Sequence[str]) -> None:
    """These events wait for no digest of the receiver any more: one that goes out tells them."""
    connection.execute("DELETE FROM digest_entry WHERE receiver = %s AND event = ANY(%s)", [receiver, list(events)])


def take_due(connection: Connection, now: datetime) -> list[DigestDue]:
    """The digests that are due, taken out: the caller's transaction makes messages of them."""
    with connection.cursor(row_factory=class_row(DigestDue)) as cursor:
        return cursor.execute(
            """
            WITH taken AS (DELETE FROM digest_entry WHERE due_at <= %s RETURNING receiver, schedule, due_at, event)
            SELECT receiver, schedule, due_at, array_agg(event) AS events FROM taken
             GROUP BY receiver, schedule, due_at ORDER BY due_at, receiver
            """,
            [now],
        ).fetchall()
