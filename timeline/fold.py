"""The fold: how the looks at a source become facts over time, and events. Pure; every look is told its own time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from timeline import clockwork, holds
from timeline.beliefs import Belief, Gap, Look, Miss, seen_in
from timeline.believing import Proposal, believe, conclude, drop, iso, overlaid, release, turn, undoubted
from timeline.changes import SETTLING, Change
from timeline.diff import Statement, Statements, signature, state
from timeline.events import Event
from timeline.gaps import Cover
from timeline.incidents import Incident
from timeline.issues import AiwireError
from timeline.judging import judge, only_time_passed, reads_same, vindicate
from timeline.ledger import Ledger, is_missed
from timeline.news import NewsItem
from timeline.notices import Notice, restate
from timeline.observations import Folded, Held, KnownRow, Observation, SourceInfo, State, Step
from timeline.recognising import recognised
from timeline.rule_dates import RuleDate
from timeline.spans import Seen, identity, midnight, plan, same_rows, stands
from timeline.telling import tell_due
from timeline.telling_prices import offered, tell_effect

__all__ = ["Folded", "OutOfOrderError", "State", "advance", "fold", "has_pending", "tick"]


class OutOfOrderError(AiwireError):
    """A look is not later than the last one: the history of the source must be folded again from its captures."""


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
    form = seen.shape.form if seen.shape else None
    return ledger.step(last=seen.at, good=Seen(at=seen.at, ref=seen.capture), form=form)


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
    """A whole history at once, in whatever order it was found: the same as advancing look by look, in order.

    The rows are as the table would hold them.
    """
    now, step = State.empty(), None
    rows: list[KnownRow] = []
    standing: dict[str, list[int]] = {}
    events: list[Event] = []
    moot: set[str] = set()
    held: dict[str, Sequence[Held]] = {}
    for seen in sorted(observations, key=lambda seen: seen.at):
        now, step = advance(source, now, seen)
        events += step.events
        moot |= set(step.moot)
        held.update(step.held)
        append(rows, standing, step)
    kept = [row for row in rows if row.known_to is None or row.known_from < row.known_to]
    return Folded(
        state=now,
        rows=kept,
        events=events,
        moot=frozenset(moot),
        held=[one for key in sorted(held) for one in held[key] if step and (one.until is None or one.until > step.at)],
    )


def append(rows: list[KnownRow], standing: dict[str, list[int]], step: Step) -> None:
    """Write a step into a table of rows. `standing` has the places of the rows of each key that are still believed."""
    for belief in step.beliefs:
        fresh = {identity(row): row for row in belief.rows}
        stays = []
        for place in standing.get(belief.key, ()):
            what = identity(rows[place].row)
            if stands(what, belief) or fresh.pop(what, None) is not None:
                stays.append(place)
            else:
                rows[place] = replace(rows[place], known_to=belief.known_from)
        for row in fresh.values():
            stays.append(len(rows))
            rows.append(KnownRow(key=belief.key, row=row, known_from=belief.known_from))
        standing[belief.key] = stays


def _look(ledger: Ledger, seen: Observation) -> None:
    good = seen_in(ledger.state.header.get("good"))
    look = Look(at=seen.at, ref=seen.capture, last=good, origin=seen.origin, late=seen.late, baseline=good is None)
    stated = _stated(ledger, seen)
    proposals = []
    vindicate(ledger, stated, look, accepted=seen.verdict == "accepted")
    shown = ledger.shown()
    news = {key: said for key, said in stated.items() if shown.get(key) != signature(said)}
    if ledger.state.expect:
        ledger.state.expect([key for key in news if key in ledger.state.keys])
    for key, statement in news.items():
        if proposal := _meet(ledger, key, statement, look, accepted=seen.verdict == "accepted"):
            proposals.append(proposal)
    vanished = _miss(ledger, stated, look, seen)
    trusting = look.baseline or seen.verdict == "accepted"
    judge(ledger, proposals, vanished, trusting=trusting)
    if seen.last_of_import or seen.verdict == "accepted":
        for key in ledger.waiting():
            conclude(ledger, key, held=seen.last_of_import)


def _stated(ledger: Ledger, seen: Observation) -> dict[str, Statement]:
    """What a look says of each key, as far as that is its own to say."""
    kinds, facts = {type(fact) for fact in seen.facts}, seen.facts  # of thousands of prices no question but this one
    if not kinds.isdisjoint((NewsItem, Incident)):
        facts = recognised(ledger, facts)
    if Notice in kinds:
        day = seen.at.date()
        facts = [restate(fact, day) if isinstance(fact, Notice) else fact for fact in facts]
    stated = state(facts)
    if seen.covered and seen.verdict != "accepted":
        for key in seen.covered.keys() & stated.keys():
            if _loses(ledger, key, stated[key]):
                del stated[key]
    if RuleDate in kinds:
        stated = {key: said for key, said in stated.items() if not _is_older(ledger, key, said)}
    return stated


def _is_older(ledger: Ledger, key: str, statement: Statement) -> bool:
    """Whether a feed shows again what it had said of a rule before it said what is believed now."""
    new = statement[0]
    if not isinstance(new, RuleDate) or new.said_on is None or key not in ledger.state.keys:
        return False
    belief = ledger.belief(key)
    was = belief.rows[-1].fact if belief and belief.rows else None
    return isinstance(was, RuleDate) and was.said_on is not None and new.said_on < was.said_on


def _loses(ledger: Ledger, key: str, statement: Statement) -> bool:
    """Whether a notice of which the page is not understood lacks a day that is believed: it withdraws nothing."""
    belief = ledger.belief(key)
    was = belief.rows[-1].fact if belief and belief.rows else None
    new = statement[0]
    if not isinstance(was, Notice) or not isinstance(new, Notice):
        return False
    days = (
        (was.retires_on or was.not_before, new.retires_on or new.not_before),
        (was.deprecates_on, new.deprecates_on),
    )
    return any(before and not after for before, after in days)


def _meet(ledger: Ledger, key: str, statement: Statement, look: Look, *, accepted: bool) -> Proposal | None:
    """A key that is not as it was: as believed after all, as held before, in conflict with itself, or new."""
    belief = ledger.belief(key) or Belief(kind=statement[0].fact)
    look = replace(look, last=belief.last) if belief.is_doubted else look
    spans = plan(statement, belief.since or look.at)  # an edited entry replaces the old one, since that was seen
    if spans is None:
        ledger.put(key, replace(belief, miss=None, gap=None, conflict=belief.conflict or look))
        return None
    if belief.signature == signature(statement):
        ledger.put(key, undoubted(belief))
        return None
    if belief.hold and reads_same(belief.hold, statement, look.at):
        if accepted or look.at - belief.hold.look.at >= holds.patience(belief.hold.reason):
            release(ledger, key, belief, belief.hold)
            turn(ledger, key, statement, look)
        else:
            ledger.put(key, replace(belief, miss=None, conflict=None, gap=None))
        return None
    whole, rows = overlaid(belief, spans, look, look.last)
    proposal = Proposal(key=key, belief=whole, statement=statement, rows=rows, look=look)
    if belief.signature and same_rows(whole.rows, rows):
        turns = iso(clockwork.next_turn(statement[0], look.at.date()))
        ledger.put(key, replace(undoubted(belief), signature=signature(statement), turns=turns))
        return None
    if isinstance(statement[0], NewsItem | Incident) or only_time_passed(belief, statement, look.at):
        believe(ledger, proposal)
        return None
    return proposal


def _miss(ledger: Ledger, stated: Statements, look: Look, seen: Observation) -> list[str]:
    """Keys that a good look did not show. Gone at the second such look, unless it is covered.

    Those that the look before still showed are given back.
    """
    fresh = []
    known = ledger.state.keys
    absent = [key for key in known if key not in stated and is_missed(known[key]["kind"], ledger.source)]
    for key in sorted(key for key in absent if known[key]["sig"] or "waits" in known[key]):
        belief = ledger.belief(key)
        if belief is None:
            continue
        if not belief.signature:
            ledger.put(key, replace(undoubted(belief), signature="") if belief.rows or belief.told else None)
            continue
        since = replace(look, last=belief.last) if belief.is_doubted else look
        if belief.miss is None and belief.gap is None:
            fresh.append(key)
        if cover := _cover(belief, key, seen, ledger.state.header.get("form")):
            if belief.gap is None or belief.gap.cover != cover:
                ledger.put(key, replace(belief, conflict=None, gap=Gap(cover=cover, look=since)))
            continue
        miss = belief.miss or Miss(look=since)
        if belief.miss is None or belief.gap:
            ledger.put(key, replace(belief, conflict=None, gap=None, miss=miss))
        if look.at - miss.look.at >= holds.ABSENCE:
            drop(ledger, key, belief, miss)
    return fresh


def _cover(belief: Belief, key: str, seen: Observation, form: str | None) -> Cover | None:
    """What explains that a look does not show the key; an operator who takes the page as it is needs no explanation.

    `form` is that of the good look before.
    """
    if seen.verdict == "accepted":
        return None
    if found := seen.covered.get(key):
        return found
    if belief.gap and belief.gap.cover.lasts(seen.shape):
        return belief.gap.cover
    shown = (belief.gap and belief.gap.cover.shown) or form
    return Cover(form=seen.shape.form, shown=shown) if seen.shape and shown and shown != seen.shape.form else None


def _ring(ledger: Ledger, at: datetime) -> None:
    for day, keys in ledger.state.header.get("calendar", {}).items():
        if midnight(date.fromisoformat(day)) <= at:
            for key in keys:
                _ring_key(ledger, key, at)


def _ring_key(ledger: Ledger, key: str, at: datetime) -> None:
    """Tell what has fallen due for a key by an instant, each at its own day; not while it is in doubt."""
    belief = ledger.belief(key)
    if belief and (belief.hold or belief.miss or belief.gap):
        return
    while belief and belief.due and midnight(date.fromisoformat(belief.due)) <= at:
        day = date.fromisoformat(belief.due)
        look = Look(at=midnight(day), ref=belief.rows[-1].first, last=None, origin=ledger.origin)
        change = _as_it_is(ledger, key, belief, look)
        counted, _ = ledger.number(belief, _due_events(change, day))
        due = iso(clockwork.next_due(belief.rows, midnight(day)))
        belief = replace(counted, due=due, offer=offered(change))
        ledger.put(key, belief)


def _as_it_is(ledger: Ledger, key: str, belief: Belief, look: Look) -> Change:
    rows = belief.rows
    return Change(source=ledger.source, key=key, old=rows, new=rows, known=True, look=look, offer=belief.offer)


def _due_events(change: Change, day: date) -> list[Event]:
    notice = change.new[-1].fact
    if not isinstance(notice, Notice):
        return tell_effect(change)
    if change.source.trust in SETTLING:
        return []  # who copies dates does not ring the bell: they may be wrong, and the provider's own page rings it
    milestone = clockwork.milestone_on(change.new, day)
    return [] if milestone is None else [tell_due(change, notice, milestone)]
