"""`aiwire alerts show`, `retry` and `preview` as people type them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from store import deliveries, delivery_attempts, event_pages, events, sources
from store.connect import Connection
from store.sources import SourceRow
from tests.alerts.examples import AT, price
from tests.test_cli import aiwire

pytestmark = pytest.mark.postgres


def test_a_message_is_shown_tried_again_and_looked_at_before_it_is_sent(
    connection: Connection, database_url: str, tmp_path: Path
) -> None:
    row = SourceRow(
        id="openai-pricing", provider="openai", kind="pricing", url="https://x.example", trust="official",
        every=timedelta(minutes=10),
    )  # fmt: skip
    sources.register(connection, [row], AT)
    told = price("input", "1", "0.5")
    events.insert(connection, [told])
    deliveries.add(connection, "m", "ops", [told.id], {"title": "a title"}, created_at=AT, not_before=AT)
    (found,) = deliveries.claim_due(connection, "ops", AT, 1)
    delivery_attempts.mark_parked(connection, found.id, status="404 no_service", code="404", outcome="disabled", at=AT)
    connection.commit()

    shown = aiwire("alerts", "show", str(found.id), home=tmp_path, url=database_url)
    assert shown.returncode == 0
    assert all(word in shown.stdout for word in ("a title", "parked", "disabled", "404 no_service"))
    again = aiwire("alerts", "retry", "ops", "--json", home=tmp_path, url=database_url)
    assert (again.returncode, json.loads(again.stdout)) == (0, {"retried": 1})
    assert aiwire("alerts", "retry", str(found.id), home=tmp_path, url=database_url).returncode == 1

    looked = aiwire("alerts", "preview", told.id, "--json", home=tmp_path, url=database_url)
    assert looked.returncode == 0, looked.stderr
    seen = json.loads(looked.stdout)
    assert (seen["receiver"], seen["told"]) == ("terminal", True)
    assert "OpenAI cuts gpt-5.6-luna input by 50 %" in seen["shown"]
    listed = aiwire("events", home=tmp_path, url=database_url).stdout
    assert f" {told.id[: event_pages.SHORT]}" in listed
    wrong = aiwire("alerts", "preview", "nothing", home=tmp_path, url=database_url)
    assert wrong.returncode == 2
    assert "no event has the id" in wrong.stderr
