"""An upgrade while the version before it runs: its worker and its API go on, on the schema of this version.

The version before is taken from the history of the checkout: the commit before the newest revision of the tables came,
or that which AIWIRE_PREVIOUS names.
"""

import io
import json
import os
import re
import socket
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from store import versions
from store.connect import Connection, connect
from store.migrate import migrate
from store.revisions import folder, newest
from tests import captures
from tests.conftest import CHECKOUT, Server, new_database
from tests.dumps import dump

pytestmark = [pytest.mark.postgres, pytest.mark.torture, pytest.mark.timeout(900)]
# What the version before runs: its own rehearsal, which stops at a gate with its worker and its API alive.
OLD = """
import asyncio, json, sys, time
from pathlib import Path
import rehearsal
from crawler.replay import read_manifest
from crawler.source import bundled_sources

story, home, url, port, gate = sys.argv[1:]
said = []
rehearsal._free_port = lambda: int(port)

def wait(name):
    Path(home, name).touch()
    while not Path(home, name + ".go").exists():
        time.sleep(0.02)

def say(text):
    said.append(text)
    if gate == "gate" and len(said) == 3:
        wait("gate")

manifest = read_manifest(Path(story), bundled_sources())
done = asyncio.run(rehearsal.rehearse(
    manifest, home=Path(home), database_url=url, say=say, show=lambda _: None, linger=lambda site: wait("end")
))
print(json.dumps(done.told))
"""
PAGES = (
    "/", "/sources", "/corrections", "/v1/events", "/v1/prices", "/v1/models", "/v1/deadlines", "/v1/sources",
    "/v1/news", "/v1/funding", "/v1/incidents", "/v1/figures", "/v1/events.csv", "/metrics", "/livez",
)  # fmt: skip


@dataclass(kw_only=True)
class Asked:
    """What an API answered while it was asked without a pause."""

    statuses: dict[int, int] = field(default_factory=dict)
    longest: float = 0.0  # seconds

    def ask(self, site: str, stop: threading.Event) -> None:
        while not stop.is_set():
            began = time.monotonic()
            status = asked(f"{site}/v1/events?limit=5")
            self.longest = max(self.longest, time.monotonic() - began)
            self.statuses[status] = self.statuses.get(status, 0) + 1
            time.sleep(0.02)


def asked(address: str) -> int:
    """The status of the answer; 0 where there is none."""
    try:
        with urlopen(address, timeout=30) as answer:  # noqa: S310  our own address
            answer.read()
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except (URLError, OSError):
        return 0


def git(*words: str) -> bytes:
    done = subprocess.run(["git", "-C", str(CHECKOUT), *words], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"the history of the checkout is not there: git {words[0]}: {done.stderr.decode()[:200]}")
    return done.stdout


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The version before this one, as files."""
    (revision,) = folder().glob(f"versions/{newest()}_*.py")
    came = (
        git("log", "--diff-filter=A", "--format=%H", "-1", "--", str(revision.relative_to(CHECKOUT))).decode().strip()
    )
    if not came and "AIWIRE_PREVIOUS" not in os.environ:
        pytest.skip(f"revision {newest()} is not committed yet: there is no version before it")
    old = tmp_path_factory.mktemp("previous")
    with tarfile.open(fileobj=io.BytesIO(git("archive", os.environ.get("AIWIRE_PREVIOUS", f"{came}^")))) as archive:
        archive.extractall(old, filter="data")
    return old


@contextmanager
def running(old: Path, home: Path, url: str, port: int, *, gate: bool) -> Iterator[subprocess.Popen[str]]:
    """The version before at work on the story; with `gate` it stops in the middle, all of it alive."""
    home.mkdir()
    story = home / "story"
    story.mkdir()
    captures.write(story)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("AIWIRE", "DATABASE"))}
    command = [sys.executable, "-c", OLD, str(story), str(home), url, str(port), "gate" if gate else "-"]
    with (home / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, cwd=old, env=environ | {"PYTHONPATH": str(old)}, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def reached(process: subprocess.Popen[str], file: Path) -> None:
    deadline = time.monotonic() + 300
    while not file.exists():
        assert process.poll() is None, (file.parent / "log").read_text()[-3000:]
        assert time.monotonic() < deadline, f"it does not come to {file.name}"
        time.sleep(0.05)


def test_the_version_before_goes_on_upon_the_schema_of_this_one(
    previous: Path, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with new_database(server, template="template1") as alone, new_database(server, template="template1") as upgraded:
        home = tmp_path / "alone"
        with running(previous, home, alone, free_port(), gate=False) as process:
            reached(process, home / "end")
            (home / "end.go").touch()
            told_alone = json.loads(process.communicate(timeout=120)[0])
        migrate(alone)

        home, port = tmp_path / "upgraded", free_port()
        site = f"http://127.0.0.1:{port}"
        with running(previous, home, upgraded, port, gate=True) as process:
            reached(process, home / "gate")
            with connect(upgraded) as connection:
                assert versions.compared(connection).database == "older"
            usual = answers_of(process, site)
            seconds, applied, during = upgrade(site, upgraded)
            (home / "gate.go").touch()
            reached(process, home / "end")
            answers = answers_of(process, site)
            ready = asked(f"{site}/readyz")
            (home / "end.go").touch()
            told = json.loads(process.communicate(timeout=120)[0])
        with connect(alone) as before, connect(upgraded) as after:
            assert said(after) == said(before), "what it wrote on either schema"
            assert versions.compared(after).database == "same"
    assert told == told_alone, "it tells the same, once"
    assert answers == usual, "what it has not, it had not before"
    assert {answers[page] for page in PAGES if page.startswith("/v1/events")} == {200}
    assert set(during.statuses) == {200}, during
    if "def compared" in (previous / "store" / "versions.py").read_text(encoding="utf-8"):
        assert ready == 200
    with capsys.disabled():
        print(  # noqa: T201  the figures are what it is run for
            f"\nupgrade: {len(applied)} steps in {seconds:.1f} s; meanwhile the API of the version before answered "
            f"{sum(during.statuses.values())} times, {during.statuses}, the slowest in {during.longest * 1000:.0f} ms; "
            f"{len(told)} messages, each once; /readyz {ready}"
        )


def said(connection: Connection) -> list[str]:
    """What the database says. Looks at one instant of a clock that stands are a microsecond apart, in any order."""
    return sorted(re.sub(r"\.00000\d", "", line) for line in dump(connection).splitlines())


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def answers_of(process: subprocess.Popen[str], site: str) -> dict[str, int]:
    """The status of each page, once there is an API."""
    deadline = time.monotonic() + 120
    while asked(f"{site}/livez") != 200:
        assert process.poll() is None
        assert time.monotonic() < deadline, "the API does not answer"
        time.sleep(0.1)
    return {page: asked(site + page) for page in PAGES}


def upgrade(site: str, url: str) -> tuple[float, list[str], Asked]:
    """Migrate while the API of the version before is asked without a pause."""
    during, stop = Asked(), threading.Event()
    asking = threading.Thread(target=during.ask, args=(site, stop))
    asking.start()
    try:
        time.sleep(0.5)
        began = time.monotonic()
        applied = migrate(url)
        seconds = time.monotonic() - began
        time.sleep(0.5)
    finally:
        stop.set()
        asking.join()
    return seconds, applied, during
