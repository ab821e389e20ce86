"""A source's whole history read and folded anew: what a better reader, or older captures, change about it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from crawler import observe
from crawler.precedent import Precedent
from crawler.source import Source
from store import captures, imports, timelines
from store.captures import Capture
from store.connect import Connection
from store.timelines import Rebuilt
from timeline.fold import fold
from timeline.observations import Observation


def rebuild(connection: Connection, source: Source, *, now: datetime, because: str) -> Rebuilt:
    """Read every capture of `source` with today's reader, fold them, and replace what differs; one transaction.

    Twice in a row changes nothing the second time. Captures that had never been believed until now tell their events
    once, marked late; no other event of a rebuild alerts anybody.
    """
    with connection.transaction():
        captures.lock_source(connection, source.id)
        folded = fold(
            observe.info_of(source), _observations(connection, source, captures.all_of(connection, source.id))
        )
        newest = captures.latest(connection, source.id)
        return timelines.replace(
            connection,
            observe.info_of(source),
            folded,
            now=now,
            because=because,
            origin=newest.origin if newest else "live",
            until=newest.last_seen if newest else None,
        )


def _observations(connection: Connection, source: Source, history: list[Capture]) -> Iterator[Observation]:
    """Every look at every capture, as the wire had them: what a live check found again is in the fetches."""
    before: Precedent | None = None
    for number, capture in enumerate(history, 1):
        judged = observe.read_capture(connection, source, capture, before=before)
        before = judged.precedent or before
        late = capture.late or (capture.verdict == "bad" and judged.verdict != "bad")
        observe.note_read(connection, source, capture, judged)
        if late and not capture.late:
            captures.mark_late(connection, source.id, capture.seq)
        seen = observe.observation(capture, judged, at=capture.first_seen)
        last = number == len(history) and capture.origin == "import"
        yield replace(seen, late=late, last_of_import=last)
        if judged.verdict == "bad":
            continue
        for at in imports.looks(connection, capture):
            if at > capture.first_seen:
                yield replace(seen, at=at, unchanged=True, late=late)
