"""The public views: what is known, with its uncertainty, of every price, model, event and source."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from psycopg.rows import dict_row

from store import captures, clock, events, snapshots, sources, timelines, verdicts
from store.connect import Connection, connect_reader
from store.sources import SourceRow
from store.view_files import ORDER
from tests.store.test_timelines import price, row, step, told
from timeline.facts import Fact
from timeline.news import NewsItem
from timeline.notices import Notice
from timeline.observations import Held, Row, SourceInfo

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
VIEWS = Path(__file__).resolve().parents[2] / "store" / "views"


@pytest.fixture(autouse=True)
def registered(connection: Connection) -> None:
    sources.register(connection, [source_row("acme"), source_row("shop", trust="catalogue")], T0)
    clock.set_rehearsal(connection, T0 + 10 * DAY)
    connection.commit()


def source_row(name: str, trust: str = "official") -> SourceRow:
    url = f"https://{name}.example"
    return SourceRow(id=name, provider="acme", kind="pricing", url=url, trust=trust, every=HOUR)


def append(connection: Connection, source: str, at: datetime, rows: list[Row], **more: Any) -> None:
    """What the fold would do after a good look at `at`."""
    see(connection, source, at)
    info = SourceInfo(id=source, provider="acme", kind="pricing", trust="official" if source == "acme" else "catalogue")
    wanted: dict[str, tuple[Row, ...]] = {}
    for each in rows:
        wanted[each.fact.key] = (*wanted.get(each.fact.key, ()), each)
    timelines.append(connection, info, step(at, more.pop("wanted", wanted), **more), origin="live")


def see(connection: Connection, source: str, at: datetime) -> None:
    sha256 = snapshots.put(connection, f"{source} {at}".encode(), "text/plain")
    capture, _ = captures.see(connection, source=source, sha256=sha256, url="https://x", at=at, origin="live")
    verdicts.mark_read(connection, source, capture.seq, verdict="good", extractor="1", facts=1)


def ask(connection: Connection, query: str, *values: object) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values).fetchall()


def asof(connection: Connection, at: datetime, known_at: datetime | None = None) -> list[tuple[str, bool, datetime]]:
    """(amount, certain, seen until) of what the one price was."""
    times = [at] if known_at is None else [at, known_at]
    query = f"SELECT * FROM timeline.price_asof({', '.join(['%s'] * len(times))})"
    return [(str(found["amount"]), found["certain"], found["seen_until"]) for found in ask(connection, query, *times)]


def test_a_price_between_two_looks_is_likely_and_not_certain(connection: Connection) -> None:
    ten = T0 + 10 * HOUR
    later = ten + timedelta(minutes=10)
    append(connection, "acme", ten, [row(price("3"), ten)])
    append(connection, "acme", later, [row(price("3"), ten, later, seen_until=ten), row(price("2"), later)])
    assert asof(connection, ten - HOUR) == []  # before the first look nothing is known
    assert asof(connection, ten) == [("3", True, ten)]
    assert asof(connection, ten + timedelta(minutes=5)) == [("3", False, ten)]
    assert asof(connection, later) == [("2", True, later)]
    assert asof(connection, later + HOUR) == [("2", False, later)]
    see(connection, "acme", later + 2 * HOUR)
    assert asof(connection, later + HOUR) == [("2", True, later + 2 * HOUR)]


def test_a_rise_that_was_announced_and_cancelled(connection: Connection) -> None:
    announced, cancelled, effective = T0, T0 + 11 * DAY, T0 + 31 * DAY
    plan = [row(price("3"), T0, effective), row(price("4"), effective, basis="stated")]
    append(connection, "acme", announced, plan)
    append(connection, "acme", cancelled, [row(price("3"), T0)])
    september = T0 + 45 * DAY
    assert [found[0] for found in asof(connection, september, T0 + 9 * DAY)] == ["4"]
    assert [found[0] for found in asof(connection, september, T0 + 12 * DAY)] == ["3"]
    assert [found[0] for found in asof(connection, september)] == ["3"]
    assert asof(connection, september, T0 + 9 * DAY)[0][1:] == (False, announced)
    assert asof(connection, T0 - DAY, T0 + DAY) == []
    assert asof(connection, T0 + DAY, T0 - DAY) == []  # nothing was known yet


def test_what_was_known_uses_the_looks_there_were(connection: Connection) -> None:
    append(connection, "acme", T0, [row(price("3"), T0)])
    see(connection, "acme", T0 + DAY)
    see(connection, "acme", T0 + 5 * DAY)
    assert asof(connection, T0 + 3 * HOUR, T0 + 12 * HOUR) == [("3", False, T0)]
    assert asof(connection, T0 + 3 * HOUR, T0 + 2 * DAY) == [("3", True, T0 + DAY)]
    assert asof(connection, T0 + 3 * DAY, T0 + 2 * DAY) == [("3", False, T0 + DAY)]


def test_the_best_source_answers(connection: Connection) -> None:
    append(connection, "shop", T0, [row(price("9"), T0), row(price("1", model_id="only-shop"), T0)])
    append(connection, "acme", T0, [row(price("3"), T0)])
    see(connection, "shop", T0 + DAY)  # fresher, but less trusted
    found = ask(connection, "SELECT * FROM timeline.price_current ORDER BY model_id")
    assert [(each["model_id"], str(each["amount"]), each["source"]) for each in found] == [
        ("model-a", "3", "acme"),
        ("only-shop", "1", "shop"),
    ]
    assert asof(connection, T0 + HOUR) == [("3", False, T0), ("1", True, T0 + DAY)]
    assert len(ask(connection, "SELECT * FROM timeline.price_history")) == 3


def test_of_two_equally_trusted_sources_the_fresher_answers(connection: Connection) -> None:
    sources.register(connection, [source_row("other", trust="catalogue")], T0, only_add=True)
    append(connection, "shop", T0, [row(price("9"), T0)])
    append(connection, "other", T0 + DAY, [row(price("8"), T0 + DAY)])
    assert [str(found["amount"]) for found in ask(connection, "SELECT amount FROM timeline.price_current")] == ["8"]


def test_amounts_keep_their_digits_and_compare_per_million(connection: Connection) -> None:
    facts = [price("0.003", per=1000, model_id="a"), price("3.00", model_id="b"), price("0.04", unit="image", per=1)]
    append(connection, "acme", T0, [row(fact, T0) for fact in facts])
    found = ask(connection, "SELECT amount::text, per_million::text FROM timeline.price_current ORDER BY amount")
    assert [tuple(each.values()) for each in found] == [("0.003", "3"), ("0.04", None), ("3.00", "3")]


def test_a_held_price_is_shown_as_doubtful(connection: Connection) -> None:
    held = [Held(key=price().key, model="model-a", reason="zero", since=T0 + DAY, detail="3 to 0")]
    append(connection, "acme", T0, [row(price("3"), T0)])
    append(connection, "acme", T0 + DAY, [], held={price().key: held})
    assert ask(connection, "SELECT held FROM timeline.price_current") == [{"held": True}]
    assert asof(connection, T0 + HOUR)[0][1] is False
    health = ask(connection, "SELECT held FROM timeline.source_health WHERE source = 'acme'")
    assert health[0]["held"][0]["detail"] == "3 to 0"


def test_superseded_rows_are_nobodys_answer(connection: Connection) -> None:
    append(connection, "acme", T0, [row(price("3"), T0)])
    connection.execute("UPDATE price SET superseded_at = now()")
    for view in ("price_beliefs", "price_history", "price_current", f"price_asof('{T0 + DAY}')"):
        assert ask(connection, f"SELECT 1 FROM timeline.{view}") == []


def notice(model: str = "old-1", **changes: Any) -> Notice:
    fields: dict[str, Any] = {"provider": "acme", "model": model, "model_id": model, "status": "deprecated"}
    return Notice(**(fields | changes))


def test_where_a_model_is_in_its_life_now_and_then(connection: Connection) -> None:
    before, after = notice(status="active"), notice(retires_on="2026-09-10", replacements=("new-1",))
    append(connection, "acme", T0, [row(before, T0)])
    append(connection, "acme", T0 + DAY, [row(before, T0, T0 + DAY, seen_until=T0), row(after, T0 + DAY)])
    (now,) = ask(connection, "SELECT * FROM timeline.model_status")
    assert (now["status"], now["retires_on"], now["days_left"], now["replacements"]) == (
        *("deprecated", "2026-09-10", 30),
        ["new-1"],
    )
    then = ask(connection, "SELECT status, certain FROM timeline.model_status_asof(%s)", T0 + HOUR)
    assert then == [{"status": "active", "certain": False}]
    known = ask(connection, "SELECT status FROM timeline.model_status_asof(%s, %s)", T0 + 2 * DAY, T0 + HOUR)
    assert known == [{"status": "active"}]
    assert len(ask(connection, "SELECT 1 FROM timeline.model_history")) == 2


def test_deadlines_are_dates_with_what_they_are_worth(connection: Connection) -> None:
    planned = T0 + 31 * DAY
    facts: list[Fact] = [
        notice("a", deprecates_on="2026-08-01", retires_on="2026-09"),
        notice("b", not_before="2026-02-30"),
    ]
    rows = [row(fact, T0) for fact in facts]
    append(connection, "acme", T0, [*rows, row(price("3"), T0, planned), row(price("4"), planned, basis="stated")])
    found = ask(connection, "SELECT * FROM timeline.deadlines ORDER BY date")
    assert [(each["model"], each["kind"], str(each["date"]), each["firm"], each["days_left"]) for each in found] == [
        ("b", "retirement", "2026-03-02", False, -162),  # no day at all, but never an error for everybody
        ("a", "deprecation", "2026-08-01", True, -10),
        ("a", "retirement", "2026-09-01", True, 21),
        ("Model A", "price", "2026-09-01", True, 21),
    ]
    assert (found[2]["stated"], str(found[3]["amount"])) == ("2026-09", "4")


def test_disagreement_is_shown_and_the_official_page_wins(connection: Connection) -> None:
    official = [
        notice("a", retires_on="2026-09-10"), notice("b", retires_on="2026-09"), notice("c", not_before="2026-12-01"),
        notice("d", retires_on="2026-08-02"), notice("e", retires_on="2026-09-10"), notice("f"),
    ]  # fmt: skip
    others = [
        notice("a", retires_on="2026-09-01"), notice("b", retires_on="2026-09-30"),
        notice("c", retires_on="2026-12-01"),
        notice("d", retires_on="2026-08-02", status="retired"), notice("e", retires_on="2026-09-10"),
        notice("f", retires_on="2026-10-01"), notice("g", retires_on="2026-10-01"),
    ]  # fmt: skip
    append(connection, "acme", T0, [row(fact, T0) for fact in official])
    append(connection, "shop", T0, [row(fact, T0) for fact in others])
    found = ask(connection, "SELECT * FROM timeline.status_disagreement ORDER BY model")
    assert [(each["model"], each["differs"], each["days_apart"]) for each in found] == [
        ("a", ["date"], -9),
        ("c", ["date"], None),  # a floor is no date on which it ends
        ("d", ["status"], 0),
    ]
    assert {(each["source"], each["other_source"], each["other_trust"]) for each in found} == {
        ("acme", "shop", "catalogue")
    }
    believed = ask(connection, "SELECT model, retires_on, source FROM timeline.model_status WHERE model IN ('a', 'g')")
    assert {(each["model"], each["retires_on"], each["source"]) for each in believed} == {
        ("a", "2026-09-10", "acme"),
        ("g", "2026-10-01", "shop"),  # nobody else knows it
    }


def test_another_price_elsewhere_is_shown_with_both_places_and_the_official_page_wins(connection: Connection) -> None:
    listed = {"by_name": True, "model_id": "a"}
    official = [price("3", model="A", model_id="a"), price("15", model="A", model_id="a", meter="output")]
    others = [
        price("2.5", model="x/a", locator="/a/input", **listed),
        price("0.015", model="x/a", meter="output", per=Decimal(1000), **listed),  # the same, said for a thousand
        price(amount="0", model="x/a", meter="cache_read", state="included", **listed),
        price("9", model="x/b", by_name=True, model_id="b"),
    ]
    append(connection, "acme", T0, [row(fact, T0) for fact in official])
    append(connection, "shop", T0, [row(fact, T0) for fact in others])
    (found,) = ask(connection, "SELECT * FROM timeline.price_disagreement")
    assert (found["model_id"], found["meter"], str(found["ratio"])) == ("a", "input", "0.8333")
    assert (found["source"], found["trust"], str(found["amount"])) == ("acme", "official", "3")
    assert (found["other_source"], found["other_trust"], str(found["other_amount"])) == ("shop", "catalogue", "2.5")
    assert (found["other_model"], found["other_locator"]) == ("x/a", "/a/input")


def test_price_changes_leave_out_first_looks_and_what_was_taken_back(connection: Connection) -> None:
    cut = told(meter="input", direction="cut", old=side("3.00", 1000000), new=side("0.002", 1000))
    events.insert(
        connection, [cut, told(key="b", baseline=True), told(key="c"), told(key="d", kind="model.listed", new=None)]
    )
    events.withdraw(connection, [told(key="c").id], because="misread", at=T0)
    (found,) = ask(connection, "SELECT * FROM timeline.price_changes")
    assert (str(found["old_amount"]), str(found["new_amount"]), found["direction"]) == ("3.00", "0.002", "cut")
    assert (str(found["old_per_million"]), str(found["new_per_million"])) == ("3", "2")
    assert (found["currency"], found["per"]) == ("USD", 1000)
    (taken_back,) = ask(connection, "SELECT * FROM timeline.corrections")
    assert (taken_back["what"], taken_back["because"], taken_back["corrected_at"]) == ("withdrawn", "misread", T0)


def side(amount: str, per: int) -> dict[str, object]:
    return {"amount": amount, "state": "priced", "currency": "USD", "per": per, "unit": "token"}


def test_news_is_one_row_per_entry_as_it_reads_now(connection: Connection) -> None:
    first, edited = (NewsItem(provider="acme", guid="g", url="https://x", title=title) for title in ("Old", "New"))
    append(connection, "acme", T0, [row(first, T0)])
    append(connection, "acme", T0 + DAY, [row(first, T0, T0 + DAY), row(edited, T0 + DAY)])
    (found,) = ask(connection, "SELECT * FROM timeline.news")
    assert (found["title"], found["first_seen"], found["edited_at"]) == ("New", T0, T0 + DAY)


def test_the_clock_of_the_views_can_be_set(connection: Connection) -> None:
    append(connection, "acme", T0, [row(price("3"), T0, T0 + 20 * DAY), row(price("4"), T0 + 20 * DAY)])
    assert [str(each["amount"]) for each in ask(connection, "SELECT amount FROM timeline.price_current")] == ["3"]
    clock.set_rehearsal(connection, T0 + 21 * DAY)
    assert [str(each["amount"]) for each in ask(connection, "SELECT amount FROM timeline.price_current")] == ["4"]
    assert ask(connection, "SELECT * FROM timeline.clock") == [{"now": T0 + 21 * DAY, "rehearsed": True}]
    clock.set_rehearsal(connection, None)
    assert ask(connection, "SELECT rehearsed FROM timeline.clock") == [{"rehearsed": False}]


def test_every_view_column_and_function_says_what_it_is(connection: Connection) -> None:
    silent = connection.execute(
        """
        SELECT relname, attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
         WHERE relnamespace = 'timeline'::regnamespace AND attnum > 0 AND NOT attisdropped
           AND col_description(pg_class.oid, attnum) IS NULL
        UNION ALL
        SELECT relname, '' FROM pg_class
         WHERE relnamespace = 'timeline'::regnamespace AND obj_description(oid, 'pg_class') IS NULL
        UNION ALL
        SELECT proname, '' FROM pg_proc
         WHERE pronamespace = 'timeline'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL
        """
    ).fetchall()
    assert silent == []


def test_every_file_is_a_view_and_every_view_a_file(connection: Connection) -> None:
    assert {path.stem for path in VIEWS.glob("*.sql")} == set(ORDER)
    made = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'timeline'::regnamespace "
        "UNION SELECT proname FROM pg_proc WHERE pronamespace = 'timeline'::regnamespace"
    ).fetchall()
    assert {name for (name,) in made} == set(ORDER)


def test_functions_read_only_the_public_views(connection: Connection, reader_url: str) -> None:
    bodies = connection.execute("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'timeline'::regnamespace")
    assert [name for name, body in bodies if re.search(r"\baiwire\b", body)] == []
    append(connection, "acme", T0, [row(price("3"), T0)])
    connection.commit()
    with connect_reader(reader_url) as reader:
        for name in ORDER:
            kind = reader.execute("SELECT to_regclass(%s)", [f"timeline.{name}"]).fetchone()
            if kind is not None and kind[0] is not None:
                reader.execute(f"SELECT * FROM timeline.{name}")
        for name in ("price_asof", "model_status_asof"):
            reader.execute(f"SELECT * FROM timeline.{name}(now())")
            reader.execute(f"SELECT * FROM timeline.{name}(now(), now())")


def test_the_document_names_every_view(connection: Connection) -> None:
    text = (VIEWS.parents[1] / "docs" / "sql.md").read_text(encoding="utf-8")
    assert [name for name in ORDER if f"`timeline.{name}" not in text] == []
    named = set(re.findall(r"`timeline\.([a-z_]+)", text))
    assert named <= set(ORDER)
