"""Events: inserted once, read newest first, and waiting in order until the alerts have routed them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, LiteralString, TypedDict, Unpack

import orjson
from psycopg import sql
from psycopg.rows import dict_row

from store.connect import Connection
from store.filters import LIKE_MODEL, containing, like, where
from store.walks import ask_now
from timeline.events import CaptureRef, Event
from timeline.issues import MistakeError
from timeline.keys import canonical

# Columns of table event that an Event has; `id` is its property.
FIELDS = ("id", *Event.__dataclass_fields__)
# What a rebuild may correct of an event that is known already; what it says is its id.
CORRECTED = (
    *("provider", "subject_kind", "model", "model_id", "meter", "conditions", "old", "new", "change_pct", "direction"),
    *("effective_at", "observed_after", "observed_at", "trust", "baseline", "before", "after", "locator", "headline"),
)
# Of an event that settles: whether the same thing changed again, and that has not settled yet.
UNSETTLED: LiteralString = (
    "EXISTS (SELECT FROM event AS later WHERE later.routed_at IS NULL AND later.withdrawn_at IS NULL "
    "AND later.tell_after > timeline.now() AND later.source = event.source AND later.key = event.key)"
)
_OBJECTS = [(FIELDS.index(name), name) for name in ("conditions", "old", "new", "before", "after")]  # they hold JSON
SHORT = 10  # characters of an id that a person is shown; `full_id` takes them
_HEX = re.compile(r"[0-9a-f]{4,64}")
PAGE: LiteralString = "SELECT * FROM timeline.events"


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredEvent(Event):
    """An event as the store has it. `position` is the order of recording."""

    id: str = ""  # as it was computed when the event was written
    position: int
    recorded_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None
    withdrawn_by: Literal["operator", "rebuild"] | None = None


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
                    value = _evidence(value) if name in ("before", "after") else value
                    values[place] = orjson.dumps(value, default=plain).decode() if value else "{}"
            copy.write_row([*values, *times])
    if count:
        count_change(connection, [event.source for event in events.values()])


def unrouted(connection: Connection, limit: int) -> list[StoredEvent]:
    """The oldest events that no alert route has seen and that may be told by now; locked for this transaction.

    Events another process is routing are left out, and so are those that settle first (`tell_after`): whatever changes
    again in that time has to stand as long anew.
    """
    return _stored(
        connection,
        "SELECT * FROM event WHERE routed_at IS NULL AND withdrawn_at IS NULL "
        "AND (tell_after IS NULL OR tell_after <= timeline.now() AND NOT " + UNSETTLED + ") "
        "ORDER BY position LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED",
        {"limit": limit},
    )


def count_unrouted(connection: Connection) -> int:
    """How many events no alert route has seen, those that settle first among them."""
    row = connection.execute("SELECT count(*) FROM event WHERE routed_at IS NULL AND withdrawn_at IS NULL").fetchone()
    return int(row[0]) if row else 0


def by_id(connection: Connection, ids: Sequence[str]) -> list[StoredEvent]:
    """These events, in the order of recording; what there is not is left out."""
    return _stored(connection, "SELECT * FROM event WHERE id = ANY(%(ids)s) ORDER BY position", {"ids": list(ids)})


def newest(connection: Connection, limit: int) -> list[StoredEvent]:
    """The changes recorded last that stand, the newest first; first sightings are none."""
    return _stored(
        connection,
        "SELECT * FROM event WHERE withdrawn_at IS NULL AND NOT baseline ORDER BY position DESC LIMIT %(limit)s::int",
        {"limit": limit},
    )


def since(connection: Connection, ids: Sequence[str]) -> list[StoredEvent]:
    """What was seen live, stands and was routed of the same keys after these events, in the order of recording."""
    return _stored(
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
    return _stored(
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


def mark_routed(connection: Connection, ids: Sequence[str], at: datetime) -> None:
    """These events have become deliveries, or none were due."""
    connection.execute("UPDATE event SET routed_at = %s WHERE id = ANY(%s) AND routed_at IS NULL", [at, list(ids)])


def withdrawn_untold(connection: Connection, limit: int) -> list[StoredEvent]:
    """Withdrawn events that some receiver was told of, or is about to be, and not yet of the withdrawal; locked."""
    return _stored(
        connection,
        "SELECT event.* FROM event WHERE withdrawn_at IS NOT NULL AND withdrawal_routed_at IS NULL "
        "AND EXISTS (SELECT 1 FROM delivery WHERE delivery.events @> ARRAY[event.id]) "
        "ORDER BY position LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED",
        {"limit": limit},
    )


def mark_withdrawals_routed(connection: Connection, ids: Sequence[str], at: datetime) -> None:
    """Whoever was told of these events is being told of their withdrawal."""
    connection.execute("UPDATE event SET withdrawal_routed_at = %s WHERE id = ANY(%s)", [at, list(ids)])


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

    What an operator took back stays so; what a rebuild took back stands again when a later one finds it. `count` as in
    `add`.
    """
    with connection.transaction():
        found = connection.execute(
            """
            UPDATE event SET withdrawn_at = %(at)s, withdrawn_because = %(because)s, withdrawn_by = %(by)s,
                   routed_at = coalesce(routed_at, %(at)s)
             WHERE id = ANY(%(ids)s) AND withdrawn_at IS NULL RETURNING source
            """,
            {"at": at, "because": because, "by": by, "ids": list(ids)},
        ).fetchall()
        count_change(connection, [row[0] for row in found] if count else [])
    return len(found)


def of_deals(connection: Connection, names: Sequence[str]) -> list[StoredEvent]:
    """Every event of these deals (timeline.deals), withdrawn ones too."""
    return _stored(
        connection,
        "SELECT * FROM event WHERE kind LIKE 'funding.%%' AND key = ANY(%(names)s) ORDER BY position",
        {"names": list(names)},
    )


class UnclearEventError(MistakeError):
    """Several events have ids that begin so."""


def full_id(connection: Connection, beginning: str) -> str:
    """The id of the one event whose id begins so (4 characters or more); as it was given where there is none.

    Raises UnclearEventError where there are several. Hexadecimal digits sort alike in every collation.
    """
    if not _HEX.fullmatch(beginning):
        return beginning
    found = connection.execute(
        "SELECT id FROM event WHERE id >= %(start)s AND id < %(start)s || 'g' ORDER BY id LIMIT 3", {"start": beginning}
    ).fetchall()
    ids = [row[0] for row in found]
    if beginning in ids or len(ids) < 2:
        return ids[0] if ids else beginning
    raise UnclearEventError(f"several events have ids that begin with {beginning!r}: {', '.join(ids)}; give more of it")


def of_source(connection: Connection, source: str) -> list[StoredEvent]:
    """Every event that the fold of this source told, withdrawn ones too.

    Not those about the source's own health, nor those of deals, which the reports of many sources tell.
    """
    return _stored(
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
    """These events stand again."""
    connection.execute(
        "UPDATE event SET (withdrawn_at, withdrawn_because, withdrawn_by, withdrawal_routed_at) = "
        "(NULL, NULL, NULL, NULL) "
        "WHERE id = ANY(%s)",
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


class EventFilters(TypedDict, total=False):
    """What `page` can be asked for. Lists are alternatives; None and empty lists ask for nothing."""

    kind: Sequence[str]  # `*` stands for any characters, here and in `model`
    provider: Sequence[str]
    model: Sequence[str]  # id or printed name
    meter: Sequence[str]
    source: Sequence[str]
    trust: Sequence[str]
    direction: Sequence[str]
    subject_kind: Sequence[str]
    id: Sequence[str]
    key: Sequence[str]
    q: str | None  # the headline contains it, in any case
    since: datetime | None  # observed at or after
    until: datetime | None  # observed before
    as_of: datetime | None  # observed at or before
    min_change_pct: Decimal | None  # in either direction
    baseline: bool | None  # True: only what a first capture listed; False: without it
    condition: Sequence[str]  # `name:value`, see store.filters.on_conditions
    known_at: datetime | None  # what had been observed by then, and not been taken back


CONDITIONS: Mapping[str, LiteralString] = {
    "kind": "kind = ANY(%(kind)s)",
    "provider": "provider = ANY(%(provider)s)",
    "model": "(model_id = ANY(%(model)s) OR model = ANY(%(model)s))",
    LIKE_MODEL: "(model_id LIKE ANY(%(model_like)s) OR model LIKE ANY(%(model_like)s))",
    "meter": "meter = ANY(%(meter)s)",
    "source": "source = ANY(%(source)s)",
    "trust": "trust = ANY(%(trust)s)",
    "direction": "direction = ANY(%(direction)s)",
    "subject_kind": "subject_kind = ANY(%(subject_kind)s)",
    "id": "id = ANY(%(id)s)",
    "key": "key = ANY(%(key)s)",
    "q": "headline ILIKE %(q)s",
    "since": "observed_at >= %(since)s",
    "until": "observed_at < %(until)s",
    "as_of": "observed_at <= %(as_of)s",
    "min_change_pct": "abs(change_pct) >= %(min_change_pct)s",
    "baseline": "baseline = %(baseline)s",
    "standing": "withdrawn_at IS NULL",
    "known_at": "observed_at <= %(known_at)s AND (withdrawn_at IS NULL OR withdrawn_at > %(known_at)s)",
    "before": "observed_at <= %(before)s AND (observed_at < %(before)s OR id > %(after_id)s)",
    "after_id": "true",
}


def page(
    connection: Connection,
    *,
    before: tuple[datetime, str] | None = None,
    limit: int = 100,
    withdrawn: bool = False,
    **filters: Unpack[EventFilters],
) -> list[dict[str, Any]]:
    """A page of timeline.events, the newest observed first; a reader may ask.

    `before` is (observed_at, id) of the last event of the page before. `withdrawn`: also what was taken back.
    """
    asked: dict[str, Any] = {**filters, "q": containing(filters.get("q"))}
    asked["standing"] = None if withdrawn or filters.get("known_at") else True
    conditioned = asked.pop("condition", ())
    if before is not None:
        asked |= {"before": before[0], "after_id": before[1]}
    if any("*" in kind for kind in filters.get("kind", ())):
        asked["kind"] = _kinds(connection, filters["kind"])
        if not asked["kind"]:
            return []
    condition, values = where(CONDITIONS, asked, conditioned=conditioned)
    query: LiteralString = PAGE + condition + " ORDER BY observed_at DESC, id LIMIT %(limit)s::int"
    patterns = any("*" in name for name in filters.get("model", ()))
    if conditioned or patterns or any(filters.get(name) for name in _PLANNED):
        return ask_now(connection, query, values | {"limit": limit})
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values | {"limit": limit}).fetchall()


_PLANNED = ("kind", "source", "trust", "direction", "subject_kind", "q", "min_change_pct", "baseline")
"""Filters of which it depends on the value whether an index of them leads to a page, or the newest in order."""


def _kinds(connection: Connection, patterns: Sequence[str]) -> list[str]:
    """The kinds there are that one of the patterns fits; steps through the index, however many events there are."""
    rows = connection.execute(
        """
        WITH RECURSIVE step (kind) AS (
            SELECT min(kind) FROM timeline.events
            UNION ALL
            SELECT (SELECT min(events.kind) FROM timeline.events WHERE events.kind > step.kind)
              FROM step WHERE step.kind IS NOT NULL
        )
        SELECT kind FROM step WHERE kind LIKE ANY(%s)
        """,
        [like(patterns)],
    )
    return [row[0] for row in rows]


def weekly(
    connection: Connection, until: datetime, weeks: int, known_at: datetime | None = None
) -> list[dict[str, Any]]:
    """How many models had a price `cuts` or `rises`, were `listed`, or had an end announced (`ending`), in each of the
    weeks that end at `until`, the oldest first; a reader may ask.

    What resellers and catalogues see in others' lists is not counted, nor what was taken back: by `known_at`, where
    that is given, nor what was not yet seen then.
    """
    known, known_values = where(CONDITIONS, {"known_at": known_at, "standing": True if known_at is None else None})
    query: LiteralString = """
        WITH told AS (
            SELECT DISTINCT ceil(extract(epoch FROM %(until)s::timestamptz - observed_at) / 604800)::int AS week,
                   provider, coalesce(model_id, model) AS name,
                   CASE WHEN kind = 'price.changed' AND direction = 'cut' THEN 'cuts'
                        WHEN kind = 'price.changed' AND direction = 'rise' THEN 'rises'
                        WHEN kind = 'model.listed' THEN 'listed'
                        WHEN kind = 'model.retirement_scheduled' THEN 'ending' END AS what
              FROM timeline.events$known
               AND observed_at > %(since)s AND observed_at <= %(until)s AND NOT baseline
               AND kind IN ('price.changed', 'model.listed', 'model.retirement_scheduled')
               AND (trust IN ('official', 'cloud') OR origin = 'bundled')
        )
        SELECT number AS week, count(*) FILTER (WHERE what = 'cuts')::int AS cuts,
               count(*) FILTER (WHERE what = 'rises')::int AS rises,
               count(*) FILTER (WHERE what = 'listed')::int AS listed,
               count(*) FILTER (WHERE what = 'ending')::int AS ending
          FROM generate_series(1, %(weeks)s::int) AS number LEFT JOIN told ON greatest(told.week, 1) = number
         GROUP BY number ORDER BY number DESC
    """
    values = {"until": until, "since": until - timedelta(weeks=weeks), "weeks": weeks, **known_values}
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.replace("$known", known), values).fetchall()


def witnesses(connection: Connection, event: str) -> list[dict[str, Any]]:
    """Every other event that tells the same as this one, the earliest first; a reader may ask."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            """
            WITH story AS (
                SELECT coalesce((SELECT event FROM timeline.witnesses WHERE witness = %(event)s), %(event)s) AS id)
            SELECT witness AS id, source, teller, trust, observed_at, url, headline
              FROM timeline.witnesses JOIN story ON witnesses.event = story.id WHERE witness <> %(event)s
            UNION ALL
            SELECT events.id, events.source, coalesce(source.provider, events.provider), events.trust, observed_at,
                   after ->> 'url', headline
              FROM timeline.events JOIN story USING (id) LEFT JOIN timeline.source_health AS source USING (source)
             WHERE events.id <> %(event)s AND withdrawn_at IS NULL
             ORDER BY observed_at, id
            """,
            {"event": event},
        ).fetchall()


def providers(connection: Connection) -> list[str]:
    """Every provider that has an event, by id; steps through the index, however many events there are."""
    rows = connection.execute(
        """
        WITH RECURSIVE step (provider) AS (
            SELECT min(provider) FROM timeline.events
            UNION ALL
            SELECT (SELECT min(events.provider) FROM timeline.events WHERE events.provider > step.provider)
              FROM step WHERE step.provider IS NOT NULL
        )
        SELECT provider FROM step WHERE provider IS NOT NULL
        """
    )
    return [row[0] for row in rows]


def as_row(event: Event) -> dict[str, Any]:
    """The event as JSON values for table event."""
    row = {name: getattr(event, name) for name in FIELDS}
    return row | {"before": _evidence(event.before), "after": _evidence(event.after)}


def _evidence(ref: CaptureRef | None) -> dict[str, Any] | None:
    if ref is None:
        return None
    return {"seq": ref.seq, "url": ref.url, "captured_at": ref.captured_at, "sha256": ref.sha256}


def plain(value: object) -> object:
    """What orjson does not know by itself: amounts keep their digits."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"cannot store {type(value).__name__}: {value!r}")


def _stored(connection: Connection, query: LiteralString, values: Mapping[str, Any]) -> list[StoredEvent]:
    names = StoredEvent.__dataclass_fields__.keys()
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query, values).fetchall()
    for row in rows:
        row |= {side: _reference(row[side]) for side in ("before", "after")}
    return [StoredEvent(**{name: row[name] for name in names}) for row in rows]


def _reference(data: Mapping[str, Any] | None) -> CaptureRef | None:
    return None if data is None else CaptureRef(**{**data, "captured_at": datetime.fromisoformat(data["captured_at"])})
