"""What one receiver is told of a change: by which of its routes, how soon, and since which value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from alerts.matching import match
from alerts.newest import Told, since
from alerts.routing import Route
from alerts.schedules import Schedule, next_after
from store.silences import Silence
from timeline.dates import day
from timeline.events import Event
from timeline.names import spellings
from timeline.words import clean


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A change that a receiver is told: at once after `wait` (None: the time of gathering), or in the next digest."""

    told: Told
    wait: timedelta | None = None
    digests: tuple[Schedule, ...] = ()


def choose(routes: Sequence[Route], told: Told, known: Mapping[str, Any] | None = None) -> Choice | None:
    """How these routes of one receiver tell a change; None: none of them does.

    `known` is the side of the price that the receiver was told last: routes with a least change measure from there. A
    route that tells at once goes before digests, and one that tells every change before one that adds them up.
    """
    seen = [(route, event) for route in routes if (event := _since_told(route, told.event, known)) is not None]
    matched = [(route, event) for route, event in seen if match(route, event) == "match"]
    if not matched:
        return None
    instant = [(route, event) for route, event in matched if route.digest is None]
    chosen = instant or matched
    event = min(chosen, key=lambda pair: pair[0].has_threshold)[1]
    waits = [route.wait for route, _ in instant]
    wait = min((length for length in waits if length is not None), default=None) if None not in waits else None
    if told.event.kind.endswith(".recovered"):
        wait = None  # what was told to be broken is told to be well at once
    digests = () if instant else tuple(route.digest for route, _ in matched if route.digest is not None)
    return Choice(told=replace(told, event=event), wait=wait, digests=digests)


def next_digest(choice: Choice, now: datetime) -> tuple[Schedule, datetime]:
    """The digest that goes out first."""
    due = [(schedule, next_after(schedule, now)) for schedule in choice.digests]
    return min(due, key=lambda pair: pair[1])


def silenced_by(silences: Sequence[Silence], receiver: str, event: Event) -> Silence | None:
    """The first silence that an event falls under."""
    return next((silence for silence in silences if _falls_under(silence, receiver, event)), None)


def why_silenced(silence: Silence) -> str:
    """`silenced until 12 August 2026: we know, we are moving`."""
    return f"silenced until {day(silence.ends_at)} {silence.ends_at:%H:%M} UTC: {clean(silence.because, 160)}"


def _since_told(route: Route, event: Event, known: Mapping[str, Any] | None) -> Event | None:
    """The change since the value that was told last; None where the price or figure is back where it was."""
    counted = event.kind in ("price.changed", "figure.changed") and event.old is not None and event.new is not None
    if not route.has_threshold or known is None or not counted or known == event.old:
        return event
    moved = since(event, known)
    sides = (moved.old or {}, moved.new or {})
    if event.kind == "figure.changed":
        return None if sides[0] == sides[1] else moved
    back = moved.direction is None and sides[0].get("state") == sides[1].get("state")
    return None if back else moved


def _falls_under(silence: Silence, receiver: str, event: Event) -> bool:
    if silence.receiver not in (None, receiver):
        return False
    if silence.kinds and not any(fnmatchcase(event.kind, glob) for glob in silence.kinds):
        return False
    if silence.providers and event.provider not in silence.providers:
        return False
    if not silence.models:
        return True
    named = {name for model in (event.model_id, event.model) if model for name in spellings(event.provider, model)}
    named |= {f"{event.provider}/{name}" for name in named}
    return any(fnmatchcase(name, glob.casefold()) for glob in silence.models for name in named)
