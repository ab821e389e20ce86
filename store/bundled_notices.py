"""`notices.csv`: what providers' pages said about models that go, as beliefs and events. Pure.

A model counts as retired only where the page was seen after its date: a date alone retires nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from store.bundled_rows import LOCATOR, Line, Parsed, is_over, known, lines, row, starts
from timeline.events import CaptureRef, Event
from timeline.headlines import headline
from timeline.names import resolve
from timeline.notices import Notice, Status, SubjectKind
from timeline.observations import KnownRow, Row

SOURCE = "bundled-lifecycle"
TRUST = "official"
COLUMNS = (
    *("provider", "subject_kind", "model", "announced_on", "retires_on", "replacements"),
    *("since", "seen_on", "url"),
)
_KINDS: Mapping[str, SubjectKind] = {"model": "model", "endpoint": "endpoint", "fine_tuning": "fine_tuning"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Statement:
    """One line: what a page said since `since` and still said when it was last seen."""

    notice: Notice  # with the status it had when last seen
    since: datetime
    evidence: CaptureRef

    @property
    def retired_at(self) -> datetime | None:
        """The first instant at which it was gone, where it is known to be gone."""
        gone = self.notice.status == "retired" and self.notice.retires_on
        return is_over(gone) if gone else None


def parse(text: str, file: str) -> Parsed:
    """Beliefs and events in order of time. Raises BundledError with the line."""
    rows: list[KnownRow] = []
    events: list[Event] = []
    bodies: dict[str, bytes] = {}
    seen: set[str] = set()
    for line in lines(text, file, COLUMNS):
        statement = _statement(line)
        if statement.notice.key in seen:
            raise line.error(f"{statement.notice.model} stands there twice: keep its latest statement")
        seen.add(statement.notice.key)
        bodies[statement.evidence.sha256] = line.body
        rows += _beliefs(statement)
        events += _events(statement)
    return Parsed(rows=rows, events=sorted(events, key=lambda event: (event.observed_at, event.id)), bodies=bodies)


def _statement(line: Line) -> _Statement:
    provider, model = line.text("provider", pattern="[a-z][a-z0-9-]*"), line.text("model")
    kind = _KINDS[line.text("subject_kind", pattern="|".join(_KINDS))]
    announced, retires = line.day("announced_on"), line.day("retires_on", month=True)
    since, seen_on = line.day("since"), line.day("seen_on")
    if since is None or seen_on is None or since > seen_on:
        raise line.error(f"since is {since} and seen_on is {seen_on}: expected two days in this order")
    if announced and retires and announced[: len(retires)] > retires:
        raise line.error(f"announced_on is {announced} and retires_on is {retires}: expected two days in this order")
    status: Status = "retired" if retires and seen_on[: len(retires)] > retires else "deprecated"
    notice = Notice(
        provider=provider,
        subject_kind=kind,
        model=model,
        model_id=(resolve(provider, model) or model) if kind == "model" and " " not in model else None,
        status=status,
        announced_on=announced,
        retires_on=retires,
        replacements=tuple(name for name in line.fields["replacements"].split("; ") if name),
        locator=LOCATOR,
    )
    return _Statement(notice=notice, since=starts(since), evidence=line.evidence(starts(seen_on)))


def _beliefs(statement: _Statement) -> Iterator[KnownRow]:
    """Deprecated from the announcement on, retired from the day after the date on; known since the page said so."""
    notice, since, retired_at = statement.notice, statement.since, statement.retired_at
    deprecated = replace(notice, status="deprecated")
    announced = starts(notice.announced_on) if notice.announced_on else None
    standing = row(deprecated, announced or since, statement.evidence)
    if retired_at is None:
        yield known(_seen(standing), since)
        return
    if since < retired_at:
        yield known(standing, since, retired_at)
    if announced or since < retired_at:
        yield known(replace(standing, ends=retired_at), max(since, retired_at))
    yield known(_seen(row(notice, retired_at, statement.evidence)), max(since, retired_at))


def _seen(standing: Row) -> Row:
    """The page said so until it was seen last; what came after is likely, not certain."""
    return replace(standing, seen_until=standing.last.captured_at)


def _events(statement: _Statement) -> Iterator[Event]:
    """What would have been told: the plan, where it was known before its date, and that it is done."""
    notice, since, retired_at = statement.notice, statement.since, statement.retired_at
    if notice.retires_on is None:
        new: Mapping[str, Any] = {"status": "deprecated"}
        yield _event(statement, "model.status_changed", since, new=new, effective=notice.announced_on)
    elif retired_at is None or since < retired_at:
        old: Mapping[str, Any] = {"retires_on": None, "not_before": None}
        new = {"retires_on": notice.retires_on, "not_before": None}
        yield _event(statement, "model.retirement_scheduled", since, old=old, new=new, effective=notice.retires_on)
    if retired_at:
        old, new = {"status": "deprecated"}, {"status": "retired"}
        at = max(since, retired_at)
        yield _event(statement, "model.status_changed", at, old=old, new=new, effective=notice.retires_on)


def _event(
    statement: _Statement,
    kind: str,
    at: datetime,
    *,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any],
    effective: str | None,
) -> Event:
    notice = statement.notice
    event = Event(
        kind=kind,
        source=SOURCE,
        provider=notice.provider,
        key=notice.key,
        subject_kind=notice.subject_kind,
        model=notice.model,
        model_id=notice.model_id,
        old=old,
        new=new,
        effective_at=effective,
        observed_at=at,
        origin="bundled",
        trust=TRUST,
        after=statement.evidence,
        locator=notice.locator,
        headline="",
    )
    return replace(event, headline=headline(event))
