"""A news item: one entry of a feed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from timeline.keys import canonical


@dataclass(frozen=True, kw_only=True, slots=True)
class NewsItem:
    """An entry as its feed prints it, reduced to plain text; `url` is http(s) or empty.

    `guid` is the feed's own id, else the link, else a hash of the text. `published_at` is aware UTC or None.
    """

    fact: ClassVar[str] = "news"

    provider: str  # the publisher
    guid: str
    url: str
    title: str
    summary: str = ""
    published_at: datetime | None = None
    topics: tuple[str, ...] = ()  # what it is about, by the rules of timeline/topics.toml
    categories: tuple[str, ...] = ()  # as the feed prints them
    locator: str = ""

    @property
    def key(self) -> str:
        """What makes it the same item over time, within its source."""
        return canonical([self.guid])

    @property
    def value(self) -> tuple[object, ...]:
        """What is compared between captures: an edited item keeps its key."""
        return (self.title, self.summary, self.url)
