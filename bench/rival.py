"""Datasette over SQLite with the same rows and the same questions: the same as people would publish them with it."""

import contextlib
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import urlopen

from bench import grounds
from store.connect import Connection

PRICES = (
    *(
        "provider",
        "model",
        "model_id",
        "meter",
        "conditions",
        "state",
        "amount",
        "currency",
        "per",
        "unit",
        "qualifier",
    ),
    *("effective_from", "effective_to", "basis", "seen_until", "known_from", "known_to", "source", "trust", "origin"),
    *("label", "locator", "key", "first_seq", "last_seq", "first_snapshot", "last_snapshot", "recorded_at"),
)
EVENTS = (
    *(
        "id",
        "kind",
        "source",
        "key",
        "provider",
        "subject_kind",
        "model",
        "model_id",
        "meter",
        "conditions",
        "old",
        "new",
    ),
    *("change_pct", "direction", "effective_at", "observed_after", "observed_at", "recorded_at", "origin", "trust"),
    *("baseline", "late", "before", "after", "locator", "headline", "withdrawn_at", "withdrawn_because"),
)
INDEXES = """
CREATE INDEX price_model ON price (model_id, meter, key, effective_from);
CREATE INDEX event_observed ON event (observed_at DESC, id);
CREATE INDEX event_meter ON event (provider, meter, observed_at DESC, id);
ANALYZE;
"""
RANKED = (
    "CASE trust WHEN 'official' THEN 1 WHEN 'cloud' THEN 2 WHEN 'reseller' THEN 3 WHEN 'catalogue' THEN 4 ELSE 5 END"
)
QUESTIONS = {
    "as_of": (
        f"SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY provider, meter, key ORDER BY {RANKED}, "
        "seen_until DESC) AS place FROM price WHERE model_id = :model AND known_to IS NULL "
        "AND effective_from <= :at AND (effective_to IS NULL OR effective_to > :at)) "
        "WHERE place = 1 ORDER BY provider, meter, key LIMIT 101"
    ),
    "history": (
        "SELECT * FROM price WHERE model_id = :model AND known_to IS NULL "
        "ORDER BY provider, meter, key, effective_from, source LIMIT 101"
    ),
    "newest": "SELECT * FROM event WHERE withdrawn_at IS NULL ORDER BY observed_at DESC, id LIMIT 101",
    "filtered": (
        "SELECT * FROM event WHERE provider = :provider AND meter = :meter AND observed_at < :until "
        "AND withdrawn_at IS NULL ORDER BY observed_at DESC, id LIMIT 51"
    ),
}


def copy(connection: Connection, file: Path) -> None:
    """The rows that people see, into a SQLite file, with the indexes that these questions want."""
    with contextlib.closing(sqlite3.connect(file)) as into:
        into.execute("PRAGMA journal_mode = OFF")
        for table, columns, view in (("price", PRICES, "timeline.price_beliefs"), ("event", EVENTS, "timeline.events")):
            into.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
            with connection.cursor() as cursor:
                query = f"COPY (SELECT {', '.join(map(_text, columns))} FROM {view}) TO STDOUT"
                with cursor.copy(query.encode()) as rows:
                    marks = ", ".join("?" * len(columns))
                    into.executemany(f"INSERT INTO {table} VALUES ({marks})", rows.rows())
        into.executescript(INDEXES)
        into.commit()


@contextlib.contextmanager
def served(file: Path) -> Iterator[str]:
    """Datasette at work; gives its `host:port`."""
    port = grounds.free_port()
    command = [sys.executable, "-m", "datasette", "serve", "--immutable", str(file), "--port", str(port)]
    command += ["--setting", "sql_time_limit_ms", "10000", "--setting", "max_returned_rows", "2000"]
    with grounds.server(command, os.environ, file.with_suffix(".log")):
        await_answer(f"127.0.0.1:{port}", "/-/versions.json")
        yield f"127.0.0.1:{port}"


def target(file: Path, question: str, values: dict[str, str]) -> str:
    """The address that asks a question, rows as a list of objects."""
    return f"/{file.stem}.json?" + urlencode({"sql": QUESTIONS[question], **values, "_shape": "array"}, quote_via=quote)


def await_answer(address: str, path: str, seconds: float = 60) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urlopen(f"http://{address}{path}", timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError(f"http://{address}{path} does not answer")


def _text(column: str) -> str:
    """Times as ISO 8601 in UTC, which sort as they follow each other; JSON as text."""
    if column in {"effective_from", "effective_to", "seen_until", "known_from", "known_to", "recorded_at"}:
        return f'to_char({column}, \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')'
    if column in {"observed_after", "observed_at", "withdrawn_at"}:
        return f'to_char({column}, \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')'
    return f'"{column}"'
