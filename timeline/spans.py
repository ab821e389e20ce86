"""What a page's statement about one price means over time, and how it changes what is believed of that price."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from timeline.diff import Statement, is_soft
from timeline.events import CaptureRef
from timeline.facts import Fact, to_json
from timeline.keys import canonical
from timeline.observations import Basis, Believed, Row
from timeline.prices import PricePoint

Identity = tuple[object, datetime | None, datetime | None]
_EVER = datetime.max.replace(tzinfo=UTC)
_MOST = 48  # statements about one key beyond this are no price list


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """One fact over [starts, ends); `stated`: the page itself gives the start."""

    starts: datetime
    ends: datetime
    fact: Fact
    stated: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A look at a page: when, and the bytes."""

    at: datetime
    ref: CaptureRef


def midnight(day: date) -> datetime:
    """The first instant of a stated day, in UTC: pages do not give time zones."""
    return datetime.combine(day, time(), UTC)


def plan(statement: Statement, at: datetime) -> list[Span] | None:
    """What the statement, read at `at`, says about all time; None where it contradicts itself.

    A notice or a news item holds from when it was read.
    An undated price holds from `at` on. A dated one holds on its days and goes before an undated one; of two dated
    ones the later start goes first. "At least until" is no end. What is not covered is unknown.
    """
    if not isinstance(statement[0], PricePoint):
        return [Span(starts=at, ends=_EVER, fact=statement[0], stated=False)] if len(statement) == 1 else None
    facts = [fact for fact in statement if isinstance(fact, PricePoint)]
    if len(facts) > _MOST:
        return None
    return _priced(facts, at)


def overlay(believed: Sequence[Row], spans: Sequence[Span], look: Seen, last: Seen | None) -> list[Row]:
    """What is believed after a look: from then on only what the page says; before it, what it says with a date.

    `last` is the last look that still showed the old belief.
    """
    pivot = first_moment(spans, look)
    settled = [row for row in believed if row.ends is not None and row.ends < pivot]
    recent = believed[len(settled) :]
    edges = {look.at, *(edge for span in spans for edge in (span.starts, span.ends))}
    edges |= {edge for row in recent for edge in (row.starts, row.ends or _EVER)}
    rows = [
        row
        for lo, hi in pairwise(sorted(edges))
        if (row := _piece(at_instant(recent, lo), _span_at(spans, lo), (lo, hi), look, last))
    ]
    return [*settled, *_merged(rows)]


def first_moment(spans: Sequence[Span], look: Seen) -> datetime:
    """The first moment of which a look says anything."""
    return min([look.at, *(span.starts for span in spans)])


def at_instant(rows: Iterable[Row], at: datetime) -> Row | None:
    """The row that holds at an instant."""
    for row in rows:
        if row.starts <= at and (row.ends is None or at < row.ends):
            return row
    return None


def same_rows(one: Sequence[Row], other: Sequence[Row]) -> bool:
    """True where both say the same over the same time."""
    return [identity(row) for row in one] == [identity(row) for row in other]


def identity(row: Row) -> Identity:
    """What makes two rows of one key the same row: value and effective time."""
    return (row.fact.value, row.starts, row.ends)


def stands(row: Identity, belief: Believed) -> bool:
    """Whether a row had ended before anything that a belief speaks of, and so stays as it is."""
    ends = row[2]
    return belief.before is not None and ends is not None and ends <= belief.before


def _priced(facts: list[PricePoint], at: datetime) -> list[Span] | None:
    if len(facts) == 1:
        only = _cover(facts[0], at)
        return [only] if only.starts < only.ends else []
    covers = [(span, _rank(fact)) for fact in facts if (span := _cover(fact, at)).starts < span.ends]
    spans: list[Span] = []
    for lo, hi in pairwise(sorted({edge for span, _ in covers for edge in (span.starts, span.ends)})):
        inside = [(rank, span) for span, rank in covers if span.starts <= lo and hi <= span.ends]
        if not inside:
            continue
        best = [span for rank, span in inside if rank == max(inside, key=lambda ranked: ranked[0])[0]]
        if len({span.fact.value for span in best}) > 1:
            return None
        chosen = best[0] if len(best) == 1 else min(best, key=lambda span: canonical(to_json(span.fact)))
        spans.append(replace(chosen, starts=lo, ends=hi, stated=chosen.stated if lo == chosen.starts else lo > at))
    return _joined(spans)


def _cover(fact: PricePoint, at: datetime) -> Span:
    dated = fact.effective_from is not None
    starts = midnight(fact.effective_from) if fact.effective_from else at
    ends = _EVER
    if fact.effective_to and not is_soft(fact) and fact.effective_to < date.max:
        ends = midnight(fact.effective_to + timedelta(days=1))
    return Span(starts=starts, ends=ends, fact=fact, stated=dated)


def _rank(fact: PricePoint) -> tuple[bool, date]:
    return (fact.effective_from is not None or fact.effective_to is not None, fact.effective_from or date.min)


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].ends == span.starts and joined[-1].fact.value == span.fact.value:
            joined[-1] = replace(joined[-1], ends=span.ends)
        else:
            joined.append(span)
    return joined


def _piece(
    old: Row | None, new: Span | None, over: tuple[datetime, datetime], look: Seen, last: Seen | None
) -> Row | None:
    """What is believed between two edges: old evidence stands where it says the same, and where the page is mute."""
    lo, hi = over
    ends = None if hi == _EVER else hi
    if new and (old is None or old.fact.value != new.fact.value):
        basis: Basis = "stated" if new.stated or lo > new.starts else "observed"
        return Row(fact=new.fact, starts=lo, ends=ends, basis=basis, first=look.ref, last=look.ref)
    if old is None or (new is None and lo >= look.at):
        return None
    if ends == old.ends:
        return replace(old, starts=lo)
    if hi == look.at and last:
        return replace(old, starts=lo, ends=ends, seen_until=last.at, last=last.ref)
    return replace(old, starts=lo, ends=ends, seen_until=None)


def _span_at(spans: Sequence[Span], at: datetime) -> Span | None:
    return next((span for span in spans if span.starts <= at < span.ends), None)


def _merged(rows: list[Row]) -> list[Row]:
    merged: list[Row] = []
    for row in rows:
        if merged and merged[-1].ends == row.starts and merged[-1].fact.value == row.fact.value:
            merged[-1] = replace(merged[-1], ends=row.ends, seen_until=row.seen_until, last=row.last)
        else:
            merged.append(row)
    return merged
