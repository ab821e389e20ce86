"""The soak itself: changes, faults and looks in turns, then quiet until everything is told."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from store import clusters, embedded
from tests.soak import healing
from tests.soak import receiver as receivers
from tests.soak.faults import MACHINE, NAMES, RECEIVER, Fault, Planned
from tests.soak.machine import Machine, free_port
from tests.soak.origin import Origin
from tests.soak.pages import Expected, pages
from tests.soak.receiver import OPERATIONS, Channel
from tests.soak.watching import Watch

HURRY = 15.0  # seconds between two looks at a source that is well: the least interval people may set is a minute
STEP = 0.1
LOOKS, SAMPLES, CHANGES = 1.0, 3.0, 2.0  # seconds between two of these
LATE = 2.0  # seconds past its time from which on a source counts as waiting


@dataclass(kw_only=True)
class Soak:
    """One run."""

    home: Path
    seed: int
    sources: int
    planned: list[Planned]
    say: Callable[[str], None]
    hosts_file: Path | None = None  # what names resolve by, where it can be changed
    faults: list[Fault] = field(default_factory=list)
    received: list[Expected] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)  # messages that tell nothing that was so
    ready: dict[int, float] = field(default_factory=dict)  # when each API last said that it is
    unready: dict[int, int] = field(default_factory=dict)
    hidden: dict[str, float] = field(default_factory=dict)  # hosts whose name does not resolve, and until when
    loads: list[float] = field(default_factory=list)
    _read: int = 0  # messages looked at

    def __post_init__(self) -> None:
        self.chance = random.Random(f"soak {self.seed}")
        self.pages = pages(self.seed, self.sources)
        names = {source: self._host(number // 2) for number, source in enumerate(self.pages)}
        self.origin = Origin(pages=self.pages, hosts=names, chance=random.Random(f"origin {self.seed}")).start()
        self.hosts = names
        self.channel = Channel(chance=random.Random(f"channel {self.seed}"), port=0)
        self.channel.open()
        self.machine = Machine(home=self.home, port=free_port(), second_port=free_port())
        self.watch = Watch(url=self._url, hurry=HURRY)
        self.changes = 0
        self._write_hosts()
        (self.home / "aiwire.toml").write_text(self._configuration(), encoding="utf-8")

    def _url(self) -> str:
        """Of the database, without starting it: that is the supervisor's to do."""
        place = clusters.find(self.home, embedded.ELSEWHERE)
        password = (place.folder / "owner.password").read_text(encoding="utf-8").strip()
        port = embedded.status(self.home).port
        return f"postgresql://{embedded.OWNER}:{password}@127.0.0.1:{port}/{embedded.DATABASE}"

    def _host(self, number: int) -> str:
        return f"h{number}.soak.test" if self.hosts_file else f"127.0.1.{number + 1}"

    def _configuration(self) -> str:
        port = self.origin.port
        allowed = ", ".join(f'"{host}:{port}"' for host in sorted(set(self.hosts.values())))
        slack = f"127.0.0.1:{self.channel.port}"
        parts = [f"[crawler]\nbundled = false\nallow_hosts = [{allowed}]\n"]
        for name, kinds in (("finops", '"price.*", "model.*", "news.published"'), (OPERATIONS, '"source.*", "wire.*"')):
            hook = f"http://{slack}/services/T0/B0/{name}"
            parts.append(
                f'[[receiver]]\nname = "{name}"\n'
                f'slack = {{ webhook = "{hook}", allow_hosts = ["{slack}"], timeout = "{receivers.TIMEOUT:.0f}s" }}\n'
                f'[[route]]\nreceiver = "{name}"\nkinds = [{kinds}]\nwait = "3s"\n'
            )
        for source, page in self.pages.items():
            parts.append(
                f'[[source]]\nid = "{source}"\nprovider = "{source.partition("-")[0]}"\nkind = "{page.kind}"\n'
                f'url = "http://{self.hosts[source]}:{port}/{source}"\nevery = "1m"\ntrust = "official"\n'
            )
        return "\n".join(parts)

    def _write_hosts(self) -> None:
        if self.hosts_file is not None:
            names = sorted({host for host in self.hosts.values() if host not in self.hidden})
            lines = ["127.0.0.1 localhost", *(f"127.0.0.1 {name}" for name in names)]
            self.hosts_file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    # ------------------------------------------------------------- phases

    def begin(self, seconds: float = 180) -> None:
        """Start everything and wait until each source was read once."""
        self.machine.programs["up"].tend()
        self._until((self.home / "log" / "worker.log").exists, 60)  # the database is there
        threading.Thread(target=self._ask_ready, daemon=True, name="ready").start()
        began = time.monotonic()
        while not (self.watch.look() and len(self._good()) == self.sources):
            if time.monotonic() - began > seconds:
                raise RuntimeError(f"after {seconds} s only {len(self._good())} of {self.sources} sources were read")
            self.machine.tend()
            time.sleep(0.5)
        self.say(f"{self.sources} sources read once; {time.monotonic() - self.machine.began:.0f} s since the start")

    def run(self, seconds: float) -> None:
        """Changes and faults for so many seconds."""
        began = time.monotonic()
        self.watch.sessions.clear()
        waiting = list(self.planned)
        timers = dict.fromkeys(("look", "sample", "change"), 0.0)
        while (now := time.monotonic() - began) < seconds:
            self.machine.tend()
            while waiting and waiting[0].at <= now:
                self._inflict(waiting.pop(0))
            self._clear(time.time())
            self._turn(timers, now, changes=True)
            time.sleep(STEP)

    def calm(self, seconds: float) -> bool:
        """Everything well; wait until all that happened is told. Whether it was in so many seconds."""
        self._clear(float("inf"))
        self.origin.heal()
        self.say(f"calm: {len(self.watch.awaited)} events and {self.watch.pending} messages are awaited")
        began, timers = time.monotonic(), dict.fromkeys(("look", "sample", "change"), 0.0)
        while (now := time.monotonic() - began) < seconds:
            self.machine.tend()
            self._turn(timers, now, changes=False)
            if self._over():
                return True
            time.sleep(STEP)
        return False

    def _over(self) -> bool:
        told = not self.watch.missed() and not self._untold() and not self.watch.pending
        return told and len(self._good()) == self.sources and all(one.well_at for one in self.faults if one.seen)

    def _turn(self, timers: dict[str, float], now: float, *, changes: bool) -> None:
        if now >= timers["look"]:
            timers["look"] = now + LOOKS
            self.watch.look()
            self._read_messages()
            healing.judge(self)
        if now >= timers["sample"]:
            timers["sample"] = now + SAMPLES
            self.machine.sample()
            self.loads.append(os.getloadavg()[0])
        if changes and now >= timers["change"]:
            timers["change"] = now + CHANGES
            self._change()

    def _good(self) -> list[str]:
        return [source for source, state in self.watch.states.items() if state.health == "ok"]

    def _until(self, true: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                raise RuntimeError((self.home / "up.log").read_text(errors="replace")[-2000:])
            time.sleep(0.1)

    # ------------------------------------------------------------- truth

    def _change(self) -> None:
        """One page changes: one whose former change was recorded, and none of its subjects that was not told."""
        behind = {one.source for one in self.watch.awaited}
        free = [source for source in self.pages if source not in behind]
        if not free:
            return
        source = self.chance.choice(free)
        busy = frozenset(one.subject for one in self._untold() if one.source == source)
        self.watch.expect(self.pages[source].change(source, busy, datetime.now(UTC)))
        self.changes += 1

    def _untold(self) -> list[Expected]:
        return [one for one in self.watch.happened.values() if one.received_at is None]

    def _read_messages(self) -> None:
        with self.channel.lock:
            fresh = list(zip(self.channel.messages, self.channel.arrived, strict=True))[self._read :]
        for message, at in fresh:
            self._read += 1
            if message.path.endswith(OPERATIONS):
                continue
            everything = [*self.watch.awaited, *self.watch.happened.values()]
            found = receivers.tells(message, everything)
            for one in found:
                one.received_at = one.received_at or datetime.fromtimestamp(at, UTC)
            if not found:
                self.unexpected.append(message.text[:300])

    # ------------------------------------------------------------- faults

    def _inflict(self, planned: Planned) -> None:
        if planned.kind in MACHINE:
            fault = self._of_machine(planned)
        elif planned.kind in RECEIVER:
            fault = self._of_receiver(planned)
        else:
            fault = self._of_site(planned)
        if fault is not None:
            self.faults.append(fault)

    def _of_machine(self, planned: Planned) -> Fault | None:
        kind, machine, pid, target = planned.kind, self.machine, None, ""
        if kind.startswith("database"):
            done = self._hurt_database(kind)
        elif kind == "supervisor killed":
            process = machine.programs["up"].process
            pid = process.pid if process is not None and process.poll() is None else None
            done = machine.kill(pid)
        else:
            pid = machine.child("serve" if kind == "api killed" else "worker")
            done = machine.kill(pid, signal.SIGTERM if kind == "worker told to end" else signal.SIGKILL)
        now = time.time()
        return Fault(kind=kind, target=target, at=now, pid=pid, cleared_at=now) if done else None

    def _hurt_database(self, kind: str) -> bool:
        if kind == "database restarted":
            return embedded.stop(self.home)
        pid = embedded.status(self.home).pid
        if pid is None:
            return False
        if kind == "database killed":
            os.kill(pid, signal.SIGKILL)
            return True
        if kind == "database backend killed":
            others = [
                one for one in clusters.server_processes(clusters.find(self.home, embedded.ELSEWHERE)) if one != pid
            ]
            return bool(others) and self.machine.kill(self.chance.choice(others))
        try:
            self.watch.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name <> 'soak' AND datname = current_database()"
            )
        except Exception:
            return False
        return True

    def _of_receiver(self, planned: Planned) -> Fault | None:
        if self.channel.mood:
            return None
        self.channel.turn(planned.kind)
        now = time.time()
        return Fault(kind=planned.kind, target="", at=now, cleared_at=now + planned.seconds)

    def _of_site(self, planned: Planned) -> Fault | None:
        """Only where all of the host is well: each fault is to be seen by itself."""
        ill = {self.hosts[source] for source in self.pages if self.origin.is_ill(source)} | set(self.hidden)
        well = [
            source for source, host in self.hosts.items()
            if host not in ill and self.watch.states[source].health == "ok"
        ]  # fmt: skip
        if not well:
            return None
        source = well[planned.number % len(well)]
        if planned.kind == NAMES:
            self.hidden[self.hosts[source]] = time.time() + planned.seconds + 40
            self._write_hosts()
        else:
            self.origin.fall_ill(source, planned.kind, planned.answers, 75)
        return Fault(kind=planned.kind, target=source, at=time.time())

    def _clear(self, now: float) -> None:
        """Take away the causes whose time is up."""
        for host, until in list(self.hidden.items()):
            if now >= until:
                del self.hidden[host]
                self._write_hosts()
        for fault in self.faults:
            if fault.kind in RECEIVER and self.channel.mood == fault.kind and now >= (fault.cleared_at or 0):
                fault.cleared_at = time.time()
                self.channel.turn("")

    def _ask_ready(self) -> None:
        while True:
            for port in (self.machine.port, self.machine.second_port):
                try:
                    with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=3):
                        self.ready[port] = time.time()
                except (URLError, OSError, TimeoutError):
                    self.unready[port] = self.unready.get(port, 0) + 1
            time.sleep(0.5)
