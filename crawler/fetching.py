"""One crawl of a batch of sources: bounded in time, never cancelled, every attempt recorded as a named outcome."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import psycopg
import structlog
from psycopg_pool import ConnectionPool
from scrapy.crawler import AsyncCrawlerRunner, Crawler

from crawler import capture
from crawler.capture import Arrival, Visit
from crawler.failures import Failure
from crawler.logs import quiet
from crawler.outcomes import RULES, Outcome
from crawler.robots import RobotsMemory, site_of
from crawler.settings import CONTACT, DELAY, Manners, settings
from crawler.source import Source
from crawler.spider import SourceSpider
from crawler.trip import Patience, Trip, Turns, Ways
from store import hosts
from store.connect import Connection, StoreError, connect, explained
from timeline.issues import AiwireError

log = structlog.get_logger("aiwire.crawler")

Lend = Callable[[], contextlib.AbstractContextManager[Connection]]  # a connection until the end of a block

ROBOTS = RobotsMemory()  # of this process: a check of a page is one request, not two
POSTPONED = Failure(name="postponed", detail="the crawl's time was up")


async def fetch_batch(
    sources: Sequence[Source],
    *,
    database_url: str,
    clock: Callable[[], datetime],
    run: str,
    pool: ConnectionPool[Connection] | None = None,
    origin: str | None = None,
    contact: str = CONTACT,
    allow_hosts: Collection[str] = (),
    robots: RobotsMemory | None = None,
    manners: Manners | None = None,
    reactor: bool = False,
) -> list[Outcome]:
    """Fetch each source once and record what came of it; returns the outcomes in the order of `sources`.

    `pool`: connections to that database, borrowed for each write: one of its own costs more than a small crawl.
    `origin`: a local `host:port` that answers for every address (a rehearsal: nothing leaves the machine, nobody has
    to be spared). `contact`: whom the operators of watched sites can reach. `allow_hosts`: internal `host:port`s an
    operator opened. `robots`: what is remembered of robots.txt; None: what this process remembers. `reactor`: a
    Twisted reactor runs on this loop.

    Raises StoreError when the database fails; what was recorded until then stays. Must not be cancelled: a cancelled
    call lets the requests under way end, begins no others, and then gives way.
    """
    if manners is None:
        manners = Manners(contact=contact, delay=0.0 if origin else DELAY)
    quiet()
    async with _lending(database_url, pool) as lend:
        recorder = Recorder(database_url, lend, clock=clock, run=run)
        visits = await recorder.prepare(sources)
        trip = Trip(
            now=await asyncio.to_thread(clock),
            patience=Patience(manners.crawl_seconds),
            ways=Ways(allowed=frozenset(allow_hosts), origin=origin),
            robots=robots or (RobotsMemory() if origin else ROBOTS),
            turns=Turns(manners.delay),
        )
        runner = _runner(manners, reactor=reactor)
        crawler = runner.create_crawler(SourceSpider)
        await _crawl(runner, crawler, trip, visits, recorder)
        outcomes = await recorder.finish(in_time=_in_time(crawler))
        if origin is None:
            answered = [source for source, came in zip(sources, outcomes, strict=True) if came.status is not None]
            await recorder.spare(_pauses(answered, trip.robots, beyond=manners.delay))
        return outcomes


async def fetch_unkept(
    source: Source,
    *,
    now: datetime,
    contact: str = CONTACT,
    allow_hosts: Collection[str] = (),
    manners: Manners | None = None,
    reactor: bool = False,
) -> Arrival:
    """One look at a source's page that is written down nowhere, by the same way out as every other.

    Raises NotFetchedError with what happened and what to do about it.
    """
    quiet()
    catcher = Catcher()
    manners = manners or Manners(contact=contact)
    trip = Trip(
        now=now,
        patience=Patience(manners.crawl_seconds),
        ways=Ways(allowed=frozenset(allow_hosts)),
        robots=ROBOTS,
        turns=Turns(manners.delay),
    )
    visit = Visit(source=source, key="")
    runner = _runner(manners, reactor=reactor)
    await _crawl(runner, runner.create_crawler(SourceSpider), trip, [visit], catcher)
    if catcher.arrival is None:
        raise NotFetchedError(source.url, catcher.failure)
    name, detail = capture.name_of(visit, catcher.arrival)
    if name != "changed":
        raise NotFetchedError(source.url, Failure(name=name, detail=detail))
    return catcher.arrival


class NotFetchedError(AiwireError):
    """A page that did not come."""

    def __init__(self, url: str, failure: Failure) -> None:
        self.name = failure.name  # as in crawler.outcomes
        rule = RULES[failure.name]
        detail = f" ({failure.detail})" if failure.detail else ""
        super().__init__(f"{url} was not fetched, {failure.name}: {rule.meaning}{detail}{rule.do and f'; {rule.do}'}")


@dataclass(kw_only=True, slots=True)
class Catcher:
    """Takes the one answer, or the one failure, of a crawl."""

    arrival: Arrival | None = None
    failure: Failure = POSTPONED

    async def arrived(self, visit: Visit, arrival: Arrival) -> None:
        """An answer came."""
        self.arrival = arrival

    async def failed(self, visit: Visit, failure: Failure, elapsed: timedelta) -> None:
        """No answer came."""
        self.failure = failure


def _pauses(sources: Sequence[Source], robots: RobotsMemory, *, beyond: float) -> dict[str, float]:
    """Seconds that the robots.txt of these hosts ask for between two requests, where that is more than they get."""
    found: dict[str, float] = {}
    for source in sources:
        rules = robots.any(site_of(source.url))
        if rules is not None and rules.crawl_delay > max(beyond, found.get(source.host, 0.0)):
            found[source.host] = rules.crawl_delay
    return found


@cache
def _runner(manners: Manners, *, reactor: bool) -> AsyncCrawlerRunner:
    """One runner for all crawls of a kind: each copies its settings, which costs more than a small crawl."""
    return AsyncCrawlerRunner(settings(manners, reactor=reactor))


async def _crawl(
    runner: AsyncCrawlerRunner, crawler: Crawler, trip: Trip, visits: Sequence[Visit], recorder: "Recorder | Catcher"
) -> None:
    crawling = runner.crawl(crawler, trip=trip, visits=visits, arrived=recorder.arrived, failed=recorder.failed)
    try:
        await asyncio.shield(crawling)
    except asyncio.CancelledError:
        trip.patience.end()
        with contextlib.suppress(RuntimeError):  # not begun, or ended already
            await crawler.stop_async()  # lets the requests under way end; cancelling the crawl would leak its tasks
        await asyncio.wait([crawling])
        raise


def _in_time(crawler: Crawler) -> bool:
    return getattr(crawler.spider, "reason", "finished") == "finished"


@contextlib.asynccontextmanager
async def _lending(url: str, pool: ConnectionPool[Connection] | None) -> AsyncIterator[Lend]:
    """Connections of the pool; without one, a connection for as long as the crawl lasts."""
    if pool is not None:
        yield pool.connection
        return
    connection = await asyncio.to_thread(connect, url)
    try:
        yield lambda: contextlib.nullcontext(connection)
    finally:
        await asyncio.to_thread(connection.close)


class Recorder:
    """Writes the outcomes of one crawl, one after the other, in a thread."""

    def __init__(self, url: str, lend: Lend, *, clock: Callable[[], datetime], run: str) -> None:
        self._url = url
        self._lend = lend
        self._clock = clock
        self._run = run
        self._turn = asyncio.Lock()
        self._outcomes: dict[str, Outcome] = {}
        self._visits: list[Visit] = []
        self._broken: Exception | None = None

    async def prepare(self, sources: Sequence[Source]) -> Sequence[Visit]:
        """What to ask each source for."""

        def all_of_them() -> list[Visit]:
            with explained(self._url), self._lend() as connection, connection.transaction():
                return [capture.prepare(connection, source) for source in sources]

        self._visits = await asyncio.to_thread(all_of_them)
        return self._visits

    async def arrived(self, visit: Visit, arrival: Arrival) -> None:
        """An answer came."""
        await self._record(
            visit,
            lambda connection: capture.record_arrival(connection, visit, arrival, run=self._run, now=self._clock()),
        )

    async def failed(self, visit: Visit, failure: Failure, elapsed: timedelta) -> None:
        """No answer came."""
        await self._record(
            visit,
            lambda connection: capture.record_failure(
                connection, visit, failure, run=self._run, now=self._clock(), elapsed=elapsed
            ),
        )

    async def finish(self, *, in_time: bool) -> list[Outcome]:
        """Note the sources whose turn never came, and return all outcomes. Raises what kept the store from it."""
        left = Failure(name="internal_error", detail="the crawl ended without an answer") if in_time else POSTPONED
        for visit in self._visits:
            if visit.source.id not in self._outcomes and self._broken is None:
                await self.failed(visit, left, timedelta(0))
        if self._broken is not None:
            raise self._broken
        return [self._outcomes[visit.source.id] for visit in self._visits]

    async def spare(self, pauses: Mapping[str, float]) -> None:
        """Keep every machine from these hosts for so many seconds from now."""
        if not pauses:
            return
        now = self._clock()

        def write() -> None:
            with explained(self._url), self._lend() as connection, connection.transaction():
                for host, seconds in pauses.items():
                    hosts.delay(connection, host, now + timedelta(seconds=seconds), "its robots.txt asks for pauses")

        await asyncio.to_thread(write)

    async def _record(self, visit: Visit, write: Callable[[Connection], Outcome]) -> None:
        async with self._turn:
            try:
                outcome = await asyncio.to_thread(self._write, visit, write)
            except Exception as error:
                log.exception("not recorded", source=visit.source.id, run=self._run)
                self._broken = self._broken or error
                return
        self._outcomes[visit.source.id] = outcome
        told = {"outcome": outcome.name, "status": outcome.status, "detail": outcome.detail}
        log.info("fetched", source=outcome.source, run=self._run, **told)

    def _write(self, visit: Visit, write: Callable[[Connection], Outcome]) -> Outcome:
        """Record; if that fails for a reason of ours, record at least that."""
        with explained(self._url), self._lend() as connection:
            try:
                return write(connection)
            except (psycopg.OperationalError, StoreError):
                raise  # the database, not this answer
            except Exception as error:
                log.exception("answer not kept", source=visit.source.id, run=self._run)
                failure = Failure(name="internal_error", detail=f"{type(error).__name__} while recording an answer")
                return capture.record_failure(connection, visit, failure, run=self._run, now=self._clock())
