"""What the wire needs of the machine it runs on: room on the disk, a right clock, a network."""

import platform
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from crawler import health
from crawler.troubles import Finding
from store import fetches
from store.clock import database_time, wall_clock
from store.connect import Connection
from timeline.keys import digest

LEAST_FREE: Final = 512 * 2**20
"""Bytes: a year of captures of the bundled sources takes less."""
ROOM_AGAIN: Final = 640 * 2**20
DATABASE_APART: Final = 5.0
"""Seconds between this machine's clock and the database's."""
SITES_APART: Final = 60.0
"""Seconds between this machine's clock and what sites say of the time, in whole seconds and some time ago."""
FEW_SITES: Final = 5
RIGHT_AGAIN: Final = 0.5
"""The part of these from which on a clock is right again."""

Free = Callable[[Path], int]


def free(home: Path) -> int:
    """Bytes that can still be written under `home`, which need not be there yet."""
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    return shutil.disk_usage(there).free


def ahead_of_database(connection: Connection, clock: Callable[[], datetime] = wall_clock) -> float:
    """Seconds by which this machine's clock is ahead of the database's, without what the question itself took."""
    before = clock()
    there = database_time(connection)
    after = clock()
    return 0.0 if before <= there <= after else min(before - there, after - there, key=abs).total_seconds()


def ahead_of_sites(connection: Connection, *, since: datetime) -> float | None:
    """Seconds by which the clock of whoever fetched is ahead of the sites' own; None where too few hosts say.

    An answer out of a cache is dated earlier than it came, never later: of what the hosts say counts the smallest but
    the lowest quarter, so that some wrong clocks out there are no reason to doubt ours.
    """
    ahead: dict[str, float] = {}
    for host, asked_at, said in fetches.dates_said(connection, since=since):
        try:
            seconds = (asked_at - parsedate_to_datetime(said)).total_seconds()
        except (ValueError, TypeError, OverflowError):  # no date, or one without a zone
            continue
        ahead[host] = min(seconds, ahead.get(host, seconds))
    return sorted(ahead.values())[len(ahead) // 4] if len(ahead) >= FEW_SITES else None


def findings(
    connection: Connection, home: Path, *, now: datetime, free: Free = free, clock: Callable[[], datetime] = wall_clock
) -> list[Finding]:
    """How the machine fares, for crawler.troubles.watch."""
    return [_disk(free(home)), _clock(connection, now, clock), *_network(connection, now)]


def _disk(left: int) -> Finding:
    there = True if left < LEAST_FREE else False if left >= ROOM_AGAIN else None
    said = f"{left / 2**20:,.0f} MiB are free where aiwire keeps its data"
    return Finding(name="disk", there=there, said=f"The disk is nearly full: {said}" if there else said, machine=_me())


def _clock(connection: Connection, now: datetime, clock: Callable[[], datetime]) -> Finding:
    from_database = ahead_of_database(connection, clock)
    from_sites = ahead_of_sites(connection, since=now - health.WINDOW) or 0.0
    share, ahead, of = max(
        (abs(from_database) / DATABASE_APART, from_database, "its database"),
        (abs(from_sites) / SITES_APART, from_sites, "the sites it reads"),
    )
    there = True if share >= 1 else False if share < RIGHT_AGAIN else None
    off = f"{abs(ahead):,.0f} s {'ahead of' if ahead > 0 else 'behind'} {of}"
    said = f"aiwire's clock is {off}: set the time, or dates and alerts are wrong" if there else off
    return Finding(name="clock", there=there, said=said, machine=_me())


def _network(connection: Connection, now: datetime) -> Iterator[Finding]:
    reach = fetches.reachability(connection, since=now - health.WINDOW)
    if reach.attempts == 0:
        return
    gone = health.unreachable(reach)
    there = True if gone else False if reach.answered else None
    nothing = f"aiwire reaches nothing: none of {reach.hosts} sites answered when last asked"
    answered = f"{reach.answered} of {reach.attempts} sources answered when last asked"
    yield Finding(name="network", there=there, said=nothing if gone else answered)


def _me() -> str:
    return digest(platform.node(), size=4)
