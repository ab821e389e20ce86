"""Deliveries: once per receiver, in order, until sent or parked."""

from datetime import UTC, datetime, timedelta

import pytest

from store import deliveries
from store.connect import Connection, connect

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def add(connection: Connection, key: str, *subjects: str, receiver: str = "finops", not_before: datetime = T0) -> bool:
    message = {"title": f"title {key}", "subjects": list(subjects)}
    return deliveries.add(connection, key, receiver, [f"event of {key}"], message, created_at=T0, not_before=not_before)


def due(connection: Connection, now: datetime = T0, receiver: str = "finops") -> list[str]:
    return [found.message_key for found in deliveries.claim_due(connection, receiver, now, 10)]


def test_a_message_goes_to_a_receiver_once(connection: Connection) -> None:
    assert add(connection, "m1")
    assert not add(connection, "m1")
    assert add(connection, "m1", receiver="oncall")
    assert deliveries.receivers_due(connection, T0) == ["finops", "oncall"]
    (found,) = deliveries.claim_due(connection, "finops", T0, 10)
    assert (found.message["title"], found.events, found.attempts) == ("title m1", ["event of m1"], 0)
    deliveries.mark_sent(connection, found.id, T0 + HOUR, status="200")
    assert due(connection) == []
    assert not add(connection, "m1")
    assert deliveries.told(connection, "event of m1")[0].sent_at == T0 + HOUR


def test_messages_wait_for_their_time_and_go_in_order(connection: Connection) -> None:
    add(connection, "m1", not_before=T0 + HOUR)
    add(connection, "m2")
    add(connection, "m3")
    assert due(connection) == ["m2", "m3"]
    assert due(connection, T0 + HOUR) == ["m1", "m2", "m3"]


def test_what_falls_due_next_is_told_within_a_span(connection: Connection) -> None:
    add(connection, "m1")
    add(connection, "m2", not_before=T0 + HOUR)
    add(connection, "m3", not_before=T0 + 2 * HOUR)
    assert deliveries.next_due(connection, after=T0, until=T0 + 3 * HOUR) == T0 + HOUR
    assert deliveries.next_due(connection, after=T0 + HOUR, until=T0 + 2 * HOUR) == T0 + 2 * HOUR
    assert deliveries.next_due(connection, after=T0, until=T0 + HOUR / 2) is None


def test_a_retry_holds_back_what_is_about_the_same_models_only(connection: Connection) -> None:
    add(connection, "m1", "acme/a", "acme/b")
    add(connection, "m2", "acme/b")
    add(connection, "m3", "acme/c")
    first = deliveries.claim_due(connection, "finops", T0, 1)[0]
    deliveries.mark_failed(connection, first.id, retry_at=T0 + HOUR, status="503")
    assert due(connection) == ["m3"]
    assert due(connection, T0 + HOUR) == ["m1", "m2", "m3"]
    again = deliveries.claim_due(connection, "finops", T0 + HOUR, 1)[0]
    assert (again.attempts, again.last_status, again.state) == (1, "503", "pending")


def test_a_receiver_that_asks_for_a_pause_gets_nothing_before_its_end(connection: Connection) -> None:
    add(connection, "m1")
    add(connection, "m2", not_before=T0 + 2 * HOUR)
    add(connection, "m3", receiver="oncall")
    assert deliveries.postpone(connection, "finops", T0 + HOUR) == 1
    assert deliveries.receivers_due(connection, T0) == ["oncall"]
    assert due(connection, T0 + HOUR) == ["m1"]
    assert due(connection, T0 + 2 * HOUR) == ["m1", "m2"]


def test_what_is_given_up_stays_to_be_seen_and_can_be_tried_again(connection: Connection) -> None:
    add(connection, "m1")
    add(connection, "m2")
    first = deliveries.claim_due(connection, "finops", T0, 1)[0]
    deliveries.mark_parked(connection, first.id, status="404 no_service" + "x" * 1000)
    (backlog,) = deliveries.backlog(connection, T0)
    assert (backlog.receiver, backlog.pending, backlog.due, backlog.parked) == ("finops", 1, 1, 1)
    newest = deliveries.newest(connection, 10)
    assert [(row["title"], row["state"]) for row in newest] == [("title m2", "pending"), ("title m1", "parked")]
    assert len(newest[1]["last_status"]) == 300
    assert due(connection) == ["m2"]
    assert deliveries.unpark(connection, "finops", T0) == 1
    assert due(connection) == ["m1", "m2"]


def test_two_workers_never_hold_the_same_message(connection: Connection, database_url: str) -> None:
    for number in range(5):
        add(connection, f"m{number}")
    connection.commit()
    mine = due(connection)
    with connect(database_url) as other:
        assert due(other) == []
    assert len(mine) == 5


def test_a_message_not_tried_yet_can_tell_newer_news(connection: Connection) -> None:
    add(connection, "m1")
    first = deliveries.claim_due(connection, "finops", T0, 1)[0]
    assert deliveries.replace_message(connection, first.id, {"title": "newer"}, ["e1", "e2"])
    assert deliveries.claim_due(connection, "finops", T0, 1)[0].message == {"title": "newer"}
    deliveries.mark_failed(connection, first.id, retry_at=T0, status="503")
    assert not deliveries.replace_message(connection, first.id, {"title": "too late"}, [])
