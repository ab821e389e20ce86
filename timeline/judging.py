"""Which proposals of a look are believed at once, and which wait for a second look."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from timeline import doubts, holds, retractions
from timeline.beliefs import Belief, Hold, Look
from timeline.believing import Proposal, believe, release
from timeline.changes import SETTLING
from timeline.diff import Statement, Statements, signature
from timeline.facts import Fact
from timeline.figures import Figure
from timeline.keys import canonical
from timeline.ledger import Ledger
from timeline.notices import Notice, restate
from timeline.prices import PricePoint
from timeline.spans import at_instant

MANY = "many_at_once"


def judge(ledger: Ledger, proposals: Sequence[Proposal], vanished: Sequence[str], *, trusting: bool) -> None:
    """Believe what is plausible, hold the rest. `vanished` are the keys that this look is the first not to show.

    A catalogue is believed at once; what would have to wait elsewhere is told nobody.
    """
    if not proposals:
        return
    proposals = _renamed(ledger, proposals, vanished)
    settles = ledger.source.trust in SETTLING
    weigh = _reasons_of_catalogue if settles else _reasons
    reasons = {} if trusting else weigh(ledger, proposals, vanished)
    for one in proposals:
        if (reason := reasons.get(one.key)) and not settles:
            hold = Hold(reason=reason, statement=one.statement, look=one.look, instead_of=one.instead_of)
            ledger.put(one.key, replace(one.belief, hold=hold, miss=None, conflict=None, gap=None))
        else:
            believe(ledger, one, doubt=reason if isinstance(one.statement[0], PricePoint) else None)


def vindicate(ledger: Ledger, stated: Statements, look: Look, *, accepted: bool) -> None:
    """Release all that one look changed at once, when half of it reads the same again: that page was no accident.

    So what has changed once more since then is not lost. What reads as it did before that look stays unbelieved.
    """
    groups: dict[datetime, list[tuple[str, Belief, Hold]]] = {}
    for key in ledger.waiting():
        belief = ledger.belief(key)
        if belief and belief.hold and belief.hold.reason == MANY:
            groups.setdefault(belief.hold.look.at, []).append((key, belief, belief.hold))
    for since, group in groups.items():
        same = sum(1 for key, _, hold in group if key in stated and reads_same(hold, stated[key], look.at))
        if 2 * same >= len(group) and (accepted or look.at - since >= holds.SECOND_LOOK):
            for key, belief, hold in group:
                if key not in stated or not _is_believed(belief, stated[key], look.at):
                    release(ledger, key, belief, hold)


def reads_same(hold: Hold, statement: Statement, at: datetime) -> bool:
    """Whether a look says what is held; a status may have turned by date since then."""
    held = tuple(restate(fact, at.date()) if isinstance(fact, Notice) else fact for fact in hold.statement)
    return signature(held) == signature(statement)


def only_time_passed(belief: Belief, statement: Statement, at: datetime) -> bool:
    """True where the page says what it said: only the day is another, and with it a status that follows from dates."""
    was, now = belief.rows[-1].fact if belief.rows and belief.signature else None, statement[0]
    return (
        isinstance(was, Notice)
        and isinstance(now, Notice)
        and restate(replace(was, labelled=now.labelled), at.date()).value == now.value
    )


def _is_believed(belief: Belief, statement: Statement, at: datetime) -> bool:
    return belief.signature == signature(statement) or only_time_passed(belief, statement, at)


def _reasons(ledger: Ledger, proposals: Sequence[Proposal], vanished: Sequence[str]) -> dict[str, str]:
    """Why a key has to wait, the most telling reason of each."""
    reasons: dict[str, str] = {}
    if holds.too_many(len(proposals) + len(vanished), _shown(ledger)):
        reasons = {one.key: MANY for one in proposals}
    gone = [belief.rows[-1].fact for key in vanished if (belief := ledger.belief(key)) and belief.rows]
    lossy = {_line(fact) for fact in gone} - {None}
    reasons |= {one.key: "torn" for one in proposals if _line(one.statement[0]) in lossy}
    reasons |= dict.fromkeys(_beside(proposals, gone), "beside_losses")
    reasons |= {one.key: "repointed" for one in proposals if one.instead_of}
    reasons |= dict.fromkeys(_redenominated(proposals, gone), "redenominated")
    moves = _moves(ledger, proposals)
    reasons |= dict.fromkeys(holds.swapped(moves, gone), "swapped")
    reasons |= dict.fromkeys(retractions.crossed(moves), "crossed")
    return reasons | {one.key: reason for one in proposals if (reason := _doubt(ledger, one))}


def _reasons_of_catalogue(ledger: Ledger, proposals: Sequence[Proposal], vanished: Sequence[str]) -> dict[str, str]:
    """Why a change is told nobody. Of thousands of listings some always come, go, and meet in price: no sign there."""
    moved = [one for one in proposals if one.belief.signature]
    many = holds.too_many(len(moved) + len(vanished), _shown(ledger))
    reasons = {one.key: MANY for one in moved} if many else {}
    reasons |= dict.fromkeys(doubts.swapped(_moves(ledger, moved)), "swapped")
    return reasons | {one.key: reason for one in moved if (reason := _doubt(ledger, one))}


def _shown(ledger: Ledger) -> int:
    """How many keys the look before showed."""
    header = ledger.state.header
    return int(header.get("live", 0)) - len(header.get("hidden", ()))


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
        return holds.doubt(None, one.statement[0])
    at, believed = ledger.at, one.belief.rows
    edges = {edge for row in (*believed, *one.rows) for edge in (row.starts, row.ends) if edge and edge > at}
    old = at_instant(believed, at)
    was = old.fact if old else None
    shown = one.look.last.at.date() if one.look.last else None
    for moment in sorted({at, *edges}):
        new, old = at_instant(one.rows, moment), at_instant(believed, moment)
        if new is None:
            continue
        differs = old is None or old.fact.value != new.fact.value
        if differs and (reason := holds.doubt(was, new.fact, shown)):
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


def _beside(proposals: Sequence[Proposal], gone: Sequence[Fact]) -> Iterator[str]:
    """New prices and figures, and whatever is said of models' lives, on a page that lost others at the same time.

    Misread, perhaps. A price that was known keeps its place; what a page says of a model may be taken from several of
    its parts.
    """
    lost = {type(fact) for fact in gone}
    for one in proposals:
        kind = type(one.statement[0])
        if kind in lost and (kind is Notice or (kind in (PricePoint, Figure) and not one.belief.signature)):
            yield one.key


def _line(fact: Fact) -> str | None:
    """What shares a line of a table: the prices of a model, the figures of a subject."""
    if isinstance(fact, Figure):
        return fact.subject
    return fact.model if isinstance(fact, PricePoint) else None


def _redenominated(proposals: Sequence[Proposal], gone: Sequence[Fact]) -> list[str]:
    """New prices that stand where one in another currency or unit stood: another page of the site, perhaps."""
    offers = {_offer(fact) for fact in gone} - {None}
    return [one.key for one in proposals if not one.belief.signature and _offer(one.statement[0]) in offers]


def _place(fact: Fact) -> tuple[str, str] | None:
    """Where a fact stands on a page, by its printed name; and the model that stands for, if that is known."""
    if isinstance(fact, PricePoint):
        place = [fact.model, fact.meter, dict(fact.conditions), fact.currency, fact.unit]
    elif isinstance(fact, Notice):
        place = [fact.subject_kind, fact.model, dict(fact.scope)]
    else:
        return None
    return canonical(place), fact.model_id or ""


def _offer(fact: Fact) -> str | None:
    if not isinstance(fact, PricePoint):
        return None
    return canonical([fact.model_id or fact.model, fact.meter, dict(fact.conditions)])
