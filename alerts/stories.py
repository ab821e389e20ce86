"""The headline and the body of a message: what happened to one model, or to many on one page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from alerts import wording
from alerts.wording import ARROW, capital, clean, counted, day, listed, per_cent
from timeline.events import Event

TITLE, LINE = 150, 300  # characters; 150 is what a Slack header takes
_DETAIL = 115  # a headline longer than this leaves the figures to the body
_METER_ORDER = ("input", "cache_read", "cache_write", "output", "reasoning")
_STATUS_VERBS = {"deprecated": "deprecates", "retired": "retires", "legacy": "moves to legacy:"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """A headline and, one fact a line, what the headline leaves out."""

    title: str
    lines: tuple[str, ...] = ()


def of_model(events: Sequence[Event]) -> Story:
    """The story of one model (or one source, or one item): `events` are of one capture, at least one."""
    first = events[0]
    noun = first.kind.partition(".")[0]
    prices = sorted((event for event in events if event.kind.startswith("price.")), key=_price_order)
    lives = [event for event in events if event.kind.startswith("model.")]
    if prices:
        story = _of_prices(prices)
        return Story(title=story.title, lines=(*story.lines, *(_life_line(event) for event in lives)))
    if lives:
        return _of_life(lives)
    if noun == "news":
        return _of_news(events)
    lines = tuple(clean(event.headline, LINE) for event in events)
    return Story(title=cut_title(first.headline), lines=lines[1:])


def of_page(models: Sequence[Sequence[Event]]) -> Story:
    """The story of a page that changed for many models at once: a headline and a line a model."""
    events = [event for one in models for event in one]
    who = wording.provider(events[0].provider)
    count = len(models)
    changes = [event for event in events if event.kind == "price.changed"]
    title = f"{who} changes {counted(count, 'model')}"
    if len(changes) == len(events):
        title = _many_prices(who, models)
    elif all(event.kind.startswith("price.") for event in events):
        title = f"{who} changes its price list: {counted(count, 'model')}"
    elif all(event.kind.startswith("model.") for event in events):
        title = _many_lives(who, models)
    return Story(title=cut_title(title), lines=tuple(_model_line(one) for one in models))


def cut_title(text: str) -> str:
    """As long as a header may be."""
    return clean(text, TITLE)


def name_of(event: Event) -> str:
    """The model as its page prints it, else its id."""
    return clean(event.model or event.model_id or event.source, 70)


# ------------------------------------------------------------------ prices


def _of_prices(events: Sequence[Event]) -> Story:
    who, what = wording.provider(events[0].provider), name_of(events[0])
    told = [event for event in events if event.kind in ("price.changed", "price.scheduled")]
    lines = [capital(_price_line(event)) for event in events]
    kinds = {event.kind for event in told}
    if len(told) < len(events) or len(kinds) > 1:
        return Story(title=cut_title(_other_prices(who, what, events)), lines=tuple(lines))
    when = {event.effective_at for event in told if event.effective_at} if kinds == {"price.scheduled"} else set()
    ahead = kinds == {"price.scheduled"}
    from_day = f" from {day(next(iter(when)))}" if len(when) == 1 else ""
    title = _price_headline(who, what, told, ahead=ahead) + from_day
    uniform = len({event.change_pct for event in told}) == 1 and told[0].change_pct is not None
    figures = _figures(told)
    if len(told) <= 2 and (uniform or len(told) == 1) and figures and len(title) + len(figures) + 2 <= _DETAIL:
        return Story(title=cut_title(f"{title}: {figures}"))
    return Story(title=cut_title(title), lines=tuple(lines))


def _price_headline(who: str, what: str, events: Sequence[Event], *, ahead: bool) -> str:
    percents = [event.change_pct for event in events if event.change_pct is not None]
    if len(percents) < len(events):
        return _state_headline(who, what, events, ahead=ahead)
    cuts = [pct < 0 for pct in percents]
    if any(cuts) and not all(cuts):
        shown = listed([f"{_meter(event)} {per_cent(event.change_pct or Decimal(0))}" for event in events], limit=3)
        return f"{who} {'will change' if ahead else 'changes'} {what} prices: {shown}"
    verb = ("will cut" if ahead else "cuts") if all(cuts) else ("will raise" if ahead else "raises")
    by = f"by {_span(percents)}"
    if len(events) == 1:
        return f"{who} {verb} {what} {_meter(events[0])} {by}"
    tiers = {event.conditions.get("service_tier", "standard") for event in events}
    tier = clean(str(next(iter(tiers))), 30) if len(tiers) == 1 else "standard"
    return f"{who} {verb} {what} {'' if tier == 'standard' else tier + ' prices '}{by}"


def _state_headline(who: str, what: str, events: Sequence[Event], *, ahead: bool) -> str:
    """Where an amount begins or ends: no per cent can be told."""
    states = {((event.old or {}).get("state"), (event.new or {}).get("state")) for event in events}
    meters = listed([_meter(event) for event in events], limit=3)
    will = "will " if ahead else ""
    if len(states) == 1:
        before, after = next(iter(states))
        if after == "free":
            return f"{who} {will}make{'' if ahead else 's'} {what} {meters} free"
        if before == "free" and after == "priced":
            return f"{who} {will}start{'' if ahead else 's'} to charge for {what} {meters}"
        if after == "not_offered":
            return f"{who} {'will no longer offer' if ahead else 'no longer offers'} {what} {meters}"
        if before == "not_offered" and after == "priced":
            return f"{who} {'will offer' if ahead else 'now offers'} {what} {meters}"
    return f"{who} {'will change' if ahead else 'changes'} {what} {meters}"


def _other_prices(who: str, what: str, events: Sequence[Event]) -> str:
    kinds = {event.kind for event in events}
    said = {
        "price.listed": f"{who} lists {what}: {counted(len(events), 'price')}",
        "price.delisted": f"{who} no longer lists {what}: {counted(len(events), 'price')} gone",
        "price.schedule_withdrawn": f"{who} drops a price change it had planned for {what}",
        "price.corrected": f"Correction: {what} prices of {who}",
    }
    if len(kinds) == 1 and (kind := next(iter(kinds))) in said:
        return said[kind]
    changed = [event for event in events if event.kind == "price.changed"]
    if changed and kinds <= {"price.changed", "price.listed", "price.delisted"}:
        return f"{_price_headline(who, what, changed, ahead=False)}, and more on its price list"
    return f"{who} changes what it says about {what} prices"


def _price_line(event: Event) -> str:
    meter, unit = _meter(event), wording.per_unit(event.new or event.old)
    old, new = wording.amount(event.old, per=(event.new or {}).get("per")), wording.amount(event.new)
    from_day = f" from {day(event.effective_at)}" if event.effective_at else ""
    pct = f" ({per_cent(event.change_pct)})" if event.change_pct is not None else ""
    said = {
        "price.listed": f"{meter}: {new} {unit}{from_day}",
        "price.delisted": f"{meter}: no longer listed, was {wording.amount(event.old)} {unit}",
        "price.scheduled": f"{meter}: {old} {ARROW} {new} {unit}{pct}{from_day}",
        "price.schedule_withdrawn": f"{meter}: no longer changes to {_withdrawn(event)} {unit}{from_day}",
        "price.corrected": f"{meter}: {new} {unit}, not {old}",
    }
    line = said.get(event.kind, f"{meter}: {old} {ARROW} {new} {unit}{pct}")
    return clean(line, LINE)


def _withdrawn(event: Event) -> str:
    """The price that had been announced: the old side, as nothing is announced any more."""
    return wording.amount(event.old or event.new)


def _figures(events: Sequence[Event]) -> str:
    """`input $1.00 → $0.20, output $6.00 → $1.20 per 1M tokens`; empty where the units differ."""
    units = {wording.per_unit(event.new) for event in events}
    if len(units) != 1:
        return ""
    parts = [
        f"{_meter(event) + ' ' if len(events) > 1 else ''}"
        f"{wording.amount(event.old, per=(event.new or {}).get('per'))} {ARROW} {wording.amount(event.new)}"
        for event in events
    ]
    return f"{', '.join(parts)} {next(iter(units))}".strip()


def _many_prices(who: str, models: Sequence[Sequence[Event]]) -> str:
    count = counted(len(models), "model")
    percents = [event.change_pct for one in models for event in one if event.change_pct is not None]
    if percents and all(pct < 0 for pct in percents):
        return f"{who} cuts the prices of {count} by {_span(percents)}"
    if percents and all(pct > 0 for pct in percents):
        return f"{who} raises the prices of {count} by {_span(percents)}"
    cut = sum(1 for one in models if all((event.change_pct or 0) < 0 for event in one))
    risen = sum(1 for one in models if all((event.change_pct or 0) > 0 for event in one))
    mixed = len(models) - cut - risen
    parts = [(cut, "cut"), (risen, "raised"), (mixed, "mixed")]
    return f"{who} changes the prices of {count}: {listed([f'{number} {word}' for number, word in parts if number])}"


def _span(percents: Sequence[Decimal]) -> str:
    low, high = min(map(abs, percents)), max(map(abs, percents))
    lowest, highest = per_cent(low, signed=False), per_cent(high, signed=False)
    return highest if lowest == highest else f"{lowest.removesuffix(' %')} to {highest}"


def _meter(event: Event) -> str:
    return wording.meter(event.meter, event.conditions)


def _price_order(event: Event) -> tuple[object, ...]:
    meter = event.meter or ""
    place = _METER_ORDER.index(meter) if meter in _METER_ORDER else len(_METER_ORDER)
    tier = str(event.conditions.get("service_tier", "standard"))
    band = wording.number(event.conditions.get("context_over")) or Decimal(0)
    return (tier != "standard", tier, place, meter, band, str(sorted(event.conditions.items(), key=str)))


# --------------------------------------------------------------- lifecycle


def _of_life(events: Sequence[Event]) -> Story:
    who, what = wording.provider(events[0].provider), name_of(events[0])
    ordered = sorted(events, key=lambda event: _LIFE_ORDER.index(event.kind) if event.kind in _LIFE_ORDER else 99)
    lead = ordered[0]
    status = next((event for event in ordered if event.kind == "model.status_changed"), None)
    title = _LIFE_TITLES.get(lead.kind, _by_headline)(who, what, lead)
    if lead.kind == "model.retirement_scheduled" and status and (status.new or {}).get("status") == "deprecated":
        title = f"{who} deprecates {what}; it {_end(lead.new, future=True)}"
    return Story(
        title=cut_title(title), lines=tuple(_life_line(event) for event in ordered if _adds(event, lead, events))
    )


def _adds(event: Event, lead: Event, events: Sequence[Event]) -> bool:
    """Whether a line says more than the headline does."""
    if event is not lead:
        return True
    return len(events) > 1 or event.kind in ("model.listed", "model.spec_changed", "model.retirement_moved")


def _scheduled(who: str, what: str, event: Event) -> str:
    new = event.new or {}
    if new.get("retires_on"):
        return f"{who} will retire {what} {_on(new['retires_on'])}"
    return f"{who} keeps {what} until at least {day(new.get('not_before') or event.effective_at)}"


def _moved(who: str, what: str, event: Event) -> str:
    old, new = event.old or {}, event.new or {}
    before, after = old.get("retires_on") or old.get("not_before"), new.get("retires_on") or new.get("not_before")
    if old.get("retires_on") and new.get("retires_on"):
        verb = "puts off" if str(after) > str(before) else "brings forward"
        return f"{who} {verb} the retirement of {what} from {day(before)} to {day(after)}"
    if new.get("retires_on"):
        return f"{who} will retire {what} {_on(new['retires_on'])}"
    return f"{who} now keeps {what} until at least {day(after)}"


def _withdrawn_life(who: str, what: str, event: Event) -> str:
    old = event.old or {}
    was = old.get("retires_on") or old.get("not_before")
    return f"{who} withdraws the retirement date of {what}{f' (was {day(was)})' if was else ''}"


def _due(who: str, what: str, event: Event) -> str:
    new = event.new or {}
    on = new.get("retires_on") or event.effective_at
    left = new.get("days", wording.days_between(event.observed_at, on))
    if left == 0:
        return f"{who} retires {what} today, {day(on)}"
    when = f"in {counted(left, 'day')}, " if isinstance(left, int) and left > 0 else ""
    return f"{who} retires {what} {when}{_on(on)}"


def _status(who: str, what: str, event: Event) -> str:
    before, after = (event.old or {}).get("status"), str((event.new or {}).get("status"))
    if after == "active":
        return f"{who}: {what} is {'generally available' if before == 'preview' else f'active again (was {before})'}"
    if after == "preview":
        return f"{who}: {what} is in preview"
    return f"{who} {_STATUS_VERBS.get(after, f'marks as {clean(after, 30)}:')} {what}"


def _listed(who: str, what: str, event: Event) -> str:
    return f"{who} lists {what}"


def _delisted(who: str, what: str, event: Event) -> str:
    return f"{who} no longer lists {what}"


def _replaced(who: str, what: str, event: Event) -> str:
    new = _names((event.new or {}).get("replacements"))
    return (
        f"{who} names {listed(new, limit=3)} to replace {what}"
        if new
        else f"{who} names no replacement for {what} any more"
    )


def _by_headline(who: str, what: str, event: Event) -> str:
    return event.headline


_LIFE_TITLES: Mapping[str, Callable[[str, str, Event], str]] = {
    "model.retirement_due": _due,
    "model.retirement_scheduled": _scheduled,
    "model.retirement_moved": _moved,
    "model.retirement_withdrawn": _withdrawn_life,
    "model.status_changed": _status,
    "model.replacement_changed": _replaced,
    "model.listed": _listed,
    "model.delisted": _delisted,
}
_LIFE_ORDER = tuple(_LIFE_TITLES)  # which of several tells the headline


def _life_line(event: Event) -> str:
    old, new = event.old or {}, event.new or {}
    if event.kind == "model.status_changed":
        return clean(f"Status: {old.get('status', 'none')} {ARROW} {new.get('status')}", LINE)
    if event.kind in ("model.retirement_scheduled", "model.retirement_due"):
        return clean(capital(_end(new, future=True) + _notice(event)), LINE)
    if event.kind == "model.retirement_moved":
        return clean(f"{capital(_end(old, future=False))}, now {_end(new, future=True)}{_notice(event)}", LINE)
    if event.kind == "model.replacement_changed":
        names = _names(new.get("replacements")) or ["none"]
        was = _names(old.get("replacements"))
        return clean(f"Replacement: {listed(names)}{f' (was {listed(was)})' if was else ''}", LINE)
    if event.kind == "model.listed":
        names = _names(new.get("replacements"))
        parts = [f"status {new.get('status')}" if new.get("status") else "", _end(new, future=True)]
        parts.append(f"replacement {listed(names)}" if names else "")
        return clean(capital("; ".join(part for part in parts if part)) or event.headline, LINE)
    return clean(event.headline, LINE)


def _end(side: Mapping[str, Any] | None, *, future: bool) -> str:
    """`retires on 26 March 2026`, `is kept until at least 5 February 2027`."""
    side = side or {}
    if side.get("retires_on"):
        return f"{'retires' if future else 'was to retire'} {_on(side['retires_on'])}"
    if side.get("not_before"):
        return f"{'is' if future else 'was'} kept until at least {day(side['not_before'])}"
    return "" if future else "had no date"


def _notice(event: Event) -> str:
    """How long the reader has, where the day is known."""
    left = wording.days_between(event.observed_at, (event.new or {}).get("retires_on"))
    return "" if left is None or left < 0 else ", today" if left == 0 else f", {counted(left, 'day')} from then"


def _on(when: object) -> str:
    """`on 26 March 2026`, `in March 2026`."""
    return f"{'on' if isinstance(when, str) and len(when) >= 10 else 'in'} {day(when)}"


def _names(values: object) -> list[str]:
    return [clean(str(value), 60) for value in values] if isinstance(values, list | tuple) else []


def _many_lives(who: str, models: Sequence[Sequence[Event]]) -> str:
    events = [event for one in models for event in one]
    count = counted(len(models), "model")
    firm = {(event.new or {}).get("retires_on") for event in events if event.kind == "model.retirement_scheduled"}
    leads = {min((_LIFE_ORDER.index(e.kind) if e.kind in _LIFE_ORDER else 99) for e in one) for one in models}
    if leads == {_LIFE_ORDER.index("model.retirement_scheduled")} and None not in firm:
        return (
            f"{who} will retire {count} {_on(next(iter(firm)))}"
            if len(firm) == 1
            else f"{who} sets retirement dates for {count}"
        )
    if leads == {_LIFE_ORDER.index("model.retirement_due")}:
        return f"{who} retires {count} soon"
    if leads == {_LIFE_ORDER.index("model.status_changed")}:
        after = {(event.new or {}).get("status") for event in events if event.kind == "model.status_changed"}
        if len(after) == 1 and (verb := {"deprecated": "deprecates", "retired": "retires"}.get(str(next(iter(after))))):
            return f"{who} {verb} {count}"
    if leads == {_LIFE_ORDER.index("model.retirement_moved")}:
        return f"{who} moves the retirement dates of {count}"
    return f"{who} updates the lifecycle of {count}"


def _model_line(events: Sequence[Event]) -> str:
    """One model of many: `gpt-4o: input $5.00 → $2.50 per 1M tokens (−50 %), output ...`."""
    prices = sorted((event for event in events if event.kind.startswith("price.")), key=_price_order)
    parts = [_price_line(event).replace(": ", " ", 1) for event in prices]
    lives = [_life_line(event) for event in events if not event.kind.startswith("price.")]
    parts += [line[:1].lower() + line[1:] if line.startswith(_OURS) else line for line in lives]
    return clean(f"{name_of(events[0])}: {'; '.join(parts)}", LINE * 2)


_OURS = ("Status:", "Retires", "Is kept", "Was ", "Had ", "Replacement:")


# -------------------------------------------------------------------- news


def _of_news(events: Sequence[Event]) -> Story:
    titles = [clean(str((event.new or {}).get("title") or event.headline), LINE) for event in events]
    who = wording.provider(events[0].provider)
    if len(events) == 1:
        summary = clean(str((events[0].new or {}).get("summary") or ""), LINE)
        return Story(title=cut_title(f"{who}: {titles[0]}"), lines=(summary,) if summary else ())
    return Story(title=f"{who}: {counted(len(events), 'new item')}", lines=tuple(titles))
