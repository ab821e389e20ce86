"""Official captures from the web's archive: a local server speaks its index and gives its bytes."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.backfill import wayback
from crawler.backfill.exports import BackfillError
from crawler.backfill.importing import Backfilled
from crawler.capture import Arrival
from crawler.fetching import NotFetchedError, fetch_unkept
from crawler.source import Source
from store.connect import Connection
from tests.crawler.loops import run
from tests.crawler.wires import QUICK

NOW = datetime(2026, 9, 1, tzinfo=UTC)
PAGE, FORMER = "https://acme.example/pricing", "https://docs.acme.example/prices"
ACME = Source(
    id="acme-pricing", provider="acme", kind="pricing", url=PAGE, former_urls=(FORMER,), trust="official",
    every=timedelta(minutes=10),
)  # fmt: skip


def page(amount: str) -> bytes:
    return (
        f"<!doctype html><html><body><h1>Prices</h1><table><tr><th>Model</th><th>Input per 1M tokens</th></tr>"
        f"<tr><td>chat-1</td><td>${amount}</td></tr></table></body></html>"
    ).encode()


@dataclass
class Archive:
    """What the archive has: (timestamp, original, digest, bytes); and what it was asked."""

    kept: list[tuple[str, str, str, bytes]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    limit: int = 2
    stingy_after: int | None = None  # so many requests; then it asks to come back later
    address: str = ""

    def index(self, query: dict[str, list[str]]) -> bytes:
        first, last = query.get("from", ["0"])[0], query.get("to", ["9"])[0]
        rows = [one for one in self.kept if one[1] == query["url"][0] and first <= one[0] <= last]
        start = int(query.get("resumeKey", ["0"])[0])
        if not rows:
            return b""
        shown = [[at, url, "text/html", "200", digest] for at, url, digest, _ in rows[start : start + self.limit]]
        more: list[list[str]] = [[], [str(start + self.limit)]] if start + self.limit < len(rows) else []
        return json.dumps([["timestamp", "original", "mimetype", "statuscode", "digest"], *shown, *more]).encode()

    def body(self, path: str) -> bytes | None:
        return next((body for at, url, _, body in self.kept if path == f"/web/{at}id_/{url}"), None)


@pytest.fixture
def archive() -> Iterator[Archive]:
    held = Archive()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            held.asked.append(self.path)
            if held.stingy_after is not None and len(held.asked) > held.stingy_after:
                self.send_response(429)
                self.end_headers()
                return
            body = held.index(parse_qs(asked.query)) if asked.path == "/cdx/search/cdx" else held.body(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/json" if "cdx" in self.path else "text/html")
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    held.address = f"http://127.0.0.1:{server.server_port}"
    yield held
    server.shutdown()
    server.server_close()


def bring_in(
    connection: Connection, archive: Archive, since: datetime | None = None, until: datetime | None = None
) -> Backfilled:
    pauses: list[float] = []

    async def fetch(url: str) -> Arrival:
        source = Source(**{**{name: getattr(ACME, name) for name in Source.__dataclass_fields__}, "url": url})
        host = archive.address.removeprefix("http://")
        return await fetch_unkept(source, now=NOW, allow_hosts=[host], manners=QUICK)

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    done = run(
        wayback.bring_in(connection, ACME, fetch, archive=archive.address, since=since, until=until, pause=pause)
    )
    assert set(pauses) == {wayback.PAUSE}
    return done


def asof(connection: Connection, at: str) -> Decimal | None:
    query = "SELECT amount, source, trust FROM timeline.price_asof(%s::timestamptz)"
    row = connection.execute(query, [at]).fetchone()
    assert row is None or row[1:] == ("acme-pricing", "official")
    return row[0] if row else None


FULL = [
    ("20250110120000", FORMER, "A", page("3")),
    ("20250210120000", FORMER, "B", page("2.50")),
    ("20250310120000", PAGE, "C", page("2")),
    ("20250311120000", PAGE, "C", page("2")),
    ("20250410120000", PAGE, "D", page("1.75")),
]


def test_captures_of_all_addresses_become_history_and_a_second_run_asks_for_none(
    connection: Connection, archive: Archive
) -> None:
    archive.kept = FULL
    done = bring_in(connection, archive)
    assert (done.imported, done.known, done.bad) == (4, 0, 0)
    days = ("2025-01-09", "2025-01-11", "2025-02-11", "2025-03-12", "2025-05-01")
    assert [asof(connection, day) for day in days] == [None, *map(Decimal, ("3", "2.50", "2", "1.75"))]
    urls = connection.execute("SELECT url FROM capture ORDER BY first_seen").fetchall()
    assert urls == [(FORMER,), (FORMER,), (PAGE,), (PAGE,)]
    assert connection.execute("SELECT DISTINCT origin FROM event").fetchall() == [("import",)]  # nobody is told
    archive.asked.clear()
    again = bring_in(connection, archive)
    assert (again.imported, again.known) == (0, 4)
    assert [path for path in archive.asked if path.startswith("/web/")] == []


def test_only_the_days_that_were_asked_for(connection: Connection, archive: Archive) -> None:
    archive.kept = FULL
    done = bring_in(
        connection, archive, since=datetime(2025, 2, 1, tzinfo=UTC), until=datetime(2025, 3, 10, tzinfo=UTC)
    )
    assert done.imported == 2
    assert [asof(connection, day) for day in ("2025-02-01", "2025-03-12")] == [None, Decimal(2)]


def test_an_archive_that_asks_to_come_back_later_loses_nothing(connection: Connection, archive: Archive) -> None:
    archive.kept, archive.stingy_after = FULL, 7
    with pytest.raises(NotFetchedError, match="rate_limited"):
        bring_in(connection, archive)
    (came,) = connection.execute("SELECT count(*) FROM capture").fetchone() or ()
    assert 0 < came < 4
    archive.stingy_after = None
    done = bring_in(connection, archive)
    assert (done.imported, done.known) == (4 - came, came)
    assert asof(connection, "2025-05-01") == Decimal("1.75")


def test_a_capture_that_is_listed_and_cannot_be_had_is_counted(
    connection: Connection, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.kept = FULL
    whole = archive.body
    monkeypatch.setattr(archive, "body", lambda path: None if "20250210" in path else whole(path))
    done = bring_in(connection, archive)
    assert (done.imported, done.bad) == (3, 1)


def test_what_was_never_kept_is_nothing(connection: Connection, archive: Archive) -> None:
    assert bring_in(connection, archive) == Backfilled(source="acme-pricing", imported=0, known=0)


HEAD = ["timestamp", "original", "mimetype", "statuscode", "digest"]


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b'{"a": 1}',
        b'[["timestamp"]]',
        json.dumps([HEAD, ["2025", "https://a.example", "", "", ""]]).encode(),
        json.dumps([HEAD, ["20250101000000", "file:///etc", "", "", ""]]).encode(),
        json.dumps([HEAD, ["20251301000000", "https://a.example", "", "", ""]]).encode(),
    ],
)
def test_an_answer_that_is_no_index_is_refused(body: bytes) -> None:
    with pytest.raises(BackfillError, match="expected captures from the archive"):
        wayback.parse_index(body)
