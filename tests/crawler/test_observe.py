from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler import observe
from crawler.capture import Arrival, prepare, record_arrival
from crawler.registration import registration
from crawler.source import Source
from store import captures, snapshots, sources
from store.connect import Connection, connect

pytestmark = pytest.mark.postgres

AT = datetime(2026, 3, 1, tzinfo=UTC)
PAGE = (
    "<table><tr><th>Model</th><th>Input</th><th>Output</th></tr>"
    "<tr><td>Acme 1</td><td>${price} / 1M tokens</td><td>$9.00 / 1M tokens</td></tr></table>"
)


def source(name: str) -> Source:
    return Source(
        id=name,
        provider="acme",
        kind="pricing",
        url=f"https://{name}.example/",
        trust="official",
        every=timedelta(minutes=10),
    )


def keep(connection: Connection, watched: Source, price: str, at: datetime) -> None:
    sha256 = snapshots.put(connection, PAGE.format(price=price).encode(), "text/html")
    captures.see(connection, source=watched.id, sha256=sha256, url=watched.url, at=at, origin="live")


def test_only_what_is_unread_or_waits_is_worth_a_look(connection: Connection) -> None:
    both = [source("acme-one"), source("acme-two")]
    sources.register(connection, [registration(one) for one in both], AT)
    assert observe.waiting(connection, both, at=AT) == []

    keep(connection, both[1], "3.00", AT)
    assert observe.waiting(connection, both, at=AT) == [both[1]]
    observe.observe(connection, both[1], at=AT)
    assert observe.waiting(connection, both, at=AT + timedelta(days=1)) == []

    later = AT + timedelta(hours=1)
    keep(connection, both[1], "30.00", later)  # ten times as much: held until a second look
    observe.observe(connection, both[1], at=later)
    assert observe.waiting(connection, both, at=later) == [both[1]]


TOUCHED = ("price", "event", "fold_key", "source_state", "capture")


def stored(connection: Connection) -> dict[str, list[str]]:
    """Every row of what a look writes, but for the numbers that sequences give and never take back."""
    return {
        table: [
            row[0]
            for row in connection.execute(
                f"SELECT (to_jsonb(one) - '{{id,recorded_at}}'::text[])::text FROM aiwire.{table} AS one ORDER BY 1"
            )
        ]
        for table in TOUCHED
    }


def test_captures_facts_and_events_are_written_together_or_not_at_all(
    connection: Connection, database_url: str
) -> None:
    """Whichever of its writes fails: as after a kill, nothing of the look is there, and the next look has it all."""
    watched = source("acme-one")
    sources.register(connection, [registration(watched)], AT)
    keep(connection, watched, "3.00", AT)
    keep(connection, watched, "4.00", AT + timedelta(hours=1))
    connection.commit()
    before = stored(connection)
    connection.commit()
    connection.execute(
        "CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'pulled the plug'; END$$"
    )
    failed = []
    with connect(database_url, autocommit=True) as worker:  # as the worker's is
        for table in TOUCHED:
            connection.execute(
                f"CREATE TRIGGER fail AFTER INSERT OR UPDATE ON aiwire.{table} EXECUTE FUNCTION public.fail()"
            )
            connection.commit()
            try:
                observe.observe(worker, watched, at=AT + timedelta(hours=2))
            except Exception as error:
                assert "pulled the plug" in str(error)
                failed.append(table)
                assert stored(connection) == before, table
            connection.execute(f"DROP TRIGGER fail ON aiwire.{table}")
            connection.commit()
        assert sorted(failed) == sorted(TOUCHED)
        assert observe.observe(worker, watched, at=AT + timedelta(hours=2)).captures == 2
    after = stored(connection)
    assert len(after["event"]) == 3


def test_the_next_visit_follows_what_the_feed_says(connection: Connection) -> None:
    """A feed that asks to be looked at every half an hour: ten minutes would be too often, and are no longer taken."""
    feed = replace(source("acme-news"), kind="feed")
    sources.register(connection, [registration(feed)], AT)
    body = (
        b"<rss version='2.0'><channel><title>Acme</title><ttl>30</ttl><item><title>News</title></item></channel></rss>"
    )
    arrival = Arrival(status=200, url=feed.url, body=body)
    first = record_arrival(connection, prepare(connection, feed), arrival, run="test", now=AT)
    observe.observe(connection, feed, at=AT)
    then = AT + timedelta(minutes=10)
    second = record_arrival(connection, prepare(connection, feed), arrival, run="test", now=then)
    assert first.next_due_at is not None
    assert second.next_due_at is not None
    assert first.next_due_at - AT < timedelta(minutes=12)
    assert timedelta(minutes=26) < second.next_due_at - then < timedelta(minutes=34)
