"""Delivery: nothing lost, nothing out of order, nothing faster than allowed, and no duplicate without a crash."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
import structlog

from alerts import outbox
from alerts.deliver import DrainResult, UnknownReceiverError, drain, note_test, send_test
from alerts.messages import Message
from alerts.outbox import route_pending
from alerts.outcomes import PATIENCE, Earlier
from alerts.receiver import Answer, SlackReceiver
from alerts.registry import Notifier, notifier
from alerts.routes import AlertConfig, parse_alerts
from store import clock, deliveries, delivery_attempts, events, lanes, receivers, routings, sources, timelines
from store.connect import Connection, connect
from store.sources import SourceRow
from tests.alerts.examples import AT, event, price, reference, retirement
from timeline import fold
from timeline.events import Event
from timeline.facts import Fact
from timeline.notices import Notice
from timeline.observations import Observation, SourceInfo
from timeline.prices import PricePoint
from timeline.strict import load

pytestmark = pytest.mark.postgres
NOW = AT + timedelta(minutes=1)
WAIT = timedelta(seconds=30)
LATER = NOW + WAIT


@pytest.fixture
def slack() -> Iterator[SlackReceiver]:
    with SlackReceiver() as running:
        yield running


@pytest.fixture(autouse=True)
def registered(connection: Connection) -> None:
    rows = [
        SourceRow(
            id=f"openai-{kind}", provider="openai", kind=kind, url="https://x.example", trust="official", every=WAIT
        )
        for kind in ("pricing", "lifecycle")
    ]
    sources.register(connection, rows, AT)
    clock.set_rehearsal(connection, NOW)
    connection.commit()


@pytest.fixture
def pauses() -> list[float]:
    """The pauses between messages, noted instead of slept."""
    return []


def configured(slack: SlackReceiver, more: str = "") -> AlertConfig:
    hook = f'slack = {{ webhook = "{slack.webhook}", allow_hosts = ["{slack.address}"] }}'
    routes = "" if "[[route]]" in more else '[[route]]\nreceiver = "finops"\n'
    table = load(f'[[receiver]]\nname = "finops"\n{hook}\n{routes}{more}', "aiwire.toml")
    return parse_alerts(table, {})


def record(connection: Connection, *told: Event) -> None:
    events.insert(connection, told)
    connection.commit()


def route(connection: Connection, config: AlertConfig, now: datetime = NOW, **options: Any) -> int:
    added = route_pending(connection, config, now, group_wait=WAIT, **options)
    connection.commit()
    return added


@pytest.fixture
def send(database_url: str, slack: SlackReceiver, pauses: list[float]) -> Callable[..., DrainResult]:
    def run(config: AlertConfig | None = None, at: datetime = LATER, receiver: str = "finops") -> DrainResult:
        sender = notifier(config or configured(slack), receiver)
        return drain(
            lambda: connect(database_url, autocommit=True), receiver, sender, clock=lambda: at, sleep=pauses.append
        )

    return run


def waiting(connection: Connection, receiver: str = "finops") -> list[tuple[str, str, int, str | None]]:
    connection.rollback()
    rows = [row for row in deliveries.newest(connection, 1000) if row["receiver"] == receiver]
    return [(row["title"], row["state"], row["attempts"], row["last_status"]) for row in reversed(rows)]


def titles(slack: SlackReceiver) -> list[str]:
    return [message.text.split("\n")[0] for message in slack.messages]


# --------------------------------------------------------------- routing


def test_an_event_becomes_a_message_once_and_arrives_once(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    config = configured(slack)
    record(connection, price("input", "1", "0.5"), price("output", "2", "1"))
    assert route(connection, config, base_url="http://127.0.0.1:8321") == 1
    assert route(connection, config) == 0
    assert send(at=NOW) == DrainResult()  # the group wait is not over
    assert send() == DrainResult(sent=1)
    assert send() == DrainResult()
    (message,) = slack.messages
    assert message.text.startswith(
        "OpenAI cuts gpt-5.6-luna by 50 %: input $1.00 → $0.50, output $2.00 → $1.00 per 1M tokens"
    )
    assert "Evidence <http://127.0.0.1:8321/evidence/" in message.text
    assert waiting(connection)[0][1:] == ("sent", 1, "200 ok")


def test_baselines_imports_and_bundled_history_are_told_to_nobody(connection: Connection, slack: SlackReceiver) -> None:
    record(
        connection,
        price("input", "1", "2", model="a", baseline=True),
        price("input", "1", "2", model="b", origin="import"),
        price("input", "1", "2", model="c", origin="bundled"),
    )
    assert route(connection, configured(slack)) == 0
    assert routings.unrouted(connection, 10) == []


def test_imports_are_told_where_asked_but_never_baselines(connection: Connection, slack: SlackReceiver) -> None:
    record(
        connection,
        price("input", "1", "2", model="a", origin="import", baseline=True),
        price("input", "1", "2", model="b", origin="import"),
    )
    assert route(connection, configured(slack), deliver_imports=True) == 1


def test_a_muted_source_is_silent(connection: Connection, slack: SlackReceiver) -> None:
    sources.mute(connection, "openai-pricing")
    record(connection, price("input", "1", "2"), retirement())
    assert route(connection, configured(slack)) == 1
    assert waiting(connection)[0][0].startswith("OpenAI will retire")


def test_what_settles_first_waits(connection: Connection, slack: SlackReceiver) -> None:
    record(connection, price("input", "1", "2", tell_after=NOW + timedelta(hours=48)))
    assert route(connection, configured(slack)) == 0
    clock.set_rehearsal(connection, NOW + timedelta(hours=49))
    assert route(connection, configured(slack), NOW + timedelta(hours=49)) == 1


def test_each_receiver_gets_what_its_routes_ask_for(connection: Connection, slack: SlackReceiver) -> None:
    more = """
[[receiver]]
name = "ops"
terminal = {}
[[route]]
receiver = "finops"
kinds = ["price.changed"]
direction = "cut"
[[route]]
receiver = "ops"
kinds = ["price.changed", "model.*"]
[[route]]
receiver = "ops"
kinds = ["price.*"]
"""
    record(connection, price("input", "1", "2", model="up"), price("input", "2", "1", model="down"), retirement())
    assert route(connection, configured(slack, more)) == 4
    assert [row[0].split(" ")[1:3] for row in waiting(connection)] == [["cuts", "down"]]
    assert len(waiting(connection, "ops")) == 3  # two routes that match are one message


def test_a_capture_is_never_split_between_batches(
    connection: Connection, slack: SlackReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BATCH", 5)
    first = [price("input", "2", f"1.{n}", model=f"a{n}") for n in range(2)]
    later = AT + timedelta(seconds=30)
    second = [
        price("input", "2", "1", model=f"a-long-name-{n}", observed_at=later, after=reference(5, later))
        for n in range(5)
    ]
    record(connection, *first, *second)
    config = configured(slack)
    assert [route(connection, config) for _ in range(3)] == [2, 1, 0]
    assert waiting(connection)[-1][0] == "OpenAI cuts the prices of 5 models by 50 %"


def test_routing_is_all_or_nothing(
    connection: Connection, slack: SlackReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(connection, price("input", "1", "2"))

    def fail(*_: object) -> None:
        raise RuntimeError("pulled the plug")

    with monkeypatch.context() as broken:
        broken.setattr(routings, "mark_routed", fail)
        with pytest.raises(RuntimeError):
            route(connection, configured(slack))
    connection.rollback()
    assert waiting(connection) == []
    assert route(connection, configured(slack)) == 1


def test_impact_is_told_for_the_configured_workloads(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    more = (
        '[[workload]]\nname = "support-bot"\nmodel = "openai/gpt-5.6-luna"\nrequests_per_day = 100000\n'
        "input_tokens = 500\noutput_tokens = 200\n"
    )
    record(connection, price("input", "1", "0.2"), price("output", "6", "1.2"))
    route(connection, configured(slack, more))
    send()
    assert "support-bot pays $4,080 less a month: $5,100 → $1,020 (−80 %)" in slack.messages[0].text


def fact(meter: str, amount: str) -> PricePoint:
    return PricePoint(
        provider="openai", model="GPT-5.6 Luna", model_id="gpt-5.6-luna", meter=meter, amount=Decimal(amount),
        currency="USD", per=Decimal(1_000_000),
    )  # fmt: skip


def believe(connection: Connection, *facts: Fact, source: str) -> None:
    """Write facts into the timeline of a source as its fold would."""
    seen = Observation(at=AT - timedelta(days=1), capture=reference(3, AT - timedelta(days=1)), facts=facts)
    info = SourceInfo(id=source, provider="openai", kind="pricing")
    _, step = fold.advance(info, fold.State.empty(), seen)
    timelines.append(connection, info, step, origin="live")
    routings.mark_routed(connection, [told.id for told in routings.unrouted(connection, 100)], AT)
    connection.commit()


def test_the_bill_counts_the_prices_that_stand(connection: Connection, slack: SlackReceiver) -> None:
    more = (
        '[[workload]]\nname = "support-bot"\nmodel = "openai/gpt-5.6-luna"\nrequests_per_day = 100000\n'
        "input_tokens = 500\noutput_tokens = 200\ncached_share = 0.3\n"
    )
    believe(connection, fact("input", "1.00"), fact("output", "6"), fact("cache_read", "0.10"), source="openai-pricing")
    record(connection, price("input", "1.00", "0.20"))
    route(connection, configured(slack, more))
    connection.rollback()
    (row,) = deliveries.claim_due(connection, "finops", LATER, 10)
    # 1,050M tokens in at 1.00 -> 0.20, 450M cached at 0.10, 600M out at 6
    assert "support-bot pays $840 less a month: $4,695 → $3,855 (−18 %)" in row.message["effects"][0]


def test_a_replacement_the_page_named_before_is_told(connection: Connection, slack: SlackReceiver) -> None:
    notice = Notice(
        provider="openai", model="gpt-5.6-luna", model_id="gpt-5.6-luna", status="deprecated", replacements=("gpt-6",)
    )
    believe(connection, notice, source="openai-lifecycle")
    record(connection, event("model.retirement_due", new={"retires_on": "2026-08-26", "days": 14}))
    route(connection, configured(slack))
    connection.rollback()
    (row,) = deliveries.claim_due(connection, "finops", LATER, 10)
    assert row.message["lines"] == ["Replacement: gpt-6"]


# --------------------------------------------------------------- sending


def queue(connection: Connection, count: int, *, models: int = 3, slack: SlackReceiver, prefix: str = "k") -> None:
    """`count` messages, taking turns between models; the n-th says so in its title."""
    for number in range(count):
        at = AT + timedelta(seconds=number)
        told = event(
            "source.broken", f"m{number % models}", key=f"{prefix}{number}", headline=f"number {number}",
            observed_at=at, after=reference(number, at),
        )  # fmt: skip
        record(connection, told)
        route(connection, configured(slack))


def numbers(slack: SlackReceiver) -> list[int]:
    return [int(title.split(" ")[1]) for title in titles(slack)]


@pytest.mark.parametrize(("early", "sent"), [(0.5, 1), (0.75, 1), (0.76, 0), (20, 0)])
def test_who_comes_a_little_early_waits_for_what_falls_due(
    connection: Connection, slack: SlackReceiver, database_url: str, early: float, sent: int
) -> None:
    """And sends it when it does: the connection is open and the channel taken by then."""
    queue(connection, 1, slack=slack)
    now, slept = [LATER - timedelta(seconds=early)], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += timedelta(seconds=seconds)

    sender = notifier(configured(slack), "finops")
    opened = lambda: connect(database_url, autocommit=True)  # noqa: E731
    ahead = timedelta(seconds=0.75)
    assert drain(opened, "finops", sender, clock=lambda: now[0], ahead=ahead, sleep=sleep) == DrainResult(sent=sent)
    assert slept == ([pytest.approx(early, abs=0.01), 1.0] if sent else [])


def test_messages_go_in_order_at_the_pace(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult], pauses: list[float]
) -> None:
    queue(connection, 5, slack=slack)
    assert send() == DrainResult(sent=5)
    assert numbers(slack) == [0, 1, 2, 3, 4]
    assert pauses == [1.0] * 5


def test_the_pace_is_kept_in_real_time(connection: Connection, slack: SlackReceiver, database_url: str) -> None:
    queue(connection, 4, slack=slack)
    sender = notifier(configured(slack), "finops")
    for _ in range(2):
        drain(
            lambda: connect(database_url, autocommit=True), "finops", sender,
            clock=lambda: LATER, pace=timedelta(seconds=0.3),
        )  # fmt: skip
    gaps = [later - earlier for earlier, later in zip(slack.posts, slack.posts[1:], strict=False)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.3


def test_retry_after_holds_the_whole_receiver(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    queue(connection, 3, slack=slack)
    slack.program(Answer(status=429, body="rate_limited", headers={"Retry-After": "60"}))
    assert send() == DrainResult(retried=1)
    assert len(slack.posts) == 1
    queue(connection, 4, slack=slack)  # one more arrives in the meantime
    assert send(at=LATER + timedelta(seconds=59)) == DrainResult()
    assert len(slack.posts) == 1
    assert send(at=LATER + timedelta(seconds=80)) == DrainResult(sent=4)
    assert numbers(slack) == [0, 1, 2, 3]


def test_a_message_that_fails_alone_holds_back_its_own_model_only(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    queue(connection, 6, models=3, slack=slack)
    slack.program(Answer(status=500))
    assert send() == DrainResult(sent=4, retried=1)
    assert numbers(slack) == [1, 2, 4, 5]
    assert send(at=LATER + timedelta(minutes=1)) == DrainResult(sent=2)
    assert numbers(slack) == [1, 2, 4, 5, 0, 3]


def test_a_receiver_that_is_down_is_not_asked_for_each_message(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    queue(connection, 30, models=30, slack=slack)
    slack.otherwise = lambda: Answer(status=503)
    at, asked = LATER, []
    for _ in range(4):
        before = len(slack.posts)
        send(at=at)
        asked.append(len(slack.posts) - before)
        at += timedelta(hours=1)
    assert asked == [2, 2, 2, 2]
    slack.otherwise = Answer
    assert send(at=at) == DrainResult(sent=30)
    assert sorted(numbers(slack)) == list(range(30))


def test_a_page_of_another_server_is_no_receipt(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    queue(connection, 1, slack=slack)
    slack.program(Answer(status=200, body="<html>Welcome to the hotel network"))
    assert send() == DrainResult(retried=1)
    assert send(at=LATER + timedelta(minutes=1)) == DrainResult(sent=1)


def test_what_never_gets_through_is_parked_after_three_days_and_told_elsewhere(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult], capsys: pytest.CaptureFixture[str]
) -> None:
    queue(connection, 1, slack=slack)
    slack.otherwise = lambda: Answer(status=500, body="rollup_error")
    at = LATER
    while send(at=at).parked == 0:
        at += timedelta(minutes=25)
        assert at < NOW + PATIENCE + timedelta(hours=2)
    assert at - NOW > PATIENCE - timedelta(hours=3)
    ((_, state, attempts, status),) = waiting(connection)
    assert state == "parked"
    assert attempts > 50
    assert status == f"given up after {attempts} attempts: 500 rollup_error"
    assert send(at=at, receiver="terminal") == DrainResult(sent=1)
    assert "Alerts to finops do not get through" in capsys.readouterr().out


def test_a_channel_that_only_asks_for_time_is_never_given_up(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    queue(connection, 1, slack=slack)
    slack.otherwise = lambda: Answer(status=429, body="rate_limited", headers={"Retry-After": "3600"})
    for hours in range(0, 240, 5):
        assert send(at=LATER + timedelta(hours=hours)) == DrainResult(retried=1)
    slack.otherwise = Answer
    assert send(at=LATER + timedelta(hours=300)) == DrainResult(sent=1)


TWO = """
[[receiver]]
name = "a"
slack = {{ webhook = "{hook}", allow_hosts = ["{address}"] }}
[[receiver]]
name = "b"
slack = {{ webhook = "{hook}", allow_hosts = ["{address}"] }}
"""


def test_receivers_of_one_channel_share_its_rate_and_its_pauses(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult], database_url: str
) -> None:
    config = parse_alerts(load(TWO.format(hook=slack.webhook, address=slack.address), "aiwire.toml"), {})
    record(connection, retirement())
    assert route(connection, config) == 2
    with connect(database_url, autocommit=True) as other:
        assert lanes.take(other, notifier(config, "b").lane)
        assert send(config, receiver="a") == DrainResult(), "somebody sends to this channel"
    assert slack.posts == []
    slack.program(Answer(status=429, headers={"Retry-After": "60"}))
    assert send(config, receiver="a") == DrainResult(retried=1)
    assert send(config, receiver="b") == DrainResult(), "the channel asked for a pause"
    assert len(slack.posts) == 1
    later = LATER + timedelta(seconds=80)
    assert send(config, at=later, receiver="b") == DrainResult(sent=1)
    assert send(config, at=later, receiver="a") == DrainResult(sent=1)


BOT = """
[[receiver]]
name = "finops"
slack = {{ token = "xoxb-1", channel = "C01", api = "{api}", allow_hosts = ["{address}"] }}
"""


def test_a_bot_posts_one_request_at_a_time_and_puts_right_what_it_told(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult], pauses: list[float]
) -> None:
    config = parse_alerts(load(BOT.format(api=slack.api, address=slack.address), "aiwire.toml"), {})
    told = [price("input", "1", f"0.{n}", model=f"m{n}") for n in range(1, 9)]
    record(connection, *told)
    assert route(connection, config) == 1
    slack.program(Answer(), Answer(status=503))
    assert send(config) == DrainResult(retried=1)
    assert send(config, at=LATER + timedelta(minutes=1)) == DrainResult(sent=1)
    assert [one.part for one in slack.messages] == ["", "detail"], "the headline is not posted again"
    assert len(pauses) == len(slack.posts) == 3
    ((_, state, attempts, _),) = waiting(connection)
    assert (state, attempts) == ("sent", 3)
    events.withdraw(connection, [one.id for one in told], because="the table was misread", at=LATER)
    assert route(connection, config, LATER) == 1
    assert send(config, at=LATER + timedelta(minutes=1)) == DrainResult(sent=1)
    assert [one.part for one in slack.messages][2:] == ["update", "detail"]
    first, _, update, reply = slack.messages
    assert update.text.startswith("Withdrawn: ")
    assert reply.payload["thread_ts"] == update.payload["ts"]
    assert update.payload["channel"] == first.payload["channel"]


def test_who_got_a_part_of_a_message_is_told_of_its_withdrawal(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    config = parse_alerts(load(BOT.format(api=slack.api, address=slack.address), "aiwire.toml"), {})
    told = [price("input", "1", f"0.{n}", model=f"m{n}") for n in range(1, 9)]
    record(connection, *told)
    route(connection, config)
    slack.program(Answer(), Answer(body='{"ok": false, "error": "msg_too_long"}'))
    assert send(config) == DrainResult(parked=1)
    events.withdraw(connection, [one.id for one in told], because="the table was misread", at=LATER)
    assert route(connection, config, LATER) == 1
    assert send(config, at=LATER + timedelta(minutes=1)) == DrainResult(sent=1)
    assert [one.part for one in slack.messages] == ["", "update", "detail"]


@pytest.mark.parametrize(("status", "body"), [(400, "invalid_blocks"), (403, "action_prohibited")])
def test_a_message_that_is_refused_is_parked_and_the_next_one_goes(
    status: int, body: str, connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    queue(connection, 3, models=1, slack=slack)
    slack.program(Answer(status=status, body=body))
    assert send() == DrainResult(sent=2, parked=1)
    assert numbers(slack) == [1, 2]
    assert waiting(connection)[0][1:] == ("parked", 1, f"{status} {body}")
    assert [row[0] for row in waiting(connection, "terminal")] == ["Alerts to finops do not get through"]


def test_a_receiver_that_is_gone_is_asked_once(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    queue(connection, 4, slack=slack)
    slack.otherwise = lambda: Answer(status=404, body="no_service")
    assert send() == DrainResult(parked=1)
    assert len(slack.posts) == 1
    assert [row[1:] for row in waiting(connection)] == [
        ("parked", 1, "404 no_service"),
        *[("parked", 1, "not sent: 404 no_service")] * 3,
    ]
    assert len(waiting(connection, "terminal")) == 1
    slack.otherwise = Answer
    assert deliveries.unpark(connection, "finops", LATER) == 4
    connection.commit()
    assert send() == DrainResult(sent=4)
    assert numbers(slack) == [0, 1, 2, 3]


def test_a_receiver_that_is_down_is_told_of_once_elsewhere_and_so_is_its_end(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    """However many days it lasts; and anew the next time."""
    slack.otherwise = lambda: Answer(status=404, body="no_service")
    for days in range(3):
        queue(connection, 1, slack=slack, prefix=f"day{days}")
        send(at=LATER + timedelta(days=days))
    slack.otherwise = Answer
    for days in (3, 4):
        queue(connection, 1, slack=slack, prefix=f"day{days}")
        assert send(at=LATER + timedelta(days=days)) == DrainResult(sent=1)
    told = ["Alerts to finops do not get through", "Alerts to finops get through again"]
    assert [row[0] for row in waiting(connection, "terminal")] == told
    (*_, back) = deliveries.newest(connection, 100, receiver="terminal")[:1]
    found = deliveries.get(connection, back["id"])
    assert found is not None
    assert found.message["lines"] == ["3 messages given up meanwhile: aiwire alerts retry finops sends them"]
    slack.otherwise = lambda: Answer(status=404, body="no_service")
    queue(connection, 1, slack=slack, prefix="again")
    send(at=LATER + timedelta(days=5))
    assert [row[0] for row in waiting(connection, "terminal")] == [*told, told[0]]


def test_one_refused_message_is_no_end_of_a_channel(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    queue(connection, 2, slack=slack)
    slack.program(Answer(status=400, body="invalid_blocks"))
    assert send() == DrainResult(sent=1, parked=1)
    assert [row[0] for row in waiting(connection, "terminal")] == ["Alerts to finops do not get through"]


def test_a_message_nobody_can_read_is_parked(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    deliveries.add(connection, "k", "finops", [], {"title": "old", "subjects": []}, created_at=NOW, not_before=NOW)
    connection.commit()
    assert send() == DrainResult(parked=1)
    assert waiting(connection)[0][3] == "this message cannot be read any more (KeyError)"


def test_an_error_of_our_own_is_tried_again_and_shows_nothing(
    connection: Connection, slack: SlackReceiver, database_url: str
) -> None:
    queue(connection, 1, slack=slack)

    def broken(message: Message, now: datetime, earlier: Earlier) -> Any:
        raise RuntimeError(f"could not post to {slack.webhook}")

    sender = Notifier(receiver="finops", send=broken, notices_to=None)
    with structlog.testing.capture_logs() as logged:
        result = drain(
            lambda: connect(database_url, autocommit=True), "finops", sender, clock=lambda: LATER, pace=timedelta()
        )
    assert result == DrainResult(retried=1)
    assert "services" not in str(logged) + str(waiting(connection))


# ---------------------------------------------------- withdrawals, tests


def test_whoever_was_told_is_told_of_a_withdrawal(
    connection: Connection, slack: SlackReceiver, send: Callable[..., DrainResult]
) -> None:
    told, unsent = retirement(model="told"), retirement(model="unsent")
    record(connection, told)
    route(connection, configured(slack))
    send()
    record(connection, unsent)
    route(connection, configured(slack))
    events.withdraw(connection, [told.id, unsent.id], because="the table was misread", at=LATER)
    assert route(connection, configured(slack), LATER) == 1
    send()
    assert titles(slack) == [
        "OpenAI will retire told on 26 November 2026",
        "Withdrawn: OpenAI will retire told on 26 November 2026",
    ]
    assert "Why: the table was misread." in slack.messages[-1].text
    assert waiting(connection)[1][1:] == ("withdrawn", 1, "withdrawn before it was sent")
    assert route(connection, configured(slack), LATER) == 0


def test_a_test_message_says_what_came_of_it(slack: SlackReceiver) -> None:
    config = configured(slack)
    arrived = send_test(config, "finops")
    assert arrived.outcome == "sent"
    assert titles(slack) == ["A test message from aiwire"]
    slack.program(Answer(status=404, body="no_service"))
    found = send_test(config, "finops")
    assert (found.outcome, found.detail) == ("disabled", "404 no_service")
    with pytest.raises(UnknownReceiverError, match=r"no receiver 'finopps' is configured: there is terminal, finops"):
        send_test(config, "finopps")


def test_a_test_that_arrived_counts_as_sent(connection: Connection, slack: SlackReceiver) -> None:
    arrived = send_test(configured(slack), "finops")
    note_test(connection, "finops", arrived, clock=lambda: NOW)
    note_test(connection, "finops", arrived, clock=lambda: NOW)  # the same moment: the same test
    (one,) = receivers.health(connection)
    assert (one.receiver, one.health, one.sent, one.waiting) == ("finops", "ok", 1, 0)
    (noted,) = deliveries.newest(connection, 5)
    assert (noted["state"], noted["title"]) == ("sent", "A test message from aiwire")
    assert [each.outcome for each in delivery_attempts.of(connection, noted["id"])] == ["sent"]


# -------------------------------------------------------------- crashes

WORKER = """
import sys
from datetime import timedelta
from alerts.deliver import drain
from alerts.registry import Notifier, notifier
from alerts.routes import parse_alerts
from store.clock import DatabaseClock
from store.connect import connect
from timeline.strict import load

url, configuration = sys.argv[1:]
config = parse_alerts(load(configuration, "aiwire.toml"), {})
while drain(lambda: connect(url, autocommit=True), "finops", notifier(config, "finops"),
            clock=DatabaseClock(url), pace=timedelta(milliseconds=20)).sent:
    pass
print("drained", flush=True)
"""


def test_killed_workers_lose_nothing_and_repeat_at_most_one_message_each(
    connection: Connection, slack: SlackReceiver, database_url: str
) -> None:
    chance = Random(20260812)
    queue(connection, 60, models=7, slack=slack)
    clock.set_rehearsal(connection, LATER + timedelta(days=1))
    connection.commit()
    slack.otherwise = lambda: Answer(
        delay=chance.choice((0, 0, 0.01, 0.03)), cut=chance.choice((None,) * 9 + ("after",))
    )
    hook = f'slack = {{ webhook = "{slack.webhook}", allow_hosts = ["{slack.address}"] }}'
    command = [sys.executable, "-c", WORKER, database_url, f'[[receiver]]\nname = "finops"\n{hook}\n']
    kills, deadline = 0, time.monotonic() + 60
    while kills < 5:
        with subprocess.Popen(command, stdout=subprocess.PIPE) as worker:
            already = len(slack.messages)
            while len(slack.messages) < already + 5 and worker.poll() is None:
                time.sleep(0.005)
            time.sleep(chance.random() * 0.05)
            worker.kill()
            kills += 1
        assert time.monotonic() < deadline
    slack.otherwise = Answer
    clock.set_rehearsal(connection, LATER + timedelta(days=2))
    connection.commit()
    assert subprocess.run(command, check=True, capture_output=True, timeout=60).stdout == b"drained\n"
    assert len(slack.told) == 60
    assert {state for _, state, _, _ in waiting(connection)} == {"sent"}
    retried = sum(attempts - 1 for _, _, attempts, _ in waiting(connection))
    duplicates = len(slack.messages) - 60
    assert duplicates <= kills + retried  # a cut after the message was taken is tried again, as it must be
    for model in range(7):
        own = [number for number in dict.fromkeys(numbers(slack)) if number % 7 == model]
        assert own == sorted(own)


def test_utc_is_the_only_time_zone_of_the_store(connection: Connection) -> None:
    row = connection.execute("SELECT timeline.now()").fetchone()
    assert row is not None
    assert row[0].astimezone(UTC) == NOW
