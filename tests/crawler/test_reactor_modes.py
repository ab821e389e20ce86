"""The crawl behaves the same on Twisted's asyncio reactor as on asyncio alone: one settings switch, one contract."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawler.loops import REACTOR, reactor_mode

HERE = Path(__file__).parent


@pytest.mark.skipif(reactor_mode(), reason="already inside")
def test_the_contract_holds_on_a_twisted_reactor() -> None:
    """In a process of its own: a reactor, once installed, stays."""
    wanted = ["test_fetching.py", "test_robots.py"]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:xdist",
            "-m",
            "not torture",
            *(str(HERE / name) for name in wanted),
        ],
        env={**os.environ, REACTOR: "1"},
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
