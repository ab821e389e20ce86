"""One question in SQL, asked by a person through the reader's connection."""

from collections.abc import Sequence
from typing import Any

from store.connect import Connection, explained


def ask(connection: Connection, query: str) -> tuple[Sequence[str], list[dict[str, Any]]]:
    """Column names and rows of one statement. What it may do is the role's to decide, not a parser's.

    Raises StoreError for anything the database refuses; several statements at once are refused by the protocol.
    """
    with explained():
        cursor = connection.execute(query, prepare=True)
        columns = [column.name for column in cursor.description or ()]
        return columns, [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()] if columns else []
