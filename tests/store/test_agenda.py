"""What is due is found once: not while it is queued, not before its time."""

from datetime import UTC, datetime, timedelta

import pytest

from store import agenda, captures, clock, deliveries, events, hosts, routings, snapshots, sources, verdicts
from store.agenda import Agenda
from store.connect import Connection
from store.sources import SourceRow
from tests.store.test_timelines import told

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOTHING = Agenda(hosts=(), unread=(), unrouted=False, receivers=())


@pytest.fixture(autouse=True)
def registered(connection: Connection) -> None:
    """Two sources of one host, both fetched and due again in an hour."""
    clock.set_rehearsal(connection, T0)
    rows = [
        SourceRow(id=name, provider="acme", kind="pricing", url="https://a.example/x", trust="official", every=HOUR)
        for name in ("acme", "other")
    ]
    sources.register(connection, rows, T0 + HOUR)


def queued(connection: Connection, lock: str) -> None:
    connection.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock) VALUES ('q', 't', %s, %s)",
        [lock, lock],
    )


def test_a_receiver_waits_in_the_queue_by_its_own_name(connection: Connection) -> None:
    """Receivers of one channel have one lock, so each is known by what it is queued as."""
    for receiver in ("a", "b"):
        deliveries.add(connection, "m", receiver, [], {"title": "t"}, created_at=T0, not_before=T0)
    connection.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock) VALUES ('q', 't', 'lane:x', %s)",
        ["receiver:a"],
    )
    connection.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 't')")
    assert agenda.due(connection, T0).receivers == ("b",)


def test_receivers_that_are_due_soon_come_in_the_order_of_their_turns_and_once(connection: Connection) -> None:
    for receiver, minutes in (("a", 3), ("b", 1), ("c", 2), ("d", 9), ("b", 4)):
        at = T0 + timedelta(minutes=minutes)
        deliveries.add(connection, f"m{minutes}", receiver, [], {"title": "t"}, created_at=T0, not_before=at)
    assert agenda.receivers_due(connection, T0 + timedelta(minutes=5)) == ["b", "c", "a"]
    queued(connection, "receiver:c")
    assert agenda.receivers_due(connection, T0 + timedelta(minutes=5)) == ["b", "a"]


def test_nothing_is_due_before_its_time(connection: Connection) -> None:
    assert agenda.due(connection, T0) == NOTHING
    assert agenda.idle(connection, T0)
    queued(connection, "anything")
    assert not agenda.idle(connection, T0)


def test_a_host_is_due_once_for_all_its_sources_and_not_while_it_is_queued(connection: Connection) -> None:
    assert agenda.due(connection, T0 + HOUR).hosts == ("a.example",)
    assert agenda.due_of_host(connection, "a.example", T0 + HOUR) == ["acme", "other"]
    hosts.delay(connection, "a.example", T0 + 2 * HOUR, "Retry-After")
    assert agenda.due(connection, T0 + HOUR).hosts == ()
    assert agenda.due_of_host(connection, "a.example", T0 + HOUR) == []
    assert agenda.due(connection, T0 + 2 * HOUR).hosts == ("a.example",)
    queued(connection, "host:a.example")
    assert agenda.due(connection, T0 + 2 * HOUR).hosts == ()


def test_captures_nobody_has_read_are_due(connection: Connection) -> None:
    sha256 = snapshots.put(connection, b"x", "text/plain")
    captures.see(connection, source="acme", sha256=sha256, url="https://a.example/x", at=T0, origin="live")
    assert agenda.due(connection, T0).unread == ("acme",)
    verdicts.mark_read(connection, "acme", 1, verdict="good", extractor="1", facts=0)
    assert agenda.due(connection, T0) == NOTHING


def test_events_are_due_when_they_may_be_told(connection: Connection) -> None:
    events.insert(connection, [told(tell_after=T0 + HOUR)])
    assert agenda.due(connection, T0) == NOTHING
    assert agenda.due(connection, T0 + HOUR).unrouted
    queued(connection, "route")
    assert not agenda.due(connection, T0 + HOUR).unrouted


def test_withdrawals_of_what_was_told_are_due_and_others_not(connection: Connection) -> None:
    events.insert(connection, [told(), told(key="untold")])
    routings.mark_routed(connection, [told().id], T0)
    events.withdraw(connection, [told().id, told(key="untold").id], because="misread", at=T0)
    assert agenda.due(connection, T0) == NOTHING
    deliveries.add(connection, "m", "finops", [told().id], {"title": "t"}, created_at=T0, not_before=T0 + HOUR)
    assert agenda.due(connection, T0) == Agenda(hosts=(), unread=(), unrouted=True, receivers=())
    routings.mark_withdrawals_routed(connection, [told().id], T0)
    assert agenda.due(connection, T0) == NOTHING
    assert agenda.due(connection, T0 + HOUR).receivers == ("finops",)


def test_a_host_that_was_asked_a_moment_ago_is_left_alone_by_every_machine(connection: Connection) -> None:
    second = timedelta(seconds=1)
    at = T0 + HOUR
    connection.execute("UPDATE source_state SET last_fetch_at = %s WHERE source = 'acme'", [at])
    for later, hosts_due in ((second / 2, ()), (second, ("a.example",)), (-2 * HOUR, ())):
        assert agenda.due(connection, at + later, pause=second).hosts == hosts_due
        ids = ["acme", "other"] if hosts_due else []
        assert agenda.due_of_host(connection, "a.example", at + later, pause=second) == ids
    connection.execute("UPDATE source_state SET last_fetch_at = %s WHERE source = 'acme'", [at + HOUR])
    assert agenda.due(connection, at, pause=second).hosts == ("a.example",), "a clock that was set back holds nobody up"
