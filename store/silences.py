"""Silences: what is not told for a while, by whom it is wanted so, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString

from psycopg.rows import class_row

from store.connect import Connection

COLUMNS: LiteralString = "id, receiver, kinds, providers, models, because, starts_at, ends_at, lifted_at"


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """What it fits is not told from `starts_at` to `ends_at`, or until it is lifted. Globs; an empty list fits all."""

    id: int = 0
    receiver: str | None = None
    kinds: list[str] = field(default_factory=list)
    providers: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    because: str
    starts_at: datetime
    ends_at: datetime
    lifted_at: datetime | None = None


def add(connection: Connection, silence: Silence) -> int:
    """Records a silence and returns its number."""
    row = connection.execute(
        "INSERT INTO silence (receiver, kinds, providers, models, because, starts_at, ends_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [
            silence.receiver,
            list(silence.kinds),
            list(silence.providers),
            list(silence.models),
            silence.because,
            silence.starts_at,
            silence.ends_at,
        ],
    ).fetchone()
    return int(row[0]) if row else 0


def active(connection: Connection, now: datetime) -> list[Silence]:
    """The silences that hold now, the oldest first."""
    return _all(connection, "WHERE lifted_at IS NULL AND starts_at <= %s AND ends_at > %s ORDER BY id", [now, now])


def newest(connection: Connection, limit: int) -> list[Silence]:
    """All silences there were, the newest first."""
    return _all(connection, "ORDER BY id DESC LIMIT %s::int", [limit])


def lift(connection: Connection, silence: int, now: datetime) -> bool:
    """Ends a silence early; False: there is none of this number that still holds."""
    return (
        connection.execute(
            "UPDATE silence SET lifted_at = %s WHERE id = %s::bigint AND lifted_at IS NULL AND ends_at > %s",
            [now, silence, now],
        ).rowcount
        == 1
    )


def _all(connection: Connection, rest: LiteralString, values: Sequence[object]) -> list[Silence]:
    with connection.cursor(row_factory=class_row(Silence)) as cursor:
        return cursor.execute(f"SELECT {COLUMNS} FROM silence {rest}", values).fetchall()
