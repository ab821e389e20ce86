"""A source's history folded anew replaces the one there is: only what differs is touched, and nobody is alarmed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from store import events, facts, holds, routings
from store.connect import Connection
from store.facts import Record
from store.folds import load_fold, remember
from timeline.events import Event, Origin
from timeline.observations import Folded, SourceInfo

Stated = tuple[str, Record]  # table and columns of a row


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """What a rebuild did to one fact: its rows that went and came. Put into words only when somebody asks."""

    key: str
    gone: tuple[Stated, ...]
    came: tuple[Stated, ...]

    @property
    def subject(self) -> str:
        """The model and what of it is billed, or what else the fact is about."""
        _, values = (*self.gone, *self.came)[0]
        names = (("model_id", "model", "subject", "guid"), ("meter", "measure"))
        words = (next((values[name] for name in group if values.get(name)), "") for group in names)
        return " ".join(filter(None, words))

    @property
    def was(self) -> tuple[str, ...]:
        """The rows that went, in words."""
        return tuple(facts.describe(table, values) for table, values in self.gone)

    @property
    def now(self) -> tuple[str, ...]:
        """The rows that came, in words."""
        return tuple(facts.describe(table, values) for table, values in self.came)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rebuilt:
    """What a rebuild changed, and why. `kept` rows were right already."""

    source: str
    because: str
    kept: int
    changed: tuple[Changed, ...] = ()
    events_added: tuple[Event, ...] = ()
    events_corrected: tuple[Event, ...] = ()
    events_restored: tuple[Event, ...] = ()
    events_withdrawn: tuple[str, ...] = ()  # ids

    @property
    def is_empty(self) -> bool:
        """True when everything was right already."""
        return not (
            self.changed or self.events_added or self.events_corrected or self.events_restored or self.events_withdrawn
        )


Found = tuple[str, int, Record]  # table, id and columns of a stored row


def replace(
    connection: Connection,
    source: SourceInfo,
    folded: Folded,
    *,
    now: datetime,
    because: str,
    origin: Origin = "import",
    until: datetime | None = None,
) -> Rebuilt:
    """Makes the stored history of a source the folded one, in the caller's transaction; a second time changes nothing.

    Rows that are gone are superseded at `now`, and stay; new ones are added with `origin`. Events keep their ids: one
    seen at another time is corrected; one that vanished is withdrawn with `because`, and restored when it comes back,
    unless an operator took it back; new ones are not alerted unless they are `late`. Events observed after `until`
    (the last look that was folded; None: all were) are what the calendar told since: they stand. Serialise with
    `store.captures.lock_source`.
    """
    with connection.transaction():
        kept, changed = _replace_rows(connection, source, folded, origin=origin, now=now)
        told = _replace_events(connection, source, folded, now=now, because=because, until=until)
        keys = load_fold(connection, source.id).keys
        changed_keys = {key: state for key, state in folded.state.keys.items() if keys.get(key) != state}
        states = dict.fromkeys(keys.keys() - folded.state.keys.keys()) | changed_keys
        remember(connection, source.id, states, header=folded.state.header)
        holds.replace(connection, source.id, folded.held, at=now)
        rebuilt = Rebuilt(source=source.id, because=because, kept=kept, changed=changed, **told)
        if not rebuilt.is_empty:
            events.count_change(connection, [source.id])
    return rebuilt


def _replace_rows(
    connection: Connection, source: SourceInfo, folded: Folded, *, origin: Origin, now: datetime
) -> tuple[int, tuple[Changed, ...]]:
    wanted = [facts.record(source, row) for row in folded.rows]
    stored = list(_stored(connection, source.id))
    marks = [facts.comparable(table, values) for table, values in wanted] if stored else []
    missing = Counter(marks)
    gone: list[Found] = []
    for table, number, values in stored:
        mark = facts.comparable(table, values)
        if missing[mark] > 0:
            missing[mark] -= 1
        else:
            gone.append((table, number, values))
    new = []
    for stated, mark in zip(wanted, marks, strict=True) if missing.total() else ():
        if missing[mark] > 0:
            missing[mark] -= 1
            new.append(stated)
    new = new if stored else wanted
    _supersede(connection, gone, now)
    facts.write(connection, new, origin=origin, at=now)
    return len(stored) - len(gone), _changes(gone, new)


def _stored(connection: Connection, source: str) -> Iterable[Found]:
    for table in facts.TABLES:
        names = sql.SQL(", ").join(map(sql.Identifier, facts.columns(table)))
        query = sql.SQL("SELECT id, {} FROM {} WHERE source = %s AND superseded_at IS NULL ORDER BY id")
        with connection.cursor(row_factory=dict_row) as cursor:
            for row in cursor.execute(query.format(names, sql.Identifier(table)), [source]):
                yield table, row.pop("id"), row


def _supersede(connection: Connection, gone: Sequence[Found], now: datetime) -> None:
    for table in {found[0] for found in gone}:
        query = sql.SQL("UPDATE {} SET superseded_at = %s WHERE id = ANY(%s::bigint[])").format(sql.Identifier(table))
        connection.execute(query, [now, [number for name, number, _ in gone if name == table]])


def _changes(gone: Sequence[Found], new: Sequence[Stated]) -> tuple[Changed, ...]:
    went: dict[str, list[Stated]] = {}
    came: dict[str, list[Stated]] = {}
    for table, _, values in gone:
        went.setdefault(values["key"], []).append((table, values))
    for table, values in new:
        came.setdefault(values["key"], []).append((table, values))
    return tuple(
        Changed(key=key, gone=tuple(went.get(key, ())), came=tuple(came.get(key, ())))
        for key in sorted(went.keys() | came.keys())
    )


def _replace_events(
    connection: Connection,
    source: SourceInfo,
    folded: Folded,
    *,
    now: datetime,
    because: str,
    until: datetime | None,
) -> dict[str, Any]:
    wanted = {event.id: event for event in folded.events}
    stored = {event.id: event for event in events.of_source(connection, source.id)}
    added = {number: event for number, event in wanted.items() if number not in stored}
    late = {number: event for number, event in added.items() if event.late}
    silent = {number: event for number, event in added.items() if not event.late}
    events.add(connection, silent, recorded_at=now, routed_at=now)
    events.add(connection, late, recorded_at=now, routed_at=None)
    routings.mark_routed(connection, sorted(folded.moot & (stored.keys() | late.keys())), now)
    corrected = [event for number, event in wanted.items() if number in stored and events.differ(event, stored[number])]
    events.correct(connection, corrected)
    restored = [number for number in wanted if number in stored and stored[number].withdrawn_by == "rebuild"]
    events.restore(connection, restored)
    vanished = [
        event.id
        for event in stored.values()
        if event.id not in wanted and event.withdrawn_at is None and (until is None or event.observed_at <= until)
    ]
    events.withdraw(connection, vanished, because=because, at=now, by="rebuild")
    return {
        "events_added": tuple(added.values()),
        "events_corrected": tuple(corrected),
        "events_restored": tuple(wanted[number] for number in restored),
        "events_withdrawn": tuple(vanished),
    }
