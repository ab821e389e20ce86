"""What troubles the wire itself: found, told once an incident, and its end once; to those who look after it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import vitals
from alerts.outbox import route_pending
from alerts.routes import parse_alerts
from crawler import troubles
from crawler.troubles import Finding
from store import clock, deliveries, delivery_attempts, fetches, routings, sources
from store.connect import Connection
from store.fetches import Fetch
from store.sources import SourceRow
from timeline.strict import load

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MIB = 2**20
HOSTS = 8


def look(connection: Connection, *, free: int = 4000 * MIB, now: datetime = T0) -> dict[str, Finding]:
    found = vitals.findings(connection, Path("/"), now=now, free=lambda _: free)
    return {finding.name: finding for finding in found}


def answer(
    connection: Connection, at: datetime, *, dates: list[str | None] | None = None, reached: bool = True
) -> None:
    """One answer of each of HOSTS hosts, which each date as they do; none where nothing can be reached."""
    for number in range(HOSTS):
        name = f"s{number}"
        said = dates[number] if dates else None
        fetches.record(
            connection,
            Fetch(
                source=name, run="test", url=f"https://{name}.example/", started_at=at, finished_at=at,
                outcome="unchanged" if reached else "dns_failure", status=200 if reached else None,
                headers={"date": said} if said else None,
            ),
        )  # fmt: skip


@pytest.fixture
def watched(connection: Connection) -> None:
    rows = [
        SourceRow(
            id=f"s{number}", provider="acme", kind="pricing", url=f"https://s{number}.example/", trust="official",
            every=10 * MINUTE,
        )
        for number in range(HOSTS)
    ]  # fmt: skip
    sources.register(connection, rows, T0)


@pytest.mark.parametrize(("mib", "there"), [(511, True), (512, None), (639, None), (640, False)])
def test_a_disk_is_in_trouble_below_one_mark_and_well_above_another(
    connection: Connection, mib: int, there: bool | None
) -> None:
    found = look(connection, free=mib * MIB)["disk"]
    assert found.there is there
    assert f"{mib} MiB" in found.said


@pytest.mark.parametrize(("seconds", "there"), [(0, False), (2.0, False), (4.0, None), (-7.0, True), (3600, True)])
def test_a_clock_is_compared_with_the_database(connection: Connection, seconds: float, there: bool | None) -> None:
    def off() -> datetime:
        return clock.wall_clock() + timedelta(seconds=seconds)

    (found,) = [one for one in vitals.findings(connection, Path("/"), now=T0, clock=off) if one.name == "clock"]
    assert found.there is there
    if there:
        assert f"{abs(seconds):,.0f} s {'ahead of' if seconds > 0 else 'behind'} its database" in found.said


@pytest.mark.parametrize(
    ("ahead", "there"),
    [
        ([0, 0, 0, 1, 2, 900, 3600, 86400], False),  # caches answer with the date of long ago
        ([-3600, 0, 1, 1, 1, 2, 2, 2], False),  # one clock out there is wrong
        ([120, 120, 121, 122, 123, 900, 3600, 9000], True),
        ([-300, -300, -299, -298, -297, 500, 1000, 5000], True),
        ([500, 500, 500, 500, None, None, None, None], False),  # too few to tell
    ],
)
def test_a_clock_is_compared_with_what_sites_say(
    connection: Connection, watched: None, ahead: list[int | None], there: bool
) -> None:
    dates = [None if one is None else f"{T0 - timedelta(seconds=one):%a, %d %b %Y %H:%M:%S} GMT" for one in ahead]
    answer(connection, T0, dates=dates)
    assert look(connection, now=T0 + MINUTE)["clock"].there is there


def test_a_date_that_is_none_says_nothing(connection: Connection, watched: None) -> None:
    said: list[str | None] = [
        "yesterday",
        "Wed, 12 Aug 2026",
        "",
        "Wed, 32 Abc 2026 25:00:00 GMT",
        "0",
        "-",
        "x",
        "Wed, 1 Jan 9999999 1:1",
    ]
    answer(connection, T0, dates=said)
    assert look(connection, now=T0 + MINUTE)["clock"].there is False


def test_nothing_is_said_of_a_network_that_nobody_asked(connection: Connection, watched: None) -> None:
    assert "network" not in look(connection)
    answer(connection, T0, reached=False)
    assert look(connection, now=T0 + MINUTE)["network"].there is True
    answer(connection, T0 + 2 * MINUTE)
    assert look(connection, now=T0 + 3 * MINUTE)["network"].there is False


def test_a_trouble_is_told_once_and_so_is_its_end_by_the_default_routes(connection: Connection, watched: None) -> None:
    config = parse_alerts(load("", "aiwire.toml"), {})
    for minutes, mib in ((0, 4000), (1, 300), (2, 250), (3, 600), (4, 200), (60, 900), (61, 900), (120, 100)):
        now = T0 + minutes * MINUTE
        clock.set_rehearsal(connection, now)
        troubles.watch(connection, list(look(connection, free=mib * MIB, now=now).values()), now=now)
        route_pending(connection, config, now)
        for row in deliveries.newest(connection, 100, state="pending"):
            if row["not_before"] <= now + MINUTE:
                delivery_attempts.mark_sent(connection, row["id"], now)
    told = [(row["title"], row["not_before"]) for row in reversed(deliveries.newest(connection, 100))]
    soon = timedelta(seconds=30)
    assert told == [
        ("The disk is nearly full: 300 MiB are free where aiwire keeps its data", T0 + MINUTE + soon),
        ("aiwire has room on its disk again: 900 MiB are free where aiwire keeps its data", T0 + 60 * MINUTE + soon),
        ("The disk is nearly full: 100 MiB are free where aiwire keeps its data", T0 + 120 * MINUTE + soon),
    ]
    kinds = [event.kind for event in routings.unrouted(connection, 10)]
    assert kinds == []


def test_two_machines_have_troubles_of_their_own_and_one_network(connection: Connection) -> None:
    def found(machine: str, *, full: bool) -> list[Finding]:
        return [
            Finding(name="disk", there=full, said="full" if full else "room", machine=machine),
            Finding(name="network", there=True, said="nothing"),
        ]

    looks = [found("a", full=True), found("b", full=False), found("a", full=True), found("b", full=True)]
    assert [troubles.watch(connection, one, now=T0) for one in looks] == [2, 0, 0, 1]


def test_the_wire_itself_is_no_watched_source(connection: Connection, watched: None) -> None:
    troubles.watch(connection, [Finding(name="network", there=True, said="nothing")], now=T0)
    assert {source.source for source in sources.health(connection)} == {f"s{number}" for number in range(HOSTS)}
