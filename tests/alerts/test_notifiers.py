"""The contract of every notifier: what a status means, what is never shown, what reaches the other side."""

import io
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from alerts import slack_rules
from alerts.messages import Message, compose
from alerts.notifiers import KINDS, Settings, terminal
from alerts.outcomes import Outcome
from alerts.receiver import Answer, SlackReceiver
from alerts.registry import notifier
from alerts.routes import parse_alerts
from tests.alerts.examples import HOSTILE, event, price
from tests.alerts.test_outcomes import ANSWERS
from timeline.strict import load

NOW = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
SECRET = "s3cr3tt0ken"
CONFIGURED = {
    "slack": 'slack = {{ webhook = "http://{address}/services/T0/B0/s3cr3tt0ken", allow_hosts = ["{address}"] }}',
    "terminal": "terminal = {{}}",
}
"""How each kind of notifier is configured to talk to a local server; a new kind needs its line here."""
OVER_HTTP = [kind for kind in KINDS if kind != "terminal"]


@pytest.fixture
def receiver() -> Iterator[SlackReceiver]:
    with SlackReceiver() as running:
        yield running


def settings_of(kind: str, address: str) -> Settings:
    table = load(CONFIGURED[kind].format(address=address), "aiwire.toml")
    settings = table.take_table(kind)
    assert settings is not None
    return KINDS[kind].parse(settings, {})


def send(kind: str, address: str, message: Message | None = None) -> Outcome:
    told = message or compose([price("input", "1", "0.5")])[0]
    return KINDS[kind].send(settings_of(kind, address), told, (), NOW)


def test_every_kind_is_in_the_contract() -> None:
    assert set(CONFIGURED) == set(KINDS)


@pytest.mark.parametrize("kind", OVER_HTTP)
@pytest.mark.parametrize(("status", "body", "outcome"), ANSWERS)
def test_a_status_decides(kind: str, status: int, body: str, outcome: str, receiver: SlackReceiver) -> None:
    receiver.program(Answer(status=status, body=body, headers={"Retry-After": "7"}))
    found = send(kind, receiver.address)
    assert found.outcome == outcome
    assert len(receiver.posts) == 1  # no notifier retries by itself
    assert (found.retry_after is not None) == (status in (408, 425, 429) or status >= 500)


@pytest.mark.parametrize("kind", OVER_HTTP)
@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_cut_connection_is_tried_again(kind: str, cut: Any, receiver: SlackReceiver) -> None:
    receiver.program(Answer(cut=cut))
    assert send(kind, receiver.address).outcome == "retry"
    assert len(receiver.messages) == (cut == "after")


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_the_same_message_has_the_same_id_each_time(kind: str, receiver: SlackReceiver) -> None:
    (message,) = compose([price("input", "1", "0.5")])
    for _ in range(3):
        send(kind, receiver.address, message)
    assert receiver.told == {message.key: 3}


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_no_secret_is_shown_by_a_failing_receiver(
    kind: str, receiver: SlackReceiver, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    echoed = f"no_service for /services/T0/B0/{SECRET} at http://{receiver.address}/services/T0/B0/{SECRET}"
    receiver.program(
        Answer(status=404, body=echoed), Answer(status=500, body=echoed), Answer(body=f"<html>{echoed}"),
        Answer(cut="before"), Answer(status=302, headers={"Location": f"http://10.0.0.1/{SECRET}"}),
    )  # fmt: skip
    details = [send(kind, receiver.address).detail for _ in range(5)]
    dead = "127.0.0.1:1"
    details.append(send(kind, dead).detail)
    blocked = (
        CONFIGURED[kind].format(address="10.0.0.7:80").replace('allow_hosts = ["10.0.0.7:80"]', "allow_hosts = []")
    )
    settings = load(blocked, "aiwire.toml").take_table(kind)
    assert settings is not None
    (message,) = compose([price("input", "1", "0.5")])
    refused = KINDS[kind].send(KINDS[kind].parse(settings, {}), message, (), NOW)
    assert refused.outcome == "disabled"
    shown = "\n".join([*details, refused.detail, caplog.text, *capfd.readouterr(), repr(settings_of(kind, dead))])
    assert SECRET not in shown


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_an_excerpt_of_an_answer_is_bounded_and_inert(kind: str, receiver: SlackReceiver) -> None:
    receiver.program(Answer(status=400, body="<script>alert(1)</script>\x1b[31m" + "x" * 10_000))
    detail = send(kind, receiver.address).detail
    assert len(detail) < 100
    assert detail.isprintable()
    assert "<" not in detail


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("hostile", HOSTILE)
def test_page_text_is_sent_and_arrives_harmless(
    kind: str, hostile: str, receiver: SlackReceiver, capfd: pytest.CaptureFixture[str]
) -> None:
    told = event("news.published", None, new={"title": hostile, "url": "https://x.example/", "summary": hostile})
    assert send(kind, receiver.address, compose([told])[0]).outcome == "sent"
    printed = capfd.readouterr().out
    arrived = [received.text for received in receiver.messages] or [printed]
    assert all(line.isprintable() for text in arrived for line in text.split("\n"))


def test_slack_gets_valid_json_with_an_honest_content_type(receiver: SlackReceiver) -> None:
    send("slack", receiver.address)
    (message,) = receiver.messages
    assert slack_rules.refusal(dict(message.payload)) is None
    assert message.path == f"/services/T0/B0/{SECRET}"


def test_the_terminal_prints_a_message_as_lines_when_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    assert send("terminal", "").outcome == "sent"
    printed = capsys.readouterr().out
    assert printed.startswith("\nOpenAI cuts gpt-5.6-luna input by 50 %: $1.00 → $0.50 per 1M tokens\n")
    assert printed.endswith("Page: https://platform.openai.example/docs/pricing.md\n\n")


def test_the_terminal_frames_a_message_for_a_person() -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    (message,) = compose([event("source.broken", None, headline="[bold red]x[/] :smile: [link=https://evil.example]")])
    terminal.show(message, screen)
    assert "[bold red]x[/] :smile: [link=https://evil.example]" in screen.getvalue()


def test_a_receiver_that_is_gone_from_the_configuration_parks() -> None:
    config = parse_alerts(load("", "aiwire.toml"), {})
    gone = notifier(config, "finops")
    (message,) = compose([price("input", "1", "2")])
    assert gone.send(message, NOW).outcome == "parked"
    assert gone.notices_to == "terminal"
    assert notifier(config, "terminal").notices_to is None


def test_notices_about_a_receiver_go_to_another_one() -> None:
    text = "\n".join(
        f'[[receiver]]\nname = "{name}"\nslack = {{ webhook = "https://x.example/{name}" }}' for name in "ab"
    )
    config = parse_alerts(load(text, "aiwire.toml"), {})
    assert (notifier(config, "a").notices_to, notifier(config, "b").notices_to) == ("b", "a")
