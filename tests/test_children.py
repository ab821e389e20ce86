"""A part of aiwire in a process of its own: its log does not grow without bound while it runs."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

import children
from children import Child

WRITER = """
import sys, time
for n in range(400):
    print(f"line {n:05}", file=sys.stderr, flush=True)
    time.sleep(0.002)
"""


def test_a_log_is_put_aside_while_its_part_goes_on_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LARGEST_LOG", 2000)
    child = Child(name="worker", arguments=[], log=tmp_path / "worker.log")
    with child.log.open("ab") as log:
        child.process = subprocess.Popen([sys.executable, "-c", WRITER], stderr=log)
    trimmed, seen = 0, set()
    while child.process.poll() is None:
        child.trim()
        aside = tmp_path / "worker.1"
        if aside.exists():
            seen |= set(aside.read_text().splitlines())
            trimmed += 1
        assert child.log.stat().st_size < 4000
        time.sleep(0.01)
    seen |= set(child.log.read_text().splitlines())
    assert trimmed
    assert "\0" not in child.log.read_text(), "it goes on at the new end, not at the old place"
    assert len({line for line in seen if len(line) == len("line 00000")}) > 350, "what is lost is what came in between"


def test_a_part_without_a_log_is_left_alone(tmp_path: Path) -> None:
    Child(name="worker", arguments=[], log=tmp_path / "nothing" / "worker.log").trim()
    assert list(tmp_path.iterdir()) == []
