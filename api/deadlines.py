"""Deadlines: what retires, is deprecated or changes its price on a stated day that is still to come."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, cast

from fastapi import Query, Request
from starlette.responses import Response

from api import answers
from api.parameters import CalendarFilter, DeadlineFilter
from api.prices import public
from store import notices
from store.connect import Connection
from store.notices import DeadlineFilters
from timeline.calendars import calendar

TYPES = (date, str, str, str, str)  # of store.notices.DEADLINE_ORDER
CALENDAR = "text/calendar"
MOST_EVENTS = 5000  # in one calendar: what people's calendars take in at once


def list_deadlines(request: Request, wanted: Annotated[DeadlineFilter, Query()]) -> Response:
    """What is coming, the soonest first. `firm` false: not before that day.

    With `Accept: text/calendar` the answer is that of /v1/deadlines.ics: all of them, however many fit on a page.
    """
    if CALENDAR in request.headers.get("accept", "").lower():
        return _as_calendar(request, wanted)

    def read(connection: Connection) -> tuple[list[dict[str, Any]], str | None]:
        rows = notices.deadlines(
            connection,
            since=wanted.since and wanted.since.date(),
            until=wanted.until and wanted.until.date(),
            cursor=answers.place("deadlines", wanted.cursor, TYPES),
            limit=wanted.limit + 1,
            **_filters(dict(wanted)),
        )
        return answers.split("deadlines", [*map(public, rows)], wanted.limit, notices.DEADLINE_ORDER)

    return answers.listed(request, read)


def get_calendar(request: Request, wanted: Annotated[CalendarFilter, Query()]) -> Response:
    """The same as a calendar to subscribe to (iCalendar). Firm dates remind 30, 7 and 1 days before.

    An event keeps its UID when its date moves. A month without a day is an event of that month; a day before which
    something will not end says so, is tentative and reminds of nothing; so does what only a catalogue says.
    """
    return _as_calendar(request, wanted)


def _as_calendar(request: Request, wanted: CalendarFilter | DeadlineFilter) -> Response:
    reading = answers.reading_of(request)
    with reading.connection() as connection:
        tag = answers.etag(connection, request, reading.now())
        same = answers.unchanged(request, tag)
        if same is not None:
            return same
        rows = notices.deadlines(
            connection,
            since=wanted.since and wanted.since.date(),
            until=wanted.until and wanted.until.date(),
            limit=MOST_EVENTS,
            **_filters(dict(wanted)),
        )
        revisions = notices.revisions(connection, {row["key"] for row in rows})
    body = calendar(rows, revisions=revisions, base_url=reading.base_url)
    heads = answers.headers(tag) | {"Content-Disposition": 'inline; filename="deadlines.ics"'}
    return Response(body, headers=heads, media_type=CALENDAR)


def _filters(wanted: Mapping[str, Any]) -> DeadlineFilters:
    names = {*DeadlineFilters.__annotations__}
    return cast(DeadlineFilters, {name: value for name, value in wanted.items() if name in names})
