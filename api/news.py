"""News: what feeds published."""

from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import Query, Request
from starlette.responses import Response

from api import answers
from api.parameters import NewsFilter
from store import news
from store.connect import Connection
from store.news import NewsFilters

ORDER = ("at", "source", "key")


def list_news(request: Request, wanted: Annotated[NewsFilter, Query()]) -> Response:
    """News items as plain text, the newest first: by when they were published or, where a feed does not say, seen."""

    def read(connection: Connection) -> tuple[list[dict[str, Any]], str | None]:
        names = {*NewsFilters.__annotations__}
        filters = cast(NewsFilters, {name: value for name, value in wanted if name in names})
        before = answers.place("news", wanted.cursor, (datetime, str, str))
        rows = news.page(connection, before=before, limit=wanted.limit + 1, **filters)
        return answers.split("news", rows, wanted.limit, ORDER)

    return answers.listed(request, read)
