"""How a page that says something new about the lives of many models is told: what they share once, the rest by fate."""

from collections.abc import Sequence

from alerts import wording
from alerts.clauses import ENDS, Replacements, clauses, is_back, left, order, successors
from alerts.life_stories import in_days
from alerts.wording import Story, headline
from timeline.dates import day, days_between, on
from timeline.events import Event
from timeline.words import clean, counted, listed

LINE = 600
_NOUNS = {"model": "model", "endpoint": "endpoint", "product": "product", "feature": "feature"}
_FATES = (
    "retires {}",
    "deprecates {}",
    "will retire {}",
    "moves the end of {}",
    "brings back {}",
    "withdraws the end of {}",
    "sets earliest dates for {}",
)
Models = Sequence[Sequence[Event]]


def of_page(who: str, models: Models, replacements: Replacements) -> Story:
    """The story of a page: a line for each fate with the models that share it, the gravest first."""
    ordered = sorted(models, key=_gravity)
    title = headline(f"{who} {_did_what(ordered)}")
    replaced = [_replaced_by(one, replacements) for one in ordered]
    none = ("No replacement named",) if any(replaced) else ()
    said = [
        [*clauses(sorted(one, key=order)), *(named or (none if _ends(one) else ()))]
        for one, named in zip(ordered, replaced, strict=True)
    ]
    shared = [clause for clause in said[0] if all(clause in own for own in said)]
    fates: dict[str, list[str]] = {}
    for one, own in zip(ordered, said, strict=True):
        fate = "; ".join(_within(clause) for clause in own if clause not in shared)
        fates.setdefault(fate, []).append(wording.name_of(one[0]))
    lines = [_line(named, fate) for fate, named in fates.items()]
    remaining = one_of([left(min(one, key=order)) for one in ordered])
    told = [clause for clause in shared if not _is_told(clause, title)]
    return Story(title=title, lines=(*lines, *told, *([str(remaining)] if remaining else [])))


def _line(named: Sequence[str], fate: str) -> str:
    who = listed(named, limit=40)
    if len(named) > 1:
        fate = fate.replace("retires on", "retire on").replace("retires in", "retire in").replace("is kept", "are kept")
    return clean(f"{who}: {fate}" if fate else who, LINE * 2)


def one_of(values: Sequence[object]) -> object:
    """What all of them are; None where they differ."""
    return values[0] if all(value == values[0] for value in values) else None


def _replaced_by(events: Sequence[Event], replacements: Replacements) -> tuple[str, ...]:
    named = successors(events, replacements)
    return (f"Replacement: {named}",) if named else ()


def _ends(events: Sequence[Event]) -> bool:
    """Whether a reader would look for what replaces the model."""
    kinds = {event.kind for event in events}
    floors = any((event.new or {}).get("not_before") for event in events)
    return bool(kinds & ENDS) and not floors and "model.replacement_changed" not in kinds


def _within(clause: str) -> str:
    """A clause as it stands behind the model's name."""
    if clause.startswith("Replacement: ") and clause != "Replacement: none":
        return f"replaced by {clause.removeprefix('Replacement: ')}"
    clause = clause.removeprefix("Status: ")
    return clause[:1].lower() + clause[1:]


def _is_told(clause: str, title: str) -> bool:
    """Whether the headline says it already."""
    ends = clause.rpartition(" ")[2]
    verbs = {"retired": " retires ", "deprecated": " deprecates "}
    if clause.startswith("Status: "):
        return (ends in verbs and verbs[ends] in title) or (
            clause.startswith("Status: retired ") and " brings back " in title
        )
    dates = clause.removeprefix("Retires ").removeprefix("on ").split(", not on ")
    return clause.startswith("Retires ") and all(date in title for date in dates)


def _gravity(events: Sequence[Event]) -> tuple[int, str]:
    fate = _fate(events)
    when = next((str(end) for event in events if (end := (event.new or {}).get("retires_on"))), "~")
    return (_FATES.index(fate) if fate else len(_FATES), when)


# ---------------------------------------------------------------- headlines


def _did_what(models: Models) -> str:
    count = _counted(models)
    leads = [min(one, key=order) for one in models]
    kind = leads[0].kind if len({lead.kind for lead in leads}) == 1 else ""
    ends = one_of([(lead.new or {}).get("retires_on") for lead in leads])
    was = one_of([(lead.old or {}).get("retires_on") for lead in leads])
    fates = {_fate(one) for one in models}
    if len(fates) == 1 and fates <= {_FATES[0], _FATES[1], _FATES[4]} and kind != "model.retirement_due":
        verb = next(iter(fates)).format(count)
        when = f", as of {day(ends)}" if fates == {_FATES[0]} else f"; they retire {on(ends)}"
        return f"{verb}{when if ends else ''}"
    said = {
        "model.retirement_scheduled": f"will retire {count} {on(ends)}"
        if ends
        else f"sets retirement dates for {count}",
        "model.retirement_due": _due(count, ends, leads),
        "model.retirement_moved": _moved(count, was, ends),
        "model.retirement_withdrawn": f"withdraws the retirement of {count}",
        "model.status_changed": f"changes the status of {count}" if len(fates) == 1 else "",
        "model.listed": f"lists {count}",
        "model.delisted": f"no longer lists {count}",
    }
    return said.get(kind) or _several(models)


def _moved(count: str, was: object, ends: object) -> str:
    if was and ends:
        verb = "puts off" if str(ends) > str(was) else "brings forward"
        return f"{verb} the retirement of {count} from {day(was)} to {day(ends)}"
    return f"moves the retirement of {count}{f' to {day(ends)}' if ends else ''}"


def _several(models: Models) -> str:
    """`retires 3 models, deprecates 1 and dates 4`: what happens to how many, where it is not all the same."""
    groups = {fate: [one for one in models if _fate(one) == fate] for fate in _FATES}
    found = {fate: group for fate, group in groups.items() if group}
    if not found or sum(map(len, found.values())) < len(models):
        return f"updates the lifecycle of {_counted(models)}"
    first, *rest = found.items()
    parts = [first[0].format(_counted(first[1])), *(fate.format(len(group)) for fate, group in rest)]
    return listed(parts)


def _fate(events: Sequence[Event]) -> str:
    kinds = {event.kind: event for event in events}
    after = (status.new or {}).get("status") if (status := kinds.get("model.status_changed")) else None
    scheduled, moved = kinds.get("model.retirement_scheduled"), kinds.get("model.retirement_moved")
    firm = [event for event in (scheduled, moved) if event and (event.new or {}).get("retires_on")]
    if is_back(events):
        return _FATES[4]
    if after in ("retired", "deprecated"):
        return _FATES[0] if after == "retired" else _FATES[1]
    if firm:
        return _FATES[2] if firm[0] is scheduled else _FATES[3]
    if "model.retirement_withdrawn" in kinds:
        return _FATES[5]
    return _FATES[6] if scheduled or moved else ""


def _due(count: str, ends: object, leads: Sequence[Event]) -> str:
    remaining = [days_between(lead.observed_at, (lead.new or {}).get("retires_on")) for lead in leads]
    known = [days for days in remaining if days is not None]
    if len(known) < len(remaining):
        return f"retires {count} soon"
    within = f"within {counted(max(known), 'day')}"
    return f"retires {count} {in_days(known[0], ends) if ends else within}"


def _counted(models: Models) -> str:
    """`7 models`, `6 models and 1 feature`."""
    nouns = [_NOUNS.get(one[0].subject_kind or "model", "tuned model") for one in models]
    return listed([counted(nouns.count(noun), noun) for noun in dict.fromkeys(sorted(nouns, key=nouns.index))])
