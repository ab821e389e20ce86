"""What one receiver is told of fresh events: at once, in a digest, in a newer message, or not at all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from alerts import choosing
from alerts.choosing import Choice
from alerts.composing import Composer
from alerts.newest import Told, newest
from alerts.routing import Route
from alerts.witnesses import rank
from store import digest_entries, events, outbox, silences, story_links, told_values
from store.deliveries import Delivery
from store.event_rows import StoredEvent
from store.silences import Silence
from store.told_values import ToldValue
from timeline.events import Event

_COUNTED = ("price.", "figure.")
"""What small changes of add up, where a route asks for a least change."""


@dataclass(kw_only=True, slots=True)
class _Work:
    """One receiver and what is decided for it."""

    composer: Composer
    receiver: str
    routes: Sequence[Route]
    unsent: Sequence[Delivery]
    earlier: frozenset[str]  # events of `unsent`
    known: dict[tuple[str, str], ToldValue]
    silences: Sequence[Silence]
    instant: list[Choice] = field(default_factory=list)
    later: list[Choice] = field(default_factory=list)


def route_receiver(composer: Composer, receiver: str, fresh: Sequence[StoredEvent], corrected: Collection[str]) -> int:
    """Queue what this receiver is told of fresh events, and count the messages.

    `corrected`: those of the events that put right what it was told before; it gets them, whatever its routes ask for.
    """
    routes = [route for route in composer.config.routes if route.receiver == receiver]
    if not fresh or not (routes or corrected):
        return 0
    work, changes = _begin(composer, receiver, routes, fresh)
    chosen = []
    for told in changes:
        choice = _choose(work, told)
        if choice is None and told.event.id in corrected:
            choice = Choice(told=told)
        if choice is not None:
            chosen.append(choice)
    added = _keep_first_tellers(work, chosen)
    _silence(work)
    added += composer.write(receiver, work.instant, work.unsent)
    for choice in work.later:
        schedule, due_at = choosing.next_digest(choice, composer.now)
        digest_entries.add(
            composer.connection, receiver, choice.told.ids, schedule=schedule.text, due_at=due_at, now=composer.now
        )
    return added


def _begin(
    composer: Composer, receiver: str, routes: Sequence[Route], fresh: Sequence[StoredEvent]
) -> tuple[_Work, list[Told]]:
    """The newest state of fresh events and of what waits to be sent about the same models; imports one by one."""
    live = [event for event in fresh if event.origin == "live"]
    imported = [Told(event=event, ids=(event.id,)) for event in fresh if event.origin != "live"]
    unsent = outbox.unsent(composer.connection, receiver, [event.id for event in live], composer.now) if live else []
    before = events.by_id(composer.connection, [event for delivery in unsent for event in delivery.events])
    earlier = frozenset(event.id for event in before)
    known: dict[tuple[str, str], ToldValue] = {}
    if any(route.has_threshold for route in routes):
        told_values.untell(composer.connection, sorted(earlier), receiver)
        keys = [(event.source, event.key) for event in (*before, *fresh) if event.kind.startswith(_COUNTED)]
        known = told_values.of_receiver(composer.connection, receiver, keys)
    changes = newest([event for event in (*before, *live) if event.withdrawn_at is None])
    work = _Work(
        composer=composer,
        receiver=receiver,
        routes=routes,
        unsent=unsent,
        earlier=earlier,
        known=known,
        silences=silences.active(composer.connection, composer.now),
    )
    return work, sorted([*imported, *changes], key=lambda told: _position(told.event))


def _position(event: Event) -> int:
    return event.position if isinstance(event, StoredEvent) else 0


def _choose(work: _Work, told: Told) -> Choice | None:
    """How the receiver is told a change, and what it then knows of a price."""
    key = (told.event.source, told.event.key)
    known = work.known.get(key)
    if work.earlier.issuperset(told.ids):  # it waits as it was chosen, changed by nothing
        choice: Choice | None = Choice(told=told, wait=_wait(work, told))
    else:
        choice = choosing.choose(work.routes, told, known.side if known else None)
    if told.event.kind.startswith(_COUNTED) and any(route.has_threshold for route in work.routes):
        silenced = choosing.silenced_by(work.silences, work.receiver, told.event) is not None
        _remember(work, told.event, None if silenced else choice, known)
    return choice


def _wait(work: _Work, told: Told) -> Any:
    choice = choosing.choose(work.routes, told)
    return choice.wait if choice else None


def _remember(work: _Work, event: Event, choice: Choice | None, known: ToldValue | None) -> None:
    connection, receiver = work.composer.connection, work.receiver
    moved = event.old is not None and event.new is not None
    if event.kind in ("price.listed", "price.delisted") or (event.kind == "figure.changed" and not moved):
        told_values.forget(connection, receiver, event.source, event.key)
    elif event.kind in ("price.changed", "figure.changed") and event.old is not None and event.new is not None:
        base = known.side if known else dict(event.old)
        if choice is not None:
            value = ToldValue(source=event.source, key=event.key, side=dict(event.new), before=base, event=event.id)
        elif known is None:
            value = ToldValue(source=event.source, key=event.key, side=base)
        else:
            return
        told_values.put(connection, receiver, value)
        work.known[event.source, event.key] = value


def _keep_first_tellers(work: _Work, chosen: Sequence[Choice]) -> int:
    """Sort `chosen` into what is told at once and what waits, without what this receiver was told by other sources.

    What was told on the word of others and is now said by the provider is confirmed, and told in full where none of
    that got through. Returns how many were confirmed.
    """
    connection = work.composer.connection
    ids = [event for choice in chosen for event in choice.told.ids]
    linked = story_links.stories(connection, ids)
    tellers = story_links.tellers(connection, {linked.get(event, event) for event in ids})
    told = outbox.told_to(connection, work.receiver, [event for same in tellers.values() for event in same])
    trust = {event.id: event.trust for event in events.by_id(connection, list(told))}
    best: dict[str, Event] = {}
    for choice in chosen:
        story = linked.get(choice.told.event.id, choice.told.event.id)
        if story not in best or rank(choice.told.event) < rank(best[story]):
            best[story] = choice.told.event
    confirmed = 0
    for choice in chosen:
        event = choice.told.event
        story = linked.get(event.id, event.id)
        before = [other for other in tellers[story] if other in told and other not in choice.told.ids]
        anew = not before or (_unheard(event, before, told) and not _said_officially(before, trust))
        if not work.earlier.isdisjoint(choice.told.ids) or (anew and best[story] is event):
            (work.later if choice.digests else work.instant).append(choice)
        elif before and best[story] is event and event.trust == "official":
            confirmed += _confirm(work, choice.told, before, told, trust)
    return confirmed


def _unheard(event: Event, before: Sequence[str], told: Mapping[str, int | None]) -> bool:
    """Whether the provider says what nobody got from those who said it before: silenced, or given up."""
    return event.trust == "official" and all(told[other] == outbox.NOBODY for other in before)


def _said_officially(before: Sequence[str], trust: Mapping[str, str]) -> bool:
    return any(trust.get(other) == "official" for other in before)


def _confirm(
    work: _Work, said: Told, before: Sequence[str], told: Mapping[str, int | None], trust: Mapping[str, str]
) -> int:
    """Only what no official page had said before; what waits for a digest needs no word of its own."""
    deliveries_ = {told[other] for other in before}
    if _said_officially(before, trust) or None in deliveries_:
        return 0
    silence = choosing.silenced_by(work.silences, work.receiver, said.event)
    if silence is not None:
        work.composer.record_silenced(work.receiver, [said], choosing.why_silenced(silence))
        return 0
    newest_told = max(number for number in deliveries_ if number is not None)
    return work.composer.confirm(work.receiver, said.event, newest_told, before)


def _silence(work: _Work) -> None:
    """What falls under a silence is kept with the reason, and never sent."""
    for choices in (work.instant, work.later):
        found = [(choice, choosing.silenced_by(work.silences, work.receiver, choice.told.event)) for choice in choices]
        for silence in work.silences:
            under = [choice.told for choice, its in found if its is silence]
            work.composer.record_silenced(work.receiver, under, choosing.why_silenced(silence))
        choices[:] = [choice for choice, its in found if its is None]
