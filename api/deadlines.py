"""Deadlines: what retires, is deprecated or changes its price on a stated day that is still to come."""

from datetime import date
from typing import Annotated, Any, cast

from fastapi import Query, Request
from starlette.responses import Response

from api import answers
from api.parameters import DeadlineFilter
from api.prices import public
from store import notices
from store.connect import Connection
from store.notices import DeadlineFilters

TYPES = (date, str, str, str, str)  # of store.notices.DEADLINE_ORDER


def list_deadlines(request: Request, wanted: Annotated[DeadlineFilter, Query()]) -> Response:
    """What is coming, the soonest first. `firm` false: not before that day."""

    def read(connection: Connection) -> tuple[list[dict[str, Any]], str | None]:
        names = {*DeadlineFilters.__annotations__}
        filters = cast(DeadlineFilters, {name: value for name, value in wanted if name in names})
        rows = notices.deadlines(
            connection,
            since=wanted.since and wanted.since.date(),
            until=wanted.until and wanted.until.date(),
            cursor=answers.place("deadlines", wanted.cursor, TYPES),
            limit=wanted.limit + 1,
            **filters,
        )
        return answers.split("deadlines", [*map(public, rows)], wanted.limit, notices.DEADLINE_ORDER)

    return answers.listed(request, read)
