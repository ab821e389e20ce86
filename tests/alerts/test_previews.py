"""Previews: what each receiver would get of an event, and why; nothing is sent and nothing is written."""

from datetime import timedelta
from typing import Any, get_args

import pytest

from alerts.matching import Reason, match
from alerts.previews import UnknownEventError, preview
from alerts.reasons import in_words
from alerts.routes import parse_alerts
from alerts.routing import Route
from store import deliveries, event_pages, events, routings, silences, sources
from store.connect import Connection
from store.silences import Silence
from store.sources import SourceRow
from tests.alerts.examples import AT, price
from tests.alerts.sides import SECRET, SHAPES, configured
from timeline.strict import load

pytestmark = pytest.mark.postgres
TITLE = "OpenAI cuts gpt-5.6-luna input by 50 %: $1.00 → $0.50 per 1M tokens"


@pytest.fixture
def told(connection: Connection) -> str:
    row = SourceRow(
        id="openai-pricing", provider="openai", kind="pricing", url="https://x.example", trust="official",
        every=timedelta(minutes=10),
    )  # fmt: skip
    sources.register(connection, [row], AT)
    happened = price("input", "1", "0.5")
    events.insert(connection, [happened])
    return happened.id


def test_the_beginning_of_an_id_is_enough_while_it_is_of_one_event(connection: Connection, told: str) -> None:
    assert event_pages.full_id(connection, told[: event_pages.SHORT]) == told
    assert event_pages.full_id(connection, told) == told
    for given in ("0" * 12 if told[0] != "0" else "f" * 12, told[:3], "nothing"):
        assert event_pages.full_id(connection, given) == given
    connection.execute("CREATE TEMP TABLE event AS SELECT id FROM aiwire.event UNION SELECT %s", [told[:8] + "0" * 24])
    with pytest.raises(event_pages.UnclearEventError, match="several events"):
        event_pages.full_id(connection, told[:8])


@pytest.mark.parametrize("shape", SHAPES)
def test_every_receiver_shows_what_it_would_get(connection: Connection, told: str, shape: str) -> None:
    name = "terminal" if shape == "terminal" else "a"
    text = f'[[receiver]]\nname = "{name}"\n{configured(shape, "127.0.0.1:1")}\n'
    text += f'[[route]]\nreceiver = "{name}"\nkinds = ["news.*"]\n[[route]]\nreceiver = "{name}"\nkinds = ["price.*"]\n'
    config = parse_alerts(load(text, "aiwire.toml"), {})
    (found,) = preview(connection, config, told, receivers=[name], now=AT, base_url="http://127.0.0.1:8321")
    assert (found.receiver, found.told, found.why) == (name, True, ["kind", "match"])
    assert TITLE in found.shown
    assert SECRET not in found.shown
    assert deliveries.newest(connection, 10) == []
    assert len(routings.unrouted(connection, 10)) == 1


def test_what_the_same_look_saw_stands_in_the_same_message(connection: Connection, told: str) -> None:
    events.insert(connection, [price("output", "8", "4")])
    text = '[[route]]\nreceiver = "terminal"\nkinds = ["price.*"]\n'
    (found,) = preview(
        connection, parse_alerts(load(text, "aiwire.toml"), {}), told, receivers=["terminal"], now=AT, base_url=""
    )
    assert "input $1.00 → $0.50, output $8.00 → $4.00" in found.shown
    others = text.replace("price.*", "news.*")
    (found,) = preview(
        connection, parse_alerts(load(others, "aiwire.toml"), {}), told, receivers=["terminal"], now=AT, base_url=""
    )
    assert "output" not in found.shown, "what its routes leave out"


def test_why_not_is_said_and_what_is_not_there(connection: Connection, told: str) -> None:
    config = parse_alerts(load('[[route]]\nreceiver = "terminal"\nkinds = ["news.*"]\n', "aiwire.toml"), {})
    (found,) = preview(connection, config, told, receivers=["terminal"], now=AT, base_url="")
    assert (found.told, found.why) == (False, ["kind"])
    assert found.said == ["takes news.*, not price.changed"]
    assert TITLE in found.shown
    with pytest.raises(UnknownEventError, match="no event has the id 'nothing'"):
        preview(connection, config, "nothing", receivers=["terminal"], now=AT, base_url="")


def test_each_reason_is_told_in_words() -> None:
    one = price("input", "1", "0.5", conditions={"service_tier": "batch"})
    given: dict[str, Any] = {
        "kinds": ("news.*",), "trust": ("press",), "providers": ("acme",), "models": ("swift-*",),
        "meters": ("output",), "conditions": {"service_tier": ("flex",)}, "direction": "rise",
    }  # fmt: skip
    said = []
    for name, value in given.items():
        route = Route(**{"receiver": "a", "kinds": ("price.*",), name: value})
        said.append(in_words(route, one, match(route, one)))
    assert said == [
        "takes news.*, not price.changed", "takes what is told by press, not by official", "takes acme, not openai",
        "takes the models swift-*, not gpt-5.6-luna", "takes output, not input",
        "takes service_tier flex, not service_tier batch", "takes a rise, not a cut",
    ]  # fmt: skip
    assert all(in_words(Route(receiver="a", kinds=("*",)), one, reason) for reason in get_args(Reason))


def test_a_silence_is_said(connection: Connection, told: str) -> None:
    config = parse_alerts(load('[[route]]\nreceiver = "terminal"\nkinds = ["*"]\n', "aiwire.toml"), {})
    silences.add(
        connection, Silence(because="we are moving", models=["gpt-5.6-*"], starts_at=AT, ends_at=AT + timedelta(1))
    )
    (found,) = preview(connection, config, told, receivers=["terminal"], now=AT, base_url="")
    assert (found.told, found.why) == (
        False,
        ["match", "silenced until 13 August 2026 10:10 UTC: we are moving"],
    )
    (found,) = preview(connection, config, told, receivers=["terminal"], now=AT + timedelta(2), base_url="")
    assert (found.told, found.why) == (True, ["match"])
