"""Dumps: every public column explained, what is written can be read again, and no cell is a formula."""

import csv
import io
import json
from datetime import UTC, datetime

from psycopg import sql

from crawler.backfill.exports import Export
from crawler.backfill.importing import backfill
from crawler.source import bundled_sources
from store import dumps
from store.connect import Connection, connect, connect_reader

AT = datetime(2026, 8, 1, tzinfo=UTC)
LITELLM = next(source for source in bundled_sources() if source.id == "litellm-prices")
EVIL = '=HYPERLINK("https://x.example")'


def filled(url: str) -> None:
    entry = {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 2.5e-06,
        "output_cost_per_token": 1e-05,
    }
    body = json.dumps({"gpt-test": entry, EVIL: entry, 'odd "name", \\ and\nmore': entry}).encode()
    with connect(url, autocommit=True) as connection:
        backfill(connection, LITELLM, [Export(name="map", at=AT, read=lambda: body)])


def whole(connection: Connection, view: str, form: dumps.Form) -> str:
    return b"".join(dumps.rows(connection, view, form)).decode()


def test_csv_can_be_read_again_and_holds_no_formula(database_url: str, reader_url: str) -> None:
    filled(database_url)
    with connect_reader(reader_url) as connection:
        found = list(csv.DictReader(io.StringIO(whole(connection, "price_history", "csv"))))
    assert {row["model"] for row in found} == {"gpt-test", "'" + EVIL, 'odd "name", \\ and\nmore'}
    assert {row["per_million"] for row in found} == {"2.5", "10"}


def test_ndjson_can_be_read_again(database_url: str, reader_url: str) -> None:
    filled(database_url)
    with connect_reader(reader_url) as connection:
        found = [json.loads(line) for line in whole(connection, "price_history", "ndjson").splitlines()]
    assert {row["model"] for row in found} == {"gpt-test", EVIL, 'odd "name", \\ and\nmore'}
    assert len(found) == 6


def test_every_view_can_be_dumped_and_every_column_is_explained(database_url: str, reader_url: str) -> None:
    filled(database_url)
    with connect_reader(reader_url) as connection:
        for view in dumps.VIEWS:
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("timeline", view))
            (count,) = connection.execute(query).fetchone() or (None,)
            assert len(whole(connection, view, "ndjson").splitlines()) == count
            assert len(list(csv.reader(io.StringIO(whole(connection, view, "csv"))))) == count + 1
        told = dumps.dictionary(connection, at=AT)
        assert [(one.view, one.name) for one in dumps.columns(connection) if not one.meaning] == []
    assert told.startswith("# aiwire, as of 2026-08-01 00:00 UTC\n")
    assert "look at the terms" in told
    assert "| per_million | numeric | The amount for a million tokens" in told
