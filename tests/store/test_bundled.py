"""The bundled history: what it says of well-known days, wrong lines refused, loading that can be repeated."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, LiteralString

import pytest

from store import bundled, bundled_notices, bundled_prices
from store.bundled_rows import BundledError, Parsed
from store.connect import Connection
from timeline.observations import KnownRow
from timeline.prices import PricePoint

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
BUNDLED = Path(bundled.__file__).with_name("bundled")
PRICES = (BUNDLED / "prices.csv").read_text()
NOTICES = (BUNDLED / "notices.csv").read_text()
PRICE_HEADER, NOTICE_HEADER = PRICES.splitlines()[0], NOTICES.splitlines()[0]
PAGE = "https://example.org/prices"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def prices(*lines: str) -> Parsed:
    return bundled_prices.parse("\n".join([PRICE_HEADER, *lines, ""]), "prices.csv")


def notices(*lines: str) -> Parsed:
    return bundled_notices.parse("\n".join([NOTICE_HEADER, *lines, ""]), "notices.csv")


def cost(parsed: Parsed, model: str, meter: str, on: str, *, known_at: str = "2030-01-01") -> Decimal | None:
    """As-of in Python: the one row that answers, or None."""
    rows = [row for row in parsed.rows if isinstance(row.row.fact, PricePoint) and row.row.fact.model == model]
    answers = [row.row.fact for row in rows if row.row.fact.meter == meter and covers(row, at(on), at(known_at))]  # type: ignore[union-attr]
    assert len(answers) <= 1
    return answers[0].amount if answers else None  # type: ignore[union-attr]


def covers(row: KnownRow, when: datetime, known: datetime) -> bool:
    effective = row.row.starts <= when and (row.row.ends is None or when < row.row.ends)
    return effective and row.known_from <= known and (row.known_to is None or known < row.known_to)


def ask(connection: Connection, statement: LiteralString) -> list[tuple[Any, ...]]:
    return connection.execute(statement).fetchall()


def test_every_line_of_the_files_is_understood() -> None:
    for parsed, text in (
        (bundled_prices.parse(PRICES, "prices.csv"), PRICES),
        (bundled_notices.parse(NOTICES, "notices.csv"), NOTICES),
    ):
        assert len(parsed.bodies) == len(text.splitlines()) - 1
        assert all(event.origin == "bundled" and event.headline for event in parsed.events)
        assert [event.observed_at for event in parsed.events] == sorted(event.observed_at for event in parsed.events)
        assert len({event.id for event in parsed.events}) == len(parsed.events)


def test_the_cut_of_gpt_4o() -> None:
    parsed = bundled_prices.parse(PRICES, "prices.csv")
    assert cost(parsed, "gpt-4o", "input", "2024-05-12") is None
    assert cost(parsed, "gpt-4o", "input", "2024-05-13") == 5
    assert cost(parsed, "gpt-4o", "input", "2024-10-01") == 5
    assert cost(parsed, "gpt-4o", "input", "2024-10-02") == Decimal("2.5")
    assert cost(parsed, "gpt-4o", "output", "2026-01-01") == 10
    assert cost(parsed, "gpt-4o", "input", "2024-12-24", known_at="2024-09-01") == 5  # nobody knew
    event = next(e for e in parsed.events if (e.model, e.meter, e.kind) == ("gpt-4o", "input", "price.changed"))
    assert (event.direction, event.change_pct, event.effective_at) == ("cut", Decimal("-50.00"), "2024-10-02")
    assert event.after is not None
    assert parsed.bodies[event.after.sha256].decode().splitlines()[1].startswith("openai,gpt-4o,input")


def test_a_month_does_not_pretend_to_be_a_day() -> None:
    parsed = prices(f"acme,m1,input,,,2025-10,3,2,2025-06-01,list_price,litellm,{PAGE}")
    assert cost(parsed, "m1", "input", "2025-05-31") is None
    assert cost(parsed, "m1", "input", "2025-09-30") == 3
    assert cost(parsed, "m1", "input", "2025-10-15") is None
    assert cost(parsed, "m1", "input", "2025-11-01") == 2
    assert cost(parsed, "m1", "input", "2025-10-15", known_at="2025-10-20") == 3  # as far as one could know
    (event,) = parsed.events
    assert event.effective_at == "2025-10"
    assert (event.observed_after, event.observed_at) == (at("2025-10-01"), at("2025-11-01"))


def test_before_the_first_statement_nothing_is_said() -> None:
    parsed = prices(f"acme,m1,input,,,2025-10-02,3,2,,list_price,litellm,{PAGE}")
    assert cost(parsed, "m1", "input", "2025-10-01") is None
    assert parsed.events[0].old == {
        "amount": "3",
        "state": "priced",
        "currency": "USD",
        "per": 1000000,
        "unit": "token",
    }


def test_a_price_that_ends_is_delisted() -> None:
    parsed = prices(f"acme,m1,input,200000,,2025-10-02,3,,2025-01-01,tier_removed,litellm,{PAGE}")
    assert cost(parsed, "m1", "input", "2025-10-01") == 3
    assert cost(parsed, "m1", "input", "2025-10-02") is None
    assert parsed.events[0].kind == "price.delisted"
    assert parsed.events[0].conditions == {"context_over": 200000}


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (
            "acme,m1,input,,,2025-13-02,3,2,,list_price,x,",
            r"line 2: date is '2025-13-02': expected YYYY-MM-DD or YYYY-MM",
        ),
        (
            "acme,m1,input,,,2025-10-02,free,2,,list_price,x,",
            r"line 2: old is 'free': expected a decimal number above 0",
        ),
        ("acme,m1,input,,,2025-10-02,3,-2,,list_price,x,", "new is '-2'"),
        ("acme,m1,input,,,2025-10-02,3,NaN,,list_price,x,", "new is 'NaN'"),
        ("acme,m1,input,,,2025-10-02,,,,listed,x,", "expected a date and a price"),
        ("acme,m1,input,,,2025-10-02,,2,,list_price,x,", "only what is listed has no old price"),
        ("acme,m1,input,,,2025-10-02,3,2,2025-10-02,list_price,x,", "expected a day before 2025-10-02"),
        ("acme,m1,input,,noon,2025-10-02,3,2,,list_price,x,", "expected peak, off_peak or nothing"),
        ("acme,m1,input,0,,2025-10-02,3,2,,list_price,x,", "context_over is '0'"),
        ("acme,m1,In put,,,2025-10-02,3,2,,list_price,x,", "meter is 'In put'"),
        ("acme,m1,input,,,2025-10-02,3,2,,gossip,x,", "reason is 'gossip'"),
        ("acme,m1,input,,,2025-10-02,3,2,,list_price,,", "evidence is ''"),
        ("acme,,input,,,2025-10-02,3,2,,list_price,x,", "model is ''"),
        ("acme,m1,input,,,2025-10-02,3,2,,list_price,x", "found 11 fields: expected 12"),
    ],
)
def test_a_wrong_price_line_is_refused_by_number(line: str, complaint: str) -> None:
    with pytest.raises(BundledError, match=complaint):
        prices(line + PAGE if line.endswith(",") else line)
    with pytest.raises(BundledError, match=r"line 2: url is 'http://example\.org'"):
        prices("acme,m1,input,,,2025-10-02,3,2,,list_price,x,http://example.org")
    with pytest.raises(BundledError, match="line 1: found columns a, b"):
        bundled_prices.parse("a,b\n", "prices.csv")


def test_changes_must_join() -> None:
    first = f"acme,m1,input,,,2025-01-02,3,2,,list_price,x,{PAGE}"
    with pytest.raises(
        BundledError, match=r"line 3: old is 2\.5, but the line before left 2: add the change in between"
    ):
        prices(first, f"acme,m1,input,,,2025-06-02,2.5,1,,list_price,x,{PAGE}")
    with pytest.raises(BundledError, match="line 3: old is 3, but the line before left 2"):
        prices(first, first)
    with pytest.raises(BundledError, match="line 3: date is 2025-01, which is not after"):
        prices(first, f"acme,m1,input,,,2025-01,2,1,,list_price,x,{PAGE}")


def status(parsed: Parsed, when: str, *, known_at: str = "2030-01-01") -> str | None:
    answers = [row.row.fact for row in parsed.rows if covers(row, at(when), at(known_at))]
    assert len(answers) <= 1
    return answers[0].status if answers else None  # type: ignore[union-attr]


def test_a_retirement_seen_to_have_happened() -> None:
    parsed = notices("acme,model,m1,2025-01-21,2025-07-21,m2; m3,2025-01-21,2025-09-01,https://example.org/gone")
    assert status(parsed, "2025-01-20") is None
    assert status(parsed, "2025-01-21") == "deprecated"
    assert status(parsed, "2025-07-21") == "deprecated"
    assert status(parsed, "2025-07-22") == "retired"
    assert status(parsed, "2025-12-01", known_at="2025-03-01") == "deprecated"  # a date alone retires nobody
    assert [(event.kind, event.observed_at.date().isoformat()) for event in parsed.events] == [
        ("model.retirement_scheduled", "2025-01-21"),
        ("model.status_changed", "2025-07-22"),
    ]


def test_a_retirement_still_to_come_when_last_seen() -> None:
    parsed = notices("acme,model,m1,2025-01-21,2025-10,,2025-01-21,2025-10-30,https://example.org/gone")
    assert status(parsed, "2026-01-01") == "deprecated"
    assert [event.kind for event in parsed.events] == ["model.retirement_scheduled"]


def test_a_retirement_first_seen_afterwards() -> None:
    parsed = notices("acme,model,m1,,2026-05-15,,2026-08-20,2026-08-20,https://example.org/gone")
    assert status(parsed, "2026-05-15") is None
    assert status(parsed, "2026-05-16") == "retired"
    assert status(parsed, "2026-05-16", known_at="2026-06-01") is None
    assert [event.kind for event in parsed.events] == ["model.status_changed"]


def test_a_moved_date_is_known_only_since_it_was_moved() -> None:
    parsed = notices("acme,model,m1,2025-08-13,2025-10-28,,2025-10-28,2026-04-26,https://example.org/gone")
    assert status(parsed, "2025-09-01") == "deprecated"
    assert status(parsed, "2025-09-01", known_at="2025-09-01") is None


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("acme,robot,m1,,2026-05-15,,2026-08-20,2026-08-20", "line 2: subject_kind is 'robot'"),
        ("acme,model,m1,,soon,,2026-08-20,2026-08-20", "retires_on is 'soon': expected YYYY-MM-DD or YYYY-MM"),
        ("acme,model,m1,2026,2026-05-15,,2026-08-20,2026-08-20", "announced_on is '2026': expected YYYY-MM-DD"),
        ("acme,model,m1,2026-06-01,2026-05-15,,2026-08-20,2026-08-20", "expected two days in this order"),
        ("acme,model,m1,,2026-05-15,,2026-08-21,2026-08-20", "since is 2026-08-21 and seen_on is 2026-08-20"),
        ("acme,model,m1,,2026-05-15,,,2026-08-20", "since is None"),
    ],
)
def test_a_wrong_notice_line_is_refused_by_number(line: str, complaint: str) -> None:
    with pytest.raises(BundledError, match=complaint):
        notices(f"{line},https://example.org/gone")


def test_a_model_stands_there_once() -> None:
    line = "acme,model,m1,,2026-05-15,,2026-08-20,2026-08-20,https://example.org/gone"
    with pytest.raises(BundledError, match="line 3: m1 stands there twice"):
        notices(line, line)


def test_loading_answers_the_first_questions(connection: Connection) -> None:
    added = bundled.load(connection, now=NOW)
    assert added == len(PRICES.splitlines()) - 1 + len(bundled_notices.parse(NOTICES, "notices.csv").events)
    asof: LiteralString = (
        "SELECT meter, amount, currency, per, trust, certain FROM timeline.price_asof({}) WHERE model_id = 'gpt-4o'"
    )
    assert ask(connection, asof.format("'2024-10-01'")) == [
        ("input", Decimal(5), "USD", Decimal(1000000), "catalogue", True),
        ("output", Decimal(15), "USD", Decimal(1000000), "catalogue", True),
    ]
    assert [row[1] for row in ask(connection, asof.format("'2024-10-02'"))] == [Decimal("2.5"), Decimal(10)]
    assert [row[1] for row in ask(connection, asof.format("'2025-01-01', '2024-09-01'"))] == [Decimal(5), Decimal(15)]
    assert ask(connection, asof.format("'2024-05-12'")) == []
    assert ask(
        connection,
        "SELECT observed_at::date::text, old_per_million, new_per_million, change_pct FROM timeline.price_changes "
        "WHERE model_id = 'gpt-4o' AND meter = 'input' AND kind = 'price.changed'",
    ) == [("2024-10-02", Decimal(5), Decimal("2.5"), Decimal(-50))]
    life: LiteralString = (
        "SELECT status, retires_on, trust, certain FROM timeline.model_status_asof({}) WHERE model_id = 'gpt-4-32k'"
    )
    assert ask(connection, life.format("'2025-06-06'")) == [("deprecated", "2025-06-06", "official", True)]
    assert ask(connection, life.format("'2025-06-07'")) == [("retired", "2025-06-06", "official", True)]
    assert ask(connection, life.format("'2026-08-01'")) == [("retired", "2025-06-06", "official", False)]
    assert ask(connection, "SELECT date::text, firm FROM timeline.deadlines WHERE model_id = 'gpt-4'") == [
        ("2026-10-23", True)
    ]
    row = connection.execute("SELECT count(*) FROM event JOIN snapshot ON sha256 = after ->> 'sha256'").fetchone()
    assert row == (added,)


def test_nobody_is_alerted_and_a_second_load_changes_nothing(connection: Connection) -> None:
    state = "SELECT (SELECT count(*) FROM price), (SELECT count(*) FROM notice), (SELECT count(*) FROM event)"
    assert bundled.load(connection, now=NOW) > 300
    before = connection.execute(state).fetchone()
    assert connection.execute("SELECT count(*) FROM event WHERE routed_at IS NULL").fetchone() == (0,)
    connection.commit()
    words = "SELECT md5(string_agg(headline, ' ' ORDER BY id)) FROM event"
    told = connection.execute(words).fetchone()
    assert bundled.load(connection, now=NOW) == 0
    assert connection.execute(state).fetchone() == before
    connection.execute("UPDATE event SET headline = 'as an older version said it'")
    assert bundled.load(connection, now=NOW) == 0
    assert connection.execute(words).fetchone() == told
    assert connection.execute("SELECT count(*) FROM event WHERE withdrawn_at IS NOT NULL").fetchone() == (0,)
    assert connection.execute("SELECT count(*) FROM price WHERE superseded_at IS NOT NULL").fetchone() == (0,)


def test_a_newer_file_replaces_the_older_one(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled.load(connection, now=NOW)
    kept = [line for line in PRICES.splitlines() if not line.startswith("openai,text-embedding-ada-002,")]
    kept.append(f"openai,gpt-9,input,,,2026-08-30,,7,,listed,litellm,{PAGE}")
    read = bundled._text
    monkeypatch.setattr(bundled, "_text", lambda name: "\n".join(kept) if name == "prices.csv" else read(name))
    assert bundled.load(connection, now=NOW) == 1
    gone = "SELECT count(*), count(superseded_at) FROM price WHERE model = 'text-embedding-ada-002'"
    assert connection.execute(gone).fetchone() == (1, 1)
    assert connection.execute(
        "SELECT model, withdrawn_because FROM event WHERE withdrawn_at IS NOT NULL"
    ).fetchall() == [("text-embedding-ada-002", bundled.BECAUSE)]
    assert connection.execute("SELECT count(*) FROM price WHERE superseded_at IS NOT NULL").fetchone() == (1,)
