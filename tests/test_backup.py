"""Backup and restore as docs/operations.md says, command by command: the restored wire is the same, and goes on."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from configuration import load_configuration
from crawler.replay import read_manifest
from rehearsal import Outcome, rehearse
from store import embedded
from store.connect import connect, connect_reader
from tests import captures
from tests.conftest import CHECKOUT
from tests.dumps import dump

pytestmark = [pytest.mark.postgres, pytest.mark.torture, pytest.mark.timeout(900)]
BEFORE, AFTER = captures.STORY[:4], captures.STORY[4:]
DOCS = CHECKOUT / "docs" / "operations.md"
# The story's pages are smaller than what is expected of the real ones: sources of the same names without that.
OWN = "".join(
    f'[[source]]\nid = "{id}"\nprovider = "anthropic"\nkind = "{kind}"\nurl = "{url}"\nevery = "1h"\n'
    for id, kind, url in (
        ("anthropic-pricing", "pricing", captures.PRICING), ("anthropic-lifecycle", "lifecycle", captures.LIFECYCLE)
    )
)  # fmt: skip
COUNTS = (
    "SELECT count(*) FROM timeline.price_history", "SELECT count(*) FROM timeline.model_history",
    "SELECT count(*) FROM timeline.events", "SELECT count(*) FROM timeline.snapshots",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A machine as a person has it: a home, a checkout with an environment, and nothing else."""

    folder: Path

    @property
    def home(self) -> Path:
        """AIWIRE_HOME, as it is unless set."""
        return self.folder / ".local" / "share" / "aiwire"

    def sh(self, script: str) -> str:
        """What a person would type. Raises where a command fails."""
        environ = {
            name: value for name, value in os.environ.items() if not name.startswith(("AIWIRE", "PG", "DATABASE"))
        }
        environ |= {"HOME": str(self.folder), "PYTHONPATH": str(CHECKOUT)}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder, env=environ, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def watch(self, story: tuple[tuple[str, str, str], ...], *, meanwhile: Callable[[], None]) -> Counter[str]:
        """Run the wire over these captures; the ids of what was told. `meanwhile` runs while all of it does."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        file = self.home / "aiwire.toml"
        sources = load_configuration({"AIWIRE_HOME": str(self.home)}, file=file).sources
        manifest = read_manifest(captures.write(folder, story), sources)
        outcome: Outcome = asyncio.run(
            rehearse(
                manifest, home=folder, database_url=embedded.start(self.home).url, say=lambda _: None,
                show=lambda _: None, file=file, linger=lambda _: meanwhile(),
            )
        )  # fmt: skip
        return Counter(outcome.told)


@pytest.fixture
def machines() -> Iterator[tuple[Machine, Machine]]:
    ground = Path(tempfile.mkdtemp(prefix="aiwire-backup-"))
    ground.chmod(0o755)  # as root the server runs as another user
    made = []
    for name in ("one", "other"):
        folder = ground / name
        (folder / ".venv" / "bin").mkdir(parents=True)
        command = folder / ".venv" / "bin" / "aiwire"
        command.write_text(f'#!/bin/sh\nexec {sys.executable} -m cli "$@"\n', encoding="utf-8")
        command.chmod(0o755)
        packages = Path(embedded.binaries(folder)).parents[2]
        (folder / ".venv" / "lib").symlink_to(packages.parents[1])
        made.append(Machine(folder=folder))
        made[-1].home.mkdir(parents=True, mode=0o755)
        (made[-1].home / "aiwire.toml").write_text(OWN, encoding="utf-8")
    try:
        yield made[0], made[1]
    finally:
        for machine in made:
            embedded.stop(machine.home)
        shutil.rmtree(ground)


def recipes() -> tuple[str, str]:
    """The two scripts of the documentation: backup and restore."""
    part = DOCS.read_text(encoding="utf-8").partition("## Backup, restore, moving")[2].partition("\n## ")[0]
    backup, restore = re.findall(r"```sh\n(.*?)```", part, re.DOTALL)
    return backup, restore


def test_the_restored_wire_is_the_same_and_tells_nothing_twice(
    machines: tuple[Machine, Machine], capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = machines
    backup, restore = recipes()
    seconds: dict[str, float] = {}

    def timed(what: str, machine: Machine, script: str) -> str:
        began = time.monotonic()
        said = machine.sh(script)
        seconds[what] = round(time.monotonic() - began, 1)
        return said

    def save() -> None:
        timed("backup", one, backup)
        with connect(embedded.start(one.home).url) as connection:
            told_before.append(dump(connection))

    told_before: list[str] = []
    first = one.watch(BEFORE, meanwhile=save)
    size = (one.folder / "aiwire.dump").stat().st_size
    shutil.copy(one.folder / "aiwire.dump", other.folder / "aiwire.dump")
    rebuilt = timed("restore and rebuild", other, restore)
    running = embedded.start(other.home)
    with connect(running.url) as connection, connect_reader(running.reader_url) as reader:
        assert dump(connection) == told_before[0], "facts, events and captures"
        assert ["nothing changed" in line for line in rebuilt.splitlines()] == [True, True], rebuilt
        for query in COUNTS:
            assert reader.execute(query.encode()).fetchone() == connection.execute(query.encode()).fetchone()
    then = one.watch(AFTER, meanwhile=lambda: None)  # what would have happened
    again = other.watch(AFTER, meanwhile=lambda: None)  # what happens after the restore
    assert first and then
    assert not set(first) & set(again), "told before the backup, told again"
    assert again == then, "the same is told, and with the same ids"
    with connect(embedded.start(one.home).url) as was, connect(embedded.start(other.home).url) as now:
        assert dump(now) == dump(was)
    with capsys.disabled():
        print(f"\nbackup: {size / 2**20:.2f} MiB, {seconds}, {len(first)} told before, {len(again)} after")  # noqa: T201
