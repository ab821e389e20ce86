"""From an answer to the evidence: snapshot, capture, fetch row and the source's state, committed together, unread."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crawler.due import DEFAULT_RETRY_AFTER, max_age_of, next_due, retry_after_of
from crawler.failures import Failure
from crawler.outcomes import Outcome, issues_of, of_status
from crawler.source import ReaderMissingError, Source, reader_version
from store import attempts, captures, checks, fetches, hosts, issues, snapshots, sources
from store.captures import Capture
from store.connect import Connection
from timeline.addresses import BlockedAddressError, check_url

_TICK = timedelta(microseconds=1)
# WHATWG MIME sniffing, "binary data byte", without ESC: ISO-2022-JP is text.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_SNIFFED = 1445  # bytes, as there
_UNICODE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"<\x00", b"\x00<", b"{\x00", b"\x00{")  # UTF-16 and UTF-32
_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF")


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """A source about to be fetched, with what the server may be asked to compare."""

    source: Source
    key: str  # what the validators belong to: the bytes we have, the reader that read them, the URL
    looks: tuple[int, int] = (0, 0)  # number of the newest capture, and how many looks saw it
    sha256: str | None = None  # of the newest capture
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """An HTTP answer after redirects and decompression."""

    status: int
    url: str  # where the answer came from
    body: bytes
    received: int | None = None  # bytes of the body as sent
    headers: Mapping[str, str] = field(default_factory=dict)  # lower case, those of crawler.headers
    moved_to: str | None = None  # where permanent redirects led
    elapsed: timedelta = timedelta(0)


def prepare(connection: Connection, source: Source) -> Visit:
    """What to ask for: the whole page, or only whether it changed since the newest capture was read by this reader."""
    newest = captures.latest(connection, source.id)
    if newest is None:
        return Visit(source=source, key=_key(source, ""))
    key = _key(source, newest.sha256)
    etag, last_modified = sources.validators(connection, source.id, key)
    return Visit(
        source=source, key=key, looks=_looks(newest), sha256=newest.sha256, etag=etag, last_modified=last_modified
    )


def record_arrival(connection: Connection, visit: Visit, arrival: Arrival, *, run: str, now: datetime) -> Outcome:
    """Keep an answer, whatever it is, in one transaction. New bytes are committed before anyone reads them.

    What comes when somebody else has looked since it was asked for (a worker that stood still for too long) is as old
    as the asking: its bytes are kept, and it says nothing about now.
    """
    with connection.transaction():
        captures.lock_source(connection, visit.source.id)
        outcome = Outcome(
            source=visit.source.id,
            name="internal_error",
            url=visit.source.url,
            started_at=now - arrival.elapsed,
            finished_at=now,
            final_url=arrival.url if arrival.url != visit.source.url else None,
            status=arrival.status,
        )
        newest = captures.latest(connection, visit.source.id)
        name, detail = name_of(visit, arrival)
        if _looks(newest) != visit.looks:
            sha256 = snapshots.put(connection, arrival.body, _type(arrival)) if name == "changed" else None
            outcome = replace(outcome, name="overtaken", detail=f"it brought: {name}", sha256=sha256)
            return _close(connection, visit, None, outcome, run=run, headers=arrival.headers)
        outcome = replace(outcome, name=name, detail=detail)
        if name in {"changed", "not_modified"}:
            outcome = _keep(connection, visit, arrival, outcome, newest)
        return _close(connection, visit, arrival, outcome, run=run)


def record_failure(
    connection: Connection,
    visit: Visit,
    failure: Failure,
    *,
    run: str,
    now: datetime,
    elapsed: timedelta = timedelta(0),
) -> Outcome:
    """Note an attempt that brought no answer, in one transaction."""
    with connection.transaction():
        captures.lock_source(connection, visit.source.id)
        overtaken = _looks(captures.latest(connection, visit.source.id)) != visit.looks
        outcome = Outcome(
            source=visit.source.id,
            name="overtaken" if overtaken else failure.name,
            url=visit.source.url,
            started_at=now - elapsed,
            finished_at=now,
            status=failure.status,
            detail=f"it brought: {failure.name}" if overtaken else failure.detail,
        )
        return _close(connection, visit, None, outcome, run=run, headers=failure.headers)


def name_of(visit: Visit, arrival: Arrival) -> tuple[str, str]:
    """The outcome's name and detail before the store is asked for the bytes: `changed` stands for known ones too."""
    if arrival.status == 304:
        if visit.etag or visit.last_modified:
            return "not_modified", ""
        return "unexpected_status", "304 Not Modified, though nothing was compared"
    name = of_status(arrival.status, retry_after="retry-after" in arrival.headers)
    if name is not None:
        return name, f"HTTP {arrival.status}"
    if not arrival.body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return "empty", f"HTTP {arrival.status} with {len(arrival.body)} bytes"
    if is_binary(arrival.body):
        return "wrong_type", f"{len(arrival.body)} bytes of binary data, called {arrival.headers.get('content-type')!r}"
    return "changed", ""


def is_binary(body: bytes) -> bool:
    """Whether a body is no text in any encoding: by what its first bytes are, not by what a header calls them."""
    if body.startswith(_UNICODE):
        return False
    return body.startswith(_MAGIC) or _BINARY.search(body[:_SNIFFED]) is not None


def _looks(newest: Capture | None) -> tuple[int, int]:
    """What tells whether anybody has recorded a look since: clocks do not, of several machines or of a stopped one."""
    return (newest.seq, newest.checks) if newest else (0, 0)


def _type(arrival: Arrival) -> str:
    return arrival.headers.get("content-type", "")


def _keep(connection: Connection, visit: Visit, arrival: Arrival, outcome: Outcome, newest: Capture | None) -> Outcome:
    at = outcome.finished_at
    if newest is not None and at <= newest.last_seen:
        at = newest.last_seen + _TICK  # two looks within a tick, or a clock set back: order is kept
    if outcome.name == "not_modified":
        sha256 = str(visit.sha256)  # the newest still: nobody has looked since
    else:
        sha256 = snapshots.put(connection, arrival.body, _type(arrival))
    capture, new = captures.see(
        connection, source=visit.source.id, sha256=sha256, url=arrival.url, at=at, origin="live", newest=newest
    )
    name = "changed" if new else "not_modified" if outcome.name == "not_modified" else "unchanged"
    return replace(outcome, name=name, sha256=sha256, seq=capture.seq)


def _close(
    connection: Connection,
    visit: Visit,
    arrival: Arrival | None,
    outcome: Outcome,
    *,
    run: str,
    headers: Mapping[str, str] | None = None,
) -> Outcome:
    """The rest of the transaction: next visit, health, issues, the host's wish to wait, and the fetch row."""
    headers = arrival.headers if arrival is not None else headers or {}
    if outcome.rule.failure or outcome.rule.good:
        before = attempts.standing(connection, visit.source.id)
        failures = before.failures + 1 if outcome.rule.failure else 0
        due = next_due(
            now=outcome.finished_at,
            source=visit.source.id,
            every=visit.source.every,
            rule=outcome.rule,
            failures=failures,
            retry_after=_wait(connection, outcome, headers),
            max_age=max_age_of(headers),
            pace=before.pace,
        )
        health = checks.record_check(
            connection,
            visit.source.id,
            at=outcome.finished_at,
            outcome=outcome.name,
            next_due_at=due,
            good=outcome.good,
            detail=None if outcome.good else _detail(outcome),
            **_validators(visit, arrival, outcome),
        )
        found = issues_of(outcome, failures, moved_to=arrival.moved_to if arrival is not None else None)
        if found or before.issues:
            issues.note(connection, visit.source.id, found, at=outcome.finished_at, seq=None)
        outcome = replace(outcome, next_due_at=due, health=health)
    fetches.record(connection, _row(outcome, arrival, headers, run))
    return outcome


def _wait(connection: Connection, outcome: Outcome, headers: Mapping[str, str]) -> timedelta | None:
    """How long the server asks us to stay away; a rate limit is of the whole host."""
    if outcome.name not in {"rate_limited", "server_error"}:
        return None
    wait = retry_after_of(headers, outcome.finished_at)
    if outcome.name == "rate_limited":
        wait = wait or DEFAULT_RETRY_AFTER
        reason = f"{outcome.source}: {outcome.rule.meaning}"
        hosts.delay(connection, _host(outcome), outcome.finished_at + wait, reason)
    return wait


def _validators(visit: Visit, arrival: Arrival | None, outcome: Outcome) -> dict[str, str | None]:
    """What to compare next time: of a page that was kept, never of one that was not."""
    if arrival is None or outcome.sha256 is None:
        return {}
    etag, last_modified = arrival.headers.get("etag"), arrival.headers.get("last-modified")
    if outcome.name == "not_modified":  # RFC 9110 15.4.5: a 304 repeats the validators, or leaves them as they were
        etag, last_modified = etag or visit.etag, last_modified or visit.last_modified
    return {
        "etag": etag,
        "last_modified": last_modified,
        "validators_for": _key(visit.source, outcome.sha256),
    }


def _row(outcome: Outcome, arrival: Arrival | None, headers: Mapping[str, str], run: str) -> fetches.Fetch:
    return fetches.Fetch(
        source=outcome.source,
        run=run,
        url=outcome.url,
        final_url=outcome.final_url,
        started_at=outcome.started_at,
        finished_at=outcome.finished_at,
        outcome=outcome.name,
        status=outcome.status,
        bytes=None if arrival is None else arrival.received if arrival.received is not None else len(arrival.body),
        sha256=outcome.sha256,
        headers=dict(headers) or None,
        detail=outcome.detail or None,
    )


def _detail(outcome: Outcome) -> str:
    return f"{outcome.rule.meaning}: {outcome.detail}" if outcome.detail else outcome.rule.meaning


def _host(outcome: Outcome) -> str:
    """The host that asked to wait, as the store spells hosts; a redirect's target may be another one."""
    url = outcome.final_url or outcome.url
    try:
        check_url(url)
    except BlockedAddressError:
        url = outcome.url
    return url.split("/", 3)[2].split("?", 1)[0].split("#", 1)[0].lower()


def _key(source: Source, sha256: str) -> str:
    try:
        version = reader_version(source)
    except ReaderMissingError:
        version = "unread"
    return f"{sha256} {version} {source.url}"
