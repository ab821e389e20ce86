"""Eight workers on four machines, two schedulers, one database, and the faults that befall them."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from configuration import load_configuration
from crawler.registration import registration
from crawler.settings import DELAY
from store import clusters, embedded, sources
from store.connect import Connection, connect
from store.migrate import migrate
from tests.scaleout.judging import Fault, Request, judge
from tests.scaleout.machines import SITES, Machine, machines
from tests.scaleout.queue_log import LOG, jobs, takeovers
from tests.scaleout.spending import Meter

ROOT = Path(__file__).resolve().parents[2]
PORT = 8080
LAST_CHANGE = 1.6  # intervals before the end: every page is visited again after it
CRAWL_DELAY = 3.0  # what some robots.txt ask for


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much of it."""

    sources: int = 2000
    hosts: int = 200
    workers: int = 8
    machines: int = 4
    every: int = 120  # seconds
    intervals: float = 3.0
    changes: int = 100


@dataclass(kw_only=True)
class Run:
    """A rehearsal under way."""

    size: Size
    home: Path
    url: str
    places: Sequence[Machine]
    connection: Connection
    sites: subprocess.Popen[str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    schedulers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    connections: dict[str, int] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    began: float = 0.0

    def start(self, role: str, number: int) -> subprocess.Popen[bytes]:
        """A worker or scheduler on its machine, as its owner would start it."""
        machine = self.places[number % len(self.places)]
        name = f"{role}{number}"
        url = self.url.replace("127.0.0.1", machine.here) + f"?application_name={name}"
        environ = {
            **os.environ, "PYTHONPATH": str(ROOT), "AIWIRE_HOME": str(self.home), "DATABASE_URL": url,
            "AIWIRE_CONFIG": str(self.home / "aiwire.toml"), "PYTHONFAULTHANDLER": "1",
        }  # fmt: skip
        return machine.run([sys.executable, "-m", "cli", role], environ, self.home / f"{name}.log")

    def wait(self, seconds: float) -> None:
        """Let it run. Pages change meanwhile that were read once, early enough to be visited again before the end."""
        size = self.size
        until = time.monotonic() + seconds
        step = (size.intervals - LAST_CHANGE) * size.every / size.changes
        while time.monotonic() < until:
            time.sleep(min(step, max(until - time.monotonic(), 0)))
            if time.time() < self.began + (size.intervals - LAST_CHANGE) * size.every:
                self._change_one()
            self._count_connections()

    def _change_one(self) -> None:
        rows = self.connection.execute("SELECT DISTINCT source FROM capture WHERE starts_with(source, 'scale-')")
        seen = sorted({int(row[0].removeprefix("scale-")) for row in rows.fetchall()} - self.changed)
        if seen and len(self.changed) < self.size.changes:
            number = seen[len(seen) // 2]
            assert self.sites.stdin is not None
            self.sites.stdin.write(f"{_place(self.size, number)}\n")
            self.sites.stdin.flush()
            self.changed.add(number)

    def busy(self, ids: Sequence[int]) -> list[str]:
        """The hosts whose jobs a worker has, as soon as it has some."""
        until = time.monotonic() + 1.5 * self.size.every
        while time.monotonic() < until:
            rows = self.connection.execute(
                "SELECT lock FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = ANY(%s) "
                "AND lock LIKE 'host:%%'",
                [list(ids)],
            ).fetchall()
            if rows:
                return [row[0].removeprefix("host:") for row in rows]
            time.sleep(0.02)
        raise AssertionError("the worker had nothing to do")

    def ids(self) -> list[int]:
        """The queue's numbers of all workers."""
        return [row[0] for row in self.connection.execute("SELECT id FROM procrastinate_workers").fetchall()]

    def _count_connections(self) -> None:
        rows = self.connection.execute(
            "SELECT application_name, count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1"
        ).fetchall()
        for name, count in rows:
            role = name.rstrip("0123456789")
            self.connections[role] = max(count, self.connections.get(role, 0))
        self.connections["all"] = max(sum(count for _, count in rows), self.connections.get("all", 0))


def tell(size: Size, *, keep: bool = False) -> dict[str, Any]:
    """The whole story; returns its figures, with everything that was `wrong`."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(_folder(keep)))
        home.chmod(0o711)
        places = stack.enter_context(machines(size.machines))
        url = stack.enter_context(_database(home))
        delays = {_host(number): CRAWL_DELAY if number % 20 == 3 else DELAY for number in range(size.hosts)}
        (home / "aiwire.toml").write_text(_configuration(size), encoding="utf-8")
        sites = stack.enter_context(_sites(home, {host: s for host, s in delays.items() if s != DELAY}))
        connection = stack.enter_context(connect(url, autocommit=True))
        _register(connection, home)
        run = Run(size=size, home=home, url=url, places=places, connection=connection, sites=sites)
        try:
            found = _play(run)
        finally:
            for process in [*run.workers, *run.schedulers]:
                process.kill()
                process.wait()
        return _judged(run, found, delays)


def _play(run: Run) -> dict[str, Any]:
    size = run.size
    connection = run.connection
    run.workers.append(run.start("worker", 0))
    while len(victim := run.ids()) < 2:  # the first one alone, so that its numbers are known
        time.sleep(0.1)
    run.workers += [run.start("worker", number) for number in range(1, size.workers)]
    while len(run.ids()) < 2 * size.workers:
        time.sleep(0.1)
    measured = Meter(run)
    began = run.began = time.time()
    connection.execute("UPDATE source_state SET next_due_at = now() WHERE next_due_at = 'infinity'")
    run.schedulers += [run.start("scheduler", number) for number in range(2)]
    run.wait(size.intervals * size.every * 0.5)
    steady = Meter(run)
    hosts = run.busy(victim)
    run.workers[0].kill()
    run.faults.append(Fault(at=time.time(), hosts=hosts))
    run.wait(size.intervals * size.every * 0.5)
    until = time.time()
    measures = {"whole_run": measured.taken(), "second_half": steady.taken()}
    alive = [*run.schedulers, *run.workers[1:]]
    for process in alive:
        process.send_signal(signal.SIGTERM)
    codes = [_ended(process) for process in alive]
    return {"began": began, "until": until, "ended": time.time(), "exit_codes": codes, "measures": measures}


def _ended(process: subprocess.Popen[bytes]) -> int:
    """Its exit code; one that does not end is made to say in its log where it stands."""
    try:
        return process.wait(60)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        return process.wait()


def _judged(run: Run, found: Mapping[str, Any], delays: Mapping[str, float]) -> dict[str, Any]:
    with (run.home / "sites.log").open(encoding="utf-8") as file:
        requests = [_request(json.loads(line)) for line in file]
    every = float(run.size.every)
    figures = judge(requests, every=every, delays=delays, faults=run.faults, until=found["until"], grace=every / 2)
    done, wrong = jobs(run.connection)
    taken, late = takeovers(run.connection, run.faults)
    wrong = [*figures.wrong, *wrong, *late, *_kept(run, requests)]
    if set(found["exit_codes"]) != {0}:
        wrong.append(f"exit codes {found['exit_codes']}")
    return {
        "size": vars(run.size), "seconds": round(found["until"] - found["began"], 1), **figures.figures, "jobs": done,
        "take_over_s": taken,
        "connections": run.connections, "measured": found["measures"], "wrong": len(wrong),
        "what": random.Random(1).sample(wrong, min(len(wrong), 20)),
    }  # fmt: skip


def _kept(run: Run, requests: Sequence[Request]) -> list[str]:
    """Whether every request is on record once, and every change is an event once."""
    wrong = []
    rows = run.connection.execute('SELECT count(*) FROM "fetch" WHERE status IS NOT NULL').fetchone()
    pages = sum(request.path != "/robots.txt" for request in requests)
    lost = pages - (rows[0] if rows else 0)
    if not 0 <= lost <= sum(len(fault.hosts) for fault in run.faults):
        wrong.append(f"{lost} more requests than fetches on record")
    events = run.connection.execute(
        "SELECT count(*), count(DISTINCT source) FROM event WHERE kind = 'price.changed'"
    ).fetchone()
    if not run.changed or events != (len(run.changed), len(run.changed)):
        wrong.append(f"{len(run.changed)} pages changed, and there are (events, sources) {events}")
    bad = run.connection.execute(
        "SELECT outcome, count(*), min(detail) FROM \"fetch\" WHERE outcome NOT IN ('changed', 'unchanged', "
        "'not_modified', 'postponed') GROUP BY 1"
    ).fetchall()  # postponed: what was under way at the end
    return [*wrong, *(f"{count} fetches ended as {name}: {detail}" for name, count, detail in bad)]


def _request(line: Mapping[str, Any]) -> Request:
    return Request(
        host=line["host"], path=line["path"], machine=line["from"], began=line["began"], ended=line["ended"],
        status=line["status"],
    )  # fmt: skip


def _host(number: int) -> str:
    return f"{SITES}.{number // 250}.{number % 250 + 1}:{PORT}"


def _place(size: Size, number: int) -> str:
    return f"{_host(number % size.hosts)}/prices/{number // size.hosts}"


def _configuration(size: Size) -> str:
    hosts = ", ".join(f'"{_host(number)}"' for number in range(size.hosts))
    return f"[crawler]\nallow_hosts = [{hosts}]\n" + "".join(
        f'[[source]]\nid = "scale-{number}"\nprovider = "scale-{number}"\nkind = "pricing"\n'
        f'url = "http://{_place(size, number)}"\ntrust = "official"\nevery = "{size.every}s"\n'
        for number in range(size.sources)
    )


def _register(connection: Connection, home: Path) -> None:
    """All sources, of which ours alone are watched, and none before everybody is there."""
    configuration = load_configuration({"AIWIRE_HOME": str(home)}, file=home / "aiwire.toml")
    rows = [registration(source) for source in configuration.sources]
    sources.register(connection, rows, datetime.now(UTC) + timedelta(days=1))
    connection.execute("UPDATE source SET enabled = false WHERE NOT starts_with(id, 'scale-')")
    connection.execute("UPDATE source_state SET next_due_at = 'infinity'")
    connection.execute(LOG)


@contextmanager
def _database(home: Path) -> Iterator[str]:
    """A server that the machines reach too, and that waits for the disk, as in real life."""
    embedded.SETTINGS.update(listen_addresses="*", max_connections="300")
    try:
        running = embedded.start(home)
        place = clusters.find(home, embedded.ELSEWHERE)
        with (place.data / "pg_hba.conf").open("a", encoding="utf-8") as file:
            file.write("host all all 10.91.0.0/16 scram-sha-256\n")
        with psycopg.connect(running.url, autocommit=True) as connection:
            connection.execute("SELECT pg_reload_conf()")
        migrate(running.url)
        yield running.url
    finally:
        embedded.stop(home)


@contextmanager
def _sites(home: Path, crawl_delays: Mapping[str, float]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.scaleout.sites", str(PORT), str(home / "sites.log")]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps({"crawl_delays": crawl_delays}) + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.terminate()


@contextmanager
def _folder(keep: bool) -> Iterator[str]:
    if keep:
        yield tempfile.mkdtemp(prefix="aiwire-scaleout-")
        return
    with tempfile.TemporaryDirectory(prefix="aiwire-scaleout-") as name:
        yield name
