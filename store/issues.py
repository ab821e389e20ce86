"""Issues: what a person should see about a source, once each while it lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row

from store.connect import Connection
from timeline.issues import Issue


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenIssue:
    """An issue that lasts: `first_seen` to `last_seen`, in capture `seq` where there is one."""

    id: int
    source: str
    code: str
    message: str
    locator: str
    fatal: bool
    seq: int | None
    first_seen: datetime
    last_seen: datetime

    @property
    def of_fetching(self) -> bool:
        """Whether it is about the way to the page: nothing was read that could not be understood."""
        return self.seq is None


def note(
    connection: Connection,
    source: str,
    issues: Sequence[Issue],
    *,
    at: datetime,
    seq: int | None,
) -> int:
    """Opens or refreshes these issues and closes those of the source not among them; returns how many are new.

    Issues of a reading (`seq` given) and of fetching (`seq` None) do not close each other: a page that was read well
    says nothing about the network, nor the other way round.
    """
    rows = list({(issue.code, issue.message, issue.locator): issue for issue in issues}.values())
    with connection.transaction():
        connection.execute(
            """
            UPDATE issue SET closed_at = %(at)s, closing_recorded_at = timeline.now()
             WHERE source = %(source)s AND closed_at IS NULL AND (seq IS NULL) = %(unseen)s
               AND NOT (code, message, locator) IN (
                   SELECT * FROM unnest(%(codes)s::text[], %(messages)s::text[], %(locators)s::text[]))
            """,
            _columns(source, rows, at, seq),
        )
        found = connection.execute(
            """
            INSERT INTO issue AS known (source, code, message, locator, fatal, seq, first_seen, last_seen)
            SELECT %(source)s, code, message, locator, fatal, %(seq)s::int, %(at)s, %(at)s
              FROM unnest(%(codes)s::text[], %(messages)s::text[], %(locators)s::text[], %(fatal)s::boolean[])
                   AS given (code, message, locator, fatal)
            ON CONFLICT (source, code, md5(message), locator) WHERE closed_at IS NULL
            DO UPDATE SET last_seen = greatest(known.last_seen, excluded.last_seen), seq = excluded.seq,
                          fatal = excluded.fatal
            RETURNING (xmax = 0) AS fresh
            """,
            _columns(source, rows, at, seq),
        ).fetchall()
    return sum(fresh for (fresh,) in found)


def open_issues(connection: Connection, source: str | None = None) -> list[OpenIssue]:
    """What lasts, of one source or of all: fatal first, then the oldest. A reader may ask too."""
    with connection.cursor(row_factory=class_row(OpenIssue)) as cursor:
        return cursor.execute(
            """
            SELECT id, source, code, message, locator, fatal, seq, first_seen, last_seen
              FROM timeline.source_issues
             WHERE closed_at IS NULL AND (%(source)s::text IS NULL OR source = %(source)s)
             ORDER BY NOT fatal, first_seen, id
            """,
            {"source": source},
        ).fetchall()


def _columns(source: str, rows: Sequence[Issue], at: datetime, seq: int | None) -> dict[str, Any]:
    return {
        "source": source,
        "at": at,
        "seq": seq,
        "unseen": seq is None,
        "codes": [row.code for row in rows],
        "messages": [row.message for row in rows],
        "locators": [row.locator for row in rows],
        "fatal": [row.fatal for row in rows],
    }
