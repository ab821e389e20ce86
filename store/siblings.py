"""What else one look at a page showed: the other changes of the same capture."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from store.connect import Connection

Look = tuple[str, datetime]  # source, when it was seen


@dataclass(frozen=True, kw_only=True, slots=True)
class Sibling:
    """A change, as far as another message of the same page needs it."""

    id: str
    source: str
    observed_at: datetime
    kind: str
    model: str | None


def of_looks(connection: Connection, looks: Collection[Look], limit: int = 5000) -> list[Sibling]:
    """The changes that these looks showed and that stand, in the order of recording; not what a first look listed."""
    if not looks:
        return []
    asked = sorted(set(looks))
    with connection.cursor(row_factory=class_row(Sibling)) as cursor:
        return cursor.execute(
            """
            SELECT id, source, observed_at, kind, model FROM timeline.events
             WHERE (source, observed_at) IN (SELECT * FROM unnest(%s::text[], %s::timestamptz[]))
               AND NOT baseline AND withdrawn_at IS NULL AND kind <> 'model.retirement_due'
             ORDER BY position LIMIT %s::int
            """,
            [[source for source, _ in asked], [at for _, at in asked], limit],
        ).fetchall()
