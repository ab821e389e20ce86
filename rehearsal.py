"""`aiwire demo`: the whole system in rehearsal.

A local origin serves each capture at its date; the real spiders, queue, database and alerts run in a worker process
while a discrete clock, kept in the database, steps from capture to capture. Nothing leaves the machine.
"""

import asyncio
import itertools
import json
import os
import random
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

from alerts.receiver import SlackReceiver
from crawler.origin import Origin
from crawler.registration import registration
from crawler.replay import Line, Manifest
from store import agenda, clock, connect, migrate, rehearsals, sources
from timeline.issues import AiwireError

SECOND_LOOKS = (timedelta(minutes=30), timedelta(hours=6, minutes=30))
"""When a rehearsal looks again at what waits for a second look: a running wire would have, every few minutes."""
IDLE_SECONDS = 120
CONFIGURATION = """\
[[receiver]]
name = "rehearsal"
terminal = {}
"""
"""Where there is none of the reader's own: one receiver with the default routes."""

Say = Callable[[str], None]


class RehearsalStuckError(AiwireError):
    """The wire did not come to rest after a step of the clock."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a rehearsal came to; `told` counts messages by their id, so that a duplicate shows."""

    steps: int
    fetches: Mapping[str, int]
    events: int
    deliveries: int
    told: Mapping[str, int]
    kills: int
    price_changes: int  # as timeline.price_changes has them
    price_changes_served: int  # as /v1/events has them

    def in_words(self) -> str:
        """One line for a person."""
        fetches = ", ".join(f"{number} {name}" for name, number in self.fetches.items())
        twice = sum(times - 1 for times in self.told.values())
        again = f", {twice} of them twice" if twice else ""
        kills = f"; the worker was killed {self.kills} times" if self.kills else ""
        return (
            f"{self.steps} steps of the clock: {sum(self.fetches.values())} requests ({fetches}), "
            f"{self.events} events, {sum(self.told.values())} messages{again}{kills}; "
            f"{self.price_changes} changes of a price by SQL, {self.price_changes_served} by the API"
        )


@dataclass(kw_only=True)
class _Worker:
    """The worker process of a rehearsal; killed now and then when asked to."""

    environment: dict[str, str]
    port: int  # of the API and the pages
    origin: str
    stand_in: str  # the address that gets what every receiver would
    log: Path
    kills_left: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311  not a secret
    process: asyncio.subprocess.Process | None = None
    api: asyncio.subprocess.Process | None = None
    killed: int = 0
    at: datetime | None = None  # what the clock of the rehearsal shows

    @property
    def site(self) -> str:
        """Where the API and the pages of this rehearsal are."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start the worker, with the clocks; and the API, once."""
        self.process = await self._part(
            "worker", "--with-scheduler", "--origin", self.origin, "--stand-in", self.stand_in
        )
        self.api = self.api or await self._part("serve")

    async def _part(self, *verb: str) -> asyncio.subprocess.Process:
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "cli", *verb,
                "--rehearsal", "--port", str(self.port), "--parent", str(os.getpid()),
                env=self.environment, stderr=log, stdout=log,
            )  # fmt: skip

    async def tend(self) -> None:
        """Start it again when it has died; kill it when the dice say so."""
        process = self.process
        if process is None or process.returncode is not None:
            if self.killed == 0 and process is not None:
                raise RehearsalStuckError(
                    f"the worker ended by itself (exit {process.returncode}); its log: {self.log}"
                )
            await self.start()
        elif self.kills_left and self.chance.random() < 0.05:
            self.kills_left -= 1
            self.killed += 1
            process.kill()
            await process.wait()

    async def stop(self) -> None:
        """Let both finish what they have begun; kill what does not end."""
        for process in (self.process, self.api):
            if process is None or process.returncode is not None:
                continue
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), 10)
            except TimeoutError:
                process.kill()
                await process.wait()


async def rehearse(
    manifest: Manifest,
    *,
    home: Path,
    database_url: str,
    say: Say,
    show: Callable[[dict[str, object]], None],
    file: Path | None = None,
    kills: int = 0,
    seed: int = 0,
    linger: Callable[[str], None] = lambda site: None,
) -> Outcome:
    """Run every capture of `manifest` through the wire in a fresh database at `database_url`.

    `file` is the aiwire.toml whose routes, workloads, contracts and sources count; its receivers get nothing. `show`
    is called with each message as the Slack stand-in got it, and `at` which time of the rehearsal; `linger` at the end,
    with the address of the pages, which are gone when it returns. Raises RehearsalStuckError when the wire does not
    come to rest.
    """
    migrate.migrate(database_url)
    steps = _steps(manifest)
    with connect.connect(database_url, autocommit=True) as connection:
        clock.set_rehearsal(connection, steps[0][0])

        def hand_on(message: dict[str, object]) -> None:
            show({**message, "at": worker.at.isoformat() if worker.at else None})

        async with Origin() as origin, SlackReceiver(on_message=hand_on, folder=home) as receiver:
            worker = _worker(home, database_url, origin.address, receiver.webhook, file, kills=kills, seed=seed)
            await worker.start()
            try:
                for at, lines in steps:
                    # A source begins with its first capture: before that its address would answer 404.
                    sources.register(connection, [registration(line.source) for line in lines], at, only_add=True)
                    for line in lines:
                        origin.serve(line.source.url, line.read(), content_type=line.content_type)
                    say(f"{at:%Y-%m-%d %H:%M}  " + ", ".join(f"{line.source.id} changes" for line in lines))
                    await _run_to(connection, worker, at)
                    following = _next_of(steps, at)
                    await _look_again(connection, worker, at, following)
                    await _turn_pages(connection, worker, at, following)
                await _run_to(connection, worker, steps[-1][0] + timedelta(days=1))
                served = await asyncio.to_thread(_price_changes_served, worker.site)
                await asyncio.to_thread(linger, worker.site)
            finally:
                await worker.stop()
            return Outcome(
                steps=len(steps),
                told=dict(receiver.told),  # a Counter does not survive asdict
                kills=worker.killed,
                price_changes_served=served,
                **rehearsals.totals(connection),
            )


def _worker(
    home: Path, database_url: str, origin: str, stand_in: str, file: Path | None, *, kills: int, seed: int
) -> _Worker:
    if file is None:
        file = home / "rehearsal.toml"
        file.write_text(CONFIGURATION, encoding="utf-8")
    return _Worker(
        environment={
            **os.environ,
            "DATABASE_URL": database_url,
            "AIWIRE_CONFIG": str(file.absolute()),
            "AIWIRE_HOME": str(home),
        },
        port=_free_port(),
        origin=origin,
        stand_in=stand_in,
        log=home / "worker.log",
        kills_left=kills,
        chance=random.Random(seed),  # noqa: S311
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _steps(manifest: Manifest) -> list[tuple[datetime, list[Line]]]:
    if not manifest.lines:
        raise AiwireError("no file of this manifest is claimed by a source: there is nothing to rehearse")
    grouped = itertools.groupby(manifest.lines, key=lambda line: line.at)
    return [(at, list(lines)) for at, lines in grouped]


def _next_of(steps: Sequence[tuple[datetime, list[Line]]], at: datetime) -> datetime:
    """When the next captures come; after the last of them, the rehearsal's end."""
    return next((later for later, _ in steps if later > at), steps[-1][0] + timedelta(days=1))


async def _look_again(connection: connect.Connection, worker: _Worker, at: datetime, following: datetime) -> None:
    """Between two captures, the checks a running wire would have made of what waits for a second look."""
    for later in SECOND_LOOKS:
        if at + later >= following:
            return
        if not await asyncio.to_thread(rehearsals.anything_held, connection):
            return
        await _run_to(connection, worker, at + later)


async def _turn_pages(connection: connect.Connection, worker: _Worker, at: datetime, following: datetime) -> None:
    """Between two captures, when a message may go out and the days on which something falls due: a running wire would
    be there.
    """
    while True:
        day = await asyncio.to_thread(rehearsals.next_day, connection, at)
        message = await asyncio.to_thread(rehearsals.next_message, connection, at)
        at = min((due for due in (day, message) if due is not None), default=following)
        if at >= following:
            return
        await _run_to(connection, worker, at)


async def _run_to(connection: connect.Connection, worker: _Worker, at: datetime) -> None:
    """Set the clock to `at` and wait until nothing is due, queued or running."""
    clock.set_rehearsal(connection, at)
    worker.at = at
    loop = asyncio.get_running_loop()
    deadline = loop.time() + IDLE_SECONDS
    while not await asyncio.to_thread(agenda.idle, connection, at):
        await worker.tend()
        if loop.time() > deadline:
            raise RehearsalStuckError(
                f"the wire is not at rest {IDLE_SECONDS} s after {at:%Y-%m-%d %H:%M}: {worker.log}"
            )
        await asyncio.sleep(0.03)


def _price_changes_served(site: str) -> int:
    """How many price changes the API tells, page by page."""
    found, address = 0, f"{site}/v1/events?kind=price.*&baseline=false&limit=500"
    while address:
        with urlopen(address, timeout=30) as answer:  # noqa: S310  our own address
            page = json.load(answer)
        found += len(page["data"])
        following = page.get("next")
        address = urljoin(site, following) if following else ""
    return found
