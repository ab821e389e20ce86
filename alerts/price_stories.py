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
from timeline.words import ARROW, capital, clean, counted, listed, number, per_cent, per_unit, price, sizes

LINE = 300
_DETAIL = 115  # a headline longer than this leaves the figures to the body
_METER_ORDER = ("input", "cache_read", "cache_write", "output", "reasoning")
_TOLD_BY_PER_CENT = ("price.changed", "price.scheduled")


def of_model(what: str, events: Sequence[Event]) -> Story:
    """The story of one model's prices; `what` is its name."""
    ordered = sorted(events, key=_order)
    who = wording.provider(ordered[0].provider)
    kinds = {event.kind for event in ordered}
    title = headline_of(who, what, ordered)
    figures = _figures(ordered) if len(kinds) == 1 else ""
    alike = len({event.change_pct for event in ordered}) == 1
    if figures and len(ordered) <= 2 and alike and len(title) + len(figures) + 2 <= _DETAIL:
        return Story(title=headline(f"{title}: {figures}"))
    lead, told = _lead(ordered) if len(ordered) > 2 else ("", ordered)
    return Story(title=headline(title), lead=lead, lines=tuple(capital(line(event, unit=not lead)) for event in told))


def of_page(who: str, models: Sequence[Sequence[Event]]) -> Story:
    """The story of a price list that changed for many models."""
    lead, told = _lead([event for one in models for event in one])
    rest = iter(told)
    lines = tuple(_model_line([next(rest) for _ in one], unit=not lead) for one in models)
    return Story(title=headline(_page_headline(who, models)), lead=lead, lines=lines)


def _model_line(events: Sequence[Event], *, unit: bool) -> str:
    """One model of many: `gpt-4o: input $5.00 → $2.50, output $15.00 → $7.50 (−50 %)`."""
    told = sorted(events, key=_order)
    percents = {event.change_pct for event in told}
    shared = next(iter(percents)) if len(percents) == 1 and len(told) > 1 else None
    if shared is not None:  # said once, at the end
        told = [replace(event, change_pct=None) for event in told]
    parts = [line(event, unit=unit).replace(": ", " ", 1) for event in told]
    said = "; ".join(parts) if shared is None else f"{', '.join(parts)} ({per_cent(shared)})"
    return clean(f"{wording.name_of(told[0])}: {said}", LINE * 2)


def _lead(events: Sequence[Event]) -> tuple[str, Sequence[Event]]:
    """`Batch prices per 1M tokens:` where that is true of all, and the events without what it says of them."""
    unit, tier = _common_unit(events), _tier(events)
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
    verb = _verb(percents[0], ahead=ahead)
    if len(events) == 1:
        return f"{who} {verb} {what} {_meter(events[0])} by {sizes(percents)}"
    tier = _tier(events)
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


def _page_headline(who: str, models: Sequence[Sequence[Event]]) -> str:
    events = [event for one in models for event in one]
    kinds = {event.kind for event in events}
    percents = [event.change_pct for event in events if event.change_pct is not None]
    ahead = kinds == {"price.scheduled"}
    what = f"the {_tier(events)}prices of {counted(len(models), 'model')}"
    if kinds in ({"price.listed"}, {"price.delisted"}):
        return f"{who} {'lists' if kinds == {'price.listed'} else 'no longer lists'} {what.removeprefix('the ')}"
    if not kinds <= set(_TOLD_BY_PER_CENT) or len(kinds) > 1 or len(percents) < len(events):
        return f"{who} changes its price list for {counted(len(models), 'model')}"
    if len({pct < 0 for pct in percents}) == 1:
        return f"{who} {_verb(percents[0], ahead=ahead)} {what} by {sizes(percents)}"
    cut = sum(1 for one in models if all((event.change_pct or 0) < 0 for event in one))
    risen = sum(1 for one in models if all((event.change_pct or 0) > 0 for event in one))
    parts = [(cut, "cut"), (risen, "raised"), (len(models) - cut - risen, "both")]
    told = listed([f"{number} {word}" for number, word in parts if number])
    return f"{who} {'will change' if ahead else 'changes'} {what}: {told}"


def _verb(pct: Decimal, *, ahead: bool) -> str:
    verb = "cut" if pct < 0 else "raise"
    return f"will {verb}" if ahead else f"{verb}s"


def _tier(events: Sequence[Event]) -> str:
    """`batch ` where all of them are of that service tier."""
    tiers = {str(event.conditions.get("service_tier", "standard")) for event in events}
    return f"{clean(next(iter(tiers)), 30)} " if len(tiers) == 1 and tiers != {"standard"} else ""


def _figures(events: Sequence[Event]) -> str:
    """`input $1.00 → $0.20, output $6.00 → $1.20 per 1M tokens`; empty where that would not be all there is to say."""
    unit, kind = _common_unit(events), events[0].kind
    if not unit or kind not in ("price.changed", "price.scheduled", "price.listed"):
        return ""
    parts = []
    for event in map(_without_tier, events) if _tier(events) else events:
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


def _order(event: Event) -> tuple[object, ...]:
    meter = event.meter or ""
    place = _METER_ORDER.index(meter) if meter in _METER_ORDER else len(_METER_ORDER)
    tier = str(event.conditions.get("service_tier", "standard"))
    band = number(event.conditions.get("context_over")) or Decimal(0)
    return (tier != "standard", tier, place, meter, band, str(sorted(event.conditions.items(), key=str)))
