"""One question in SQL, asked by a person through the reader's connection."""

from collections.abc import Sequence
from typing import Any

from psycopg import DataError
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

from store.connect import Connection, explained


def ask(connection: Connection, query: str, *, url: str = "") -> tuple[Sequence[str], list[dict[str, Any]]]:
    """Column names and rows of one statement. What it may do is the role's to decide, not a parser's.

    Days and times that Python has no value for, such as infinity, come as text; a column name that comes again gets
    a number. Raises StoreError, naming the database of `url`, for anything it refuses; several statements at once are
    refused by the protocol.
    """
    for name, loader in (("date", _Day), ("timestamp", _Time), ("timestamptz", _Moment)):
        connection.adapters.register_loader(name, loader)
    with explained(url):
        cursor = connection.execute(query, prepare=True)
        columns = _told_apart([column.name for column in cursor.description or ()])
        return columns, [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()] if columns else []


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
