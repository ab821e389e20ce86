"""A fresh home until `aiwire up` answers, and until everything has stopped again.

What is timed is the command as people run it: it makes the database and its roles, migrates, registers the sources,
loads the bundled history and starts worker and API. It is ready when it says so and the API answers. Installing the
packages is not part of it. There is no floor: the budget is a minute. Every source gets an address that does not exist
(RFC 6761), so that nothing leaves this machine.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

from bench import grounds
from bench.measures import Result, at_most, wall
from bench.session import Session
from crawler.source import bundled_sources

MOST = 60.0  # seconds
SOURCE = """
[[source]]
id = "{id}"
provider = "{provider}"
kind = "pricing"
url = "https://{id}.invalid/"
trust = "official"
"""


def run(session: Session) -> Iterator[Result]:
    """Fresh each time; the second start of a home and the stop are told beside it."""
    fresh: list[float] = []
    again: list[float] = []
    stops: list[float] = []
    for _ in range(session.size(3, quick=1)):
        with grounds.folder() as folder:
            file = folder / "aiwire.toml"
            file.write_text("".join(SOURCE.format(id=one.id, provider=one.provider) for one in bundled_sources()))
            home = folder / "home"
            for taken in (fresh, again):
                begun, ready, stopped = _up(home, file)
                taken.append(ready - begun)
                stops.append(stopped - ready)
    yield at_most(
        "ready",
        statistics.median(fresh),
        MOST,
        "s",
        of="from a fresh home",
        more={"worst_s": max(fresh), "again_s": statistics.median(again), "stop_s": statistics.median(stops)},
    )


def _up(home: Path, file: Path) -> tuple[float, float, float]:
    """When it was started, was ready, and had stopped."""
    port = grounds.free_port()
    environment = {**os.environ, "AIWIRE_HOME": str(home), "AIWIRE_CONFIG": str(file), "AIWIRE_PORT": str(port)}
    environment.pop("DATABASE_URL", None)
    begun = wall()
    with subprocess.Popen(
        [sys.executable, "-m", "cli", "up"], env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if "ready" in line:
                break
        else:
            raise AssertionError("aiwire up ended: " + "".join(said))
        with urlopen(f"http://127.0.0.1:{port}/v1/events?limit=1", timeout=10) as answer:
            assert answer.status == 200
        ready = wall()
        time.sleep(1)  # the worker is at work by then
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
        assert process.wait(60) == 0
    return begun, ready, wall() - 1
