import asyncio
import gc
import re
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest

from crawler.capture import Arrival
from crawler.fetching import Recorder
from crawler.origin import Origin, Page
from crawler.outcomes import Outcome
from store import sources
from store.connect import StoreError, connect
from tests.crawler.hostile import FIXED, Hostile, certificate
from tests.crawler.loops import run
from tests.crawler.wires import NOW, QUICK, Wire, source

URL = "https://acme.example.com/feed"


def test_changed_unchanged_not_modified_and_changed_again(wire: Wire) -> None:
    page = source(URL)

    async def story() -> list[str]:
        names = []
        async with Origin() as origin:
            origin.serve(URL, b"<p>one</p>", content_type="text/html")
            names += [(await wire.fetch(page, origin=origin.address))[0].name]
            wire.now += timedelta(minutes=10)
            names += [(await wire.fetch(page, origin=origin.address))[0].name]
            origin.put(URL, Page(body=b"<p>one</p>", etag='"other"'))
            wire.now += timedelta(minutes=10)
            names += [(await wire.fetch(page, origin=origin.address))[0].name]
            origin.serve(URL, b"<p>two</p>", content_type="text/html")
            wire.now += timedelta(minutes=10)
            names += [(await wire.fetch(page, origin=origin.address))[0].name]
        return names

    assert run(story()) == ["changed", "not_modified", "unchanged", "changed"]
    assert [row[1:] for row in wire.rows()] == [
        ("changed", 200),
        ("not_modified", 304),
        ("unchanged", 200),
        ("changed", 200),
    ]
    runs = wire.ask("SELECT seq, checks, last_seen - first_seen, verdict FROM capture ORDER BY seq")
    assert runs == [(1, 3, timedelta(minutes=20), None), (2, 1, timedelta(0), None)]
    assert wire.issues() == []


# What a bad server does, and the one outcome it ends as.
HOSTILE = {
    "/good": "changed",
    "/forbidden": "forbidden",
    "/unauthorized": "forbidden",
    "/legal": "forbidden",
    "/missing": "not_found",
    "/gone": "gone",
    "/broken": "server_error",
    "/teapot": "unexpected_status",
    "/unasked-304": "unexpected_status",
    "/empty": "empty",
    "/blank": "empty",
    "/nothing": "empty",
    "/image": "wrong_type",
    "/pdf": "wrong_type",
    "/archive": "wrong_type",
    "/html-for-markdown.md": "changed",
    "/latin1": "changed",
    "/utf16": "changed",
    "/utf16-no-mark": "changed",
    "/no-charset": "changed",
    "/zstd": "changed",
    "/br": "changed",
    "/to-private": "blocked_address",
    "/to-metadata": "blocked_address",
    "/to-localhost": "blocked_address",
    "/to-decimal": "blocked_address",
    "/to-backslash": "blocked_address",
    "/to-userinfo": "blocked_address",
    "/to-elsewhere": "redirected_away",
    "/to-nowhere": "unexpected_status",
    "/to-file": "blocked_address",
    "/to-gopher": "blocked_address",
    "/to-data": "blocked_address",
    "/loop": "redirected_away",
    "/moved": "changed",
    "/for-now": "changed",
    "/hang": "timeout",
    "/slow-headers": "timeout",
    "/slow-drip": "timeout",
    "/endless": "too_large",
    "/endless-headers": "broken_response",
    "/huge-by-length": "too_large",
    "/bomb-gzip": "too_large",
    "/bomb-deflate": "too_large",
    "/bomb-br": "too_large",
    "/bomb-zstd": "too_large",
    "/bomb-twice": "too_large",
    "/not-gzip": "undecodable",
    "/not-br": "undecodable",
    "/odd-encoding": "undecodable",
    "/cut": "incomplete",
    "/cut-chunked": "incomplete",
    "/reset": "connection_failed",
    "/not-http": "broken_response",
    "/bad-length": "broken_response",
    "/two-lengths": "broken_response",
}


def test_every_hostile_behaviour_ends_as_its_named_outcome_in_one_crawl(wire: Wire) -> None:
    async def crawl() -> list[Outcome]:
        async with Hostile() as server:
            asked = [source(server.url(path), id=f"page-{n}") for n, path in enumerate(HOSTILE)]
            return await wire.fetch(
                *asked,
                allow_hosts=[server.address],
                manners=replace(QUICK, request_seconds=1.0, crawl_seconds=60.0),
            )

    outcomes = run(crawl())
    found = dict(zip(HOSTILE, [outcome.name for outcome in outcomes], strict=True))
    assert found == HOSTILE, [
        outcome for outcome, name in zip(outcomes, HOSTILE.values(), strict=True) if outcome.name != name
    ]
    rows = wire.rows()
    assert [row[1] for row in rows].count("changed") == list(HOSTILE.values()).count("changed")
    assert len(rows) == len({row[0] for row in rows}) == len(HOSTILE)  # exactly one row an attempt


def test_one_request_a_host_at_a_time_also_without_a_delay(wire: Wire) -> None:
    async def crawl() -> int:
        async with Hostile() as server:
            server.delay = 0.02
            await wire.fetch(
                *(source(server.url(f"/page-{n}"), id=f"page-{n}") for n in range(12)), allow_hosts=[server.address]
            )
            return server.most

    assert run(crawl()) == 1


def test_several_hosts_at_once_and_a_hanging_one_holds_up_nobody(wire: Wire) -> None:
    async def crawl() -> list[str]:
        async with Hostile() as hanging, Hostile() as other:
            began = asyncio.get_running_loop().time()
            outcomes = await wire.fetch(
                source(hanging.url("/hang"), id="hanging"),
                *(source(other.url(f"/page-{n}"), id=f"page-{n}") for n in range(5)),
                allow_hosts=[hanging.address, other.address],
            )
            assert asyncio.get_running_loop().time() - began < 4
            return [outcome.name for outcome in outcomes]

    assert run(crawl()) == ["timeout"] + ["changed"] * 5


def test_two_looks_in_one_tick_of_the_clock_keep_their_order(wire: Wire) -> None:
    page = source(URL)

    async def story() -> None:
        async with Origin() as origin:
            for text in (b"one", b"two", b"two", b"three"):
                origin.put(URL, Page(body=text, etag='""'))
                origin.put(URL, Page(body=text, etag=f'"{text.decode()}"'))
                await wire.fetch(page, origin=origin.address)

    run(story())
    times = wire.ask("SELECT first_seen - %s, last_seen - %s FROM capture ORDER BY seq", NOW, NOW)
    assert [(a.microseconds, b.microseconds) for a, b in times] == [(0, 0), (1, 2), (3, 3)]


def test_rate_limits_wait_as_asked_for_the_whole_host_and_survive_in_the_store(wire: Wire) -> None:
    async def crawl(path: str) -> tuple[Outcome, datetime | None]:
        async with Hostile() as server:
            page = source(server.url(path), id=path.strip("/"))
            (outcome,) = await wire.fetch(page, allow_hosts=[server.address])
            ((until,),) = wire.ask("SELECT (SELECT not_before FROM host WHERE host = %s)", server.address)
            with connect(wire.database_url) as connection:
                assert sources.due(connection, wire.now) == []
            return outcome, until

    for path, wait in (
        ("/slowly", timedelta(hours=1)),
        ("/slowly-date", timedelta(hours=2)),
        ("/slowly-unsaid", timedelta(minutes=15)),
        ("/maintenance", timedelta(minutes=30)),
    ):
        outcome, until = run(crawl(path))
        assert (outcome.name, until) == ("rate_limited", NOW + wait), path
        assert outcome.next_due_at is not None
        assert outcome.next_due_at >= NOW + wait


def test_failures_back_off_open_an_issue_when_they_last_and_recover(wire: Wire) -> None:
    async def story() -> None:
        async with Hostile() as server:
            page = source(server.url("/page"))
            waits = []
            for path in ("/broken", "/broken", "/broken", "/broken", "/good"):
                FIXED["/page"] = FIXED[path]
                (outcome,) = await wire.fetch(page, allow_hosts=[server.address], register=wire.now == NOW)
                assert outcome.next_due_at is not None
                waits.append((outcome.next_due_at - wire.now) / timedelta(minutes=1))
                wire.now = outcome.next_due_at
                seen.append((outcome.name, outcome.health.new if outcome.health else None, wire.issues()))
            for wait, expected in zip(waits, (2, 4, 8, 16, 10), strict=True):
                assert 0.9 * expected <= wait <= 1.1 * expected, waits

    seen: list[tuple[str, str | None, list[str]]] = []
    run(story())
    assert seen == [
        ("server_error", "failing", []),
        ("server_error", None, []),
        ("server_error", None, ["server_error"]),
        ("server_error", None, ["server_error"]),
        ("changed", None, []),
    ]
    assert wire.ask("SELECT failures, last_outcome FROM source_state") == [(0, "changed")]


def test_a_permanent_redirect_is_followed_and_told_until_the_url_is_changed(wire: Wire) -> None:
    async def crawl() -> list[Outcome]:
        async with Hostile() as server:
            moved, for_now = source(server.url("/moved"), id="moved"), source(server.url("/for-now"), id="for-now")
            return await wire.fetch(moved, for_now, allow_hosts=[server.address])

    moved, for_now = run(crawl())
    assert moved.name == for_now.name == "changed"
    assert moved.final_url is not None
    assert moved.final_url.endswith("/good")
    told = wire.ask("SELECT source, code, message FROM issue")
    assert [(row[0], row[1]) for row in told] == [("moved", "moved_permanently")]
    assert moved.final_url in told[0][2]


def test_validators_belong_to_the_url_the_reader_and_the_bytes(wire: Wire) -> None:
    async def story() -> list[str]:
        async with Origin() as origin:
            names = []
            for page in (source(URL), source(URL), source(f"{URL}-new"), source(URL)):
                origin.serve(page.url, b"the same bytes")
                wire.now += timedelta(minutes=10)
                names.append((await wire.fetch(page, origin=origin.address))[0].name)
            return names

    assert run(story()) == ["changed", "not_modified", "unchanged", "unchanged"]


def test_last_modified_alone_is_enough_for_a_304(wire: Wire) -> None:
    async def story() -> list[str]:
        async with Hostile() as server:
            body = b"<p>dated</p>"
            FIXED["/dated"] = ("200 OK", {"Last-Modified": "Wed, 12 Aug 2026 09:00:00 GMT"}, body)
            page = source(server.url("/dated"))
            first = await wire.fetch(page, allow_hosts=[server.address])
            FIXED["/dated"] = ("304 Not Modified", {}, b"")
            wire.now += timedelta(minutes=10)
            second = await wire.fetch(page, allow_hosts=[server.address])
            assert server.headers[-1]["if-modified-since"] == "Wed, 12 Aug 2026 09:00:00 GMT"
            return [first[0].name, second[0].name]

    assert run(story()) == ["changed", "not_modified"]


def test_we_say_who_we_are_and_keep_no_secrets(wire: Wire) -> None:
    async def crawl() -> dict[str, str]:
        async with Hostile() as server:
            await wire.fetch(
                source(server.url("/secrets")),
                allow_hosts=[server.address],
                manners=replace(QUICK, contact="https://acme.example.com/bots"),
            )
            await wire.fetch(source(server.url("/secrets")), allow_hosts=[server.address])
            return server.headers[1]

    headers = run(crawl())
    assert re.fullmatch(r"aiwire/[0-9.]+ \(\+https://acme\.example\.com/bots\)", headers["user-agent"])
    assert "cookie" not in headers
    assert "referer" not in headers
    assert headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert "hunter2" not in str(wire.ask('SELECT headers FROM "fetch"'))


def test_no_name_no_server_no_valid_certificate(wire: Wire, tmp_path: Path) -> None:
    async def crawl() -> list[Outcome]:
        async with Hostile(tls=certificate(tmp_path)) as secure, Hostile() as closed:
            pass
        async with Hostile(tls=certificate(tmp_path)) as secure:
            return await wire.fetch(
                source("http://no-such-host.invalid/", id="nameless"),
                source(closed.url("/"), id="closed"),
                source(secure.url("/"), id="self-signed"),
                allow_hosts=[closed.address, secure.address],
                manners=replace(QUICK, request_seconds=30.0, crawl_seconds=60.0),  # name servers take their time
            )

    outcomes = run(crawl())
    assert [outcome.name for outcome in outcomes] == ["dns_failure", "connection_failed", "tls_failure"]
    assert "certificate" in outcomes[2].detail
    assert wire.issues() == ["tls_failure"]  # the others may pass by themselves


def test_what_the_time_did_not_allow_is_postponed_and_due_at_once(wire: Wire) -> None:
    async def crawl() -> list[Outcome]:
        async with Hostile() as server:
            return await wire.fetch(
                *(source(server.url("/hang"), id=f"page-{n}") for n in range(3)),
                allow_hosts=[server.address],
                manners=replace(QUICK, request_seconds=1.0, crawl_seconds=0.5),
            )

    outcomes = run(crawl())
    assert [outcome.name for outcome in outcomes] == ["timeout", "postponed", "postponed"]
    assert wire.ask("SELECT source, failures, next_due_at FROM source_state ORDER BY 1")[1:] == [
        ("page-1", 0, NOW),
        ("page-2", 0, NOW),
    ]


def test_a_cancelled_batch_ends_its_requests_and_leaves_nothing_behind(wire: Wire) -> None:
    async def crawl() -> set[str]:
        async with Hostile() as server:
            before = asyncio.all_tasks()
            batch = asyncio.ensure_future(
                wire.fetch(
                    *(source(server.url("/slow-drip"), id=f"page-{n}") for n in range(3)), allow_hosts=[server.address]
                )
            )
            while not server.asked["/slow-drip"]:
                await asyncio.sleep(0.01)
            batch.cancel()
            with pytest.raises(asyncio.CancelledError):
                await batch
            assert server.asked["/slow-drip"] == 1
            ours = {task for task in asyncio.all_tasks() - before if "Hostile" not in repr(task)}
            return {repr(task) for task in ours}

    assert run(crawl()) == set()
    assert [row[1] for row in wire.rows()] == ["timeout", "postponed", "postponed"]


def test_a_database_that_fails_is_an_error_of_the_batch_not_of_the_source(wire: Wire) -> None:
    page = source(URL)

    async def crawl() -> None:
        async with Origin() as origin:
            origin.serve(URL, b"text")
            await wire.fetch(page, origin=origin.address, register=False)

    with pytest.raises(StoreError, match="not registered"):
        run(crawl())
    assert wire.rows() == []


def test_an_answer_that_cannot_be_kept_is_an_outcome_too(wire: Wire) -> None:
    """NUL in a header value or a lone surrogate in a detail: whatever the store refuses, the attempt is recorded."""
    page = source(URL)
    wire.register(page)

    async def record() -> list[Outcome]:
        with connect(wire.database_url) as connection:
            recorder = Recorder(wire.database_url, lambda: nullcontext(connection), clock=wire.clock, run="test")
            (visit,) = await recorder.prepare([page])
            await recorder.arrived(visit, Arrival(status=200, url=URL, body=b"text", headers={"etag": "a\x00b"}))
            return await recorder.finish(in_time=True)

    (outcome,) = run(record())
    assert outcome.name == "internal_error"
    assert wire.rows() == [("acme-page", "internal_error", None)]
    assert wire.ask("SELECT count(*) FROM capture") == [(0,)]
    assert wire.issues() == ["internal_error"]


@pytest.mark.parametrize("checks", [100, pytest.param(1000, marks=[pytest.mark.torture, pytest.mark.timeout(600)])])
def test_checks_of_unchanged_pages_are_answered_304_and_memory_stays_flat(wire: Wire, checks: int) -> None:
    pages = [source(f"https://acme.example.com/{n}", id=f"page-{n}") for n in range(10)]

    async def story() -> tuple[Origin, list[int]]:
        memory = []
        async with Origin() as origin:
            for page in pages:
                origin.serve(page.url, b"<p>never changes</p>" * 5000)
            for turn in range(checks // len(pages) + 1):
                await wire.fetch(*pages, origin=origin.address, register=turn == 0)
                wire.now += timedelta(minutes=10)
                gc.collect()
                memory.append(psutil.Process().memory_info().rss)
            return origin, memory

    origin, memory = run(story())
    assert origin.statuses[304] == checks
    assert origin.statuses[200] == len(pages)
    assert wire.ask("SELECT count(*), sum(checks) FROM capture") == [(len(pages), checks + len(pages))]
    if checks >= 1000:
        assert memory[-1] - memory[len(memory) // 2] < 3 * 2**20, [size >> 20 for size in memory]
