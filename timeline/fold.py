"""The fold: how the looks at a source become facts over time, and events. Pure; every look is told its own time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from timeline import clockwork, holds, names
from timeline.beliefs import Belief, Hold, Look, Miss, seen_in
from timeline.diff import Statement, Statements, signature, state
from timeline.events import Event
from timeline.facts import Fact
from timeline.issues import AiwireError
from timeline.keys import canonical
from timeline.ledger import Ledger, held
from timeline.news import NewsItem
from timeline.notices import Notice, restate
from timeline.observations import Folded, KnownRow, Observation, Row, SourceInfo, State, Step
from timeline.prices import PricePoint
from timeline.spans import Seen, at_instant, identity, midnight, overlay, plan, same_rows
from timeline.telling import SETTLING, Change, tell, tell_due, tell_effect, tell_gone, tell_repointed

__all__ = ["Folded", "OutOfOrderError", "State", "advance", "fold", "has_pending", "held", "tick"]


class OutOfOrderError(AiwireError):
    """A look is not later than the last one: the history of the source must be folded again from its captures."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Proposal:
    """What a look would make of a key."""

    key: str
    belief: Belief
    statement: Statement
    rows: list[Row]
    look: Look
    instead_of: str | None = None  # the model id for which the same printed name stood before


def advance(source: SourceInfo, state: State, seen: Observation) -> tuple[State, Step]:
    """One look further. Raises OutOfOrderError where it is not later than the last one."""
    last = state.header.get("last")
    if last and seen.at <= datetime.fromisoformat(last):
        raise OutOfOrderError(f"{source.id}: a look at {seen.at} came after one at {last}: rebuild the source")
    ledger = Ledger(source, state, seen.at, seen.origin)
    _ring(ledger, seen.at)
    if seen.verdict == "bad":
        return ledger.step(last=seen.at, good=None)
    _look(ledger, seen)
    for key in sorted(ledger.changed):
        _ring_key(ledger, key, seen.at)
    return ledger.step(last=seen.at, good=Seen(at=seen.at, ref=seen.capture))


def tick(source: SourceInfo, state: State, now: datetime) -> tuple[State, Step]:
    """What the calendar alone brings by `now`: retirements come near, planned prices take effect. No look is made."""
    ledger = Ledger(source, state, now, "live")
    _ring(ledger, now)
    return ledger.step(last=None, good=None)


def has_pending(header: Mapping[str, Any], at: datetime) -> bool:
    """True where another look at the same bytes, or a tick, can change something at `at`."""
    if header.get("waiting"):
        return True
    days = [*header.get("calendar", ()), *header.get("turns", ())]
    return bool(days) and midnight(date.fromisoformat(min(days))) <= at


def fold(source: SourceInfo, observations: Iterable[Observation]) -> Folded:
    """A whole history at once: the same as advancing look by look, with the rows as the table would hold them."""
    now, step = State.empty(), None
    rows: list[KnownRow] = []
    standing: dict[str, list[int]] = {}
    events: list[Event] = []
    moot: set[str] = set()
    for seen in observations:
        now, step = advance(source, now, seen)
        events += step.events
        moot |= set(step.moot)
        append(rows, standing, step)
    kept = [row for row in rows if row.known_to is None or row.known_from < row.known_to]
    return Folded(state=now, rows=kept, events=events, moot=frozenset(moot), held=step.held if step else ())


def append(rows: list[KnownRow], standing: dict[str, list[int]], step: Step) -> None:
    """Write a step into a table of rows. `standing` has the places of the rows of each key that are still believed."""
    for key, known, wanted in step.beliefs():
        fresh = {identity(row): row for row in wanted}
        stays = []
        for place in standing.get(key, ()):
            if fresh.pop(identity(rows[place].row), None) is None:
                rows[place] = replace(rows[place], known_to=known)
            else:
                stays.append(place)
        for row in fresh.values():
            stays.append(len(rows))
            rows.append(KnownRow(key=key, row=row, known_from=known))
        standing[key] = stays


def _look(ledger: Ledger, seen: Observation) -> None:
    good = seen_in(ledger.state.header.get("good"))
    look = Look(at=seen.at, ref=seen.capture, last=good, origin=seen.origin, late=seen.late, baseline=good is None)
    day, keys = seen.at.date(), ledger.state.keys
    stated = state(restate(fact, day) if isinstance(fact, Notice) else fact for fact in seen.facts)
    proposals = []
    for key, statement in stated.items():
        known = keys.get(key)
        if known is not None and "waits" not in known and known["sig"] == signature(statement):
            continue
        if proposal := _meet(ledger, key, statement, look, accepted=seen.verdict == "accepted"):
            proposals.append(proposal)
    vanished = _miss(ledger, stated, look, accepted=seen.verdict == "accepted")
    trusting = look.baseline or seen.verdict == "accepted" or ledger.source.trust in SETTLING
    _judge(ledger, _repoint(ledger, proposals, vanished), vanished, trusting=trusting)
    if seen.last_of_import:
        for key in ledger.waiting():
            _conclude(ledger, key)


def _meet(ledger: Ledger, key: str, statement: Statement, look: Look, *, accepted: bool) -> _Proposal | None:
    """A key that is not as it was: as believed after all, as held before, in conflict with itself, or new."""
    belief = ledger.belief(key) or Belief(kind=statement[0].fact)
    look = replace(look, last=belief.last) if belief.waits else look
    spans = plan(statement, look.at)
    if spans is None:
        ledger.put(key, replace(belief, miss=None, conflict=belief.conflict or look))
        return None
    if belief.signature == signature(statement):
        ledger.put(key, _settled(belief))
        return None
    if belief.hold and signature(_restated(belief.hold.statement, look.at)) == signature(statement):
        if accepted or look.at - belief.hold.look.at >= holds.SECOND_LOOK:
            _release(ledger, key, belief, belief.hold)
            _turn(ledger, key, statement, look)
        else:
            ledger.put(key, replace(belief, miss=None, conflict=None))
        return None
    rows = overlay(belief.rows, spans, look, look.last)
    proposal = _Proposal(key=key, belief=belief, statement=statement, rows=rows, look=look)
    if belief.signature and same_rows(belief.rows, rows):
        ledger.put(key, replace(_settled(belief), signature=signature(statement)))
        return None
    if isinstance(statement[0], NewsItem) or _only_time_passed(belief, statement, look.at):
        _believe(ledger, proposal)
        return None
    return proposal


def _miss(ledger: Ledger, stated: Statements, look: Look, *, accepted: bool) -> list[str]:
    """Keys that a good look did not show. Gone at the second such look; those of the first are given back."""
    fresh = []
    for key in sorted(ledger.state.keys.keys() - stated.keys()):
        data = ledger.state.keys[key]
        if data["kind"] not in ("price", "notice") or not (data["sig"] or "waits" in data):
            continue
        belief = Belief.from_json(data)
        if not belief.signature:
            ledger.put(key, replace(_settled(belief), signature="") if belief.rows or belief.told else None)
            continue
        miss = belief.miss or Miss(look=replace(look, last=belief.last) if belief.waits else look)
        if belief.miss is None:
            fresh.append(key)
            ledger.put(key, replace(belief, conflict=None, miss=miss))
        if accepted or look.at - miss.look.at >= holds.ABSENCE:
            _drop(ledger, key, belief, miss)
    return fresh


def _judge(ledger: Ledger, proposals: list[_Proposal], vanished: list[str], *, trusting: bool) -> None:
    """Believe what is plausible, hold the rest for a second look."""
    at = ledger.at
    moves = {one.key: (at_instant(one.belief.rows, at), at_instant(one.rows, at)) for one in proposals}
    facts = {key: (old.fact if old else None, new.fact) for key, (old, new) in moves.items() if new}
    swapped = holds.swapped(facts)
    many = holds.too_many([*moves, *vanished], ledger.state.header.get("live", 0))
    for one in proposals:
        reason = None if trusting else _doubt(one, at)
        if not trusting and reason is None:
            reason = "swapped" if one.key in swapped else "repointed" if one.instead_of else None
            reason = reason or ("many_at_once" if many else None)
        if reason is None:
            _believe(ledger, one)
        else:
            hold = Hold(reason=reason, statement=one.statement, look=one.look, instead_of=one.instead_of)
            ledger.put(one.key, replace(one.belief, hold=hold, miss=None, conflict=None))


def _doubt(one: _Proposal, at: datetime) -> str | None:
    """The first price of the proposal, now or planned, that is too odd to be believed at once."""
    believed = {identity(row) for row in one.belief.rows}
    old = at_instant(one.belief.rows, at) if one.belief.signature else None
    was = old.fact if old else None
    for row in one.rows:
        if row.ends is not None and row.ends <= at:
            continue
        if identity(row) not in believed and (reason := holds.doubt(was, row.fact)):
            return reason
        was = row.fact
    return None


def _repoint(ledger: Ledger, proposals: list[_Proposal], vanished: list[str]) -> list[_Proposal]:
    """A printed name that stood for one model and now stands for another is repointed: neither listed nor delisted."""
    fresh = [one for one in proposals if not one.belief.signature]
    if not fresh or not vanished:
        return proposals
    gone: dict[str, tuple[str, str]] = {}
    for key in vanished:
        belief = ledger.belief(key)
        if belief and belief.rows and (place := _place(belief.rows[-1].fact)):
            gone[place[0]] = (key, place[1])
    instead: dict[str, str] = {}
    for one in fresh:
        place = _place(one.statement[0])
        if place and place[0] in gone:
            key, instead[one.key] = gone[place[0]]
            belief = ledger.belief(key)
            if belief and belief.miss:
                ledger.put(key, replace(belief, miss=replace(belief.miss, repointed=True)))
    return [replace(one, instead_of=instead.get(one.key)) for one in proposals]


def _place(fact: Fact) -> tuple[str, str] | None:
    """Where a resolved fact stands on a page, by its printed name; and the model it is resolved to."""
    if isinstance(fact, NewsItem) or fact.model_id is None:
        return None
    if isinstance(fact, PricePoint):
        place = [fact.model, fact.meter, dict(fact.conditions), fact.currency, fact.unit]
    else:
        place = [fact.subject_kind, fact.model, dict(fact.scope)]
    return canonical(place), fact.model_id


def _believe(ledger: Ledger, one: _Proposal) -> None:
    """Take a proposal as true from its own look on."""
    change = Change(
        source=ledger.source,
        key=one.key,
        old=one.belief.rows,
        new=one.rows,
        known=bool(one.belief.signature),
        look=one.look,
    )
    events = tell(change)
    if (renamed := _alias_event(change, one, events)) is not None:
        _tell_alias(ledger, renamed)
        events = [event for event in events if event.kind not in ("price.listed", "price.changed", "model.listed")]
    if one.look.baseline and isinstance(notice := one.statement[0], Notice):
        milestone = clockwork.milestone_passed(one.rows, one.look.at.date())
        events += [] if milestone is None else [replace(tell_due(change, notice, milestone), baseline=False)]
    belief, events = ledger.number(one.belief, events)
    belief = replace(
        _settled(belief),
        signature=signature(one.statement),
        rows=tuple(one.rows),
        due=_iso(clockwork.next_due(one.rows, one.look.at)),
        turns=_iso(clockwork.next_turn(one.rows, one.look.at.date())),
    )
    ledger.put(one.key, ledger.settle(one.belief, belief, events, one.look.at))
    ledger.believe(one.key, one.rows, one.look.at)


def _release(ledger: Ledger, key: str, belief: Belief, hold: Hold) -> None:
    """What was held reads the same again: it was true since it was first seen."""
    rows = overlay(belief.rows, plan(hold.statement, hold.look.at) or (), hold.look, hold.look.last)
    one = _Proposal(key=key, belief=belief, statement=hold.statement, rows=rows, look=hold.look)
    _believe(ledger, replace(one, instead_of=hold.instead_of))


def _turn(ledger: Ledger, key: str, statement: Statement, look: Look) -> None:
    """The status may have turned by date while its notice was held."""
    belief = ledger.belief(key)
    if belief and belief.signature != signature(statement):
        later = replace(look, last=seen_in(ledger.state.header.get("good")))
        rows = overlay(belief.rows, plan(statement, look.at) or (), later, later.last)
        _believe(ledger, _Proposal(key=key, belief=belief, statement=statement, rows=rows, look=later))


def _drop(ledger: Ledger, key: str, belief: Belief, miss: Miss) -> None:
    """A key that is really gone, since the first look that did not show it."""
    look = miss.look
    rows = overlay(belief.rows, [], look, look.last)
    change = Change(source=ledger.source, key=key, old=belief.rows, new=rows, known=True, look=look)
    counted, events = ledger.number(belief, [] if miss.repointed else tell_gone(change))
    after = replace(_settled(counted), signature="", rows=tuple(rows), due=None, turns=None)
    ledger.put(key, ledger.settle(belief, after, events, look.at))
    ledger.believe(key, rows, look.at)


def _conclude(ledger: Ledger, key: str) -> None:
    """No later look will come: what none contradicted is true."""
    belief = ledger.belief(key)
    if belief and belief.miss:
        _drop(ledger, key, belief, belief.miss)
    elif belief and belief.hold:
        _release(ledger, key, belief, belief.hold)


def _alias_event(change: Change, one: _Proposal, events: list[Event]) -> Event | None:
    """The repointing behind a new or changed price, from the page or from the reviewed list of names."""
    fact = one.statement[0]
    if isinstance(fact, NewsItem) or fact.model_id is None:
        return None
    if one.instead_of:
        return tell_repointed(change, fact, {"model_id": one.instead_of}, {"model_id": fact.model_id})
    if one.look.last and any(event.kind == "price.changed" for event in events):
        known = names.repointed(fact.provider, fact.model_id, one.look.last.at.date(), one.look.at.date())
        if known:
            return tell_repointed(change, fact, {"model_id": known.old}, {"model_id": known.new})
    return None


def _tell_alias(ledger: Ledger, event: Event) -> None:
    """Once for all the meters of a model."""
    belief = ledger.belief(event.key) or Belief(kind="alias")
    to = (event.new or {})["model_id"]
    if belief.signature != to:
        counted, _ = ledger.number(belief, [event])
        ledger.put(event.key, replace(counted, signature=to))


def _ring(ledger: Ledger, at: datetime) -> None:
    for day, keys in ledger.state.header.get("calendar", {}).items():
        if midnight(date.fromisoformat(day)) <= at:
            for key in keys:
                _ring_key(ledger, key, at)


def _ring_key(ledger: Ledger, key: str, at: datetime) -> None:
    """Tell what has fallen due for a key by an instant, each at its own day."""
    belief = ledger.belief(key)
    while belief and belief.due and midnight(date.fromisoformat(belief.due)) <= at:
        day = date.fromisoformat(belief.due)
        counted, _ = ledger.number(belief, _due_events(ledger, key, belief, day))
        belief = replace(counted, due=_iso(clockwork.next_due(belief.rows, midnight(day))))
        ledger.put(key, belief)


def _due_events(ledger: Ledger, key: str, belief: Belief, day: date) -> list[Event]:
    look = Look(at=midnight(day), ref=belief.rows[-1].first, last=None, origin=ledger.origin)
    change = Change(source=ledger.source, key=key, old=belief.rows, new=belief.rows, known=True, look=look)
    notice = belief.rows[-1].fact
    if not isinstance(notice, Notice):
        return tell_effect(change)
    milestone = clockwork.milestone_on(belief.rows, day)
    return [] if milestone is None else [tell_due(change, notice, milestone)]


def _only_time_passed(belief: Belief, statement: Statement, at: datetime) -> bool:
    """True where the page says what it said: only the day is another, and with it a status that follows from dates."""
    fact = belief.rows[-1].fact if belief.rows and belief.signature else None
    return isinstance(fact, Notice) and signature((restate(fact, at.date()),)) == signature(statement)


def _restated(statement: Statement, at: datetime) -> Statement:
    return tuple(restate(fact, at.date()) if isinstance(fact, Notice) else fact for fact in statement)


def _settled(belief: Belief) -> Belief:
    return replace(belief, hold=None, miss=None, conflict=None)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
