"""Silencing: what waits to be sent, or for a digest, falls silent with what comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts import due_digests
from alerts.choosing import silenced_by, why_silenced
from alerts.composing import Composer
from alerts.newest import newest
from alerts.routes import AlertConfig
from store import digest_entries, events, outbox, silences, told_values
from store.connect import Connection
from store.deliveries import Delivery
from store.event_rows import StoredEvent
from store.silences import Silence


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A silence that holds, and what it took: messages that waited to be sent, and changes that waited for a digest."""

    number: int
    messages: int = 0
    changes: int = 0


def begin(connection: Connection, config: AlertConfig, silence: Silence, now: datetime, *, base_url: str = "") -> Begun:
    """Record a silence and apply it to what waits.

    A message that tells something else too is still sent; a digest is sent without what the silence covers. What is
    being sent at this moment is sent.
    """
    composer = Composer(connection=connection, config=config, now=now, group_wait=timedelta(0), base_url=base_url)
    with connection.transaction():
        outbox.lock(connection)
        number = silences.add(connection, silence)
        messages = sum(_take(composer, delivery, silence) for delivery in outbox.waiting(connection, silence.receiver))
        changes = 0
        for receiver, ids in digest_entries.waiting(connection, silence.receiver).items():
            changes += _keep_out(composer, receiver, events.by_id(connection, ids), silence)
    return Begun(number=number, messages=messages, changes=changes)


def _take(composer: Composer, delivery: Delivery, silence: Silence) -> bool:
    """Whether a message that waits is not sent any more; a digest that nobody got is made anew without a part."""
    connection, receiver = composer.connection, delivery.receiver
    told = events.by_id(connection, delivery.events)
    under = [event for event in told if silenced_by([silence], receiver, event)]
    if not under:
        return False
    if len(under) < len(told):
        if delivery.message.get("kind") == "digest" and delivery.attempts == 0 and not delivery.receipt:
            due_digests.digest_again(composer, delivery, [event for event in told if event not in under])
            _record(composer, receiver, under, silence)
        return False
    outbox.close(connection, delivery.id, state="silenced", status=why_silenced(silence), at=composer.now)
    told_values.untell(connection, [event.id for event in under], receiver)
    return True


def _keep_out(composer: Composer, receiver: str, waiting: Sequence[StoredEvent], silence: Silence) -> int:
    """Take what the silence covers out of the digests it waits for, and keep it with the reason; count it."""
    under = [event for event in waiting if silenced_by([silence], receiver, event)]
    digest_entries.leave(composer.connection, receiver, [event.id for event in under])
    _record(composer, receiver, under, silence)
    return len(under)


def _record(composer: Composer, receiver: str, under: Sequence[StoredEvent], silence: Silence) -> None:
    standing = [event for event in under if event.withdrawn_at is None]
    composer.record_silenced(receiver, newest(standing), why_silenced(silence))
    told_values.untell(composer.connection, [event.id for event in under], receiver)
