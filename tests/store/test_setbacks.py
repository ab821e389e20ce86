"""A clock that ran a year ahead and was set back: nothing waits for that year, and what is well keeps its pace."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler import capture
from crawler.capture import Arrival
from crawler.rebuild import catch_up
from crawler.registration import registration
from crawler.source import Source
from store import agenda, deliveries, hosts, setbacks, sources
from store.connect import Connection

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
TEN = timedelta(minutes=10)
ACME = Source(
    id="acme-pricing", provider="acme", kind="pricing", url="https://acme.example/", trust="official", every=TEN
)


def look(connection: Connection, price: str, at: datetime) -> list[str]:
    page = f"Prices per 1M tokens\n\n| Model | Input |\n|---|---|\n| quill-1 | ${price} |\n"
    arrival = Arrival(status=200, url=ACME.url, body=page.encode(), headers={"content-type": "text/markdown"})
    capture.record_arrival(connection, capture.prepare(connection, ACME), arrival, run="test", now=at)
    return [event.kind for event in catch_up(connection, ACME, at=at).events]


@pytest.fixture
def ahead(connection: Connection) -> datetime:
    """Everything was looked at by a clock a year ahead, which is right again ten minutes later."""
    sources.register(connection, [registration(ACME)], T0)
    look(connection, "3.00", T0)
    assert look(connection, "2.00", T0 + YEAR) == ["price.changed"]
    deliveries.add(connection, "k", "finops", [], {}, created_at=T0 + YEAR, not_before=T0 + YEAR)
    hosts.delay(connection, "acme.example", T0 + YEAR, "it asked to")
    return T0 + TEN


def test_nothing_waits_for_the_time_of_a_wrong_clock(connection: Connection, ahead: datetime) -> None:
    assert setbacks.come_back(connection, ahead) == 3
    assert setbacks.come_back(connection, ahead) == 0
    found = agenda.due(connection, ahead + TEN)
    assert (found.hosts, found.receivers) == (("acme.example",), ("finops",))


def test_what_is_seen_after_it_is_later_than_what_was_seen_before(connection: Connection, ahead: datetime) -> None:
    assert look(connection, "1.00", ahead) == ["price.changed"]
    assert look(connection, "1.00", ahead + TEN) == []
    changes = connection.execute(
        "SELECT old ->> 'amount', new ->> 'amount' FROM event WHERE kind = 'price.changed' ORDER BY observed_at"
    ).fetchall()
    assert changes == [("3.00", "2.00"), ("2.00", "1.00")]


def test_a_machine_whose_clock_runs_ahead_does_not_make_others_hurry(connection: Connection) -> None:
    sources.register(connection, [registration(ACME)], T0)
    for minutes in range(0, 60, 10):  # looked at by one ten minutes ahead, scheduled by one that is right
        now = T0 + timedelta(minutes=minutes)
        assert agenda.due(connection, now).hosts == ("acme.example",)
        look(connection, "3.00", now + TEN)
        setbacks.come_back(connection, now)
        assert agenda.due(connection, now + TEN - timedelta(seconds=1)).hosts == ()
