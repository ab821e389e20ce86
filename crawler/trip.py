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
    """The pauses that the robots.txt of a site asks for, beyond the pause that every host is given."""

    def __init__(self) -> None:
        self._asked: dict[str, float] = {}  # monotonic time of the last request to each site

    async def take(self, site: str, delay: float) -> None:
        """Wait until `delay` seconds after the last request to the site, robots.txt included."""
        while (wait := self._asked.get(site, -delay) + delay - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        self._asked[site] = time.monotonic()


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
