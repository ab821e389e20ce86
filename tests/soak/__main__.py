"""`python -m tests.soak --minutes 30 --seed 1 --json FILE` prints a summary; ends with 1 where something is wrong."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.soak import faults, verdicts
from tests.soak.machine import ROOT
from tests.soak.running import Soak

INSIDE = "AIWIRE_SOAK_FOLDER"
NAMESPACE = """
set -e
mount --bind "$AIWIRE_SOAK_FOLDER/hosts" /etc/hosts
mount --bind "$AIWIRE_SOAK_FOLDER/resolv.conf" /etc/resolv.conf
exec "$@"
"""
"""Names resolve by a file of ours, in our processes alone; it is gone with them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sources", type=int, default=40)
    parser.add_argument("--calm", type=float, default=420, help="most seconds to wait for what is awaited at the end")
    parser.add_argument("--json", type=Path, help="a file for all figures")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the database and the logs")
    given = parser.parse_args(arguments)
    inside = os.environ.pop(INSIDE, None)
    folder = Path(inside or tempfile.mkdtemp(prefix="aiwire-soak-"))
    folder.chmod(0o711)
    if inside is None and _may_have_names():
        return _again_inside(folder, sys.argv[1:] if arguments is None else arguments)
    try:
        found = soak(folder, given, hosts=folder / "hosts" if inside else None)
    finally:
        if given.keep:
            _say(f"everything is in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    problems = verdicts.wrong(found)
    if given.json:
        given.json.write_text(json.dumps({"wrong": problems, **found}, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(verdicts.summary(found) + "\n")
    for problem in problems:
        _say(f"WRONG: {problem}")
    return int(bool(problems))


def soak(folder: Path, given: argparse.Namespace, *, hosts: Path | None) -> dict[str, object]:
    """Run, and stop everything whatever comes."""
    home = folder / "home"
    home.mkdir(mode=0o711)
    seconds = given.minutes * 60
    planned = faults.plan(given.seed, seconds, names=hosts is not None)
    running = Soak(home=home, seed=given.seed, sources=given.sources, planned=planned, say=_say, hosts_file=hosts)
    codes: dict[str, dict[str, float | int | None]] = {}
    try:
        running.begin()
        began = time.monotonic()
        running.run(seconds)
        quiet = running.calm(given.calm)
        took = time.monotonic() - began
        rebuilt = _rebuild(running)
    finally:
        codes = running.machine.end()
    return verdicts.figures(running, seconds=took, quiet=quiet, rebuilt=rebuilt, codes=codes)


def _rebuild(running: Soak) -> str:
    """What reading and folding everything anew would change: nothing, where no kill left a mark."""
    program = running.machine.programs["second worker"]
    done = subprocess.run(
        [sys.executable, "-m", "cli", "rebuild"],
        env=program.environ, cwd=running.home, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if "nothing changed" not in line]
    return "\n".join([*lines, *([] if done.returncode == 0 else [done.stderr[-800:]])])[:2000]


def _may_have_names() -> bool:
    """Whether names can be taken away from processes of ours alone: on Linux, for root."""
    return os.geteuid() == 0 and shutil.which("unshare") is not None


def _again_inside(folder: Path, arguments: Sequence[str]) -> int:
    (folder / "hosts").write_text("127.0.0.1 localhost\n", encoding="utf-8")
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", encoding="utf-8")
    command = ["unshare", "--mount", "bash", "-c", NAMESPACE, "soak", sys.executable, "-m", "tests.soak", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, INSIDE: str(folder)}, check=False).returncode


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
