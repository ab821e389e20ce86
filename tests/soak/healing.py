"""When a fault is over: the processes are there, the site was read well, what waited was made up for."""

import time
from typing import TYPE_CHECKING

from tests.soak.faults import MACHINE, NAMES, RECEIVER, Fault
from tests.soak.watching import State

if TYPE_CHECKING:
    from tests.soak.running import Soak


def judge(soak: "Soak") -> None:
    """Note of each fault whether all is well again, and when what had waited was made up for."""
    now = time.time()
    for fault in soak.faults:
        if fault.well_at is None and fault.seen:
            if fault.kind in MACHINE:
                well = _machine_is_well(soak, fault)
            elif fault.kind in RECEIVER:
                well = not soak.channel.mood and soak.watch.oldest > (fault.cleared_at or now)
            else:
                well = _site_is_well(soak, fault)
            fault.well_at = now if well else None
        if fault.kind in MACHINE and fault.well_at and fault.caught_up_at is None and not _any_waits(soak, fault.at):
            fault.caught_up_at = now


def _machine_is_well(soak: "Soak", fault: Fault) -> bool:
    """The processes are there, both APIs ready, and a page was fetched and recorded since."""
    pids = soak.machine.pids()
    fetched = any(state.good > fault.at for state in soak.watch.states.values())
    ready = all(soak.ready.get(port, 0) > fault.at for port in (soak.machine.port, soak.machine.second_port))
    there = all(pids[role] and fault.pid not in pids[role] for role in ("supervisor", "worker", "api"))
    return fetched and ready and there


def _site_is_well(soak: "Soak", fault: Fault) -> bool:
    """The source was read well after the last bad answer, or the end of its time."""
    state = soak.watch.states[fault.target]
    if fault.cleared_at is None:
        if fault.kind == NAMES:
            over = soak.hosts[fault.target] not in soak.hidden
            fault.cleared_at = time.time() if over else None
        elif not soak.origin.is_ill(fault.target):
            fault.cleared_at = soak.origin.well_since.get(fault.target, time.time())
        return False
    return state.good > fault.cleared_at and state.health == "ok"


def _any_waits(soak: "Soak", at: float) -> bool:
    """Whether a source that was due by then, on a host that is well, has not been looked at since."""
    ill = {soak.hosts[source] for source in soak.pages if soak.origin.is_ill(source)} | set(soak.hidden)
    return any(_waits(state, at) for source, state in soak.watch.states.items() if soak.hosts[source] not in ill)


def _waits(state: State, at: float) -> bool:
    return state.due < at and state.fetched < at
