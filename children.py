"""A part of aiwire in a process of its own: started, started again when it dies, and stopped."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

RESTART_SECONDS = (1, 2, 5, 15, 30)
STEADY_SECONDS = 120  # a part that ran this long begins anew with the short pauses
LARGEST_LOG = 10 * 2**20  # bytes: a larger log is put aside, and one is kept

Say = Callable[[str], None]


@dataclass(kw_only=True)
class Child:
    """A part of aiwire in a process of its own, started again when it dies."""

    name: str
    arguments: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0  # monotonic seconds
    restart_at: float = 0.0

    def start(self) -> None:
        """Start it with its log appended to; what it prints for people goes to our own output."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.trim()
        self.started_at = time.monotonic()
        command = [sys.executable, "-m", "cli", *self.arguments, "--parent", str(os.getpid())]
        former = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # inherited: not to die of it before it can listen
        try:
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(command, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        finally:
            signal.signal(signal.SIGHUP, former)

    def tend(self, say: Say) -> None:
        """Start it again, after a pause that grows, when it has died; keep its log from growing without bound."""
        self.trim()
        if self.process is None or self.process.poll() is None:
            if self.process is None and time.monotonic() >= self.restart_at:
                self.start()
            return
        if time.monotonic() - self.started_at > STEADY_SECONDS:
            self.deaths = 0
        pause = RESTART_SECONDS[min(self.deaths, len(RESTART_SECONDS) - 1)]
        say(f"{self.name} ended (exit {self.process.returncode}); starting it again in {pause} s. Its log: {self.log}")
        self.deaths += 1
        self.process, self.restart_at = None, time.monotonic() + pause

    def trim(self) -> None:
        """Put its log aside when it is large: copied and emptied, as the part holds it open and goes on at its end."""
        with contextlib.suppress(OSError):  # no log yet, or a full disk: then it is better to go on
            if self.log.stat().st_size > LARGEST_LOG:
                shutil.copyfile(self.log, self.log.with_suffix(".1"))
                os.truncate(self.log, 0)

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal: SIGTERM asks it to drain and end, SIGHUP to read the configuration again."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def reap(self, deadline: float) -> None:
        """Wait for its end until `deadline` (monotonic seconds), then kill it."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
