"""`aiwire up`: one a home, on a port of its own, and what it says about the network."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from store import embedded
from store.connect import connect
from store.fetches import Reachability
from supervisor import network, report, revive
from tests.conftest import CHECKOUT

pytestmark = pytest.mark.postgres


class Up:
    """`aiwire up` in a process of its own; what it says is kept."""

    def __init__(self, home: Path, url: str, port: int) -> None:
        environment = {name: text for name, text in os.environ.items() if not name.startswith("AIWIRE_")}
        environment |= {"AIWIRE_HOME": str(home), "AIWIRE_PORT": str(port), "DATABASE_URL": url}
        self.heard = home / f"up-{port}.txt"
        with self.heard.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli", "up"],
                env=environment | {"PYTHONPATH": str(CHECKOUT)}, cwd=home, stderr=file, start_new_session=True,
            )  # fmt: skip

    @property
    def said(self) -> str:
        return self.heard.read_text(encoding="utf-8")

    def until(self, text: str, seconds: float = 40) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.said:
            assert time.monotonic() < deadline, f"{text!r} is not in {self.said!r}"
            time.sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=15)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "aiwire.toml").write_text("", encoding="utf-8")
    return tmp_path


@pytest.fixture
def up(home: Path, database_url: str) -> Iterator[Up]:
    running = Up(home, database_url, free_port())
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


def children_of(pid: int) -> set[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return {int(child) for child in found}


def wait_for(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def enabled(url: str, source: str) -> list[tuple[bool]]:
    with connect(url) as connection:
        return [(row[0],) for row in connection.execute("SELECT enabled FROM source WHERE id = %s", [source])]


MINE = '[[source]]\nid = "mine"\nprovider = "me"\nkind = "pricing"\nurl = "https://mine.invalid/"\n'


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
def test_up_alone_reloads_survives_and_stops(home: Path, database_url: str, up: Up) -> None:
    """One story, because each start takes seconds."""
    up.until("ready.")
    second = Up(home, database_url, free_port())
    assert second.process.wait(timeout=20) == 1
    second.until(f"runs on {home} already (process {up.process.pid})")

    (home / "aiwire.toml").write_text(MINE, encoding="utf-8")
    up.process.send_signal(signal.SIGHUP)
    wait_for(lambda: enabled(database_url, "mine") == [(True,)])
    (home / "aiwire.toml").write_text("typo = 1", encoding="utf-8")
    up.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "configuration not taken" in (home / "log" / "worker.log").read_text(encoding="utf-8"))
    assert enabled(database_url, "mine") == [(True,)], "the old configuration stays"
    (home / "aiwire.toml").write_text("", encoding="utf-8")

    before = children_of(up.process.pid)
    for child in before:
        os.kill(child, signal.SIGKILL)
    wait_for(lambda: len(children_of(up.process.pid)) == 2 and not children_of(up.process.pid) & before)

    began = time.monotonic()
    assert up.end() == 0
    assert time.monotonic() - began < 10
    assert "nothing is left running" in up.said


def test_a_port_that_is_taken_is_said_before_anything_is_started(home: Path, database_url: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        refused = Up(home, database_url, listener.getsockname()[1])
        assert refused.process.wait(timeout=20) == 1
        refused.until("the API cannot listen on 127.0.0.1:")
    assert not (home / "log").exists()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
def test_nothing_outlives_a_supervisor_that_is_killed(up: Up) -> None:
    up.until("ready.")
    children = children_of(up.process.pid)
    assert len(children) == 2
    up.process.kill()
    up.process.wait()
    wait_for(lambda: not any(Path(f"/proc/{child}").exists() and not zombie(child) for child in children))


def zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def reach(*, attempts: int = 5, answered: int = 0, good: int = 0, pending: int = 0) -> Reachability:
    at = datetime(2026, 8, 12, 10, 30, tzinfo=UTC)
    return Reachability(attempts=attempts, good=good, answered=answered, hosts=4, pending=pending, next_try=at)


def test_the_network_is_known_when_every_source_was_tried() -> None:
    assert network(reach(attempts=0)) is None
    assert network(reach(pending=1)) is None
    assert network(reach()) == "down"
    assert network(reach(answered=1)) == "up"


def test_what_is_said_of_the_network_has_the_time_of_the_next_try() -> None:
    assert "next try at 10:30:00 UTC" in report("down", reach(), again=False)
    assert report("up", reach(answered=5, good=5), again=False) == "first captures: 5 of 5 sources read"
    assert report("up", reach(answered=5, good=4), again=True).startswith("the network is back: 4 of 5 sources read; 1")


def test_a_database_that_was_killed_is_started_again() -> None:
    with tempfile.TemporaryDirectory(prefix="aiwire-revive-") as folder:
        home, said = Path(folder), list[str]()
        try:
            url = embedded.start(home, scratch=True).url
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
            revivals = revive(home, said.append)
            next(revivals)
            assert said == []
            pid = embedded.status(home).pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            until = time.monotonic() + 30
            while len(said) < 2 and time.monotonic() < until:  # the killed process is there until it has been reaped
                next(revivals)
                time.sleep(0.1)
            assert said == ["the database is gone; starting it again ...", "the database runs again"]
            with psycopg.connect(embedded.start(home, scratch=True).url) as connection:
                assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
        finally:
            embedded.stop(home)


def test_a_database_of_somebody_elses_is_left_alone() -> None:
    said: list[str] = []
    revivals = revive(None, said.append)
    for _ in range(10):
        next(revivals)
    assert said == []
