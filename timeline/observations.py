"""What goes into the fold, and what comes out of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from timeline.events import CaptureRef, Event, Origin
from timeline.facts import Fact
from timeline.gaps import Cover, Shape

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

    A run of one snapshot is told to the fold at its first sighting and, before the next capture, at its last one
    (`unchanged`): so the fold knows how long the old value was seen. A check in between need only be told when
    `timeline.fold.has_pending` says that it can matter. On a rebuild `last_of_import` is true of the newest capture of
    the source if that was imported, and of no other.
    """

    at: datetime
    capture: CaptureRef
    facts: Sequence[Fact]
    verdict: Verdict = "good"
    origin: Origin = "live"
    unchanged: bool = False  # the same bytes as the last observation
    last_of_import: bool = False  # no later capture will come: what nothing contradicted is applied
    late: bool = False  # read well only now, long after it was seen (a mended extractor): its events are told late
    shape: Shape | None = None  # where the reader gives one
    covered: Mapping[str, Cover] = field(
        default_factory=dict
    )  # keys whose absence, or whose lack of a day, means nothing


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
    reason: str  # moved_5x power_of_ten zero unreadable swapped torn beside_losses repointed redenominated
    # many_at_once missing_once not_shown settling conflict
    since: datetime
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """The outcome of one observation.

    `wanted` maps each key that changed to everything now believed of it (an empty tuple: nothing). `known_from` is
    per key the time from which the new belief counts, where it is not the observation's own time (a released hold, a
    confirmed absence). `between` has the keys that changed twice in one step: what was believed from `known_from` until
    `at`; `wanted` then counts from `at`. `beliefs()` gives all of it in order. `moot` are ids of events, of this step
    or earlier, that are not worth telling any more: a catalogue changed its mind before they had settled.
    """

    at: datetime
    wanted: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    known_from: Mapping[str, datetime] = field(default_factory=dict)
    between: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    events: Sequence[Event] = ()
    moot: Sequence[str] = ()
    held: Sequence[Held] = ()  # all that is held after this step
    key_states: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)  # changed ones; None: forget
    header: Mapping[str, Any] = field(default_factory=dict)

    def beliefs(self) -> Iterator[tuple[str, datetime, tuple[Row, ...]]]:
        """Each change of belief as (key, known from, everything believed), to be appended in this order."""
        for key, rows in self.wanted.items():
            known = self.known_from.get(key, self.at)
            if key in self.between:
                yield key, known, self.between[key]
                known = self.at
            yield key, known, rows


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownRow:
    """A row as the table holds it: believed from `known_from` until `known_to` (None: still believed)."""

    key: str
    row: Row
    known_from: datetime
    known_to: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Folded:
    """What a whole history folds into. `rows` and `events` are in the order in which they came to be."""

    state: "State"
    rows: Sequence[KnownRow]
    events: Sequence[Event]
    moot: frozenset[str]
    held: Sequence[Held]


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """The fold's memory of a source between observations: plain JSON values, a small header and one entry per key.

    Opaque to everybody but timeline.fold. `load(step.header, all key states)` gives back the state after that step.
    """

    header: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> "State":
        """Before the first observation."""
        return cls()

    @classmethod
    def load(cls, header: Mapping[str, Any], keys: Mapping[str, Mapping[str, Any]]) -> "State":
        """From what `Step.header` and `Step.key_states` said, kept anywhere JSON can be kept."""
        return cls(header=header, keys=keys)
