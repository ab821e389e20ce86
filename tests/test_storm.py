"""Alerts in a storm: a Slack that fails in every way it can, workers and database killed at random; nothing is lost.

The workers are real processes with the whole queue, over a Postgres of their own. Pauses are waited for by a clock
that runs a hundred times as fast as the real one; the time between two messages is real.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from alerts.receiver import Answer, SlackReceiver
from store import clock, deliveries, embedded, events, sources
from store.connect import Connection, StoreError, connect
from store.migrate import migrate
from store.sources import SourceRow
from tests.alerts.examples import event, reference
from timeline.events import Event

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
FASTER = 100  # simulated seconds in a real one
MODELS = 40
ROOT = Path(__file__).resolve().parent.parent
WORKER = """
import asyncio, sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import logs, scheduler, wiring
from configuration import load_configuration
from store.clock import DatabaseClock

url, home, pace = sys.argv[1:]
logs.configure()
configuration = replace(load_configuration({"AIWIRE_HOME": home}, folder=Path(home)), sources=())
pace = replace(wiring.REHEARSAL, tick=0.25, messages=timedelta(seconds=float(pace)), group_wait=timedelta(0))
told = wiring.Wiring(configuration=configuration, database_url=url, clock=DatabaseClock(url), pace=pace)
asyncio.run(scheduler.run(told, asyncio.Event()))
"""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much of a storm."""

    events: int
    workers_killed: int
    databases_killed: int
    pace: float  # seconds between two messages
    seconds: float  # it must be over by then


@dataclass(kw_only=True)
class Weather:
    """Slack's answers, by chance, and what it knows of them afterwards."""

    chance: random.Random
    now: datetime = T0  # simulated
    unacknowledged: int = 0  # taken, and never said so
    pause_until: datetime = T0
    too_early: list[timedelta] = field(default_factory=list)
    given: dict[str, int] = field(default_factory=dict)
    posts: list[float] = field(default_factory=list)

    def answer(self) -> Answer:
        """The next answer. Asked once a post, under the server's lock."""
        self.posts.append(time.monotonic())
        if self.now < self.pause_until:
            self.too_early.append(self.pause_until - self.now)
        name = self.chance.choices(list(ANSWERS), [share for share, _ in ANSWERS.values()])[0]
        self.given[name] = self.given.get(name, 0) + 1
        found = ANSWERS[name][1]
        if name == "429":
            wait = self.chance.choice((2, 5, 30))
            self.pause_until = self.now + timedelta(seconds=wait)
            found = Answer(status=429, body="rate_limited", headers={"Retry-After": str(wait)})
        if name.endswith("after"):
            self.unacknowledged += 1
        return found


ANSWERS = {
    "200": (85.2, Answer()),
    "429": (4.0, Answer()),
    "500": (3.0, Answer(status=500, body="rollup_error")),
    "503": (3.0, Answer(status=503)),
    "slow before": (0.2, Answer(cut="before", delay=3.4)),
    "slow after": (0.2, Answer(delay=3.4)),
    "reset before": (1.7, Answer(cut="before")),
    "reset after": (1.7, Answer(cut="after")),
    "400": (0.7, Answer(status=400, body="invalid_blocks")),
    "404": (0.3, Answer(status=404, body="no_service")),
}
"""Shares in a hundred."""


@dataclass(kw_only=True)
class Storm:
    """The processes, and the hand that kills them."""

    home: Path
    url: str
    size: Size
    weather: Weather
    chance: random.Random
    receiver: SlackReceiver
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed_workers: int = 0
    killed_databases: int = 0
    inserted: int = 0
    connection: Connection | None = None

    def run(self) -> None:
        """Until every event was told."""
        began, step = time.monotonic(), 0
        worker_kills = self._moments(self.size.workers_killed)
        database_kills = self._moments(self.size.databases_killed)
        while not self._done():
            assert time.monotonic() - began < self.size.seconds, self._where()
            step += 1
            self._look(T0 + timedelta(seconds=FASTER * (time.monotonic() - began)))
            self._tend()
            told = len(self.receiver.told)
            if worker_kills and told >= worker_kills[0]:
                worker_kills.pop(0)
                self._kill_worker()
            if database_kills and told >= database_kills[0]:
                database_kills.pop(0)
                self._kill_database()
            time.sleep(0.04 + self.chance.random() * 0.04)

    def _moments(self, kills: int) -> list[int]:
        return sorted(self.chance.randrange(5, self.size.events - 5) for _ in range(kills))

    def _done(self) -> bool:
        if self.inserted < self.size.events:
            return False
        with suppress(psycopg.Error, StoreError):
            row = (
                self._open()
                .execute("SELECT count(*) FROM delivery WHERE receiver = 'finops' AND state = 'sent'")
                .fetchone()
            )
            return bool(row and row[0] == self.size.events)
        return False

    def _open(self) -> Connection:
        if self.connection is None or self.connection.closed:
            self.connection = connect(self.url, autocommit=True)
        return self.connection

    def _look(self, now: datetime) -> None:
        """Set the clock, let things happen, and do what an operator would: try again what was given up."""
        try:
            connection = self._open()
            clock.set_rehearsal(connection, now)
            self.weather.now = now
            deliveries.unpark(connection, "finops", now)
            waits = self.inserted - len(self.receiver.told)
            if self.inserted < self.size.events and waits < 40:
                count = min(20, self.size.events - self.inserted)
                events.insert(connection, [happening(self.inserted + n) for n in range(count)])
                self.inserted += count
        except (psycopg.Error, StoreError):
            if self.connection is not None:
                self.connection.close()

    def _tend(self) -> None:
        """Two workers at any time, as a supervisor would see to."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < 2:
            command = [sys.executable, "-c", WORKER, self.url, str(self.home), str(self.size.pace)]
            with (self.home / "worker.log").open("ab") as log:
                self.workers.append(subprocess.Popen(command, stderr=log, stdout=log, cwd=ROOT))

    def _kill_worker(self) -> None:
        """The one that sends: it has lived longest."""
        self.workers[0].kill()
        self.workers[0].wait()
        self.killed_workers += 1

    def _kill_database(self) -> None:
        pid = embedded.status(self.home).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        self.killed_databases += 1
        embedded.start(self.home, scratch=True)

    def _where(self) -> str:
        states = self._open().execute("SELECT receiver, state, count(*) FROM delivery GROUP BY 1, 2").fetchall()
        log = (self.home / "worker.log").read_text(errors="replace")[-2000:]
        return f"{self.inserted} inserted, {len(self.receiver.told)} told, {states}, {self.weather.given}\n{log}"

    def stop(self) -> None:
        """No process of ours is left."""
        for worker in self.workers:
            worker.kill()
            worker.wait()
        if self.connection is not None:
            self.connection.close()


def happening(number: int) -> Event:
    """The n-th event; models take turns, so that their order can be looked at."""
    at = T0 + timedelta(seconds=number)
    return event(
        "source.broken", f"m{number % MODELS}", key=f"k{number}", headline=f"number {number}", observed_at=at,
        after=reference(number, at),
    )  # fmt: skip


@contextmanager
def storm(size: Size, seed: int) -> Iterator[Storm]:
    home = Path(tempfile.mkdtemp(prefix="aiwire-storm-"))
    chance = random.Random(seed)
    weather = Weather(chance=random.Random(seed + 1))
    try:
        url = embedded.start(home, scratch=True).url
        migrate(url)
        with SlackReceiver() as receiver, connect(url, autocommit=True) as connection:
            receiver.otherwise = weather.answer
            row = SourceRow(
                id="openai-lifecycle", provider="openai", kind="lifecycle", url="https://x.example", trust="official",
                every=timedelta(minutes=10),
            )  # fmt: skip
            sources.register(connection, [row], T0)
            clock.set_rehearsal(connection, T0)
            hook = f'slack = {{ webhook = "{receiver.webhook}", allow_hosts = ["{receiver.address}"], timeout = "3s" }}'
            route = '[[route]]\nreceiver = "finops"\nkinds = ["source.broken"]\n'
            (home / "aiwire.toml").write_text(f'[[receiver]]\nname = "finops"\n{hook}\n{route}')
            blowing = Storm(home=home, url=url, size=size, weather=weather, chance=chance, receiver=receiver)
            try:
                yield blowing
            finally:
                blowing.stop()
    finally:
        embedded.stop(home)
        shutil.rmtree(home, ignore_errors=True)


IN_TESTS = Size(events=500, workers_killed=2, databases_killed=1, pace=0.004, seconds=280)
TORTURE = Size(events=10_000, workers_killed=40, databases_killed=10, pace=0.01, seconds=2400)


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(IN_TESTS, id="500", marks=pytest.mark.timeout(300)),
        pytest.param(TORTURE, id="10000", marks=[pytest.mark.torture, pytest.mark.timeout(2700)]),
    ],
)
def test_a_storm_loses_nothing_and_repeats_at_most_one_message_a_kill(
    size: Size, record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    with storm(size, seed=20260812) as blowing:
        blowing.run()
        connection, receiver, weather = blowing._open(), blowing.receiver, blowing.weather
        kills = blowing.killed_workers + blowing.killed_databases
        keys = [row[0] for row in connection.execute("SELECT message_key FROM delivery WHERE receiver = 'finops'")]
        parked = {
            row[0]
            for row in connection.execute(
                "SELECT message_key FROM delivery_attempt AS attempt JOIN delivery ON delivery.id = attempt.delivery "
                "WHERE outcome IN ('parked', 'disabled')"
            )
        }
        order = order_of(connection)
        first = {message.id: message.at for message in reversed(receiver.messages)}
        lost = set(keys) - set(receiver.told)
        repeated = sum(times - 1 for times in receiver.told.values())
        gaps = [later - earlier for earlier, later in pairwise(weather.posts)]
        swapped = [
            (key, after)
            for own in order.values()
            for key, after in pairwise(own)
            if first[key] > first[after] and key not in parked
        ]
        notices = connection.execute("SELECT count(*) FROM delivery WHERE receiver = 'terminal'").fetchone()
    figures = {
        "events": len(keys), "lost": len(lost), "posts": len(weather.posts), "answers": weather.given,
        "kills": kills, "of the database": blowing.killed_databases, "taken without an answer": weather.unacknowledged,
        "repeated": repeated, "out of order": len(swapped), "given up and tried again": len(parked),
        "shortest gaps ms": [round(gap * 1000, 1) for gap in sorted(gaps)[:5]], "pace ms": size.pace * 1000,
        "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip
    record_property("storm", figures)
    if size is TORTURE:
        with capsys.disabled():
            print(f"\nstorm: {figures}")  # noqa: T201  the figures are what it is run for
    assert len(keys) == len(set(keys)) == size.events
    assert lost == set()
    assert repeated <= kills + weather.unacknowledged
    assert swapped == []
    assert min(gaps) >= size.pace
    assert weather.too_early == [], "Retry-After is kept"
    assert notices is not None
    assert (notices[0] > 0) == bool(parked), "what is given up is told to another receiver"
    assert (blowing.killed_workers, blowing.killed_databases) == (size.workers_killed, size.databases_killed)


def order_of(connection: Connection) -> dict[str, list[str]]:
    """The messages of each model, in the order of their events."""
    found: dict[str, list[str]] = {}
    for subject, key in connection.execute(
        "SELECT message -> 'subjects' ->> 0, message_key FROM delivery WHERE receiver = 'finops' ORDER BY id"
    ):
        found.setdefault(subject, []).append(key)
    return found
