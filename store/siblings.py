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


def of_looks(connection: Connection, looks: Collection[Look], limit: int = 1000) -> list[Sibling]:
    """The changes that these looks showed and that stand, at most `limit` of each; not what a first look listed."""
    if not looks:
        return []
    asked = sorted(set(looks))
    with connection.cursor(row_factory=class_row(Sibling)) as cursor:
        return cursor.execute(
            """
            SELECT found.* FROM unnest(%s::text[], %s::timestamptz[]) AS look (source, at)
             CROSS JOIN LATERAL (
                 SELECT id, events.source, observed_at, kind, model FROM timeline.events
                  WHERE observed_at = look.at AND events.source = look.source
                    AND NOT baseline AND withdrawn_at IS NULL AND kind <> 'model.retirement_due'
                  ORDER BY position LIMIT %s::int
             ) AS found
            """,
            [[source for source, _ in asked], [at for _, at in asked], limit],
        ).fetchall()
