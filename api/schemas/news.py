"""What feeds published."""

from datetime import datetime

from pydantic import Field

from api.schemas.shapes import Envelope, Shape


class NewsItem(Shape):
    """One entry of a feed, as plain text."""

    at: datetime = Field(description="The time it is listed by.")
    published_at: datetime | None
    title: str
    summary: str
    url: str
    provider: str = Field(description="The publisher.")
    topics: list[str] = Field(description="What it is about, by the rules of aiwire.")
    categories: list[str] = Field(description="As the feed prints them.")
    first_seen: datetime | None
    edited_at: datetime | None
    source: str
    trust: str
    origin: str
    guid: str
    locator: str
    key: str
    first_snapshot: str | None
    recorded_at: datetime


class NewsPage(Envelope[NewsItem]):
    """News, newest first."""
