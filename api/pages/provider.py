"""One provider: its models and what they cost, what it changed lately, what is coming, and where we look."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, crowds, events, portraits, problems, rendering, stories
from api.models import ProviderPath
from api.pages.lives import with_lives
from api.pages.models import listed
from api.pages.moments import Moments, permanent
from api.pages.sources import HEALTHS
from api.parameters import EventFilter
from store import models, news, notices
from store import sources as source_store

MOST_MODELS, MOST_CHANGES, MOST_COMING, MOST_NEWS = 400, 60, 20, 6
_OVER = ("retired",)


def provider(request: Request, provider: ProviderPath, wanted: Annotated[Moments, Query()]) -> Response:
    """The provider with this id."""
    reading = answers.reading_of(request)
    now = reading.now()
    with reading.connection() as connection:
        rows = models.page(
            connection, wanted.as_of, wanted.known_at, provider=[provider], subject_kind=["model"], limit=MOST_MODELS
        )
        known = with_lives(connection, listed(connection, rows, wanted, now), wanted, now)
        changes, _ = events.page(
            connection,
            EventFilter(
                kind=[*crowds.CHANGES], provider=[provider], baseline=False, withdrawn=True, as_of=wanted.as_of,
                known_at=wanted.known_at, limit=MOST_CHANGES,
            ),
        )  # fmt: skip
        items = news.page(connection, wanted.as_of, wanted.known_at, provider=[provider], limit=MOST_NEWS)
        due = notices.deadlines(connection, wanted.as_of, wanted.known_at, provider=[provider], limit=300)
        sources = [each for each in source_store.health(connection) if each.provider == provider]
    if not (known or changes or sources):
        raise problems.not_found("no such provider: /models lists those there are")
    return rendering.page(
        "provider.html", section="/models", now=now, provider=provider, wanted=wanted,
        current=[row for row in known if row["status"] not in _OVER and _is_model(row)],
        beside=[row for row in known if row["status"] not in _OVER and not _is_model(row)],
        over=[row for row in known if row["status"] in _OVER],
        days=crowds.gathered(stories.days(changes)), items=items,
        deadlines=portraits.coming(due, wanted.as_of or now, limit=MOST_COMING), healths=HEALTHS,
        sources=sources, permanent=permanent(request, now), data_url=f"/v1/models?provider={provider}",
    )  # fmt: skip


def _is_model(row: Mapping[str, Any]) -> bool:
    """Not a tool, a session or a kind of storage that has a price: those have no id, no life and no price of tokens."""
    return bool(row["model_id"] or row["status"] or row["priced"])
