"""How a change of prices is told: a headline a person would write, and a line for each price."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from alerts import wording
from alerts.wording import Story, headline
from timeline.dates import day
from timeline.events import Event
from timeline.offers import offer
from timeline.words import ARROW, capital, clean, listed, number, per_cent, per_unit, price, sizes

LINE = 300
_DETAIL = 140  # a headline longer than this leaves the figures to the body
_METER_ORDER = ("input", "cache_read", "cache_write", "output", "reasoning")


def of_model(what: str, events: Sequence[Event]) -> Story:
    """The story of one model's prices; `what` is its name."""
    ordered = sorted(events, key=order)
    who = wording.provider(ordered[0].provider)
    title = headline_of(who, what, ordered)
    main = _main(ordered)
    figures = _figures(main) if main else ""
    short = figures if figures and len(title) + len(figures) + 2 <= _DETAIL else ""
    if short and len(ordered) <= 2 and len(main) == len(ordered):
        return Story(title=headline(f"{title}: {short}"))
    lead, told = lead_of(ordered) if len(ordered) > 2 else ("", ordered)
    lines = tuple(capital(line(event, unit=not lead)) for event in _without_what_is_said(told, title))
    return Story(title=headline(f"{title}: {short}" if short else title), lead=lead, lines=lines)


def _main(events: Sequence[Event]) -> Sequence[Event]:
    """What a headline has figures of: one or two prices, or of more that change alike plain input and output."""
    if len({event.kind for event in events}) > 1 or len({event.change_pct for event in events}) > 1:
        return ()
    if events[0].kind in ("price.scheduled", "price.listed") and len({event.effective_at for event in events}) > 1:
        return ()  # a figure without its day would be read as of the first
    plain = [event for event in events if event.meter in ("input", "output") and not event.conditions]
    return events if len(events) <= 2 else plain if len(plain) == 2 else ()


def _without_what_is_said(events: Sequence[Event], title: str) -> list[Event]:
    """The events without the day and the per cent that the headline says of all of them."""
    told = list(events)
    percents = {event.change_pct for event in told}
    only = next(iter(percents)) if len(percents) == 1 else None
    if only is not None and f" by {sizes([only])}" in title:
        told = [replace(event, change_pct=None) for event in told]
    if all(event.kind == "price.scheduled" and f" from {day(event.effective_at)}" in title for event in told):
        told = [replace(event, effective_at=None) for event in told]
    return told


def lead_of(events: Sequence[Event]) -> tuple[str, Sequence[Event]]:
    """`Batch prices per 1M tokens:` where that is true of all, and the events without what it says of them."""
    unit, tier = _common_unit(events), tier_of(events)
    if not unit:
        return "", events
    return capital(f"{tier}prices {unit}:"), [_without_tier(event) for event in events] if tier else events


def _without_tier(event: Event) -> Event:
    return replace(event, conditions={key: said for key, said in event.conditions.items() if key != "service_tier"})


def headline_of(who: str, what: str, events: Sequence[Event]) -> str:
    """What happened to one model's prices, without the figures."""
    kinds = {event.kind for event in events}
    changed = [event for event in events if event.kind == "price.changed"]
    if len(kinds) == 1:
        return _HEADLINES.get(events[0].kind, _anything)(who, what, events)
    if changed:
        return f"{_now(who, what, changed)}, and changes more of its price list"
    return _anything(who, what, events)


def line(event: Event, *, unit: bool = True) -> str:
    """One price: `input: $1.00 → $0.20 per 1M tokens (−80 %)`."""
    return clean(f"{_meter(event)}: {_SAID.get(event.kind, _said_changed)(event, unit)}", LINE)


def _said_changed(event: Event, unit: bool) -> str:
    old, new = price(event.old, beside=event.new), price(event.new)
    if (event.new or {}).get("state") != "priced":
        return f"{price(event.old)}{_per(event.old, unit)} {ARROW} {new}"
    pct = f" ({per_cent(event.change_pct)})" if event.change_pct is not None else ""
    return f"{old} {ARROW} {new}{_per(event.new, unit)}{pct}"


def _said_scheduled(event: Event, unit: bool) -> str:
    said = f"{price(event.new)}{_per(event.new, unit)}" if event.old is None else _said_changed(event, unit)
    return f"{said}{_from(event)}"


def _said_withdrawn(event: Event, unit: bool) -> str:
    stays = f"stays {price(event.new)}{_per(event.new, unit)}; " if event.new else ""
    planned = price(event.old, beside=event.new)
    return f"{stays}{planned}{'' if stays else _per(event.old, unit)} had been announced{_from(event)}"


def _said_corrected(event: Event, unit: bool) -> str:
    old = price(event.old, beside=event.new)
    return f"{price(event.new)}{_per(event.new, unit)}, not {old}{_from(event)}"


_SAID: Mapping[str, Callable[[Event, bool], str]] = {
    "price.listed": lambda event, unit: f"{price(event.new)}{_per(event.new, unit)}{_from(event)}",
    "price.delisted": lambda event, unit: f"no longer listed, was {price(event.old)}{_per(event.old, unit)}",
    "price.scheduled": _said_scheduled,
    "price.schedule_withdrawn": _said_withdrawn,
    "price.corrected": _said_corrected,
}


def _per(side: Mapping[str, Any] | None, unit: bool) -> str:
    return f" {per_unit(side)}".rstrip() if unit else ""


def _from(event: Event) -> str:
    return f" from {day(event.effective_at)}" if event.effective_at else ""


def _now(who: str, what: str, events: Sequence[Event]) -> str:
    return _changed(who, what, events, ahead=False)


def _ahead(who: str, what: str, events: Sequence[Event]) -> str:
    days = {event.effective_at for event in events}
    start = f" from {day(next(iter(days)))}" if len(days) == 1 and None not in days else ""
    return _changed(who, what, events, ahead=True) + start


def _anything(who: str, what: str, events: Sequence[Event]) -> str:
    return f"{who} changes its price list for {what}"


def _changed(who: str, what: str, events: Sequence[Event], *, ahead: bool) -> str:
    percents = [event.change_pct for event in events if event.change_pct is not None]
    ends = {(event.new or {}).get("state") for event in events} | {(event.old or {}).get("state") for event in events}
    if len(percents) < len(events) or ends != {"priced"}:
        return _other_state(who, what, events, ahead=ahead)
    cuts = {pct < 0 for pct in percents}
    if len(cuts) > 1:
        shown = [f"{_meter(event)} {per_cent(event.change_pct or Decimal(0))}" for event in events]
        return f"{who} {'will change' if ahead else 'changes'} {what} prices: {listed(shown, limit=3)}"
    verb = verb_of(percents[0], ahead=ahead)
    if len(events) == 1:
        return f"{who} {verb} {what} {_meter(events[0])} by {sizes(percents)}"
    tier = tier_of(events)
    return f"{who} {verb} {what}{f' {tier}prices' if tier else ''} by {sizes(percents)}"


def _other_state(who: str, what: str, events: Sequence[Event], *, ahead: bool) -> str:
    """Where an amount begins or ends, no per cent tells it."""
    will, s = ("will ", "") if ahead else ("", "s")
    ends = {((event.old or {}).get("state"), (event.new or {}).get("state")) for event in events}
    before, after = next(iter(ends)) if len(ends) == 1 else (None, None)
    if after == "free":
        return f"{who} {will}make{s} {what} {_meters(events)} free"
    if before == "free" and after == "priced":
        return f"{who} {will}start{s} to charge for {what} {_meters(events)}"
    if before is None and after == "priced":
        return f"{who} {will}offer{s} {what} {_meters(events)}"
    return f"{who} {will}change{s} {what} {_meters(events)}"


def _withdrawn(who: str, what: str, events: Sequence[Event]) -> str:
    turns = {turn for event in events if (turn := _turn(event.new, event.old))}
    planned = {"cut": "a price cut", "rise": "a price rise"}.get(next(iter(turns)), "") if len(turns) == 1 else ""
    days = {event.effective_at for event in events}
    when = f" planned for {day(next(iter(days)))}" if len(days) == 1 and None not in days else ""
    return f"{who} calls off {planned or 'a price change'} of {what}{when}"


_HEADLINES: Mapping[str, Callable[[str, str, Sequence[Event]], str]] = {
    "price.changed": _now,
    "price.scheduled": _ahead,
    "price.schedule_withdrawn": _withdrawn,
    "price.listed": lambda who, what, events: f"{who} lists {what}",
    "price.delisted": lambda who, what, events: f"{who} no longer lists {what} {_meters(events)}",
    "price.corrected": lambda who, what, events: f"{who} corrects what it said about {what} {_meters(events)}",
}


def _turn(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str | None:
    was, now = (number((side or {}).get("amount")) for side in (before, after))
    if was is None or now is None or was == now:
        return None
    return "cut" if now < was else "rise"


def verb_of(pct: Decimal, *, ahead: bool) -> str:
    """`cuts`, `raises`, `will cut`, `will raise`."""
    verb = "cut" if pct < 0 else "raise"
    return f"will {verb}" if ahead else f"{verb}s"


def tier_of(events: Sequence[Event]) -> str:
    """`batch ` where all of them are of that service tier."""
    tiers = {str(event.conditions.get("service_tier", "standard")) for event in events}
    return f"{clean(next(iter(tiers)), 30)} " if len(tiers) == 1 and tiers != {"standard"} else ""


def _figures(events: Sequence[Event]) -> str:
    """`input $1.00 → $0.20, output $6.00 → $1.20 per 1M tokens`; empty where that would not be all there is to say."""
    unit, kind = _common_unit(events), events[0].kind
    if not unit or kind not in ("price.changed", "price.scheduled", "price.listed"):
        return ""
    parts = []
    for event in map(_without_tier, events) if tier_of(events) else events:
        name = f"{_meter(event)} " if len(events) > 1 or kind == "price.listed" else ""
        before = f"{price(event.old, beside=event.new)} {ARROW} " if event.old else ""
        parts.append(f"{name}{before}{price(event.new)}")
    free = all((event.new or {}).get("state") != "priced" for event in events)
    return "" if free else f"{', '.join(parts)} {unit}"


def _common_unit(events: Sequence[Event]) -> str:
    """`per 1M tokens` where that is true of every price told."""
    units = {per_unit(event.new or event.old) for event in events}
    return next(iter(units)) if len(units) == 1 else ""


def _meter(event: Event) -> str:
    return offer(event.meter, event.conditions)


def _meters(events: Sequence[Event]) -> str:
    return listed([_meter(event) for event in events], limit=3)


def order(event: Event) -> tuple[object, ...]:
    """Where a price stands among those of its model: the plain ones first, input before output."""
    meter = event.meter or ""
    place = _METER_ORDER.index(meter) if meter in _METER_ORDER else len(_METER_ORDER)
    tier = str(event.conditions.get("service_tier", "standard"))
    band = number(event.conditions.get("context_over")) or Decimal(0)
    return (tier != "standard", tier, place, meter, band, str(sorted(event.conditions.items(), key=str)))
