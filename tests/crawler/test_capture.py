from collections.abc import Callable
from datetime import timedelta

import pytest

from crawler.capture import Arrival, is_binary, prepare, record_arrival, record_failure
from crawler.failures import Failure
from crawler.outcomes import Outcome
from store import captures, snapshots
from store.connect import Connection
from tests.crawler.wires import NOW, Wire, source

URL = "https://acme.example.com/feed"
PAGE = source(URL)


@pytest.fixture
def arrive(wire: Wire, connection: Connection) -> Callable[..., Outcome]:
    wire.register(PAGE)

    def answer(body: bytes = b"", *, status: int = 200, minutes: int = 0, **fields: object) -> Outcome:
        visit = prepare(connection, PAGE)
        arrival = Arrival(status=status, url=URL, body=body, **fields)  # type: ignore[arg-type]
        outcome = record_arrival(connection, visit, arrival, run="test", now=NOW + timedelta(minutes=minutes))
        connection.commit()
        return outcome

    return answer


@pytest.mark.parametrize(
    ("body", "binary"),
    [
        (b"plain text", False),
        (b"", False),
        ("caf\u00e9 \u20ac \u4ef7\u683c".encode(), False),
        ("caf\u00e9".encode("latin-1"), False),
        ("\u4ef7\u683c".encode("gb18030"), False),
        ("\u4fa1\u683c".encode("iso2022_jp"), False),  # escape characters
        ("\ufeff<rss/>".encode("utf-16-le"), False),
        ("<rss/>".encode("utf-16-le"), False),
        ('{"a": 1}'.encode("utf-16-be"), False),
        (b"form\x0cfeed\ttab\r\n", False),
        (b"text\x00text", True),
        (b"\x7fELF\x02\x01\x01", True),
        (b"%PDF-1.7 all text", True),
        (b"PK\x03\x04", True),
        (b"\x1f\x8b\x08", True),  # a gzip file, not a gzip encoding
        (b"\xff\xd8\xff\xe0 jpeg", True),
        (b"x" * 5000 + b"\x00", False),  # only the beginning is judged, as browsers do
    ],
)
def test_binary_or_text(body: bytes, binary: bool) -> None:
    assert is_binary(body) is binary


def test_the_bytes_are_committed_unread_with_where_they_came_from(
    arrive: Callable[..., Outcome], wire: Wire, connection: Connection
) -> None:
    outcome = arrive(b"caf\xe9", headers={"content-type": "text/html; charset=latin-1", "etag": '"1"'}, received=99)
    assert (outcome.name, outcome.seq, outcome.good) == ("changed", 1, True)
    assert outcome.sha256 is not None
    snapshot = snapshots.get(connection, outcome.sha256)
    assert snapshot is not None
    assert (snapshot.body, snapshot.content_type) == (b"caf\xe9", "text/html; charset=latin-1")
    (unread,) = captures.unread(connection)
    assert (unread.source, unread.sha256, unread.url, unread.origin) == ("acme-page", outcome.sha256, URL, "live")
    assert wire.ask("SELECT bytes, sha256, headers ->> 'etag' FROM \"fetch\"") == [(99, outcome.sha256, '"1"')]


def test_back_to_what_it_said_before_is_a_new_run(arrive: Callable[..., Outcome]) -> None:
    outcomes = [arrive(body, minutes=n) for n, body in enumerate((b"a", b"b", b"a", b"a"))]
    assert [(outcome.name, outcome.seq) for outcome in outcomes] == [
        ("changed", 1),
        ("changed", 2),
        ("changed", 3),
        ("unchanged", 3),
    ]


def test_nothing_is_compared_with_bytes_that_are_no_longer_the_newest(
    arrive: Callable[..., Outcome], connection: Connection
) -> None:
    arrive(b"live", headers={"etag": '"live"'})
    assert prepare(connection, PAGE).etag == '"live"'
    sha256 = snapshots.put(connection, b"imported", "text/html")
    captures.see(connection, source="acme-page", sha256=sha256, url=URL, at=NOW + timedelta(hours=1), origin="import")
    assert prepare(connection, PAGE).etag is None


def test_a_304_to_bytes_that_were_replaced_meanwhile_is_no_evidence(wire: Wire, connection: Connection) -> None:
    wire.register(PAGE)
    first = Arrival(status=200, url=URL, body=b"one", headers={"etag": '"1"'})
    record_arrival(connection, prepare(connection, PAGE), first, run="test", now=NOW)
    visit = prepare(connection, PAGE)
    record_arrival(
        connection,
        prepare(connection, PAGE),
        Arrival(status=200, url=URL, body=b"two"),
        run="test",
        now=NOW + timedelta(minutes=1),
    )
    late = Arrival(status=304, url=URL, body=b"")
    outcome = record_arrival(connection, visit, late, run="test", now=NOW + timedelta(minutes=2))
    assert outcome.name == "overtaken"
    assert prepare(connection, PAGE).etag is None
    assert [capture.last_seen for capture in captures.all_of(connection, "acme-page")] == [
        NOW,
        NOW + timedelta(minutes=1),
    ]


@pytest.mark.parametrize("late", [b"one", b"two", b"three", None])
def test_what_comes_late_says_nothing_about_now(wire: Wire, connection: Connection, late: bytes | None) -> None:
    """A worker stood still for longer than its lease, another looked, and what the first one had asked comes now."""
    wire.register(PAGE)
    record_arrival(connection, prepare(connection, PAGE), Arrival(status=200, url=URL, body=b"one"), run="a", now=NOW)
    visit = prepare(connection, PAGE)
    for minutes, body in ((1, b"two"), (2, b"two")):
        at = NOW + timedelta(minutes=minutes)
        answer = Arrival(status=200, url=URL, body=body)
        record_arrival(connection, prepare(connection, PAGE), answer, run="b", now=at)
    connection.commit()
    state = "SELECT next_due_at, failures, health, last_good_at, last_fetch_at FROM source_state"
    before = wire.ask("SELECT seq, sha256, last_seen, checks FROM capture"), wire.ask(state)
    at = NOW + timedelta(minutes=3)
    if late is None:
        outcome = record_failure(connection, visit, Failure(name="incomplete"), run="a", now=at)
    else:
        outcome = record_arrival(connection, visit, Arrival(status=200, url=URL, body=late), run="a", now=at)
    connection.commit()
    assert (outcome.name, outcome.good, outcome.seq) == ("overtaken", False, None)
    assert (wire.ask("SELECT seq, sha256, last_seen, checks FROM capture"), wire.ask(state)) == before
    assert outcome.sha256 is None if late is None else snapshots.get(connection, str(outcome.sha256))
    assert wire.ask('SELECT outcome FROM "fetch" ORDER BY id DESC LIMIT 1') == [("overtaken",)]


def test_a_304_keeps_the_validators_it_does_not_repeat(arrive: Callable[..., Outcome], connection: Connection) -> None:
    arrive(b"one", headers={"etag": '"1"', "last-modified": "Wed, 12 Aug 2026 09:00:00 GMT"})
    assert arrive(status=304, minutes=1).name == "not_modified"
    visit = prepare(connection, PAGE)
    assert (visit.etag, visit.last_modified) == ('"1"', "Wed, 12 Aug 2026 09:00:00 GMT")


def test_what_is_not_kept_leaves_the_validators_and_the_capture_alone(
    arrive: Callable[..., Outcome], wire: Wire, connection: Connection
) -> None:
    arrive(b"one", headers={"etag": '"1"'})
    for minutes, (status, body) in enumerate(((500, b"oops"), (200, b""), (200, b"\x00\x01"), (404, b"no")), 1):
        assert not arrive(body, status=status, minutes=minutes, headers={"etag": '"bad"'}).good
    assert prepare(connection, PAGE).etag == '"1"'
    assert wire.ask("SELECT checks, last_seen FROM capture") == [(1, NOW)]
    assert wire.ask("SELECT count(*) FROM snapshot") == [(1,)]


def test_all_or_nothing(wire: Wire, connection: Connection) -> None:
    """The fetch row is written last: if it cannot be, there is no capture either."""
    wire.register(PAGE)
    connection.execute("ALTER TABLE \"fetch\" ADD CHECK (run <> 'refused')")
    connection.commit()
    arrival = Arrival(status=200, url=URL, body=b"one")
    with pytest.raises(Exception, match="violates check constraint"):
        record_arrival(connection, prepare(connection, PAGE), arrival, run="refused", now=NOW)
    connection.commit()
    for table in ("capture", "snapshot", '"fetch"'):
        assert wire.ask(f"SELECT count(*) FROM {table}") == [(0,)]


def test_the_host_that_asks_to_wait_is_the_one_that_answered(wire: Wire, connection: Connection) -> None:
    wire.register(PAGE)
    for url, status in ((URL, 429), ("https://cdn.acme.example.com:8443/x", 503)):
        arrival = Arrival(status=status, url=url, body=b"", headers={"retry-after": "60"})
        outcome = record_arrival(connection, prepare(connection, PAGE), arrival, run="test", now=NOW)
        assert outcome.name == "rate_limited"
    connection.commit()
    assert wire.ask("SELECT host, not_before FROM host ORDER BY 1") == [
        ("acme.example.com", NOW + timedelta(seconds=60)),
        ("cdn.acme.example.com:8443", NOW + timedelta(seconds=60)),
    ]


def test_max_age_puts_off_the_next_visit_within_reason(arrive: Callable[..., Outcome]) -> None:
    assert arrive(b"a", headers={"cache-control": "max-age=900"}).next_due_at == NOW + timedelta(minutes=15)
    assert arrive(b"a", headers={"cache-control": "max-age=999999"}).next_due_at == NOW + timedelta(minutes=20)


def test_every_failure_by_name_is_recorded(wire: Wire, connection: Connection) -> None:
    wire.register(PAGE)
    visit = prepare(connection, PAGE)
    for name in ("timeout", "dns_failure", "postponed"):
        outcome = record_failure(connection, visit, Failure(name=name, detail="why"), run="test", now=NOW)
        assert outcome.name == name
    connection.commit()
    assert wire.rows() == [
        ("acme-page", "timeout", None),
        ("acme-page", "dns_failure", None),
        ("acme-page", "postponed", None),
    ]
    assert wire.ask("SELECT failures, last_outcome FROM source_state") == [(2, "dns_failure")]
