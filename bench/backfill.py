"""Years of price states, as many as models.dev's history has, into an empty database.

The floor is the COPY of the very rows, prices and events, that come of them, into the same tables with their
constraints. Reading the file is left out; folding the states is not. CPU time of this process and of the database.
"""

import gc
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bench import grounds
from bench.measures import Pairs, Result, cpu
from bench.session import Session
from crawler.backfill import importing, states
from store.connect import Connection, connect

MOST = 3
STATES = 15_736
START = datetime(2025, 6, 4, tzinfo=UTC)
METERS = ("input", "output", "cache_read")
TABLES = ("price", "event")


def run(session: Session) -> Iterator[Result]:
    """The one comparison."""
    body = _states(session.size(STATES, quick=800))
    found = states.parse(body)
    pairs = Pairs()
    with grounds.database() as ground, connect(ground.url, autocommit=True) as connection:
        for number in range(-1, session.size(4, quick=1)):
            gc.collect()
            begun = cpu() + ground.cpu()
            importing.bring_in_states(connection, found, body, now=START)
            ours = cpu() + ground.cpu() - begun
            rows = [_taken_out(connection, table) for table in TABLES]
            gc.collect()
            begun = cpu() + ground.cpu()
            with connection.transaction():
                for table, (columns, data) in zip(TABLES, rows, strict=True):
                    with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
                        copy.write(data)
            floor = cpu() + ground.cpu() - begun
            connection.execute("TRUNCATE price, event CASCADE")
            if number >= 0:
                pairs.ours.append(ours)
                pairs.floor.append(floor)
    yield pairs.result(
        "backfill_states", most=MOST, of="the COPY of the same rows", unit="s", more={"states": len(found)}
    )


def _taken_out(connection: Connection, table: str) -> tuple[str, bytes]:
    """The rows of a table as COPY gives them, and their columns; the table is empty then."""
    (columns,) = connection.execute(
        "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = to_regclass(%s) "
        "AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = ''",
        [f"aiwire.{table}"],
    ).fetchone() or ("",)
    with connection.cursor().copy(f"COPY {table} ({columns}) TO STDOUT".encode()) as copy:
        data = b"".join(bytes(part) for part in copy)
    connection.execute(f"TRUNCATE {table} CASCADE".encode())
    return columns, data


def _states(number: int) -> bytes:
    """Lines with the shares of the real file: a third ended, one in sixteen a change of price."""
    dice = random.Random(7)
    lines: list[dict[str, object]] = []
    while len(lines) < number:
        model, meter = f"labs/model-{len(lines) // 3}", METERS[len(lines) % 3]
        starts = START + timedelta(minutes=dice.randrange(400_000))
        ends = starts + timedelta(minutes=dice.randrange(10, 60_000)) if dice.random() < 0.32 else None
        line = {
            "provider": f"seller-{len(lines) % 118}", "model": model, "meter": meter, "commit": f"{len(lines):040x}",
            "usd_per_mtok": dice.randrange(1, 2000) / 100, "valid_from": starts.isoformat(),
            "valid_to": ends and ends.isoformat(), "end_commit": ends and f"{len(lines) + 1:040x}",
            "start_reason": "model_added", "end_reason": ends and "model_removed",
        }  # fmt: skip
        lines.append(line)
        if ends and dice.random() < 0.2:
            lines.append(
                {**line, "usd_per_mtok": 1, "valid_from": line["valid_to"], "valid_to": None, "end_commit": None}
            )
    return "".join(json.dumps(line) + "\n" for line in lines[:number]).encode()
