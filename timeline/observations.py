"""What goes into the fold, and what comes out of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

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


KEPT: Final = ("not_shown",)
"""Reasons of what is `Held` and believed all the same: the last look was not of a kind that could show it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """Something seen but not yet believed, and why: shown to the operator."""

    key: str
    model: str | None
    reason: str  # moved_5x power_of_ten zero unreadable swapped torn beside_losses repointed redenominated
    # many_at_once missing_once not_shown settling conflict
    since: datetime
    detail: str
    until: datetime | None = None  # of what settles: it is told then, and no longer held


@dataclass(frozen=True, kw_only=True, slots=True)
class Believed:
    """All that is believed of a key since `known_from`: `rows`, and whatever had ended by `before` as it stands.

    `before` None: `rows` are everything there is. No rows: nothing but that is believed.
    """

    key: str
    known_from: datetime
    rows: tuple[Row, ...]
    before: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """The outcome of one observation.

    `beliefs` are to be appended in their order: a key may be there twice, when what was held is released and has
    changed once more since. `moot` are ids of events, of this step or earlier, that are not worth telling any more: a
    catalogue changed its mind before they had settled. `held` has each key that changed, with all that is held of it
    now; of the others it is what it was, but for what has settled since.
    """

    at: datetime
    beliefs: Sequence[Believed] = ()
    events: Sequence[Event] = ()
    moot: Sequence[str] = ()
    held: Mapping[str, Sequence[Held]] = field(default_factory=dict)
    key_states: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)  # changed ones; None: forget
    header: Mapping[str, Any] = field(default_factory=dict)


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
    shown: Mapping[str, str] | None = field(default=None, compare=False, repr=False)
    """The signatures of what the last look showed as it is believed, at hand; None: it can be found in `keys`."""

    expect: Callable[[Collection[str]], None] | None = field(default=None, compare=False, repr=False)
    """Told which keys will be asked for, where they are kept elsewhere: all at once costs less than one by one."""

    @classmethod
    def empty(cls) -> "State":
        """Before the first observation."""
        return cls()

    @classmethod
    def load(
        cls,
        header: Mapping[str, Any],
        keys: Mapping[str, Mapping[str, Any]],
        expect: Callable[[Collection[str]], None] | None = None,
    ) -> "State":
        """From what `Step.header` and `Step.key_states` said, kept anywhere JSON can be kept."""
        return cls(header=header, keys=keys, expect=expect)
