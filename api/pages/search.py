"""One field for everything: models by a part of their name, changes and news by words."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, crowds, events, rendering, stories
from api.pages.lives import with_lives
from api.pages.models import listed, pattern
from api.pages.moments import Moments, permanent
from api.parameters import EventFilter, Word
from store import models, news

MOST_MODELS, MOST_CHANGES, MOST_NEWS = 30, 30, 20


class SearchAsked(Moments):
    """What the address of the page asks for."""

    q: Word = None


def search(request: Request, wanted: Annotated[SearchAsked, Query()]) -> Response:
    """What has these words in it."""
    reading = answers.reading_of(request)
    now = reading.now()
    words = (wanted.q or "").strip()
    with reading.connection() as connection:
        found = (
            models.page(connection, wanted.as_of, wanted.known_at, model=pattern(words), limit=MOST_MODELS + 1)
            if words
            else []
        )
        changes = (
            events.read(
                connection,
                EventFilter(q=words, baseline=False, withdrawn=True, as_of=wanted.as_of, known_at=wanted.known_at),
                None,
                MOST_CHANGES,
            )
            if words
            else []
        )
        items = news.page(connection, wanted.as_of, wanted.known_at, q=words, limit=MOST_NEWS) if words else []
        rows = with_lives(connection, listed(connection, found[:MOST_MODELS], wanted, now), wanted, now)
    return rendering.page(
        "search.html", section="", now=now, q=words, rows=rows, more_models=len(found) > MOST_MODELS,
        days=crowds.gathered(stories.days(row for row in changes if not row["kind"].startswith("news."))),
        items=items, wanted=wanted, permanent=permanent(request, now) if words else None,
        address=permanent(request, now),
    )  # fmt: skip
