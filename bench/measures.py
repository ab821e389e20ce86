"""Figures and their floors, measured in interleaved pairs. A ratio is the median of the ratios of the pairs."""

import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Clock = Callable[[], float]  # seconds; only differences mean anything
cpu: Clock = time.process_time
"""CPU seconds of this process, all its threads."""
wall: Clock = time.perf_counter


@dataclass(frozen=True, kw_only=True)
class Result:
    """One budget: what was measured, the floor beside it, and whether the budget is met."""

    name: str
    value: float
    unit: str
    floor: float | None = None  # in the same unit; None: the budget is an absolute one
    ratio: float | None = None
    budget: str
    met: bool
    more: Mapping[str, Any] = field(default_factory=dict)  # what else was seen on the way

    def to_json(self) -> dict[str, Any]:
        """The line that is printed; numbers with four digits that count."""
        names = ("name", "value", "unit", "floor", "ratio", "budget", "met")
        return {name: rounded(getattr(self, name)) for name in names} | {
            name: rounded(value) for name, value in self.more.items()
        }


@dataclass(kw_only=True)
class Pairs:
    """What was measured of ours and of the floor, pair by pair, in seconds."""

    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The median of the ratios of the pairs: what slows the machine down for a while slows both sides of a pair."""
        return statistics.median(one / other for one, other in zip(self.ours, self.floor, strict=True))

    def result(
        self, name: str, *, most: float, of: str, unit: str = "ms", each: int = 1, more: Mapping[str, Any] | None = None
    ) -> Result:
        """The budget "at most `most` times the floor", which is `of`. A measurement was of `each` repetitions."""
        scale = {"ms": 1e3, "us": 1e6, "s": 1.0}[unit] / each
        return Result(
            name=name,
            value=statistics.median(self.ours) * scale,
            unit=unit,
            floor=statistics.median(self.floor) * scale,
            ratio=self.ratio,
            budget=f"<= {most:g} x {of}",
            met=self.ratio <= most,
            more={**(more or {}), "pairs": len(self.ours)},
        )


def interleave(
    ours: Callable[[], object], floor: Callable[[], object], *, pairs: int, clock: Clock = cpu, warm: int = 2
) -> Pairs:
    """Measure both sides in turns, each first every other time, garbage of the last one collected before."""
    found = Pairs()
    for number in range(-warm, pairs):
        sides = [(ours, found.ours), (floor, found.floor)]
        for work, into in sides if number % 2 else reversed(sides):
            gc.collect()
            begun = clock()
            work()
            if number >= 0:
                into.append(clock() - begun)
    return found


async def interleave_async(
    ours: Callable[[], Awaitable[object]],
    floor: Callable[[], Awaitable[object]],
    *,
    pairs: int,
    clock: Clock = cpu,
    warm: int = 2,
) -> Pairs:
    """As `interleave`, for coroutines."""
    found = Pairs()
    for number in range(-warm, pairs):
        sides = [(ours, found.ours), (floor, found.floor)]
        for work, into in sides if number % 2 else reversed(sides):
            gc.collect()
            begun = clock()
            await work()
            if number >= 0:
                into.append(clock() - begun)
    return found


def at_most(
    name: str, value: float, most: float, unit: str, *, of: str, more: Mapping[str, Any] | None = None
) -> Result:
    """An absolute budget."""
    return Result(
        name=name, value=value, unit=unit, budget=f"<= {most:g} {unit} {of}".strip(), met=value <= most, more=more or {}
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 1).__int__() - 1)]


def rounded(value: object) -> object:
    """Floats with four digits that count, also inside lists and objects."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, Mapping):
        return {name: rounded(item) for name, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list | tuple) else value
