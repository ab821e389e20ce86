"""What gets slower with size: `python -m bench.growth [SOURCES...]` prints as JSON what the clocks' questions cost.

It is CPU time of the database server, which means the same on a busy machine as on an idle one. Of each number of
sources (10 a host, one in a hundred due): a tick's look at what is due, a worker's look into a queue with a job for
every host; and the pruning of a month of looks. docs/operations.md reckons with it.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import LiteralString

from bench import grounds
from store import agenda, pruning
from store.connect import Connection, connect

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SIZES = (1_000, 10_000, 100_000)
A_HOST = 10
LOOKED_AT = 50  # sources with a month of looks, one every ten minutes
FILL: LiteralString = """
INSERT INTO source (id, provider, kind, url, trust, every)
SELECT 's' || n, 'p', 'pricing', 'https://h' || n / %(a_host)s::int || '.example/' || n, 'official', '10 minutes'
  FROM generate_series(%(had)s::int, %(size)s::int - 1) AS n;
"""
STATE: LiteralString = """
INSERT INTO source_state (source, next_due_at, last_fetch_at, etag, validators_for, fold)
SELECT id, %(now)s + CASE WHEN random() < 0.01 THEN -1 ELSE 1 END * interval '5 minutes',
       %(now)s - interval '5 minutes',
       '"abc"', repeat('x', 120), jsonb_build_object('header', jsonb_build_object('last', '2025-12-31T00:00:00Z'))
  FROM source WHERE NOT EXISTS (SELECT FROM source_state WHERE source = id)
"""
JOBS: LiteralString = """
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock)
SELECT 'aiwire', 'crawl', 'host:h' || n, 'host:h' || n FROM generate_series(1, %s::int) AS n
"""
LOOKS: LiteralString = """
INSERT INTO "fetch" (source, run, url, started_at, finished_at, outcome, status, headers)
SELECT 's' || n, 'run', 'https://h.example', at, at, 'not_modified', 304, '{"etag": "\\"abc\\"", "server": "bench"}'
  FROM generate_series(0, %(many)s::int - 1) AS n,
       generate_series(%(now)s - interval '30 days', %(now)s, interval '10 minutes') AS at
"""


def main(sizes: Sequence[int]) -> None:
    """Fill, ask, print."""
    with grounds.database(durable=True) as ground, connect(ground.url, autocommit=True) as connection:
        found = {}
        had = 0
        for size in sizes:
            values = {"a_host": A_HOST, "had": had, "size": size, "now": NOW}
            connection.execute(FILL, values)
            connection.execute(STATE, values)
            connection.execute("VACUUM ANALYZE source, source_state")
            had = size
            tick = partial(agenda.due, connection, NOW, pause=timedelta(seconds=1))
            found[size] = {
                "tick_ms": cost(ground, tick, times=50),
                "take_job_ms": take_job(ground, connection, size // A_HOST),
            }
        print(json.dumps({"by_sources": found, "pruning": prune(ground, connection)}))


def cost(ground: grounds.Ground, work: Callable[[], object], *, times: int) -> float:
    """Milliseconds of the server's CPU for one `work`."""
    before = ground.cpu()
    for _ in range(times):
        work()
    return round(1e3 * (ground.cpu() - before) / times, 2)


def take_job(ground: grounds.Ground, connection: Connection, hosts: int) -> float:
    """From a queue with a job for each host."""
    connection.execute(JOBS, [hosts])
    connection.execute("VACUUM ANALYZE procrastinate_jobs")
    row = connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id").fetchone()
    take = partial(connection.execute, "SELECT procrastinate_fetch_job_v2('{aiwire}', %s)", row)
    taken = cost(ground, take, times=50)
    connection.execute("TRUNCATE procrastinate_jobs CASCADE")
    return taken


def prune(ground: grounds.Ground, connection: Connection) -> Mapping[str, float]:
    """A month of looks, all but a week of it old."""
    connection.execute(LOOKS, {"many": LOOKED_AT, "now": NOW})
    connection.execute('VACUUM ANALYZE "fetch"')
    before = ground.cpu()
    gone = sum(step.rows for step in pruning.prune(connection, before=NOW - timedelta(days=7)))
    seconds = ground.cpu() - before
    return {"rows": gone, "cpu_s": round(seconds, 2), "rows_per_cpu_s": round(gone / seconds)}


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or SIZES)
