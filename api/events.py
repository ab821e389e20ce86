"""Events: what changed, newest first."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Request
from starlette.responses import Response

from api import answers, cursors, lists, problems, schemas, unknown
from api.feeds import Entry
from api.lists import Listing, Rows
from api.parameters import EventFilter
from store import event_pages
from store.connect import Connection
from store.event_pages import EventFilters
from timeline.names import title

HASH = re.compile(r"[0-9a-f]{8,64}")
ABOUT = """Changes by when they were first observed, newest first; each names the captures before and after it.

A first reading of a source lists what is there (`baseline`); everything else is a change.
"""

EventId = Annotated[
    str,
    Path(
        description="The `id` of an event.",
        examples=["0f3c9a1b2c4d5e6f7a8b9c0d1e2f3a4b"],
        json_schema_extra={"pattern": "^[0-9a-f]{8,64}$"},  # for programs: another one is answered 404
    ),
]


def read(connection: Connection, wanted: EventFilter, after: Any, limit: int) -> Rows:
    """The rows that follow a place. Raises a 404 problem for a kind of event that does not exist."""
    unknown.refuse_kinds(wanted.kind)
    asked = lists.filters(wanted, EventFilters)
    return event_pages.page(connection, before=after, limit=limit, withdrawn=wanted.withdrawn, **asked)


def page(connection: Connection, wanted: EventFilter) -> tuple[list[dict[str, Any]], str | None]:
    """The rows of one page, and the cursor of the next, if there is one."""
    rows = read(connection, wanted, answers.place(EVENTS.name, wanted.cursor, EVENTS.types), wanted.limit + 1)
    kept = [*rows[: wanted.limit]]
    more = len(rows) > wanted.limit
    return kept, cursors.encode(EVENTS.name, [kept[-1][name] for name in EVENTS.order]) if more else None


def public(row: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    """The row with the address of the page that proves it."""
    return {**row, "evidence": f"{base_url}/evidence/{row['id']}"}


def entry(row: Mapping[str, Any], base_url: str) -> Entry:
    """An event as an item of a feed: it leads to its evidence. One that was taken back says so."""
    back = row["withdrawn_at"] is not None
    because = f"Taken back: {row['withdrawn_because']}" if back else ""
    seen = (row["after"] or {}).get("url", "")
    return Entry(
        about=("event", row["id"]),
        title=f"Taken back: {row['headline']}" if back else row["headline"],
        url=f"{base_url}/evidence/{row['id']}",
        text="\n".join(line for line in (row["headline"], because, f"Seen on {seen}" if seen else "") if line),
        published=row["observed_at"],
        updated=row["withdrawn_at"],
        tags=[tag for tag in (row["kind"], row["provider"], row["model_id"], row["meter"]) if tag],
        author=title(row["provider"]),
    )


def get_event(request: Request, event_id: EventId) -> Response:
    """One event by its id, also when it was withdrawn."""
    base_url = answers.reading_of(request).base_url
    return answers.told(request, lambda connection: public(one(connection, event_id), base_url))


def one(connection: Connection, event_id: str) -> dict[str, Any]:
    """The row of an event, with who else saw it. Raises a 404 problem where there is none."""
    rows = event_pages.page(connection, id=[event_id], withdrawn=True, limit=1) if HASH.fullmatch(event_id) else []
    if not rows:
        raise problems.not_found("no such event: /v1/events has the ids of those there are")
    return rows[0] | {"witnesses": event_pages.witnesses(connection, event_id)}


EVENTS = Listing(
    name="events", title="AI market changes", home="/", filters=EventFilter, shape=schemas.Event, read=read,
    order=("observed_at", "id"), types=(datetime, str), public=public, entry=entry,
)  # fmt: skip
