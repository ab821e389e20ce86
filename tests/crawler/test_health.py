"""What is told of a source's own health: once, and not when it is the network that is gone."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler import health
from store import checks, fetches, sources
from store.connect import Connection
from store.fetches import Fetch
from store.sources import SourceRow

pytestmark = pytest.mark.postgres

T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NAMES = ("a", "b", "c", "d")


@pytest.fixture(autouse=True)
def watched(connection: Connection) -> None:
    """Four sources of four hosts, every ten minutes, all well at T0."""
    rows = [
        SourceRow(
            id=name,
            provider="acme",
            kind="pricing",
            url=f"https://{name}.example/",
            trust="official",
            every=10 * MINUTE,
        )
        for name in NAMES
    ]
    sources.register(connection, rows, T0)
    for name in NAMES:
        attempt(connection, name, T0, good=True)


def attempt(connection: Connection, source: str, at: datetime, *, good: bool, status: int | None = None) -> None:
    outcome = "unchanged" if good else "server_error" if status else "dns_failure"
    checks.record_check(
        connection, source, at=at, outcome=outcome, next_due_at=at + 10 * MINUTE, good=good, detail=outcome
    )
    fetches.record(
        connection,
        Fetch(
            source=source, run="test", url=f"https://{source}.example/", started_at=at, finished_at=at,
            outcome=outcome, status=200 if good else status,
        ),
    )  # fmt: skip


def told(connection: Connection) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in connection.execute("SELECT kind, source FROM event ORDER BY position")]


def test_a_source_that_goes_stale_is_told_once_and_so_is_its_recovery(connection: Connection) -> None:
    for minutes in range(10, 60, 10):
        at = T0 + minutes * MINUTE
        for name in NAMES[1:]:
            attempt(connection, name, at, good=True)
        attempt(connection, "a", at, good=False)
        health.watch(connection, now=at + MINUTE)
    assert told(connection) == [("source.stale", "a")]
    attempt(connection, "a", T0 + 60 * MINUTE, good=True)
    health.watch(connection, now=T0 + 61 * MINUTE)
    health.watch(connection, now=T0 + 62 * MINUTE)
    assert told(connection) == [("source.stale", "a"), ("source.recovered", "a")]


def test_no_network_blames_nobody_however_long_it_lasts_nor_when_it_comes_back(connection: Connection) -> None:
    hours = [T0 + hour * 60 * MINUTE for hour in range(1, 9)]
    for at in hours:
        for name in NAMES:
            attempt(connection, name, at, good=False)
        for later in (1, 45):  # just after the attempts, and when the last ones are long ago
            assert health.watch(connection, now=at + later * MINUTE) == 0
    attempt(connection, "a", hours[-1] + 50 * MINUTE, good=True)
    assert health.watch(connection, now=hours[-1] + 51 * MINUTE) == 0, "the others have not been asked since"
    attempt(connection, "b", hours[-1] + 52 * MINUTE, good=False)
    health.watch(connection, now=hours[-1] + 53 * MINUTE)
    assert told(connection) == [("source.stale", "b")], "asked while the network was there, and silent"


def test_a_site_that_answers_badly_is_to_blame_for_itself(connection: Connection) -> None:
    for minutes in (10, 20, 30):
        attempt(connection, "a", T0 + minutes * MINUTE, good=False, status=503)
    health.watch(connection, now=T0 + 31 * MINUTE)
    assert told(connection) == [("source.stale", "a")]


def test_a_machine_that_slept_blames_nobody(connection: Connection) -> None:
    assert health.watch(connection, now=T0 + timedelta(days=2)) == 0
    assert told(connection) == []


def test_a_muted_source_is_not_told_of(connection: Connection) -> None:
    sources.mute(connection, "a")
    attempt(connection, "a", T0 + 30 * MINUTE, good=False, status=503)
    health.watch(connection, now=T0 + 31 * MINUTE)
    assert told(connection) == []
