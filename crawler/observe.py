"""From stored captures to the timeline: read, check, fold and append, one transaction a source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.checks import Counts
from crawler.reading import Judged, document_of, judge
from crawler.source import Source
from store import captures, issues, snapshots, timelines
from store.captures import Capture
from store.connect import Connection
from timeline.events import CaptureRef, Event, Origin
from timeline.facts import Fact
from timeline.fold import State, advance
from timeline.issues import AiwireError
from timeline.observations import Observation, SourceInfo, Step


class EvidenceLost(AiwireError):
    """A capture names bytes the store does not have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """What one look at a source came to."""

    source: str
    captures: int = 0
    bad: int = 0
    events: tuple[Event, ...] = ()


def info_of(source: Source) -> SourceInfo:
    """What the fold knows of a source."""
    return SourceInfo(id=source.id, provider=source.provider, kind=source.kind, trust=source.trust)


def observe(connection: Connection, source: Source, *, last_of_import: bool = False) -> Observed:
    """Read every capture of `source` that nobody has read, in order, and append what changed.

    Captures, facts, events and issues become visible together or not at all; a second call finds nothing to do.
    """
    with connection.transaction():
        captures.lock_source(connection, source.id)
        fresh = captures.unread(connection, source.id)
        if not fresh:
            return Observed(source=source.id)
        state = State.load(*timelines.load_fold(connection, source.id))
        events: list[Event] = []
        bad = 0
        for number, capture in enumerate(fresh, 1):
            judged = read_capture(connection, source, capture)
            bad += judged.verdict == "bad"
            seen = observation(
                capture, judged, at=capture.first_seen, last_of_import=last_of_import and number == len(fresh)
            )
            state, step = advance(info_of(source), state, seen)
            append(connection, source, step, origin=seen.origin)
            note_read(connection, source, capture, judged)
            events += step.events
        return Observed(source=source.id, captures=len(fresh), bad=bad, events=tuple(events))


def recheck(connection: Connection, source: Source, *, at: datetime, last_of_import: bool = False) -> Observed:
    """Fold the newest capture again at `at`, when something of the source waits for time or a second look.

    Held values, first misses and stated dates that passed need no new bytes; a source with nothing pending costs
    one look-up.
    """
    with connection.transaction():
        captures.lock_source(connection, source.id)
        capture = captures.latest(connection, source.id)
        header, keys = timelines.load_fold(connection, source.id)
        state = State.load(header, keys)
        if capture is None or capture.verdict is None or not state.pending(at):
            return Observed(source=source.id)
        judged = read_capture(connection, source, capture, at=at)
        seen = observation(capture, judged, at=at, unchanged=True, last_of_import=last_of_import)
        _, step = advance(info_of(source), state, seen)
        append(connection, source, step, origin=seen.origin)
        return Observed(source=source.id, events=tuple(step.events))


def read_capture(
    connection: Connection, source: Source, capture: Capture, *, at: datetime | None = None
) -> Judged:
    """Read the stored bytes of a capture. Raises EvidenceLost when they are not in the store."""
    snapshot = snapshots.get(connection, capture.sha256)
    if snapshot is None:
        raise EvidenceLost(
            f"capture {capture.seq} of {source.id} names snapshot {capture.sha256}, which the store does not have: "
            "restore it from a backup, or remove the capture"
        )
    document = document_of(
        source, snapshot.body, url=capture.url, at=at or capture.first_seen, content_type=snapshot.content_type or ""
    )
    last_good = last_good_counts(connection, source.id, before=capture.seq)
    return judge(source, document, live=capture.origin == "live", last_good=last_good)


def observation(
    capture: Capture, judged: Judged, *, at: datetime, unchanged: bool = False, last_of_import: bool = False
) -> Observation:
    """What the fold is told of a capture."""
    ref = CaptureRef(seq=capture.seq, url=capture.url, captured_at=capture.first_seen, sha256=capture.sha256)
    verdict = "accepted" if capture.verdict == "accepted" else judged.verdict
    facts: Sequence[Fact] = judged.reading.facts
    return Observation(
        at=at,
        capture=ref,
        facts=() if verdict == "bad" else facts,
        verdict=verdict,  # type: ignore[arg-type]
        origin=capture.origin,
        unchanged=unchanged,
        last_of_import=last_of_import,
    )
