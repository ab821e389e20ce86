"""What one crawl carries along: where it may go, what it remembers of robots.txt, and how much time is left."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime

from scrapy.crawler import Crawler

from crawler.robots import RobotsMemory


@dataclass(frozen=True, kw_only=True, slots=True)
class Ways:
    """Where requests may go."""

    allowed: frozenset[str] = frozenset()  # internal `host:port`s an operator opened
    origin: str | None = None  # `host:port` of a local origin that answers for every address; nothing else is asked


class Patience:
    """How long a crawl may begin new requests."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def end(self) -> None:
        """Begin no more requests from now on."""
        self._until = 0.0

    @property
    def over(self) -> bool:
        """Whether no more requests may begin."""
        return time.monotonic() >= self._until


class Turns:
    """The pauses between two requests to one site: from the end of an answer, so that no delay on the way shortens one.

    Scrapy's own pause runs from when it begins with a request, and knows nothing of what a robots.txt asks for.
    """

    def __init__(self, least: float = 0.0) -> None:
        self._least = least  # seconds
        self._ended: dict[str, float] = {}  # monotonic time of the last answer of each site

    async def wait(self, site: str, asked: float) -> None:
        """Wait for the site's turn: the usual pause, or `asked` seconds where its robots.txt asks for more."""
        pause = max(self._least, asked)
        while (left := self._ended.get(site, -pause) + pause - time.monotonic()) > 0:
            await asyncio.sleep(left)

    def end(self, site: str) -> None:
        """The site has answered, or failed to."""
        self._ended[site] = time.monotonic()


@dataclass(frozen=True, kw_only=True, slots=True)
class Trip:
    """One crawl's companions, found through its spider by the middlewares and the transport."""

    now: datetime  # when the crawl began
    patience: Patience
    ways: Ways = Ways()
    robots: RobotsMemory = field(default_factory=RobotsMemory)
    turns: Turns = field(default_factory=Turns)


def trip_of(crawler: Crawler) -> Trip:
    """The trip of the crawl that `crawler` runs."""
    trip = getattr(crawler.spider, "trip", None)
    if not isinstance(trip, Trip):
        raise TypeError(f"expected a spider with a trip, found {crawler.spider!r}")
    return trip
