"""What broke: incidents as the status pages tell them, and how long each provider was in trouble by month."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, cursors, rendering, sight, times, unknown
from api.pages.moments import Moments, permanent
from api.parameters import Address, Place, Word
from store import incidents as store
from store import sources as source_store
from timeline.names import title
from timeline.words import counted

ON_PAGE = 60
MONTHS = 6
KINDS: tuple[cursors.Kind, ...] = (datetime, str, str)


class IncidentsAsked(Moments, Address):
    """What the address of the page asks for."""

    path = "/incidents"

    provider: Word = None
    cursor: Place = None


def incidents(request: Request, wanted: Annotated[IncidentsAsked, Query()]) -> Response:
    """Those that go on first, then the newest."""
    reading = answers.reading_of(request)
    now = reading.now()
    after = answers.place("incidents page", wanted.cursor, KINDS)
    provider = [wanted.provider] if wanted.provider else []
    with reading.connection() as connection:
        rows = store.page(connection, wanted.as_of, wanted.known_at, before=after, limit=ON_PAGE + 1, provider=provider)
        unknown.refuse(connection, wanted, rows)
        going_on = store.page(connection, wanted.as_of, wanted.known_at, limit=ON_PAGE, provider=provider, is_open=True)
        since = _months_ago(now, MONTHS - 1)  # as known now: of a past moment there is no such table
        downtime = [] if wanted.fixed else store.downtime(connection, provider=wanted.provider, since=since)
        watched = [each for each in source_store.health(connection) if each.kind == "status" and each.last_good_at]
    seen = sight.sight([each for each in watched if wanted.provider in (None, each.provider)], now)
    more = len(rows) > ON_PAGE
    last = [rows[ON_PAGE - 1][name] for name in store.ORDER] if more else []
    months = sorted({row["month"] for row in downtime}, reverse=True)
    return rendering.page(
        "incidents.html", section="/incidents", now=now, wanted=wanted, permanent=permanent(request, now),
        unknown_since="" if wanted.fixed or not seen.blind or seen.last is None else times.stamp(seen.last),
        going_on=[_incident(row) for row in going_on] if not wanted.cursor else [],
        rows=[_incident(row) for row in rows[:ON_PAGE] if not row["is_open"]],
        months=[f"{month:%b %Y}" for month in months], downtime=_table(downtime, months),
        watched=[
            title(each.provider) + ("" if wanted.fixed else f", read {times.ago(each.last_good_at, now)}")
            for each in watched
        ],
        newest=wanted.address() if wanted.cursor else "",
        next_page=wanted.address(cursor=cursors.encode("incidents page", last)) if more else "",
        data_url="/v1/incidents" + wanted.address().removeprefix("/incidents"),
    )  # fmt: skip


def _incident(row: Mapping[str, Any]) -> dict[str, Any]:
    lasted = _length(row["minutes"]) if row["minutes"] is not None else ""
    return {**row, "lasted": lasted}


def _table(rows: list[dict[str, Any]], months: list[Any]) -> list[dict[str, Any]]:
    """A line a provider, a cell a month: how long it was in trouble."""
    found: dict[str, dict[Any, dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["provider"], {})[row["month"]] = row
    return [
        {
            "provider": provider,
            "cells": [
                {"text": _length(cells[month]["minutes"]), "count": cells[month]["incidents"]}
                if month in cells
                else None
                for month in months
            ],
        }
        for provider, cells in sorted(found.items())
    ]


def _length(minutes: int) -> str:
    """`93 minutes`, `2 h 41 min`, `3 days`."""
    if minutes < 2 * 60 or minutes >= 48 * 60:
        return times.duration(timedelta(minutes=minutes))
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else counted(hours, "hour")


def _months_ago(now: datetime, count: int) -> Any:
    number = now.year * 12 + now.month - 1 - count
    return now.date().replace(year=number // 12, month=number % 12 + 1, day=1)
