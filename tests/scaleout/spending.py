"""What the processes and the database spend."""

import subprocess
from collections.abc import Sequence
from typing import TYPE_CHECKING

import psutil

from store import embedded

if TYPE_CHECKING:
    from tests.scaleout.story import Run


class Meter:
    """What the processes and the database spend between two moments."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        pid = embedded.status(run.home).pid
        assert pid is not None
        self._database = psutil.Process(pid)
        self._before = self._now()

    def _now(self) -> dict[str, float]:
        row = self._run.connection.execute(
            "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn, (SELECT count(*) FROM \"fetch\"), extract(epoch FROM now())"
        ).fetchone()
        assert row is not None
        return {
            "wal": float(row[0]), "checks": float(row[1]), "time": float(row[2]), "database": _tree(self._database),
            "workers": _cpu(self._run.workers[1:]), "schedulers": _cpu(self._run.schedulers),
        }  # fmt: skip

    def taken(self) -> dict[str, float]:
        """By check; the worker that was killed is left out, of the checks its share too."""
        now = {name: value - self._before[name] for name, value in self._now().items()}
        rows = self._run.connection.execute("SELECT pg_total_relation_size('\"fetch\"')").fetchone()
        assert rows is not None
        sizes = [psutil.Process(one.pid).memory_info().rss / 2**20 for one in self._run.workers[1:]]
        checks = now["checks"]
        return {
            "checks": checks,
            "checks_per_s": round(checks / now["time"], 1),
            "worker_cpu_ms_per_check": round(1000 * now["workers"] / checks, 2),
            "database_cpu_ms_per_check": round(1000 * now["database"] / checks, 2),
            "cpu_s_of_each_scheduler_per_minute": round(60 * now["schedulers"] / 2 / now["time"], 2),
            "wal_bytes_per_check": round(now["wal"] / checks),
            "fetch_bytes_per_row": round(rows[0] / checks),
            "worker_memory_mb": round(max(sizes)),
        }


def _cpu(processes: Sequence[subprocess.Popen[bytes]]) -> float:
    return sum(_own(psutil.Process(one.pid)) for one in processes if one.poll() is None)


def _tree(process: psutil.Process) -> float:
    """The server's CPU seconds, with those of connections that have ended."""
    own = process.cpu_times()
    return float(own.children_user + own.children_system) + _own(process) + sum(map(_own, process.children()))


def _own(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
