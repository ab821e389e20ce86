"""Where the benchmarks run: throw-away databases and servers of this machine, gone at the end. No network."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from store import embedded, migrate


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A migrated database of its own server."""

    home: Path
    url: str = field(repr=False)
    reader_url: str = field(repr=False)
    pid: int  # of the server

    def cpu(self) -> float:
        """CPU seconds of the whole server so far, in steps of about 10 ms: measure many repetitions at once."""
        server = psutil.Process(self.pid)
        own = server.cpu_times()
        total = own.user + own.system + own.children_user + own.children_system
        for child in server.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                times = child.cpu_times()
                total += times.user + times.system
        return float(total)


@contextlib.contextmanager
def database(*, durable: bool = False) -> Iterator[Ground]:
    """A server in a folder of its own. `durable`: it waits for the disk at every commit, as in real life."""
    with folder() as home:
        running = embedded.start(home, scratch=not durable)
        try:
            migrate.migrate(running.url)
            pid = embedded.status(home).pid
            assert pid is not None
            yield Ground(home=home, url=running.url, reader_url=running.reader_url, pid=pid)
        finally:
            embedded.stop(home)


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A throw-away folder that the user of a database server may enter."""
    home = Path(tempfile.mkdtemp(prefix="aiwire-bench-"))
    home.chmod(0o711)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def origin(pages: Mapping[str, str]) -> Iterator[str]:
    """A web server in a process of its own, so that its CPU time is not ours; gives its `host:port`.

    `pages` are texts by path (of its own address) or URL.
    """
    command = [sys.executable, "-m", "bench.origin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(dict(pages)) + "\n")
            process.stdin.flush()
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@contextlib.contextmanager
def server(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[psutil.Popen]:
    """A process of aiwire, ended with SIGTERM."""
    with log.open("ab") as out, psutil.Popen(command, env=dict(environment), stdout=out, stderr=out) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(20)
            except psutil.TimeoutExpired:
                process.kill()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
