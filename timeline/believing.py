"""Carrying out what was decided of a key: believe it, release what was held, drop what is gone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from timeline import clockwork, names
from timeline.beliefs import Belief, Hold, Look, Miss, seen_in
from timeline.changes import SETTLING, Change
from timeline.diff import Statement, signature
from timeline.events import Event
from timeline.ledger import Ledger
from timeline.notices import Notice
from timeline.observations import Row
from timeline.page_texts import PageText
from timeline.prices import PricePoint
from timeline.spans import Seen, Span, first_moment, overlay, plan
from timeline.telling import tell, tell_due, tell_gone, tell_repointed
from timeline.telling_prices import offered

_BY_NAME = ("price.listed", "price.changed", "model.listed")  # what a repointed name would look like otherwise


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """What a look would make of a key."""

    key: str
    belief: Belief
    statement: Statement
    rows: list[Row]
    look: Look
    instead_of: str | None = None  # see beliefs.Hold


def believe(ledger: Ledger, one: Proposal, doubt: str | None = None) -> None:
    """Take a proposal as true from its own look on. With a `doubt` it is a catalogue's, and nobody is told of it."""
    change = Change(
        source=ledger.source,
        key=one.key,
        old=one.belief.rows,
        new=one.rows,
        known=bool(one.belief.signature),
        look=one.look,
        offer=one.belief.offer,
    )
    events = tell(change)
    renamed = _repointing(change, one, events)
    if renamed is not None:
        _tell_once(ledger, renamed)
    if renamed is not None or one.instead_of is not None:
        events = [event for event in events if event.kind not in _BY_NAME]
    if one.look.baseline and ledger.source.trust not in SETTLING and isinstance(notice := one.statement[0], Notice):
        milestone = clockwork.milestone_passed(one.rows, one.look.at.date())
        events += [] if milestone is None else [replace(tell_due(change, notice, milestone), baseline=False)]
    counted, events = ledger.number(one.belief, events)
    kept = undoubted(counted).revised(() if one.belief.kind == "news" else _remembered(one.rows), one.look.at)
    belief = replace(
        kept,
        doubt=None,
        signature=signature(one.statement),
        offer=offered(change),
        since=one.rows[0].starts if one.belief.kind == "news" else None,
        due=iso(clockwork.next_due(one.rows, one.look.at)),
        turns=iso(clockwork.next_turn(one.statement[0], one.look.at.date())),
    )
    ledger.put(one.key, ledger.settle(one.belief, belief, events, one.look.at, doubt))
    ledger.believe(one.key, one.rows, one.look.at, before=one.belief.before)


def overlaid(belief: Belief, spans: Sequence[Span], look: Look, last: Seen | None) -> tuple[Belief, list[Row]]:
    """What is believed after a look (timeline.spans.overlay), and the belief with the rows that this changes."""
    whole = belief.recalled(first_moment(spans, look))
    return whole, overlay(whole.rows, spans, look, last)


def _remembered(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows as the fold keeps them: of former texts no more than what they can be told by."""
    if not rows or not isinstance(rows[-1].fact, PageText):
        return rows
    former = [
        replace(row, fact=replace(row.fact, text="")) if isinstance(row.fact, PageText) else row for row in rows[:-1]
    ]
    return [*former, rows[-1]]


def release(ledger: Ledger, key: str, belief: Belief, hold: Hold) -> None:
    """What was held reads the same again: it was true since it was first seen."""
    belief, rows = overlaid(belief, plan(hold.statement, hold.look.at) or (), hold.look, hold.look.last)
    one = Proposal(key=key, belief=belief, statement=hold.statement, rows=rows, look=hold.look)
    believe(ledger, replace(one, instead_of=hold.instead_of))


def turn(ledger: Ledger, key: str, statement: Statement, look: Look) -> None:
    """A status may have turned by date while its notice was held."""
    belief = ledger.belief(key)
    if belief and belief.signature != signature(statement):
        later = replace(look, last=seen_in(ledger.state.header.get("good")))
        belief, rows = overlaid(belief, plan(statement, look.at) or (), later, later.last)
        believe(ledger, Proposal(key=key, belief=belief, statement=statement, rows=rows, look=later))


def drop(ledger: Ledger, key: str, belief: Belief, miss: Miss) -> None:
    """A key that is really gone, since the first look that did not show it."""
    belief, rows = overlaid(belief, [], miss.look, miss.look.last)
    change = Change(
        source=ledger.source, key=key, old=belief.rows, new=rows, known=True, look=miss.look, offer=belief.offer
    )
    counted, events = ledger.number(belief, [] if miss.repointed else tell_gone(change))
    kept = undoubted(counted).revised(rows, miss.look.at)
    after = replace(kept, doubt=None, signature="", offer=None, due=None, turns=None)
    ledger.put(key, ledger.settle(belief, after, events, miss.look.at))
    ledger.believe(key, rows, miss.look.at, before=belief.before)


def conclude(ledger: Ledger, key: str, *, held: bool) -> None:
    """No later look is waited for: what is missing is gone; with `held`, what nothing contradicted is true."""
    belief = ledger.belief(key)
    if belief and belief.gap:
        return
    if belief and belief.miss:
        drop(ledger, key, belief, belief.miss)
    elif belief and belief.hold and held:
        release(ledger, key, belief, belief.hold)


def undoubted(belief: Belief) -> Belief:
    """The belief with nothing waiting beside it."""
    return replace(belief, hold=None, miss=None, conflict=None, gap=None)


def iso(day: date | None) -> str | None:
    """A day as text."""
    return day.isoformat() if day else None


def _repointing(change: Change, one: Proposal, events: list[Event]) -> Event | None:
    """The repointing behind a new or changed price, from the page or from the reviewed list of names."""
    fact = one.statement[0]
    if not isinstance(fact, PricePoint | Notice) or fact.model_id is None:
        return None
    if one.instead_of:
        return tell_repointed(change, fact, {"model_id": one.instead_of}, {"model_id": fact.model_id})
    if one.look.last and any(event.kind == "price.changed" for event in events):
        known = names.repointed(fact.provider, fact.model_id, one.look.last.at.date(), one.look.at.date())
        if known:
            return tell_repointed(change, fact, {"model_id": known.old}, {"model_id": known.new})
    return None


def _tell_once(ledger: Ledger, event: Event) -> None:
    """Once for all the meters of a model."""
    belief = ledger.belief(event.key) or Belief(kind="alias")
    to = (event.new or {})["model_id"]
    if belief.signature != to:
        counted, _ = ledger.number(belief, [event])
        ledger.put(event.key, replace(counted, signature=to))
