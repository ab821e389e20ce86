"""Why a route tells an event or not, in words for a person: what it takes, against what the event is."""

from collections.abc import Callable, Mapping
from typing import Final

from alerts.matching import Reason
from alerts.routing import Route
from timeline.events import Event
from timeline.words import clean, listed

_MOST = 8  # of what a route takes


def in_words(route: Route, event: Event, reason: Reason) -> str:
    """`takes price.changed and price.scheduled, not model.listed`; `reason` is what `matching.match` says."""
    if reason in _ALONE:
        return _ALONE[reason]
    takes, found = _COMPARED.get(reason, _AT_ALL)(route, event)
    return clean(f"takes {takes or 'others'}, not {found or 'this one'}", 400)


def _of(values: tuple[object, ...]) -> str:
    return listed([str(value) for value in values], limit=_MOST)


def _new(event: Event, name: str) -> str:
    return str((event.new or {}).get(name) or "")


def _about(event: Event) -> str:
    return event.model_id or event.model or event.provider


def _conditions(conditions: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in conditions.items())


_ALONE: Final[Mapping[str, str]] = {
    "match": "takes it",
    "baseline": "takes changes, and this stood there at the first look",
    "below_threshold": "takes larger ones: this change or sum is below its least",
}
_COMPARED: Final[Mapping[str, Callable[[Route, Event], tuple[str, str]]]] = {
    "kind": lambda route, event: (_of(route.kinds), event.kind),
    "trust": lambda route, event: (f"what is told by {_of(route.trust)}", f"by {event.trust}"),
    "provider": lambda route, event: (_of(route.providers), event.provider),
    "model": lambda route, event: (f"the models {_of(route.models)}", _about(event)),
    "watchlist": lambda route, event: (
        f"the watchlist {route.watchlist.name}" if route.watchlist else "",
        _about(event),
    ),
    "subject_kind": lambda route, event: (_of(route.subject_kinds), event.subject_kind or "model"),
    "meter": lambda route, event: (_of(route.meters), event.meter or "none"),
    "conditions": lambda route, event: (
        _conditions({name: "/".join(values) for name, values in route.conditions.items()}),
        _conditions(event.conditions) or "a standard price",
    ),
    "direction": lambda route, event: (f"a {route.direction}", f"a {event.direction or 'change without direction'}"),
    "status": lambda route, event: (_of(route.status), _new(event, "status")),
    "milestone": lambda route, event: (f"the milestones {_of(route.milestones)} days", _new(event, "days")),
    "topic": lambda route, event: (
        f"the topics {_of(route.topics)}",
        _of((event.new or {}).get("topics") or ("none",)),
    ),
    "measure": lambda route, event: (_of(route.measures), event.meter or "none"),
    "deal": lambda route, event: (_of(route.deals), _new(event, "label")),
    "company": lambda route, event: (_of(route.companies), _new(event, "company")),
}
_AT_ALL: Final[Callable[[Route, Event], tuple[str, str]]] = lambda route, event: ("", event.kind)  # noqa: E731
