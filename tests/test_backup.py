"""Backup and restore as docs/operations.md says, command by command: the restored wire is the same, and goes on."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from configuration import load_configuration
from crawler.replay import read_manifest
from rehearsal import Outcome, rehearse
from store import clusters, embedded
from store.connect import connect, connect_reader
from tests import captures
from tests.conftest import CHECKOUT
from tests.dumps import dump
from tests.test_upgrade import free_port, said

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
        assert "NOTICE" not in done.stderr, "a restore that is well says nothing of what it does"
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


def recipes(heading: str = "## Backup, restore, moving") -> list[str]:
    """The scripts of a part of the documentation; of backups these are backup and restore."""
    part = DOCS.read_text(encoding="utf-8").partition(f"\n{heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", part, re.DOTALL)


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
        assert said(now) == said(was)
    with capsys.disabled():
        print(f"\nbackup: {size / 2**20:.2f} MiB, {seconds}, {len(first)} told before, {len(again)} after")  # noqa: T201


def former() -> Path | None:
    """The programs of another major of Postgres than the embedded one, where this machine has them."""
    mine = int((embedded.status(Path("/nowhere")).version).partition(".")[0])
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if 15 <= int(path.parent.name) < mine]
    return max(found, default=None, key=lambda path: int(path.parent.name))


@contextmanager
def served(programs: Path, machine: Machine) -> Iterator[str]:
    """A cluster of the former major where the embedded one keeps its own, running; the URL of its database."""
    place = machine.home / "postgres"
    cluster = place / "cluster"
    cluster.mkdir(parents=True)
    user = clusters.RUN_AS[-1] if os.geteuid() == 0 else None
    if user:
        shutil.chown(cluster, user)
    options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories= -p {free_port()}"

    def run(*words: str) -> None:
        subprocess.run(words, check=True, cwd="/", user=user, stdout=subprocess.DEVNULL, timeout=120)

    run(str(programs / "initdb"), "-D", str(cluster / "data"), "-U", "aiwire", "-A", "trust", "-E", "UTF8", "--no-sync")
    control = (str(programs / "pg_ctl"), "-D", str(cluster / "data"), "-w")
    run(*control, "-l", str(cluster / "log"), "-o", options, "start")
    try:
        url = f"postgresql://aiwire@127.0.0.1:{options.rpartition(' ')[2]}/"
        with connect(f"{url}postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE aiwire")
        yield f"{url}aiwire"
    finally:
        run(*control, "-m", "fast", "stop")


def test_the_files_of_a_former_major_are_refused_explained_and_moved(
    machines: tuple[Machine, Machine], capsys: pytest.CaptureFixture[str]
) -> None:
    programs = former()
    if programs is None:
        pytest.skip("no former major of Postgres is installed under /usr/lib/postgresql")
    one, _ = machines
    _, restore = recipes()
    story = captures.write(Path(tempfile.mkdtemp(dir=one.folder)))
    with served(programs, one) as url:
        one.sh(f".venv/bin/aiwire replay {story} --into {url} --json")
        one.sh(f"{programs}/pg_dump --format=custom --file=aiwire.dump {url}")
        with connect(url) as connection:
            before = dump(connection)
    refused = one.sh(".venv/bin/aiwire migrate 2>&1 || true")
    assert f"was written by Postgres {programs.parent.name}, and the binaries installed are" in refused
    explained = one.sh(".venv/bin/aiwire doctor --json || true")
    (found,) = [row for row in map(json.loads, explained.splitlines()) if row["check"] == "database"]
    assert (found["result"], "dump" in found["do"]) == ("bad", True)
    assert (one.home / "postgres" / "cluster" / "data" / "PG_VERSION").read_text().strip() == programs.parent.name
    (aside,) = recipes("### Another major of Postgres")
    began = time.monotonic()
    rebuilt = one.sh(aside + restore)
    seconds = time.monotonic() - began
    assert ["nothing changed" in line for line in rebuilt.splitlines()] == [True, True], rebuilt
    with connect(embedded.start(one.home).url) as connection:
        assert dump(connection) == before
    with capsys.disabled():
        print(f"\nfrom Postgres {programs.parent.name}: restored and rebuilt in {seconds:.1f} s")  # noqa: T201
