"""What a receiver would get of an event, and by which route or why not: nothing is sent, nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.choosing import silenced_by, why_silenced
from alerts.composing import Composer
from alerts.matching import match
from alerts.newest import Told
from alerts.notifiers import KINDS
from alerts.reasons import in_words
from alerts.routes import AlertConfig
from alerts.routing import event_kinds
from store import event_pages, events, silences
from store.connect import Connection
from store.event_rows import StoredEvent
from timeline.events import Event
from timeline.issues import MistakeError


class UnknownEventError(MistakeError):
    """No event has this id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """`why` is what each of the receiver's routes makes of the event: `match`, or the first reason against it.

    And last, where a silence keeps it from the receiver now: `silenced until ...`, with the reason.
    """

    receiver: str
    told: bool
    why: Sequence[str]
    said: Sequence[str]  # the same in words for a person
    shown: str  # as the receiver would see it, told or not


def preview(
    connection: Connection, config: AlertConfig, event: str, *, receivers: Sequence[str], now: datetime, base_url: str
) -> list[Preview]:
    """The event as each of `receivers` would get it, were its page seen now: with what else changed in that look and
    belongs in the same message. `event` is its id, or the beginning. Raises UnknownEventError.
    """
    event = event_pages.full_id(connection, event)
    found = events.by_id(connection, [event])
    if not found:
        raise UnknownEventError(f"no event has the id {event!r}: `aiwire events` lists them")
    composer = Composer(connection=connection, config=config, now=now, group_wait=timedelta(0), base_url=base_url)
    look = _look(connection, found[0])
    active = silences.active(connection, now)
    made = []
    for name in receivers:
        receiver = config.receivers[name]
        kind = KINDS[receiver.notifier]
        beside = [other for other in look if "match" in _why(config, name, other)]
        messages = composer.messages([Told(event=one, ids=(one.id,)) for one in (found[0], *beside)])
        shown = "\n\n".join(
            kind.preview(receiver.settings, message, now) for message in messages if event in message.events
        )
        why, words = _why(config, name, found[0]), _words(config, name, found[0])
        silence = silenced_by(active, name, found[0])
        told = "match" in why and silence is None
        said = [why_silenced(silence)] if silence else []
        made.append(Preview(receiver=name, told=told, why=[*why, *said], said=[*words, *said], shown=shown))
    return made


def _look(connection: Connection, event: StoredEvent) -> list[StoredEvent]:
    """What else the same look at the same source saw change."""
    seen = events.near(connection, [(event.provider, event.observed_at, event.observed_at)], event_kinds())
    return [other for other in seen if other.source == event.source and other.id != event.id]


def _why(config: AlertConfig, receiver: str, event: Event) -> list[str]:
    routes = [route for route in config.routes if route.receiver == receiver]
    return [match(route, event) for route in routes] or ["no route"]


def _words(config: AlertConfig, receiver: str, event: Event) -> list[str]:
    """What each of its routes makes of the event; those that say the same once."""
    routes = [route for route in config.routes if route.receiver == receiver]
    return list(dict.fromkeys(in_words(route, event, match(route, event)) for route in routes)) or ["it has no route"]
