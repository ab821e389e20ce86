"""How rarely it is enough to look at a feed: by what it asks for, and by how often it publishes. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

NEWEST = 20  # entries whose gaps make the rhythm
SHARE = 24  # looks in the time between two entries
LONGEST = timedelta(hours=24)

_HEAD = 30_000  # bytes: what a feed says of itself stands before its entries
_TTL = re.compile(rb"<ttl>\s*([0-9]{1,6})\s*</ttl>", re.I)  # minutes, RSS 2.0
_PERIOD = re.compile(rb"<sy:updatePeriod>\s*(hourly|daily|weekly|monthly|yearly)\s*</sy:updatePeriod>", re.I)
_FREQUENCY = re.compile(rb"<sy:updateFrequency>\s*([0-9]{1,4})\s*</sy:updateFrequency>", re.I)
_PERIODS = {
    b"hourly": timedelta(hours=1), b"daily": timedelta(days=1), b"weekly": timedelta(weeks=1),
    b"monthly": timedelta(days=30), b"yearly": timedelta(days=365),
}  # fmt: skip
_MOVED = re.compile(rb"<(?:itunes:new-feed-url|newLocation)>\s*(https?://[^<>\s]{1,500})\s*</", re.I)


def pace_of(body: bytes, published: Sequence[datetime], at: datetime) -> timedelta | None:
    """The time between two looks that is enough; None where nothing says that it may be rarer than the interval.

    What the feed asks for (`ttl`, `sy:updatePeriod`) and a part of the usual time between its entries, whichever is
    longer. A feed that has just published is looked at as its source says: more may follow.
    """
    asked, own = _asked(body[:_HEAD]), _rhythm(published, at)
    known = [wait for wait in (asked, own) if wait]
    return min(max(known), LONGEST) if known else None


def moved_of(body: bytes) -> str:
    """Where a feed says that it has moved; empty: it does not."""
    found = _MOVED.search(body[:_HEAD])
    return found[1].decode("ascii", "replace") if found else ""


def _asked(head: bytes) -> timedelta | None:
    if found := _TTL.search(head):
        return timedelta(minutes=int(found[1]))
    if found := _PERIOD.search(head):
        often = _FREQUENCY.search(head)
        return _PERIODS[found[1].lower()] / max(1, int(often[1]) if often else 1)
    return None


def _rhythm(published: Sequence[datetime], at: datetime) -> timedelta | None:
    newest = sorted({time for time in published if time <= at}, reverse=True)[:NEWEST]
    if len(newest) < 3:
        return None
    gaps = [later - earlier for later, earlier in pairwise(newest)]
    usual = timedelta(seconds=median(gap.total_seconds() for gap in gaps))
    quiet = at - newest[0]
    if quiet < usual / 4:
        return None
    return max(usual, quiet / 2) / SHARE
