"""What the machine may do to a running database, a disk that fills up; and the world: half of it is gone."""

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler import capture, health, rebuild
from crawler.capture import Arrival
from crawler.failures import Failure
from crawler.registration import registration
from crawler.source import Source
from store import agenda, connect, embedded, sources
from store.connect import StoreError, is_down
from store.migrate import migrate
from supervisor import revive

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
