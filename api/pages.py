"""The pages: the timeline, the sources, the evidence of one event, one model. They need no scripts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api import answers, events, excerpts, models, portraits, problems, receivers, rendering, stories, times
from api import sources as source_rows
from api.parameters import TimelineFilter
from api.problems import ProblemError
from store import events as event_store
from store import notices, snapshots
from store import sources as source_store
from store.connect import Connection
from timeline.dates import day
from timeline.names import title as provider_title
from timeline.offers import conditions, meter
from timeline.words import counted

ON_PAGE = 80  # events
SOON = timedelta(days=30)
_ABSENT = {
    "before": "There is no capture before it: the source was not watched yet.",
    "after": "No capture shows it: it follows from the calendar.",
    "bundled": "Bundled history keeps one line for each change, with the page it was taken from.",
}
MOST_COMING = 12  # lines of the margin
MOST_DETAILS = 6  # lines under a source
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
        data_url="/v1/events?baseline=false&" + wanted.address().partition("?")[2],
        **values,
    )


def sources(request: Request) -> Response:
    """Every source: its health, the last good check, what is held back and why, what was not understood."""
    reading = answers.reading_of(request)
    now = reading.now()
    with reading.connection() as connection:
        rows = source_rows.read(connection)
        told = receivers.read(connection)
    watched = [row for row in rows if row["enabled"]]
    trouble = [row for row in watched if row["health"] in ("failing", "broken", "stale")]
    waiting = [row for row in watched if row["health"] == "new"]
    well = [row for row in watched if row["health"] == "ok"]
    former = [row for row in rows if not row["enabled"]]
    groups = [
        {"name": name, "count": counted(len(members), "source"), "sources": [_source(row) for row in members]}
        for name, members in (
            ("In trouble", trouble), ("Well", well), ("Not visited yet", waiting), ("No longer watched", former),
        )
        if members
    ]  # fmt: skip
    return rendering.page(
        "sources.html",
        section="/sources",
        now=now,
        groups=groups,
        receivers=told,
        receivers_heading=receivers.heading(told),
        heading=_heading(len(well), len(trouble), len(watched)),
        data_url="/v1/sources",
    )


def evidence(request: Request, event_id: str) -> Response:
    """One event with its proof: both captures, where in them, their hashes, and the lines that name the model."""
    reading = answers.reading_of(request)
    now = reading.now()
    with reading.connection() as connection:
        tag = answers.etag(connection, request, now)
        same = answers.unchanged(request, tag)
        if same is not None:
            return same
        row = events.one(connection, event_id)
        sides = [_side(connection, row, name) for name in ("before", "after")]
    if all(side["lines"] for side in sides):
        sides[0]["lines"], sides[1]["lines"] = excerpts.compared(sides[0]["lines"], sides[1]["lines"])
    return rendering.page(
        "evidence.html",
        section="",
        now=now,
        tag=tag,
        row=row,
        story=stories.days([row])[0].stories[0],
        sides=sides,
        claims=_claims(row),
        data_url=f"/v1/events/{row['id']}",
    )


def model(request: Request, provider: models.ProviderPath, model: models.ModelPath) -> Response:
    """One model: what it costs and has cost, where it is in its life, what happened to it."""
    reading = answers.reading_of(request)
    now = reading.now()
    with reading.connection() as connection:
        tag = answers.etag(connection, request, now)
        same = answers.unchanged(request, tag)
        if same is not None:
            return same
        found = models.read(connection, provider, model)
    address = f"/v1{rendering.model_path(provider, model)}"
    return rendering.page(
        "model.html", section="", now=now, tag=tag, data_url=address, **portraits.of_model(found, now)
    )


def problem(request: Request, error: Exception) -> Response:
    """An error, in the one shape; as a page where a person opened one."""
    if isinstance(error, ProblemError):
        found = error.problem
    elif isinstance(error, HTTPException):
        found = problems.of_http(error)
    elif isinstance(error, RequestValidationError):
        found = problems.of_validation(error)
    else:
        found = problems.of_database(error)
    path = request.url.path
    person = "text/html" in request.headers.get("accept", "")
    if person and not path.startswith(("/v1/", "/static/")):
        return rendering.problem_page(found)
    return problems.answer(found, problems.instance_of(request))


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


def _heading(well: int, trouble: int, watched: int) -> str:
    if not watched:
        return "Nothing is watched yet"
    if trouble:
        return f"{counted(trouble, 'source')} of {watched} in trouble"
    return f"All {watched} sources are well" if well == watched else f"{well} of {watched} sources are well so far"


def _source(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the sources page."""
    details = [
        f"{issue['message']}{' (' + issue['locator'] + ')' if issue['locator'] else ''}" for issue in row["issues"]
    ]
    details += [f"held: {held['model'] or held['key']}: {held['detail'] or held['reason']}" for held in row["held"]]
    if len(details) > MOST_DETAILS:
        details = [*details[:MOST_DETAILS], f"and {len(details) - MOST_DETAILS} more: see the JSON"]
    good = row["last_good"]
    return {**row, "details": details, "snapshot": good["sha256"] if good else ""}


def _side(connection: Connection, row: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One of the two captures of an event, with the lines of it that name the model."""
    capture = row[name]
    if capture is None:
        absent = _ABSENT["bundled" if row["origin"] == "bundled" else name]
        return {"name": name.capitalize(), "capture": None, "absent": absent, "lines": []}
    stored = snapshots.get(connection, str(capture["sha256"]))
    names = [row["model"] or "", row["model_id"] or ""]
    return {
        "name": name.capitalize(),
        "capture": capture,
        "captured": times.stamp(datetime.fromisoformat(capture["captured_at"])),
        "stored": stored is not None,
        "size": f"{stored.bytes:,} bytes" if stored else "",
        "lines": excerpts.naming(stored.body, names) if stored else [],
    }


def _claims(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an event says, name by name."""
    claims = [
        ("kind", row["kind"]),
        ("effective", day(row["effective_at"])),
        ("observed", rendering.seen(row)),
        ("recorded", times.stamp(row["recorded_at"])),
        ("source", f"{row['source']} ({row['trust']})"),
        ("place", row["locator"]),
        ("meter", " · ".join(filter(None, (meter(row["meter"]), conditions(row["conditions"]))))),
    ]
    return [(name, text) for name, text in claims if text]
