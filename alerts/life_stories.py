"""How a change in the life of a model, or of a few, is told: deprecated, to be retired, put off, replaced."""

from collections.abc import Callable, Mapping, Sequence

from alerts import clauses, wording
from alerts.clauses import LINE, Replacements, bare, end, is_back, left, names, order
from alerts.wording import Story, headline
from timeline import dates
from timeline.dates import day, on
from timeline.events import Event
from timeline.words import capital, clean, listed

_DATED = ("model.retirement_scheduled", "model.retirement_moved")


def of_models(models: Sequence[Sequence[Event]], replacements: Replacements) -> Story:
    """The story of one model, or of a few to which the same happens: the events of each."""
    what = listed([wording.name_of(one[0]) for one in models], limit=len(models))
    events = sorted(models[0], key=order)
    lead, who = events[0], wording.provider(events[0].provider)
    title, told = _title(who, what, events, several=len(models) > 1)
    if len(models) > 1:
        title = title.replace(f": {what} is ", f": {what} are ")
    back = _had_gone(lead, "It" if len(models) == 1 else "They") if lead.kind in _DATED and is_back(events) else ""
    rest = clauses.clauses([event for event in events if event not in told])
    lines = (back, *_aside(lead), *rest, *_replaced_by(models, replacements))
    return Story(title=headline(title), lines=tuple(line for line in lines if line))


def _title(who: str, what: str, events: Sequence[Event], *, several: bool) -> tuple[str, list[Event]]:
    """The headline, and the events it tells."""
    lead = events[0]
    status = next((event for event in events if event.kind == "model.status_changed"), None)
    after = (status.new or {}).get("status") if status else None
    ends = end(lead.new, lead.observed_at)
    if several:
        ends = ends.replace("retires ", "retire ", 1).replace("is kept", "are kept", 1)
    it = "they" if several else "it"
    if status and lead.kind in _DATED and is_back(events):
        return f"{who} brings back {what}; {it} {ends.replace('retire', 'now retire', 1)}", [lead, status]
    if status and lead.kind == "model.retirement_scheduled" and after == "deprecated":
        return f"{who} deprecates {what}; {it} {ends}", [lead, status]
    if status and lead.kind in _DATED and after == "retired":
        return f"{who} retires {what}, as of {day((lead.new or {}).get('retires_on') or lead.effective_at)}", [
            lead,
            status,
        ]
    return _TITLES.get(lead.kind, _by_headline)(who, what, lead), [lead]


def _had_gone(lead: Event, it: str) -> str:
    was = (lead.old or {}).get("retires_on")
    return f"{it} had been listed as retired{f' since {day(was)}' if was else ''}."


def _replaced_by(models: Sequence[Sequence[Event]], replacements: Replacements) -> tuple[str, ...]:
    """One line for all where they share their replacement, else one for each."""
    named = [clauses.successors(one, replacements) for one in models]
    if len(set(named)) == 1:
        return (clean(f"Replacement: {named[0]}", LINE),) if named[0] else ()
    return tuple(
        clean(f"{wording.name_of(one[0])}: replaced by {said}" if said else f"{wording.name_of(one[0])}: none", LINE)
        for one, said in zip(models, named, strict=True)
    )


def _aside(event: Event) -> tuple[str, ...]:
    """What the headline's own event has to say beside the headline."""
    new = event.new or {}
    lines: list[str] = []
    if event.kind in _DATED:
        lines = [left(event)]
    elif event.kind == "model.listed":
        replaced = listed(names(new.get("replacements")))
        lines = [capital(end(new, event.observed_at)), f"Replacement: {replaced}" if replaced else ""]
    return tuple(clean(line, LINE) for line in lines if line)


# ---------------------------------------------------------------- headlines


def _scheduled(who: str, what: str, event: Event) -> str:
    new = event.new or {}
    if not new.get("retires_on"):
        floor = str(new.get("not_before") or event.effective_at)
        if dates.is_past(floor, event.observed_at):
            return f"{who} may retire {what} at any time: the page says not before {day(floor)}"
        return f"{who} keeps {what} until at least {day(floor)}"
    if dates.is_past(str(new["retires_on"]), event.observed_at):
        return f"{who} says that {what} retired {on(new['retires_on'])}"
    return f"{who} will retire {what} {on(new['retires_on'])}"


def _moved(who: str, what: str, event: Event) -> str:
    old, new = event.old or {}, event.new or {}
    if old.get("retires_on") and new.get("retires_on"):
        verb = "puts off" if str(new["retires_on"]) > str(old["retires_on"]) else "brings forward"
        return f"{who} {verb} the retirement of {what} from {day(old['retires_on'])} to {day(new['retires_on'])}"
    if new.get("retires_on"):
        return f"{who} will retire {what} {on(new['retires_on'])}"
    floor, was = day(new.get("not_before")), old.get("not_before")
    return f"{who} now keeps {what} until at least {floor}{f', not {day(was)}' if was else ''}"


def _called_off(who: str, what: str, event: Event) -> str:
    floor = (event.new or {}).get("not_before")
    now = f"; now not before {day(floor)}" if floor else ""
    return f"{who} withdraws the retirement of {what} ({bare(event.old or {})}){now}"


def _due(who: str, what: str, event: Event) -> str:
    new = event.new or {}
    ends = new.get("retires_on") or event.effective_at
    remaining = dates.days_between(event.observed_at, ends)  # not the milestone's: that may have passed before
    return f"{who} retires {what} {on(ends) if remaining is None else in_days(remaining, ends)}"


def in_days(days: int, when: object) -> str:
    """`today, 26 March 2026`, `tomorrow, on 26 March 2026`, `in 14 days, on 26 March 2026`."""
    if days < 0:
        return on(when)
    return f"{dates.in_days(days)}, {on(when) if days else day(when)}"


def _status(who: str, what: str, event: Event) -> str:
    before, after = (event.old or {}).get("status"), (event.new or {}).get("status")
    if after == "active":
        return f"{who}: {what} is {'generally available' if before == 'preview' else f'active again (was {before})'}"
    if before == "retired":
        return f"{who} brings back {what} as {clean(str(after), 20)}"
    if after in ("deprecated", "retired"):
        return f"{who} {'deprecates' if after == 'deprecated' else 'retires'} {what}"
    return f"{who} moves {what} from {clean(str(before), 20)} to {clean(str(after), 20)}"


def _listed(who: str, what: str, event: Event) -> str:
    status = (event.new or {}).get("status")
    return f"{who} lists {what}{f' as {clean(str(status), 20)}' if status else ''}"


def _delisted(who: str, what: str, event: Event) -> str:
    return f"{who} no longer lists {what}"


def _replaced(who: str, what: str, event: Event) -> str:
    new = listed(names((event.new or {}).get("replacements")), limit=3)
    old = listed(names((event.old or {}).get("replacements")), limit=3)
    if not new:
        return f"{who} no longer names a replacement for {what}"
    return f"{who} recommends {new}{f' instead of {old}' if old else ''} to replace {what}"


def _by_headline(who: str, what: str, event: Event) -> str:
    return event.headline


_TITLES: Mapping[str, Callable[[str, str, Event], str]] = {
    "model.retirement_due": _due,
    "model.retirement_scheduled": _scheduled,
    "model.retirement_moved": _moved,
    "model.retirement_withdrawn": _called_off,
    "model.status_changed": _status,
    "model.replacement_changed": _replaced,
    "model.listed": _listed,
    "model.delisted": _delisted,
}
