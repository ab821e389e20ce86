"""Signed webhooks: verified with the package of those who wrote the specification."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from alerts.messages import compose
from alerts.notifiers import KINDS
from alerts.notifiers.webhook import WebhookSettings
from alerts.outcomes import Earlier
from alerts.receiver import SlackReceiver
from tests.alerts.examples import event, price
from tests.payloads import HOSTILE
from timeline.strict import load

OLD = "whsec_" + "b2xk" * 8
NEW = "whsec_" + "bmV3" * 8
OTHER = "whsec_" + "b3Ro" * 8


@pytest.fixture
def receiver() -> Iterator[SlackReceiver]:
    with SlackReceiver() as running:
        yield running


def settings(receiver: SlackReceiver) -> WebhookSettings:
    line = 'webhook = { url_env = "HOOK", secret_env = "KEYS", allow_hosts = ["' + receiver.address + '"] }'
    table = load(line, "aiwire.toml").take_table("webhook")
    assert table is not None
    found = KINDS["webhook"].parse(table, {"HOOK": f"http://{receiver.address}/in?team=7", "KEYS": f"{NEW}  {OLD}"})
    assert isinstance(found, WebhookSettings)
    return found


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_what_arrives_verifies_with_either_secret(hostile: str, receiver: SlackReceiver) -> None:
    now = datetime.now(UTC)
    told = [price("input", "1", "0.5", model=hostile), event("source.broken", None, headline=hostile)]
    for message in compose(told):
        assert KINDS["webhook"].send(settings(receiver), message, (), now, Earlier()).outcome == "sent"
    assert len(receiver.messages) == 2
    for received in receiver.messages:
        for secret in (OLD, NEW):
            found = Webhook(secret).verify(received.body, dict(received.headers))
            assert found == json.loads(received.body)
        with pytest.raises(WebhookVerificationError):
            Webhook(OTHER).verify(received.body, dict(received.headers))
        with pytest.raises(WebhookVerificationError):
            Webhook(NEW).verify(received.body.replace(b"alert.", b"alarm."), dict(received.headers))


def test_what_a_program_gets(receiver: SlackReceiver) -> None:
    told = price("input", "1", "0.5")
    (message,) = compose([told])
    now = datetime(2026, 8, 12, 10, 30, tzinfo=UTC)
    KINDS["webhook"].send(settings(receiver), message, (), now, Earlier())
    KINDS["webhook"].send(settings(receiver), message, (), now + timedelta(hours=1), Earlier())
    first, again = receiver.messages
    assert first.path == "/in?team=7"
    assert first.body == again.body, "the same message is the same bytes"
    assert first.headers["webhook-id"] == again.headers["webhook-id"] == message.key
    assert int(again.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 3600
    found = json.loads(first.body)
    assert (found["type"], found["timestamp"]) == ("alert.change", "2026-08-12T10:10:00Z")
    data = found["data"]
    assert data["title"] == "OpenAI cuts gpt-5.6-luna input by 50 %: $1.00 → $0.50 per 1M tokens"
    assert (data["key"], data["events"], data["subjects"]) == (message.key, [told.id], ["openai/gpt-5.6-luna"])
    assert data["text"].startswith(data["title"])
    (change,) = data["changes"]
    assert (change["event"], change["old"]["amount"], change["new"]["amount"]) == (told.id, "1", "0.5")
