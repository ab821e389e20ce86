"""The clocks of one process: APScheduler over the running loop, which says when and nothing else."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger("aiwire.clocks")

Work = Callable[[], Awaitable[None]]
DRAIN_SECONDS = 10


@contextlib.asynccontextmanager
async def ticking(beats: Sequence[tuple[Work, float]]) -> AsyncIterator[None]:
    """Do each work every so many seconds, one at a time, until the block ends; what runs then is waited for.

    The clocks are paused and drained before they are shut down: shutdown cancels jobs.
    """
    clocks = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    running: set[asyncio.Task[None]] = set()
    for work, seconds in beats:
        clocks.add_job(_guarded, "interval", seconds=seconds, args=(work, running), id=work.__name__)
    clocks.start()
    try:
        yield
    finally:
        clocks.pause()
        if running:
            await asyncio.wait(running, timeout=DRAIN_SECONDS)
        clocks.shutdown(wait=False)


async def _guarded(work: Work, running: set[asyncio.Task[None]]) -> None:
    """A clock that fails once (the database restarts, say) is logged and ticks again."""
    task = asyncio.current_task()
    if task is not None:
        running.add(task)
    try:
        await work()
    except Exception:
        log.exception("clock failed", clock=work.__name__)
    finally:
        if task is not None:
            running.discard(task)
