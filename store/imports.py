"""Captures that come late: older than what is known, put where they belong among the runs there are."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from store import captures
from store.captures import Capture
from store.connect import Connection
from timeline.events import Origin


def place(connection: Connection, *, source: str, sha256: str, url: str, at: datetime, origin: Origin) -> bool:
    """Notes that `source` sent these bytes at `at`, whenever that was; False: that is known.

    What was placed before the newest capture makes the folded history wrong until the source is rebuilt, in the same
    transaction. Where another capture was seen at the very same time, this one counts as a microsecond later.
    Serialise with `store.captures.lock_source`.
    """
    run = captures.at_time(connection, source, at)
    while run is not None and at in looks(connection, run):
        if run.sha256 == sha256:
            return False
        at += timedelta(microseconds=1)
        run = captures.at_time(connection, source, at)
    if origin == "import":
        captures.note_look(connection, source=source, sha256=sha256, url=url, at=at)
    if run is not None and run.sha256 == sha256:
        _set(connection, run, first_seen=run.first_seen, last_seen=run.last_seen, checks=run.checks + 1)
        return True
    if run is not None:
        _split(connection, run, at)
    _place_between(connection, source=source, sha256=sha256, url=url, at=at, origin=origin)
    return True


def looks(connection: Connection, run: Capture) -> list[datetime]:
    """Every time a run was seen, as far as that was kept, from its first to its last."""
    rows = connection.execute(
        """
        SELECT DISTINCT finished_at FROM "fetch" WHERE source = %s AND finished_at > %s AND finished_at < %s
           AND outcome IN ('unchanged', 'not_modified') ORDER BY 1
        """,
        [run.source, run.first_seen, run.last_seen],
    )
    return sorted({run.first_seen, run.last_seen, *(row[0] for row in rows)})


def look_before(connection: Connection, run: Capture, at: datetime) -> datetime | None:
    """The last time a run was seen before `at`, as far as that was kept; None: it was not."""
    row = connection.execute(
        """
        SELECT max(finished_at) FROM "fetch" WHERE source = %s AND finished_at > %s AND finished_at < %s
           AND outcome IN ('unchanged', 'not_modified')
        """,
        [run.source, run.first_seen, at],
    ).fetchone()
    return row[0] if row else None


def note_failure(
    connection: Connection, *, source: str, url: str, at: datetime, outcome: str, status: int | None, detail: str
) -> None:
    """Keeps an imported look that brought no page, once: it says nothing about the health of the source today."""
    connection.execute(
        """
        INSERT INTO "fetch" (source, run, url, started_at, finished_at, outcome, status, detail)
        SELECT %(source)s, 'import', %(url)s, %(at)s, %(at)s, %(outcome)s, %(status)s, %(detail)s
         WHERE NOT EXISTS (SELECT 1 FROM "fetch" WHERE source = %(source)s AND finished_at = %(at)s
                              AND run = 'import' AND outcome = %(outcome)s AND url = %(url)s)
        """,
        {"source": source, "url": url, "at": at, "outcome": outcome, "status": status, "detail": detail or None},
    )


def times(connection: Connection, source: str) -> set[datetime]:
    """Every time of which an imported look at a source's page is kept."""
    rows = connection.execute(
        """SELECT finished_at FROM "fetch" WHERE source = %s AND run = 'import' AND sha256 IS NOT NULL""", [source]
    )
    return {row[0] for row in rows}


def _place_between(connection: Connection, *, source: str, sha256: str, url: str, at: datetime, origin: Origin) -> None:
    """`at` lies in no run: it lengthens a neighbour of the same bytes, or is a run of its own."""
    before, after = _neighbours(connection, source, at)
    if before is not None and before.sha256 == sha256:
        _set(connection, before, first_seen=before.first_seen, last_seen=at, checks=before.checks + 1)
    elif after is not None and after.sha256 == sha256:
        _set(connection, after, first_seen=at, last_seen=after.last_seen, checks=after.checks + 1)
    else:
        captures.add(connection, source=source, sha256=sha256, url=url, at=at, origin=origin)


def _split(connection: Connection, run: Capture, at: datetime) -> None:
    """Other bytes were seen in the middle of a run: it was two."""
    times = [time for time in looks(connection, run) if time != at]
    earlier, later = [time for time in times if time < at], [time for time in times if time > at]
    _set(connection, run, first_seen=earlier[0], last_seen=earlier[-1], checks=len(earlier))
    rest = captures.add(connection, source=run.source, sha256=run.sha256, url=run.url, at=later[0], origin=run.origin)
    _set(connection, rest, first_seen=later[0], last_seen=later[-1], checks=len(later))


def _neighbours(connection: Connection, source: str, at: datetime) -> tuple[Capture | None, Capture | None]:
    history = captures.all_of(connection, source)
    before: Sequence[Capture] = [run for run in history if run.last_seen < at]
    after: Sequence[Capture] = [run for run in history if run.first_seen > at]
    return (before[-1] if before else None), (after[0] if after else None)


def _set(connection: Connection, run: Capture, *, first_seen: datetime, last_seen: datetime, checks: int) -> None:
    connection.execute(
        "UPDATE capture SET first_seen = %s, last_seen = %s, checks = %s WHERE source = %s AND seq = %s::int",
        [first_seen, last_seen, checks, run.source, run.seq],
    )
