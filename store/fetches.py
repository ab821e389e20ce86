"""Fetches: every attempt, whatever came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from store.connect import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetch:
    """One attempt. `outcome` is a name of crawler.outcomes; `bytes` as received, before decompression."""

    source: str
    run: str  # one id per crawl
    url: str
    final_url: str | None = None  # after redirects
    started_at: datetime
    finished_at: datetime
    outcome: str
    status: int | None = None
    bytes: int | None = None
    sha256: str | None = None  # the snapshot it came to
    headers: Mapping[str, str] | None = None
    detail: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reachability:
    """How the first attempts since some moment went: one per source, its last."""

    attempts: int  # sources tried
    good: int  # of them, the last attempt got the source's bytes
    answered: int  # of them, some server answered, whatever it said
    hosts: int  # distinct hosts tried
    pending: int  # enabled sources with a URL not tried yet
    next_try: datetime | None  # of those that did not answer


def record(connection: Connection, fetch: Fetch) -> int:
    """Notes an attempt and returns its number."""
    row = connection.execute(
        """
        INSERT INTO "fetch" (source, run, url, final_url, started_at, finished_at, outcome, status, bytes, sha256,
                             headers, detail)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
        """,
        [
            fetch.source,
            fetch.run,
            fetch.url,
            fetch.final_url,
            fetch.started_at,
            fetch.finished_at,
            fetch.outcome,
            fetch.status,
            fetch.bytes,
            fetch.sha256,
            None if fetch.headers is None else Jsonb(dict(fetch.headers)),
            fetch.detail,
        ],
    ).fetchone()
    if row is None:
        raise AssertionError("INSERT ... RETURNING gave no row")
    return int(row[0])


def reachability(connection: Connection, *, since: datetime) -> Reachability:
    """What came of the attempts finished since `since`: whether there is a network at all is read from it."""
    with connection.cursor(row_factory=class_row(Reachability)) as cursor:
        found = cursor.execute(
            """
            WITH tried AS (
                SELECT DISTINCT ON (source) source, outcome, status FROM "fetch"
                 WHERE finished_at >= %s ORDER BY source, finished_at DESC, id DESC
            )
            SELECT count(tried.source) AS attempts,
                   count(*) FILTER (WHERE tried.outcome IN ('changed', 'unchanged', 'not_modified')) AS good,
                   count(tried.status) AS answered,
                   count(DISTINCT source.host) FILTER (WHERE tried.source IS NOT NULL) AS hosts,
                   count(*) FILTER (WHERE tried.source IS NULL) AS pending,
                   min(nullif(state.next_due_at, '-infinity')) FILTER (WHERE tried.source IS NOT NULL
                       AND tried.status IS NULL) AS next_try
              FROM source JOIN source_state AS state ON state.source = source.id
              LEFT JOIN tried ON tried.source = source.id
             WHERE source.enabled AND source.host IS NOT NULL
            """,
            [since],
        ).fetchone()
    if found is None:
        raise AssertionError("an aggregate gave no row")
    return found


def dates_said(connection: Connection, *, since: datetime) -> list[tuple[str, datetime, str]]:
    """Of the answers since then that were dated: whose host, when we asked, and what time it said it was, unread."""
    return connection.execute(
        """
        SELECT source.host, "fetch".started_at, headers ->> 'date'
          FROM "fetch" JOIN source ON source.id = "fetch".source
         WHERE finished_at >= %s AND source.host IS NOT NULL AND headers ->> 'date' IS NOT NULL
        """,
        [since],
    ).fetchall()
