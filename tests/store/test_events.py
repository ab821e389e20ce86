"""Events are recorded once, routed once, read newest first, and taken back with a reason."""

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from store import clock, deliveries, event_pages, events, routings, sources
from store.connect import Connection, connect, connect_reader
from store.sources import SourceRow
from timeline.events import CaptureRef, Event

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
REF = CaptureRef(seq=3, url="https://acme.example/pricing", captured_at=T0, sha256="a" * 64)


@pytest.fixture(autouse=True)
def registered(connection: Connection) -> None:
    rows = [
        SourceRow(id=name, provider=name, kind="pricing", url=f"https://{name}.example", trust="official", every=HOUR)
        for name in ("acme", "bolt")
    ]
    sources.register(connection, rows, T0)
    connection.commit()


def event(number: int = 1, **changes: object) -> Event:
    fields: dict[str, object] = {
        "kind": "price.changed",
        "source": "acme",
        "provider": "acme",
        "key": f"k{number}",
        "subject_kind": "model",
        "model": f"Model {number}",
        "model_id": f"model-{number}",
        "meter": "input",
        "conditions": {"service_tier": "batch", "context_over": 200000},
        "old": {"amount": "3.00", "currency": "USD", "per": 1000000, "unit": "token"},
        "new": {"amount": "2.50", "currency": "USD", "per": 1000000, "unit": "token"},
        "change_pct": Decimal("-16.67"),
        "direction": "cut",
        "effective_at": "2026-08-12",
        "observed_after": T0 - HOUR,
        "observed_at": T0 + number * timedelta(minutes=1),
        "before": None,
        "after": REF,
        "locator": "table 1 row 2",
        "headline": f"Acme cuts Model {number} by 16.67 %",
    }
    return Event(**(fields | changes))  # type: ignore[arg-type]


def test_what_is_recorded_comes_back_the_same_and_only_once(connection: Connection) -> None:
    first = event()
    assert events.insert(connection, [first, event(2)], recorded_at=T0 + HOUR) == 2
    assert events.insert(connection, [first]) == 0
    stored = routings.unrouted(connection, 10)
    assert [found.id for found in stored] == [first.id, event(2).id]
    for name in Event.__dataclass_fields__:
        assert getattr(stored[0], name) == getattr(first, name), name
    assert stored[0].recorded_at == T0 + HOUR
    assert stored[0].position < stored[1].position
    assert format(stored[0].change_pct or 0, "f") == "-16.67"


def test_recorded_at_is_the_rehearsals_time(connection: Connection) -> None:
    clock.set_rehearsal(connection, T0)
    events.insert(connection, [event()])
    assert routings.unrouted(connection, 1)[0].recorded_at == T0


def test_routed_events_are_not_seen_again(connection: Connection) -> None:
    events.insert(connection, [event(1), event(2), event(3)])
    assert [found.key for found in routings.unrouted(connection, 2)] == ["k1", "k2"]
    routings.mark_routed(connection, [event(1).id, event(2).id], T0)
    assert [found.key for found in routings.unrouted(connection, 10)] == ["k3"]


def test_two_routers_never_see_the_same_event(connection: Connection, database_url: str) -> None:
    events.insert(connection, [event(number) for number in range(10)])
    connection.commit()
    mine = routings.unrouted(connection, 6)
    with connect(database_url) as other:
        theirs = routings.unrouted(other, 10)
    assert len(mine) == 6
    assert len(theirs) == 4
    assert not {found.id for found in mine} & {found.id for found in theirs}


def test_what_settles_first_waits(connection: Connection) -> None:
    clock.set_rehearsal(connection, T0)
    events.insert(connection, [event(tell_after=T0 + 48 * HOUR)])
    assert routings.unrouted(connection, 10) == []
    clock.set_rehearsal(connection, T0 + 48 * HOUR)
    assert [found.key for found in routings.unrouted(connection, 10)] == ["k1"]


def test_a_page_is_filtered_and_goes_on_where_the_last_one_ended(connection: Connection, reader_url: str) -> None:
    same_time = [event(number, observed_at=T0) for number in (1, 2, 3)]
    later = event(4, model_id="other-4", direction="rise", change_pct=Decimal(2), baseline=True)
    events.insert(connection, [*same_time, later, event(5, source="bolt", provider="bolt", kind="price.listed")])
    connection.commit()
    with connect_reader(reader_url) as reader:
        read: list[str] = []
        before = None
        while found := event_pages.page(reader, before=before, limit=2):
            read += [row["id"] for row in found]
            before = (found[-1]["observed_at"], found[-1]["id"])
        assert len(read) == len(set(read)) == 5
        assert read[:2] == [event(5, source="bolt", provider="bolt", kind="price.listed").id, later.id]

        def keys(**filters: object) -> set[str]:
            return {row["key"] for row in event_pages.page(reader, **filters)}  # type: ignore[arg-type]

        assert keys(kind=["price.l*"]) == {"k5"}
        assert keys(provider=["bolt"]) == {"k5"}
        assert keys(model=["model-*"]) == {"k1", "k2", "k3", "k5"}
        assert keys(model=["Model 4"]) == {"k4"}
        assert keys(model=["model_1"]) == set()
        assert keys(direction=["rise"]) == {"k4"}
        assert keys(since=T0 + timedelta(minutes=1)) == {"k4", "k5"}
        assert keys(until=T0 + timedelta(minutes=1)) == {"k1", "k2", "k3"}
        assert keys(baseline=False, source=["acme"]) == {"k1", "k2", "k3"}
        assert keys(min_change_pct=Decimal(10), source=["acme"]) == {"k1", "k2", "k3"}
        assert keys(q="CUTS model 3") == {"k3"}
        assert keys(q="16.67 %") == {f"k{number}" for number in range(1, 6)}
        assert keys(q="16_67") == set()
        with pytest.raises(TypeError, match="unknown filters"):
            keys(colour=["red"])


def test_taking_back_keeps_the_row_and_tells_whoever_was_told(connection: Connection) -> None:
    events.insert(connection, [event(1), event(2)])
    deliveries.add(connection, "m1", "finops", [event(1).id], {"title": "t"}, created_at=T0, not_before=T0)
    assert events.withdraw(connection, [event(1).id, event(2).id], because="misread column", at=T0) == 2
    assert events.withdraw(connection, [event(1).id], because="again", at=T0 + HOUR) == 0
    assert routings.unrouted(connection, 10) == []
    assert event_pages.page(connection) == []
    row = event_pages.page(connection, withdrawn=True, key=["k1"])[0]
    assert (row["withdrawn_at"], row["withdrawn_because"]) == (T0, "misread column")
    (untold,) = routings.withdrawn_untold(connection, 10)
    assert (untold.id, untold.withdrawn_because) == (event(1).id, "misread column")
    routings.mark_withdrawals_routed(connection, [untold.id], T0)
    assert routings.withdrawn_untold(connection, 10) == []


def test_the_counter_moves_with_the_commit_that_changed_something(connection: Connection, database_url: str) -> None:
    with connect(database_url, autocommit=True) as other:
        start = events.change_counter(other)
        connection.execute("SELECT 1")  # begins the transaction that `insert` joins
        events.insert(connection, [event(1)])
        assert events.change_counter(other) == start
        events.insert(other, [event(2, source="bolt")])
        between = events.change_counter(other)
        assert between != start
        connection.commit()
        after = events.change_counter(other)
        assert after not in (start, between)
        events.insert(other, [event(1)])
        assert events.change_counter(other) == after
        events.withdraw(other, [event(1).id], because="x", at=T0)
        assert events.change_counter(other) != after


def test_two_recorders_of_the_same_event_record_it_once(database_url: str) -> None:
    counts: list[int] = []

    def record() -> None:
        with connect(database_url) as own:
            counts.append(events.insert(own, [event(number) for number in range(20)]))

    threads = [threading.Thread(target=record) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 0, 20]
