"""One step of the fold in the making: beliefs that changed, events told, and the indexes of the header."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from timeline.beliefs import Belief, seen_out
from timeline.changes import SETTLING
from timeline.doubts import Doubt, settle, zeroed
from timeline.events import Event, Origin
from timeline.keys import digest
from timeline.observations import Believed, Held, Row, SourceInfo, State, Step
from timeline.spans import Seen
from timeline.withheld import withheld

Value = TypeVar("Value")
ABSENT = ("price", "notice", "spec", "figure", "rule")  # kinds of key whose absence means something
_PASSING = ("rule",)  # of these only where a page states them: what leaves a feed is only old


class Ledger:
    """Collects what one observation changes. Lives for one step; nothing of it is shared."""

    def __init__(self, source: SourceInfo, state: State, at: datetime, origin: Origin) -> None:
        self.source, self.state, self.at, self.origin = source, state, at, origin
        self.changed: dict[str, Belief | None] = {}
        self.beliefs: list[Believed] = []
        self._believed: set[str] = set()
        self.events: list[Event] = []
        self.moot: list[str] = []
        self._shown = state.shown

    def belief(self, key: str) -> Belief | None:
        """What is known of a key so far."""
        if key in self.changed:
            return self.changed[key]
        data = self.state.keys.get(key)
        return None if data is None else Belief.from_json(data)

    def put(self, key: str, belief: Belief | None) -> None:
        """What is known of a key from now on; None: nothing."""
        self.changed[key] = belief

    def believe(self, key: str, rows: Sequence[Row], known: datetime, *, before: datetime | None) -> None:
        """What is believed of a key since `known`; a second belief in one step counts from the step's own time.

        `before` as in observations.Believed.
        """
        since = self.at if key in self._believed else known
        self._believed.add(key)
        self.beliefs.append(Believed(key=key, known_from=since, rows=tuple(rows), before=before))

    def number(self, belief: Belief, events: Iterable[Event]) -> tuple[Belief, list[Event]]:
        """The events with their occurrence, told; the belief that remembers the count."""
        told, numbered = dict(belief.told), []
        for event in events:
            very = digest([event.kind, event.id], size=12)
            told[very] = told.get(very, 0) + 1
            numbered.append(event if told[very] == 1 else replace(event, occurrence=told[very]))
        self.events += numbered
        return (replace(belief, told=told) if numbered and belief.kind != "news" else belief), numbered

    def settle(
        self, old: Belief, new: Belief, events: Sequence[Event], at: datetime, doubt: str | None = None
    ) -> Belief:
        """Of a catalogue: what it takes back before it settled is not worth telling, nor is its return.

        With a `doubt` it is not worth telling at all; neither is that a doubted price is again what it was.
        """
        if self.source.trust not in SETTLING or not events or events[0].baseline:
            return new
        ids = tuple(event.id for event in events)
        waiting, moot = settle(old.settling, old.signature, new.signature, ids, at)
        self.moot += moot
        doubt = doubt or ("zero" if zeroed(events) else None)
        if doubt is None:
            return replace(new, settling=waiting, doubt=None)
        self.moot += [number for number in ids if number not in moot]
        base = old.doubt.base if old.doubt else old.signature
        return replace(new, settling=None, doubt=None if new.signature == base else Doubt(reason=doubt, base=base))

    def shown(self) -> Mapping[str, str]:
        """The signatures of the keys that the look before showed as they are believed."""
        if self._shown is None:
            self._shown = {key: data["sig"] for key, data in self.state.keys.items() if _is_shown(data)}
        return self._shown

    def waiting(self) -> list[str]:
        """Keys that wait for another look, in the order of their texts."""
        keys = {*self.state.header.get("waiting", ())} - self.changed.keys()
        return sorted(keys | {key for key, belief in self.changed.items() if belief and belief.waits})

    def _hidden(self) -> list[str]:
        """Keys that are absent behind a gap."""
        keys = {*self.state.header.get("hidden", ())} - self.changed.keys()
        return sorted(keys | {key for key, belief in self.changed.items() if belief and belief.gap})

    def step(self, *, last: datetime | None, good: Seen | None, form: str | None = None) -> tuple[State, Step]:
        """The state after the step, and the step. `good` is the look, if it was a good one, `form` that of the page."""
        outs = {key: belief.to_json() if belief else None for key, belief in self.changed.items()}
        header = {
            "last": last.isoformat() if last else self.state.header.get("last"),
            "good": seen_out(good) if good else self.state.header.get("good"),
            "live": self.state.header.get("live", 0)
            + sum(int(_live(outs[key])) - _live(self._was(key)) for key in outs),
            "waiting": self.waiting(),
            "hidden": self._hidden(),
            "form": form or self.state.header.get("form"),
            "calendar": self._index("calendar", "due", outs),
            "turns": self._index("turns", "turns", outs),
        }
        keys = _updated(self.state.keys, outs)
        shown = {key: data["sig"] if data and _is_shown(data) else None for key, data in outs.items()}
        shown_now = None if self._shown is None else _updated(self._shown, shown)
        state = State(header=header, keys=keys, shown=shown_now, expect=self.state.expect)
        step = Step(
            at=self.at,
            beliefs=self.beliefs,
            events=sorted(self.events, key=lambda event: (event.observed_at, event.key, event.kind)),
            moot=self.moot,
            held={key: self._withheld(key, belief) for key, belief in self.changed.items()},
            key_states=outs,
            header=header,
        )
        return state, step

    def _withheld(self, key: str, belief: Belief | None) -> tuple[Held, ...]:
        """What is held of a key. Of what is imported nobody is told, so nothing of it waits to be told."""
        found = withheld(key, belief, self.at) if belief else ()
        return tuple(one for one in found if one.until is None or self.origin != "import")

    def _was(self, key: str) -> Mapping[str, Any] | None:
        return self.state.keys.get(key)

    def _index(self, name: str, entry: str, outs: Mapping[str, Mapping[str, Any] | None]) -> dict[str, list[str]]:
        days = {day: set(keys) for day, keys in self.state.header.get(name, {}).items()}
        for key, data in outs.items():
            was = (self._was(key) or {}).get(entry)
            now = (data or {}).get(entry)
            if was in days:
                days[was].discard(key)
            if now:
                days.setdefault(now, set()).add(key)
        return {day: sorted(keys) for day, keys in sorted(days.items()) if keys}


def _updated(known: Mapping[str, Value], changed: Mapping[str, Value | None]) -> dict[str, Value]:
    found = dict(known)
    for key, value in changed.items():
        if value is not None:
            found[key] = value
        else:
            found.pop(key, None)
    return found


def _is_shown(data: Mapping[str, Any]) -> bool:
    return "waits" not in data and "gap" not in data


def is_missed(kind: str, source: SourceInfo) -> bool:
    """Whether a key of a kind that a good look does not show is missing."""
    return kind in ABSENT and (kind not in _PASSING or source.kind != "feed")


def _live(data: Mapping[str, Any] | None) -> bool:
    return data is not None and data["kind"] in ABSENT and bool(data["sig"])
