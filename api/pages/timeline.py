"""The wire: what changed, by day, with what is coming and the latest news beside it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, crowds, cursors, events, fronts, portraits, rendering, sight, stories, times, unknown
from api.pages.moments import Moments, PageMoment, permanent
from api.parameters import Address, EventFilter, Place, Word
from store import event_pages as event_store
from store import news, notices
from store import sources as source_store
from store.connect import Connection
from timeline.names import title as provider_title
from timeline.topics import FIELD
from timeline.words import counted

ON_PAGE, MOST_OF_LOOK = 120, 1_000  # events: many of them are one story, and those of one look stay together
_VERSION = re.compile(r"[\w\-/ ]{0,40}?v?\d[\w.\-+]*")  # `v1.2.0`, `sdk 0.30.1-rc2`
MOST_COMING, MOST_NEWS = 9, 7  # lines of the margin
DEALS = "funding.*"
TABS = (
    *(("Changes", ""), ("Prices", "price.*"), ("Models", "model.*"), ("Deals", DEALS)),
    *(("News", "news.*"), ("Sources", "source.*")),
)


UNKEPT = "How the sources did at that moment is not kept: their health is told of now alone."


class TimelineAsked(Moments, Address):
    """What the address of the page asks for."""

    path = "/"

    kind: Word = None
    provider: Word = None
    model: Word = None
    q: Word = None
    direction: Literal["cut", "rise", ""] | None = None  # of price.changed
    since: PageMoment = None  # observed at or after
    until: PageMoment = None  # observed before
    cursor: Place = None

    @property
    def any(self) -> bool:
        """Whether less than everything is shown."""
        return bool(self.sought or self.since or self.until)

    @property
    def sought(self) -> bool:
        """Whether something is asked for by what it is, not only by when it was seen."""
        return bool(self.kind or self.provider or self.model or self.q or self.direction)

    @property
    def kinds(self) -> list[str]:
        """The kinds of events that are shown; empty: all of them."""
        return [self.kind] if self.kind else [] if self.sought else [*crowds.CHANGES]

    @property
    def topics(self) -> list[str]:
        """Of the deals, those of this market: general feeds tell of other trades too. Who looks for one finds any."""
        return [FIELD] if self.kind == DEALS and not (self.provider or self.model or self.q) else []

    def events(self, limit: int) -> EventFilter:
        """The same question to the list of events: changes only, also those that were withdrawn."""
        return EventFilter(
            kind=self.kinds,
            topic=self.topics,
            provider=[self.provider] if self.provider else [],
            model=[self.model] if self.model else [],
            q=self.q,
            direction=[self.direction] if self.direction else [],
            since=self.since,
            until=self.until,
            as_of=self.as_of,
            known_at=self.known_at,
            baseline=False,
            withdrawn=True,
            cursor=self.cursor,
            limit=limit,
        )


def timeline(request: Request, wanted: Annotated[TimelineAsked, Query()]) -> Response:
    """The wire: what changed, by day, with what is coming and the latest news beside it."""
    reading = answers.reading_of(request)
    now = reading.now()
    at = wanted.as_of or now
    first = not (wanted.any or wanted.cursor)  # the front page: what this is, and how much of it there was lately
    with reading.connection() as connection:
        rows, following = _whole_looks(connection, wanted)
        unknown.refuse(connection, wanted, rows)
        sources = [source for source in source_store.health(connection) if source.enabled]
        read = {} if wanted.fixed else {source.source: source.last_good_at for source in sources}
        told = [{**row, "last_read": read.get(row["source"])} for row in _of_field(rows, wanted)]
        days = crowds.gathered(stories.days(_as_known(told, wanted.known_at)))
        values: dict[str, Any] = {
            "days": days,
            "sparks": fronts.price_sparks(connection, days, at, wanted.known_at),
            "providers": event_store.providers(connection),
            "deadlines": _coming(connection, wanted, at),
            "items": _headlines(connection, wanted) if first else [],
            "front": fronts.front(connection, days, sources, at, known_at=wanted.known_at, seen_by=wanted.seen_by)
            if first
            else None,
            "health": UNKEPT if wanted.fixed else _health(sources, now),
            "blind": "" if wanted.fixed else sight.sight(sources, now).said,
        }
    return rendering.page(
        "timeline.html",
        section="/",
        now=now,
        wanted=wanted,
        title=_title(wanted),
        tabs=_tabs(wanted),
        kept_fields=_kept(wanted),
        newest=wanted.address() if wanted.cursor else "",
        next_page=wanted.address(cursor=following) if following else "",
        data_url=f"/v1/events?{_asked(wanted)}",
        feed=f"/v1/events.atom?{_asked(wanted)}",
        permanent=permanent(request, now),
        **values,
    )


def _whole_looks(connection: Connection, wanted: TimelineAsked) -> tuple[list[dict[str, Any]], str | None]:
    """The events of one page, and the cursor of the next: what was seen at one moment is not torn apart."""
    rows, following = events.page(connection, wanted.events(ON_PAGE))
    if following:
        last = rows[-1]["observed_at"]
        same = wanted.events(MOST_OF_LOOK).model_copy(
            update={"since": last, "until": last + timedelta(microseconds=1), "cursor": following}
        )
        rest, _ = events.page(connection, same)
        rows += rest
        following = cursors.encode(events.EVENTS.name, [rows[-1]["observed_at"], rows[-1]["id"]])
        if not events.read(connection, wanted.events(1), (rows[-1]["observed_at"], rows[-1]["id"]), 1):
            return rows, None
    return rows, following


def _asked(wanted: TimelineAsked) -> str:
    """The same question to the API."""
    named = [("baseline", "false"), *(("kind", kind) for kind in wanted.kinds)]
    named += [("topic", topic) for topic in wanted.topics]
    rest = wanted.address(cursor=None, kind=None).partition("?")[2]
    return "&".join(filter(None, (urlencode(named, safe="*"), rest)))


def _of_field(rows: Sequence[Mapping[str, Any]], wanted: TimelineAsked) -> Sequence[Mapping[str, Any]]:
    """Of everything that changed the deals of other trades are left out: nobody who asks for all means those."""
    if wanted.sought:
        return rows
    return [
        row
        for row in rows
        if not row["kind"].startswith("funding.") or FIELD in ((row["new"] or {}).get("topics") or ())
    ]


def _as_known(rows: Sequence[Mapping[str, Any]], known_at: datetime | None) -> Sequence[Mapping[str, Any]]:
    """The rows without what was found out only later: that they would be taken back."""
    return [{**row, "withdrawn_at": None} for row in rows] if known_at else rows


def _title(wanted: TimelineAsked) -> str:
    parts = [provider_title(wanted.provider)] if wanted.provider else []
    parts += [wanted.model] if wanted.model else []
    parts += [f"\N{LEFT DOUBLE QUOTATION MARK}{wanted.q}\N{RIGHT DOUBLE QUOTATION MARK}"] if wanted.q else []
    parts += [f"price {wanted.direction}s"] if wanted.direction else []
    parts += [name.lower() for name, kind in TABS if kind and kind == wanted.kind]
    parts += [] if parts or not wanted.kind else [wanted.kind]
    parts += [f"since {times.stamp(wanted.since)}"] if wanted.since else []
    parts += [f"before {times.stamp(wanted.until)}"] if wanted.until else []
    return ", ".join(parts)


def _tabs(wanted: TimelineAsked) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "href": wanted.address(kind=kind, direction=None),
            "current": kind == (wanted.kind or "") and not wanted.direction,
        }
        for name, kind in TABS
    ]


def _kept(wanted: TimelineAsked) -> list[tuple[str, str]]:
    """What the filters keep beside their boxes."""
    kept = {name: getattr(wanted, name) for name in ("direction", "since", "until")}
    return [(name, at.isoformat() if isinstance(at, datetime) else at) for name, at in kept.items() if at]


def _coming(connection: Connection, wanted: TimelineAsked, at: datetime) -> list[dict[str, Any]]:
    """The margin: what is ahead of the providers and models asked for."""
    asked = wanted.events(1)
    rows = notices.deadlines(
        connection, wanted.as_of, wanted.known_at, provider=asked.provider, model=asked.model, limit=300
    )
    return portraits.coming(rows, at, limit=MOST_COMING)


def _headlines(connection: Connection, wanted: TimelineAsked) -> list[dict[str, Any]]:
    """The latest news, without the names of versions, which tell nobody anything."""
    rows = news.page(connection, wanted.as_of, wanted.known_at, limit=4 * MOST_NEWS)
    return [row for row in rows if not _VERSION.fullmatch(row["title"].strip())][:MOST_NEWS]


def _health(found: Sequence[source_store.SourceHealth], now: datetime) -> str:
    if not found:
        return "No source is watched yet."
    well = sum(source.health == "ok" for source in found)
    last = max((source.last_fetch_at for source in found if source.last_fetch_at), default=None)
    checked = f"last check {times.ago(last, now)}" if last else "none checked yet"
    return f"{well} of {counted(len(found), 'source')} well, {checked}."
