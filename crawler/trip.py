"""What one crawl carries along: where it may go, what it remembers of robots.txt, and what time it is."""

from dataclasses import dataclass, field
from datetime import datetime

from scrapy.crawler import Crawler

from crawler.robots import RobotsMemory


@dataclass(frozen=True, kw_only=True, slots=True)
class Ways:
    """Where requests may go."""

    allowed: frozenset[str] = frozenset()  # internal `host:port`s an operator opened
    origin: str | None = None  # `host:port` of a local origin that answers for every address; nothing else is asked


@dataclass(frozen=True, kw_only=True, slots=True)
class Trip:
    """One crawl's companions, found through its spider by the middlewares and the transport."""

    now: datetime  # when the crawl began
    ways: Ways = Ways()
    robots: RobotsMemory = field(default_factory=RobotsMemory)


def trip_of(crawler: Crawler) -> Trip:
    """The trip of the crawl that `crawler` runs."""
    trip = getattr(crawler.spider, "trip", None)
    if not isinstance(trip, Trip):
        raise TypeError(f"expected a spider with a trip, found {crawler.spider!r}")
    return trip
