"""Captures: runs of one snapshot of a source, first seen to last seen, and what its reading came to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import class_row, dict_row

from store.connect import Connection, StoreError
from timeline.events import Origin
from timeline.observations import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """One run. `verdict` None: not read yet. `issues` and `ignored` are JSON objects of the last reading."""

    source: str
    seq: int  # 1, 2, 3... within its source, in the order in which they were stored
    sha256: str
    url: str
    first_seen: datetime
    last_seen: datetime
    checks: int
    origin: Origin
    verdict: Verdict | None = None
    extractor: str | None = None  # version that read it last
    facts: int | None = None
    issues: Sequence[Mapping[str, Any]] = field(default=())
    ignored: Sequence[Mapping[str, Any]] = field(default=())
    late: bool = False  # a reader understood it only long after it was seen


LAST_LOOK: LiteralString = """LEFT JOIN LATERAL (
          SELECT least(capture.last_seen, %(known_at)s) AS seen FROM timeline.captures AS capture
           WHERE capture.source = belief.source AND capture.first_seen <= %(known_at)s
             AND capture.verdict IN ('good', 'accepted')
           ORDER BY capture.first_seen DESC LIMIT 1
      ) AS look ON true"""
"""When the source of each `belief` was last read well, as far as was known at `known_at`: `look.seen`. For a reader."""
COLUMNS: LiteralString = (
    "source, seq, sha256, url, first_seen, last_seen, checks, origin, verdict, extractor, facts, issues, ignored, late"
)


def lock_source(connection: Connection, source: str) -> None:
    """Waits until nobody else observes this source, and keeps others out until the transaction ends."""
    if not connection.execute("SELECT 1 FROM source_state WHERE source = %s FOR UPDATE", [source]).fetchone():
        raise StoreError(f"source {source} is not registered in this database: check its id, or run `aiwire up` once")


def see(
    connection: Connection,
    *,
    source: str,
    sha256: str,
    url: str,
    at: datetime,
    origin: Origin,
    newest: Capture | None = None,
) -> tuple[Capture, bool]:
    """Notes that `source` sent these bytes at `at`. True: a new run; False: a run goes on, or had this already.

    Serialise with `lock_source`; who has asked for the newest capture since need not have it asked for again. Raises
    StoreError when `at` lies before what is known: see store.imports.place.
    """
    newest = newest or latest(connection, source)
    if newest is not None and at <= newest.last_seen:
        known = at_time(connection, source, at)
        if known is not None and known.sha256 == sha256:
            return known, False
        raise StoreError(
            f"{source}: expected a capture later than the newest one ({newest.last_seen.isoformat()}), "
            f"found one of {at.isoformat()} that is not known: a rebuild of the source must follow it"
        )
    if origin == "import":
        note_look(connection, source=source, sha256=sha256, url=url, at=at)
    if newest is not None and newest.sha256 == sha256:
        return one(
            connection,
            f"UPDATE capture SET last_seen = %(at)s, checks = checks + 1 "
            f"WHERE source = %(source)s AND seq = %(seq)s::int RETURNING {COLUMNS}",
            {"source": source, "seq": newest.seq, "at": at},
        ), False
    return add(connection, source=source, sha256=sha256, url=url, at=at, origin=origin), True


def add(connection: Connection, *, source: str, sha256: str, url: str, at: datetime, origin: Origin) -> Capture:
    """A new run of one look."""
    return one(
        connection,
        f"""
        INSERT INTO capture (source, seq, sha256, url, first_seen, last_seen, origin)
        SELECT %(source)s, coalesce(max(seq), 0) + 1, %(sha256)s, %(url)s, %(at)s, %(at)s, %(origin)s
          FROM capture WHERE source = %(source)s RETURNING {COLUMNS}
        """,
        {"source": source, "sha256": sha256, "url": url, "at": at, "origin": origin},
    )


def note_look(connection: Connection, *, source: str, sha256: str, url: str, at: datetime) -> None:
    """Keeps the time of an imported look: within a run nothing else would (live looks are fetches already)."""
    connection.execute(
        """
        INSERT INTO "fetch" (source, run, url, started_at, finished_at, outcome, sha256)
        VALUES (%(source)s, 'import', %(url)s, %(at)s, %(at)s, 'unchanged', %(sha256)s)
        """,
        {"source": source, "sha256": sha256, "url": url, "at": at},
    )


def at_time(connection: Connection, source: str, at: datetime) -> Capture | None:
    """The run that lasted at `at`."""
    found = _all(
        connection,
        f"SELECT {COLUMNS} FROM capture WHERE source = %(source)s AND first_seen <= %(at)s AND last_seen >= %(at)s "
        "ORDER BY first_seen DESC LIMIT 1",
        {"source": source, "at": at},
    )
    return found[0] if found else None


def latest(connection: Connection, source: str) -> Capture | None:
    """The newest capture of a source."""
    found = _all(
        connection,
        f"SELECT {COLUMNS} FROM capture WHERE source = %(source)s ORDER BY first_seen DESC LIMIT 1",
        {"source": source},
    )
    return found[0] if found else None


def believed_by(connection: Connection, source: str) -> str | None:
    """The version of the reader that read the newest believed capture of a source; None: there is no such capture."""
    row = connection.execute(
        "SELECT coalesce(extractor, '') FROM capture WHERE source = %s AND verdict IN ('good', 'accepted') "
        "ORDER BY first_seen DESC LIMIT 1",
        [source],
    ).fetchone()
    return row[0] if row else None


def unread(connection: Connection, source: str | None = None) -> list[Capture]:
    """The captures nobody has read yet, of one source or of all, in the order in which they must be folded."""
    return _all(
        connection,
        f"SELECT {COLUMNS} FROM capture WHERE verdict IS NULL AND (%(source)s::text IS NULL OR source = %(source)s) "
        "ORDER BY source, first_seen",
        {"source": source},
    )


def all_of(connection: Connection, source: str) -> list[Capture]:
    """Every capture of a source, oldest first: what a rebuild folds."""
    return _all(
        connection,
        f"SELECT {COLUMNS} FROM capture WHERE source = %(source)s ORDER BY first_seen",
        {"source": source},
    )


def last_good(connection: Connection, source: str, *, before: int) -> Capture | None:
    """The newest capture before number `before` that was believed: what a new one is compared with."""
    found = _all(
        connection,
        f"SELECT {COLUMNS} FROM capture WHERE source = %(source)s AND verdict IN ('good', 'accepted') AND first_seen < "
        "(SELECT first_seen FROM capture WHERE source = %(source)s AND seq = %(before)s::int) "
        "ORDER BY first_seen DESC LIMIT 1",
        {"source": source, "before": before},
    )
    return found[0] if found else None


@dataclass(frozen=True, kw_only=True, slots=True)
class GoodCapture:
    """The newest capture of a source that was believed: what its timeline rests on."""

    source: str
    seq: int
    sha256: str
    url: str
    first_seen: datetime
    last_seen: datetime
    facts: int | None


def newest_good(connection: Connection) -> list[GoodCapture]:
    """The newest believed capture of each source that has one. A reader may ask too."""
    with connection.cursor(row_factory=class_row(GoodCapture)) as cursor:
        return cursor.execute(
            """
            SELECT DISTINCT ON (source) source, seq, sha256, url, first_seen, last_seen, facts
              FROM timeline.captures WHERE verdict IN ('good', 'accepted') ORDER BY source, first_seen DESC
            """
        ).fetchall()


def shown(connection: Connection, source: str, seq: int) -> dict[str, Any] | None:
    """A row of timeline.captures with the `headers` of the answer that brought it; None where it is not kept.

    A reader may ask too. An imported capture has no headers.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            """
            SELECT capture.*, answer.headers, answer.status
              FROM timeline.captures AS capture
              LEFT JOIN LATERAL (
                  SELECT headers, status FROM timeline.fetches
                   WHERE fetches.source = capture.source AND fetches.sha256 = capture.sha256
                     AND finished_at BETWEEN capture.first_seen - interval '1 minute'
                                         AND capture.first_seen + interval '1 minute'
                   ORDER BY finished_at LIMIT 1) AS answer ON true
             WHERE capture.source = %s AND capture.seq = %s
            """,
            [source, seq],
        ).fetchone()


def _all(connection: Connection, query: LiteralString, values: Mapping[str, Any]) -> list[Capture]:
    with connection.cursor(row_factory=class_row(Capture)) as cursor:
        return cursor.execute(query, values).fetchall()


def one(connection: Connection, query: LiteralString, values: Mapping[str, Any]) -> Capture:
    """The one capture that a query finds. Raises StoreError where it finds none, or several."""
    found = _all(connection, query, values)
    if len(found) != 1:
        raise StoreError(f"expected one capture, found {len(found)}: {dict(values)}")
    return found[0]
