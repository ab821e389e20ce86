"""Digests that are due: what waited for them, as it stands when they go out, in one message."""

from collections.abc import Sequence
from dataclasses import replace

from alerts import choosing, digests
from alerts.composing import Composer
from alerts.messages import Message
from alerts.newest import Told, newest
from store import deliveries, digest_entries, events, outbox, silences, told_values
from store.deliveries import Delivery
from store.digest_entries import DigestDue
from store.event_rows import StoredEvent


def send_digest(composer: Composer, due: DigestDue) -> int:
    """Queue a digest that is due: the newest state of what waited for it, in one message; none if nothing is left."""
    changes = _as_they_stand(composer, due)
    active = silences.active(composer.connection, composer.now)
    told = [one for one in changes if choosing.silenced_by(active, due.receiver, one.event) is None]
    for one in changes:
        silence = choosing.silenced_by(active, due.receiver, one.event)
        if silence is not None:
            composer.record_silenced(due.receiver, [one], choosing.why_silenced(silence))
    messages = composer.messages(told)
    if not messages:
        return 0
    ids = [event for one in told for event in one.ids]
    message = digests.of_messages(messages, ids, due.due_at, composer.base_url, schedule=due.schedule)
    return deliveries.add(
        composer.connection,
        message.key,
        due.receiver,
        message.events,
        message.to_json(),
        created_at=composer.now,
        not_before=composer.now,
    )


def digest_again(composer: Composer, delivery: Delivery, left: Sequence[StoredEvent]) -> None:
    """Put what is left of a digest that nobody got in its place; it is not sent where nothing is left to tell."""
    told = newest(left)
    messages = composer.messages(told)
    if not messages:
        why = "what it told came back before it was sent"
        outbox.close(composer.connection, delivery.id, state="superseded", status=why, at=composer.now)
        return
    ids = [event for one in told for event in one.ids]
    message = digests.again(Message.from_json(delivery.message), messages, ids, composer.base_url)
    outbox.rewrite(composer.connection, delivery.id, message.key, message.events, message.to_json())


def _as_they_stand(composer: Composer, due: DigestDue) -> list[Told]:
    """What the events that waited come to with what happened to the same things since, whether a route asks for it.

    A change that a threshold kept back is none to alert about, and still makes the one before it untrue.
    """
    connection = composer.connection
    every_one = events.by_id(connection, due.events)
    composer.record_withdrawn(due.receiver, [e for e in every_one if e.withdrawn_at], "withdrawn before it was sent")
    waited = [event for event in every_one if event.withdrawn_at is None]
    known = {event.id for event in waited}
    since = [event for event in events.since(connection, sorted(known)) if event.id not in known]
    every: list[StoredEvent] = [*waited, *since]
    every.sort(key=lambda event: event.position)
    found = newest(every)
    told = [one for one in found if known & set(one.ids) or one.event.kind == "price.corrected"]
    ids = {event for one in told for event in one.ids}
    digest_entries.leave(connection, due.receiver, sorted(ids))
    told_values.untell(connection, sorted(known - ids), due.receiver)
    _remember(composer, due.receiver, told)
    return told


def _remember(composer: Composer, receiver: str, told: Sequence[Told]) -> None:
    """Later changes add up against what the digest says, not against what was to be in it."""
    prices = [one for one in told if one.event.kind == "price.changed" and one.event.new is not None]
    keys = [(one.event.source, one.event.key) for one in prices]
    values = told_values.of_receiver(composer.connection, receiver, keys)
    for one in prices:
        value = values.get((one.event.source, one.event.key))
        if value is not None and value.event in one.ids:
            told_values.put(composer.connection, receiver, replace(value, side=dict(one.event.new or {})))
