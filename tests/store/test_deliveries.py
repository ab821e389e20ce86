"""Deliveries: once per receiver, in order, until sent or parked."""

from datetime import UTC, datetime, timedelta

import pytest

from store import deliveries, delivery_attempts, lanes, receivers
from store.connect import Connection, connect, connect_reader, open_pool

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
    delivery_attempts.mark_sent(connection, found.id, T0 + HOUR, status="200")
    assert due(connection) == []
    assert not add(connection, "m1")
    assert deliveries.lock_told(connection, ["event of m1"])[0][0].sent_at == T0 + HOUR


def test_messages_wait_for_their_time_and_go_in_order(connection: Connection) -> None:
    add(connection, "m1", not_before=T0 + HOUR)
    add(connection, "m2")
    add(connection, "m3")
    assert due(connection) == ["m2", "m3"]
    assert due(connection, T0 + HOUR) == ["m1", "m2", "m3"]


def test_what_falls_due_next_is_told_within_a_span(connection: Connection) -> None:
    add(connection, "m1", not_before=T0 + 2 * HOUR)
    add(connection, "m2", not_before=T0 + HOUR)
    assert deliveries.next_due(connection, "finops", until=T0 + 3 * HOUR) == T0 + HOUR
    assert deliveries.next_due(connection, "finops", until=T0 + HOUR / 2) is None
    assert deliveries.next_due(connection, "oncall", until=T0 + 3 * HOUR) is None


def test_a_retry_holds_back_what_is_about_the_same_models_only(connection: Connection) -> None:
    add(connection, "m1", "acme/a", "acme/b")
    add(connection, "m2", "acme/b")
    add(connection, "m3", "acme/c")
    first = deliveries.claim_due(connection, "finops", T0, 1)[0]
    delivery_attempts.mark_failed(connection, first.id, retry_at=T0 + HOUR, status="503")
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
    delivery_attempts.mark_parked(connection, first.id, status="404 no_service" + "x" * 1000)
    (backlog,) = receivers.backlog(connection, T0)
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
    delivery_attempts.mark_failed(connection, first.id, retry_at=T0, status="503")
    assert not deliveries.replace_message(connection, first.id, {"title": "too late"}, [])


def attempts(connection: Connection, delivery: int) -> list[tuple[str, str, str | None]]:
    return [(one.outcome, one.code, one.detail) for one in delivery_attempts.of(connection, delivery)]


def test_each_attempt_is_kept_with_what_came_of_it(connection: Connection) -> None:
    add(connection, "m1")
    (found,) = deliveries.claim_due(connection, "finops", T0, 1)
    delivery_attempts.mark_failed(connection, found.id, retry_at=T0 + HOUR, status="503 busy", code="503", at=T0)
    delivery_attempts.mark_partly(connection, found.id, T0, status="200", receipt={"ts": "1.2", "channel": "C1"})
    delivery_attempts.mark_sent(connection, found.id, T0 + HOUR, status="x" * 1000, receipt={"detail": "1.3"})
    assert attempts(connection, found.id) == [
        ("retry", "503", "503 busy"), ("partly", "", "200"), ("sent", "", "x" * 300)
    ]  # fmt: skip
    again = deliveries.get(connection, found.id)
    assert again is not None
    assert (again.state, again.attempts) == ("sent", 3)
    assert again.receipt == {"ts": "1.2", "channel": "C1", "detail": "1.3"}
    assert deliveries.receipt_of(connection, "m1", "finops") == again.receipt
    assert deliveries.receipt_of(connection, "m1", "nobody") == {}
    assert deliveries.get(connection, -1) is None


def test_what_is_tried_again_by_hand_has_its_three_days_anew(connection: Connection) -> None:
    add(connection, "m1")
    add(connection, "m2")
    first, second = deliveries.claim_due(connection, "finops", T0, 2)
    delivery_attempts.mark_parked(connection, first.id, status="given up")
    delivery_attempts.mark_withdrawn(connection, second.id, T0, status="withdrawn before it was sent")
    assert not deliveries.unpark_one(connection, second.id, T0 + 99 * HOUR)
    assert deliveries.unpark_one(connection, first.id, T0 + 99 * HOUR)
    assert not deliveries.unpark_one(connection, first.id, T0 + 99 * HOUR)
    (found,) = deliveries.claim_due(connection, "finops", T0 + 99 * HOUR, 10)
    assert (found.id, found.created_at, found.attempts) == (first.id, T0 + 99 * HOUR, 0)
    assert deliveries.unpark(connection, "finops", T0) == 0, "what was withdrawn is never sent"


def test_the_health_of_receivers(connection: Connection, reader_url: str) -> None:
    for receiver in ("fine", "down", "gone", "mended", "new"):
        for number in range(2):
            add(connection, f"{receiver}{number}", receiver=receiver)
    for receiver in ("fine", "down", "gone", "mended"):
        first, second = deliveries.claim_due(connection, receiver, T0, 2)
        if receiver != "gone":
            delivery_attempts.mark_sent(connection, first.id, T0 + HOUR, status="200 ok", code="200")
        if receiver == "down":
            delivery_attempts.mark_failed(
                connection, second.id, retry_at=T0 + HOUR, status="503 secret words", code="503"
            )
        elif receiver == "gone":
            delivery_attempts.mark_parked(connection, first.id, status="404 no_service", code="404", outcome="disabled")
        elif receiver == "mended":
            delivery_attempts.mark_parked(connection, second.id, status="400 invalid_blocks", code="400")
            add(connection, "later", receiver=receiver)
            (later,) = deliveries.claim_due(connection, receiver, T0, 2)
            delivery_attempts.mark_sent(connection, later.id, T0, code="200")
    connection.commit()
    with connect_reader(reader_url) as reader:
        found = {one.receiver: one for one in receivers.health(reader)}
        shown = str(reader.execute("SELECT * FROM timeline.receiver_health").fetchall())
    assert {name: (one.health, one.code) for name, one in found.items()} == {
        "fine": ("ok", "200"), "down": ("failing", "503"), "gone": ("gone", "404"), "mended": ("incomplete", "200"),
        "new": ("ok", ""),
    }  # fmt: skip
    assert (found["down"].sent, found["down"].waiting, found["down"].undelivered_since) == (1, 1, T0)
    assert (found["mended"].given_up, found["mended"].sent, found["new"].waiting) == (1, 2, 2)
    assert "secret words" not in shown
    assert "no_service" not in shown


def test_whoever_stands_still_keeps_a_lane_for_minutes_and_a_lock_of_a_worker_not_for_ever(
    connection: Connection, database_url: str
) -> None:
    assert lanes.take(connection, "finops")
    names = ("idle_session_timeout", "idle_in_transaction_session_timeout")
    assert [connection.execute("SELECT current_setting(%s)", [name]).fetchone() for name in names] == [("3min",)] * 2
    with open_pool(database_url, size=1) as pool, pool.connection() as lent:
        assert lent.execute("SELECT current_setting(%s)", [names[1]]).fetchone() == ("10min",)
