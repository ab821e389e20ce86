"""One line for each event in the life of a model: listed, deprecated, to be retired, put off, replaced, respecified."""

from collections.abc import Callable
from typing import Any

from timeline import dates, words
from timeline.dates import day, on
from timeline.events import Event
from timeline.names import title
from timeline.words import listed


def _model_listed(event: Event) -> str:
    new = event.new or {}
    status, ends = new.get("status"), new.get("retires_on")
    line = f"{title(event.provider)} lists {_model(event)} as {status}"
    if ends and dates.is_past(ends, event.observed_at):
        return f"{line} since {day(ends)}" if status == "retired" else f"{line}, retired {on(ends)}"
    if ends:
        return f"{line}, to retire {on(ends)}"
    return f"{line}, not to retire before {day(new['not_before'])}" if new.get("not_before") else line


def _status_changed(event: Event) -> str:
    was, now = (event.old or {}).get("status"), (event.new or {}).get("status")
    if now == "retired":
        return f"{title(event.provider)} retires {_model(event)}"
    if now == "deprecated" and was != "retired":
        return f"{title(event.provider)} deprecates {_model(event)}"
    if was == "retired":
        return f"{title(event.provider)} brings back {_model(event)} as {now}"
    return f"{title(event.provider)} moves {_model(event)} from {was} to {now}"


def _retirement_scheduled(event: Event) -> str:
    new = event.new or {}
    ends = new.get("retires_on")
    floor = new.get("not_before")
    if not ends:
        passed = ", which has passed" if floor and dates.is_past(floor, event.observed_at) else ""
        return f"{title(event.provider)} will not retire {_model(event)} before {day(floor)}{passed}"
    if dates.is_past(ends, event.observed_at):
        return f"{title(event.provider)} says {_model(event)} retired {on(ends)}"
    return f"{title(event.provider)} schedules {_model(event)} to retire {on(ends)}"


def _retirement_moved(event: Event) -> str:
    old, new = event.old or {}, event.new or {}
    name, what = ("retires_on", "retirement") if new.get("retires_on") else ("not_before", "earliest retirement")
    was = f" from {day(old[name])}" if old.get(name) else ""
    return f"{title(event.provider)} moves the {what} of {_model(event)}{was} to {day(new.get(name))}"


def _retirement_withdrawn(event: Event) -> str:
    old, floor = event.old or {}, (event.new or {}).get("not_before")
    now = f"; now not before {day(floor)}" if floor else ""
    if not old.get("retires_on"):
        return (
            f"{title(event.provider)} no longer says that {_model(event)} stays until {day(old.get('not_before'))}{now}"
        )
    return (
        f"{title(event.provider)} withdraws the retirement of {_model(event)} planned for {day(old['retires_on'])}{now}"
    )


def _retirement_due(event: Event) -> str:
    retires_on = (event.new or {}).get("retires_on")
    days = dates.days_between(event.observed_at, retires_on)
    when = "" if days is None else f"{dates.in_days(days)}, "
    return f"{title(event.provider)} retires {_model(event)} {when}{on(retires_on)}"


def _replacement_changed(event: Event) -> str:
    old, new = (listed((side or {}).get("replacements") or []) for side in (event.old, event.new))
    who = title(event.provider)
    if not new:
        return f"{who} no longer names a replacement for {_model(event)}"
    return f"{who} recommends {new}{f' instead of {old}' if old else ''} as replacement for {_model(event)}"


def _alias_repointed(event: Event) -> str:
    old, new = event.old or {}, event.new or {}
    return f"{title(event.provider)} points {_model(event)} to {new.get('model_id')} instead of {old.get('model_id')}"


def _model_delisted(event: Event) -> str:
    return f"{title(event.provider)} no longer lists {_model(event)}"


def _spec_changed(event: Event) -> str:
    old, new = event.old or {}, event.new or {}
    said = [f"{_SPECS.get(name, name)} {_spec(name, new.get(name))}, was {_spec(name, old.get(name))}" for name in new]
    return f"{title(event.provider)} {_model(event)}: {'; '.join(said)}"


_SPECS = {
    "context_window": "context window",
    "max_output": "longest answer",
    "input_modalities": "reads",
    "output_modalities": "writes",
    "weights": "weights",
    "released_on": "released on",
    "retires_on": "retires on",
    "knowledge_cutoff": "knows the world until",
}


def _spec(name: str, value: Any) -> str:
    if value is None:
        return "not told"
    if isinstance(value, list):
        return listed(value)
    if name.endswith(("_on", "cutoff")):
        return day(value)
    return f"{words.tokens(value)} tokens" if isinstance(value, int) else str(value)


def _model(event: Event) -> str:
    """The model with where alone it holds: `Acme 1 (eu-west-1)`."""
    where = words.listed([str(event.conditions[name]) for name in sorted(event.conditions)])
    return f"{event.model} ({where})" if where else str(event.model)


KINDS: dict[str, Callable[[Event], str]] = {
    "model.listed": _model_listed,
    "model.status_changed": _status_changed,
    "model.retirement_scheduled": _retirement_scheduled,
    "model.retirement_moved": _retirement_moved,
    "model.retirement_withdrawn": _retirement_withdrawn,
    "model.retirement_due": _retirement_due,
    "model.replacement_changed": _replacement_changed,
    "model.alias_repointed": _alias_repointed,
    "model.delisted": _model_delisted,
    "model.spec_changed": _spec_changed,
}
