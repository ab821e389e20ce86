"""Attacks by a source itself: rows 23, 24 and 25 of the table of attacks we must survive."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler import observe
from crawler.capture import Arrival, prepare, record_arrival
from crawler.extraction import extract
from crawler.outcomes import Outcome
from crawler.registration import registration
from crawler.settings import settings
from crawler.source import Source
from store import captures, snapshots, sources
from store.connect import Connection
from tests.crawler.hostile import Hostile
from tests.crawler.loops import run
from tests.crawler.test_settings import ASSERTED
from tests.crawler.wires import Wire, source

pytestmark = pytest.mark.postgres
AT = datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_row_23_a_forbidden_page_is_not_fetched_with_8_requests_in_flight(database_url: str) -> None:
    wire = Wire(database_url=database_url)

    async def crawl() -> tuple[list[Outcome], Hostile]:
        async with Hostile(robots=b"User-agent: *\nDisallow: /private\n") as server:
            server.delay = 0.2  # robots.txt is waited for by all of them
            pages = [source(server.url(f"/{'private' if n % 2 else 'page'}/{n}"), id=f"page-{n}") for n in range(16)]
            return await wire.fetch(*pages, allow_hosts=[server.address]), server

    outcomes, server = run(crawl())
    assert [outcome.name for outcome in outcomes] == ["changed", "robots_disallowed"] * 8
    assert not [path for path in server.asked if path.startswith("/private")]
    assert server.asked["/robots.txt"] == 1


def test_row_23_certificates_are_verified_and_no_console_is_open() -> None:
    found = settings()
    assert {name: found[name] for name in ASSERTED} == ASSERTED
    for name in ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED"):
        assert ASSERTED[name] is False
    assert ASSERTED["DOWNLOAD_VERIFY_CERTIFICATES"] is True


WATCHED = Source(
    id="acme-pricing", provider="acme", kind="pricing", url="https://acme.example/pricing", trust="official",
    every=timedelta(minutes=10),
)  # fmt: skip
PAGE = "# What it costs\n\n| Model | Input per 1M tokens | Output per 1M tokens |\n|---|---|---|\n" + "".join(
    f"| Acme {n} | ${n}.25 | ${n * 4}.50 |\n" for n in range(1, 11)
)
POISON: dict[str, Callable[[str], str]] = {
    "every price a thousandfold": lambda page: page.replace(".25", "250").replace(".50", "500"),
    "one price a thousandfold": lambda page: page.replace("$3.25", "$3250"),
    "every price nothing": lambda page: "".join(
        f"{'| Acme ' + line.split()[2] + ' | $0.00 | $0.00 |' if line.startswith('| Acme') else line}\n"
        for line in page.splitlines()
    ),
    "all rows gone": lambda page: page.partition("| Acme")[0],
    "all tables gone": lambda page: "# What it costs\n\nAsk our sales team.\n",
    "most rows gone": lambda page: page.partition("| Acme 2")[0],
    "another company's page": lambda page: page.replace("Acme", "Zenith").replace(".25", ".99"),
    "input and output swapped": lambda page: (
        page.replace("Input", "X").replace("Output", "Input").replace("X", "Output")
    ),
    "another currency": lambda page: page.replace("$", "¥"),
    "a bot wall with status 200": lambda page: "<html><title>Just a moment...</title>Checking your browser",
    "a login": lambda page: "<html><title>Sign in</title><body><form><input type=password></form>Please log in</body>",
    "nothing": lambda page: "",
}  # fmt: skip


def _look(connection: Connection, page: str, minutes: int) -> observe.Observed:
    at = AT + timedelta(minutes=minutes)
    sha256 = snapshots.put(connection, page.encode(), "text/markdown")
    captures.see(connection, source=WATCHED.id, sha256=sha256, url=WATCHED.url, at=at, origin="live")
    return observe.observe(connection, WATCHED, at=at)


def _timeline(connection: Connection) -> list[Any]:
    return connection.execute(
        "SELECT key, amount::text, effective::text, known::text FROM aiwire.price ORDER BY key, known"
    ).fetchall()


@pytest.mark.parametrize("poison", POISON)
def test_row_24_a_poisoned_page_is_held_and_told_of_and_changes_nothing(connection: Connection, poison: str) -> None:
    sources.register(connection, [registration(WATCHED)], AT)
    assert len(_look(connection, PAGE, 0).events) == 20
    before = _timeline(connection)
    spoiled = POISON[poison](PAGE)
    assert spoiled != PAGE
    seen = _look(connection, spoiled, 10)
    assert seen.events == ()
    held = sources.health(connection)[0].held
    assert seen.bad == 1 or held, "neither refused nor held"
    if seen.bad:
        opened = connection.execute("SELECT code FROM aiwire.issue WHERE closed_at IS NULL").fetchall()
        assert opened, "refused without an issue"
    assert _look(connection, PAGE, 20).events == ()
    assert _timeline(connection) == before
    told = connection.execute("SELECT count(*) FROM aiwire.event WHERE NOT baseline").fetchone()
    assert told == (0,)


IMPOSSIBLE = ("January 1, 1970", "2525-06-01", "31 September 2026", "February 30, 2026", "2026-13-01", "0000-00-00")


@pytest.mark.parametrize("stated", IMPOSSIBLE)
def test_row_25_an_impossible_day_is_refused_with_an_issue(stated: str) -> None:
    page = (
        "| Model | Status | Shutdown date | Replacement |\n|---|---|---|---|\n"
        f"| acme-1 | Deprecated | {stated} | acme-2 |\n| acme-0 | Deprecated | June 1, 2026 | acme-2 |\n"
    )
    read = extract(page.encode(), [], kind="lifecycle", url="https://docs.acme.example/", at=AT)
    assert read.issues, read.facts
    days = {fact["model"]: fact["retires_on"] for fact in read.facts}
    fatal = any(issue.fatal for issue in read.issues)
    assert fatal or days.get("acme-1") is None, days


FUTURE = ("Fri, 01 Jan 2525 10:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Wed, 31 Sep 2026 10:00:00 GMT")


@pytest.mark.parametrize("printed", FUTURE)
def test_row_25_a_feed_cannot_date_its_items_into_another_age(printed: str) -> None:
    feed = (
        "<rss version='2.0'><channel><title>t</title><item><guid>1</guid><title>Old news</title>"
        f"<pubDate>{printed}</pubDate></item></channel></rss>"
    )
    read = extract(feed.encode(), [], kind="feed", url="https://acme.example/feed", at=AT)
    (item,) = read.facts
    assert item["published_at"] is None, json.dumps(item)
    assert read.issues


def test_row_25_a_clock_that_runs_back_does_not_change_the_order_of_the_timeline(connection: Connection) -> None:
    """What was fetched later comes later, whatever the clock said by then."""
    sources.register(connection, [registration(WATCHED)], AT)
    for minutes, amount in ((0, "3.25"), (60, "3.00"), (30, "2.75")):
        prepared = prepare(connection, WATCHED)
        at = AT + timedelta(minutes=minutes)
        body = PAGE.replace("$3.25", f"${amount}").encode()
        record_arrival(connection, prepared, Arrival(status=200, url=WATCHED.url, body=body), run="test", now=at)
        observe.observe(connection, WATCHED, at=at)
    seen = connection.execute("SELECT first_seen FROM aiwire.capture ORDER BY seq").fetchall()
    assert seen == sorted(set(seen))
    assert len(seen) == 3
    moves = connection.execute(
        "SELECT old ->> 'amount', new ->> 'amount' FROM aiwire.event WHERE NOT baseline ORDER BY observed_at"
    ).fetchall()
    assert moves == [("3.25", "3.00"), ("3.00", "2.75")]
