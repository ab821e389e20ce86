"""Events: what changed, newest first."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import Path, Query, Request
from starlette.responses import Response

from api import answers, problems
from api.parameters import EventFilter
from store import events
from store.connect import Connection
from store.events import EventFilters

LIST = "events"
ORDER = ("observed_at", "id")
HASH = re.compile(r"[0-9a-f]{8,64}")

EventId = Annotated[str, Path(description="The `id` of an event.", examples=["0f3c9a1b2c4d5e6f7a8b9c0d1e2f3a4b"])]


def list_events(request: Request, wanted: Annotated[EventFilter, Query()]) -> Response:
    """Changes by when they were first observed, newest first; each names the captures before and after it.

    A first reading of a source lists what is there (`baseline`); everything else is a change.
    """
    base_url = answers.reading_of(request).base_url

    def read(connection: Connection) -> tuple[list[dict[str, Any]], str | None]:
        rows, cursor = page(connection, wanted)
        return [public(row, base_url) for row in rows], cursor

    return answers.listed(request, read)


def page(connection: Connection, wanted: EventFilter) -> tuple[list[dict[str, Any]], str | None]:
    """The rows of one page, and the cursor of the next, if there is one."""
    filters = cast(EventFilters, wanted.model_dump(exclude={"limit", "cursor", "withdrawn"}))
    before = answers.place(LIST, wanted.cursor, [datetime, str])
    rows = events.page(connection, before=before, limit=wanted.limit + 1, withdrawn=wanted.withdrawn, **filters)
    return answers.split(LIST, rows, wanted.limit, ORDER)


def public(row: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    """The row with the address of the page that proves it."""
    return {**row, "evidence": f"{base_url}/evidence/{row['id']}"}


def get_event(request: Request, event_id: EventId) -> Response:
    """One event by its id, also when it was withdrawn."""
    reading = answers.reading_of(request)
    with reading.connection() as connection:
        tag = answers.etag(connection, request, reading.now())
        same = answers.unchanged(request, tag)
        if same is not None:
            return same
        row = one(connection, event_id)
    return answers.as_json(public(row, reading.base_url), tag=tag)


def one(connection: Connection, event_id: str) -> dict[str, Any]:
    """The row of an event, with who else saw it. Raises a 404 problem where there is none."""
    rows = events.page(connection, id=[event_id], withdrawn=True, limit=1) if HASH.fullmatch(event_id) else []
    if not rows:
        raise problems.not_found("no such event: /v1/events has the ids of those there are")
    return rows[0] | {"witnesses": events.witnesses(connection, event_id)}
