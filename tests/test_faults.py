"""What the machine may do to a running database, a disk that fills up; and the world: half of it is gone."""

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from psycopg import sql

from crawler import capture, health, rebuild
from crawler.capture import Arrival
from crawler.failures import Failure
from crawler.registration import registration
from crawler.source import Expect, Source, bundled_sources
from crawler.transport import ORIGINAL_URL
from store import agenda, captures, connect, embedded, snapshots, sources
from store.connect import StoreError, is_down
from store.migrate import migrate
from supervisor import revive
from tests.captures import CUT, PRICING, START, pricing
from tests.conftest import CHECKOUT

pytestmark = [pytest.mark.postgres, pytest.mark.torture]
T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
Record = Callable[[str, object], None]


@pytest.fixture
def ground() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="aiwire-faults-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


# ------------------------------------------------------------------ a disk that fills up


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("may not mount here")
    try:
        yield folder
    finally:
        embedded.stop(folder)
        subprocess.run(["umount", folder], check=True)


def look(url: str, source: Source, at: datetime) -> None:
    """A page of 100 kB that no compression makes smaller, as new as can be."""
    body = f"<p>{secrets.token_hex(100_000)}</p>".encode()
    arrival = Arrival(status=200, url=source.url, body=body, headers={"content-type": "text/html"})
    with connect.explained(url), connect.connect(url, autocommit=True) as connection:
        capture.record_arrival(connection, capture.prepare(connection, source), arrival, run="test", now=at)


def test_a_disk_that_fills_up_costs_what_came_meanwhile_and_no_more(ground: Path, record_property: Record) -> None:
    source = Source(
        id="acme-page", provider="acme", kind="page", url="https://acme.example/", trust="official",
        every=timedelta(minutes=10),
    )  # fmt: skip
    with small_disk(ground / "disk", 220) as home:
        url = embedded.start(home, scratch=True).url  # one file of WAL is 16 MB, the cluster itself some 45
        migrate(url)
        with connect.connect(url, autocommit=True) as connection:
            sources.register(connection, [registration(source)], T0)
        look(url, source, T0)
        ballast = home / "ballast"
        ballast.write_bytes(bytes(shutil.disk_usage(home).free - 3_000_000))
        kept, failures = 1, 0
        for minute in range(1, 400):
            try:
                look(url, source, T0 + timedelta(minutes=minute))
                kept += 1
            except StoreError as error:
                assert is_down(error), error
                failures += 1
                if failures == 5:
                    break
        assert failures == 5, "it never was full"
        survived = embedded.status(home).running
        ballast.unlink()
        began = time.monotonic()
        revivals = revive(home, lambda _: None)
        while True:  # as the supervisor does, twice a second
            next(revivals)
            try:
                look(url, source, T0 + timedelta(days=1))
                break
            except StoreError:
                time.sleep(0.5)
                assert time.monotonic() - began < 60
        took = round(time.monotonic() - began, 1)
        with connect.connect(url) as connection:
            found = connection.execute("SELECT count(*), count(DISTINCT sha256) FROM capture").fetchone()
            bodies = connection.execute("SELECT count(*) FROM snapshot").fetchone()
        record_property("figures", {"kept": kept, "the server survived": survived, "seconds until it worked": took})
        assert found == (kept + 1, kept + 1)
        assert bodies == (kept + 1,)


# ------------------------------------------------------------------ half the sources down for a day


def test_half_the_sources_down_for_a_day(connection: connect.Connection, record_property: Record) -> None:
    """The others are looked at as ever; these are told once each, asked ever more rarely, and back within the hour."""
    ten, day = timedelta(minutes=10), T0 + timedelta(days=1)
    watched = [
        Source(
            id=f"s{n}-pricing", provider=f"s{n}", kind="pricing", url=f"https://s{n}.example/", trust="official",
            every=ten,
        )
        for n in range(10)
    ]  # fmt: skip
    down = {source.id for source in watched[:5]}
    by_host = {source.host: source for source in watched}
    sources.register(connection, [registration(source) for source in watched], T0)
    asked: Counter[str] = Counter()
    back: dict[str, datetime] = {}
    now = T0
    while now < day + timedelta(hours=2):
        for host in agenda.due(connection, now).hosts:
            source = by_host[host]
            visit = capture.prepare(connection, source)
            ill = source.id in down and T0 + ten < now < day
            asked[source.id] += ill or (source.id not in down and now < day)
            if ill:
                failure = Failure(name="server_error", status=503, detail="HTTP 503")
                capture.record_failure(connection, visit, failure, run="test", now=now)
                continue
            price = "3.00" if now < day else "2.00"
            page = f"Prices per 1M tokens\n\n| Model | Input |\n|---|---|\n| quill-{source.id} | ${price} |\n"
            arrival = Arrival(status=200, url=source.url, body=page.encode(), headers={"content-type": "text/markdown"})
            capture.record_arrival(connection, visit, arrival, run="test", now=now)
            if any(event.kind == "price.changed" for event in rebuild.catch_up(connection, source, at=now).events):
                back[source.id] = now
        health.watch(connection, now=now)
        now += timedelta(minutes=1)
    told = connection.execute(
        "SELECT kind, source FROM event WHERE source <> 'wire' AND kind LIKE 'source.%' ORDER BY 1, 2"
    )
    assert told.fetchall() == [(kind, name) for kind in ("source.recovered", "source.stale") for name in sorted(down)]
    assert set(back) == {source.id for source in watched}
    late = {name: round((at - day).total_seconds() / 60) for name, at in back.items()}
    assert max(late[name] for name in down) <= 66
    assert max(minutes for name, minutes in late.items() if name not in down) <= 12
    assert max(asked[name] for name in down) <= 32
    assert min(count for name, count in asked.items() if name not in down) >= 130
    figures = {
        "asked of each that was down": sorted(asked[name] for name in down),
        "minutes after": sorted(late.values()),
    }
    record_property("figures", figures)


# ------------------------------------------------------------------ a worker that stands still, or loses its database

WORKER = """
import asyncio, sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import logs, scheduler, wiring
from configuration import load_configuration
from store.clock import wall_clock

url, home, origin = sys.argv[1:]
logs.configure()
whole = load_configuration({"AIWIRE_HOME": home}, folder=Path(home)).for_rehearsal()
alone = replace(whole, sources=tuple(one for one in whole.sources if one.id == "anthropic-pricing"))
told = wiring.Wiring(
    configuration=alone, database_url=url, clock=wall_clock, pace=wiring.REHEARSAL, origin=origin
)
asyncio.run(scheduler.run(told, asyncio.Event()))
"""


class Page(ThreadingHTTPServer):
    """A page that changes after the first request for it, whose answer waits until it is told to go."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), PageHandler)
        self.asked = 0
        self.late = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class PageHandler(BaseHTTPRequestHandler):
    """One request."""

    server: Page

    def do_GET(self) -> None:
        """The page, or no robots.txt."""
        if self.headers[ORIGINAL_URL].endswith("/robots.txt"):
            self.send_error(404)
            return
        self.server.asked += 1
        first = self.server.asked == 1
        if first:
            self.server.late.wait(60)
        body = pricing(START if first else CUT).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/markdown")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


def until(true: Callable[[], object], seconds: float = 120) -> float:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.05)
    return round(time.monotonic() - began, 1)


@contextmanager
def workers(url: str, home: Path, page: Page) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """What starts one more worker of that page; all of them are ended."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", WORKER, url, str(home), f"127.0.0.1:{page.server_port}"]
        with (home / "worker.log").open("ab") as log:
            running.append(subprocess.Popen(command, stdout=log, stderr=log, cwd=CHECKOUT))
        return running[-1]

    try:
        yield start
    finally:
        page.late.set()
        for worker in running:
            worker.kill()
            worker.wait()
        page.shutdown()
        page.server_close()


def see_before(connection: connect.Connection) -> None:
    """The page as it was an hour ago, read."""
    before = datetime.now(UTC) - timedelta(hours=1)
    (source,) = (one for one in bundled_sources() if one.id == "anthropic-pricing")
    sources.register(connection, [registration(source)], before)
    sha256 = snapshots.put(connection, pricing(START).encode(), "text/markdown")
    captures.see(connection, source=source.id, sha256=sha256, url=PRICING, at=before, origin="live")
    rebuild.catch_up(connection, replace(source, expect=Expect()), at=before)


def looks(connection: connect.Connection) -> list[str]:
    rows = connection.execute("SELECT outcome FROM \"fetch\" WHERE run <> 'import' ORDER BY id").fetchall()
    return [str(row[0]) for row in rows]


def living(connection: connect.Connection) -> set[int]:
    """Every worker that the queue ever knew."""
    row = connection.execute("SELECT last_value FROM procrastinate_workers_id_seq").fetchone()
    return set(range(int(row[0]))) if row else set()


def happened(connection: connect.Connection) -> list[tuple[str, int]]:
    rows = connection.execute("SELECT kind, count(*) FROM event WHERE NOT baseline GROUP BY kind").fetchall()
    return [(str(kind), int(count)) for kind, count in rows]


def away(connection: connect.Connection, url: str, *, seconds: float) -> None:
    """The database lets nobody in for a while, and ends every session but this one."""
    name = sql.Identifier(str(connection.info.dbname))
    with connect.connect(re.sub(r"/[^/?]*(\?|$)", r"/postgres\1", url), autocommit=True) as beside:
        beside.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        time.sleep(seconds)
        beside.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


CUTS = [("price.changed", 2)]


@pytest.mark.parametrize("fault", ["stands still", "lost its database"])
def test_a_worker_out_of_action_in_mid_request_is_taken_over(
    database_url: str, ground: Path, record_property: Record, fault: str
) -> None:
    """Processes: one is stopped, or loses every session, while a site keeps it waiting; and goes on afterwards."""
    page = Page()
    with workers(database_url, ground, page) as start, connect.connect(database_url, autocommit=True) as connection:
        see_before(connection)
        first = start()
        until(lambda: page.asked)
        before = living(connection)
        if fault == "stands still":
            first.send_signal(signal.SIGSTOP)
        else:
            away(connection, database_url, seconds=4)
        second = start()
        until(lambda: len(living(connection)) > len(before))  # a process takes its time to begin
        took = until(lambda: "changed" in looks(connection))
        until(lambda: happened(connection) == CUTS)
        page.late.set()
        first.send_signal(signal.SIGCONT)
        if fault == "stands still":
            until(lambda: "overtaken" in looks(connection))
        until(lambda: connection.execute("SELECT count(*) FROM delivery").fetchone() == (1,))
        second.kill()
        second.wait()
        known = len(looks(connection))
        connection.execute("UPDATE source_state SET next_due_at = now(), last_fetch_at = now() - interval '1 hour'")
        until(lambda: len(looks(connection)) > known and looks(connection)[-1] == "unchanged")  # it works on
        until(lambda: not captures.unread(connection))
        assert first.poll() is None
        assert happened(connection) == CUTS
        assert connection.execute("SELECT count(*) FROM capture").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM delivery").fetchone() == (1,)
        record_property("figures", {"fault": fault, "seconds until taken over": took, "looks": looks(connection)})
