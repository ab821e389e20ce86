"""`prices.csv`: price changes of the past as beliefs and events. Pure.

What the file does not say is unknown: before the first statement about a price, and within the month of a change of
which only the month is known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby
from typing import Any, Literal

from store.bundled_rows import LOCATOR, BundledError, Line, Parsed, is_over, known, lines, row, starts
from timeline.events import CaptureRef, Event
from timeline.headlines import headline
from timeline.names import resolve
from timeline.observations import KnownRow
from timeline.prices import PricePoint

SOURCE = "bundled-prices"
TRUST = "catalogue"  # the vendor announced it, but what we have are the catalogues that took it down
COLUMNS = (
    *("provider", "model", "meter", "context_over", "time_window", "date", "old", "new"),
    *("old_since", "reason", "evidence", "url"),
)
REASONS = ("listed", "list_price", "promo_start", "promo_end", "alias_repoint", "tier_removed", "time_bands")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Change:
    """One line: `old` was the price until some instant of `date`, `new` is it since; None where there is none."""

    line: Line
    fact: PricePoint  # without an amount
    date: str  # as precise as is known: YYYY-MM-DD or YYYY-MM
    old: PricePoint | None
    new: PricePoint | None
    old_since: datetime | None  # the first catalogue that has the old price
    evidence: CaptureRef

    @property
    def begins(self) -> datetime:
        """Until then the old price certainly held."""
        return starts(self.date)

    @property
    def over(self) -> datetime:
        """From then on the new price certainly holds: at once where the day is known."""
        return self.begins if len(self.date) > len("2026-01") else is_over(self.date)


def parse(text: str, file: str) -> Parsed:
    """Beliefs and events in order of time. Raises BundledError with the line."""
    changes = sorted((_change(line) for line in lines(text, file, COLUMNS)), key=lambda each: each.over)
    rows: list[KnownRow] = []
    for _, group in groupby(sorted(changes, key=lambda each: each.fact.key), key=lambda each: each.fact.key):
        rows += _beliefs(list(group))
    events = [_event(change) for change in changes]
    seen: set[str] = set()
    for change, event in zip(changes, events, strict=True):
        if event.id in seen:
            raise change.line.error("the same change stands there twice: remove one")
        seen.add(event.id)
    return Parsed(rows=rows, events=events, bodies={each.evidence.sha256: each.line.body for each in changes})


def _change(line: Line) -> _Change:
    date = line.day("date", month=True)
    old_amount, new_amount = line.amount("old"), line.amount("new")
    reason, since = line.text("reason", pattern="|".join(REASONS)), line.day("old_since")
    line.text("evidence")
    if date is None or (old_amount is None and new_amount is None):
        raise line.error("date, and old or new, are empty: expected a date and a price")
    if (reason == "listed") != (old_amount is None):
        raise line.error(
            f"reason is {reason!r} and old is {line.fields['old']!r}: only what is listed has no old price"
        )
    if since and (old_amount is None or since >= date):
        raise line.error(f"old_since is {since}: expected a day before {date} on which there was an old price")
    fact = _fact(line)
    change = _Change(
        line=line,
        fact=fact,
        date=date,
        old=None if old_amount is None else replace(fact, amount=old_amount),
        new=None if new_amount is None else replace(fact, amount=new_amount),
        old_since=starts(since) if since else None,
        evidence=line.evidence(starts(date)),
    )
    return replace(change, evidence=replace(change.evidence, captured_at=change.over))


def _fact(line: Line) -> PricePoint:
    provider, model = line.text("provider", pattern="[a-z][a-z0-9-]*"), line.text("model")
    context, window = line.text("context_over", pattern=r"[1-9]\d*", default=""), line.fields["time_window"]
    if window not in ("", "peak", "off_peak"):
        raise line.error(f"time_window is {window!r}: expected peak, off_peak or nothing")
    conditions: dict[str, str | int] = {"context_over": int(context)} if context else {}
    return PricePoint(
        provider=provider,
        model=model,
        model_id=resolve(provider, model) or model,
        meter=line.text("meter", pattern="[a-z][a-z_]*"),
        amount=None,
        currency="USD",
        per=Decimal(1_000_000),
        conditions=conditions | ({"time_window": window} if window else {}),
        locator=LOCATOR,
    )


def _beliefs(changes: list[_Change]) -> Iterable[KnownRow]:
    """What was known of one price, and since when. Each change must begin with the price the last one ended with."""
    standing: PricePoint | None = None
    since, evidence = None, changes[0].evidence
    for number, change in enumerate(changes):
        if number == 0 and change.old and change.old_since:
            standing, since = change.old, change.old_since
            evidence = replace(change.evidence, captured_at=change.old_since)
        elif number > 0 and (standing and standing.amount) != (change.old and change.old.amount):
            raise _broken(change, standing)
        if standing and since:
            if since >= change.begins:
                raise change.line.error(
                    f"date is {change.date}, which is not after {since:%Y-%m-%d}, the change before"
                )
            yield known(row(standing, since, evidence), since, change.over)
            closed = replace(row(standing, since, evidence, change.begins), seen_until=change.begins)
            yield known(closed, change.over)
        standing, since, evidence = change.new, change.over, change.evidence
    if standing and since:
        yield known(row(standing, since, evidence), since)


def _broken(change: _Change, standing: PricePoint | None) -> BundledError:
    before = "no price" if standing is None else f"{standing.amount}"
    return change.line.error(
        f"old is {change.line.fields['old'] or 'nothing'}, but the line before left {before}: add the change in between"
    )


def _event(change: _Change) -> Event:
    fact = change.fact
    kind = "price.changed" if change.old and change.new else "price.listed" if change.new else "price.delisted"
    event = Event(
        kind=kind,
        source=SOURCE,
        provider=fact.provider,
        key=fact.key,
        subject_kind="model",
        model=fact.model,
        model_id=fact.model_id,
        meter=fact.meter,
        conditions=fact.conditions,
        old=_side(change.old),
        new=_side(change.new),
        effective_at=change.date,
        observed_after=change.begins if change.begins < change.over else None,
        observed_at=change.over,
        origin="bundled",
        trust=TRUST,
        after=change.evidence,
        locator=fact.locator,
        headline="",
    )
    if change.old and change.new and change.old.amount and change.new.amount:
        before, after = change.old.amount, change.new.amount
        direction: Literal["cut", "rise"] = "cut" if after < before else "rise"
        pct = ((after - before) * 100 / before).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        event = replace(event, change_pct=pct, direction=direction)
    return replace(event, headline=headline(event))


def _side(fact: PricePoint | None) -> Mapping[str, Any] | None:
    if fact is None or fact.amount is None:
        return None
    sides = {"state": fact.state, "currency": fact.currency, "per": int(fact.per), "unit": fact.unit}
    return {"amount": format(fact.amount, "f"), **sides}
