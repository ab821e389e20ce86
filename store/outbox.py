"""The outbox beside its deliveries: messages that can still change, and what was told before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from store.connect import Connection
from store.deliveries import COLUMNS, Delivery
from timeline.keys import canonical

LOCK = 0x61697769726532  # "aiwire2": whoever routes holds it, so that two never decide about the same story

NOBODY = 0
"""In the place of a message's number: there is one, and nobody got it."""


def lock(connection: Connection) -> None:
    """Keeps others from routing until the caller's transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s::bigint)", [LOCK])


def unsent(connection: Connection, receiver: str, events: Sequence[str], now: datetime) -> list[Delivery]:
    """Messages that nobody has tried to send, are not due yet, and tell of the same models or sources as `events`.

    Locked for the caller's transaction; what is being sent is left out.
    """
    aliased = ", ".join(f"delivery.{name.strip()}" for name in COLUMNS.split(","))
    query = f"""
        SELECT {aliased} FROM delivery
         WHERE receiver = %(receiver)s AND state = 'pending' AND attempts = 0 AND not_before > %(now)s
           AND message ->> 'kind' IN ('change', 'news', 'operation') AND message ->> 'about' = ''
           AND EXISTS (
               SELECT FROM event AS told JOIN event AS fresh
                   ON (fresh.source = told.source AND fresh.provider = told.provider
                       AND coalesce(fresh.model_id, fresh.model, fresh.key)
                           = coalesce(told.model_id, told.model, told.key))
                   OR (fresh.key = told.key AND fresh.kind LIKE 'funding.%%' AND told.kind LIKE 'funding.%%')
                WHERE told.id = ANY(delivery.events) AND fresh.id = ANY(%(events)s))
         ORDER BY id FOR UPDATE SKIP LOCKED
    """  # the names are our own
    with connection.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(query, {"receiver": receiver, "now": now, "events": list(events)}).fetchall()


def waiting(connection: Connection, receiver: str | None) -> list[Delivery]:
    """What waits to be sent to a receiver, or to all, without what is being sent; locked for this transaction."""
    with connection.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(
            f"SELECT {COLUMNS} FROM delivery WHERE state = 'pending' AND receiver = coalesce(%s, receiver) "
            "ORDER BY id FOR UPDATE SKIP LOCKED",
            [receiver],
        ).fetchall()


def rewrite(
    connection: Connection, delivery: int, message_key: str, events: Sequence[str], message: Mapping[str, Any]
) -> None:
    """Puts other content into a message that nobody has, in its place among the others: not tried yet, or given up."""
    connection.execute(
        "UPDATE delivery SET message_key = %s, events = %s, message = %s WHERE id = %s::bigint "
        "AND (state = 'pending' AND attempts = 0 OR state = 'parked' AND receipt = '{}')",
        [message_key, list(events), Jsonb(dict(message), dumps=canonical), delivery],
    )


def close(connection: Connection, delivery: int, *, state: str, status: str, at: datetime) -> None:
    """A message that will not be sent, and why: `superseded` by a newer one, or `silenced`."""
    connection.execute(
        """
        WITH closed AS (
            UPDATE delivery SET state = %(state)s, last_status = left(%(status)s, 300)
             WHERE id = %(delivery)s::bigint RETURNING id, last_status)
        INSERT INTO delivery_attempt (delivery, at, outcome, code, detail)
        SELECT id, %(at)s, %(state)s, %(state)s, last_status FROM closed
        """,
        {"delivery": delivery, "state": state, "status": status, "at": at},
    )


def add_unsent(
    connection: Connection,
    message_key: str,
    receiver: str,
    events: Sequence[str],
    message: Mapping[str, Any],
    *,
    state: Literal["silenced", "withdrawn"],
    why: str,
    at: datetime,
) -> None:
    """Records a message that is not sent, with the reason."""
    connection.execute(
        """
        WITH kept AS (
            INSERT INTO delivery (message_key, receiver, events, message, state, created_at, not_before, last_status)
            VALUES (%(key)s, %(receiver)s, %(events)s, %(message)s, %(state)s, %(at)s, %(at)s, left(%(why)s, 300))
            ON CONFLICT ON CONSTRAINT delivery_once DO NOTHING RETURNING id, last_status)
        INSERT INTO delivery_attempt (delivery, at, outcome, code, detail)
        SELECT id, %(at)s, %(state)s, %(state)s, last_status FROM kept
        """,
        {
            "key": message_key,
            "receiver": receiver,
            "events": list(events),
            "message": Jsonb(dict(message), dumps=canonical),
            "state": state,
            "why": why,
            "at": at,
        },
    )


def told_to(connection: Connection, receiver: str, events: Iterable[str]) -> dict[str, int | None]:
    """Those of `events` that stand and that a receiver was told, is about to be, or was spared by a silence.

    By event: the number of the newest message that went out or will, NOBODY where every one of them was silenced or
    given up, None where it waits for a digest.
    """
    ids = sorted(set(events))
    rows = connection.execute(
        """
        SELECT event.id, coalesce(max(delivery.id) FILTER (WHERE delivery.state IN ('pending', 'sent')), %(nobody)s)
          FROM event JOIN delivery ON delivery.events @> ARRAY[event.id]
         WHERE event.id = ANY(%(ids)s) AND event.withdrawn_at IS NULL AND delivery.receiver = %(receiver)s
           AND delivery.state IN ('pending', 'sent', 'parked', 'silenced')
           AND delivery.message ->> 'kind' NOT IN ('withdrawal', 'correction')
         GROUP BY event.id
        UNION ALL
        SELECT event, NULL FROM digest_entry WHERE receiver = %(receiver)s AND event = ANY(%(ids)s)
        """,
        {"receiver": receiver, "ids": ids, "nobody": NOBODY},
    ).fetchall()
    return dict(rows)


def heard(connection: Connection, events: Sequence[str]) -> dict[str, set[str]]:
    """By receiver: those of these events that stand and that a message told, or is about to tell.

    Of events that wait to be routed they are those that were told and taken back before, and stand again.
    """
    rows = connection.execute(
        """
        SELECT DISTINCT receiver, told FROM delivery CROSS JOIN unnest(events) AS told
         WHERE events && %(events)s::text[] AND told = ANY(%(events)s) AND state IN ('pending', 'sent')
           AND message ->> 'kind' NOT IN ('withdrawal', 'correction')
        """,
        {"events": list(events)},
    )
    found: dict[str, set[str]] = {}
    for receiver, event in rows:
        found.setdefault(receiver, set()).add(event)
    return found


def told_of_deal(connection: Connection, receiver: str, deal: str, besides: Sequence[str]) -> str | None:
    """The key of the first message by itself that told this receiver of a deal; None: none did."""
    row = connection.execute(
        """
        SELECT message_key FROM delivery
         WHERE receiver = %(receiver)s AND state = 'sent' AND message ->> 'kind' = 'news' AND message ->> 'about' = ''
           AND events && ARRAY(SELECT id FROM event WHERE key = %(deal)s AND kind LIKE 'funding.%%')
           AND NOT events && %(besides)s
         ORDER BY id LIMIT 1
        """,
        {"receiver": receiver, "deal": deal, "besides": list(besides)},
    ).fetchone()
    return None if row is None else str(row[0])


def corrected_for(connection: Connection, corrections: Sequence[str]) -> dict[str, set[str]]:
    """By receiver: those of the events `price.corrected` whose price it was told of before."""
    rows = connection.execute(
        """
        SELECT DISTINCT delivery.receiver, fresh.id
          FROM event AS fresh
          JOIN event AS told ON told.source = fresh.source AND told.key = fresh.key AND told.kind LIKE 'price.%%'
                            AND told.position < fresh.position
          JOIN delivery ON delivery.events @> ARRAY[told.id] AND delivery.state = 'sent'
         WHERE fresh.id = ANY(%s)
        """,
        [list(corrections)],
    )
    found: dict[str, set[str]] = {}
    for receiver, event in rows:
        found.setdefault(receiver, set()).add(event)
    return found


# ----------------------------------------------------------------- digests


# ------------------------------------------------------------- told values


# --------------------------------------------------------------- witnesses
