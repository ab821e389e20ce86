"""Feeds to deals: told once in however many outlets, revised by edits, taken back, and split or joined by hand."""

import json
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape

import pytest
from psycopg.rows import dict_row

from crawler import funding as reading
from crawler.funding import READER
from crawler.rebuild import catch_up, rebuild
from crawler.registration import registration
from crawler.replay import Line, import_line, read_manifest
from crawler.source import Source, bundled_sources
from store import captures, clock, events, funding, news, snapshots, sources
from store.connect import Connection, connect
from tests.dumps import dump

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Item = tuple[str, str]  # guid, title


def feed(name: str, trust: str = "press") -> Source:
    url = f"https://{name}.example/feed"
    return Source(id=f"{name}-news", provider=name, kind="feed", url=url, trust=trust, every=timedelta(minutes=15))


ONE, TWO = feed("gazette"), feed("courier")


class Desk:
    """Feeds that are looked at one after the other; the clock stands at the last look."""

    sets_clock = True

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.shown: dict[str, list[Item]] = {}
        sources.register(connection, [registration(one) for one in (ONE, TWO)], T0)
        for source in (ONE, TWO):
            self.look(source, T0)

    def look(self, source: Source, at: datetime, *items: Item, origin: str = "live") -> list[str]:
        """A look that shows `items` on top of all others, or with another title; the headlines of funding events."""
        shown = self.shown.setdefault(source.id, [])
        given = {guid for guid, _ in items}
        shown[:] = [*items, *(item for item in shown if item[0] not in given)]
        entries = "".join(
            f"<item><guid>{guid}</guid><title>{escape(title)}</title><link>https://{source.provider}.example/{guid}</link></item>"
            for guid, title in shown
        )
        body = f"<rss version='2.0'><channel><title>News</title>{entries}</channel></rss>".encode()
        sha256 = snapshots.put(self.connection, body, "application/rss+xml")
        captures.see(self.connection, source=source.id, sha256=sha256, url=source.url, at=at, origin=origin)  # type: ignore[arg-type]
        if self.sets_clock:
            clock.set_rehearsal(self.connection, at)
        seen = catch_up(self.connection, source, at=at)
        return [event.headline for event in seen.events if event.kind.startswith("funding.")]

    def told(self) -> list[tuple[str, bool]]:
        """Funding events that stand, and whether they wait to be told."""
        rows = self.connection.execute(
            "SELECT headline, routed_at IS NULL AND NOT baseline FROM event "
            "WHERE kind LIKE 'funding.%' AND withdrawn_at IS NULL ORDER BY observed_at, position"
        )
        return rows.fetchall()

    def deals(self, **filters: Any) -> list[dict[str, Any]]:
        return funding.page(self.connection, **filters)

    def dump(self) -> list[Any]:
        kept = []
        for table in ("funding_deal", "funding_round", "funding_report", "event"):
            rows = self.connection.execute(f"SELECT to_jsonb(t) FROM {table} AS t ORDER BY 1").fetchall()
            kept += [(table, row) for (row,) in rows]
        return kept


@pytest.fixture
def desk(connection: Connection) -> Desk:
    return Desk(connection)


def titles(rows: Sequence[tuple[str, bool]]) -> list[str]:
    return [title for title, _ in rows]


def test_a_round_is_told_once_in_several_outlets_and_updated(desk: Desk) -> None:
    talk = desk.look(
        ONE, T0 + HOUR, ("a", "Solmark in talks to raise $300 million at $4 billion valuation, sources say")
    )
    assert talk == ["Reported: Solmark in talks to raise $300M at a $4B valuation"]
    done = desk.look(ONE, T0 + DAY, ("b", "Solmark raises $320 million Series C led by Oxbow Capital"))
    assert done == ["Now announced: Solmark raises $320M Series C led by Oxbow Capital (reported at $300M)"]
    assert desk.look(TWO, T0 + DAY + HOUR, ("x", "Solmark raises $320M in Series C funding")) == []
    value = desk.look(TWO, T0 + DAY * 2, ("y", "Solmark raises $320M Series C at a $5 billion valuation"))
    assert value == ["Update: Solmark's Series C values the company at $5B"]
    assert all(waits for _, waits in desk.told())
    (deal,) = desk.deals()
    assert (deal["kind"], deal["company"], deal["round"], deal["status"]) == (
        "funding",
        "Solmark",
        "series_c",
        "announced",
    )
    assert (deal["amount"], deal["currency"], deal["valuation"], deal["valuation_currency"]) == (
        *(320_000_000, "USD", 5_000_000_000, "USD"),
    )
    assert (deal["outlets"], len(deal["items"]), deal["lead_investors"]) == (2, 4, ["Oxbow Capital"])
    assert (deal["first_reported"], str(deal["announced_on"]), deal["closed_on"]) == (T0 + HOUR, "2026-03-02", None)
    told = funding.reports(desk.connection, [deal["id"]])
    assert [(one["outlet"], one["status"]) for one in told] == [
        *(("gazette", "rumoured"), ("gazette", "announced"), ("courier", "announced"), ("courier", "announced")),
    ]
    assert all(
        one["because"] and one["url"] and len(one["first_snapshot"]) == 64 and one["reader"] == READER for one in told
    )
    assert {one["field"] for one in told[0]["reasons"]} >= {"company", "amount", "valuation", "status"}
    known = funding.history(desk.connection, deal["id"])
    assert (known[0]["status"], known[0]["amount"], known[0]["known_to"] is None) == ("rumoured", 300_000_000, False)
    assert known[-1]["known_to"] is None
    with desk.connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute("SELECT * FROM event WHERE kind LIKE 'funding.%' ORDER BY position").fetchall()
    assert [row["source"] for row in rows] == ["gazette-news", "gazette-news", "courier-news"]
    assert all(row["after"]["sha256"] and row["locator"] for row in rows)


def test_what_a_feed_has_at_first_is_listed_and_told_nobody(connection: Connection) -> None:
    desk = Desk.__new__(Desk)
    desk.connection, desk.shown = connection, {}
    sources.register(connection, [registration(ONE)], T0)
    desk.look(ONE, T0, ("a", "Solmark raises $50M Series A"))
    desk.look(ONE, T0 + HOUR, ("b", "Solmark closes $50M Series A"))
    assert desk.told() == [("Solmark raises $50M Series A", False), ("Closed: Solmark closes $50M Series A", True)]


def test_an_edit_revises_and_an_item_taken_back_takes_its_deal_with_it(desk: Desk) -> None:
    desk.look(ONE, T0 + HOUR, ("a", "Solmark raises $50M Series A"))
    assert desk.look(ONE, T0 + 2 * HOUR, ("a", "Solmark raises $60M Series A")) == [
        "Update: Solmark's Series A is $60M, not $50M"
    ]
    (deal,) = desk.deals()
    assert deal["amount"] == 60_000_000
    both = funding.reports(desk.connection, [deal["id"]], standing=False)
    assert [(one["amount"], one["stands"]) for one in both] == [(50_000_000, False), (60_000_000, True)]
    desk.look(ONE, T0 + 3 * HOUR, ("a", "Correction: our story on Solmark was wrong"))
    assert (desk.deals(), desk.told()) == ([], [])
    gone = desk.connection.execute(
        "SELECT DISTINCT withdrawn_because, withdrawn_by FROM event WHERE withdrawn_at IS NOT NULL"
    ).fetchall()
    assert gone == [(reading.CHANGED, "rebuild")]
    again = "Update: Solmark's Series A is $50M, not $60M"
    assert desk.look(ONE, T0 + 4 * HOUR, ("a", "Solmark raises $50M Series A")) == [again]
    assert titles(desk.told())[::2] == ["Solmark raises $50M Series A", again]  # it stands again


def test_a_rebuild_and_a_second_look_change_nothing(desk: Desk) -> None:
    desk.look(ONE, T0 + HOUR, ("a", "Solmark raises $50M Series A"))
    desk.look(TWO, T0 + 2 * HOUR, ("x", "Solmark raises $50M"))
    desk.look(TWO, T0 + 3 * HOUR, ("x", "Solmark raises $50M Series A led by Oxbow Capital"))
    before = desk.dump()
    for source in (ONE, TWO):
        assert rebuild(desk.connection, source, now=T0 + DAY, because="again").is_empty
        assert reading.read_items(desk.connection, source.id, at=T0 + DAY, tell=True).added == ()
    assert desk.dump() == before


def test_a_newer_reader_reads_all_anew_and_tells_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.look(ONE, T0 + HOUR, ("a", "Solmark raises $50M Series A"), ("b", "Oxbow unveils a robot"))
    kept = desk.told()
    desk.connection.execute("UPDATE funding_report SET reader = 'older', label = 'none', parties = '{}', deal = NULL")
    desk.connection.execute(
        "UPDATE event SET withdrawn_at = now(), withdrawn_by = 'rebuild' WHERE kind LIKE 'funding.%'"
    )
    desk.connection.execute("DELETE FROM funding_deal")
    desk.connection.execute("DELETE FROM funding_round")
    desk.connection.execute("UPDATE event SET routed_at = now()")
    assert desk.look(TWO, T0 + 2 * HOUR) == []
    catch_up(desk.connection, ONE, at=T0 + 3 * HOUR)
    assert titles(desk.told()) == titles(kept)
    assert not any(waits for _, waits in desk.told())
    versions = desk.connection.execute(
        "SELECT reader, superseded_at IS NULL, count(*) FROM funding_report GROUP BY 1, 2 ORDER BY 2"
    ).fetchall()
    assert versions == [("older", False, 2), (READER, True, 2)]


def test_a_wrong_merge_is_split_stays_split_and_can_be_undone(desk: Desk) -> None:
    desk.look(ONE, T0 + HOUR, ("a", "Solmark raises $50M Series A"))
    desk.look(TWO, T0 + 2 * HOUR, ("x", "Solmark closes $50M Series A"))
    (deal,) = desk.deals()
    assert deal["status"] == "closed"
    number, done = funding.split(
        desk.connection, deal["id"], "https://courier.example/x", because="another Solmark", at=T0 + DAY
    )
    assert (len(done.added), len(done.withdrawn)) == (1, 1)
    first, second = desk.deals(), desk.dump()
    assert {(one["id"] == deal["id"], one["status"]) for one in first} == {(True, "announced"), (False, "closed")}
    assert [waits for _, waits in desk.told()] == [True, False]  # what a person decides alarms nobody
    because = desk.connection.execute("SELECT withdrawn_because FROM event WHERE withdrawn_at IS NOT NULL").fetchall()
    assert because == [("another Solmark",)]
    for source in (ONE, TWO):
        rebuild(desk.connection, source, now=T0 + 2 * DAY, because="again")
    assert desk.dump() == second
    desk.look(ONE, T0 + 3 * DAY, ("b", "Solmark raises $50M Series A led by Oxbow Capital"))
    assert len(desk.deals()) == 2
    funding.undo(desk.connection, number, at=T0 + 4 * DAY)
    assert [one["id"] for one in desk.deals()] == [deal["id"]]
    with pytest.raises(funding.FundingError, match="no decision"):
        funding.undo(desk.connection, number, at=T0 + 4 * DAY)


def test_deals_that_are_one_are_joined_by_hand(desk: Desk) -> None:
    desk.look(ONE, T0 + HOUR, ("a", "Solmark raises $50M Series A"))
    desk.look(TWO, T0 + 2 * HOUR, ("x", "Solmarque raises $50M Series A"), ("y", "Oxbow acquires Redrock"))
    (one, other) = [deal["id"] for deal in desk.deals(kind=["funding"])]
    (bought,) = [deal["id"] for deal in desk.deals(kind=["acquisition"])]
    number, _ = funding.join(desk.connection, one, other, because="a misprint", at=T0 + DAY)
    (deal,) = desk.deals(kind=["funding"])
    assert (deal["outlets"], deal["id"]) == (2, other)  # the one that was told first keeps its name
    assert [row["id"] for row in funding.decisions(desk.connection, deal["items"])] == [number]
    rebuild(desk.connection, TWO, now=T0 + DAY, because="again")
    assert len(desk.deals(kind=["funding"])) == 1
    funding.undo(desk.connection, number, at=T0 + DAY)
    assert {row["id"] for row in desk.deals(kind=["funding"])} == {one, other}
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: funding.join(desk.connection, one, bought, because="x", at=T0), "different kinds"),
        (lambda: funding.join(desk.connection, one, one, because="x", at=T0), "one deal already"),
        (lambda: funding.join(desk.connection, one, "funding-0", because="x", at=T0), "no deal is called"),
        (lambda: funding.split(desk.connection, one, "nothing", because="x", at=T0), "expected one item"),
        (
            lambda: funding.split(desk.connection, one, "https://courier.example/x", because="x", at=T0),
            "alone|expected one",
        ),
    ]
    before = desk.dump()
    for call, why in wrong:
        with pytest.raises(funding.FundingError, match=why):
            call()
    assert desk.dump() == before


def test_an_import_is_marked_and_an_older_one_keeps_what_was_told(desk: Desk) -> None:
    desk.look(ONE, T0 + DAY, ("a", "Solmark raises $50M Series A"))
    (told,) = desk.told()
    (deal,) = desk.deals()
    old = feed("herald")
    sources.register(desk.connection, [registration(old)], T0, only_add=True)
    desk.look(old, T0 - DAY, ("z", "Solmark raises $50M Series A, led by Oxbow Capital"), origin="import")
    assert [title for title, waits in desk.told() if waits] == [told[0] + " led by Oxbow Capital"]
    (same,) = desk.deals()
    assert (same["id"], same["outlets"]) == (deal["id"], 2)
    withdrawn = desk.connection.execute("SELECT count(*) FROM event WHERE withdrawn_at IS NOT NULL").fetchall()
    assert withdrawn == [(0,)]
    fresh = feed("tribune")
    sources.register(desk.connection, [registration(fresh)], T0, only_add=True)
    desk.look(fresh, T0 - DAY, origin="import")
    desk.look(fresh, T0, ("q", "Redrock raises $9M seed round"), origin="import")
    rows = desk.connection.execute(
        "SELECT origin, baseline FROM event WHERE kind LIKE 'funding.%' AND headline LIKE 'Redrock%'"
    ).fetchall()
    assert rows == [("import", False)]


def test_two_feeds_read_at_the_same_time_tell_one_deal(connection: Connection, database_url: str) -> None:
    first = Desk(connection)
    connection.commit()
    second = Desk.__new__(Desk)
    with connect(database_url) as other:
        second.connection, second.shown, second.sets_clock = other, {}, False

        def look() -> None:
            second.look(TWO, T0 + 2 * HOUR, ("x", "Solmark raises $50M Series A"))
            other.commit()

        first.look(ONE, T0 + HOUR, ("a", "Solmark raises $50M Series A"))
        thread = threading.Thread(target=look)
        thread.start()
        waits = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
        for _ in range(200):
            if connection.execute(waits, [other.info.backend_pid]).fetchall() == [(1,)]:
                break
            time.sleep(0.05)
        else:
            pytest.fail("the second feed did not wait for the first")
        connection.commit()
        thread.join(30)
        assert not thread.is_alive()
    (deal,) = first.deals()
    assert (deal["outlets"], len(first.told())) == (2, 1)


def test_imports_in_any_order_give_the_same_deals(connection: Connection, tmp_path: Path) -> None:
    stories = {
        "techcrunch-ai": ((1, ()), (3, ("Solmark in talks to raise $50M",)), (6, ("Solmark closes $50M Series A",))),
        "theverge-ai": (
            (2, ("Redrock raises $9M seed round",)),
            (4, ("Solmark raises $50M Series A",)),
            (5, ("Oxbow acquires Brindle", "Redrock raises $9M seed round led by Oxbow")),
        ),
    }
    known = {source.id: source for source in bundled_sources() if source.id in stories}
    lines = []
    for name, looks in stories.items():
        shown: list[str] = []
        for day, fresh in looks:
            shown = [*fresh, *shown]
            items = "".join(f"<item><guid>{title}</guid><title>{title}</title></item>" for title in shown)
            (tmp_path / f"{day}.xml").write_text(
                f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>", encoding="utf-8"
            )
            lines.append({"file": f"{day}.xml", "url": known[name].url, "captured_on": f"2026-03-0{day}"})
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    manifest = read_manifest(tmp_path, list(known.values()))
    sources.register(connection, [registration(source) for source in known.values()], T0)

    def imported(order: Sequence[Line]) -> str:
        with connection.transaction(force_rollback=True):
            for line in order:
                import_line(connection, line, last=False)
            return dump(connection)

    wanted = imported(manifest.lines)
    assert wanted.count('["funding_deal"') == 3
    random = Random(7)
    for _ in range(4):
        assert imported(random.sample(manifest.lines, len(manifest.lines))) == wanted


def test_deals_are_asked_for_page_by_page(desk: Desk) -> None:
    desk.look(ONE, T0 + HOUR, ("a", "Solmark raises $50M Series A"))
    desk.look(ONE, T0 + 2 * HOUR, ("b", "Redrock raises €9M seed round led by Oxbow Capital"))
    desk.look(ONE, T0 + 3 * HOUR, ("c", "Oxbow acquires Brindle for $1 billion"))
    every = desk.deals()
    assert [row["company"] for row in every] == ["Brindle", "Redrock", "Solmark"]
    rest = funding.page(desk.connection, before=(every[0]["first_reported"], every[0]["id"]), limit=1)
    assert [row["company"] for row in rest] == ["Redrock"]
    asked: list[tuple[dict[str, Any], list[str]]] = [
        ({"company": ["sol*"]}, ["Solmark"]),
        ({"investor": ["oxbow*"]}, ["Brindle", "Redrock"]),
        ({"currency": ["EUR"]}, ["Redrock"]),
        ({"currency": ["USD"], "min_amount": 100_000_000}, ["Brindle"]),
        ({"round": ["seed"], "status": ["announced"]}, ["Redrock"]),
        ({"q": "oxbow"}, ["Brindle", "Redrock"]),
        ({"since": T0 + 2 * HOUR, "until": T0 + 3 * HOUR}, ["Redrock"]),
        ({"id": [every[2]["id"]]}, ["Solmark"]),
    ]
    for filters, companies in asked:
        assert [row["company"] for row in desk.deals(**filters)] == companies, filters


def test_the_counter_moves_with_deals_and_only_with_them(desk: Desk) -> None:
    desk.look(ONE, T0 + HOUR, ("a", "Solmark raises $50M Series A"))
    (deal,) = desk.deals()
    before = events.change_counter(desk.connection)
    reading.read_items(desk.connection, ONE.id, at=T0 + DAY, tell=True)
    assert events.change_counter(desk.connection) == before
    desk.look(TWO, T0 + 2 * HOUR, ("x", "Solmark raises $50M"))
    assert events.change_counter(desk.connection) > before
    assert news.page(desk.connection)[0]["title"] == "Solmark raises $50M"
    before = events.change_counter(desk.connection)
    funding.split(desk.connection, deal["id"], "https://courier.example/x", because="no", at=T0 + DAY)
    assert events.change_counter(desk.connection) > before
