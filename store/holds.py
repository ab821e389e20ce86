"""What is held of each key, for operators and readers to see: written where it changed, and nowhere else."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from psycopg.rows import class_row

from store.connect import Connection
from timeline.observations import Held


def note(connection: Connection, source: str, held: Mapping[str, Sequence[Held]], *, at: datetime) -> None:
    """Keeps all that is held now of these keys of a source; what had settled by `at` is forgotten.

    In the caller's transaction. What settles (`until`) is believed, and only told later.
    """
    connection.execute(
        "DELETE FROM held_key WHERE source = %s AND (key = ANY(%s) OR until <= %s)", [source, [*held], at]
    )
    items = [(place, item) for found in held.values() for place, item in enumerate(found)]
    if items:
        connection.execute(
            """
            INSERT INTO held_key (source, key, place, model, reason, since, detail, until)
            SELECT %s, * FROM unnest(%s::text[], %s::int[], %s::text[], %s::text[], %s::timestamptz[], %s::text[],
                                     %s::timestamptz[])
            """,
            [
                source,
                [item.key for _, item in items],
                [place for place, _ in items],
                [item.model for _, item in items],
                [item.reason for _, item in items],
                [item.since for _, item in items],
                [item.detail for _, item in items],
                [item.until for _, item in items],
            ],
        )


def replace(connection: Connection, source: str, held: Sequence[Held], *, at: datetime) -> None:
    """Keeps what is held of a source, and nothing else; what is there already is left alone."""
    wanted: dict[str, list[Held]] = {}
    for item in held:
        if item.until is None or item.until > at:
            wanted.setdefault(item.key, []).append(item)
    stored: dict[str, list[Held]] = {}
    names = ", ".join(Held.__dataclass_fields__)
    with connection.cursor(row_factory=class_row(Held)) as cursor:
        for item in cursor.execute(f"SELECT {names} FROM held_key WHERE source = %s ORDER BY key, place", [source]):
            stored.setdefault(item.key, []).append(item)
    keys = [key for key in stored.keys() | wanted.keys() if stored.get(key) != wanted.get(key)]
    note(connection, source, {key: wanted.get(key, ()) for key in keys}, at=at)
