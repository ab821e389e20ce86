"""The side of each price that a receiver knows, so that small changes add up since it was told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from store.connect import Connection
from timeline.keys import canonical


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldValue:
    """The side of a price that a receiver knows. `event`: what told it; None: it was kept back so far."""

    source: str
    key: str
    side: dict[str, Any]
    before: dict[str, Any] | None = None
    event: str | None = None


def of_receiver(
    connection: Connection, receiver: str, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], ToldValue]:
    """What a receiver knows of these prices, by (source, key)."""
    asked = sorted(set(keys))
    with connection.cursor(row_factory=class_row(ToldValue)) as cursor:
        rows = cursor.execute(
            """
            SELECT source, key, side, before, event FROM told_value
              JOIN unnest(%s::text[], %s::text[]) AS asked (source, key) USING (source, key) WHERE receiver = %s
            """,
            [[source for source, _ in asked], [key for _, key in asked], receiver],
        ).fetchall()
    return {(row.source, row.key): row for row in rows}


def put(connection: Connection, receiver: str, value: ToldValue) -> None:
    """From now on the receiver knows this price."""
    connection.execute(
        """
        INSERT INTO told_value (receiver, source, key, side, before, event) VALUES (%s, %s, %s, %s, %s, %s)
        ON CONFLICT (receiver, source, key)
        DO UPDATE SET (side, before, event) = (EXCLUDED.side, EXCLUDED.before, EXCLUDED.event)
        """,
        [
            receiver,
            value.source,
            value.key,
            Jsonb(value.side, dumps=canonical),
            None if value.before is None else Jsonb(value.before, dumps=canonical),
            value.event,
        ],
    )


def forget(connection: Connection, receiver: str, source: str, key: str) -> None:
    """A price that is listed anew, or no more: nothing adds up against what it was."""
    connection.execute("DELETE FROM told_value WHERE (receiver, source, key) = (%s, %s, %s)", [receiver, source, key])


def untell(connection: Connection, events: Sequence[str], receiver: str | None = None) -> None:
    """What these events told is known no more, by one receiver or all: changes add up against what was told before."""
    connection.execute(
        "UPDATE told_value SET side = before, before = NULL, event = NULL "
        "WHERE event = ANY(%s) AND before IS NOT NULL AND receiver = coalesce(%s, receiver)",
        [list(events), receiver],
    )
