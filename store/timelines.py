"""What the fold decided, written down: rows closed and opened in what was known, events, and the fold's own memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import replace as with_changes
from datetime import datetime

from psycopg import sql

from store import events, facts, holds, routings
from store.clock import database_now
from store.connect import Connection
from store.folds import load_fold, remember
from store.rebuilds import Rebuilt, replace
from timeline.events import Origin
from timeline.observations import KnownRow, SourceInfo, Step
from timeline.spans import Identity, identity, stands

__all__ = ["Rebuilt", "append", "load_fold", "replace"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Open:
    """A row of the database that is believed now."""

    table: str
    id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    """What a step means for the tables."""

    closed: list[tuple[_Open, datetime]]
    opened: list[KnownRow]


Standing = dict[str, dict[Identity, _Open | int]]  # by key and identity: a stored row, or a place in `opened`


def append(connection: Connection, source: SourceInfo, step: Step, *, origin: Origin) -> int:
    """Writes what one look came to and returns how many events are new. All of it in the caller's transaction.

    Rows no longer believed are closed in `known`; new ones open there. Those that say the same over the same time
    stay as they are. Raises StoreError where two rows of a key would answer the same question.
    """
    with connection.transaction():
        at = database_now(connection)
        plan = _plan(step, _standing(connection, source.id, step))
        _close(connection, plan.closed, at)
        facts.write(connection, (facts.record(source, row) for row in plan.opened), origin=origin, at=at)
        told = events.insert(connection, step.events, recorded_at=at)
        if step.moot:
            routings.mark_routed(connection, step.moot, at)
        remember(connection, source.id, step.key_states, header=step.header)
        holds.note(connection, source.id, step.held, at=step.at)
        if not told and (plan.closed or plan.opened):
            events.count_change(connection, [source.id])
    return told


def _standing(connection: Connection, source: str, step: Step) -> Standing:
    since: dict[str, datetime | None] = {}
    for belief in step.beliefs:
        before = since.get(belief.key, belief.before)
        since[belief.key] = min(before, belief.before) if before and belief.before else None
    standing: Standing = {key: {} for key in since}
    kinds = {row.fact.fact for belief in step.beliefs for row in belief.rows}
    if any(not belief.rows for belief in step.beliefs):
        kinds = set(facts.TABLES)  # of what is gone, nothing says what it was
    for table in sorted(kinds):
        for number, key, what in facts.identities(connection, table, source, since):
            standing[key][what] = _Open(table=table, id=number)
    return standing


def _plan(step: Step, standing: Standing) -> _Plan:
    closed: list[tuple[_Open, datetime]] = []
    opened: list[KnownRow] = []
    for belief in step.beliefs:
        fresh = {identity(row): row for row in belief.rows}
        stays: dict[Identity, _Open | int] = {}
        for what, place in standing[belief.key].items():
            if stands(what, belief) or fresh.pop(what, None) is not None:
                stays[what] = place
            elif isinstance(place, int):
                opened[place] = with_changes(opened[place], known_to=belief.known_from)
            else:
                closed.append((place, belief.known_from))
        for what, row in fresh.items():
            stays[what] = len(opened)
            opened.append(KnownRow(key=belief.key, row=row, known_from=belief.known_from))
        standing[belief.key] = stays
    return _Plan(closed=closed, opened=[row for row in opened if row.known_to is None or row.known_from < row.known_to])


def _close(connection: Connection, closed: Iterable[tuple[_Open, datetime]], at: datetime) -> None:
    """Ends the belief in rows. One that would have been believed for no time at all is superseded instead."""
    by_table: dict[str, list[tuple[int, datetime]]] = {}
    for row, until in closed:
        by_table.setdefault(row.table, []).append((row.id, until))
    for table, rows in by_table.items():
        connection.execute(
            sql.SQL(
                """
                UPDATE {table} AS standing
                   SET known = CASE WHEN lower(known) < gone.until THEN tstzrange(lower(known), gone.until)
                                    ELSE known END,
                       superseded_at = CASE WHEN lower(known) < gone.until THEN NULL ELSE %(at)s END
                  FROM unnest(%(ids)s::bigint[], %(until)s::timestamptz[]) AS gone (id, until)
                 WHERE standing.id = gone.id
                """
            ).format(table=sql.Identifier(table)),
            {"ids": [row[0] for row in rows], "until": [row[1] for row in rows], "at": at},
        )
