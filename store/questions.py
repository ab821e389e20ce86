"""One question in SQL, asked by a person through the reader's connection."""

import difflib
import re
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import DataError, errors
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

from store.connect import Connection, explained
from store.versions import missing
from timeline.issues import MistakeError

_NAMED = re.compile(r'"(?:timeline\.)?([^"]+)"|function (?:timeline\.)?(\w+)')


MOST_VIEWS = 3  # whose columns are named where one is not there


class UnknownNameError(MistakeError):
    """A question names a view, function or column that a database of this version does not have."""


def ask(connection: Connection, query: str, *, url: str = "") -> tuple[Sequence[str], list[dict[str, Any]]]:
    """Column names and rows of one statement. What it may do is the role's to decide, not a parser's.

    Days and times that Python has no value for, such as infinity, come as text; a column name that comes again gets
    a number. Raises UnknownNameError for what is not there, and StoreError, naming the database of `url`, for anything
    else it refuses; several statements at once are refused by the protocol.
    """
    for name, loader in (("date", _Day), ("timestamp", _Time), ("timestamptz", _Moment)):
        connection.adapters.register_loader(name, loader)
    with explained(url):
        cursor = _executed(connection, query)
        columns = _told_apart([column.name for column in cursor.description or ()])
        return columns, [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()] if columns else []


def _executed(connection: Connection, query: str) -> psycopg.Cursor[Any]:
    try:
        return connection.execute(query, prepare=True)
    except (errors.UndefinedTable, errors.UndefinedFunction, errors.InvalidSchemaName) as error:
        connection.rollback()
        if missing(connection):  # an old database: `explained` says what to do
            raise
        raise UnknownNameError(_nearest(connection, error.diag.message_primary or str(error))) from error
    except errors.UndefinedColumn as error:
        connection.rollback()
        if missing(connection):
            raise
        raise UnknownNameError(_columns(connection, error, query)) from error


def _columns(connection: Connection, error: errors.UndefinedColumn, query: str) -> str:
    """Postgres' own words, with what it guesses, and the columns of the views that the question names."""
    found = connection.execute(
        "SELECT relation.relname, string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute "
        "JOIN pg_class AS relation ON relation.oid = attrelid WHERE relnamespace = 'timeline'::regnamespace "
        "AND relkind IN ('v', 'm') AND attnum > 0 AND NOT attisdropped AND relation.relname = ANY(%s) "
        "GROUP BY relation.relname ORDER BY relation.relname LIMIT %s",
        [re.findall(r"\w+", query.casefold()), MOST_VIEWS],
    ).fetchall()
    said = ". ".join(part.rstrip(".") for part in (error.diag.message_primary, error.diag.message_hint) if part)
    return f"{said}. " + "; ".join(f"timeline.{view} has {names}" for view, names in found) if found else said


def _nearest(connection: Connection, said: str) -> str:
    """Postgres' own words, the names most like the one that is not there, and all there are."""
    query = (
        "SELECT relname, false FROM pg_class WHERE relnamespace = 'timeline'::regnamespace AND relkind IN ('v', 'm') "
        "UNION SELECT proname, true FROM pg_proc WHERE pronamespace = 'timeline'::regnamespace ORDER BY 1"
    )
    there = {name: f"{name}()" if callable_ else name for name, callable_ in connection.execute(query).fetchall()}
    found = _NAMED.search(said)
    near = difflib.get_close_matches((found[1] or found[2]).casefold(), there, n=3, cutoff=0.5) if found else []
    meant = f"; did you mean {' or '.join(f'timeline.{there[name]}' for name in near)}?" if near else "."
    return f"{said}{meant} Schema timeline has {', '.join(there.values())}: docs/sql.md explains them"


def _told_apart(names: Sequence[str]) -> list[str]:
    told: list[str] = []
    for name in names:
        number, unique = 1, name
        while unique in told:
            number += 1
            unique = f"{name}_{number}"
        told.append(unique)
    return told


class _Day(DateLoader):
    def load(self, data: Any) -> Any:
        try:
            return super().load(data)
        except DataError:
            return bytes(data).decode()


class _Time(TimestampLoader):
    def load(self, data: Any) -> Any:
        try:
            return super().load(data)
        except DataError:
            return bytes(data).decode()


class _Moment(TimestamptzLoader):
    def load(self, data: Any) -> Any:
        try:
            return super().load(data)
        except DataError:
            return bytes(data).decode()
