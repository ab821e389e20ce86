"""Whether aiwire sees: when a page was last read, and which part of a period was watched at all.

What nobody looked at did not stand still: a count over a time without looks is not 0 but unknown. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api import times
from store.sources import SourceHealth

LEAST, INTERVALS = timedelta(hours=2), 3  # of the source that is asked most often
NEVER = "Nothing has been read yet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """`last` is the newest good look at any source that is watched, None: there was none; `watched` how many are."""

    last: datetime | None
    blind: bool
    watched: int

    @property
    def said(self) -> str:
        """What is wrong, without a full stop; empty where nothing is."""
        if not self.blind:
            return ""
        return f"No page has been read since {times.stamp(self.last)}" if self.last else NEVER


def sight(sources: Sequence[SourceHealth], now: datetime) -> Sight:
    """Blind is who watches something and has read none of it for three intervals, and two hours at the least."""
    watched = [source for source in sources if source.enabled and source.every is not None]
    last = max((source.last_good_at for source in watched if source.last_good_at), default=None)
    often = min((source.every for source in watched if source.every), default=LEAST)
    bound = max(LEAST, INTERVALS * often)
    return Sight(last=last, blind=bool(watched) and (last is None or now - last > bound), watched=len(watched))


def part_watched(begun: datetime | None, last: datetime | None, since: datetime, until: datetime) -> str | None:
    """Of the time between two moments, how much was watched by who looked from `begun` to `last`.

    Empty: all of it, but for a day at either end; None: nothing; else in words: `watched only since 24 Nov 2026`.
    """
    if begun is None or last is None or last < since or begun > until:
        return None
    edge = timedelta(days=1)
    late, early = begun > since + edge, last < until - edge
    if late and early:
        return f"watched only from {times.stamp(begun)} to {times.stamp(last)}"
    return (
        f"watched only since {times.stamp(begun)}"
        if late
        else f"watched only until {times.stamp(last)}"
        if early
        else ""
    )
