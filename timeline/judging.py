"""Which proposals of a look are believed at once, and which wait for a second look."""

from collections.abc import Sequence
from dataclasses import replace

from timeline import holds
from timeline.beliefs import Hold
from timeline.believing import Proposal, believe
from timeline.facts import Fact
from timeline.keys import canonical
from timeline.ledger import Ledger
from timeline.news import NewsItem
from timeline.prices import PricePoint
from timeline.spans import at_instant


def judge(ledger: Ledger, proposals: Sequence[Proposal], vanished: Sequence[str], *, trusting: bool) -> None:
    """Believe what is plausible, hold the rest. `vanished` are the keys that this look is the first not to show."""
    if not proposals:
        return
    proposals = _renamed(ledger, proposals, vanished)
    reasons = {} if trusting else _reasons(ledger, proposals, vanished)
    for one in proposals:
        if reason := reasons.get(one.key):
            hold = Hold(reason=reason, statement=one.statement, look=one.look, instead_of=one.instead_of)
            ledger.put(one.key, replace(one.belief, hold=hold, miss=None, conflict=None))
        else:
            believe(ledger, one)


def _reasons(ledger: Ledger, proposals: Sequence[Proposal], vanished: Sequence[str]) -> dict[str, str]:
    """Why a key has to wait, the most telling reason of each."""
    reasons: dict[str, str] = {}
    if holds.too_many(len(proposals) + len(vanished), ledger.state.header.get("live", 0)):
        reasons = {one.key: "many_at_once" for one in proposals}
    reasons |= {one.key: "repointed" for one in proposals if one.instead_of}
    reasons |= dict.fromkeys(_redenominated(ledger, proposals, vanished), "redenominated")
    reasons |= dict.fromkeys(holds.swapped(_moves(ledger, proposals)), "swapped")
    return reasons | {one.key: reason for one in proposals if (reason := _doubt(ledger, one))}


def _moves(ledger: Ledger, proposals: Sequence[Proposal]) -> dict[str, holds.Move]:
    moves: dict[str, holds.Move] = {}
    for one in proposals:
        old, new = at_instant(one.belief.rows, ledger.at), at_instant(one.rows, ledger.at)
        if new:
            moves[one.key] = (old.fact if old else None, new.fact)
    return moves


def _doubt(ledger: Ledger, one: Proposal) -> str | None:
    """The first price of the proposal, now or planned, that is another one than believed and too odd at once."""
    if not one.belief.signature:
        return None
    at, believed = ledger.at, one.belief.rows
    edges = {edge for row in (*believed, *one.rows) for edge in (row.starts, row.ends) if edge and edge > at}
    old = at_instant(believed, at)
    was = old.fact if old else None
    for moment in sorted({at, *edges}):
        new, old = at_instant(one.rows, moment), at_instant(believed, moment)
        if new is None:
            continue
        differs = old is None or old.fact.value != new.fact.value
        if differs and (reason := holds.doubt(was, new.fact)):
            return reason
        was = new.fact
    return None


def _renamed(ledger: Ledger, proposals: Sequence[Proposal], vanished: Sequence[str]) -> Sequence[Proposal]:
    """Mark what only took another name: a printed name that stands for another model now, or is resolved now.

    It is neither listed, nor is what stood there before delisted.
    """
    gone: dict[str, tuple[str, str]] = {}
    for key in vanished:
        belief = ledger.belief(key)
        if belief and belief.rows and (place := _place(belief.rows[-1].fact)):
            gone[place[0]] = (key, place[1])
    instead: dict[str, str] = {}
    for one in proposals if gone else ():
        place = None if one.belief.signature else _place(one.statement[0])
        if place and place[0] in gone:
            key, instead[one.key] = gone[place[0]]
            belief = ledger.belief(key)
            if belief and belief.miss:
                ledger.put(key, replace(belief, miss=replace(belief.miss, repointed=True)))
    return [replace(one, instead_of=instead[one.key]) if one.key in instead else one for one in proposals]


def _redenominated(ledger: Ledger, proposals: Sequence[Proposal], vanished: Sequence[str]) -> list[str]:
    """New prices that stand where one in another currency or unit stood: another page of the site, perhaps."""
    gone = {_offer(belief.rows[-1].fact) for key in vanished if (belief := ledger.belief(key)) and belief.rows}
    gone.discard(None)
    return [one.key for one in proposals if not one.belief.signature and _offer(one.statement[0]) in gone]


def _place(fact: Fact) -> tuple[str, str] | None:
    """Where a fact stands on a page, by its printed name; and the model that stands for, if that is known."""
    if isinstance(fact, NewsItem):
        return None
    if isinstance(fact, PricePoint):
        place = [fact.model, fact.meter, dict(fact.conditions), fact.currency, fact.unit]
    else:
        place = [fact.subject_kind, fact.model, dict(fact.scope)]
    return canonical(place), fact.model_id or ""


def _offer(fact: Fact) -> str | None:
    if not isinstance(fact, PricePoint):
        return None
    return canonical([fact.model_id or fact.model, fact.meter, dict(fact.conditions)])
