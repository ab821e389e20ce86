"""Evidence: bytes are kept once, and runs of the same bytes are one capture."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from store import captures, fetches, snapshots, sources, verdicts
from store.connect import Connection, StoreError, connect
from store.fetches import Fetch
from store.sources import SourceRow
from timeline.issues import Issue

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def registered(connection: Connection) -> None:
    url = "https://acme.example/pricing"
    row = SourceRow(id="acme", provider="acme", kind="pricing", url=url, trust="official", every=timedelta(minutes=10))
    sources.register(connection, [row], T0)


def test_bytes_come_back_as_they_were_and_are_kept_once(connection: Connection) -> None:
    body = bytes(range(256)) * 50
    sha256 = snapshots.put(connection, body, "text/html")
    assert snapshots.put(connection, body, "text/plain") == sha256
    found = snapshots.get(connection, sha256)
    assert found is not None
    assert (found.body, found.bytes, found.content_type) == (body, len(body), "text/html")
    assert connection.execute("SELECT count(*), max(length(zstd)) < 2000 FROM body").fetchone() == (1, True)
    assert snapshots.get(connection, "0" * 64) is None


def test_empty_bytes_are_bytes(connection: Connection) -> None:
    found = snapshots.get(connection, snapshots.put(connection, b"", "text/plain"))
    assert found is not None
    assert found.body == b""


def test_bytes_that_were_damaged_are_refused(connection: Connection) -> None:
    first, second = snapshots.put(connection, b"first", "a/b"), snapshots.put(connection, b"other", "a/b")
    connection.execute(
        "UPDATE body SET zstd = (SELECT zstd FROM body WHERE sha256 = %s) WHERE sha256 = %s", [first, second]
    )
    with pytest.raises(StoreError, match="is not what was stored"):
        snapshots.get(connection, second)


def test_the_same_bytes_again_move_the_end_of_the_run(connection: Connection) -> None:
    first, new = see(connection, b"a", T0)
    assert (first.seq, new, first.checks) == (1, True, 1)
    again, new = see(connection, b"a", T0 + HOUR)
    assert (again.seq, new, again.checks) == (1, False, 2)
    assert (again.first_seen, again.last_seen) == (T0, T0 + HOUR)
    other, new = see(connection, b"b", T0 + 2 * HOUR)
    assert (other.seq, new) == (2, True)
    back, new = see(connection, b"a", T0 + 3 * HOUR)
    assert (back.seq, new) == (3, True)
    assert [capture.seq for capture in captures.all_of(connection, "acme")] == [1, 2, 3]


def test_an_import_repeated_is_recognised_and_an_older_capture_refused(connection: Connection) -> None:
    see(connection, b"a", T0)
    see(connection, b"a", T0 + HOUR)
    assert see(connection, b"a", T0 + HOUR / 2)[1] is False
    with pytest.raises(StoreError, match="expected a capture later than"):
        see(connection, b"b", T0 + HOUR / 2)


def test_reading_notes_the_verdict_once_in_order(connection: Connection) -> None:
    see(connection, b"a", T0)
    see(connection, b"b", T0 + HOUR)
    assert [capture.seq for capture in captures.unread(connection)] == [1, 2]
    issue = Issue(code="unknown_unit", message="found 'per moon'", locator="table 1")
    verdicts.mark_read(
        connection, "acme", 1, verdict="good", extractor="v1", facts=3, issues=[issue], ignored=[{"what": "footer"}]
    )
    assert [capture.seq for capture in captures.unread(connection, "acme")] == [2]
    found = captures.all_of(connection, "acme")[0]
    assert (found.verdict, found.extractor, found.facts) == ("good", "v1", 3)
    assert found.issues[0]["message"] == "found 'per moon'"
    assert found.ignored == [{"what": "footer"}]
    last_good = captures.last_good(connection, "acme", before=2)
    assert last_good is not None
    assert last_good.seq == 1
    assert captures.last_good(connection, "acme", before=1) is None


def test_an_operator_accepts_by_the_start_of_the_hash(connection: Connection) -> None:
    capture, _ = see(connection, b"a", T0)
    assert verdicts.accept(connection, "acme", capture.sha256[:10]) == 1
    found = captures.latest(connection, "acme")
    assert found is not None
    assert found.verdict == "accepted"


def test_one_observer_at_a_time(connection: Connection, database_url: str) -> None:
    connection.commit()
    captures.lock_source(connection, "acme")
    got = threading.Event()

    def second() -> None:
        with connect(database_url) as other:
            captures.lock_source(other, "acme")
            got.set()

    thread = threading.Thread(target=second)
    thread.start()
    assert not got.wait(0.3)
    connection.commit()
    assert got.wait(10)
    thread.join()
    with pytest.raises(StoreError, match="nobody is not registered"):
        captures.lock_source(connection, "nobody")


def test_every_attempt_is_kept_and_tells_whether_there_is_a_network(connection: Connection) -> None:
    before = fetches.reachability(connection, since=T0)
    assert (before.attempts, before.pending) == (0, 1)
    attempt(connection, T0, "dns_failure")
    down = fetches.reachability(connection, since=T0)
    assert (down.attempts, down.good, down.answered, down.hosts, down.pending) == (1, 0, 0, 1, 0)
    assert down.next_try == T0
    attempt(connection, T0 + HOUR, "changed", status=200, headers={"etag": '"a"'}, bytes=10)
    up = fetches.reachability(connection, since=T0)
    assert (up.attempts, up.good, up.answered, up.next_try) == (1, 1, 1, None)
    assert connection.execute("""SELECT count(*), max(headers ->> 'etag') FROM "fetch" """).fetchone() == (2, '"a"')


def see(connection: Connection, body: bytes, at: datetime) -> tuple[captures.Capture, bool]:
    sha256 = snapshots.put(connection, body, "text/html")
    return captures.see(connection, source="acme", sha256=sha256, url="https://x", at=at, origin="live")


def attempt(connection: Connection, at: datetime, outcome: str, **more: object) -> int:
    fetch = Fetch(
        source="acme",
        run="r",
        url="https://x",
        started_at=at,
        finished_at=at,
        outcome=outcome,
        **more,  # type: ignore[arg-type]
    )
    return fetches.record(connection, fetch)
