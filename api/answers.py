"""Answers: JSON with an ETag from the change counter, 304 where nothing changed, and the Link to the next page."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, cast
from urllib.parse import quote, urlencode

import orjson
from fastapi import Request
from psycopg_pool import ConnectionPool
from starlette.responses import Response

from api import cursors, problems
from store import events
from store.connect import Connection
from timeline.keys import digest

JSON = "application/json"
FORM = "3"  # counts up when the same rows would be answered differently, so that no old ETag matches
PATIENCE = 3.0  # seconds to wait for a free connection
FRESH_SECONDS = 15  # how long a client may use an answer without asking
NOT_KEPT = {"Cache-Control": "no-store"}
_SAFE = re.compile(r"[A-Za-z0-9_.~*%=&+:/-]*")  # what may stand in an address, and in a header, as it is
REVALIDATE = f"public, max-age={FRESH_SECONDS}, must-revalidate"


@dataclass(kw_only=True, slots=True)
class Changes:
    """The change counter as it stood up to `seconds` ago: clients may use an answer for longer than that anyway.

    What is read after it may be newer than the tag it gives; then the tag fits nothing any more, and is asked anew.
    """

    seconds: float = 1.0
    ticks: Callable[[], float] = time.monotonic
    _found: tuple[int, datetime | None] | None = None
    _until: float = 0.0

    def remembered(self) -> tuple[int, datetime | None] | None:
        """The counter and when it last counted; None where that must be asked again."""
        return self._found if self.ticks() < self._until else None

    def ask(self, connection: Connection) -> tuple[int, datetime | None]:
        """The same, asked where it must be."""
        found = self.remembered()
        if found is None:
            until = self.ticks() + self.seconds
            found = events.last_change(connection)
            self._found, self._until = found, until
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What every handler reads with: the reader's pool, the clock, and the address people reach us at."""

    pool: ConnectionPool[Connection]
    clock: Callable[[], datetime]
    base_url: str
    changes: Changes = field(default_factory=Changes)

    def connection(self) -> AbstractContextManager[Connection]:
        """A read-only connection, given back at the end of the block."""
        return self.pool.connection(timeout=PATIENCE)

    def now(self) -> datetime:
        """The time to judge ages and deadlines by."""
        return self.clock().astimezone(UTC)


def reading_of(request: Request) -> Reading:
    """What the app was made with."""
    return cast(Reading, request.app.state.reading)


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What an answer is of: its tag, and when anything last changed (None where that is too lately to be told)."""

    tag: str
    modified: datetime | None


def state(connection: Connection, request: Request, now: datetime) -> State:
    """The tag is weak: the same as long as no event was recorded or withdrawn, nothing became due, and the question is
    the same.

    What holds "now" may also change by the calendar (an announced price takes effect), hence the hour.
    """
    return _state(request, now, *reading_of(request).changes.ask(connection))


def known_unchanged(request: Request) -> Response | None:
    """304 where that can be said without asking the database."""
    reading = reading_of(request)
    found = reading.changes.remembered()
    if found is None or not ("if-none-match" in request.headers or "if-modified-since" in request.headers):
        return None
    state = _state(request, reading.now(), *found)
    return unchanged(request, state.tag, state.modified)


def _state(request: Request, now: datetime, counter: int, changed_at: datetime | None) -> State:
    query = request.scope["query_string"].decode("latin-1")
    asked = [FORM, request.scope["path"], query, request.headers.get("accept", "")]
    tag = f'W/"{counter}-{now:%Y%m%d%H}-{digest(asked, size=12)}"'
    hour = now.replace(minute=0, second=0, microsecond=0)
    modified = max(changed_at or hour, hour)
    # Dates of HTTP have whole seconds: what changed in this one may change again in it, under the same date.
    return State(tag=tag, modified=modified if now - modified >= timedelta(seconds=2) else None)


def etag(connection: Connection, request: Request, now: datetime) -> str:
    """The tag alone: of pages."""
    return state(connection, request, now).tag


def unchanged(request: Request, tag: str, modified: datetime | None = None) -> Response | None:
    """304 where the client already has this very answer: by its tag or, where it sends none, by its date."""
    given = request.headers.get("if-none-match")
    if given is None:
        since = request.headers.get("if-modified-since")
        same = since is not None and modified is not None and _is_since(since, modified)
    else:
        same = tag in [item.strip() for item in given.split(",")] or given.strip() == "*"
    return Response(status_code=304, headers=headers(tag, modified)) if same else None


def as_json(
    data: object, heads: Mapping[str, str], *, extra: Mapping[str, Any] | None = None, next_page: str | None = None
) -> Response:
    """`{"data": ..., "next": ...}`; decimals as text with their digits, times in UTC with a `Z`."""
    return Response(dumps({"data": data, "next": next_page, **(extra or {})}), headers=heads, media_type=JSON)


def dumps(value: object) -> bytes:
    """JSON bytes; see `as_json`."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def place(kind: str, cursor: str | None, types: Sequence[cursors.Kind]) -> Any:
    """The sort key after which a page begins, as a tuple of `types`; None for the first page. Refuses a bad cursor."""
    if cursor is None:
        return None
    try:
        return cursors.decode(kind, cursor, types)
    except cursors.CursorError as error:
        raise problems.refused("cursor", str(error)) from error


def told(
    request: Request, read: Callable[[Connection], object], moments: Mapping[str, datetime | None] | None = None
) -> Response:
    """One thing: 304 where nothing changed, else what `read` gives. `moments` are those a permanent link fixes."""
    reading = reading_of(request)
    with reading.connection() as connection:
        found = state(connection, request, reading.now())
        if same := unchanged(request, found.tag, found.modified):
            return same
        data = read(connection)
    bookmark = permanent(reading, request, moments) if moments else None
    return as_json(data, headers(found.tag, found.modified, links={"bookmark": bookmark}))


def permanent(reading: Reading, request: Request, moments: Mapping[str, datetime | None]) -> str:
    """The address that will answer the same whatever happens: the moment, and what is known, fixed. For ever, but for
    what a later backfill finds out about that time.
    """
    now = reading.now().isoformat().replace("+00:00", "Z")
    return address(reading, request, **{name: now for name, given in moments.items() if given is None})


def address(reading: Reading, request: Request, **changes: str | None) -> str:
    """The address of this very question with some parameters set (or left out, where None)."""
    raw = request.scope["query_string"].decode("latin-1")
    place = reading.base_url + quote(request.scope["path"])
    if _SAFE.fullmatch(raw) and not any(name in raw for name in changes):
        added = "&".join(f"{name}={quote(value, safe='')}" for name, value in changes.items() if value is not None)
        query = "&".join(part for part in (raw, added) if part)
        return f"{place}?{query}" if query else place
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changes]
    query = urlencode([*kept, *((name, value) for name, value in changes.items() if value is not None)])
    return f"{place}?{query}" if query else place


def headers(
    tag: str, modified: datetime | None = None, *, links: Mapping[str, str | None] | None = None
) -> dict[str, str]:
    """What an answer that may be kept says of that, and where related ones are, by their relation (RFC 8288)."""
    found = {"ETag": tag, "Cache-Control": REVALIDATE, "Vary": "Accept, Accept-Encoding"}
    if modified is not None:
        found["Last-Modified"] = format_datetime(modified, usegmt=True)
    told = ", ".join(f'<{link}>; rel="{relation}"' for relation, link in (links or {}).items() if link)
    return {**found, "Link": told} if told else found


def _is_since(date: str, modified: datetime) -> bool:
    try:
        return parsedate_to_datetime(date).astimezone(UTC) >= modified.replace(microsecond=0)
    except (ValueError, OverflowError):  # not a date: as if it were not there (RFC 9110, 13.1.3)
        return False


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    raise TypeError(f"no JSON for {type(value).__name__}")
