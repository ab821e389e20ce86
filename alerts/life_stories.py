"""How a change in the life of a model is told: deprecated, to be retired, put off, replaced."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from alerts import wording
from alerts.wording import headline
from timeline import dates
from timeline.dates import day, on
from timeline.events import Event
from timeline.words import ARROW, capital, clean, counted, listed

LINE = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """A headline, a line that introduces the others, and what the headline leaves out: one fact a line."""

    title: str
    lead: str = ""
    lines: tuple[str, ...] = ()


def of_models(models: Sequence[Event], events: Sequence[Event], replacements: Mapping[str, Sequence[str]]) -> Story:
    """The story of one model, or of a few to which the same `events` happen; `models` has one event of each."""
    what = listed([wording.name_of(model) for model in models], limit=len(models))
    ordered = sorted(events, key=_order)
    lead, status = ordered[0], next((event for event in ordered if event.kind == "model.status_changed"), None)
    who, after = wording.provider(lead.provider), (status.new or {}).get("status") if status else None
    title, told = _TITLES.get(lead.kind, _by_headline)(who, what, lead), [lead]
    if status and lead.kind == "model.retirement_scheduled" and after == "deprecated":
        told.append(status)
        title = f"{who} deprecates {what}; {f'it {_end(lead.new)}' if len(models) == 1 else f'they {_ends(lead.new)}'}"
    if status and lead.kind in ("model.retirement_scheduled", "model.retirement_moved") and after == "retired":
        told.append(status)
        title = f"{who} retires {what}, as of {day((lead.new or {}).get('retires_on') or lead.effective_at)}"
    if len(models) > 1:
        title = title.replace(f": {what} is ", f": {what} are ")
    rest = clauses([event for event in ordered if event not in told])
    return Story(title=headline(title), lines=(*_aside(lead), *rest, *_successor(events, replacements)))


def of_page(who: str, models: Sequence[Sequence[Event]], replacements: Mapping[str, Sequence[str]]) -> Story:
    """The story of a page that says something new about many models: what they share is said once."""
    title = headline(_page_headline(who, models))
    said = [[*clauses(sorted(one, key=_order)), *_successor(one, replacements)] for one in models]
    shared = [clause for clause in said[0] if all(clause in clauses for clauses in said)]
    names = [wording.name_of(one[0]) for one in models]
    own = ["; ".join(_within(clause) for clause in clauses if clause not in shared) for clauses in said]
    lines = [clean(f"{name}: {rest}" if rest else name, LINE * 2) for name, rest in zip(names, own, strict=True)]
    if not any(own):
        lines = [clean(listed(names, limit=40), 1500)]
    shared = [clause for clause in shared if clause.removeprefix("Retires ") not in title]
    left = _one([_left(min(one, key=_order)) for one in models])
    return Story(title=title, lines=(*lines, *shared, *([str(left)] if left else [])))


def _within(clause: str) -> str:
    """A clause as it stands behind the model's name."""
    clause = clause.removeprefix("Status: ")
    return clause[:1].lower() + clause[1:]


def clauses(events: Sequence[Event]) -> tuple[str, ...]:
    """A short sentence for each event."""
    return tuple(clause for event in events if (clause := _clause(event)))


def _successor(events: Sequence[Event], replacements: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What replaces a model that goes away, where the page had named it before."""
    kinds = {event.kind for event in events}
    back = any((event.new or {}).get("status") in ("active", "preview") for event in events)
    ends = kinds & _ENDS and not back
    names = _names(replacements.get(wording.subject(events[0])))
    return (f"Replacement: {listed(names)}",) if names and ends and "model.replacement_changed" not in kinds else ()


_ENDS = {"model.retirement_scheduled", "model.retirement_moved", "model.retirement_due", "model.status_changed"}


def _clause(event: Event) -> str:
    old, new = event.old or {}, event.new or {}
    if event.kind == "model.status_changed":
        said = f"Status: {old.get('status', 'none')} {ARROW} {new.get('status')}"
    elif event.kind in ("model.retirement_scheduled", "model.retirement_due"):
        said = capital(_told(new))
    elif event.kind == "model.retirement_moved":
        said = f"{capital(_told(new))}, not {_bare(old)}"
    elif event.kind == "model.retirement_withdrawn":
        said = f"Retirement withdrawn (was {_bare(old)})"
    elif event.kind == "model.replacement_changed":
        names = listed(_names(new.get("replacements"))) or "none"
        was = listed(_names(old.get("replacements")))
        said = f"Replacement: {names}{f' (was {was})' if was else ''}"
    elif event.kind == "model.listed":
        said = f"Listed as {new.get('status')}{f', {_end(new)}' if _end(new) else ''}"
    elif event.kind == "model.delisted":
        said = "No longer listed"
    else:
        said = event.headline
    return clean(said, LINE)


def _aside(event: Event) -> tuple[str, ...]:
    """What the headline's own event has to say beside the headline."""
    new = event.new or {}
    lines: list[str] = []
    if event.kind in ("model.retirement_scheduled", "model.retirement_moved"):
        lines = [_left(event)]
    elif event.kind == "model.listed":
        names = listed(_names(new.get("replacements")))
        lines = [capital(_end(new)), f"Replacement: {names}" if names else ""]
    return tuple(clean(line, LINE) for line in lines if line)


def _left(event: Event) -> str:
    """`That leaves 156 days.`, `50 days later than before: that leaves 156 days.`"""
    if event.kind not in ("model.retirement_scheduled", "model.retirement_moved"):
        return ""
    old, new = (event.old or {}).get("retires_on"), (event.new or {}).get("retires_on")
    later = _days(old, new)
    left = dates.days_between(event.observed_at, new)
    remains = f"that leaves {counted(left, 'day')}" if left is not None and left > 0 else ""
    moved = f"{counted(abs(later), 'day')} {'later' if later > 0 else 'earlier'} than before" if later else ""
    said = ": ".join(part for part in (moved, remains) if part)
    return f"{capital(said)}." if said else ""


def _days(earlier: object, later: object) -> int | None:
    try:
        return (date.fromisoformat(str(later)) - date.fromisoformat(str(earlier))).days
    except ValueError:
        return None


# ---------------------------------------------------------------- headlines


def _scheduled(who: str, what: str, event: Event) -> str:
    new = event.new or {}
    if not new.get("retires_on"):
        return f"{who} keeps {what} until at least {day(new.get('not_before') or event.effective_at)}"
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
    return f"{who} withdraws the retirement of {what} ({_bare(event.old or {})}){now}"


def _due(who: str, what: str, event: Event) -> str:
    new = event.new or {}
    ends = new.get("retires_on") or event.effective_at
    left = new.get("days", dates.days_between(event.observed_at, ends))
    return f"{who} retires {what} {_in_days(left, ends) if isinstance(left, int) else on(ends)}"


def _status(who: str, what: str, event: Event) -> str:
    before, after = (event.old or {}).get("status"), (event.new or {}).get("status")
    if after == "active":
        return f"{who}: {what} is {'generally available' if before == 'preview' else f'active again (was {before})'}"
    if after in ("deprecated", "retired"):
        return f"{who} {'deprecates' if after == 'deprecated' else 'retires'} {what}"
    return f"{who} moves {what} from {clean(str(before), 20)} to {clean(str(after), 20)}"


def _listed(who: str, what: str, event: Event) -> str:
    status = (event.new or {}).get("status")
    return f"{who} lists {what}{f' as {clean(str(status), 20)}' if status else ''}"


def _delisted(who: str, what: str, event: Event) -> str:
    return f"{who} no longer lists {what}"


def _replaced(who: str, what: str, event: Event) -> str:
    new = listed(_names((event.new or {}).get("replacements")), limit=3)
    old = listed(_names((event.old or {}).get("replacements")), limit=3)
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
_ORDER = tuple(_TITLES)  # which of several tells the headline


def _order(event: Event) -> int:
    return _ORDER.index(event.kind) if event.kind in _ORDER else len(_ORDER)


def _page_headline(who: str, models: Sequence[Sequence[Event]]) -> str:
    count = counted(len(models), "model")
    leads = [min(one, key=_order) for one in models]
    kind = leads[0].kind if len({lead.kind for lead in leads}) == 1 else ""
    ends = _one([(lead.new or {}).get("retires_on") for lead in leads])
    said = {
        "model.retirement_scheduled": f"will retire {count} {on(ends)}"
        if ends
        else f"sets retirement dates for {count}",
        "model.retirement_due": _page_due(count, ends, [(lead.new or {}).get("days") for lead in leads]),
        "model.retirement_moved": f"moves the retirement of {count}{f' to {day(ends)}' if ends else ''}",
        "model.retirement_withdrawn": f"withdraws the retirement of {count}",
        "model.status_changed": _page_status(count, _one([(lead.new or {}).get("status") for lead in leads])),
        "model.listed": f"lists {count}",
        "model.delisted": f"no longer lists {count}",
    }
    return f"{who} {said.get(kind) or _several(models)}"


def _several(models: Sequence[Sequence[Event]]) -> str:
    """`retires 3 models, deprecates 1 and dates 4`: what happens to how many, where it is not all the same."""
    did = [_did(one) for one in models]
    counts = {verb: did.count(verb) for verb in _DID if verb in did}
    if "" in did or not counts:
        return f"updates the lifecycle of {counted(len(models), 'model')}"
    first, *rest = counts.items()
    parts = [first[0].format(counted(first[1], "model")), *(verb.format(number) for verb, number in rest)]
    return listed(parts)


_DID = (
    "retires {}",
    "deprecates {}",
    "will retire {}",
    "moves the end of {}",
    "withdraws the end of {}",
    "sets earliest dates for {}",
)


def _did(events: Sequence[Event]) -> str:
    kinds = {event.kind: event for event in events}
    after = (status.new or {}).get("status") if (status := kinds.get("model.status_changed")) else None
    scheduled, moved = kinds.get("model.retirement_scheduled"), kinds.get("model.retirement_moved")
    firm = [event for event in (scheduled, moved) if event and (event.new or {}).get("retires_on")]
    if after in ("retired", "deprecated"):
        return _DID[0] if after == "retired" else _DID[1]
    if firm:
        return _DID[2] if firm[0] is scheduled else _DID[3]
    if "model.retirement_withdrawn" in kinds:
        return _DID[4]
    return _DID[5] if scheduled or moved else ""


def _page_due(count: str, ends: object, days: Sequence[object]) -> str:
    known = [number for number in days if isinstance(number, int)]
    if len(known) < len(days):
        return f"retires {count} soon"
    within = f"within {counted(max(known), 'day')}"
    return f"retires {count} {_in_days(known[0], ends) if ends else within}"


def _in_days(days: int, when: object) -> str:
    """`today, 26 March 2026`, `tomorrow, on 26 March 2026`, `in 14 days, on 26 March 2026`."""
    if days < 0:
        return on(when)
    return f"{dates.in_days(days)}, {on(when) if days else day(when)}"


def _page_status(count: str, after: object) -> str:
    verbs = {"deprecated": f"deprecates {count}", "retired": f"retires {count}"}
    return verbs.get(str(after), f"changes the status of {count}")


def _one(values: Sequence[object]) -> object:
    """What all of them are; None where they differ."""
    return values[0] if all(value == values[0] for value in values) else None


def _end(side: Mapping[str, Any] | None) -> str:
    """`retires on 26 March 2026`, `is kept until at least 5 February 2027`."""
    side = side or {}
    if side.get("retires_on"):
        return f"retires {on(side['retires_on'])}"
    return f"is kept until at least {day(side['not_before'])}" if side.get("not_before") else ""


def _told(side: Mapping[str, Any]) -> str:
    """`retires on 26 March 2026`, `not retired before 5 February 2027`."""
    return (
        _end(side)
        if side.get("retires_on") or not side.get("not_before")
        else f"not retired before {day(side['not_before'])}"
    )


def _ends(side: Mapping[str, Any] | None) -> str:
    """`_end` of several: `retire on ...`, `are kept until ...`."""
    return _end(side).replace("retires ", "retire ", 1).replace("is kept", "are kept", 1)


def _bare(side: Mapping[str, Any]) -> str:
    if side.get("retires_on"):
        return on(side["retires_on"])
    return f"not before {day(side['not_before'])}" if side.get("not_before") else "undated"


def _names(values: object) -> list[str]:
    return [clean(str(value), 60) for value in values] if isinstance(values, list | tuple) else []
