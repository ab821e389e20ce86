"""News: what feeds published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api import lists, schemas
from api.feeds import Entry
from api.lists import Listing, Rows
from api.parameters import NewsFilter
from api.rendering import web
from store import news, news_claims
from store.connect import Connection
from store.news import NewsFilters
from timeline.names import title

ABOUT = """News items as plain text, the newest first: by when they were published or, where a feed does not say, seen.

What `claims` come to is always held against the pages as known now.
"""

CLAIM = tuple(schemas.ItemClaim.model_fields)


def read(connection: Connection, wanted: NewsFilter, after: Any, limit: int) -> Rows:
    """The rows that follow a place, each with the deal it tells and what it claims of models."""
    asked = lists.filters(wanted, NewsFilters)
    rows = news.page(connection, wanted.as_of, wanted.known_at, before=after, limit=limit, **asked)
    return [
        {**row, "claims": [{name: one[name] for name in CLAIM} for one in row["claims"]]}
        for row in news_claims.annotated(connection, rows, wanted.known_at)
    ]


def entry(row: Mapping[str, Any], base_url: str) -> Entry:
    """A news item as an item of our feeds: it leads to where it was published."""
    return Entry(
        about=("news", row["source"], row["key"]),
        title=row["title"],
        url=web(row["url"]),
        text=row["summary"],
        published=row["at"],
        updated=row["edited_at"],
        tags=row["topics"],
        author=title(row["provider"]),
    )


NEWS = Listing(
    name="news", title="AI news", home="/?kind=news.*", filters=NewsFilter, shape=schemas.NewsItem, read=read,
    order=("at", "source", "key"), types=(datetime, str, str), entry=entry,
)  # fmt: skip
