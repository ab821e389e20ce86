"""After pruning a rebuild gives the same history: what is dropped proves nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler import observe
from crawler.rebuild import rebuild
from crawler.registration import registration
from crawler.source import Source
from store import captures, fetches, pruning, snapshots, sources
from store.connect import Connection
from store.fetches import Fetch
from tests.dumps import dump

pytestmark = pytest.mark.postgres

START = datetime(2026, 2, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIFE = Source(
    id="acme-life", provider="acme", kind="lifecycle", url="https://acme.example/life", trust="official", every=6 * HOUR
)
PRICES = Source(
    id="acme-prices",
    provider="acme",
    kind="pricing",
    url="https://acme.example/price",
    trust="official",
    every=6 * HOUR,
)


def life(*rows: str) -> str:
    return "# Model status\n\n| Model | Retirement date |\n|---|---|\n" + "".join(f"| {row} |\n" for row in rows)


def prices(amount: str) -> str:
    return (
        "# Prices\n\nPer 1M tokens, USD.\n\n| Model | Input | Output |\n|---|---|---|\n"
        f"| acme-9 | ${amount} | $8.00 |\n| acme-7 | $1.00 | $2.00 |\n"
    )


PAGES = {  # from which day on each page says what
    LIFE.id: {
        0: life("acme-1 | 2026-02-20", "acme-2 | 2026-03-15"),
        12: life("acme-1 | 2026-02-25", "acme-2 | 2026-03-15"),
        30: life("acme-2 | 2026-03-15"),
        40: life("acme-2 | 2026-03-15", "acme-3 | 2026-06-01"),
    },
    PRICES.id: {0: prices("2.00"), 9: prices("1.50"), 20: prices("0.15"), 33: prices("0.14")},
}


def look(connection: Connection, source: Source, at: datetime, page: str | None) -> None:
    """One visit as the crawler stores it; None: the site does not answer."""
    outcome = "timeout"
    if page is not None:
        with connection.transaction():
            sha256 = snapshots.put(connection, page.encode(), "text/markdown")
            _, fresh = captures.see(connection, source=source.id, sha256=sha256, url=source.url, at=at, origin="live")
        outcome = "changed" if fresh else "not_modified"
    fetches.record(
        connection,
        Fetch(source=source.id, run="r", url=source.url, started_at=at, finished_at=at, outcome=outcome),
    )
    if page is not None:
        observe.observe(connection, source, at=at)


@pytest.fixture
def watched(connection: Connection) -> Connection:
    """Two pages looked at every six hours for fifty days; every ninth look fails."""
    connection.autocommit = True
    sources.register(connection, [registration(source) for source in (LIFE, PRICES)], START)
    for number in range(200):
        at = START + number * 6 * HOUR
        for source in (LIFE, PRICES):
            pages = PAGES[source.id]
            page = pages[max(day for day in pages if day <= number * 6 // 24)]
            look(connection, source, at, None if number % 9 == 8 else page)
    return connection


def test_a_rebuild_after_pruning_gives_the_same_history(watched: Connection) -> None:
    now = START + 60 * DAY
    before = dump(watched)
    kept = len(watched.execute('SELECT FROM "fetch"').fetchall())
    foretold = {step.what: step.rows for step in pruning.count(watched, before=START + 45 * DAY)}
    dropped: dict[str, int] = {}
    for step in pruning.prune(watched, before=START + 45 * DAY):
        dropped[step.what] = dropped.get(step.what, 0) + step.rows
    assert dropped == {what: rows for what, rows in foretold.items() if rows}
    assert dropped["failed_fetches"] == 40
    assert dropped["unchanged_looks"] > 150
    assert len(watched.execute('SELECT FROM "fetch"').fetchall()) == kept - sum(dropped.values())
    for source in (LIFE, PRICES):
        done = rebuild(watched, source, now=now, because="a test")
        assert (done.events_added, done.events_withdrawn) == ((), ())
    assert dump(watched) == before
    assert [*pruning.prune(watched, before=START + 45 * DAY)] == [], "a second time finds nothing"


def test_the_newest_attempt_stays_whatever_came_of_it(connection: Connection) -> None:
    connection.autocommit = True
    sources.register(connection, [registration(LIFE)], START)
    for number in range(3):
        look(connection, LIFE, START + number * DAY, None)
    assert [step.rows for step in pruning.prune(connection, before=START + 300 * DAY)] == [2]


def test_small_batches_drop_the_same(watched: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    foretold = sum(step.rows for step in pruning.count(watched, before=START + 45 * DAY))
    monkeypatch.setattr(pruning, "BATCH", 7)
    steps = [*pruning.prune(watched, before=START + 45 * DAY)]
    assert max(step.rows for step in steps) <= 7
    assert sum(step.rows for step in steps) == foretold


def test_what_turns_by_its_date_was_seen_as_it_was_until_the_look_before(connection: Connection) -> None:
    """Live, after a rebuild, and after pruning."""
    connection.autocommit = True
    sources.register(connection, [registration(LIFE)], START)
    times = [START + days * DAY + hours * HOUR for days in (0, 1, 3, 5, 6) for hours in (2, 9, 15, 21)]
    for at in times:
        look(connection, LIFE, at, life("acme-1 | 2026-02-05", "acme-2 | 2026-12-31"))
        observe.turn_calendar(connection, LIFE, at=at + HOUR)
    query = "SELECT observed_after, observed_at FROM event WHERE kind = 'model.status_changed'"
    assert connection.execute(query).fetchall() == [(times[11], times[12])]
    for _ in range(2):
        assert rebuild(connection, LIFE, now=START + 9 * DAY, because="a test").is_empty
        assert [step.what for step in pruning.prune(connection, before=START + 8 * DAY)] in (["unchanged_looks"], [])
