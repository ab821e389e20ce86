"""`aiwire history`, as people and programs read it."""

import json
from datetime import timedelta

import pytest

from cli.looking import history
from store import sources, timelines
from store.connect import Connection
from store.sources import SourceRow
from tests.store.test_timelines import ACME, DAY, T0, price, row, step
from timeline.observations import Held

pytestmark = pytest.mark.postgres


def test_a_history_says_what_is_held_and_what_a_million_tokens_cost(
    connection: Connection, verbs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "https://a.example"
    registered = SourceRow(id="acme", provider="acme", kind="pricing", url=url, trust="official", every=timedelta(1))
    sources.register(connection, [registered], T0)
    token, image = price("0.003", per=1000, conditions={}), price("0.04", meter="image", unit="image", per=1)
    rows = {token.key: (row(token, T0, T0 + DAY), row(price("0.002", per=1000, conditions={}), T0 + DAY))}
    held = [Held(key=token.key, model="Model A", reason="zero", since=T0 + DAY, detail="2 to 0")]
    looked = step(T0 + DAY, {**rows, image.key: (row(image, T0),)}, held={token.key: held})
    timelines.append(connection, ACME, looked, origin="live")
    connection.commit()
    history("model-a", json_=True)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["meter"], one["per_million"], one["held"]) for one in told] == [
        ("image", None, False),
        ("input", "3", True),
        ("input", "2", True),
    ]
    assert {"label", "locator", "first_snapshot", "recorded_at", "basis", "seen_until"} <= told[0].keys()
    history("model-a")
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split()[-6:] == ["effective", "from", "effective", "to", "held", "source"]
    assert "per million" in head
    assert [line.split()[-2] for line in lines] == ["no", "yes", "yes"]
