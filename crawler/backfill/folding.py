"""From price states to rows and events, all of them at once: what a look at every commit would have come to. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Final

from crawler.backfill.states import COMMITS, PriceStateLine, facts_of, is_same
from timeline import holds
from timeline.beliefs import Look
from timeline.changes import Change
from timeline.diff import signature
from timeline.doubts import Doubt, Settling, settle, swapped, zeroed
from timeline.events import CaptureRef, Event
from timeline.headlines import amount
from timeline.judging import MANY
from timeline.observations import Folded, Held, KnownRow, Row, SourceInfo, State
from timeline.prices import PricePoint
from timeline.spans import Seen
from timeline.telling import tell_gone
from timeline.telling_prices import price_side, tell_price

STATES: Final = SourceInfo(id="models-dev-states", provider="models-dev", kind="catalogue", trust="catalogue")
"""The history of models.dev, apart from what is fetched from it: its looks are commits, not captures."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    """One price over one stretch of time. `renamed`: it ends, or begins, with another name for the same model."""

    fact: PricePoint
    starts: datetime
    ends: datetime | None
    first: CaptureRef
    last: CaptureRef
    known: datetime  # since when it could be known
    known_to: datetime | None = None  # when it could be known that it had ended
    before: PricePoint | None = None  # what stood right before it, also under another name
    goes_on: bool = False  # under another name


@dataclass(frozen=True, kw_only=True, slots=True)
class _Move:
    """What a commit did to one price: from one to another, from nothing, or to nothing."""

    at: datetime
    key: str
    old: PricePoint | None
    new: PricePoint | None
    ref: CaptureRef
    before: CaptureRef | None


@dataclass
class _Told:
    """What was told of one key so far."""

    signature: str = ""
    settling: Settling | None = None
    doubt: Doubt | None = None
    held: Held | None = None


@dataclass
class _Sheet:
    """What is written down while the commits are gone through."""

    events: list[Event] = field(default_factory=list)
    moot: set[str] = field(default_factory=set)
    told: dict[str, _Told] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


def fold_states(states: Sequence[PriceStateLine], sha256: str) -> Folded:
    """The rows and events of the states of one file, `sha256` its hash. The order of the lines makes no difference.

    A model that was renamed keeps its history: under the new name too, known since then. What a catalogue cannot prove
    alone is moot, see timeline.doubts.
    """
    pieces = _pieces(states, sha256)
    rows = [row for each in pieces.values() for piece in each for row in _rows(piece)]
    sheet = _Sheet()
    moves = sorted((move for each in pieces.values() for move in _moves(each)), key=lambda move: (move.at, move.key))
    first, alive = moves[0].at if moves else None, 0
    for at, group in groupby(moves, key=lambda move: move.at):
        now = list(group)
        _tell_commit(sheet, now, alive, baseline=at == first)
        alive += sum((move.new is not None) - (move.old is not None) for move in now)
    held = [one.held for one in sheet.told.values() if one.held]
    return Folded(state=State.empty(), rows=rows, events=sheet.events, moot=frozenset(sheet.moot), held=held)


def last_seen(states: Iterable[PriceStateLine]) -> datetime:
    """The newest commit of the file: until then what still stood is known to have stood."""
    return max(state.ends or state.starts for state in states)


def _pieces(states: Sequence[PriceStateLine], sha256: str) -> Mapping[tuple[object, ...], list[_Piece]]:
    """Every price under every name it had, in order of time."""
    pieces: dict[tuple[object, ...], list[_Piece]] = {}
    for state, fact in zip(states, facts_of(states), strict=True):
        if fact is None:
            continue
        own = pieces.setdefault((state.path, *state.offer), [])
        first = CaptureRef(url=COMMITS + state.commit, captured_at=state.starts, sha256=sha256)
        last = first
        if state.ends and state.end_commit:
            last = CaptureRef(url=COMMITS + state.end_commit, captured_at=state.ends, sha256=sha256)
        piece = _Piece(
            fact=fact, starts=state.starts, ends=state.ends, first=first, last=last, known=state.starts,
            known_to=state.ends,
        )  # fmt: skip
        if own and own[-1].ends == state.starts:
            piece = replace(piece, before=own[-1].fact)
        elif not own and state.renamed_from and is_same(state.renamed_from, state.path):
            piece = _inherit(own, pieces.get((state.renamed_from, *state.offer), []), piece)
        own.append(piece)
    return pieces


def _inherit(own: list[_Piece], older: list[_Piece], piece: _Piece) -> _Piece:
    """Give a renamed price its past: what it cost under the old name, as is known since the new one is there."""
    if not older or older[-1].ends != piece.starts:
        return piece
    older[-1] = replace(older[-1], goes_on=True)
    for past in older:
        fact = replace(past.fact, model=piece.fact.model, model_id=piece.fact.model_id, provider=piece.fact.provider)
        own.append(replace(past, fact=fact, known=piece.known, known_to=None, before=None, goes_on=True))
    before = own[-1].fact
    if before.value == piece.fact.value:  # one price, that has stood since the old name had it
        return replace(piece, starts=own.pop().starts, before=before)
    return replace(piece, before=before)


def _rows(piece: _Piece) -> Iterator[KnownRow]:
    """Believed open while it stood, and closed since it ended."""
    key = piece.fact.key
    if piece.known_to is None:
        yield KnownRow(key=key, row=_row(piece, piece.ends), known_from=piece.known)
    else:
        yield KnownRow(key=key, row=_row(piece, None), known_from=piece.known, known_to=piece.known_to)
        yield KnownRow(key=key, row=_row(piece, piece.ends), known_from=piece.known_to)


def _row(piece: _Piece, ends: datetime | None) -> Row:
    last = piece.last if ends else piece.first
    return Row(fact=piece.fact, starts=piece.starts, ends=ends, seen_until=ends, first=piece.first, last=last)


def _moves(pieces: Sequence[_Piece]) -> Iterator[_Move]:
    """What there is to tell of one price. Its past under another name has been told under that name."""
    own = [piece for piece in pieces if piece.known_to is not None or piece.ends is None]
    for number, piece in enumerate(own):
        key = piece.fact.key
        if piece.before is None or piece.before.value != piece.fact.value:
            before = own[number - 1].first if number and piece.before else None
            yield _Move(at=piece.known, key=key, old=piece.before, new=piece.fact, ref=piece.first, before=before)
        follows = number + 1 < len(own) and own[number + 1].before is not None
        if piece.known_to and not follows and not piece.goes_on:
            yield _Move(at=piece.known_to, key=key, old=piece.fact, new=None, ref=piece.last, before=piece.first)


def _tell_commit(sheet: _Sheet, moves: Sequence[_Move], alive: int, *, baseline: bool) -> None:
    """The events of one commit, and which of them are not worth telling."""
    moved = [move for move in moves if move.old]
    reasons = {move.key: MANY for move in moved} if holds.too_many(len(moved), alive) else {}
    if len(moved) > 1:
        reasons |= dict.fromkeys(swapped({move.key: (move.old, move.new) for move in moved if move.new}), "swapped")
    for move in moves:
        odd = holds.doubt(move.old, move.new) if move.old and move.new else None
        _tell(sheet, move, odd or reasons.get(move.key), baseline=baseline)


def _tell(sheet: _Sheet, move: _Move, reason: str | None, *, baseline: bool) -> None:
    numbered = [_numbered(sheet, event) for event in _events(move, baseline=baseline)]
    events, ids = [event for event, _ in numbered], tuple(number for _, number in numbered)
    sheet.events += events
    told = sheet.told.setdefault(move.key, _Told())
    was, told.signature = told.signature, signature((move.new,)) if move.new else ""
    told.held = None
    if baseline or not events:
        return
    told.settling, moot = settle(told.settling, was, told.signature, ids, move.at)
    sheet.moot |= set(moot)
    reason = reason or ("zero" if zeroed(events) else None)
    if reason is None:
        told.doubt = None
        return
    sheet.moot |= {*ids}
    base = told.doubt.base if told.doubt else was
    told.settling, told.doubt = None, None
    if told.signature != base and move.new:
        told.doubt = Doubt(reason=reason, base=base)
        told.held = _held(move, move.new, reason)


def _held(move: _Move, new: PricePoint, reason: str) -> Held:
    was = amount(price_side(move.old)) if move.old else "nothing"
    detail = f"believed and not told: {was} became {amount(price_side(new))}, which a catalogue alone cannot prove"
    return Held(key=move.key, model=new.model, reason=reason, since=move.at, detail=detail)


def _events(move: _Move, *, baseline: bool) -> list[Event]:
    last = Seen(at=move.at, ref=move.before) if move.before else None
    look = Look(at=move.at, ref=move.ref, last=last, origin="import", baseline=baseline)
    change = Change(source=STATES, key=move.key, old=(), new=(), known=bool(move.old), look=look, offer=move.old)
    return tell_price(change, move.new) if move.new else tell_gone(change)


def _numbered(sheet: _Sheet, event: Event) -> tuple[Event, str]:
    """The event as the n-th time that very change is told, and its id."""
    number = event.id
    sheet.counts[number] += 1
    if sheet.counts[number] == 1:
        return event, number
    event = replace(event, occurrence=sheet.counts[number])
    return event, event.id
