"""The bot: a headline in the channel, the rest in its thread, and a message put right where it stands."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from alerts import slack_rules
from alerts.messages import Message, compose, withdrawal
from alerts.notifiers import KINDS
from alerts.notifiers.slack_blocks import detail, head
from alerts.notifiers.slack_words import BUSY, GONE, LOST, REFUSED
from alerts.outcomes import Earlier, Outcome
from alerts.receiver import Answer, Received, SlackReceiver
from tests.alerts.examples import event, price, retirement
from tests.alerts.sides import configured
from tests.alerts.test_impact import work
from tests.alerts.test_messages import BASE, TITLES
from tests.payloads import HOSTILE
from timeline.strict import load

NOW = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
LONG = [price("input", "1", f"0.{n}", model=f"m{n}") for n in range(1, 9)]
Send = Callable[..., Outcome]


@pytest.fixture
def slack() -> Iterator[SlackReceiver]:
    with SlackReceiver() as running:
        yield running


@pytest.fixture
def send(slack: SlackReceiver) -> Send:
    table = load(configured("slack bot", slack.address), "aiwire.toml").take_table("slack")
    assert table is not None
    to = KINDS["slack"].parse(table, {})

    def run(message: Message, receipt: dict[str, str] | None = None, original: dict[str, str] | None = None) -> Outcome:
        return KINDS["slack"].send(to, message, (), NOW, Earlier(receipt=receipt or {}, original=original or {}))

    return run


def send_all(send: Send, message: Message, original: dict[str, str] | None = None) -> dict[str, str]:
    """Every request the message needs, as the outbox makes them."""
    receipt: dict[str, str] = {}
    for _ in range(5):
        found = send(message, receipt, original)
        receipt |= found.receipt
        if found.outcome != "partly":
            assert found.outcome == "sent"
            return receipt
    raise AssertionError("it never ends")


def titles(messages: list[Received]) -> list[str]:
    return [message.text.split("\n")[0] for message in messages]


def test_the_headline_is_in_the_channel_and_the_detail_in_its_thread(slack: SlackReceiver, send: Send) -> None:
    (message,) = compose(LONG, [work()], BASE)
    receipt = send_all(send, message)
    first, second = slack.messages
    assert (first.path, second.path) == ("/api/chat.postMessage", "/api/chat.postMessage")
    assert first.headers["authorization"] == "Bearer xoxb-s3cr3tt0ken"
    assert (first.part, second.part) == ("", "detail")
    assert first.payload["channel"] == second.payload["channel"] == "C01"
    assert second.payload["thread_ts"] == receipt["ts"]
    assert titles(slack.messages)[0] == message.title
    assert "• " not in first.text
    assert all(line in second.text for line in message.lines)
    assert "Evidence" in first.text
    assert slack.told == {message.key: 1, f"{message.key} detail": 1}


def test_what_a_headline_says_needs_no_thread(slack: SlackReceiver, send: Send) -> None:
    (message,) = compose([price("input", "1", "0.5")])
    assert detail(message) is None
    assert send(message).outcome == "sent"
    assert len(slack.messages) == 1


def test_after_a_failure_only_what_is_missing_is_posted(slack: SlackReceiver, send: Send) -> None:
    (message,) = compose(LONG)
    first = send(message)
    slack.program(Answer(status=503))
    assert send(message, dict(first.receipt)).outcome == "retry"
    assert send(message, dict(first.receipt)).outcome == "sent"
    assert [one.part for one in slack.messages] == ["", "detail"]
    assert send(message, {**first.receipt, "detail": "1"}).outcome == "sent"
    assert len(slack.messages) == 2, "nothing is left to say"


def test_what_confirms_a_part_of_a_message_leaves_the_rest_as_it_stands(slack: SlackReceiver, send: Send) -> None:
    (told,) = compose([price("output", "6", "3"), price("input", "1", "0.5")])
    receipt = send_all(send, told)
    before = len(slack.messages)
    (own,) = compose([price("input", "1", "0.5")])
    confirmed = replace(own, key="c", about=told.key, part=True, title=f"Confirmed: {own.title}")
    assert Message.from_json(json.loads(json.dumps(confirmed.to_json()))) == confirmed
    own_receipt = send_all(send, confirmed, receipt)
    (reply,) = slack.messages[before:]
    assert (reply.path, reply.payload["thread_ts"]) == ("/api/chat.postMessage", receipt["ts"])
    assert reply.payload["reply_broadcast"] is True
    assert reply.text.startswith("Confirmed: OpenAI cuts")
    assert send(confirmed, own_receipt, receipt).outcome == "sent"
    assert len(slack.messages) == before + 1, "nothing is left to say"


def test_a_withdrawal_changes_the_message_and_says_so_in_its_thread(slack: SlackReceiver, send: Send) -> None:
    (told,) = compose([retirement()])
    receipt = send_all(send, told)
    before = len(slack.messages)
    after = withdrawal(told, [retirement()], "the table was misread")
    send_all(send, after, receipt)
    update, reply = slack.messages[before:]
    assert (update.path, update.payload["ts"]) == ("/api/chat.update", receipt["ts"])
    assert (reply.path, reply.payload["thread_ts"]) == ("/api/chat.postMessage", receipt["ts"])
    assert reply.payload["reply_broadcast"] is True
    for one in (update, reply):
        assert one.text.startswith("Withdrawn: OpenAI will retire gpt-5.6-luna")
    assert "Why: the table was misread." in reply.text


def test_what_is_wrong_in_a_message_is_said_where_it_stands(slack: SlackReceiver, send: Send) -> None:
    """The headline still has both prices: whoever reads the channel alone has to see which one is none."""
    wrong = price("output", "6", "12", headline="OpenAI raises gpt-5.6-luna output by 100 %: $6.00 → $12.00")
    (told,) = compose([price("input", "1", "2"), wrong])
    after = withdrawal(told, [wrong], "the page was misread")
    send_all(send, after, send_all(send, told))
    update = next(one for one in slack.messages if one.path == "/api/chat.update")
    said = "No longer true: OpenAI raises gpt-5.6-luna output by 100 %: $6.00 → $12.00"
    assert said in update.text
    assert said in update.payload["text"]
    assert slack_rules.refusal(update.payload) is None
    many = [price("input", "1", f"2.{n}", model=f"m{n}", headline="x" * 250) for n in range(40)]
    for message in compose([*many, wrong]):
        assert slack_rules.refusal(head(withdrawal(message, many, "the page was misread"))) is None


@pytest.mark.parametrize("word", sorted(LOST))
def test_where_the_message_is_gone_the_correction_is_a_message_of_its_own(
    word: str, slack: SlackReceiver, send: Send
) -> None:
    (told,) = compose([retirement()])
    after = withdrawal(told, [retirement()], "the table was misread")
    slack.program(Answer(body=json.dumps({"ok": False, "error": word})))
    send_all(send, after, {"ts": "1.2", "channel": "C01"})
    assert slack.messages[0].part == ""
    assert "reply_broadcast" not in slack.messages[0].payload
    assert titles(slack.messages)[0].startswith("Withdrawn: ")


@pytest.mark.parametrize(
    ("words", "outcome"), [(GONE, "disabled"), (REFUSED, "parked"), (BUSY, "retry"), ({"fatal_error", "new"}, "retry")]
)
def test_the_words_of_slack_decide(words: set[str], outcome: str, slack: SlackReceiver, send: Send) -> None:
    (message,) = compose([price("input", "1", "0.5")])
    for word in sorted(words):
        slack.program(Answer(body=json.dumps({"ok": False, "error": word})))
        found = send(message)
        assert (found.outcome, found.busy) == (outcome, words is BUSY), word
        assert word in found.detail
        assert found.code in (word, "")
    assert slack.messages == []


def test_no_word_means_two_things() -> None:
    kinds = [GONE, REFUSED, BUSY, LOST]
    assert sum(map(len, kinds)) == len(frozenset().union(*kinds))


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"ok": "yes"}', "<html>", "ok", "[" * 5000, '{"ok":true'])
def test_an_answer_that_is_not_slacks_is_tried_again(body: str, slack: SlackReceiver, send: Send) -> None:
    slack.program(Answer(body=body or " "))
    found = send(compose([price("input", "1", "0.5")])[0])
    assert found.outcome == ("sent" if body == "ok" else "retry")  # the stand-in says "ok" as Slack does


def test_what_is_posted_while_the_answer_is_long_is_known(slack: SlackReceiver, send: Send) -> None:
    (message,) = compose([price("input", "1", f"0.{n:03}", model=f"model-{n} " + "x" * 60) for n in range(1, 90)])
    receipt = send_all(send, message)
    assert len(json.dumps(slack.messages[-1].payload)) > 4096
    assert set(receipt) == {"ts", "channel", "detail"}


@pytest.mark.parametrize(("events", "title"), TITLES, ids=lambda value: value if isinstance(value, str) else "")
def test_both_parts_are_accepted_and_tell_everything(events: list[Any], title: str) -> None:
    (message,) = compose(events, [work()], BASE)
    bodies = [body for body in (head(message), detail(message)) if body]
    for body in bodies:
        assert slack_rules.refusal(body) is None
        assert len(body["blocks"]) <= 45
    read = "\n".join(slack_rules.as_read(body) for body in bodies)
    told = (message.title, *message.lines, *message.effects, *message.alternatives, *message.also, message.effective)
    assert [part for part in told if part not in read] == []
    assert slack_rules.as_read(bodies[0]).startswith(title)


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_page_text_does_nothing_in_either_part(hostile: str) -> None:
    told = [price("input", "1", "2", model=hostile), event("source.broken", None, headline=hostile)]
    told += [retirement(model=f"{hostile[:50]} {n}") for n in range(5)]
    for message in compose(told, [work(name=hostile)], BASE):
        for body in filter(None, (head(message), detail(message))):
            assert slack_rules.refusal(body) is None
            for command in slack_rules.commands(body):
                assert command.startswith((f"<{BASE}/", "<https://platform.openai.example/"))
