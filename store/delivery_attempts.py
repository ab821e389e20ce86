"""What comes of sending a message: as it stands then, and a line for each attempt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from store.connect import Connection
from timeline.keys import canonical


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """What came of one attempt. `code` is a word of ours or a status; `detail` is for the operator alone."""

    at: datetime
    outcome: str  # sent partly retry parked disabled withdrawn
    code: str
    detail: str | None


NOTHING: Mapping[str, str] = MappingProxyType({})


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


def of(connection: Connection, delivery: int) -> list[Attempt]:
    """What came of each attempt, the oldest first."""
    with connection.cursor(row_factory=class_row(Attempt)) as cursor:
        return cursor.execute(
            "SELECT at, outcome, code, detail FROM delivery_attempt WHERE delivery = %s::bigint ORDER BY id", [delivery]
        ).fetchall()


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
