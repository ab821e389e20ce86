"""What was taken back and stands after all: told once to whoever heard that it did not, and to nobody else."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest

from alerts.deliver import DrainResult
from alerts.receiver import SlackReceiver
from store import agenda, delivery_attempts, events
from store.connect import Connection
from tests.alerts import test_deliver, test_outbox
from tests.alerts.examples import AT, price, retirement
from tests.alerts.test_outbox import ADDED_UP, DAILY, HOUR, NINE, Wire, configured
from timeline.events import Event

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("registered")]
registered, wire, slack, pauses, send = (
    test_outbox.registered, test_outbox.wire, test_deliver.slack, test_deliver.pauses, test_deliver.send,
)  # fmt: skip
CUT = price("input", "1.00", "0.80")


def withdraw(connection: Connection, *gone: Event) -> None:
    events.withdraw(connection, [event.id for event in gone], because="misread", at=AT, by="rebuild")
    connection.commit()


def restore(connection: Connection, *back: Event) -> None:
    events.restore(connection, [event.id for event in back])
    connection.commit()


def told(wire: Wire) -> list[str]:
    """What a routing queues and is sent: kinds and the first word of titles."""
    added = wire.route(AT + HOUR)
    assert wire.route(AT + HOUR) == 0  # once
    before = len([state for state in wire.states() if state == "sent"])
    wire.send()
    sent = [wire.message(n) for n, state in enumerate(wire.states()) if state == "sent"][before:]
    assert len(sent) == added
    return [f"{message['kind']}: {message['title'].split(':')[0]}" for message in sent]


def test_what_stands_after_all_is_told_once_each_time_it_turns(connection: Connection, wire: Wire) -> None:
    wire.see(CUT)
    wire.send()
    for _ in range(3):
        withdraw(connection, CUT)
        assert told(wire) == ["withdrawal: Withdrawn"]
        assert agenda.due(connection, AT + HOUR).unrouted is False
        restore(connection, CUT)
        assert agenda.due(connection, AT + HOUR).unrouted is True
        assert told(wire) == ["reinstatement: Stands after all"]
    rows = wire.rows()
    assert len({row["message_key"] for row in rows}) == len(rows) == 7
    assert {wire.message(number)["about"] for number in range(1, 7)} == {rows[0]["message_key"]}
    assert wire.message()["events"] == [CUT.id]


def test_what_nobody_heard_of_needs_no_word(connection: Connection, wire: Wire) -> None:
    """A rebuild takes it back and the next restores it before anybody was told; and so while the word still waits."""
    wire.see(CUT)
    wire.send()
    withdraw(connection, CUT)
    restore(connection, CUT)
    assert wire.route(AT + HOUR) == 0
    for _ in range(2):
        withdraw(connection, CUT)
        assert wire.route(AT + HOUR) == 1
        restore(connection, CUT)
        assert wire.route(AT + HOUR) == 0
    assert wire.states() == ["sent", "superseded", "superseded"]
    withdraw(connection, CUT)
    assert told(wire) == ["withdrawal: Withdrawn"]
    restore(connection, CUT)
    assert wire.route(AT + HOUR) == 1
    withdraw(connection, CUT)
    assert wire.route(AT + HOUR) == 0
    restore(connection, CUT)
    assert told(wire) == ["reinstatement: Stands after all"]


def test_of_a_message_each_part_is_told_as_it_stands(connection: Connection, wire: Wire) -> None:
    both = CUT, price("output", "2", "1")
    wire.see(*both)
    wire.send()
    withdraw(connection, *both)
    assert told(wire) == ["withdrawal: Withdrawn"]
    restore(connection, both[0])
    assert told(wire) == ["reinstatement: Corrected"]
    assert [line.partition(":")[0] for line in wire.message()["lines"]] == ["True after all", "No longer true"]
    withdraw(connection, both[0])
    assert told(wire) == ["correction: Corrected"]
    restore(connection, *both)
    assert told(wire) == ["reinstatement: Stands after all"]
    assert len(wire.message()["events"]) == 2


def test_of_a_word_that_waits_the_rest_is_told(connection: Connection, wire: Wire) -> None:
    both = CUT, price("output", "2", "1")
    wire.see(*both)
    wire.send()
    withdraw(connection, *both)
    wire.route(AT + HOUR)
    restore(connection, both[0])
    assert wire.route(AT + HOUR) == 1
    assert wire.states() == ["sent", "superseded", "pending"]
    assert (wire.message()["kind"], wire.message()["events"]) == ("correction", [both[1].id])


@pytest.mark.parametrize(("route", "part", "live"), list(product(["", DAILY], [False, True], [False, True])))
def test_what_was_taken_back_before_it_was_told_is_told_after_all(
    connection: Connection, *, route: str, part: bool, live: bool
) -> None:
    """At once or in a digest; by itself or as a part of a message; restored by a rebuild or seen again by a look."""
    wire = Wire(connection, configured(route) if route else configured())
    gone, stays = retirement(model="gone"), retirement(model="stays")
    wire.see(*([gone, stays] if part else [gone]))
    withdraw(connection, gone)
    wire.route(NINE)
    wire.route(NINE)
    wire.send()
    assert gone.id not in heard(wire)
    if live:
        wire.see(gone, route_at=NINE + HOUR)
    else:
        restore(connection, gone)
    for days in range(1, 4):
        wire.route(NINE + timedelta(days=days))
        wire.send()
    assert heard(wire).count(gone.id) == 1
    assert heard(wire).count(stays.id) == part


@pytest.mark.parametrize("meanwhile", [False, True], ids=["nobody looked meanwhile", "a routing meanwhile"])
def test_what_was_taken_back_before_it_was_routed_is_news_when_it_stands(
    connection: Connection, wire: Wire, *, meanwhile: bool
) -> None:
    """Two rebuilds while no scheduler runs, or while what a catalogue says settles."""
    events.insert(connection, [CUT], recorded_at=AT)
    withdraw(connection, CUT)
    assert agenda.due(connection, AT + HOUR).unrouted is False
    if meanwhile:
        assert wire.route(AT + HOUR) == 0
    restore(connection, CUT)
    assert told(wire) == ["change: OpenAI cuts gpt-5.6-luna input by 20 %"]


def heard(wire: Wire) -> list[str]:
    sent = [wire.message(n) for n, state in enumerate(wire.states()) if state == "sent"]
    return [event for message in sent for event in message["events"]]


def test_a_look_that_sees_it_again_with_other_news_tells_it_no_second_time(connection: Connection, wire: Wire) -> None:
    wire.see(CUT)
    wire.send()
    for route in (True, False):
        withdraw(connection, CUT)
        assert told(wire) == ["withdrawal: Withdrawn"] if route else True
        wire.see(CUT, price("output", "2", "1" if route else "0.5"))
        wire.send()
    kinds = [wire.message(number)["kind"] for number in range(len(wire.rows()))]
    assert kinds == ["change", "withdrawal", "reinstatement", "change", "change"]
    assert all(CUT.id not in wire.message(number)["events"] for number in (3, 4))


def test_what_stands_again_is_what_later_changes_add_up_from(connection: Connection) -> None:
    wire = Wire(connection, configured(ADDED_UP))
    wire.see(CUT)
    wire.send()
    withdraw(connection, CUT)
    wire.route(AT + HOUR)
    wire.send()
    restore(connection, CUT)
    wire.route(AT + HOUR)
    wire.send()
    assert wire.see(price("input", "0.80", "0.79", observed_at=AT + HOUR)) == 0  # 1.25 %, not 21


def test_a_receiver_that_lost_the_word_is_not_told_the_contrary(connection: Connection, wire: Wire) -> None:
    wire.see(CUT)
    wire.send()
    withdraw(connection, CUT)
    wire.route(AT + HOUR)
    delivery_attempts.mark_parked(connection, wire.rows()[-1]["id"], status="404")
    restore(connection, CUT)
    assert wire.route(AT + HOUR) == 0
    assert wire.states() == ["sent", "superseded"]


def test_slack_gets_the_change_its_withdrawal_and_that_it_stands_each_with_a_key_of_its_own(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    config = test_deliver.configured(slack)
    test_deliver.record(connection, CUT)
    for step in (lambda *_: None, withdraw, restore, lambda *_: None, restore):
        step(connection, CUT)
        test_deliver.route(connection, config)
        send()
    assert [title.partition(" ")[0] for title in test_deliver.titles(slack)] == ["OpenAI", "Withdrawn:", "Stands"]
    assert list(slack.told.values()) == [1, 1, 1]
