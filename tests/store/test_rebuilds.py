"""A history folded anew: only what differs is touched, ids survive, nobody is alarmed, twice is once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store import deliveries, event_pages, events, routings, sources, timelines
from store.connect import Connection
from store.sources import SourceRow
from tests.store.test_timelines import ACME, DAY, T0, believed, price, row, step, told
from timeline.events import Event
from timeline.observations import Folded, KnownRow, State

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 9, 1, tzinfo=UTC)
KEY = price().key


@pytest.fixture(autouse=True)
def appended(connection: Connection) -> None:
    """One price, cut after a day, with its event: as the live wire wrote it."""
    registered = SourceRow(id="acme", provider="acme", kind="pricing", url="https://a.x", trust="official", every=DAY)
    sources.register(connection, [registered], T0)
    first = step(T0, {KEY: (row(price("3"), T0),)}, key_states={KEY: {"sig": "3"}})
    timelines.append(connection, ACME, first, origin="live")
    after = (row(price("3"), T0, T0 + DAY), row(price("2"), T0 + DAY, seen=1))
    second = step(T0 + DAY, {KEY: after}, events=[told()], key_states={KEY: {"sig": "2"}})
    timelines.append(connection, ACME, second, origin="live")
    routings.mark_routed(connection, [told().id], T0 + DAY)
    connection.commit()


def folded(rows: list[KnownRow], told: list[Event], **more: Any) -> Folded:
    state = State(header={"last": (T0 + DAY).isoformat()}, keys={KEY: {"sig": "2"}})
    return Folded(state=state, rows=rows, events=told, moot=frozenset(more.pop("moot", ())), held=(), **more)


def as_it_was() -> list[KnownRow]:
    return [
        KnownRow(key=KEY, row=row(price("3"), T0), known_from=T0, known_to=T0 + DAY),
        KnownRow(key=KEY, row=row(price("3"), T0, T0 + DAY), known_from=T0 + DAY),
        KnownRow(key=KEY, row=row(price("2"), T0 + DAY, seen=1), known_from=T0 + DAY),
    ]


def rebuild(connection: Connection, what: Folded, *, at: datetime = NOW, **more: Any) -> timelines.Rebuilt:
    return timelines.replace(connection, ACME, what, now=at, because="reader 2", **more)


def everything(connection: Connection) -> list[Any]:
    return [
        connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
        for table in ("price", "event", "fold_key", "source_state")
    ]


def test_what_was_right_is_untouched(connection: Connection) -> None:
    before = everything(connection)
    result = rebuild(connection, folded(as_it_was(), [told()]))
    assert result.is_empty
    assert result.kept == 3
    assert everything(connection) == before


def test_what_was_wrong_is_superseded_and_stays_to_be_asked_for(connection: Connection) -> None:
    rows = [
        KnownRow(key=KEY, row=row(price("3"), T0), known_from=T0, known_to=T0 + DAY),
        KnownRow(key=KEY, row=row(price("3"), T0, T0 + DAY), known_from=T0 + DAY),
        KnownRow(key=KEY, row=row(price("2.5"), T0 + DAY, seen=1), known_from=T0 + DAY),
    ]
    result = rebuild(connection, folded(rows, [told(new={"amount": "2.5", "per": 1})]))
    assert result.kept == 2
    (changed,) = result.changed
    assert changed.subject == "model-a input"
    assert changed.was == ("2 USD per 1000000 token (2026-08-02T00:00:00+00:00 to now on)",)
    assert changed.now == ("2.5 USD per 1000000 token (2026-08-02T00:00:00+00:00 to now on)",)
    assert believed(connection)[2] == ("2.5", 1.0, None, 1.0, None)
    superseded = connection.execute(
        "SELECT amount, superseded_at FROM price WHERE superseded_at IS NOT NULL"
    ).fetchall()
    assert [(str(amount), at) for amount, at in superseded] == [("2", NOW)]
    assert connection.execute("SELECT recorded_at FROM price WHERE amount = 2.5").fetchone() == (NOW,)


def test_a_second_rebuild_changes_nothing(connection: Connection) -> None:
    rows = [KnownRow(key=KEY, row=row(price("2.5"), T0), known_from=T0)]
    what = folded(rows, [told(new={"amount": "2.5", "per": 1}), told(key="other")])
    assert not rebuild(connection, what).is_empty
    before = everything(connection)
    assert rebuild(connection, what, at=NOW + DAY).is_empty
    assert everything(connection) == before


def test_events_of_a_rebuild_are_not_alerted_unless_late(connection: Connection) -> None:
    result = rebuild(connection, folded(as_it_was(), [told(), told(key="quiet"), told(key="late", late=True)]))
    assert [event.key for event in result.events_added] == ["quiet", "late"]
    assert [event.key for event in routings.unrouted(connection, 10)] == ["late"]


def test_an_event_seen_at_another_time_is_corrected_and_not_told_again(connection: Connection) -> None:
    better = told(observed_at=T0 + DAY / 2, observed_after=T0, headline="cut at noon")
    result = rebuild(connection, folded(as_it_was(), [better]))
    assert [event.id for event in result.events_corrected] == [told().id]
    (found,) = event_pages.page(connection)
    assert (found["observed_at"], found["observed_after"], found["headline"]) == (T0 + DAY / 2, T0, "cut at noon")
    assert routings.unrouted(connection, 10) == []


def test_an_event_that_vanished_is_withdrawn_and_told_so_and_so_is_its_return(connection: Connection) -> None:
    deliveries.add(connection, "m", "finops", [told().id], {"title": "cut"}, created_at=T0, not_before=T0)
    result = rebuild(connection, folded(as_it_was(), []))
    assert result.events_withdrawn == (told().id,)
    assert event_pages.page(connection) == []
    (found,) = event_pages.page(connection, withdrawn=True)
    assert (found["withdrawn_at"], found["withdrawn_because"]) == (NOW, "reader 2")
    assert [event.id for event in routings.withdrawn_untold(connection, 10)] == [told().id]
    routings.mark_withdrawals_routed(connection, [told().id], NOW)
    back = rebuild(connection, folded(as_it_was(), [told()]))
    assert [event.id for event in back.events_restored] == [told().id]
    assert len(event_pages.page(connection)) == 1
    assert [event.id for event in routings.returned(connection, 10)] == [told().id]
    routings.mark_returns_routed(connection, [told().id])
    assert rebuild(connection, folded(as_it_was(), [told()])).is_empty
    assert routings.returned(connection, 10) == []


def test_what_a_rebuild_took_back_and_happens_after_all_is_news(connection: Connection) -> None:
    rebuild(connection, folded(as_it_was(), []))
    assert routings.unrouted(connection, 10) == []
    now = told(observed_at=T0 + 9 * DAY, headline="cut in earnest")
    assert events.insert(connection, [now, told(key="other")], recorded_at=NOW) == 2
    assert [event.headline for event in routings.unrouted(connection, 10)] == [
        "cut in earnest",
        told(key="other").headline,
    ]
    (found, _) = event_pages.page(connection)
    assert (found["observed_at"], found["withdrawn_at"], found["recorded_at"]) == (T0 + 9 * DAY, None, NOW)
    assert events.insert(connection, [now]) == 0


def test_what_an_operator_took_back_is_not_restored(connection: Connection) -> None:
    events.withdraw(connection, [told().id], because="a joke of the provider", at=NOW)
    assert rebuild(connection, folded(as_it_was(), [told()])).is_empty
    assert events.insert(connection, [told()]) == 0
    assert event_pages.page(connection) == []


def test_events_about_health_and_those_the_calendar_told_since_stand(connection: Connection) -> None:
    due = told(kind="model.retirement_due", observed_at=T0 + 5 * DAY)
    events.insert(connection, [told(kind="source.broken"), due])
    assert rebuild(connection, folded(as_it_was(), [told()]), until=T0 + DAY).is_empty
    gone = rebuild(connection, folded(as_it_was(), [told()]))
    assert gone.events_withdrawn == (due.id,)


def test_the_folds_memory_is_replaced_whole(connection: Connection) -> None:
    timelines.append(connection, ACME, step(T0 + timedelta(days=1, seconds=1), {}, key_states={"x": {}}), origin="live")
    rebuild(connection, folded(as_it_was(), [told()]))
    assert timelines.load_fold(connection, "acme") == State.load({"last": (T0 + DAY).isoformat()}, {KEY: {"sig": "2"}})
