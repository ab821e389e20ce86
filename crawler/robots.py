"""robots.txt as RFC 9309 has it: what one means, and how long it is remembered."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

AGENT = "aiwire"  # the product token that robots.txt files address us by
FRESH = timedelta(hours=24)  # RFC 9309 2.4
LONGEST_CRAWL_DELAY = 30.0  # seconds; a larger one would outlast a crawl
_READ = 512 * 1024  # bytes; RFC 9309 2.5 asks for at least 500 KiB
_REMEMBERED = 1000  # sites


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What one site's robots.txt allows us, as read at a time."""

    parsed: Protego | None  # None: there is none, everything is allowed
    read_at: datetime

    def allow(self, url: str) -> bool:
        """Whether this URL of the site may be fetched."""
        return self.parsed is None or self.parsed.can_fetch(url, AGENT)

    @property
    def crawl_delay(self) -> float:
        """Seconds between two requests that the site asks for (not in the RFC, but common), within reason."""
        asked = None if self.parsed is None else self.parsed.crawl_delay(AGENT)
        return min(max(float(asked or 0), 0.0), LONGEST_CRAWL_DELAY)


def parse(body: bytes, read_at: datetime) -> Rules:
    """The rules of a robots.txt; bytes that are no text are skipped, as are lines that make no sense."""
    return Rules(parsed=Protego.parse(body[:_READ].decode("utf-8-sig", errors="ignore")), read_at=read_at)


def site_of(url: str) -> str:
    """What one robots.txt holds for: scheme, name and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class RobotsMemory:
    """The rules of the sites a process visits, so that a check of a page is one request, not two."""

    def __init__(self) -> None:
        self._rules: OrderedDict[str, Rules] = OrderedDict()

    def fresh(self, site: str, now: datetime) -> Rules | None:
        """The rules of a site if they were read within the last 24 hours."""
        rules = self._rules.get(site)
        return rules if rules is not None and abs(now - rules.read_at) < FRESH else None

    def any(self, site: str) -> Rules | None:
        """The last rules known, however old: they hold while the site's robots.txt cannot be read."""
        return self._rules.get(site)

    def remember(self, site: str, rules: Rules) -> None:
        """Keep the rules of a site; the site longest not read makes room."""
        self._rules[site] = rules
        self._rules.move_to_end(site)
        while len(self._rules) > _REMEMBERED:
            self._rules.popitem(last=False)
