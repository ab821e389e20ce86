"""What a check and a change leave behind: `python -m bench.footprint [PAGE...]` prints it as JSON.

No budget and no floor: docs/operations.md reckons with it how much a machine of a given size can watch. The database
waits for the disk, as in real life; `PAGE`s are real ones whose compressed size is to be known too.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import zstandard

from bench import grounds
from bench.pages import PricePage
from crawler import capture, observe
from crawler.capture import Arrival
from crawler.registration import registration
from crawler.source import Source
from store import sources
from store.connect import Connection, connect
from store.snapshots import LEVEL

MODELS = 40  # with four prices each
TIMES = 400
SOURCE = Source(
    id="bench-footprint",
    provider="bench",
    kind="pricing",
    url="https://bench.example/pricing",
    trust="official",
    every=timedelta(minutes=10),
)
TABLES = ('"fetch"', "capture", "snapshot", "body", "fold_key", "price", "event", "source_state")


class Watch:
    """A source that is looked at again and again."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.page = PricePage(models=MODELS)
        self.version = 1
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def look(self) -> None:
        """As a spider's answer is kept and read."""
        self.now += timedelta(minutes=20)
        visit = capture.prepare(self.connection, SOURCE)
        headers = {
            "etag": f'"{self.version}"', "content-type": "text/html; charset=utf-8", "server": "bench",
            "date": "Thu, 01 Jan 2026 00:00:00 GMT", "cache-control": "public, max-age=0, must-revalidate",
        }  # fmt: skip
        known = visit.etag == headers["etag"]
        arrival = Arrival(
            status=304 if known else 200, url=SOURCE.url, headers=headers,
            body=b"" if known else self.page.html().encode(),
        )  # fmt: skip
        capture.record_arrival(self.connection, visit, arrival, run="footprint", now=self.now)
        if observe.waiting(self.connection, [SOURCE], at=self.now):
            observe.observe(self.connection, SOURCE, at=self.now)

    def change(self) -> None:
        """One price becomes another, and is seen."""
        self.page.change(1)
        self.version += 1
        self.look()


def measure(
    ground: grounds.Ground, connection: Connection, work: Callable[[], None], times: int
) -> Mapping[str, float]:
    """Of one `work`: bytes of WAL, bytes and rows of tables with their indexes, CPU of this process and the server."""
    _settle(connection)
    before, wal, own, server = _sizes(connection), _wal(connection), time.process_time(), ground.cpu()
    for _ in range(times):
        work()
    own, server, wal = time.process_time() - own, ground.cpu() - server, _wal(connection) - wal
    _settle(connection)
    after = _sizes(connection)
    grown = {name.strip('"'): (after[name] - before[name]) / times for name in TABLES}
    return {
        "wal_bytes": wal / times,
        "cpu_ms": 1e3 * own / times,
        "database_cpu_ms": 1e3 * server / times,
        "bytes": sum(grown.values()),
        **{f"bytes_of_{name}": size for name, size in grown.items() if round(size)},
    }


def packed(files: Sequence[Path]) -> Mapping[str, float]:
    """Of whole pages: their median and mean size, as sent and as kept."""
    bodies = [file.read_bytes() for file in files]
    kept = [len(zstandard.ZstdCompressor(level=LEVEL).compress(body)) for body in bodies]
    return {
        "pages": len(bodies),
        "median_bytes": statistics.median(map(len, bodies)),
        "mean_bytes": statistics.mean(map(len, bodies)),
        "median_kept": statistics.median(kept),
        "mean_kept": statistics.mean(kept),
    }


def main(files: Sequence[str]) -> None:
    """Measure and print."""
    with grounds.database(durable=True) as ground, connect(ground.url, autocommit=True) as connection:
        watch = Watch(connection)
        sources.register(connection, [registration(SOURCE)], watch.now)
        watch.look()
        found = {
            "unchanged_check": measure(ground, connection, watch.look, TIMES),
            "change_of_one_price": measure(ground, connection, watch.change, TIMES),
            "made_up_page": packed_text(watch.page.html()),
        }
    if files:
        found["real_pages"] = packed([Path(file) for file in files])
    print(json.dumps({what: {name: round(value, 1) for name, value in row.items()} for what, row in found.items()}))


def packed_text(text: str) -> Mapping[str, float]:
    """Of one page: its size, as sent and as kept."""
    body = text.encode()
    return {"bytes": len(body), "kept": len(zstandard.ZstdCompressor(level=LEVEL).compress(body))}


def _settle(connection: Connection) -> None:
    connection.execute("VACUUM (FULL)")
    connection.execute("CHECKPOINT")


def _wal(connection: Connection) -> int:
    row = connection.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn").fetchone()
    return int(row[0]) if row else 0


def _sizes(connection: Connection) -> dict[str, int]:
    """With indexes and the long values kept apart."""
    found = {}
    for name in TABLES:
        row = connection.execute("SELECT pg_total_relation_size(%s::regclass)", [name]).fetchone()
        found[name] = int(row[0]) if row else 0
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
