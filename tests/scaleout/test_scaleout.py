"""Eight workers on four machines over 2,000 sources; and that whoever judges them would notice what is wrong."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.scaleout import machines
from tests.scaleout.judging import Fault, Request, judge

ROOT = Path(__file__).resolve().parents[2]
EVERY = 60.0


def visit(at: float, path: str = "/a", *, machine: str = "one", lasts: float = 0.05) -> Request:
    return Request(host="h", path=path, machine=machine, began=at, ended=at + lasts, status=200)


GOOD = [visit(0, "/robots.txt"), visit(1), visit(2, "/b"), visit(60), visit(61.1, "/b"), visit(119), visit(122, "/b")]


def wrong(requests: list[Request], *faults: Fault) -> list[str]:
    found = judge(requests, every=EVERY, delays={"h": 1.0}, faults=faults, until=130, grace=15)
    return list(found.wrong)


def test_what_is_right_is_found_right() -> None:
    assert wrong(GOOD) == []


@pytest.mark.parametrize(
    ("requests", "said"),
    [
        ([*GOOD, visit(30)], "h/a: asked for twice within 29.00 s"),
        ([*GOOD, visit(60.5, "/c", machine="two")], "only 0.500 s apart, by one and two"),
        ([*GOOD, visit(121.5, "/c", lasts=2)], "2 requests to one host at once"),
        ([one for one in GOOD if one.path != "/b" or one.began < 3], "h/b: not asked for 128.0 s"),
    ],
)
def test_what_is_wrong_is_found(requests: list[Request], said: str) -> None:
    assert any(said in line for line in wrong(requests)), wrong(requests)


def test_a_kill_excuses_what_was_under_way_and_nothing_else() -> None:
    killed = Fault(at=60.02, hosts=["h"])
    again = [*GOOD[:4], *(replace(one, began=one.began + 25, ended=one.ended + 25) for one in GOOD[3:])]
    assert not [line for line in wrong(again, killed) if "twice" in line]
    assert [line for line in wrong(again) if "twice" in line]


@pytest.mark.torture
@pytest.mark.timeout(1500)
def test_eight_workers_on_four_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """Every source once an interval, every host gently, whoever dies: asserted by the program, see story.py."""
    if reason := machines.impossible():
        pytest.skip(reason)
    command = [sys.executable, "-m", "tests.scaleout"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    with capsys.disabled():
        print(f"\nscale-out: {done.stdout}")  # noqa: T201  the figures are what it is run for
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout)["wrong"] == 0
