"""The news by day: what feeds published, by topic; the official word where an item speaks of a price or an end."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, cursors, rendering, unknown
from api.pages.moments import Moments, permanent
from api.parameters import Address, Place, Word
from store import news as store
from timeline.topics import topics

ON_PAGE = 80
KINDS: tuple[cursors.Kind, ...] = (datetime, str, str)


class NewsAsked(Moments, Address):
    """What the address of the page asks for."""

    path = "/news"

    topic: Word = None
    source: Word = None
    q: Word = None
    cursor: Place = None


def news(request: Request, wanted: Annotated[NewsAsked, Query()]) -> Response:
    """The newest first."""
    reading = answers.reading_of(request)
    now = reading.now()
    after = answers.place("news page", wanted.cursor, KINDS)
    with reading.connection() as connection:
        rows = store.page(
            connection, wanted.as_of, wanted.known_at, before=after, limit=ON_PAGE + 1,
            topic=[wanted.topic] if wanted.topic else [],
            source=[wanted.source] if wanted.source else [], q=wanted.q,
        )  # fmt: skip
        unknown.refuse(connection, wanted, rows)
    more = len(rows) > ON_PAGE
    last = [rows[ON_PAGE - 1][name] for name in ("at", "source", "key")] if more else []
    return rendering.page(
        "news.html", section="/news", now=now, wanted=wanted, days=by_day(rows[:ON_PAGE]),
        topics=[(topic.id, topic.title) for topic in topics()], newest=wanted.address() if wanted.cursor else "",
        next_page=wanted.address(cursor=cursors.encode("news page", last)) if more else "",
        permanent=permanent(request, now),
        feed="/v1/news.atom" + wanted.address().removeprefix("/news"),
        data_url="/v1/news" + wanted.address().removeprefix("/news"),
    )  # fmt: skip


def by_day(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The items by the day (UTC) they are listed by, in the order given."""

    def day_of(row: Mapping[str, Any]) -> date:
        at: datetime = row["at"]
        return at.astimezone(UTC).date()

    return [
        {"at": members[0]["at"], "items": members} for _, found in groupby(rows, key=day_of) if (members := [*found])
    ]
