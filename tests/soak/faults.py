"""What goes wrong and when, by chance from a seed; and how long it takes until all is well again."""

import random
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.soak.origin import PASSING

MACHINE = (
    "database killed", "database restarted", "database backend killed", "database sessions ended", "worker killed",
    "worker told to end", "api killed", "supervisor killed",
)  # fmt: skip
RECEIVER = ("receiver down", "receiver 429", "receiver 500", "receiver resets", "receiver takes and does not say so")
NAMES = "name does not resolve"
REPEATING = frozenset(kind for kind in MACHINE if kind not in ("api killed", "worker told to end"))
"""Each of these may repeat one message for each receiver: what was sent and not yet noted is sent again."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A fault to come, `at` seconds after the faults begin. `number` chooses whom it hits."""

    at: float
    kind: str
    number: int
    seconds: float  # how long at most
    answers: int  # of a site: how many bad answers at most


@dataclass(kw_only=True)
class Fault:
    """A fault that happened. Times are the wall clock's, in seconds."""

    kind: str
    target: str
    at: float
    pid: int | None = None  # of the process that was killed
    cleared_at: float | None = None  # when its cause was gone; of a kill: at once
    well_at: float | None = None  # when things worked again
    caught_up_at: float | None = None  # when nothing that was due before it still waited
    seen: bool = True  # whether anybody met it: a site nobody asked meanwhile was not ill

    @property
    def recovery(self) -> float | None:
        """Seconds from the end of the cause until things worked."""
        return None if self.well_at is None or self.cleared_at is None else max(0.0, self.well_at - self.cleared_at)


def plan(seed: int, seconds: float, *, names: bool) -> list[Planned]:
    """Everything that goes wrong in so many seconds, in order. `names`: host names can be taken away here."""
    chance = random.Random(f"faults {seed}")
    sites = [*PASSING, *([NAMES] if names else [])]
    found = [*_plan(chance, MACHINE, seconds, (12.0, 30.0)), *_plan(chance, sites, seconds, (2.0, 4.0))]
    return sorted([*found, *_plan(chance, RECEIVER, seconds, (15.0, 40.0))], key=lambda one: one.at)


def _plan(chance: random.Random, kinds: Sequence[str], seconds: float, pause: tuple[float, float]) -> Iterator[Planned]:
    """Faults of these kinds, each kind once before any comes again."""
    at, left = 0.0, list[str]()
    while (at := at + chance.uniform(*pause)) < seconds:
        left = left or chance.sample(kinds, len(kinds))
        yield Planned(
            at=at, kind=left.pop(), number=chance.randrange(10**6), seconds=chance.uniform(4, 20),
            answers=chance.choice((1, 1, 1, 2)),
        )  # fmt: skip


def recoveries(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Of each kind: how many, and the seconds until things worked again and until nothing old waited any more."""
    by_kind: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.seen:
            by_kind.setdefault(fault.kind, []).append(fault)
    found = []
    for kind, own in by_kind.items():
        took = [fault.recovery for fault in own if fault.recovery is not None]
        caught = [fault.caught_up_at - fault.at for fault in own if fault.caught_up_at is not None]
        found.append(
            {
                "fault": kind, "times": len(own), "recovered": len(took), **_of("well again", took),
                **_of("caught up", caught),
            }
        )  # fmt: skip
    return sorted(found, key=lambda row: _order(str(row["fault"])))


def _order(kind: str) -> tuple[int, str]:
    groups = (MACHINE, (*PASSING, NAMES), RECEIVER)
    return next((n for n, group in enumerate(groups) if kind in group), len(groups)), kind


def _of(name: str, seconds: Sequence[float]) -> dict[str, float | None]:
    median, worst = (round(statistics.median(seconds), 1), round(max(seconds), 1)) if seconds else (None, None)
    return {f"{name}, median s": median, f"{name}, worst s": worst}
