"""Questions about one model find their rows by index: the cost follows the answer, not the length of history."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store import (
    captures,
    corrections,
    event_pages,
    facts,
    models,
    news,
    notices,
    prices,
    rates,
    siblings,
    statistics,
    timelines,
)
from store.connect import Connection, connect
from tests.conftest import Server, new_database
from tests.store.test_timelines import ACME, price, row, step

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FILL = """
INSERT INTO source (id, provider, kind, url, trust) SELECT 's' || n, 'p' || n, 'pricing', 'https://x', 'official'
  FROM generate_series(1, 20) AS n;
INSERT INTO source (id, provider, kind, url, trust) VALUES ('acme', 'acme', 'pricing', 'https://a', 'official');
INSERT INTO source_state (source, last_good_at) SELECT id, now() FROM source;
INSERT INTO price (source, key, provider, model, model_id, meter, state, amount, currency, per, unit, effective, known,
                   origin, trust)
SELECT 's' || m % 20 + 1, format('["model-%s","input"]', m), 'p' || m % 20 + 1, 'Model ' || m, 'model-' || m, 'input',
       'priced', v, 'USD', 1000000, 'token',
       tstzrange(starts, CASE WHEN v < 10 AND final THEN starts + interval '30 days' END),
       CASE WHEN final THEN tstzrange(starts, NULL) ELSE tstzrange(starts, starts + interval '30 days') END,
       'live', 'official'
  FROM generate_series(1, 1000) AS m, generate_series(1, 10) AS v, unnest(ARRAY[true, false]) AS final,
       LATERAL (SELECT timestamptz '2025-03-01' + v * interval '30 days' AS starts) AS t
 WHERE final;
INSERT INTO notice (source, key, provider, subject_kind, model, model_id, status, effective, known, origin, trust)
SELECT 's' || m % 20 + 1, 'n' || m, 'p' || m % 20 + 1, 'model', 'Model ' || m, 'model-' || m, 'active',
       tstzrange('2025-03-01', NULL), tstzrange('2025-03-01', NULL), 'live', 'official'
  FROM generate_series(1, 5000) AS m;
INSERT INTO news (source, key, provider, guid, url, title, published_at, effective, known, origin, trust)
SELECT 's1', 'n' || m, 'p1', 'g' || m, '', 'Title', timestamptz '2025-03-01' + m * interval '1 minute',
       tstzrange('2025-03-01', NULL), tstzrange('2025-03-01', NULL), 'live', 'official'
  FROM generate_series(1, 5000) AS m;
INSERT INTO event (id, kind, source, key, provider, model, model_id, observed_at, origin, trust, headline, routed_at)
SELECT 'e' || m, 'price.changed', 's1', 'k' || m, 'p1', 'Model ' || m % 1000, 'model-' || m % 1000,
       timestamptz '2025-03-01' + m * interval '1 minute', 'live', 'official', 'h', now()
  FROM generate_series(1, 10000) AS m;
INSERT INTO snapshot (sha256, bytes) VALUES (repeat('a', 64), 1);
INSERT INTO capture (source, seq, sha256, url, first_seen, last_seen, origin, verdict)
SELECT 's' || s, n, repeat('a', 64), 'https://x', timestamptz '2025-03-01' + n * interval '1 hour',
       timestamptz '2025-03-01' + n * interval '1 hour', 'live', 'good'
  FROM generate_series(1, 20) AS s, generate_series(1, 400) AS n;
ANALYZE source, source_state, price, notice, news, event, capture;
"""
ANNOUNCED = "SELECT * FROM timeline.deadlines_asof(%s) WHERE kind = 'price'"
BIG = ("price", "notice", "news", "event", "capture")


@pytest.fixture(scope="module")
def filled(server: Server) -> Iterator[Connection]:
    """One database for all of these tests: filling it is what takes long."""
    with new_database(server, template=server.template) as url, connect(url, autocommit=True) as connection:
        connection.execute(FILL.encode())
        yield connection


def whole_reads(connection: Connection) -> dict[str, int]:
    """How often each big table was read from one end to the other."""
    connection.execute("SELECT pg_stat_force_next_flush()")
    rows = connection.execute(
        "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = 'aiwire' AND relname = ANY(%s)",
        [list(BIG)],
    )
    return dict(rows.fetchall())


ASKS: dict[str, Callable[[Connection], Any]] = {
    "current by model": lambda c: prices.current(c, model=["model-7"]),
    "current by printed name": lambda c: prices.current(c, model=["Model 7"]),
    "as of": lambda c: prices.as_of(c, T0, model=["model-7"]),
    "as known": lambda c: prices.as_of(c, T0, T0, model=["model-7"]),
    "as known, by printed name": lambda c: prices.as_of(c, T0, T0, model=["Model 7"]),
    "history": lambda c: prices.history(c, model=["model-7"]),
    "first page of current": lambda c: prices.current(c, limit=20),
    "page of current": lambda c: prices.current(c, cursor=("model-5", "p6", "input", "k"), limit=20),
    "page as of": lambda c: prices.as_of(c, T0, cursor=("model-5", "p6", "input", "k"), limit=20),
    "page as known": lambda c: prices.as_of(c, T0, T0, cursor=("model-5", "p6", "input", "k"), limit=20),
    "prices of a provider": lambda c: prices.as_of(c, T0, provider=["p7"], limit=20),
    "prices of a meter": lambda c: prices.as_of(c, T0, meter=["input"], limit=20),
    "prices of a pattern": lambda c: prices.as_of(c, T0, model=["model-7*"], limit=20),
    "page of history": lambda c: prices.history(c, cursor=("model-5", "p6", "input", "k", T0, "s"), limit=20),
    "history of a source": lambda c: prices.history(c, source=["s7"], limit=20),
    "history of a pattern": lambda c: prices.history(c, model=["model-7*"], limit=20),
    "models": lambda c: models.page(c, limit=20),
    "page of models": lambda c: models.page(c, T0, T0, cursor=("p6", "model-5", "model"), limit=20),
    "models of a provider": lambda c: models.page(c, provider=["p7"], limit=20),
    "events of a kind": lambda c: event_pages.page(c, kind=["price.*"], limit=20),
    "events of a rare kind": lambda c: [event_pages.page(c, kind=["news.published"], limit=20)],
    "page of news": lambda c: news.page(c, before=(datetime(2025, 3, 2, tzinfo=UTC), "s1", "n9"), limit=20),
    "news as known": lambda c: news.page(c, T0, T0, limit=20),
    "announced prices": lambda c: c.execute(ANNOUNCED, [T0]).fetchall() or True,
    "sql current": lambda c: c.execute("SELECT * FROM timeline.price_current WHERE model_id = 'model-7'").fetchall(),
    "sql as of": lambda c: c.execute("SELECT * FROM timeline.price_asof(now()) WHERE model_id = 'model-7'").fetchall(),
    "sql as known": lambda c: c.execute(
        "SELECT * FROM timeline.price_asof(%s, %s) WHERE model_id = %s", [T0, T0, "model-7"]
    ).fetchall(),
    "sql status": lambda c: c.execute("SELECT * FROM timeline.model_status WHERE model_id = 'model-7'").fetchall(),
    "status": lambda c: notices.status(c, model=["model-7"]),
    "status as known": lambda c: notices.status(c, T0, T0, model=["Model 7"]),
    "newest events": lambda c: event_pages.page(c, limit=50),
    "events of a model": lambda c: event_pages.page(c, model=["model-7"]),
    "news": lambda c: news.page(c, limit=20),
    "what stands": lambda c: list(facts.identities(c, "price", "s8", {'["model-7","input"]': T0})),
    "what else a look showed": lambda c: siblings.of_looks(c, [("s1", datetime(2025, 3, 1, 5, tzinfo=UTC))]),
    "sql cost": lambda c: c.execute("SELECT * FROM timeline.cost(%s, %s, 1, 100, 0)", [T0, "model-7"]).fetchall(),
    "rates of a model": lambda c: (rates.as_of(c, "p8", "model-7", T0), rates.over(c, "p8", "model-7")),
    "latest capture": lambda c: captures.latest(c, "s7"),
    "corrections": lambda c: [corrections.page(c)],
    "many models by name": lambda c: prices.as_of(c, T0, model=[f"Model {number}" for number in range(30)]),
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS.keys())
def test_no_table_is_read_whole(filled: Connection, ask: Callable[[Connection], Any]) -> None:
    before = whole_reads(filled)
    for mode in ("auto", "force_generic_plan"):  # for these values, and for any: as our reading connections plan
        filled.execute(f"SET plan_cache_mode = {mode}")
        for _ in range(7):  # from the sixth time on psycopg has prepared it
            assert ask(filled)
    assert whole_reads(filled) == before


def index_rows(connection: Connection) -> int:
    """How many entries were read from the indexes of the big tables."""
    connection.execute("SELECT pg_stat_force_next_flush()")
    row = connection.execute(
        "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE schemaname = 'aiwire' AND relname = ANY(%s)",
        [list(BIG)],
    ).fetchone()
    assert row is not None
    return int(row[0])


NARROW: dict[str, Callable[[Connection], Any]] = {
    "as of one model": lambda c: prices.as_of(c, T0, model=["model-7"]),
    "as of two models": lambda c: prices.as_of(c, T0, model=["model-7", "Model 8"]),
    "history of two models": lambda c: prices.history(c, model=["model-7", "Model 8"]),
    "newest of a provider": lambda c: event_pages.page(c, provider=["p1"], kind=["price.changed"], limit=20),
}


@pytest.mark.parametrize("ask", NARROW.values(), ids=NARROW.keys())
def test_no_index_is_read_whole_when_plans_are_made_for_any_values(
    filled: Connection, ask: Callable[[Connection], Any]
) -> None:
    filled.execute("SET plan_cache_mode = force_generic_plan")
    for _ in range(7):
        assert ask(filled)
    before = index_rows(filled)
    assert ask(filled)
    assert index_rows(filled) - before < 200


RIVAL = """
INSERT INTO source (id, provider, kind, url, trust) VALUES ('rival', 'rival', 'catalogue', 'https://r', 'official');
INSERT INTO price (source, key, provider, model, model_id, meter, state, amount, currency, per, unit, effective, known,
                   origin, trust)
VALUES ('rival', 'k', 'p10', 'x/model-9', 'model-9', 'input', 'priced', 99, 'USD', 1000000, 'token',
        tstzrange('2025-03-01', NULL), tstzrange('2025-03-01', NULL), 'live', 'official');
"""


def test_which_of_two_sources_speaks_is_found_by_index(filled: Connection) -> None:
    filled.execute(RIVAL.encode())
    before = whole_reads(filled)
    for mode in ("auto", "force_generic_plan"):
        filled.execute(f"SET plan_cache_mode = {mode}")
        for _ in range(7):
            found = [*prices.as_of(filled, T0, model=["model-9"]), *prices.as_of(filled, T0, T0, model=["model-9"])]
            # This one changed its mind, and the rival never did.
            assert [row["source"] for row in found] == ["s10", "s10"]
    assert whole_reads(filled) == before


def test_appending_a_change_reads_no_table_whole(filled: Connection) -> None:
    key = price().key
    timelines.append(filled, ACME, step(T0, {key: (row(price("3"), T0),)}), origin="live")
    before = whole_reads(filled)
    after = (row(price("3"), T0, T0 + DAY), row(price("2"), T0 + DAY))
    timelines.append(filled, ACME, step(T0 + DAY, {key: after}), origin="live")
    timelines.append(filled, ACME, step(T0 + 2 * DAY, {key: ()}), origin="live")
    assert whole_reads(filled) == before


def test_the_plan_of_a_price_on_a_day_is_one_look_into_the_index(filled: Connection) -> None:
    plan = filled.execute(
        "EXPLAIN (FORMAT JSON) SELECT * FROM timeline.price_asof('2026-01-01') WHERE model_id = 'model-7'"
    ).fetchone()
    assert plan is not None
    text = str(plan[0])
    assert re.search("price_(model|holds|belief|by_name)", text), text
    assert "Function Scan" not in text  # the function is taken apart, so that conditions reach the index


UNKNOWN = """
INSERT INTO source (id, provider, kind, url, trust) VALUES
       ('page', 'acme', 'pricing', 'https://a', 'official'), ('copy', 'acme', 'catalogue', 'https://b', 'catalogue');
INSERT INTO source_state (source, last_good_at) SELECT id, now() FROM source;
INSERT INTO price (source, key, provider, model, model_id, meter, state, amount, currency, per, unit, effective, known,
                   origin, trust)
SELECT source.id, format('["model-%s","input"]', m), 'acme', 'Model ' || m, 'model-' || m, 'input', 'priced',
       CASE WHEN m = 7 AND source.id = 'copy' THEN 2 ELSE 1 END, 'USD', 1000000, 'token',
       tstzrange('2025-03-01', NULL), tstzrange('2025-03-01', NULL), 'live', source.trust
  FROM generate_series(1, 1500) AS m, source;
INSERT INTO notice (source, key, provider, subject_kind, model, model_id, status, effective, known, origin, trust)
SELECT source.id, 'n' || m, 'acme', 'model', 'Model ' || m, 'model-' || m, 'active',
       tstzrange('2025-03-01', NULL), tstzrange('2025-03-01', NULL), 'live', source.trust
  FROM generate_series(1, 300) AS m, source;
"""


@pytest.mark.parametrize("view", ["price_disagreement", "status_disagreement"])
def test_who_contradicts_whom_is_found_before_the_planner_knows_the_tables(connection: Connection, view: str) -> None:
    connection.execute(UNKNOWN.encode())
    explain = f"EXPLAIN (ANALYZE, TIMING off, BUFFERS, FORMAT json) SELECT * FROM timeline.{view}"
    (((plan,),),) = connection.execute(explain.encode()).fetchall()
    assert plan["Plan"]["Actual Rows"] == (view == "price_disagreement")
    assert plan["Plan"]["Shared Hit Blocks"] < 3_000 * 20


def test_the_planner_is_told_of_what_was_filled_and_of_nothing_else(database_url: str) -> None:
    with connect(database_url, autocommit=True) as connection:
        connection.execute(UNKNOWN.encode())
        assert statistics.refresh(connection) == ("notice", "price")
        assert statistics.refresh(connection) == ()
