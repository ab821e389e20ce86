"""Attacks through alerts: rows 1-6, 18-20 and 22 of the table of attacks we must survive."""

import io
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog

from alerts import slack_rules
from alerts.deliver import DrainResult, drain
from alerts.messages import compose, text
from alerts.notifiers import slack, terminal
from alerts.notifiers.slack import SlackSettings
from alerts.notifiers.slack_blocks import payload
from alerts.outbox import route_pending
from alerts.receiver import Answer, SlackReceiver
from alerts.registry import Notifier, notifier
from alerts.routes import parse_alerts
from alerts.transport import post
from store import clock, deliveries, events, sources
from store.connect import Connection, connect
from store.sources import SourceRow
from tests.alerts.examples import AT, event, price, retirement
from tests.alerts.test_impact import work
from tests.payloads import HOSTILE, REFUSED, TEMPLATES
from timeline.addresses import BlockedAddressError
from timeline.events import Event
from timeline.secrets import Secret
from timeline.strict import ConfigurationError, load

SECRET = "s3cr3tt0ken"
NOW = AT + timedelta(minutes=1)


@pytest.fixture
def receiver() -> Iterator[SlackReceiver]:
    with SlackReceiver() as running:
        yield running


@pytest.mark.parametrize("url", REFUSED, ids=repr)
def test_row_01_02_03_05_no_spelling_of_an_internal_address_is_posted_to(url: str) -> None:
    """Past the configuration, straight to the post: as if the environment named the address."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with pytest.raises(BlockedAddressError):
        post(url, b"{}", {}, resolve=resolve)
    (message,) = compose([price("input", "1", "2")])
    settings = SlackSettings(webhook=Secret(url))
    assert slack.send(settings, message, (), NOW).outcome == "disabled"


def test_row_04_a_name_that_changes_its_mind_is_checked_at_every_post(receiver: SlackReceiver) -> None:
    answers = iter([["93.184.215.14"], ["127.0.0.1"], ["10.0.0.5"], ["93.184.215.14", "::1"]])
    next(answers)  # what a check made earlier would have seen
    for _ in range(3):
        with pytest.raises(BlockedAddressError):
            post(
                f"https://hooks.example.com:{receiver.address[10:]}/x",
                b"",
                {},
                resolve=lambda host, port: next(answers),
            )
    assert receiver.posts == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_row_02_a_receiver_that_redirects_is_not_followed(receiver: SlackReceiver, status: int) -> None:
    with SlackReceiver() as inside:
        receiver.program(Answer(status=status, headers={"Location": inside.webhook}))
        answer = post(
            receiver.webhook, b'{"text": "a"}', {"Content-Type": "application/json"}, allowed=[receiver.address]
        )
    assert (answer.status, inside.posts) == (status, [])


@pytest.mark.parametrize("url", ["file:///etc/passwd", "gopher://x/", "data:text/plain,x", "ftp://x/y", "javascript:1"])
def test_row_05_no_other_scheme_is_a_webhook(url: str) -> None:
    table = load(f'[[receiver]]\nname = "a"\nslack = {{ webhook = "{url}" }}', "aiwire.toml")
    with pytest.raises(ConfigurationError):
        parse_alerts(table, {})


@pytest.mark.parametrize("template", TEMPLATES)
def test_row_06_text_of_a_page_is_never_a_template(template: str) -> None:
    told = [
        event("source.broken", None, headline=template),
        price("input", "1", "2", model=template),
        event("news.published", None, new={"title": template, "url": "https://x.example/", "summary": template}),
    ]
    for message in compose(told, [work(name=template)]):
        shown = text(message)
        assert template in shown
        assert "49" not in shown
        assert template in slack_rules.as_read(payload(message))


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_row_18_markup_of_a_page_reaches_slack_escaped_and_within_its_limits(
    hostile: str, receiver: SlackReceiver
) -> None:
    settings = SlackSettings(webhook=Secret(receiver.webhook), allow_hosts=(receiver.address,))
    told = [price("input", "1", "2", model=hostile), event("source.broken", None, headline=hostile)]
    for message in compose(told, [work(name=hostile)], "http://127.0.0.1:8321"):
        assert slack.send(settings, message, (), NOW).outcome == "sent"
    for received in receiver.messages:
        body = dict(received.payload)
        assert slack_rules.refusal(body) is None
        for command in slack_rules.commands(body):
            assert command.startswith(("<http://127.0.0.1:8321/", "<https://platform.openai.example/"))


@pytest.fixture
def failing(connection: Connection) -> None:
    """A database with messages to send."""
    every = timedelta(minutes=10)
    rows = [
        SourceRow(
            id=f"openai-{kind}", provider="openai", kind=kind, url="https://x.example", trust="official", every=every
        )
        for kind in ("pricing", "lifecycle")
    ]
    sources.register(connection, rows, AT)
    clock.set_rehearsal(connection, NOW)
    told: list[Event] = [price("input", "1", f"2.{n}", model=f"m{n}") for n in range(3)]
    events.insert(connection, [*told, *(retirement(f"2026-11-2{n}", model=f"m{n}") for n in range(3))])
    connection.commit()


def _drain(database_url: str, sender: Notifier, at: datetime) -> DrainResult:
    opened = lambda: connect(database_url, autocommit=True)  # noqa: E731
    return drain(opened, "finops", sender, clock=lambda: at, pace=timedelta())


@pytest.mark.usefixtures("failing")
def test_row_19_no_secret_in_logs_errors_or_the_delivery_log_of_a_failing_run(
    connection: Connection,
    database_url: str,
    receiver: SlackReceiver,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    hook = f"http://{receiver.address}/services/T0/B0/{SECRET}?token={SECRET}"
    table = load('[[receiver]]\nname = "finops"\nslack = { webhook_env = "HOOK" }', "aiwire.toml")
    config = parse_alerts(table, {"HOOK": hook})
    echo = f"bad token {SECRET} at {hook}"
    receiver.program(
        Answer(status=500, body=echo), Answer(status=429, body=echo), Answer(cut="before"), Answer(cut="after"),
        Answer(status=302, headers={"Location": hook}), Answer(status=400, body=echo), Answer(body=f"<p>{echo}"),
        Answer(status=404, body=echo),
    )  # fmt: skip
    route_pending(connection, config, NOW)
    connection.commit()
    shown: list[object] = []
    with structlog.testing.capture_logs() as logged:
        for hours in range(0, 96, 8):
            allowed = [receiver.address] if hours else []  # the first time the address is not allowed at all
            deliveries.unpark(connection, "finops", NOW)
            connection.commit()
            shown.append(_drain(database_url, notifier(config, "finops", allowed), NOW + timedelta(hours=hours)))
    rows = connection.execute("SELECT to_jsonb(delivery)::text FROM delivery").fetchall()
    assert len(receiver.posts) >= 6
    assert len(logged) >= 6
    everything = "\n".join(map(str, [*shown, *logged, *rows, caplog.text, *capfd.readouterr(), config]))
    assert SECRET not in everything


@pytest.mark.usefixtures("failing")
def test_row_20_of_an_answer_only_a_status_and_a_bounded_inert_excerpt_is_kept(
    connection: Connection, database_url: str, receiver: SlackReceiver
) -> None:
    hook = f'slack = {{ webhook = "{receiver.webhook}", allow_hosts = ["{receiver.address}"] }}'
    config = parse_alerts(load(f'[[receiver]]\nname = "finops"\n{hook}', "aiwire.toml"), {})
    receiver.otherwise = lambda: Answer(status=400, body="<script>alert(1)</script>\x1b]0;x\x07" + "root:x:0:0 " * 9999)
    route_pending(connection, config, NOW)
    connection.commit()
    _drain(database_url, notifier(config, "finops"), NOW + timedelta(hours=1))
    kept = [row["last_status"] for row in deliveries.newest(connection, 100) if row["receiver"] == "finops"]
    assert len(kept) == 6
    for status in kept:
        assert status.startswith("400 ")
        assert len(status) < 100
        assert status.isprintable()
        assert not set(status) & set("<>&\"'`")


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_row_22_control_characters_reach_neither_terminal_nor_file(hostile: str, tmp_path: Path) -> None:
    screen = io.StringIO()
    told = [price("input", "1", "2", model=hostile), event("source.broken", None, headline=hostile)]
    with SlackReceiver(folder=tmp_path) as receiver:
        settings = SlackSettings(webhook=Secret(receiver.webhook), allow_hosts=(receiver.address,))
        for message in compose(told, [work(name=hostile)]):
            terminal.show(message, screen)
            slack.send(settings, message, (), NOW)
    written = (tmp_path / "messages.jsonl").read_text(encoding="utf-8")
    for shown in (screen.getvalue(), written):
        assert all(line.isprintable() for line in shown.split("\n"))
