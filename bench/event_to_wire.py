"""From a committed event to the request that Slack gets, beyond the time that changes of one page are waited for.

All of it is real: a worker process with the clocks, its queue, a server that waits for the disk, and pages of made-up
providers that change one price at random moments. The worker fetches and reads them itself; the receiver is the local
stand-in for Slack. An event counts as committed when its transaction had the time it was recorded at, a little before
the commit. There is no floor: the budget is a second.
"""

import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alerts.receiver import SlackReceiver
from bench import grounds
from bench.measures import Result, at_most, percentile
from bench.pages import PricePage
from bench.session import Session
from crawler.origin import Origin
from crawler.registration import registration
from crawler.source import Source
from store import sources
from store.connect import Connection, connect
from wiring import Pace

MOST = 1.0  # seconds
PROVIDERS = 20  # each with a page and a receiver: a receiver gets one message a second
MODELS = 12  # of each: what changes twice within the group wait is one message
EVERY = 0.6  # seconds between two changes, on average
SOURCE = """
[[source]]
id = "{name}"
provider = "{name}"
kind = "pricing"
url = "https://{name}.example/pricing"
trust = "official"
every = "1h"

[[receiver]]
name = "{name}"
slack = {{ webhook = "http://{address}/services/{name}", allow_hosts = ["{address}"] }}

[[route]]
receiver = "{name}"
kinds = ["price.changed"]
providers = ["{name}"]
"""


@dataclass(kw_only=True)
class Provider:
    """One page, as its origin serves it."""

    name: str
    page: PricePage = field(default_factory=lambda: PricePage(models=MODELS))

    @property
    def source(self) -> Source:
        """As the configuration has it."""
        url = f"https://{self.name}.example/pricing"
        return Source(
            id=self.name, provider=self.name, kind="pricing", url=url, trust="official", every=timedelta(hours=1)
        )


def run(session: Session) -> Iterator[Result]:
    """The 99th percentile."""
    with grounds.database(durable=True) as ground, SlackReceiver() as receiver:
        providers = [Provider(name=f"bench-{number}") for number in range(PROVIDERS)]
        file = ground.home / "aiwire.toml"
        file.write_text("".join(SOURCE.format(name=one.name, address=receiver.address) for one in providers))
        changes = session.size(200, quick=12)
        taken = asyncio.run(_rehearse(ground, receiver, providers, file, changes))
    assert len(taken) == changes, f"{len(taken)} messages came of {changes} changes"
    yield at_most(
        "event_to_wire",
        percentile(taken, 0.99),
        MOST,
        "s",
        of="(p99) beyond the group wait",
        more={
            "messages": len(taken),
            "median_s": statistics.median(taken),
            "worst_s": max(taken),
            "group_wait_s": Pace().group_wait.total_seconds(),
        },
    )


async def _rehearse(
    ground: grounds.Ground, receiver: SlackReceiver, providers: list[Provider], file: Path, changes: int
) -> list[float]:
    environment = {
        **os.environ,
        "DATABASE_URL": ground.url,
        "AIWIRE_CONFIG": str(file),
        "AIWIRE_HOME": str(ground.home),
    }
    with connect(ground.url, autocommit=True) as connection:
        sources.register(connection, [registration(one.source) for one in providers], datetime.now(UTC))
        async with Origin() as origin:
            for one in providers:
                _serve(origin, one)
            command = [sys.executable, "-m", "cli", "worker", "--with-scheduler", "--origin", origin.address]
            with grounds.server(command, environment, ground.home / "worker.log"):
                await _until(connection, "SELECT count(*) = %s FROM capture WHERE verdict = 'good'", PROVIDERS)
                await _change(connection, origin, providers, changes)
                wait = Pace().group_wait.total_seconds()
                await _until(connection, "SELECT count(*) = %s FROM delivery WHERE state = 'sent'", changes, wait + 60)
        return _taken(connection, receiver)


async def _change(connection: Connection, origin: Origin, providers: list[Provider], changes: int) -> None:
    dice = random.Random(21)
    for number in range(changes):
        one = providers[number % len(providers)]
        one.page.change_model(number // len(providers))
        _serve(origin, one)
        await asyncio.to_thread(
            connection.execute, "UPDATE source_state SET next_due_at = now() WHERE source = %s", [one.name]
        )
        await asyncio.sleep(dice.expovariate(1 / EVERY))


def _taken(connection: Connection, receiver: SlackReceiver) -> list[float]:
    """Seconds from each event to its message, less the group wait."""
    rows = connection.execute(
        "SELECT message_key, min(recorded_at) FROM delivery JOIN event ON event.id = ANY(delivery.events) GROUP BY 1"
    )
    recorded = {key: at.timestamp() for key, at in rows}
    offset = time.time() - time.monotonic()  # the receiver's clock is the monotonic one
    wait = Pace().group_wait.total_seconds()
    return [message.at + offset - recorded[message.id] - wait for message in receiver.messages]


def _serve(origin: Origin, provider: Provider) -> None:
    origin.serve(provider.source.url, provider.page.html().encode())


async def _until(connection: Connection, question: str, wanted: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        row = await asyncio.to_thread(lambda: connection.execute(question.encode(), [wanted]).fetchone())
        if row and row[0]:
            return
        assert time.monotonic() < deadline, f"after {seconds} s: {question} is not {wanted}"
        await asyncio.sleep(0.2)
