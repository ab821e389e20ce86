"""Machines of a rehearsal: network namespaces, each with an address of its own and nothing but a cable to ours.

What they can reach are the addresses of our side: the database at 10.91.N.1, and every address of 10.90.0.0/16, all of
which are taken by whatever listens here. No name is given to anything, so that nothing is left when the processes end.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SITES = "10.90"  # 10.90.X.Y: the sites that are watched
CABLES = "10.91"  # 10.91.N.1 is our end of the cable to machine N, 10.91.N.2 the other


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """A namespace, kept by a process that sleeps in it."""

    number: int
    keeper: int

    @property
    def here(self) -> str:
        """Our address as the machine reaches us."""
        return f"{CABLES}.{self.number}.1"

    def run(self, command: Sequence[str], environ: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
        """A process on the machine; signals reach it and not some wrapper."""
        with log.open("ab") as out:
            return subprocess.Popen([*self.into, *command], env=dict(environ), stdout=out, stderr=out)

    def shell(self, script: str) -> None:
        """Run a line there."""
        subprocess.run([*self.into, "sh", "-ec", script], check=True)

    @property
    def into(self) -> list[str]:
        """What a command is to begin with to run there."""
        return ["nsenter", "--target", str(self.keeper), "--net"]


def impossible() -> str | None:
    """Why there can be no machines here; None: there can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "network namespaces need Linux and root"
    try:
        tried = subprocess.run(
            ["unshare", "--net", "sh", "-c", "ip link set lo up && ip link add a0 type veth peer name a1"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except FileNotFoundError as error:
        return f"network namespaces need the programs unshare and ip: {error}"
    if tried.returncode != 0:
        return f"the kernel refuses network namespaces: {tried.stderr.strip()}"
    return None


def leave_the_network() -> None:
    """Start this program again in a namespace of its own, unless it is in one: nothing here reaches the machine's."""
    if os.environ.get("AIWIRE_SCALEOUT") != "apart":
        os.environ["AIWIRE_SCALEOUT"] = "apart"
        os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.orig_argv[1:]])  # noqa: S606
    subprocess.run(
        ["sh", "-ec", f"ip link set lo up; ip route add local {SITES}.0.0/16 dev lo"], check=True
    )  # every address of the sites is ours


@contextmanager
def machines(count: int) -> Iterator[list[Machine]]:
    """So many machines, with their cables."""
    keepers: list[subprocess.Popen[bytes]] = []
    try:
        found = []
        for number in range(count):
            keepers.append(subprocess.Popen(["unshare", "--net", "sleep", "infinity"]))
            found.append(Machine(number=number, keeper=keepers[-1].pid))
            _lay_cable(found[-1])
        yield found
    finally:
        for keeper in keepers:
            keeper.kill()
            keeper.wait()


def _lay_cable(machine: Machine) -> None:
    ours = Path("/proc/self/ns/net").readlink()
    while Path(f"/proc/{machine.keeper}/ns/net").readlink() == ours:  # it has not left us yet
        time.sleep(0.01)
    here, there = machine.here, f"{CABLES}.{machine.number}.2"
    script = (
        f"ip link add v{machine.number} type veth peer name cable netns {machine.keeper};"
        f"ip addr add {here}/24 dev v{machine.number}; ip link set v{machine.number} up"
    )
    subprocess.run(["sh", "-ec", script], check=True)
    machine.shell(
        f"ip link set lo up; ip addr add {there}/24 dev cable; ip link set cable up; ip route add default via {here}"
    )
