"""The local stand-in for Slack: it takes what Slack takes, fails on request, and shows messages as they are read."""

import asyncio
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from alerts.messages import compose
from alerts.notifiers.slack_blocks import payload
from alerts.receiver import Answer, PortTakenError, SlackReceiver
from alerts.receiver_terminal import framed
from tests.alerts.examples import price

BODY = payload(compose([price("input", "1", "0.5")])[0])


def post(receiver: SlackReceiver, body: Any) -> tuple[int, str]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(receiver.webhook, data=data, method="POST")  # noqa: S310  loopback
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310  loopback
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_message_is_kept_written_and_shown(tmp_path: Path) -> None:
    shown: list[dict[str, object]] = []
    with SlackReceiver(on_message=shown.append, folder=tmp_path) as receiver:
        assert post(receiver, BODY) == (200, "ok")
    key = BODY["metadata"]["event_payload"]["message_key"]
    assert receiver.told == {key: 1}
    (line,) = (tmp_path / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["payload"] == BODY
    assert shown[0]["id"] == key
    assert str(shown[0]["text"]).startswith("OpenAI cuts gpt-5.6-luna input by 50 %")


def test_what_slack_would_refuse_is_refused() -> None:
    with SlackReceiver() as receiver:
        assert post(receiver, b"{")[0:2] == (400, "invalid_payload")
        assert post(receiver, {})[1].startswith("no_text")
        assert post(receiver, {"blocks": [{"type": "header"}]})[1].startswith("invalid_blocks")
        assert receiver.messages == []


def test_failures_come_as_programmed_and_end() -> None:
    with SlackReceiver() as receiver:
        receiver.program(Answer(status=429, body="rate_limited", headers={"Retry-After": "2"}), Answer(status=503))
        assert [post(receiver, BODY)[0] for _ in range(3)] == [429, 503, 200]
        receiver.otherwise = lambda: Answer(status=500)
        assert post(receiver, BODY)[0] == 500
    assert len(receiver.messages) == 1
    assert len(receiver.posts) == 4


def test_it_serves_asynchronous_callers_too() -> None:
    async def run() -> int:
        async with SlackReceiver() as receiver:
            await asyncio.to_thread(post, receiver, BODY)
            return len(receiver.messages)

    assert asyncio.run(run()) == 1


def test_a_taken_port_is_said_so() -> None:
    with SlackReceiver() as receiver:
        port = int(receiver.address.partition(":")[2])
        with pytest.raises(PortTakenError, match=f"cannot listen on 127.0.0.1:{port}"):
            SlackReceiver(port=port)


def test_a_frame_lets_no_control_character_through() -> None:
    frame = framed("title\n\n\x1b[31m" + "word " * 60)
    assert all(line.isprintable() for line in frame.split("\n"))
    assert max(map(len, frame.split("\n"))) <= 104
