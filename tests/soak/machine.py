"""The processes: the whole system under its supervisor, a second worker and API beside it, and what they take."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from store import clusters, embedded

ROOT = Path(__file__).resolve().parent.parent.parent
RESTART_SECONDS = 2.0
ROLES = ("supervisor", "worker", "api", "second worker", "second api", "postgres")
"""The second worker, with clocks of its own, and the second API are never killed: their memory shows what leaks."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What one process (of Postgres: all of them) takes at a moment."""

    at: float  # seconds since the soak began
    role: str
    pid: int
    anonymous: float  # MB of memory of its own
    files: int  # open descriptors
    threads: int


@dataclass(kw_only=True)
class Program:
    """A command that is started again whenever it ends, as systemd would."""

    name: str
    arguments: list[str]
    environ: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    next_start: float = 0.0

    def tend(self) -> None:
        """Start it, and again where it ended."""
        if self.process is not None and self.process.poll() is not None:
            self.process, self.next_start = None, time.monotonic() + RESTART_SECONDS
        if self.process is None and time.monotonic() >= self.next_start:
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "cli", *self.arguments],
                    env=self.environ, cwd=self.log.parent, stderr=log, stdout=log, start_new_session=True,
                )  # fmt: skip
            self.starts += 1

    def end(self, seconds: float = 20) -> int | None:
        """Ask it to end; its exit code, None where it had to be killed."""
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None


@dataclass(kw_only=True)
class Machine:
    """Everything that runs on one home."""

    home: Path
    port: int
    second_port: int
    programs: dict[str, Program] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        environ = {name: text for name, text in os.environ.items() if not name.startswith(("AIWIRE_", "DATABASE_"))}
        environ |= {"AIWIRE_HOME": str(self.home), "PYTHONPATH": str(ROOT)}
        for name, arguments, port in (
            ("up", ["up"], self.port),
            ("second worker", ["worker", "--with-scheduler"], self.port),
            ("second api", ["serve"], self.second_port),
        ):
            own = {**environ, "AIWIRE_PORT": str(port)}
            log = self.home / f"{name.replace(' ', '-')}.log"
            self.programs[name] = Program(name=name, arguments=arguments, environ=own, log=log)

    def tend(self) -> None:
        """Start what ended."""
        for program in self.programs.values():
            program.tend()

    def child(self, verb: str) -> int | None:
        """The pid of a part under the supervisor."""
        up = self.programs["up"].process
        return next((pid for pid in children(up.pid) if verb in command(pid)), None) if up is not None else None

    def pids(self) -> dict[str, list[int]]:
        """The processes of each role."""
        found: dict[str, list[int]] = {}
        for role, name in (("supervisor", "up"), ("second worker", "second worker"), ("second api", "second api")):
            process = self.programs[name].process
            found[role] = [process.pid] if process is not None and process.poll() is None else []
        for role, verb in (("worker", "worker"), ("api", "serve")):
            pid = self.child(verb)
            found[role] = [] if pid is None else [pid]
        found["postgres"] = clusters.server_processes(clusters.find(self.home, embedded.ELSEWHERE))
        return found

    def sample(self) -> None:
        """Note what each takes now."""
        at = time.monotonic() - self.began
        for role, pids in self.pids().items():
            taken = [found for pid in pids if (found := takes(pid))]
            if taken:
                anonymous, files, threads = (sum(one[n] for one in taken) for n in range(3))
                self.samples.append(
                    Sample(at=at, role=role, pid=pids[0], anonymous=anonymous, files=int(files), threads=int(threads))
                )

    def kill(self, pid: int | None, number: signal.Signals = signal.SIGKILL) -> bool:
        """Send a signal; whether there was somebody to take it."""
        if pid is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
            return True
        return False

    def end(self) -> dict[str, dict[str, float | int | None]]:
        """Stop everything, the database last; of each program its exit code and the seconds it took."""
        found: dict[str, dict[str, float | int | None]] = {}
        for name in ("second api", "second worker", "up"):
            began = time.monotonic()
            code = self.programs[name].end()
            found[name] = {"code": code, "seconds": round(time.monotonic() - began, 1)}
        embedded.stop(self.home)
        return found

    def left(self) -> list[str]:
        """Processes of this home that still run."""
        return [command(pid) for pid in every() if f"AIWIRE_HOME={self.home}" in environment(pid)]


def children(pid: int) -> list[int]:
    """The pids of a process's children."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]
    except OSError:
        return []


def command(pid: int) -> str:
    """The command line of a process; empty where it is gone or a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except OSError:
        return ""


def environment(pid: int) -> list[str]:
    """The environment of a process, one setting each."""
    try:
        return Path(f"/proc/{pid}/environ").read_text(encoding="utf-8", errors="replace").split("\0")
    except OSError:
        return []


def every() -> Iterator[int]:
    """All processes but this one."""
    for entry in Path("/proc").glob("[0-9]*"):
        if int(entry.name) != os.getpid():
            yield int(entry.name)


def takes(pid: int) -> tuple[float, int, int] | None:
    """MB of its own memory, open descriptors and threads of a process; None where it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return None
    said = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    if "RssAnon" not in said:
        return None
    return int(said["RssAnon"].split()[0]) / 1024, files, int(said["Threads"])


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
