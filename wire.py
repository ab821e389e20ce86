"""The queue, its tasks and its ticking clocks: what is due is a query, what follows is a package's."""

import asyncio
import contextlib
import contextvars
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import procrastinate
import structlog
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from structlog.contextvars import bound_contextvars

import vitals
from alerts import deliver, outbox, registry
from clocks import Work
from configuration import Configuration
from crawler import health, observe, troubles
from crawler.fetching import fetch_batch
from crawler.outcomes import Outcome
from crawler.rebuild import catch_up
from crawler.registration import registration
from crawler.robots import RobotsMemory
from crawler.source import Source
from notifications import queue_app
from store import agenda, connect, issues, setbacks, sources
from timeline.issues import Issue
from wiring import Wiring

T = TypeVar("T")
Task = procrastinate.tasks.Task[Any, Any, Any]
log = structlog.get_logger("aiwire.scheduler")

FINDING = "aiwire"
TELLING = "aiwire-telling"  # apart from what crawls: sites that let us wait keep no alert back
AT_A_TIME = {FINDING: 8, TELLING: 16}  # jobs of each; those that tell mostly wait for the pace of their channel
OLD = 2.0  # seconds after which a list of what is due is not gone on with
RESTS = timedelta(minutes=5)  # after a fault of ours, before the same work is tried again
RESTS_BRIEFLY = timedelta(seconds=10)  # after one of the database's


class Wire:
    """The queue, its tasks and the ticking clocks of one process."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self.app = queue_app(wiring.database_url)
        self.pool = connect.open_pool(wiring.database_url, size=8)
        self.robots = RobotsMemory()  # for the life of this process
        self._tellers = ThreadPoolExecutor(AT_A_TIME[TELLING], "tell")  # they sleep: no query waits for such a thread
        self._resting: dict[str, datetime] = {}  # what failed for a reason of ours, and when to try it again
        self._crawl: Task = self.app.task(name="crawl", queue=FINDING)(self.crawl)
        self._read: Task = self.app.task(name="read", queue=FINDING)(self.read)
        self._route: Task = self.app.task(name="route", queue=TELLING)(self.route)
        self._deliver: Task = self.app.task(name="deliver", queue=TELLING)(self.deliver)

    def close(self) -> None:
        """Give back connections and threads."""
        self.pool.close()
        self._tellers.shutdown(wait=False)

    # ------------------------------------------------------------- tasks

    async def crawl(self, host: str) -> None:
        """Fetch every source of `host` that is due, then read what changed."""
        pause = self.wiring.pace.visits
        batch = await self._query(lambda c: agenda.due_of_host(c, host, self.wiring.clock(), pause=pause))
        wanted = [source for source_id in batch if (source := self.wiring.source(source_id))]
        if not wanted:
            return
        run = uuid.uuid4().hex[:12]
        with bound_contextvars(run=run, host=host):
            await self._visit(host, wanted, run)

    async def _visit(self, host: str, wanted: list[Source], run: str) -> None:
        try:
            outcomes = await self._fetch(wanted, run)
        except Exception as error:
            await self._rest(f"host:{host}", wanted, "crawl_failed", error)
            return
        log.info("crawled", outcomes={outcome.source: outcome.name for outcome in outcomes})
        for source in await self._query(lambda c: observe.waiting(c, wanted, at=self.wiring.clock())):
            await self.read(source.id)

    async def read(self, source_id: str) -> None:
        """Read what is stored and unread of a source; look again at what waits for time."""
        source = self.wiring.source(source_id)
        if source is None:
            return
        with bound_contextvars(source=source_id):
            await self._observe(source)

    async def _observe(self, source: Source) -> None:
        try:
            seen = await self._query(lambda c: catch_up(c, source, at=self.wiring.clock()))
        except Exception as error:
            await self._rest(f"source:{source.id}", [source], "observe_failed", error)
            return
        if seen.events:
            log.info("observed", events=len(seen.events))
            await self._defer(self._route, lock="route")

    async def route(self) -> None:
        """Turn events nobody has routed into deliveries, and wake the receivers that have some due."""
        wiring = self.wiring
        await self._query(
            lambda c: outbox.route_pending(
                c,
                wiring.configuration.alerts,
                wiring.clock(),
                group_wait=wiring.pace.group_wait,
                deliver_imports=wiring.deliver_imports,
                base_url=wiring.configuration.base_url,
            )
        )
        await self._wake_receivers()

    async def deliver(self, receiver: str) -> None:
        """Send what is due to one receiver, in order, at the receiver's rate."""
        notifier = registry.notifier(self.wiring.configuration.alerts, receiver, self.wiring.configuration.allow_hosts)
        drain = partial(
            deliver.drain,
            lambda: connect.connect(self.wiring.database_url, autocommit=True),
            receiver,
            notifier,
            clock=self.wiring.clock,
            pace=self.wiring.pace.messages,
            ahead=self.wiring.pace.ahead,
        )
        with bound_contextvars(receiver=receiver):
            run = contextvars.copy_context().run  # what the thread logs names the receiver too
            result = await asyncio.get_running_loop().run_in_executor(self._tellers, run, drain)
        log.info("delivered", receiver=receiver, sent=result.sent, retried=result.retried, parked=result.parked)

    # ------------------------------------------------------------- clocks

    async def tick(self) -> None:
        """Ask what is due and put it in the queue; what is queued already is left alone."""
        now = self.wiring.clock()
        due = await self._query(lambda c: agenda.due(c, now, pause=self.wiring.pace.visits))
        asked = time.monotonic()
        for host in due.hosts:
            if time.monotonic() - asked > OLD:
                break  # others have seen to some of them by now: the next tick asks anew
            await self._defer_rested(self._crawl, f"host:{host}", now, host=host)
        for source_id in due.unread:
            await self._defer_rested(self._read, f"source:{source_id}", now, source_id=source_id)
        if due.unrouted:
            await self._defer(self._route, lock="route")
        await self._wake(due.receivers)

    async def meet_deliveries(self) -> None:
        """Wake the receivers to whom something falls due soon: they are ready for it when it does."""
        until = self.wiring.clock() + self.wiring.pace.ahead
        await self._wake(await self._query(lambda c: agenda.receivers_due(c, until)))

    async def end_stalled(self) -> None:
        """End the jobs of a worker that was killed, or stands still: the next tick makes new ones of what is due still.

        Not the same job again: a worker that goes on after all ends its own late, and would end that of another.
        """
        manager = self.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self.wiring.pace.stalled_after):
            log.warning("a job whose worker is gone was ended", job=job.call_string)
            with contextlib.suppress(ConnectorException):  # another scheduler has ended it
                await manager.finish_job(job, procrastinate.jobs.Status.FAILED, delete_job=True)

    async def watch_health(self) -> None:
        """Tell once when a source breaks, goes stale or recovers, and what troubles the wire itself."""
        now, home = self.wiring.clock(), self.wiring.configuration.home
        if waited := await self._query(lambda c: setbacks.come_back(c, now)):
            log.warning("a clock had run ahead: what waited for its time no longer does", rows=waited)
        told = await self._query(lambda c: health.watch(c, now=now))
        told += await self._query(lambda c: troubles.watch(c, vitals.findings(c, home, now=now), now=now))
        if told:
            await self._defer(self._route, lock="route")

    async def turn_calendar(self) -> None:
        """Milestones and scheduled prices come due by the calendar, page or no page."""
        told = 0
        now = self.wiring.clock()
        watched = self.wiring.configuration.sources
        for source in await self._query(lambda c: observe.waiting(c, watched, at=now)):  # one question for all of them
            told += await self._query(partial(observe.turn_calendar, source=source, at=now))
        if told:
            await self._defer(self._route, lock="route")

    async def keep_house(self) -> None:
        """Drop finished jobs older than a day."""
        await self.app.job_manager.delete_old_jobs(nb_hours=24, include_failed=True, include_cancelled=True)

    def beats(self) -> Sequence[tuple[Work, float]]:
        """What the clocks do, and every how many seconds."""
        pace = self.wiring.pace
        return (
            (self.tick, pace.tick),
            (self.meet_deliveries, pace.tick),
            (self.end_stalled, pace.stalled_check),
            (self.watch_health, pace.health),
            (self.turn_calendar, pace.calendar),
            (self.keep_house, pace.housekeeping),
        )

    async def reconfigure(self, load: Callable[[], Configuration]) -> bool:
        """Take up a changed configuration and its sources; a broken one is logged, and the old one stays."""
        try:
            configuration = await asyncio.to_thread(load)
            rows = [registration(source) for source in configuration.sources]
            await self._query(lambda c: sources.register(c, rows, self.wiring.clock()))
        except Exception as error:
            log.error("configuration not taken, the old one stays", because=str(error))
            return False
        self.wiring = replace(self.wiring, configuration=configuration)
        log.info("configuration read again", file=str(configuration.file), sources=len(rows))
        return True

    # ------------------------------------------------------------- plumbing

    async def _wake_receivers(self) -> None:
        now = self.wiring.clock()
        await self._wake((await self._query(lambda c: agenda.due(c, now))).receivers)

    async def _wake(self, receivers: Sequence[str]) -> None:
        """A job for each of them; those that share a channel wait for each other."""
        for receiver in receivers:
            lane = registry.lane(self.wiring.configuration.alerts, receiver)
            await self._defer(self._deliver, lock=f"lane:{lane}", queued=f"receiver:{receiver}", receiver=receiver)

    async def _defer(self, task: Task, *, lock: str, queued: str = "", **arguments: str) -> None:
        """Put a job into the queue unless one like it waits there: of those of one `lock` one runs at a time."""
        with contextlib.suppress(AlreadyEnqueued):
            await task.configure(lock=lock, queueing_lock=queued or lock).defer_async(**arguments)

    async def _query(self, ask: Callable[[connect.Connection], T]) -> T:
        return await asyncio.to_thread(self._in_connection, ask)

    def _in_connection(self, ask: Callable[[connect.Connection], T]) -> T:
        with self.pool.connection() as connection:
            return ask(connection)

    async def _fetch(self, wanted: list[Source], run: str) -> list[Outcome]:
        return await fetch_batch(
            wanted,
            database_url=self.wiring.database_url,
            pool=self.pool,
            clock=self.wiring.clock,
            origin=self.wiring.origin,
            run=run,
            contact=self.wiring.configuration.contact,
            allow_hosts=self.wiring.configuration.allow_hosts,
            robots=self.robots,
        )

    async def _defer_rested(self, task: Task, lock: str, now: datetime, **arguments: str) -> None:
        if self._resting.get(lock, now) <= now:
            await self._defer(task, lock=lock, **arguments)

    async def _rest(self, lock: str, concerned: list[Source], code: str, error: Exception) -> None:
        """A fault of ours: a person should see it, and the same work is not tried again at every tick.

        That the database went away or is full is none of the work's: it is tried again soon, and no source is blamed.
        """
        if connect.is_down(error):
            self._resting[lock] = self.wiring.clock() + RESTS_BRIEFLY
            log.warning(code, lock=lock, because=str(error).strip())
            return
        self._resting[lock] = self.wiring.clock() + RESTS
        log.error(code, lock=lock, exc_info=error)
        problem = Issue(code=code, message=f"{type(error).__name__}: {error}"[:500], fatal=True)
        for source in concerned:
            await self._query(
                partial(issues.note, source=source.id, issues=[problem], at=self.wiring.clock(), seq=None)
            )
