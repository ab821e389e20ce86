"""Whether a database is of this version, asked with a reader's rights: `store.migrate.pending` needs the owner's.

While an upgrade goes on, programs of the last version find a newer database: they go on working, as migrations leave
them what they need for one version (docs/operations.md). Which of the two is newer is read from what the database
remembers: a revision after the last that this code knows, or that a view had the text once that this code has.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from psycopg import errors

from store.connect import Connection
from store.revisions import newest
from store.view_files import texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """The database beside this code: `older` needs `aiwire migrate`, `newer` needs this code to be renewed."""

    database: Literal["empty", "older", "same", "newer"]
    said: str  # what is otherwise, as a phrase


def missing(connection: Connection) -> str | None:
    """What this version of the code needs and the database does not have, as a phrase; None when all is there."""
    found = compared(connection)
    return found.said if found.database in ("empty", "older") else None


def compared(connection: Connection) -> Compared:
    """Which of the two is newer, the database or this code."""
    try:
        with connection.transaction():
            found = connection.execute("SELECT kind, name, sha256 FROM timeline.installed").fetchall()
    except (errors.UndefinedTable, errors.InvalidSchemaName, errors.InsufficientPrivilege):
        return Compared(database="empty", said="the database has no timeline yet")
    revisions = sorted(name for kind, name, _ in found if kind == "revision")
    if revisions != [newest()]:
        newer = max(revisions, default="") > newest()
        said = f"the tables are of revision {', '.join(revisions) or 'none'}, expected {newest()}"
        return Compared(database="newer" if newer else "older", said=said)
    return _views(found)


def _views(found: Sequence[tuple[Any, ...]]) -> Compared:
    now = {name: sha256 for kind, name, sha256 in found if kind == "view"}
    former = {(name, sha256) for kind, name, sha256 in found if kind == "former view"}
    other = {name: sha256 for name, sha256 in _expected().items() if now.get(name) != sha256}
    if not other:
        return Compared(database="same", said="is of this version")
    newer = former.issuperset(other.items())
    return Compared(database="newer" if newer else "older", said=f"views of another version: {', '.join(other)}")


@cache
def _expected() -> dict[str, str]:
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts().items()}
