"""A reader that is broken for three captures and then mended: what it missed is told once, and marked late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.notifiers.terminal import TerminalSettings
from alerts.outbox import route_pending
from alerts.routes import AlertConfig, Receiver
from alerts.routing import default_routes
from crawler import observe
from crawler.extract import general
from crawler.extract.document import Document, Reading
from crawler.rebuild import catch_up, rebuild
from crawler.registration import registration
from crawler.source import Expect, bundled_sources, claim
from store import captures as stored
from store import snapshots, sources
from store.connect import Connection
from tests import captures
from timeline.prices import PricePoint

pytestmark = pytest.mark.postgres

START = datetime(2026, 2, 1, tzinfo=UTC)
ALERTS = AlertConfig(
    receivers={"terminal": Receiver(name="terminal", notifier="terminal", settings=TerminalSettings())},
    routes=default_routes("terminal"),
)


def broken(document: Document) -> Reading:
    raise LookupError("the table of prices is not where it was")


def test_what_a_broken_reader_missed_is_told_once_and_late(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.autocommit = True
    claimed = claim(bundled_sources(), captures.PRICING)
    assert claimed is not None
    source = replace(claimed, expect=Expect())  # the pages of this test are smaller than the real ones
    sources.register(connection, [registration(source)], START)
    days = iter(START + timedelta(days=number) for number in range(30))

    def look(page: str) -> observe.Observed:
        at = next(days)
        with connection.transaction():
            sha256 = snapshots.put(connection, page.encode(), "text/markdown")
            stored.see(connection, source=source.id, sha256=sha256, url=source.url, at=at, origin="live")
        return observe.observe(connection, source, at=at)

    def routed() -> list[str]:
        route_pending(connection, ALERTS, START + timedelta(days=60), group_wait=timedelta(0))
        return [row[0]["title"] for row in connection.execute("SELECT message FROM delivery ORDER BY id")]

    look(captures.pricing(captures.START))
    with monkeypatch.context() as patch:
        patch.setitem(general.GENERAL, "pricing", broken)
        for page in (captures.CUT, captures.CUT, captures.CUT):
            seen = look(captures.pricing(page, note=f"Words that change {next(days):%d}."))
            assert seen.bad == 1
            assert not seen.events
    assert routed() == []
    done = rebuild(connection, source, now=START + timedelta(days=40), because="the reader is mended")
    told = [event for event in done.events_added if event.kind == "price.changed"]
    assert len(told) == 2
    assert all(event.late for event in told)
    assert {event.observed_at for event in told} == {START + timedelta(days=2)}, "when it was first there to be seen"
    assert len(routed()) == 1, "one message tells both"
    again = rebuild(connection, source, now=START + timedelta(days=41), because="again")
    assert again.is_empty
    assert len(routed()) == 1
    late = connection.execute("SELECT count(*) FROM timeline.corrections").fetchone()
    assert late is not None
    assert late[0] >= 2


def test_a_reader_that_reads_otherwise_now_is_no_change_of_the_page(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade: the history is read anew first, so that only what the page changed is told."""
    connection.autocommit = True
    claimed = claim(bundled_sources(), captures.PRICING)
    assert claimed is not None
    source = replace(claimed, expect=Expect())
    sources.register(connection, [registration(source)], START)

    def look(page: str, day: int) -> observe.Observed:
        at = START + timedelta(days=day)
        sha256 = snapshots.put(connection, page.encode(), "text/markdown")
        stored.see(connection, source=source.id, sha256=sha256, url=source.url, at=at, origin="live")
        return catch_up(connection, source, at=at)

    look(captures.pricing(captures.START), 0)
    today = general.GENERAL["pricing"]

    def better(document: Document) -> Reading:
        reading = today(document)
        prices = [fact for fact in reading.facts if isinstance(fact, PricePoint)]
        return replace(reading, facts=[replace(price, model_id=f"{price.model} (id)") for price in prices])

    monkeypatch.setitem(general.GENERAL, "pricing", better)
    monkeypatch.setattr(general, "VERSION", f"{general.VERSION}.1")
    seen = look(captures.pricing(captures.CUT), 2)
    assert {event.kind for event in seen.events} == {"price.changed"}
    models = connection.execute("SELECT DISTINCT model_id FROM timeline.price_current").fetchall()
    assert models
    assert all(model.endswith("(id)") for (model,) in models)
    delisted = "SELECT count(*) FROM event WHERE kind = 'price.delisted' AND withdrawn_at IS NULL"
    assert connection.execute(delisted).fetchone() == (0,)
    assert catch_up(connection, source, at=START + timedelta(days=3)).events == ()
