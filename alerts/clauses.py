"""The life of a model in short sentences: its status, its end, what replaces it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from alerts import wording
from timeline import dates
from timeline.dates import day, on
from timeline.events import Event
from timeline.words import ARROW, capital, clean, counted, listed

LINE = 300
Replacements = Mapping[str, Sequence[str]]  # those named for `provider/model`, told or not
ORDER = (  # which of several tells the headline
    "model.retirement_due",
    "model.retirement_scheduled",
    "model.retirement_moved",
    "model.retirement_withdrawn",
    "model.status_changed",
    "model.replacement_changed",
    "model.listed",
    "model.delisted",
)
ENDS = {"model.retirement_scheduled", "model.retirement_moved", "model.retirement_due", "model.status_changed"}


def order(event: Event) -> int:
    """The place of an event among those of its model."""
    return ORDER.index(event.kind) if event.kind in ORDER else len(ORDER)


def clauses(events: Sequence[Event]) -> tuple[str, ...]:
    """A short sentence for each event."""
    return tuple(clause for event in events if (clause := _clause(event)))


def after(events: Sequence[Event]) -> tuple[str | None, str | None]:
    """The status before and after, where it changes."""
    status = next((event for event in events if event.kind == "model.status_changed"), None)
    return ((status.old or {}).get("status"), (status.new or {}).get("status")) if status else (None, None)


def is_back(events: Sequence[Event]) -> bool:
    """Whether a model that was said to be gone is there again."""
    before, now = after(events)
    return before == "retired" and now not in (None, "retired")


def successors(events: Sequence[Event], replacements: Replacements) -> str:
    """`gpt-6 and gpt-6-mini`: what replaces a model that goes away, where the page had named it before."""
    kinds = {event.kind for event in events}
    stays = after(events)[1] in ("active", "preview")
    if stays or not kinds & ENDS or "model.replacement_changed" in kinds:
        return ""
    return listed(names(replacements.get(wording.subject(events[0]))))


def left(event: Event) -> str:
    """`That leaves 156 days.`, `50 days later than the page had said: that leaves 156 days.`"""
    if event.kind not in ("model.retirement_scheduled", "model.retirement_moved"):
        return ""
    old, new = (event.old or {}).get("retires_on"), (event.new or {}).get("retires_on")
    later = _days(old, new)
    remaining = dates.days_between(event.observed_at, new)
    remains = f"that leaves {counted(remaining, 'day')}" if remaining is not None and remaining > 0 else ""
    moved = (
        f"{counted(abs(later), 'day')} {'later' if later > 0 else 'earlier'} than the page had said" if later else ""
    )
    said = ": ".join(part for part in (moved, remains) if part)
    return f"{capital(said)}." if said else ""


def end(side: Mapping[str, Any] | None, at: datetime) -> str:
    """`retires on 26 March 2026`, `is kept until at least 5 February 2027`."""
    side = side or {}
    if side.get("retires_on"):
        return f"{'retired' if dates.is_past(str(side['retires_on']), at) else 'retires'} {on(side['retires_on'])}"
    floor = side.get("not_before")
    if floor and dates.is_past(str(floor), at):
        return f"may be retired at any time (the page says: not before {day(floor)})"
    return f"is kept until at least {day(floor)}" if floor else ""


def bare(side: Mapping[str, Any]) -> str:
    """`on 26 March 2026`, `not before 5 February 2027`, `undated`."""
    if side.get("retires_on"):
        return on(side["retires_on"])
    return f"not before {day(side['not_before'])}" if side.get("not_before") else "undated"


def names(values: object) -> list[str]:
    """Names of models, as text."""
    return [clean(str(value), 60) for value in values] if isinstance(values, list | tuple) else []


def _clause(event: Event) -> str:
    old, new = event.old or {}, event.new or {}
    at = event.observed_at
    if event.kind == "model.status_changed":
        said = f"Status: {old.get('status', 'none')} {ARROW} {new.get('status')}"
    elif event.kind in ("model.retirement_scheduled", "model.retirement_due"):
        said = capital(end(new, at))
    elif event.kind == "model.retirement_moved":
        said = f"{capital(end(new, at))}, not {bare(old)}"
    elif event.kind == "model.retirement_withdrawn":
        said = f"Retirement withdrawn (was {bare(old)})"
    elif event.kind == "model.replacement_changed":
        named = listed(names(new.get("replacements"))) or "none"
        was = listed(names(old.get("replacements")))
        said = f"Replacement: {named}{f' (was {was})' if was else ''}"
    elif event.kind == "model.listed":
        said = f"Listed as {new.get('status')}{f', {end(new, at)}' if end(new, at) else ''}"
    elif event.kind == "model.delisted":
        said = "No longer listed"
    else:
        said = event.headline
    return clean(said, LINE)


def _days(earlier: object, later: object) -> int | None:
    try:
        return (date.fromisoformat(str(later)) - date.fromisoformat(str(earlier))).days
    except ValueError:
        return None
