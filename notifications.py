"""What wakes the workers: the queue's notifications, and nothing else that anybody may say on its channels."""

import asyncio
import json
from collections.abc import Iterable
from typing import Final

import procrastinate
import structlog
from procrastinate.connector import Notify

from store import connect

INSERTED: Final = "job_inserted"
"""The one kind of notification that is acted upon; jobs are never aborted here."""

log = structlog.get_logger("aiwire.queue")


class WaryConnector(procrastinate.PsycopgConnector):
    """Drops what is no notification of a job.

    Postgres lets every role send NOTIFY, the reader too, and nobody can take that from it. Procrastinate 3.10 ends the
    worker over a payload it cannot read, and aborts the jobs that a payload names. A worker woken for nothing only
    looks for jobs once more than it had to.
    """

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """As the queue's own, for what `is_insertion`."""

        async def wary(*, channel: str, payload: str) -> None:
            await heed(on_notification, channel=channel, payload=payload)

        await super().listen_notify(wary, channels)


async def heed(on_notification: Notify, *, channel: str, payload: str) -> None:
    """Pass a notification of a job on, and drop any other. Raises CancelledError where the listener is to end.

    A cancellation that comes together with a notification is lost on its way (asyncio.wait_for of Python 3.11): with
    many workers there is always another notification, and the process would never end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
    if is_insertion(payload):
        await on_notification(channel=channel, payload=payload)
    else:
        log.warning("a notification that is not the queue's was ignored", channel=channel)


def is_insertion(payload: str) -> bool:
    """Whether a payload says that a job came, in the form the queue's trigger writes."""
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("type") == INSERTED and isinstance(said.get("job_id"), int)


def queue_app(database_url: str) -> procrastinate.App:
    """The queue in the same Postgres as everything else."""
    connector = WaryConnector(
        conninfo=connect.conninfo(database_url),
        min_size=1,
        max_size=6,
        timeout=connect.CONNECT_TIMEOUT,
        reconnect_timeout=connect.RECONNECT_SECONDS,
    )
    return procrastinate.App(connector=connector)
