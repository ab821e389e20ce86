"""One step of the fold in the making: beliefs that changed, events told, and the indexes of the header."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from timeline.beliefs import Belief, seen_out
from timeline.doubts import SETTLE, Doubt, settle, zeroed
from timeline.events import Event, Origin
from timeline.facts import Fact
from timeline.figures import Figure
from timeline.headlines import amount, figure, measure
from timeline.keys import digest
from timeline.notices import Notice
from timeline.observations import Held, Row, SourceInfo, State, Step
from timeline.prices import PricePoint
from timeline.rule_dates import RuleDate
from timeline.spans import Seen
from timeline.specs import ModelSpec
from timeline.telling import SETTLING, price_side
from timeline.watched import figure_side

ABSENT = ("price", "notice", "spec", "figure", "rule")  # kinds of key whose absence means something
_PASSING = ("rule",)  # of these only where a page states them: what leaves a feed is only old


class Ledger:
    """Collects what one observation changes. Lives for one step; nothing of it is shared."""

    def __init__(self, source: SourceInfo, state: State, at: datetime, origin: Origin) -> None:
        self.source, self.state, self.at, self.origin = source, state, at, origin
        self.changed: dict[str, Belief | None] = {}
        self.wanted: dict[str, tuple[Row, ...]] = {}
        self.known_from: dict[str, datetime] = {}
        self.between: dict[str, tuple[Row, ...]] = {}
        self.events: list[Event] = []
        self.moot: list[str] = []

    def belief(self, key: str) -> Belief | None:
        """What is known of a key so far."""
        if key in self.changed:
            return self.changed[key]
        data = self.state.keys.get(key)
        return None if data is None else Belief.from_json(data)

    def put(self, key: str, belief: Belief | None) -> None:
        """What is known of a key from now on; None: nothing."""
        self.changed[key] = belief

    def believe(self, key: str, rows: Sequence[Row], known: datetime) -> None:
        """Everything believed of a key since `known`; a second belief in one step counts from the step's own time."""
        if key in self.wanted:
            self.between[key] = self.wanted[key]
        elif known != self.at:
            self.known_from[key] = known
        self.wanted[key] = tuple(rows)

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
            # Of what is imported nobody is told, so nothing of it waits to be told.
            "settling": {} if self.origin == "import" else self._settling(outs),
            "doubted": self._doubted(outs),
        }
        keys = {key: data for key, data in {**self.state.keys, **outs}.items() if data is not None}
        state = State(header=header, keys=keys)
        step = Step(
            at=self.at,
            wanted=self.wanted,
            known_from=self.known_from,
            between=self.between,
            events=sorted(self.events, key=lambda event: (event.observed_at, event.key, event.kind)),
            moot=self.moot,
            held=list(held(state)),
            key_states=outs,
            header=header,
        )
        return state, step

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

    def _doubted(self, outs: Mapping[str, Mapping[str, Any] | None]) -> dict[str, list[Any]]:
        """The doubted keys, each with what is told of it: a look costs by what it changes, not by what is in doubt."""
        known = {key: told for key, told in _doubts(self.state).items() if key not in outs}
        for key in outs:
            belief = self.changed[key]
            if belief and belief.doubt:
                known[key] = _doubt_told(belief)
        return dict(sorted(known.items()))

    def _settling(self, outs: Mapping[str, Mapping[str, Any] | None]) -> dict[str, str]:
        until = dict(self.state.header.get("settling", {}))
        for key, data in outs.items():
            until.pop(key, None)
            if data and "settling" in data:
                until[key] = data["settling"][0]
        return {key: time for key, time in sorted(until.items()) if datetime.fromisoformat(time) > self.at}


def is_missed(kind: str, source: SourceInfo) -> bool:
    """Whether a key of a kind that a good look does not show is missing."""
    return kind in ABSENT and (kind not in _PASSING or source.kind != "feed")


def held(state: State) -> Iterator[Held]:
    """All that was seen and is not believed, or believed and not told yet."""
    for key in sorted({*state.header.get("waiting", ()), *state.header.get("hidden", ())}):
        yield from _held(key, Belief.from_json(state.keys[key]))
    doubted = _doubts(state)
    for key, (model, reason, since, detail) in sorted(doubted.items()):
        if detail:
            yield Held(key=key, model=model, reason=reason, since=datetime.fromisoformat(since), detail=detail)
    for key, until in state.header.get("settling", {}).items():
        if key in doubted:
            continue
        rows = state.keys[key].get("rows")  # as they are: there may be many that settle, each with a long history
        since = datetime.fromisoformat(until) - SETTLE
        model = rows[-1]["fact"].get("model") or rows[-1]["fact"].get("subject") if rows else None
        yield Held(key=key, model=model, reason="settling", since=since, detail=f"told after {until} if it stands")


def _held(key: str, belief: Belief) -> Iterator[Held]:
    fact = belief.rows[-1].fact if belief.rows else None
    if belief.hold:
        new = belief.hold.statement[0]
        detail = f"{_value(fact)} would become {_value(new)}" if fact else f"{_value(new)} would be listed"
        since = belief.hold.look.at
        yield Held(key=key, model=_model(new), reason=belief.hold.reason, since=since, detail=detail)
    if belief.gap:
        detail = f"{belief.gap.cover.detail}; believed: {_value(fact)}"
        reason = "conflict" if belief.gap.cover.contradicted else "not_shown"
        yield Held(key=key, model=_model(fact), reason=reason, since=belief.gap.look.at, detail=detail)
    elif belief.miss:
        since = belief.miss.look.at
        detail = f"not on the page; was {_value(fact)}"
        yield Held(key=key, model=_model(fact), reason="missing_once", since=since, detail=detail)
    if belief.conflict:
        detail = f"the page states more than one value; believed: {_value(fact)}"
        yield Held(key=key, model=_model(fact), reason="conflict", since=belief.conflict.at, detail=detail)


def _doubts(state: State) -> dict[str, list[Any]]:
    """The doubted keys of a header; of one that an earlier version kept, which only names them, they are worked out."""
    kept = state.header.get("doubted", {})
    if isinstance(kept, Mapping):
        return dict(kept)
    return {key: _doubt_told(Belief.from_json(state.keys[key])) for key in kept}


def _doubt_told(belief: Belief) -> list[Any]:
    """What stands as a catalogue writes it and is told nobody, and what it was: model, reason, since, detail."""
    if not belief.doubt or not belief.rows:
        return [None, belief.doubt.reason if belief.doubt else "", "", ""]
    row, was = belief.rows[-1], belief.rows[-2].fact if len(belief.rows) > 1 else None
    detail = f"believed and not told: {_value(was)} became {_value(row.fact)}, which a catalogue alone cannot prove"
    return [_model(row.fact), belief.doubt.reason, row.starts.isoformat(), detail]


def _model(fact: Fact | None) -> str | None:
    if isinstance(fact, Figure):
        return fact.subject
    if isinstance(fact, RuleDate):
        return fact.instrument
    return fact.model if isinstance(fact, PricePoint | Notice | ModelSpec) else None


def _value(fact: Fact | None) -> str:
    if isinstance(fact, PricePoint):
        return f"{fact.meter.replace('_', ' ')} {amount(price_side(fact))}"
    if fact is None:
        return "nothing"
    if isinstance(fact, ModelSpec):
        return "another specification"
    if isinstance(fact, Figure):
        return f"{measure(fact.measure)} {figure(figure_side(fact))}"
    if isinstance(fact, RuleDate):
        return f"{fact.instrument} {fact.binding.replace('_', ' ')} {fact.applies_from or ''}".rstrip()
    return _life(fact) if isinstance(fact, Notice) else fact.title


def _life(notice: Notice) -> str:
    use = f"use {' or '.join(notice.replacements)}" if notice.replacements else ""
    return " ".join(filter(None, (notice.status, notice.retires_on or notice.not_before, use)))


def _live(data: Mapping[str, Any] | None) -> bool:
    return data is not None and data["kind"] in ABSENT and bool(data["sig"])
