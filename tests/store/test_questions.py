"""The questions of docs/sql.md: each runs for a reader, over bundled history and catalogues."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.backfill.exports import Export
from crawler.backfill.importing import backfill, backfill_states
from crawler.source import bundled_sources
from store import bundled, events
from store.connect import Connection, StoreError, connect, connect_reader
from store.copies import CopyError, copied, is_copy
from store.questions import UnknownNameError, ask

DOCS = (Path(__file__).parent.parent.parent / "docs" / "sql.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"^(\d+)\. (.*?)\n\n```sql question\n(.*?)```", DOCS, re.S | re.M)
NOW = datetime.now(UTC)
SOURCES = {source.id: source for source in bundled_sources()}


RECIPES = re.findall(r"```sql recipe\n(.*?)```", DOCS, re.S)
FILLED_IN = {  # what Grafana and Metabase write in the place of these
    "$__timeFrom()": "'2025-06-01T00:00:00Z'", "$__timeTo()": "'2025-06-20T00:00:00Z'",
    "$__timeFilter(observed_at)": "observed_at BETWEEN '2000-01-01' AND '2100-01-01'",
    "{{day}}": "'2025-06-20'", "{{model}}": "'gpt-4o'",
}  # fmt: skip


def states() -> bytes:
    """A few prices as models.dev might have had them: one is another than the bundled history has."""
    common = {"commit": "a" * 40, "start_reason": "model_added", "valid_from": "2025-06-04T12:00:00Z", "valid_to": None}
    prices = [
        ("openai", "gpt-4o", "input", 2.5), ("openai", "gpt-4o", "output", 11), ("openai", "o3", "input", 2),
        ("openai", "o3", "output", 8), ("openai", "o3", "cache_read", 0.5), ("azure", "gpt-4o", "input", 2.75),
        ("azure", "gpt-4o", "output", 11),
    ]  # fmt: skip
    lines = [
        {**common, "provider": provider, "model": model, "meter": meter, "usd_per_mtok": amount}
        for provider, model, meter, amount in prices
    ]
    lines.append({**lines[0], "context_over": 200000, "usd_per_mtok": 5})
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def planned() -> bytes:
    """A price that changes in three weeks, as genai-prices has them."""
    soon = (NOW + timedelta(days=21)).date().isoformat()
    prices = [
        {"prices": {"input_mtok": 2, "output_mtok": 8}},
        {"constraint": {"start_date": soon}, "prices": {"input_mtok": 1, "output_mtok": 4}},
    ]
    model = {"id": "chat-next", "context_window": 200000, "prices": prices}
    other = {"id": "gpt-4o", "prices": {"input_mtok": 2.5, "output_mtok": 10}}
    sellers = [{"id": "acme", "name": "Acme", "models": [model]}, {"id": "openai", "name": "OpenAI", "models": [other]}]
    return json.dumps(sellers).encode()


@pytest.fixture
def filled(database_url: str, reader_url: str) -> Iterator[Connection]:
    with connect(database_url, autocommit=True) as connection:
        bundled.load(connection, now=NOW)
        backfill_states(connection, states(), now=NOW)
        at = NOW - timedelta(days=3)
        backfill(connection, SOURCES["genai-prices"], [Export(name="data", at=at, read=planned)])
        (one,) = connection.execute("SELECT id FROM event WHERE model = 'openai/o3' LIMIT 1").fetchone() or ()
        events.withdraw(connection, [one], because="an example of what is taken back", at=NOW)
        connection.execute(
            "INSERT INTO incident (source, key, provider, guid, title, impact, started_at, effective, known, origin, "
            "trust) VALUES ('genai-prices', 'k', 'acme', 'k', 'Errors', 'major', %s, tstzrange(%s, NULL), "
            "tstzrange(%s, NULL), 'live', 'official')",
            [at, at, at],
        )
    with connect_reader(reader_url) as reader:
        yield reader


def test_they_are_numbered() -> None:
    assert [int(number) for number, _, _ in QUESTIONS] == list(range(1, len(QUESTIONS) + 1))
    assert len(QUESTIONS) >= 22


def test_every_question_is_answered(filled: Connection) -> None:
    answers = {int(number): filled.execute(query.encode()).fetchall() for number, _, query in QUESTIONS}
    assert [number for number, rows in answers.items() if not rows] == []
    assert [(row[0], row[1]) for row in answers[1]] == [("input", 5), ("output", 15)]
    assert [float(row[2]) for row in answers[8]] == [760, 800, 154.8]  # o3 was cut to a fifth on 2025-06-10
    assert answers[7][0][1] == 100
    assert answers[7][-1][1] < 100
    assert {(row[1], row[2]) for row in answers[12]} == {("gpt-4o", "output")}


def test_every_recipe_for_another_tool_is_answered(filled: Connection) -> None:
    assert len(RECIPES) >= 3
    for recipe in RECIPES:
        query = recipe
        for word, value in FILLED_IN.items():
            query = query.replace(word, value)
        assert "$" not in query and "{{" not in query
        assert filled.execute(query.encode()).fetchall(), query


def test_a_view_that_is_not_there_is_told_with_those_that_are(connection: Connection) -> None:
    with pytest.raises(UnknownNameError) as found:
        ask(connection, "SELECT foo FROM timeline.prices")
    said = str(found.value)
    assert said.startswith('relation "timeline.prices" does not exist; did you mean timeline.price')
    assert "price_current" in said and "price_asof()" in said
    assert "migrate" not in said
    with pytest.raises(UnknownNameError, match=r"timeline\.price_asof\(\)"):
        ask(connection, "SELECT * FROM timeline.price_as_of('2025-01-01')")
    with pytest.raises(
        UnknownNameError, match=r'column "amuont" does not exist.*timeline\.price_current has .*amount, '
    ):
        ask(connection, "SELECT amuont FROM timeline.price_current")
    connection.execute("DROP VIEW timeline.installed CASCADE")  # as a database of an old version
    connection.commit()
    with pytest.raises(StoreError, match="aiwire migrate"):
        ask(connection, "SELECT foo FROM timeline.prices")


def test_rows_are_copied_as_postgres_writes_them(reader_url: str) -> None:
    query = "-- as a file\n COPY (SELECT 1 AS n, E'a,\\tb' AS t) TO STDOUT (FORMAT csv, HEADER)"
    assert is_copy(query) and not is_copy("SELECT 1 AS copy")
    with connect_reader(reader_url) as reader:
        assert b"".join(copied(reader, query)) == b'n,t\n1,"a,\tb"\n'


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("COPY (SELECT 1) TO '/tmp/x'", CopyError),
        ("COPY (SELECT 1) TO PROGRAM 'id'", CopyError),
        ("COPY timeline.events FROM PROGRAM 'id'", CopyError),
        ("COPY timeline.events FROM STDIN", CopyError),
        ("COPY (SELECT 1) TO STDOUT; SELECT 2", StoreError),
        ("COPY (SELECT x) TO STDOUT", StoreError),
    ],
)
def test_a_copy_goes_to_stdout_alone(reader_url: str, query: str, error: type[Exception]) -> None:
    with connect_reader(reader_url) as reader, pytest.raises(error) as found:
        b"".join(copied(reader, query))
    assert ("only goes TO STDOUT" in str(found.value)) == (error is CopyError)
