"""Rows as Postgres itself writes them, `COPY ... TO STDOUT`, asked by a person through the reader's connection."""

import re
from collections.abc import Iterator

import psycopg
from psycopg import errors, pq

from store.connect import Connection, explained
from timeline.issues import MistakeError

_COPY = re.compile(r"(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*copy\b", re.I | re.S)
_ONLY = (
    "here COPY only goes TO STDOUT, without a file, PROGRAM or FROM: "
    'aiwire sql "COPY (SELECT ...) TO STDOUT (FORMAT csv, HEADER)" > rows.csv'
)


class CopyError(MistakeError):
    """A COPY that would write to the database, or read or write a file of its machine."""


def is_copy(query: str) -> bool:
    """Whether a statement is a COPY, of whatever kind: only how it is run depends on this, not what it may do."""
    return _COPY.match(query) is not None


def copied(connection: Connection, query: str, *, url: str = "") -> Iterator[bytes]:
    """What one COPY TO STDOUT writes, piece by piece. Raises CopyError for any other COPY, StoreError (naming the
    database of `url`) for what the database refuses otherwise.
    """
    with explained(url):
        _refuse_several(connection, query)
        try:
            with connection.cursor() as cursor, cursor.copy(query.encode()) as copy:
                if cursor.pgresult is None or cursor.pgresult.status != pq.ExecStatus.COPY_OUT:
                    raise CopyError(f"this COPY waits for rows: {_ONLY}")
                yield from map(bytes, copy)
        except (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction, errors.WrongObjectType) as error:
            raise CopyError(f"{error.diag.message_primary}: {_ONLY}") from error


def _refuse_several(connection: Connection, query: str) -> None:
    """COPY is sent by the protocol that takes several statements at once: the other one is asked before."""
    result = connection.pgconn.prepare(b"", query.encode())
    if result.status == pq.ExecStatus.FATAL_ERROR:
        raise psycopg.errors.error_from_result(result, encoding="utf-8")
