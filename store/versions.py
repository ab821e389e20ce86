"""Whether a database is of this version, asked with a reader's rights: `store.migrate.pending` needs the owner's."""

import hashlib
from functools import cache

from psycopg import errors

from store.connect import Connection
from store.migrate import head
from store.view_files import texts


def missing(connection: Connection) -> str | None:
    """What this version of the code needs and the database does not have, as a phrase; None when all is there."""
    try:
        with connection.transaction():
            found = connection.execute("SELECT kind, name, sha256 FROM timeline.installed").fetchall()
    except (errors.UndefinedTable, errors.InvalidSchemaName, errors.InsufficientPrivilege):
        return "the database has no timeline yet"
    revisions = sorted(name for kind, name, _ in found if kind == "revision")
    if revisions != [head()]:
        return f"the tables are of revision {', '.join(revisions) or 'none'}, expected {head()}"
    views = {name: sha256 for kind, name, sha256 in found if kind == "view"}
    other = [name for name, sha256 in _expected().items() if views.get(name) != sha256]
    return f"views of another version: {', '.join(other)}" if other else None


@cache
def _expected() -> dict[str, str]:
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts().items()}
