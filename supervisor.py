"""`aiwire up`: the database, a worker with the clocks, and the API, as one thing that starts and stops together."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from configuration import Configuration
from crawler.registration import registration
from store import bundled, connect, embedded, fetches, migrate, sources
from store.clock import wall_clock
from timeline.issues import AiwireError

STOP_SECONDS = 8  # a child that has not drained by then is killed
READY_SECONDS = 60
RESTART_SECONDS = (1, 2, 5, 15, 30)

Say = Callable[[str], None]


class NotReadyError(AiwireError):
    """A part did not come up; says which, and where its log is."""


@dataclass(frozen=True, kw_only=True)
class Urls:
    """How to reach the database: as its owner, and as the reader. They hold passwords, so they do not print."""

    owner: str = field(repr=False)
    reader: str = field(repr=False)


def database(configuration: Configuration, *, say: Say = lambda text: None) -> Urls:
    """The database of the configuration, the embedded one started if it is not running."""
    if configuration.database_url is not None:
        url = configuration.database_url.reveal()
        return Urls(owner=url, reader=url)  # connect_reader makes it read-only whatever role it names
    running = embedded.start(configuration.home)
    say(f"Postgres {'started' if running.started else 'was running already'} on 127.0.0.1:{running.port}")
    return Urls(owner=running.url, reader=running.reader_url)


def prepare(configuration: Configuration, *, say: Say) -> Urls:
    """Start the database, bring it up to date, register the sources and load the bundled history."""
    urls = database(configuration, say=say)
    if applied := migrate.migrate(urls.owner):
        say(f"database brought up to date ({len(applied)} steps)")
    now = wall_clock()
    with connect.connect(urls.owner, autocommit=True) as connection:
        sources.register(connection, [registration(source) for source in configuration.sources], now)
        if added := bundled.load(connection, now=now):
            say(f"bundled history: {added} dated changes to start with")
    return urls


@dataclass(kw_only=True)
class Child:
    """A part of aiwire in a process of its own, started again when it dies."""

    name: str
    arguments: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    restart_at: float = 0.0

    def start(self) -> None:
        """Start it with its log appended to; what it prints for people goes to our own output."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "cli", *self.arguments, "--parent", str(os.getpid())]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)

    def tend(self, say: Say) -> None:
        """Start it again, after a pause that grows, when it has died."""
        if self.process is None or self.process.poll() is None:
            if self.process is None and time.monotonic() >= self.restart_at:
                self.start()
            return
        pause = RESTART_SECONDS[min(self.deaths, len(RESTART_SECONDS) - 1)]
        say(f"{self.name} ended (exit {self.process.returncode}); starting it again in {pause} s. Its log: {self.log}")
        self.deaths += 1
        self.process, self.restart_at = None, time.monotonic() + pause

    def stop(self) -> None:
        """Ask it to drain and end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def reap(self, deadline: float) -> None:
        """Wait for its end until `deadline` (monotonic seconds), then kill it."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def up(configuration: Configuration, *, say: Say, once_ready: Callable[[], None] = lambda: None) -> None:
    """Run everything until SIGINT or SIGTERM. Stops the embedded database too when it was ours to start."""
    with _signals() as stopped:
        urls = prepare(configuration, say=say)
        logs = configuration.home / "log"
        children = [
            Child(name="worker", arguments=["worker", "--with-scheduler"], log=logs / "worker.log"),
            Child(name="api", arguments=["serve"], log=logs / "api.log"),
        ]
        try:
            for child in children:
                child.start()
            _await_ready(configuration, children, stopped)
            if not stopped():
                _greet(configuration, say)
                once_ready()
            with contextlib.closing(_reports(urls.owner, say)) as reports:
                while not stopped():
                    for child in children:
                        child.tend(say)
                    next(reports)
                    time.sleep(0.5)
            say("stopping: the worker finishes what it has begun ...")
        finally:
            for child in children:
                child.stop()
            deadline = time.monotonic() + STOP_SECONDS
            for child in children:
                child.reap(deadline)
            if configuration.database_url is None:
                embedded.stop(configuration.home)
        say("stopped; nothing is left running")


def _await_ready(configuration: Configuration, children: Sequence[Child], stopped: Callable[[], bool]) -> None:
    api = children[-1]
    deadline = time.monotonic() + READY_SECONDS
    while not stopped():
        with (
            contextlib.suppress(URLError, OSError, TimeoutError),
            urlopen(  # noqa: S310  our own address
                f"{_local(configuration)}/livez", timeout=2
            ),
        ):
            return
        if api.process is not None and api.process.poll() is not None:
            last = api.log.read_text(errors="replace").strip().splitlines()[-1:] or ["it printed nothing"]
            raise NotReadyError(f"the API ended at once: {last[0]} (log: {api.log})")
        if time.monotonic() > deadline:
            where = _local(configuration)
            raise NotReadyError(f"the API did not answer on {where} within {READY_SECONDS} s (log: {api.log})")
        time.sleep(0.1)


def _local(configuration: Configuration) -> str:
    host = "127.0.0.1" if configuration.host in ("0.0.0.0", "::") else configuration.host  # noqa: S104
    return f"http://{host}:{configuration.port}"


def _greet(configuration: Configuration, say: Say) -> None:
    say(f"ready. The timeline is at {configuration.base_url}, the API at {configuration.base_url}/v1/events")
    say('query it: `aiwire sql "SELECT * FROM timeline.price_changes LIMIT 5"`; stop with Ctrl-C')
    where = configuration.file or "no aiwire.toml found, so"
    if configuration.alerts.receivers_named:
        say(f"alerts go to {', '.join(configuration.alerts.receivers_named)} (from {where})")
    else:
        say(f"{where} alerts are printed here; aiwire.toml.example shows how to send them to Slack")


def _reports(url: str, say: Say) -> Generator[None, None, None]:
    """On each turn, say what is new about the captures: the first round, and the network going and coming back."""
    told: str | None = None
    began = datetime.now(UTC)
    turn = 0
    while True:
        turn += 1
        if turn % 4 == 1:
            with contextlib.suppress(AiwireError), connect.connect(url, autocommit=True) as connection:
                text = _network(fetches.reachability(connection, since=began))
                if text != told and text:
                    say(text)
                    told = text
        yield


def _network(reach: fetches.Reachability) -> str:
    if reach.attempts == 0:
        return ""
    if reach.answered == 0 and reach.pending == 0:
        again = f"{reach.next_try:%H:%M:%S} UTC" if reach.next_try else "the next interval"
        return f"no network: none of {reach.hosts} sites could be reached. History stays readable; next try at {again}"
    if reach.pending:
        return ""
    trouble = f"; {reach.attempts - reach.good} need a look: `aiwire status`" if reach.good < reach.attempts else ""
    return f"first captures: {reach.good} of {reach.attempts} sources read{trouble}"


@contextlib.contextmanager
def _signals() -> Iterator[Callable[[], bool]]:
    """SIGINT and SIGTERM set a flag instead of tearing things down mid-way."""
    asked: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    former = {number: signal.signal(number, lambda number, _: asked.append(number)) for number in numbers}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
