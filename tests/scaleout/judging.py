"""What came of a rehearsal of many machines, from what the sites noted and what the database holds."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

JITTER = 0.1  # of an interval, as crawler.due has it
EARLY = 0.02  # seconds: a clock's grain


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """As the server of the sites saw it; seconds since the epoch."""

    host: str
    path: str
    machine: str  # its address
    began: float
    ended: float
    status: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A process that was killed, and when."""

    at: float
    hosts: Sequence[str]  # whose jobs it had


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What `judge` finds; everything that is `wrong` is listed."""

    wrong: Sequence[str]
    figures: Mapping[str, Any] = field(default_factory=dict)


def judge(
    requests: Sequence[Request],
    *,
    every: float,
    delays: Mapping[str, float],
    faults: Sequence[Fault],
    until: float,
    grace: float,
) -> Figures:
    """Whether each source was asked for once an interval, and each host as gently as it wants.

    `delays`: seconds between two requests, by host. `until`: when the rehearsal began to end. `grace`: how late a visit
    may be, and how late those of a host that lost its worker.
    """
    pages = [request for request in requests if request.path != "/robots.txt"]
    visits, seen = _visits(pages, every, faults, until, grace)
    manners, gaps, together = _manners(requests, delays)
    return Figures(
        wrong=[*visits, *manners],
        figures=seen
        | {
            "requests": len(requests),
            "pages": len(pages),
            "robots": len(requests) - len(pages),
            "machines": dict(Counter(request.machine for request in pages)),
            "smallest_gap_s": gaps,
            "most_requests_at_once_to_a_host": together,
        },
    )


def _visits(
    pages: Sequence[Request], every: float, faults: Sequence[Fault], until: float, grace: float
) -> tuple[list[str], dict[str, Any]]:
    """A source's interval runs from one visit to the next: one that is too short is a visit too many, one that is too
    long a visit that is missing.
    """
    times: dict[str, list[float]] = defaultdict(list)
    for request in pages:
        times[f"{request.host}{request.path}"].append(request.began)
    wrong, intervals, excused, latest = [], 0, 0, 0.0
    for source, found in times.items():
        host = source.partition("/")[0]
        for before, after in pairwise([*sorted(found), until]):
            cut = [fault for fault in faults if host in fault.hosts and before - 1 <= fault.at <= after + 1]
            if after != until:
                intervals += 1
                latest = max(latest, after - before - every * (1 + JITTER))
                if after - before < every * (1 - JITTER) - EARLY:
                    excused += bool(cut)
                    wrong += [] if cut else [f"{source}: asked for twice within {after - before:.2f} s"]
            if after - before > every * (1 + JITTER) + grace + (60 if cut else 0):
                wrong.append(f"{source}: not asked for {after - before:.1f} s")
    return wrong, {
        "sources": len(times),
        "intervals": intervals,
        "asked_again_because_of_a_fault": excused,
        "latest_visit_s": round(latest, 1),
        "visits_of_a_source": dict(sorted(Counter(len(found) for found in times.values()).items())),
    }


def _manners(requests: Sequence[Request], delays: Mapping[str, float]) -> tuple[list[str], dict[str, float], int]:
    hosts: dict[str, list[Request]] = defaultdict(list)
    for request in sorted(requests, key=lambda one: one.began):
        hosts[request.host].append(request)
    wrong, together = [], 1
    smallest: dict[str, float] = {}
    for host, found in hosts.items():
        delay = delays[host]
        for before, after in pairwise(found):
            gap = after.began - before.began
            smallest[f"{delay:g}"] = min(gap, smallest.get(f"{delay:g}", gap))
            if gap < delay - EARLY - 0.05:
                wrong.append(
                    f"{host}: {before.path} and {after.path} only {gap:.3f} s apart, by {before.machine} and "
                    f"{after.machine}, where {delay:g} s are kept"
                )
        begins = [request.began for request in found]
        ends = sorted(request.ended for request in found)
        for number, request in enumerate(found):
            together = max(together, number + 1 - bisect_right(ends, request.began))
        assert len(begins) == len(ends)
    if together > 1:
        wrong.append(f"{together} requests to one host at once")
    return wrong, {delay: round(gap, 3) for delay, gap in smallest.items()}, together
