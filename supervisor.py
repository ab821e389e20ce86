"""`aiwire up`: the database, a worker with the clocks, and the API, as one thing that starts and stops together."""

import contextlib
import fcntl
import os
import signal
import socket
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.error import URLError
from urllib.request import urlopen

from children import Child, Say
from configuration import Configuration
from crawler.registration import registration
from store import bundled, clusters, connect, embedded, fetches, migrate, sources
from store.clock import wall_clock
from timeline.issues import AiwireError

STOP_SECONDS = 8  # a child that has not drained by then is killed
READY_SECONDS = 60

Network = Literal["up", "down"]


class NotReadyError(AiwireError):
    """A part did not come up; says which, and where its log is."""


class AlreadyRunningError(AiwireError):
    """Another `aiwire up` runs on this home, or something else listens where the API should."""


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
    with connect.explained(urls.owner), connect.connect(urls.owner, autocommit=True) as connection:
        sources.register(connection, [registration(source) for source in configuration.sources], now)
        if added := bundled.load(connection, now=now):
            say(f"bundled history: {added} dated changes to start with")
    return urls


def up(configuration: Configuration, *, say: Say, once_ready: Callable[[], None] = lambda: None) -> None:
    """Run everything until SIGINT or SIGTERM; SIGHUP reaches the worker. The embedded database stops too.

    Raises AlreadyRunningError before anything is started, and NotReadyError when a part does not come up.
    """
    with _signals() as asked, _alone(configuration.home):
        _require_free(configuration)
        urls = prepare(configuration, say=say)
        logs = configuration.home / "log"
        children = [
            Child(name="worker", arguments=["worker", "--with-scheduler"], log=logs / "worker.log"),
            Child(name="api", arguments=["serve"], log=logs / "api.log"),
        ]
        try:
            for child in children:
                child.start()
            _await_ready(configuration, children, asked.stop)
            if not asked.stop():
                _greet(configuration, say)
                once_ready()
            _tend(configuration, children, urls, asked, say)
            say("stopping: the worker finishes what it has begun ...")
        finally:
            for child in children:
                child.tell(signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            for child in children:
                child.reap(deadline)
            if configuration.database_url is None:
                embedded.stop(configuration.home)
        say("stopped; nothing is left running")


def stop(home: Path) -> bool:
    """Stop the embedded database of a home; False: none was running. Raises AlreadyRunningError while `up` tends it."""
    with _alone(home):
        return embedded.stop(home)


def _tend(configuration: Configuration, children: Sequence[Child], urls: Urls, asked: "_Asked", say: Say) -> None:
    own = configuration.home if configuration.database_url is None else None
    with contextlib.closing(_reports(urls.owner, say)) as reports, contextlib.closing(revive(own, say)) as revivals:
        while not asked.stop():
            next(revivals)
            for child in children:
                child.tend(say)
            if asked.reload():
                say("the worker reads the configuration again: its log says what came of it")
                children[0].tell(signal.SIGHUP)
            next(reports)
            time.sleep(0.5)


def revive(home: Path | None, say: Say) -> Generator[None, None, None]:
    """On each turn (half a second), start the embedded server of `home` again where it was killed; None: there is none.

    It comes back with everything that was committed, and on its port unless somebody took that meanwhile.
    """
    rest = 0
    while True:
        rest = max(0, rest - 1)
        if home is not None and not rest:
            rest = 4
            if not embedded.status(home).running:
                say("the database is gone; starting it again ...")
                try:
                    embedded.start(home)
                    say("the database runs again")
                except AiwireError as error:
                    say(f"aiwire: {error}")
                    rest = 30
        yield


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One `aiwire up` a home: a second would take the first one's API for its own, and stop its database."""
    clusters.make_folder(home, 0o711 if os.geteuid() == 0 else 0o700)
    path = home / "up.lock"
    try:
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise clusters.EmbeddedError(f"cannot use {home}: {error}: run aiwire as the user it belongs to") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunningError(
                f"`aiwire up` runs on {home} already (process {file.read().strip() or 'unknown'}): "
                "stop that one, or set AIWIRE_HOME and AIWIRE_PORT to run another"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _require_free(configuration: Configuration) -> None:
    """The address of the API, before anything is started. Raises AlreadyRunningError."""
    host, port = configuration.host, configuration.port
    where = f"{host}:{port}"
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the API does
            probe.bind(address)
            probe.listen()
    except OSError as error:
        raise AlreadyRunningError(
            f"the API cannot listen on {where} ({error.strerror or error}): stop what listens there, "
            "or set AIWIRE_PORT, or host and port under [server] in aiwire.toml"
        ) from None


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
    told: Network | None = None
    began = datetime.now(UTC)
    turn = 0
    while True:
        turn += 1
        if turn % 4 == 1:
            with contextlib.suppress(AiwireError), connect.connect(url, autocommit=True) as connection:
                reach = fetches.reachability(connection, since=began)
                now = network(reach)
                if now is not None and now != told:
                    say(report(now, reach, again=told is not None))
                    told = now
        yield


def network(reach: fetches.Reachability) -> Network | None:
    """Whether the network is there, by what came of the attempts; None while that cannot be said."""
    if reach.attempts == 0 or reach.pending:
        return None
    return "up" if reach.answered else "down"


def report(now: Network, reach: fetches.Reachability, *, again: bool) -> str:
    """What a person is told when the network is found to be there, or not to be."""
    if now == "down":
        when = f"{reach.next_try:%H:%M:%S} UTC" if reach.next_try else "the next interval"
        return f"no network: none of {reach.hosts} sites could be reached. History stays readable; next try at {when}"
    what = "the network is back" if again else "first captures"
    trouble = f"; {reach.attempts - reach.good} need a look: `aiwire status`" if reach.good < reach.attempts else ""
    return f"{what}: {reach.good} of {reach.attempts} sources read{trouble}"


class _Asked:
    """What signals asked for; they set flags instead of tearing things down mid-way."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._in_terminal = _has_terminal()

    def note(self, number: int, _: object) -> None:
        self._numbers.append(number)

    def stop(self) -> bool:
        return signal.SIGINT in self._numbers or signal.SIGTERM in self._numbers

    def reload(self) -> bool:
        """Whether SIGHUP came since the last call. That of a terminal which is gone asks to stop instead."""
        if signal.SIGHUP not in self._numbers:
            return False
        gone = self._in_terminal and not _has_terminal()
        self._numbers = [number for number in self._numbers if number != signal.SIGHUP]
        self._numbers += [signal.SIGTERM] if gone else []
        return not gone


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


@contextlib.contextmanager
def _signals() -> Iterator[_Asked]:
    asked = _Asked()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    former = {number: signal.signal(number, asked.note) for number in numbers}
    try:
        yield asked
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
