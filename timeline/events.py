"""An event: an immutable, dated change, with the captures before and after that prove it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from timeline.keys import digest

Origin = Literal["live", "import", "bundled"]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaptureRef:
    """The evidence: which bytes, from where, seen when."""

    seq: int | None = None  # capture number within its source; None for bundled history
    url: str
    captured_at: datetime
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One change. Kinds are text, `noun.past_participle` (see timeline/kinds.toml for what each means)."""

    kind: str
    source: str
    provider: str
    key: str  # of the fact that changed
    subject_kind: str | None = None
    model: str | None = None
    model_id: str | None = None
    meter: str | None = None
    conditions: Mapping[str, str | int] = field(default_factory=dict)
    old: Mapping[str, Any] | None = None
    new: Mapping[str, Any] | None = None
    change_pct: Decimal | None = None  # per cent, signed; None where a side has no amount
    direction: Literal["cut", "rise"] | None = None
    effective_at: str | None = None  # `YYYY-MM-DD`, `YYYY-MM` or a time, as precise as is known
    observed_after: datetime | None = None  # the last capture without the change; None: the first capture
    observed_at: datetime  # the first good capture or check with it
    origin: Origin = "live"
    trust: str = "official"
    baseline: bool = False
    late: bool = False
    before: CaptureRef | None = None
    after: CaptureRef | None = None
    locator: str = ""
    headline: str
    occurrence: int = 1  # the n-th time this source tells this very change
    tell_after: datetime | None = None  # alerts wait until then: what a catalogue says settles first; None: at once

    @property
    def by_calendar(self) -> bool:
        """Whether no look showed it: a day came that a page had stated before, in the capture `after`."""
        stated = self.after.captured_at if self.after else None
        return by_calendar(self.kind, stated, self.observed_after, self.observed_at, baseline=self.baseline)

    @property
    def id(self) -> str:
        """Survives rebuilds: made of what changed, not of when we saw it nor of how the page printed it."""
        if self.kind in _ONCE:
            return digest([self.source, self.kind, self.key, self.occurrence])
        if self.kind == "funding.announced":  # once a round, whoever tells it first
            return digest([self.kind, self.key, self.occurrence])
        if self.kind == "funding.updated":
            new = {name: (self.new or {}).get(name) for name in self.old or {}}
            return digest([self.kind, self.key, self.old, new, self.occurrence])
        sides = [_essence(side, _TOLD.get(self.kind)) for side in (self.old, self.new)]
        return digest([self.source, self.kind, self.key, *sides, self.occurrence])


def by_calendar(
    kind: str, stated: datetime | None, after: datetime | None, observed: datetime, *, baseline: bool
) -> bool:
    """Whether no look showed an event of this kind: a day came that a page had `stated` before, in the capture of then.

    `after` and `observed` are the last look without it and the first with it.
    """
    if after is not None or baseline or not kind.startswith(("model.", "price.")):
        return False
    return stated is not None and stated < observed


_ONCE = ("news.published", "incident.opened", "incident.resolved")  # whatever else is said of the item by then


_TOLD = {
    "figure.changed": ("value", "upto", "qualifier", "unit"),
    "rule.dated": ("applies_from",),
    "page.changed": ("sha256",),
}
"""Of these kinds what is told: the rest of a side is how the page printed it."""


def _essence(side: Mapping[str, Any] | None, told: Sequence[str] | None = None) -> Mapping[str, Any] | None:
    """One side of a change without its print: 3.00 per 1,000,000 is 0.003 per 1,000."""
    if side is not None and told is not None:
        return {name: _number(name, side.get(name)) for name in told}
    if side is None or side.get("amount") is None:
        return side
    amount = Decimal(side["amount"]) / Decimal(side.get("per", 1))
    return {**side, "amount": amount, "per": 1}


def _number(name: str, value: Any) -> Any:
    """A figure without its digits: 2.0 is 2.00."""
    return Decimal(value) if name in ("value", "upto") and value is not None else value
