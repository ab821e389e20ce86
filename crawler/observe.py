"""From stored captures to the timeline: read, check, fold and append, one transaction a source."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crawler import items
from crawler.precedent import Precedent
from crawler.reading import Judged, document_of, judge
from crawler.source import Source
from store import agenda, captures, checks, imports, issues, snapshots, timelines, verdicts
from store.captures import Capture
from store.connect import Connection
from timeline.events import CaptureRef, Event, Origin
from timeline.fold import State, advance, has_pending, tick
from timeline.issues import AiwireError, Issue
from timeline.observations import Observation, SourceInfo


class EvidenceLostError(AiwireError):
    """A capture names bytes the store does not have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """What one look at a source came to."""

    source: str
    captures: int = 0
    bad: int = 0
    events: tuple[Event, ...] = ()
    issues: tuple[Issue, ...] = ()  # what was not understood of the captures read now


def info_of(source: Source) -> SourceInfo:
    """What the fold knows of a source."""
    return SourceInfo(id=source.id, provider=source.provider, kind=source.kind, trust=source.trust)


def waiting(connection: Connection, wanted: Sequence[Source], *, at: datetime) -> list[Source]:
    """Those of `wanted` in which `observe` may find something to do; mostly none, where nothing was new."""
    found = agenda.unobserved(connection, [source.id for source in wanted])
    worth = {name for name, (unread, header) in found.items() if unread or has_pending(header, at)}
    return [source for source in wanted if source.id in worth]


def observe(connection: Connection, source: Source, *, at: datetime, last_of_import: bool = False) -> Observed:
    """Read every capture of `source` that nobody has read, in order, and append what changed; look again at what waits.

    `at` is the time now. Captures, facts, events and issues become visible together or not at all; a second call
    finds nothing to do. `last_of_import`: no later capture is coming, so what nothing contradicted is believed.
    """
    with connection.transaction():
        captures.lock_source(connection, source.id)
        fresh = captures.unread(connection, source.id)
        if not fresh:
            return _look_again(connection, source, at)
        work = _Work(connection=connection, source=source)
        previous = captures.last_good(connection, source.id, before=fresh[0].seq)
        for number, capture in enumerate(fresh, 1):
            if previous is not None:
                work.look(previous, at=previous.last_seen)  # how long the old values were seen
            previous = work.read(capture, last=last_of_import and number == len(fresh)) or previous
            if previous is capture and capture.last_seen > capture.first_seen:
                work.look(capture, at=capture.last_seen)
        told = _told_of_deals(connection, source, at)
        return Observed(
            source=source.id, captures=len(fresh), bad=work.bad, events=(*work.events, *told), issues=tuple(work.issues)
        )


def _told_of_deals(connection: Connection, source: Source, at: datetime) -> tuple[Event, ...]:
    """What new and edited items tell of deals."""
    if source.kind not in items.KINDS:
        return ()
    return items.read(connection, source.id, at=at, tell=True).told


def turn_calendar(connection: Connection, source: Source, *, at: datetime) -> int:
    """What the calendar alone brings by `at`, page or no page; returns the number of events."""
    with connection.transaction():
        captures.lock_source(connection, source.id)
        header = agenda.fold_header(connection, source.id)
        if not header or not has_pending(header, at):
            return 0
        _, step = tick(info_of(source), timelines.load_fold(connection, source.id), at)
        timelines.append(connection, info_of(source), step, origin="live")
        return len(step.events)


@dataclass(kw_only=True)
class _Work:
    """The folding of one source's captures inside one transaction."""

    connection: Connection
    source: Source
    state: State = field(init=False)
    events: list[Event] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    bad: int = 0
    precedent: tuple[int, Precedent | None] | None = None  # of the last believed capture that was read: its number

    def __post_init__(self) -> None:
        """Take up the fold where the last look left it."""
        self.state = timelines.load_fold(self.connection, self.source.id)

    def read(self, capture: Capture, *, last: bool) -> Capture | None:
        """Read and fold a new capture; returns it if it is believed."""
        judged = read_capture(self.connection, self.source, capture, before=self._before(capture))
        self._note(capture, judged)
        self._fold(observation(capture, judged, at=capture.first_seen, last_of_import=last), capture.origin)
        note_read(self.connection, self.source, capture, judged)
        self.bad += judged.verdict == "bad"
        self.issues += judged.reading.issues
        return None if judged.verdict == "bad" else capture

    def look(self, capture: Capture, *, at: datetime) -> None:
        """Fold another look at the bytes of a capture that is believed, where that look is news to the fold."""
        last = self.state.header.get("last")
        if last is None or at > datetime.fromisoformat(last):
            judged = read_capture(self.connection, self.source, capture, before=None, at=at)
            self._note(capture, judged)
            self._fold(observation(capture, judged, at=at, unchanged=True), capture.origin)

    def _note(self, capture: Capture, judged: Judged) -> None:
        if judged.verdict != "bad":
            self.precedent = capture.seq, judged.precedent

    def _before(self, capture: Capture) -> Precedent | None:
        """What a capture is compared with; mostly it has just been read."""
        last = captures.last_good(self.connection, self.source.id, before=capture.seq)
        if last is None:
            return None
        if self.precedent is None or self.precedent[0] != last.seq:
            self.precedent = last.seq, read_capture(self.connection, self.source, last, before=None).precedent
        return self.precedent[1]

    def _fold(self, seen: Observation, origin: Origin) -> None:
        self.state, step = advance(info_of(self.source), self.state, seen)
        timelines.append(self.connection, info_of(self.source), step, origin=origin)
        self.events += step.events


def _look_again(connection: Connection, source: Source, at: datetime) -> Observed:
    """The newest capture once more, when something waits for time or a second look and a check has found it again."""
    header = agenda.fold_header(connection, source.id)
    capture = captures.latest(connection, source.id)
    if capture is None or capture.verdict in (None, "bad") or not has_pending(header, capture.last_seen):
        return Observed(source=source.id)
    work = _Work(connection=connection, source=source)
    if before := imports.look_before(connection, capture, capture.last_seen):
        work.look(capture, at=before)  # mostly nothing was pending then: until when was seen what turns now
    work.look(capture, at=capture.last_seen)
    return Observed(source=source.id, events=tuple(work.events))


def read_capture(
    connection: Connection, source: Source, capture: Capture, *, before: Precedent | None, at: datetime | None = None
) -> Judged:
    """Read the stored bytes of a capture. Raises EvidenceLostError when they are not in the store.

    `before` is the believed capture that it is compared with; None where it was, and is believed itself.
    """
    snapshot = snapshots.get(connection, capture.sha256)
    if snapshot is None:
        raise EvidenceLostError(
            f"capture {capture.seq} of {source.id} names snapshot {capture.sha256}, which the store does not have: "
            "restore it from a backup, or remove the capture"
        )
    document = document_of(
        source, snapshot.body, url=capture.url, at=at or capture.first_seen, content_type=snapshot.content_type or ""
    )
    judged = judge(source, document, live=capture.origin == "live", last_good=before)
    return judged.accepted() if capture.verdict == "accepted" else judged


def observation(
    capture: Capture, judged: Judged, *, at: datetime, unchanged: bool = False, last_of_import: bool = False
) -> Observation:
    """What the fold is told of a capture."""
    return Observation(
        at=at,
        capture=CaptureRef(seq=capture.seq, url=capture.url, captured_at=capture.first_seen, sha256=capture.sha256),
        facts=judged.reading.facts,
        verdict=judged.verdict,
        origin=capture.origin,
        unchanged=unchanged,
        last_of_import=last_of_import,
        shape=judged.reading.outline.shape if judged.reading.outline else None,
        covered=judged.reading.covered,
    )


def note_read(connection: Connection, source: Source, capture: Capture, judged: Judged) -> None:
    """Note what reading came to: on the capture, and as issues a person should see."""
    verdicts.mark_read(
        connection,
        source.id,
        capture.seq,
        verdict=judged.verdict,
        extractor=judged.version,
        facts=len(judged.reading.facts),
        issues=judged.reading.issues,
        ignored=judged.reading.ignored,
    )
    checks.set_pace(connection, source.id, judged.reading.pace)
    issues.note(connection, source.id, judged.reading.issues, at=capture.first_seen, seq=capture.seq)
