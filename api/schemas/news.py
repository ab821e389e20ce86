"""What feeds published."""

from datetime import datetime

from pydantic import Field

from api.schemas.shapes import Envelope, Shape


class ItemClaim(Shape):
    """What an item claims of a model, and what the provider's own page says to it."""

    provider: str
    model_id: str
    claim: str = Field(description="price, retirement or availability.")
    direction: str | None = Field(description="Of prices: cut or rise; null: not told.")
    words: str = Field(description="The sentence that claims it.")
    verdict: str = Field(description="confirmed, contradicted, or not_on_page: reported, not on the provider's page.")
    official_says: str | None
    official_source: str | None
    official_as_of: datetime | None
    official_event: str | None = Field(description="The change of the price on that page: see /v1/events/{event_id}.")


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
    deal: str | None = Field(description="The deal it tells: see /v1/funding?id=.")
    claims: list[ItemClaim] = Field(description="What it claims of models, held against the providers' own pages.")


class NewsPage(Envelope[NewsItem]):
    """News, newest first."""
