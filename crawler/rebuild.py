"""A source's whole history read and folded anew: what a better reader, or older captures, change about it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from crawler import items, observe
from crawler.observe import Observed
from crawler.precedent import Precedent
from crawler.source import Source, reader_version
from store import captures, imports, timelines, verdicts
from store.captures import Capture
from store.connect import Connection
from store.timelines import Rebuilt
from timeline.fold import fold
from timeline.observations import Observation

OUTDATED = "a newer reader reads the pages otherwise"


def catch_up(connection: Connection, source: Source, *, at: datetime, last_of_import: bool = False) -> Observed:
    """`observe.observe`, after the history has been read anew where another version of the reader had read it.

    So a page is compared only with what the same reader makes of the pages before it: what a better reader finds is no
    change of the page, and nobody is told of it.
    """
    with connection.transaction():
        captures.lock_source(connection, source.id)
        version = captures.believed_by(connection, source.id)
        if version is not None and version != reader_version(source):
            rebuild(connection, source, now=at, because=OUTDATED, only_read=True)
        elif source.kind in items.KINDS:
            items.read(connection, source.id, at=at, tell=False, because=OUTDATED)
        return observe.observe(connection, source, at=at, last_of_import=last_of_import)


def rebuild(connection: Connection, source: Source, *, now: datetime, because: str, only_read: bool = False) -> Rebuilt:
    """Read every capture of `source` with today's reader, fold them, and replace what differs; one transaction.

    `only_read`: leave out those that nobody has read yet, which `observe` takes up as news.

    Twice in a row changes nothing the second time. Captures that had never been believed until now tell their events
    once, marked late; no other event of a rebuild alerts anybody.
    """
    with connection.transaction():
        captures.lock_source(connection, source.id)
        history = captures.all_of(connection, source.id)
        if only_read:
            history = [capture for capture in history if capture.verdict is not None]
        folded = fold(observe.info_of(source), _observations(connection, source, history))
        newest = history[-1] if history else None
        rebuilt = timelines.replace(
            connection,
            observe.info_of(source),
            folded,
            now=now,
            because=because,
            origin=newest.origin if newest else "live",
            until=newest.last_seen if newest else None,
        )
        if source.kind not in items.KINDS:
            return rebuilt
        deals = items.read(connection, source.id, at=now, tell=False, because=because)
        return replace(
            rebuilt,
            events_added=(*rebuilt.events_added, *deals.told),
            events_withdrawn=(*rebuilt.events_withdrawn, *deals.withdrawn),
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
            verdicts.mark_late(connection, source.id, capture.seq)
        seen = observe.observation(capture, judged, at=capture.first_seen)
        last = number == len(history) and capture.origin == "import"
        yield replace(seen, late=late, last_of_import=last)
        if judged.verdict == "bad":
            continue
        for at in imports.looks(connection, capture):
            if at > capture.first_seen:
                yield replace(seen, at=at, unchanged=True, late=late)
