"""Clocks and workers on one database: any number of them, one fetch, one reading, one event of each."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

import dispatches
import scheduler
from alerts import deliver, outbox
from alerts.receiver import SlackReceiver
from alerts.routes import parse_alerts
from configuration import Configuration, load_configuration
from crawler.origin import Origin
from crawler.rebuild import catch_up
from crawler.registration import registration
from notifications import queue_app
from store import agenda, captures, clock, deliveries, events, snapshots, sources
from store.connect import Connection, connect
from store.sources import SourceRow
from tests.alerts.examples import price, reference
from tests.captures import CUT, PRICING, START, pricing
from timeline.issues import AiwireError
from timeline.strict import load
from wire import AT_A_TIME, FINDING, Wire
from wiring import REHEARSAL, Wiring

pytestmark = pytest.mark.postgres

T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
SOURCE = "anthropic-pricing"
ZERO = timedelta(0)
RECEIVER = """
[[receiver]]
name = "finops"
slack = {{ webhook = "{webhook}", allow_hosts = ["{address}"] }}
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    """The bundled source of the story alone, without what today's page must have."""
    whole = load_configuration({"AIWIRE_HOME": str(tmp_path)}, folder=tmp_path).for_rehearsal()
    return replace(whole, sources=tuple(source for source in whole.sources if source.id == SOURCE))


class Clock:
    """A clock that moves only when told, in Python and in SQL."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.now = T0
        self.set(T0)

    def __call__(self) -> datetime:
        return self.now

    def set(self, at: datetime) -> None:
        clock.set_rehearsal(self.connection, at)
        self.now = at


def register(connection: Connection, configuration: Configuration) -> Clock:
    sources.register(connection, [registration(source) for source in configuration.sources], T0)
    return Clock(connection)


def wiring(configuration: Configuration, url: str, now: Clock, origin: str | None = None) -> Wiring:
    return Wiring(configuration=configuration, database_url=url, clock=now, pace=REHEARSAL, origin=origin)


async def until(true: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(true):
            await asyncio.sleep(0.05)


def test_two_workers_with_clocks_of_their_own_do_everything_once(
    database_url: str, configuration: Configuration
) -> None:
    async def story(connection: Connection, now: Clock) -> None:
        async with Origin() as origin:
            stop = asyncio.Event()
            both = [
                asyncio.create_task(scheduler.run(wiring(configuration, database_url, now, origin.address), stop))
                for _ in range(2)
            ]
            for days, prices in ((0, START), (1, CUT)):
                origin.serve(PRICING, pricing(prices).encode(), content_type="text/markdown")
                at = T0 + timedelta(days=days)
                now.set(at)
                await until(lambda at=at: agenda.idle(connection, at))  # type: ignore[misc]
            stop.set()
            await asyncio.gather(*both)

    with (
        connect(database_url, autocommit=True) as connection,
        structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged,
    ):
        now = register(connection, configuration)
        asyncio.run(story(connection, now))
        runs = [run for (run,) in connection.execute('SELECT run FROM "fetch" ORDER BY id')]
        assert [line["run"] for line in logged if line["event"] == "crawled"] == runs
        assert [(line["run"], line["source"]) for line in logged if line["event"] == "observed"] == [
            (run, SOURCE) for run in runs
        ]
        assert connection.execute('SELECT outcome FROM "fetch"').fetchall() == [("changed",), ("changed",)]
        assert connection.execute("SELECT verdict FROM capture").fetchall() == [("good",), ("good",)]
        assert connection.execute("SELECT count(*) FROM event WHERE kind = 'price.changed'").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM delivery").fetchone() == (1,)


def test_what_a_killed_worker_stored_and_never_read_is_read_by_the_next(
    database_url: str, configuration: Configuration
) -> None:
    async def story(connection: Connection, now: Clock) -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(scheduler.run(wiring(configuration, database_url, now), stop))
        await until(lambda: not captures.unread(connection))
        stop.set()
        await running

    with connect(database_url, autocommit=True) as connection:
        now = register(connection, configuration)
        connection.execute("UPDATE source_state SET next_due_at = 'infinity'")
        sha256 = snapshots.put(connection, pricing(START).encode(), "text/markdown")
        captures.see(connection, source=SOURCE, sha256=sha256, url=PRICING, at=T0, origin="live")
        asyncio.run(story(connection, now))
        assert connection.execute("SELECT count(*) FROM price").fetchone() == (6,)


def test_a_wire_whose_every_session_is_ended_goes_on(database_url: str, configuration: Configuration) -> None:
    """As by a restart of the database: no process has to end for it, and no source is blamed."""

    async def story(connection: Connection, now: Clock) -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(scheduler.run(wiring(configuration, database_url, now), stop))
        routed = "SELECT count(*) FROM event WHERE routed_at IS NOT NULL"
        for times in (1, 2):
            events.insert(connection, [price("input", "1", str(times + 1), observed_at=T0, occurrence=times)])
            await until(lambda times=times: connection.execute(routed).fetchone() == (times,))  # type: ignore[misc]
            if times == 1:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        stop.set()
        await running

    with connect(database_url, autocommit=True) as connection:
        now = register(connection, configuration)
        connection.execute("UPDATE source_state SET next_due_at = 'infinity'")
        row = SourceRow(id="openai-pricing", provider="openai", kind="pricing", url=None, trust="official", every=None)
        sources.register(connection, [row], T0, only_add=True)
        asyncio.run(story(connection, now))
        assert connection.execute("SELECT count(*) FROM issue").fetchone() == (0,)


def test_changed_routes_and_watchlists_are_taken_up_and_broken_ones_are_not(
    database_url: str, configuration: Configuration, tmp_path: Path
) -> None:
    """As on SIGHUP: from the file, and from the files beside it."""
    file, models = tmp_path / "aiwire.toml", tmp_path / "models.txt"
    routed = '[[watchlist]]\nname = "ours"\nfile = "models.txt"\n[[route]]\nreceiver = "terminal"\nwatchlist = "ours"\n'
    environ = {"AIWIRE_HOME": str(tmp_path), "DATABASE_URL": database_url}
    watched: list[list[str]] = []

    async def story(now: Clock) -> None:
        wire = Wire(wiring(configuration, database_url, now))
        try:
            for text, names in (
                (routed, "openai/gpt-4o\n"),
                (routed, "openai/gpt-4o\nxai/grok-3\n"),
                (routed + 'digest = "dayly"\n', "openai/gpt-4o\n"),
                (routed, ""),
            ):
                file.write_text(text, encoding="utf-8")
                models.write_text(names, encoding="utf-8")
                await wire.reconfigure(lambda: load_configuration(environ, file=file))
                (route,) = wire.wiring.configuration.alerts.routes
                assert route.watchlist is not None
                watched.append([model.name for model in route.watchlist.models])
        finally:
            await asyncio.to_thread(wire.close)

    with connect(database_url, autocommit=True) as connection, structlog.testing.capture_logs() as logged:
        asyncio.run(story(register(connection, configuration)))
    both = ["openai/gpt-4o", "xai/grok-3"]
    assert watched == [["openai/gpt-4o"], both, both, both]
    because = [line["because"] for line in logged if line["event"] == "configuration not taken, the old one stays"]
    assert [text.partition(": ")[0] for text in because] == [f"{file}, line 7", f"{file}, line 1"]


def test_a_changed_configuration_is_taken_up_and_a_broken_one_is_not(
    database_url: str, configuration: Configuration
) -> None:
    def broken() -> Configuration:
        raise AiwireError("line 1: typo")

    async def story(now: Clock) -> None:
        wire = Wire(wiring(configuration, database_url, now))
        try:
            assert not await wire.reconfigure(broken)
            assert wire.wiring.source(SOURCE) is not None
            assert await wire.reconfigure(lambda: replace(configuration, sources=()))
            assert wire.wiring.source(SOURCE) is None
            await wire.read(SOURCE)  # a job of a source that is gone is no error
            await wire.crawl("platform.claude.com")
        finally:
            await asyncio.to_thread(wire.close)

    with connect(database_url, autocommit=True) as connection:
        now = register(connection, configuration)
        asyncio.run(story(now))
        assert connection.execute("SELECT enabled FROM source WHERE id = %s", [SOURCE]).fetchone() == (False,)


def test_everything_there_is_is_told_however_much_it_is(
    database_url: str, connection: Connection, configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More events than one routing takes, more messages than one drain sends."""
    monkeypatch.setattr(outbox, "BATCH", 7)
    monkeypatch.setattr(deliver, "AT_ONCE", 3)
    register(connection, configuration)
    looks = [T0 + timedelta(minutes=n) for n in range(25)]
    told = [
        price("input", "1", "2", provider="anthropic", model=f"m{n}", origin="import", observed_at=at,
              after=reference(4 + n, at))
        for n, at in enumerate(looks)
    ]  # fmt: skip
    events.insert(connection, told)
    connection.commit()
    dispatches.tell_now(configuration, database_url, now=T0 + timedelta(days=9), pace=timedelta(0))
    rows = deliveries.newest(connection, 100)
    assert [row["state"] for row in rows] == ["sent"] * 25
    assert {event for row in rows for event in row["events"]} == {event.id for event in told}


def test_a_job_that_waits_for_another_of_its_lock_begins_when_that_one_ends(
    database_url: str, connection: Connection
) -> None:
    """And not when the worker looks by itself, which here is never."""

    async def story() -> None:
        first, go, second = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            first.set()
            await go.wait()

        async def follow() -> None:
            second.set()

        app = queue_app(database_url)
        one, other = (app.task(name=job.__name__, queue="aiwire")(job) for job in (hold, follow))
        async with app.open_async(), asyncio.timeout(20):
            working = asyncio.create_task(app.run_worker_async(
                queues=["aiwire"], concurrency=2, install_signal_handlers=False, delete_jobs="successful",
                fetch_job_polling_interval=3600,
            ))  # fmt: skip
            await one.configure(lock="same").defer_async()
            await first.wait()
            await other.configure(lock="same").defer_async()
            await asyncio.sleep(0.5)  # long enough to be looked at, and found to wait
            assert not second.is_set()
            go.set()
            await second.wait()
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working

    asyncio.run(story())


def test_sites_that_let_us_wait_keep_no_alert_back(database_url: str, configuration: Configuration) -> None:
    """More of them than are fetched at a time, and none answers."""
    (source,) = configuration.sources
    hosts = [f"s{number}.example" for number in range(AT_A_TIME[FINDING] + 4)]
    slow = [replace(source, id=host, url=f"https://{host}/prices", former_urls=()) for host in hosts]
    asked: list[asyncio.StreamWriter] = []
    ended: list[asyncio.StreamWriter] = []  # whose client gave up: jobs end, and would make room for an alert

    async def keep_waiting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(writer)
        with contextlib.suppress(OSError):
            while await reader.read(1000):
                pass
        ended.append(writer)

    async def story(connection: Connection, now: Clock, slack: SlackReceiver) -> None:
        alerts = parse_alerts(load(RECEIVER.format(webhook=slack.webhook, address=slack.address), "aiwire.toml"), {})
        server = await asyncio.start_server(keep_waiting, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        told = replace(configuration, sources=tuple(slow), alerts=alerts)
        wired = replace(wiring(told, database_url, now, f"{host}:{port}"), pace=replace(REHEARSAL, group_wait=ZERO))
        stop = asyncio.Event()
        running = asyncio.create_task(scheduler.run(wired, stop))
        await until(lambda: len(asked) >= AT_A_TIME[FINDING])
        events.insert(connection, [price("input", "1", "2", observed_at=T0)])
        await until(lambda: len(slack.messages) == 1 or bool(ended), seconds=60)
        assert not ended
        server.close()
        for writer in asked:
            writer.transport.abort()
        stop.set()
        await running

    with connect(database_url, autocommit=True) as connection, SlackReceiver() as slack:
        now = register(connection, replace(configuration, sources=(source, *slow)))
        connection.execute("UPDATE source_state SET next_due_at = 'infinity' WHERE source = %s", [SOURCE])
        row = SourceRow(id="openai-pricing", provider="openai", kind="pricing", url=None, trust="official", every=None)
        sources.register(connection, [row], T0, only_add=True)
        asyncio.run(story(connection, now, slack))


def test_a_worker_that_stood_still_is_taken_over_and_what_it_brings_late_is_no_event(
    database_url: str, configuration: Configuration
) -> None:
    """It goes on when another has seen the page change: what it had asked for before that is the page of before."""
    late, asked = asyncio.Event(), []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        status, body = "404 None", b""
        if "/robots.txt" not in request:
            asked.append(request)
            status, body = "200 OK", pricing(START if len(asked) == 1 else CUT).encode()
            await (late.wait() if len(asked) == 1 else asyncio.sleep(0))
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/markdown\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    async def story(connection: Connection, now: Clock) -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        wired = wiring(configuration, database_url, now, f"{host}:{port}")
        still = replace(wired, pace=replace(REHEARSAL, heartbeat=3600))  # it gives no sign of life
        stops = asyncio.Event(), asyncio.Event()
        first = asyncio.create_task(scheduler.run(still, stops[0]))
        await until(lambda: bool(asked))
        second = asyncio.create_task(scheduler.run(wired, stops[1]))
        fetched = "SELECT array_agg(outcome ORDER BY id) FROM \"fetch\" WHERE run <> 'import'"
        await until(lambda: connection.execute(fetched).fetchone() == (["changed"],))
        late.set()
        await until(lambda: connection.execute(fetched).fetchone() == (["changed", "overtaken"],))
        stops[1].set()
        await second
        later = T0 + timedelta(days=1)
        now.set(later)
        await until(lambda: connection.execute(fetched).fetchone() == (["changed", "overtaken", "unchanged"],))
        await until(lambda: agenda.idle(connection, later))  # it works on
        stops[0].set()
        await first
        server.close()

    with connect(database_url, autocommit=True) as connection:
        now = register(connection, configuration)
        (source,) = configuration.sources
        sha256 = snapshots.put(connection, pricing(START).encode(), "text/markdown")
        captures.see(connection, source=SOURCE, sha256=sha256, url=PRICING, at=T0 - timedelta(hours=1), origin="live")
        catch_up(connection, source, at=T0 - timedelta(hours=1))
        asyncio.run(story(connection, now))
        told = "SELECT kind, count(*) FROM event WHERE NOT baseline GROUP BY kind"
        assert connection.execute(told).fetchall() == [("price.changed", 2)]
        assert connection.execute("SELECT count(*) FROM capture").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM delivery").fetchone() == (1,)
