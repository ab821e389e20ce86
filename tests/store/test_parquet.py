"""Views as Parquet: read back, every value is what SQL says, exactly."""

import json
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cli import exporting
from crawler.backfill.exports import Export
from crawler.backfill.importing import backfill
from crawler.source import bundled_sources
from store import dumps, parquet
from store.connect import connect, connect_reader
from timeline.issues import MistakeError

pytestmark = pytest.mark.postgres
AT = datetime(2026, 8, 1, 12, 30, 0, 123456, tzinfo=UTC)
LITELLM = next(source for source in bundled_sources() if source.id == "litellm-prices")
ODD = '=odd "name", \\ and\nmore, é 😀'
COSTS = {"gpt-test": 2.5e-06, ODD: 8.333333333333334e-08, "dear": 1250.75, "nobody knows": None}


def filled(url: str) -> None:
    entry = {"litellm_provider": "openai", "mode": "chat", "max_input_tokens": 128000}
    body = json.dumps({name: {**entry, "input_cost_per_token": cost} for name, cost in COSTS.items()}).encode()
    with connect(url, autocommit=True) as connection:
        backfill(connection, LITELLM, [Export(name="map", at=AT, read=lambda: body)])


def read(file: Path) -> list[dict[str, Any]]:
    with duckdb.connect(":memory:") as reading:
        reading.execute("SET TimeZone = 'UTC'")
        found = reading.execute("SELECT * FROM read_parquet($file)", {"file": str(file)})
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_every_view_read_back_says_what_the_view_says(database_url: str, reader_url: str, tmp_path: Path) -> None:
    filled(database_url)
    with connect_reader(reader_url) as connection:
        for view in dumps.VIEWS:
            file = tmp_path / f"{view}.parquet"
            assert parquet.write(connection, view, file) == file.stat().st_size
            lines = b"".join(dumps.rows(connection, view, "ndjson")).splitlines()
            expected = [json.loads(line, parse_float=Decimal) for line in lines]
            found = read(file)
            assert len(found) == len(expected)
            for row, line in zip(found, expected, strict=True):
                assert row.keys() == line.keys()
                for name, value in line.items():
                    assert _same(row[name], value), f"{view}.{name}: {row[name]!r} is not {value!r}"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{view}.parquet" for view in dumps.VIEWS)


def _same(found: Any, told: Any) -> bool:
    """Whether a value of the file is the one that the NDJSON of the same moment says."""
    if isinstance(found, datetime):
        return told in ("infinity", "-infinity") or found == datetime.fromisoformat(told)
    if isinstance(told, list | dict):
        return bool(json.loads(found) == told)
    if isinstance(found, float):
        return found == float(told)
    if isinstance(found, Decimal):
        return found == Decimal(str(told))
    return bool(found == told) or str(found) == told or (found is None and told in ("infinity", "-infinity"))


def test_amounts_are_exact_and_times_in_utc(database_url: str, reader_url: str, tmp_path: Path) -> None:
    filled(database_url)
    file = tmp_path / "prices.parquet"
    with connect_reader(reader_url) as connection:
        connection.execute("SET TIME ZONE 'Asia/Tokyo'")
        parquet.write(connection, "price_history", file)
    found = {row["model"]: row for row in read(file)}
    assert {name: row["amount"] for name, row in found.items() if row["amount"] is not None} == {
        "gpt-test": Decimal("0.0000025"),
        ODD: Decimal("0.00000008333333333333334"),
        "dear": Decimal("1250.75"),
    }
    assert all(row["effective_from"] == AT and row["effective_to"] is None for row in found.values())
    with duckdb.connect(":memory:") as reading:
        schema = dict(
            reading.execute("SELECT name, logical_type FROM parquet_schema($file)", {"file": str(file)}).fetchall()
        )
    assert schema["amount"] == "DecimalType(scale=23, precision=38)"
    assert "isAdjustedToUTC=1" in schema["effective_from"]


def test_a_number_beyond_what_the_format_holds_is_text_and_never_rounded(
    database_url: str, reader_url: str, tmp_path: Path
) -> None:
    filled(database_url)
    wide = Decimal("123456789012345678.0000000000000000000000001")
    with connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE aiwire.price SET amount = %s WHERE model = 'dear'", [wide])
    with connect_reader(reader_url) as connection:
        parquet.write(connection, "price_history", tmp_path / "wide.parquet")
    amounts = {row["model"]: row["amount"] for row in read(tmp_path / "wide.parquet")}
    assert amounts["dear"] == str(wide)
    assert Decimal(amounts["gpt-test"]) == Decimal("0.0000025")


def test_without_the_package_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MistakeError, match=r"pip install duckdb.*--format csv or ndjson"):
        parquet.require()


def test_a_dump_that_breaks_off_leaves_no_half_of_a_file(database_url: str, reader_url: str, tmp_path: Path) -> None:
    filled(database_url)
    with connect_reader(reader_url) as connection, pytest.raises(Exception, match="no_such_view"):
        exporting._write(connection, "no_such_view", "csv", tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []
