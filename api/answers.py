"""Answers: JSON with an ETag from the change counter, 304 where nothing changed, and the Link to the next page."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

import orjson
from fastapi import Request
from psycopg_pool import ConnectionPool
from starlette.responses import Response

from api import cursors, problems
from store import events
from store.connect import Connection
from timeline.keys import digest

FORM = "1"  # counts up when the same rows would be answered differently, so that no old ETag matches
PATIENCE = 3.0  # seconds to wait for a free connection
FRESH_SECONDS = 15  # how long a client may use an answer without asking
REVALIDATE = f"public, max-age={FRESH_SECONDS}, must-revalidate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What every handler reads with: the reader's pool, the clock, and the address people reach us at."""

    pool: ConnectionPool[Connection]
    clock: Callable[[], datetime]
    base_url: str

    def connection(self) -> AbstractContextManager[Connection]:
        """A read-only connection, given back at the end of the block."""
        return self.pool.connection(timeout=PATIENCE)

    def now(self) -> datetime:
        """The time to judge ages and deadlines by."""
        return self.clock().astimezone(UTC)


def reading_of(request: Request) -> Reading:
    """What the app was made with."""
    return cast(Reading, request.app.state.reading)


def etag(connection: Connection, request: Request, now: datetime) -> str:
    """Weak: the same as long as no event was recorded or withdrawn, nothing became due, and the question is the same.

    What holds "now" may also change by the calendar (an announced price takes effect), hence the hour.
    """
    counter = events.change_counter(connection)
    asked = [FORM, request.url.path, request.url.query, request.headers.get("accept", "")]
    return f'W/"{counter}-{now:%Y%m%d%H}-{digest(asked, size=12)}"'


def unchanged(request: Request, tag: str) -> Response | None:
    """304 where the client already has this very answer."""
    given = request.headers.get("if-none-match", "")
    tags = [item.strip() for item in given.split(",")]
    return Response(status_code=304, headers=headers(tag)) if tag in tags or given.strip() == "*" else None


def as_json(
    data: object, *, tag: str | None = None, extra: Mapping[str, Any] | None = None, next_page: str | None = None
) -> Response:
    """`{"data": ..., "next": ...}`; decimals as text with their digits, times in UTC with a `Z`."""
    body = {"data": data, "next": next_page, **(extra or {})}
    heads = headers(tag) if tag else {"Cache-Control": "no-store"}
    if next_page:
        heads["Link"] = f'<{next_page}>; rel="next"'
    return Response(dumps(body), headers=heads, media_type="application/json")


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


def split(
    kind: str, rows: Sequence[dict[str, Any]], limit: int, order: Sequence[str]
) -> tuple[list[dict[str, Any]], str | None]:
    """The rows of one page out of `limit` + 1 that were asked for, and the cursor of the next page, if there is one."""
    kept = [*rows[:limit]]
    return kept, cursors.encode(kind, [kept[-1][name] for name in order]) if len(rows) > limit else None


def listed(request: Request, read: Callable[[Connection], tuple[list[dict[str, Any]], str | None]]) -> Response:
    """A page of a list: 304 where nothing changed, else what `read` gives, with the address of the next page."""
    reading = reading_of(request)
    with reading.connection() as connection:
        tag = etag(connection, request, reading.now())
        same = unchanged(request, tag)
        if same is not None:
            return same
        rows, cursor = read(connection)
    return as_json(rows, tag=tag, next_page=address(reading, request, cursor=cursor) if cursor else None)


def address(reading: Reading, request: Request, **changes: str | None) -> str:
    """The address of this very question with some parameters set (or left out, where None)."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changes]
    query = urlencode([*kept, *((name, value) for name, value in changes.items() if value is not None)])
    return f"{reading.base_url}{request.url.path}" + (f"?{query}" if query else "")


def headers(tag: str) -> dict[str, str]:
    """What an answer that may be kept says of that."""
    return {"ETag": tag, "Cache-Control": REVALIDATE, "Vary": "Accept"}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    raise TypeError(f"no JSON for {type(value).__name__}")
