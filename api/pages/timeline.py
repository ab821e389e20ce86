"""The wire: what changed, by day, with what is coming beside it."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, events, portraits, rendering, stories, times
from api.parameters import TimelineFilter
from store import events as event_store
from store import notices
from store import sources as source_store
from store.connect import Connection
from timeline.names import title as provider_title
from timeline.words import counted

ON_PAGE = 80  # events
MOST_COMING = 12  # lines of the margin
TABS = (("All", ""), ("Prices", "price.*"), ("Models", "model.*"), ("News", "news.*"), ("Sources", "source.*"))


def timeline(request: Request, wanted: Annotated[TimelineFilter, Query()]) -> Response:
    """The wire: what changed, by day, with what is coming beside it."""
    reading = answers.reading_of(request)
    now = reading.now()
    with reading.connection() as connection:
        rows, following = events.page(connection, wanted.events(ON_PAGE))
        values: dict[str, Any] = {
            "days": stories.days(rows),
            "providers": event_store.providers(connection),
            "deadlines": _coming(connection, wanted, now),
            "health": _health(connection, now),
        }
    return rendering.page(
        "timeline.html",
        section="/",
        now=now,
        wanted=wanted,
        title=_title(wanted),
        tabs=_tabs(wanted),
        newest=wanted.address() if wanted.cursor else "",
        next_page=wanted.address(cursor=following) if following else "",
        data_url=f"/v1/events?{_asked(wanted)}",
        feed=f"/v1/events.atom?{_asked(wanted)}",
        **values,
    )


def _asked(wanted: TimelineFilter) -> str:
    """The same question to the API."""
    return "&".join(filter(None, ("baseline=false", wanted.address(cursor=None).partition("?")[2])))


def _title(wanted: TimelineFilter) -> str:
    parts = [provider_title(wanted.provider)] if wanted.provider else []
    parts += [wanted.model] if wanted.model else []
    parts += [f"\N{LEFT DOUBLE QUOTATION MARK}{wanted.q}\N{RIGHT DOUBLE QUOTATION MARK}"] if wanted.q else []
    parts += [name.lower() for name, kind in TABS if kind and kind == wanted.kind]
    return ", ".join(parts)


def _tabs(wanted: TimelineFilter) -> list[dict[str, Any]]:
    return [
        {"name": name, "href": wanted.address(kind=kind), "current": kind == (wanted.kind or "")} for name, kind in TABS
    ]


def _coming(connection: Connection, wanted: TimelineFilter, now: datetime) -> list[dict[str, Any]]:
    """The margin: what is ahead of the providers and models asked for."""
    asked = wanted.events(1)
    rows = notices.deadlines(connection, provider=asked.provider, model=asked.model, limit=300)
    return portraits.coming(rows, now, limit=MOST_COMING)


def _health(connection: Connection, now: datetime) -> str:
    found = [source for source in source_store.health(connection) if source.enabled]
    if not found:
        return "No source is watched yet."
    well = sum(source.health == "ok" for source in found)
    last = max((source.last_fetch_at for source in found if source.last_fetch_at), default=None)
    checked = f"last check {times.ago(last, now)}" if last else "none checked yet"
    return f"{well} of {counted(len(found), 'source')} well, {checked}."
