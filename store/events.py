"""Events: inserted once, corrected, taken back and restored by rebuilds; the one table that the alerts go by."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import orjson
from psycopg import sql

from store.connect import Connection
from store.event_rows import FIELDS, StoredEvent, as_row, evidence, plain, read
from timeline.events import Event
from timeline.keys import canonical

# What a rebuild may correct of an event that is known already; what it says is its id.
CORRECTED = (
    *("provider", "subject_kind", "model", "model_id", "meter", "conditions", "old", "new", "change_pct", "direction"),
    *("effective_at", "observed_after", "observed_at", "trust", "baseline", "before", "after", "locator", "headline"),
)
_OBJECTS = [(FIELDS.index(name), name) for name in ("conditions", "old", "new", "before", "after")]  # they hold JSON


def insert(connection: Connection, events: Sequence[Event], *, recorded_at: datetime | None = None) -> int:
    """Records the events that are not recorded yet and returns how many; in the caller's transaction, if one is open.

    `recorded_at` is the store's own time unless given. Nothing is ever inserted twice: the id says what happened. One
    that a rebuild took back has happened after all: it stands as it is told now, and is routed.
    """
    if not events:
        return 0
    columns = sql.SQL(", ").join(map(sql.Identifier, FIELDS))
    query = sql.SQL(
        """
        INSERT INTO event ({columns}, recorded_at)
        SELECT {columns}, coalesce(%(recorded_at)s, timeline.now())
          FROM json_populate_recordset(NULL::event, %(rows)s::json)
        ON CONFLICT (id) DO NOTHING RETURNING source
        """
    ).format(columns=columns)
    rows = orjson.dumps([as_row(event) for event in events], default=plain).decode()
    with connection.transaction():
        sources = [row[0] for row in connection.execute(query, {"rows": rows, "recorded_at": recorded_at})]
        if len(sources) < len(events):
            sources += _bring_back(connection, events, recorded_at)
        count_change(connection, sources)
    return len(sources)


def _bring_back(connection: Connection, events: Sequence[Event], recorded_at: datetime | None) -> list[str]:
    """Those of the events that a rebuild took back stand again, as news; returns their sources."""
    found = connection.execute(
        """
        UPDATE event SET recorded_at = coalesce(%s, timeline.now()), routed_at = NULL
         WHERE id = ANY(%s) AND withdrawn_at IS NOT NULL AND withdrawn_by = 'rebuild' RETURNING id, source
        """,
        [recorded_at, [event.id for event in events]],
    ).fetchall()
    back = {number for number, _ in found}
    columns = [name for name in FIELDS if name != "id"]
    correct(connection, [event for event in events if event.id in back], columns=columns)
    restore(connection, sorted(back))
    return [source for _, source in found]


def add(
    connection: Connection,
    events: Mapping[str, Event],
    *,
    recorded_at: datetime,
    routed_at: datetime | None,
    count: bool = True,
) -> None:
    """Records many events by id, in order, those that are not recorded yet; in the caller's transaction.

    Nobody else may be recording any of them. With `routed_at` nobody is told of them. Without `count` the caller tells
    `change_counter` of them: it does not hold their sources.
    """
    known = {row[0] for row in connection.execute("SELECT id FROM event WHERE id = ANY(%s)", [[*events]])}
    events = {number: event for number, event in events.items() if number not in known}
    if not events:
        return
    columns = sql.SQL(", ").join(map(sql.Identifier, (*FIELDS, "recorded_at", "routed_at")))
    times = (recorded_at.isoformat(), routed_at and routed_at.isoformat())
    with connection.cursor() as cursor, cursor.copy(sql.SQL("COPY event ({}) FROM STDIN").format(columns)) as copy:
        for number, event in events.items():
            values = [number, *(getattr(event, name) for name in FIELDS[1:])]
            for place, name in _OBJECTS:
                value = values[place]
                if value is not None:
                    value = evidence(value) if name in ("before", "after") else value
                    values[place] = orjson.dumps(value, default=plain).decode() if value else "{}"
            copy.write_row([*values, *times])
    if count:
        count_change(connection, [event.source for event in events.values()])


def by_id(connection: Connection, ids: Sequence[str]) -> list[StoredEvent]:
    """These events, in the order of recording; what there is not is left out."""
    return read(connection, "SELECT * FROM event WHERE id = ANY(%(ids)s) ORDER BY position", {"ids": list(ids)})


def newest(connection: Connection, limit: int) -> list[StoredEvent]:
    """The changes recorded last that stand, the newest first; first sightings are none."""
    return read(
        connection,
        "SELECT * FROM event WHERE withdrawn_at IS NULL AND NOT baseline ORDER BY position DESC LIMIT %(limit)s::int",
        {"limit": limit},
    )


def since(connection: Connection, ids: Sequence[str]) -> list[StoredEvent]:
    """What was seen live, stands and was routed of the same keys after these events, in the order of recording."""
    return read(
        connection,
        """
        SELECT * FROM event WHERE id IN (
            SELECT later.id FROM event AS told JOIN event AS later
                ON later.key = told.key AND later.position > told.position
               AND (later.source = told.source OR later.kind LIKE 'funding.%%' AND told.kind LIKE 'funding.%%')
             WHERE told.id = ANY(%(ids)s) AND told.origin = 'live' AND later.origin = 'live' AND NOT later.baseline
               AND later.withdrawn_at IS NULL AND later.routed_at IS NOT NULL)
         ORDER BY position
        """,
        {"ids": list(ids)},
    )


def near(
    connection: Connection, spans: Sequence[tuple[str, datetime, datetime]], kinds: Sequence[str]
) -> list[StoredEvent]:
    """The changes of these kinds that any source saw: of each provider between two times, both included."""
    return read(
        connection,
        """
        SELECT event.* FROM event WHERE id IN (
            SELECT event.id FROM unnest(%(providers)s::text[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
                                 AS asked (provider, first, last)
              JOIN event ON event.provider = asked.provider AND event.observed_at BETWEEN asked.first AND asked.last
             WHERE event.kind = ANY(%(kinds)s) AND NOT event.baseline AND event.withdrawn_at IS NULL)
         ORDER BY position
        """,
        {
            "providers": [provider for provider, _, _ in spans],
            "firsts": [first for _, first, _ in spans],
            "lasts": [last for _, _, last in spans],
            "kinds": list(kinds),
        },
    )


def withdraw(
    connection: Connection,
    ids: Sequence[str],
    *,
    because: str,
    at: datetime,
    by: Literal["operator", "rebuild"] = "operator",
    count: bool = True,
) -> int:
    """Takes events back, with the reason; they stay in the table. Returns how many were not withdrawn before.

    What an operator took back stays so; what a rebuild took back stands again when a later one finds it, and is routed
    then if it was not before. `count` as in `add`.
    """
    with connection.transaction():
        found = connection.execute(
            """
            UPDATE event SET withdrawn_at = %(at)s, withdrawn_because = %(because)s, withdrawn_by = %(by)s
             WHERE id = ANY(%(ids)s) AND withdrawn_at IS NULL RETURNING source
            """,
            {"at": at, "because": because, "by": by, "ids": list(ids)},
        ).fetchall()
        count_change(connection, [row[0] for row in found] if count else [])
    return len(found)


def of_deals(connection: Connection, names: Sequence[str]) -> list[StoredEvent]:
    """Every event of these deals (timeline.deals), withdrawn ones too."""
    return read(
        connection,
        "SELECT * FROM event WHERE kind LIKE 'funding.%%' AND key = ANY(%(names)s) ORDER BY position",
        {"names": list(names)},
    )


def of_source(connection: Connection, source: str) -> list[StoredEvent]:
    """Every event that the fold of this source told, withdrawn ones too.

    Not those about the source's own health, nor those of deals, which the reports of many sources tell.
    """
    return read(
        connection,
        "SELECT * FROM event WHERE source = %(source)s AND kind NOT LIKE 'source.%%' AND kind NOT LIKE 'funding.%%' "
        "AND origin <> 'bundled' ORDER BY position",
        {"source": source},
    )


def correct(connection: Connection, events: Sequence[Event], *, columns: Sequence[str] = CORRECTED) -> None:
    """Puts right what a rebuild found out about events already recorded; not what they say: that is their id."""
    if not events:
        return
    query = sql.SQL(
        "UPDATE event SET ({columns}) = (SELECT {columns} FROM (SELECT better.*) AS one) "
        "FROM json_populate_recordset(NULL::event, %s::json) AS better WHERE event.id = better.id"
    ).format(columns=sql.SQL(", ").join(map(sql.Identifier, columns)))
    connection.execute(query, [orjson.dumps([as_row(event) for event in events], default=plain).decode()])


def differ(wanted: Event, stored: StoredEvent, columns: Sequence[str] = CORRECTED) -> bool:
    """Whether `correct` would put something right."""
    was, now = as_row(stored), as_row(wanted)
    return any(was[name] != now[name] and canonical(was[name]) != canonical(now[name]) for name in columns)


def restore(connection: Connection, ids: Sequence[str]) -> None:
    """These events stand again. Whoever was told of the withdrawal is told so: store.routings.returned."""
    connection.execute(
        "UPDATE event SET (withdrawn_at, withdrawn_because, withdrawn_by) = (NULL, NULL, NULL) WHERE id = ANY(%s)",
        [list(ids)],
    )


def change_counter(connection: Connection) -> int:
    """Counts up, visibly to others only with the change itself, whenever facts or events of any source change."""
    row = connection.execute("SELECT counter FROM timeline.change_counter").fetchone()
    return int(row[0]) if row else 0


def last_change(connection: Connection) -> tuple[int, datetime | None]:
    """The change counter, and when it last counted: None before it first did."""
    row = connection.execute("SELECT counter, changed_at FROM timeline.change_counter").fetchone()
    return (int(row[0]), row[1]) if row else (0, None)


def count_change(connection: Connection, sources: Sequence[str]) -> None:
    """Tells `change_counter` that something of these sources changed, in the caller's transaction."""
    if sources:
        connection.execute(
            "UPDATE source_state SET changes = changes + 1, changed_at = timeline.now() WHERE source = ANY(%s)",
            [sorted(set(sources))],
        )
