"""What goes into the fold, and what comes out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from timeline.events import CaptureRef, Event, Origin
from timeline.facts import Fact

Verdict = Literal["good", "bad", "accepted"]
Basis = Literal["observed", "stated", "bundled"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceInfo:
    """What the fold needs to know of a source."""

    id: str
    provider: str
    kind: str
    trust: str = "official"


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """One look at a source: a new capture, or a check that found the same bytes again.

    `at` strictly increases within a source. `verdict` bad means a structural check failed: `facts` is then empty and
    the timeline must not move. `accepted` means an operator took the capture as it is: nothing of it is held.
    """

    at: datetime
    capture: CaptureRef
    facts: Sequence[Fact]
    verdict: Verdict = "good"
    origin: Origin = "live"
    unchanged: bool = False  # the same bytes as the last observation
    last_of_import: bool = False  # no later capture will come: what nothing contradicted is applied


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What is believed of one key for one stretch of time; `effective` is [starts, ends), ends None: open."""

    fact: Fact
    starts: datetime
    ends: datetime | None = None
    basis: Basis = "observed"
    seen_until: datetime | None = None  # last evidence, where the end was observed rather than stated
    first: CaptureRef
    last: CaptureRef


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """Something seen but not yet believed, and why: shown to the operator."""

    key: str
    model: str | None
    reason: str  # moved_5x power_of_ten zero swapped many_at_once missing_once settling conflict
    since: datetime
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """The outcome of one observation.

    `wanted` maps each key that changed to everything now believed of it (an empty tuple: nothing). `known_from` is
    per key the time from which the new belief counts, where it is not the observation's own time (a released hold).
    """

    at: datetime
    wanted: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    known_from: Mapping[str, datetime] = field(default_factory=dict)
    events: Sequence[Event] = ()
    held: Sequence[Held] = ()
    key_states: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)  # changed ones; None: forget
    header: Mapping[str, Any] = field(default_factory=dict)
