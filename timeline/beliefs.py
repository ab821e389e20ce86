"""What the fold remembers of one key, and its JSON form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from timeline.diff import Statement
from timeline.doubts import Doubt, Settling
from timeline.events import CaptureRef, Origin
from timeline.facts import Fact, from_json, to_json
from timeline.gaps import Cover
from timeline.observations import Row
from timeline.pasts import JsonRow, extended
from timeline.prices import PricePoint
from timeline.spans import Seen

ENDED = 2
"""Rows that have ended and are kept at hand: what is told of a price names the one before."""
_WHOLE = ("news", "incident")  # of an incident it counts whether it was ever over; of news no rows are kept


@dataclass(frozen=True, kw_only=True, slots=True)
class Look(Seen):
    """One good look, as far as events need it. `last` is the last look that still showed the old belief."""

    last: Seen | None
    origin: Origin = "live"
    late: bool = False
    baseline: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """A statement that waits for a second look that reads the same."""

    reason: str
    statement: Statement
    look: Look
    instead_of: str | None = None  # the model id its printed name stood for before; empty: it was not resolved


@dataclass(frozen=True, kw_only=True, slots=True)
class Miss:
    """The first good look that did not show the key. `repointed`: its alias went elsewhere, so nothing is delisted."""

    look: Look
    repointed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """Why the absence of the key counts for nothing, and the look that found it so."""

    cover: Cover
    look: Look


@dataclass(frozen=True, kw_only=True, slots=True)
class Belief:
    """All that is known of one key. `signature` is of the statement believed, empty where there is none."""

    kind: str  # price notice news alias
    signature: str = ""
    rows: tuple[Row, ...] = ()  # what is believed; of news nothing but `since` is kept, or a feed's would never end
    before: datetime | None = None  # rows that had ended by then are in the past
    past: Sequence[JsonRow] = ()
    since: datetime | None = None
    offer: PricePoint | None = None  # the price that was told last, if one is on offer
    told: Mapping[str, int] = field(default_factory=dict)  # how often each very change was told
    hold: Hold | None = None
    miss: Miss | None = None
    conflict: Look | None = None
    gap: Gap | None = None  # why its absence counts for nothing; needs no second look, so it does not wait
    due: str | None = None  # the next day on which the calendar has something to tell
    turns: str | None = None  # the first day on which a check would find another status
    settling: Settling | None = None
    doubt: Doubt | None = None  # believed of a catalogue, and told nobody
    written: tuple[tuple[Row, JsonRow], ...] = field(default=(), compare=False, repr=False)
    """The rows that were read, with their JSON: most of them are written again as they are."""

    @property
    def last(self) -> Seen | None:
        """The last look that showed the belief, where that is not the source's last good look."""
        doubts = (self.hold and self.hold.look, self.miss and self.miss.look, self.gap and self.gap.look, self.conflict)
        waiting = [look for look in doubts if look]
        return min(waiting, key=lambda look: look.at).last if waiting else None

    @property
    def is_doubted(self) -> bool:
        """True while the last look did not show what is believed."""
        return self.waits or self.gap is not None

    def revised(self, rows: Sequence[Row], at: datetime) -> "Belief":
        """The belief with these rows: all that had ended by a look at `at` joins the past, but for the last ones."""
        ended = 0
        while ended < len(rows) and (ends := rows[ended].ends) is not None and ends < at:
            ended += 1
        gone = 0 if self.kind in _WHOLE else max(0, ended - ENDED)
        if not gone:
            return replace(self, rows=tuple(rows))
        past = extended(self.past, self._written(rows[:gone]))
        return replace(self, rows=tuple(rows[gone:]), before=rows[gone - 1].ends, past=past)

    def recalled(self, since: datetime) -> "Belief":
        """The belief with every row that a look may change which speaks of times since `since`."""
        if self.before is None or since > self.before:
            return self
        past = tuple((_row_in(row), row) for row in self.past)
        rows = (*(row for row, _ in past), *self.rows)
        return replace(self, rows=rows, before=None, past=(), written=(*past, *self.written))

    @property
    def _offers_newest(self) -> bool:
        return bool(self.rows) and self.rows[-1].fact == self.offer

    @property
    def waits(self) -> bool:
        """True while something was seen that is not believed yet."""
        return bool(self.hold or self.miss or self.conflict)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; what is empty is left out."""
        data: dict[str, Any] = {"kind": self.kind, "sig": self.signature}
        if self.rows:
            data["rows"] = self._written(self.rows)
        if self.before:
            data |= {"before": self.before.isoformat(), "past": self.past}
        if self.since:
            data["since"] = self.since.isoformat()
        if self.offer:
            data["offer"] = True if self._offers_newest else to_json(self.offer)
        if self.waits:
            data["waits"] = True
        if self.told:
            data["told"] = dict(self.told)
        data |= self._doubts()
        if self.settling:
            data["settling"] = [self.settling.until.isoformat(), self.settling.base, *self.settling.events]
        if self.doubt:
            data["doubt"] = [self.doubt.reason, self.doubt.base]
        return data | {name: day for name, day in (("due", self.due), ("turns", self.turns)) if day}

    def _written(self, rows: Sequence[Row]) -> list[JsonRow]:
        written = {id(row): text for row, text in self.written}
        return [written.get(id(row)) or _row_out(row) for row in rows]

    def _doubts(self) -> dict[str, Any]:
        data: dict[str, Any] = {}
        if self.hold:
            facts = [to_json(fact) for fact in self.hold.statement]
            look = _look_out(self.hold.look)
            data["hold"] = {"reason": self.hold.reason, "facts": facts, "look": look, "instead": self.hold.instead_of}
        if self.miss:
            data["miss"] = {"look": _look_out(self.miss.look), "repointed": self.miss.repointed}
        if self.conflict:
            data["conflict"] = _look_out(self.conflict)
        if self.gap:
            data["gap"] = {"look": _look_out(self.gap.look), **self.gap.cover.to_json()}
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Belief":
        """What `to_json` wrote."""
        hold, miss, settling, doubt = (data.get(name) for name in ("hold", "miss", "settling", "doubt"))
        rows = tuple(_row_in(row) for row in data.get("rows", ()))
        offer = data.get("offer")
        return cls(
            kind=data["kind"],
            signature=data["sig"],
            rows=rows,
            written=tuple(zip(rows, data.get("rows", ()), strict=True)),
            before=_time(data["before"]) if "before" in data else None,
            past=data["past"] if "before" in data else (),
            offer=_offer_in(rows[-1].fact if offer is True else from_json(offer)) if offer else None,
            since=_time(data["since"]) if "since" in data else None,
            told=data.get("told", {}),
            hold=Hold(
                reason=hold["reason"],
                statement=tuple(from_json(fact) for fact in hold["facts"]),
                look=_look_in(hold["look"]),
                instead_of=hold["instead"],
            )
            if hold
            else None,
            miss=Miss(look=_look_in(miss["look"]), repointed=miss["repointed"]) if miss else None,
            conflict=_look_in(data["conflict"]) if "conflict" in data else None,
            gap=_gap_in(**data["gap"]) if "gap" in data else None,
            due=data.get("due"),
            turns=data.get("turns"),
            settling=Settling(until=_time(settling[0]), base=settling[1], events=tuple(settling[2:]))
            if settling
            else None,
            doubt=Doubt(reason=doubt[0], base=doubt[1]) if doubt else None,
        )


def seen_out(seen: Seen | None) -> dict[str, Any] | None:
    """A look as JSON."""
    return None if seen is None else {"at": seen.at.isoformat(), "ref": _ref_out(seen.ref)}


def seen_in(data: Mapping[str, Any] | None) -> Seen | None:
    """What `seen_out` wrote."""
    return None if data is None else Seen(at=_time(data["at"]), ref=_ref_in(data["ref"]))


def _offer_in(fact: Fact) -> PricePoint | None:
    return fact if isinstance(fact, PricePoint) else None


def _look_out(look: Look) -> dict[str, Any]:
    seen = {"at": look.at.isoformat(), "ref": _ref_out(look.ref), "last": seen_out(look.last)}
    return seen | {"origin": look.origin, "late": look.late, "baseline": look.baseline}


def _look_in(data: Mapping[str, Any]) -> Look:
    return Look(
        at=_time(data["at"]),
        ref=_ref_in(data["ref"]),
        last=seen_in(data["last"]),
        origin=data["origin"],
        late=data["late"],
        baseline=data["baseline"],
    )


def _gap_in(look: Mapping[str, Any], **cover: Any) -> Gap:
    return Gap(look=_look_in(look), cover=Cover(**cover))


def _row_out(row: Row) -> dict[str, Any]:
    return {
        "fact": to_json(row.fact),
        "starts": row.starts.isoformat(),
        "ends": row.ends and row.ends.isoformat(),
        "basis": row.basis,
        "seen_until": row.seen_until and row.seen_until.isoformat(),
        "first": _ref_out(row.first),
        "last": _ref_out(row.last),
    }


def _row_in(data: Mapping[str, Any]) -> Row:
    return Row(
        fact=from_json(data["fact"]),
        starts=_time(data["starts"]),
        ends=data["ends"] and _time(data["ends"]),
        basis=data["basis"],
        seen_until=data["seen_until"] and _time(data["seen_until"]),
        first=_ref_in(data["first"]),
        last=_ref_in(data["last"]),
    )


def _ref_out(ref: CaptureRef) -> dict[str, Any]:
    return {"seq": ref.seq, "url": ref.url, "captured_at": ref.captured_at.isoformat(), "sha256": ref.sha256}


def _ref_in(data: Mapping[str, Any]) -> CaptureRef:
    return CaptureRef(**{**data, "captured_at": _time(data["captured_at"])})


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
