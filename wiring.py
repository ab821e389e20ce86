"""What a worker or a scheduler process needs to be told, and how fast its clocks tick."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from configuration import Configuration
from crawler.settings import DELAY
from crawler.source import Source

Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often the clocks tick, in seconds of real time."""

    tick: float = 0.5
    poll: float = 1.0  # a job that waited for another of its lock is found by looking
    stalled_check: float = 10
    heartbeat: float = 5
    stalled_after: float = 20  # a killed worker blocks a host for less than a minute
    health: float = 30
    calendar: float = 300
    housekeeping: float = 3600
    visits: timedelta = timedelta(seconds=DELAY)  # between two of one host, whichever machines make them
    messages: timedelta = timedelta(seconds=1)  # between two messages to one receiver
    ahead: timedelta = timedelta(seconds=1.5)  # before a message is due its receiver is woken: a few ticks
    group_wait: timedelta = timedelta(seconds=30)


REHEARSAL = Pace(
    tick=0.1,
    poll=0.2,
    stalled_check=0.5,
    heartbeat=0.5,
    stalled_after=2,
    health=3600,
    calendar=3600,
    visits=timedelta(0),
    messages=timedelta(0),
    ahead=timedelta(0),
)


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """Everything a worker or a scheduler process needs to be told."""

    configuration: Configuration
    database_url: str
    clock: Clock
    pace: Pace = field(default_factory=Pace)
    origin: str | None = None  # host:port of a rehearsal's local origin; None: the real network
    deliver_imports: bool = False

    def source(self, source_id: str) -> Source | None:
        """The configured source of that id."""
        return self._sources.get(source_id)

    @cached_property
    def _sources(self) -> Mapping[str, Source]:
        return {source.id: source for source in self.configuration.sources}
