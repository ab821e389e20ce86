"""What messages are told of what stands: prices on the day of the change, successors, what else the page showed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from alerts import moves, standing
from store import bundled, events, sources
from store.connect import Connection
from store.sources import SourceRow
from tests.alerts.examples import event, price, status
from tests.alerts.test_impact import work

pytestmark = pytest.mark.postgres

AT = datetime(2024, 10, 2, 12, tzinfo=UTC)


def test_prices_are_those_of_the_day_of_the_change(connection: Connection) -> None:
    bundled.load(connection, now=datetime.now(UTC))
    runs = work(model="gpt-4o")
    told = price("input", "5", "2.5", model="gpt-4o", observed_at=AT)
    found = standing.load(connection, [told], [runs])
    now = moves.now(runs, found, AT.date())
    assert now.bill == Decimal(1500) * Decimal("2.5") + Decimal(600) * 10
    before = standing.load(connection, [replace(told, observed_at=AT - timedelta(days=30))], [runs])
    assert moves.now(runs, before, AT.date()).bill == 1500 * 5 + 600 * 15
    assert standing.load(connection, [told], [work(model="gpt-4.1")]).prices == []


def test_successors_and_what_has_ended_are_known(connection: Connection) -> None:
    bundled.load(connection, now=datetime.now(UTC))
    runs = work(provider="anthropic", model="claude-3-opus-20240229")
    ends = status("active", "deprecated", model="claude-3-opus-20240229")
    told = replace(ends, provider="anthropic", observed_at=datetime(2025, 9, 1, tzinfo=UTC))
    found = standing.load(connection, [told], [runs])
    assert found.replacements["anthropic/claude-3-opus-20240229"] == ["claude-opus-4-7"]
    assert found.retires["anthropic/claude-3-opus-20240229"] == "2026-01-05"
    assert "anthropic/claude-2.0" in found.gone
    (loss,) = moves.losses([told], [runs], found)
    assert (loss.days, [option.model for option in loss.successors]) == (126, ["claude-opus-4-7"])


def test_the_other_changes_of_the_same_look_are_found(connection: Connection) -> None:
    told = price("input", "1", "0.5", observed_at=AT)
    same = event("model.listed", "gpt-9", source=told.source, observed_at=AT, new={"status": "active"})
    first = event("model.listed", "gpt-8", source=told.source, observed_at=AT, baseline=True)
    later = event("model.listed", "gpt-7", source=told.source, observed_at=AT + timedelta(days=1))
    page = SourceRow(id=told.source, provider="openai", kind="pricing", url=None, trust="official", every=None)
    sources.register(connection, [page], AT)
    events.insert(connection, [told, same, first, later])
    found = standing.load(connection, [told], []).siblings
    assert [(one.event, one.model) for one in found] == [(told.id, "gpt-5.6-luna"), (same.id, "gpt-9")]
    assert standing.load(connection, [], []).siblings == ()
