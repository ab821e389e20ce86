"""The life of a process that ticks, works or both: begun, begun anew when its database was gone, drained at the end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import structlog
from procrastinate.exceptions import ConnectorException

from clocks import ticking
from configuration import Configuration, load_configuration
from store import connect
from wire import AT_A_TIME, Wire
from wiring import Wiring

log = structlog.get_logger("aiwire.scheduler")

LOST = 1.0  # seconds between two looks whether a database that went away is back


async def run(
    wiring: Wiring,
    stop: asyncio.Event,
    *,
    ticks: bool = True,
    works: bool = True,
    changed: asyncio.Event | None = None,
    load: Callable[[], Configuration] = load_configuration,
) -> None:
    """Run the clocks (`ticks`), a worker (`works`) or both until `stop` is set, then drain and return.

    Whenever `changed` is set, the configuration is loaded again. When the database goes away everything begins anew,
    with new connections, as soon as it is back; only at the start that is an error.
    """
    wire = await asyncio.to_thread(Wire, wiring)
    while True:
        try:
            async with wire.app.open_async(), _following(wire, changed, load), ticking(wire.beats() if ticks else ()):
                await (_work(wire, stop) if works else stop.wait())
            if not stop.is_set():
                log.warning("the queue is out of reach, beginning anew")
        except ConnectorException as error:
            log.warning("the queue is out of reach, beginning anew", because=str(error.__cause__ or error).strip())
        finally:
            await asyncio.to_thread(wire.close)
        if (again := await _renewed(wire, stop)) is None:
            return
        wire = again


async def _renewed(wire: Wire, stop: asyncio.Event) -> Wire | None:
    """Another one like it, once the database answers; None: told to stop meanwhile."""
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOST)
            return None
        try:
            return await asyncio.to_thread(Wire, wire.wiring)
        except connect.StoreError as error:
            log.warning("the database is not back yet", because=str(error))
    return None


@contextlib.asynccontextmanager
async def _following(
    wire: Wire, changed: asyncio.Event | None, load: Callable[[], Configuration]
) -> AsyncIterator[None]:
    async def follow(changed: asyncio.Event) -> None:
        while await changed.wait():
            changed.clear()
            await wire.reconfigure(load)

    following = asyncio.create_task(follow(changed)) if changed is not None else None
    try:
        yield
    finally:
        if following is not None:
            following.cancel()


async def _work(wire: Wire, stop: asyncio.Event) -> None:
    workers = [asyncio.create_task(_worker(wire, queue, jobs)) for queue, jobs in AT_A_TIME.items()]
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({*workers, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    for worker in workers:
        worker.cancel()  # procrastinate's way to stop: it finishes what runs, then returns
    for ended in await asyncio.gather(*workers, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


async def _worker(wire: Wire, queue: str, jobs: int) -> None:
    pace = wire.wiring.pace
    await wire.app.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=jobs,
        install_signal_handlers=False,
        delete_jobs="successful",
        fetch_job_polling_interval=pace.poll,
        update_heartbeat_interval=pace.heartbeat,
        stalled_worker_timeout=pace.stalled_after,
        shutdown_graceful_timeout=8,
    )
