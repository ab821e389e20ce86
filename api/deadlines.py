"""Deadlines: what retires, is deprecated or changes its price on a stated day that is still to come."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, forms, lists, rendering, schemas, unknown
from api.feeds import Entry
from api.lists import Listing, Rows
from api.parameters import CalendarFilter, DeadlineFilter
from api.prices import public
from store import notices
from store.connect import Connection
from store.notices import DeadlineFilters
from timeline.calendars import calendar, summary
from timeline.dates import on
from timeline.names import title
from timeline.tellers import teller

MOST_EVENTS = 5000  # in one calendar: what people's calendars take in at once
ABOUT = """What is coming, the soonest first. `firm` false: not before that day.

`as_of`: what was announced by that moment, and still to come then; `known_at`: as pages had been seen to say by then.

With `Accept: text/calendar` the answer is that of /v1/deadlines.ics: all of them, however many fit on a page.
"""


def read(connection: Connection, wanted: DeadlineFilter, after: Any, limit: int) -> Rows:
    """The rows that follow a place."""
    return notices.deadlines(connection, wanted.as_of, wanted.known_at, cursor=after, limit=limit, **_span(wanted))


def entry(row: Mapping[str, Any], base_url: str) -> Entry:
    """A deadline as an item of a feed, dated by when it became known; a new date is a new item."""
    known: datetime = row["known_from"]
    return Entry(
        about=("deadline", row["provider"], row["kind"], row["key"], row["stated"]),
        title=f"{summary(row)} ({'' if row['firm'] else 'not before '}{row['stated']})",
        url=_address(row, base_url),
        text=f"{summary(row)}, {on(row['stated'])}. According to {teller(row['source'])} ({row['trust']}).",
        published=known,
        tags=[row["kind"], row["provider"]],
        author=title(row["provider"]),
    )


def _address(row: Mapping[str, Any], base_url: str) -> str:
    """The page of the model; of a rule where the regulator says so."""
    if row["kind"] == "rule":
        return rendering.web(row["url"]) or base_url
    return base_url + rendering.model_path(row["provider"], row["model_id"] or row["model"])


def get_calendar(request: Request, wanted: Annotated[CalendarFilter, Query()]) -> Response:
    """The same as a calendar to subscribe to (iCalendar). Firm dates remind 30, 7 and 1 days before.

    An event keeps its UID when its date moves. A month without a day is an event of that month; a day before which
    something will not end says so, is tentative and reminds of nothing; so does what only a catalogue says.
    """
    return _as_calendar(request, wanted)


def _as_calendar(request: Request, wanted: CalendarFilter | DeadlineFilter) -> Response:
    reading = answers.reading_of(request)
    with reading.connection() as connection:
        state = answers.state(connection, request, reading.now())
        if same := answers.unchanged(request, state.tag, state.modified):
            return same
        rows = notices.deadlines(connection, wanted.as_of, wanted.known_at, limit=MOST_EVENTS, **_span(wanted))
        unknown.refuse(connection, wanted, rows)
        revisions = notices.revisions(connection, rows)
    body = calendar(rows, revisions=revisions, base_url=reading.base_url)
    heads = answers.headers(state.tag, state.modified) | {"Content-Disposition": 'inline; filename="deadlines.ics"'}
    return Response(body, headers=heads, media_type=forms.media_type("ics"))


def _span(wanted: CalendarFilter | DeadlineFilter) -> Any:
    days: dict[str, date | None] = {
        "since": wanted.since and wanted.since.date(),
        "until": wanted.until and wanted.until.date(),
    }
    return {**days, **lists.filters(wanted, DeadlineFilters)}


DEADLINES = Listing(
    name="deadlines", title="AI deadlines", home="/", filters=DeadlineFilter, shape=schemas.Deadline, read=read,
    order=notices.DEADLINE_ORDER, types=(date, str, str, str, str, str), public=public, entry=entry,
    calendar=_as_calendar,
)  # fmt: skip
