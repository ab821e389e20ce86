"""The outbox: events nobody has routed become deliveries, once, in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from alerts import due_digests, linking
from alerts.composing import Composer
from alerts.messages import Message, withdrawal
from alerts.receivers import route_receiver
from alerts.routes import AlertConfig
from store import deliveries, delivery_attempts, digest_entries, events, outbox, routings, sources, told_values
from store.connect import Connection
from store.deliveries import Delivery
from store.event_rows import StoredEvent
from timeline.dates import is_past

BATCH: Final = 1000
"""Events routed in one transaction."""
CAUGHT_UP: Final = timedelta(days=7)
"""How late what the calendar brings may be and still be told."""
TOLD: Final = ("pending", "sent")
"""States of messages whose readers are told of a withdrawal: what was given up or silenced told nobody."""


def route_pending(
    connection: Connection,
    config: AlertConfig,
    now: datetime,
    *,
    group_wait: timedelta = timedelta(seconds=30),
    deliver_imports: bool = False,
    base_url: str = "",
) -> int:
    """Turn the events nobody has routed into deliveries, and count these; all of it in one transaction.

    Nothing goes out before `group_wait` is over, counted from when the event was recorded; what changes again until
    then is told as it stands at the end. Events of imports and bundled history are routed to nobody unless
    `deliver_imports`. `base_url` is where aiwire's pages are.
    """
    with connection.transaction():
        outbox.lock(connection)
        composer = Composer(connection=connection, config=config, now=now, group_wait=group_wait, base_url=base_url)
        added = _route_withdrawals(composer)
        found = _whole_captures(routings.unrouted(connection, BATCH))
        linking.link(connection, found, now)
        muted = sources.muted(connection)
        told = [event for event in found if event.source not in muted and _is_news(event, now, deliver_imports)]
        corrected = outbox.corrected_for(connection, [e.id for e in told if e.kind == "price.corrected"])
        for receiver in config.receivers:
            added += route_receiver(composer, receiver, told, corrected.get(receiver, frozenset()))
        routings.mark_routed(connection, [event.id for event in found], now)
        for due in digest_entries.take_due(connection, now):
            added += due_digests.send_digest(composer, due)
    return added


def queue(connection: Connection, message: Message, receiver: str, now: datetime, not_before: datetime) -> int:
    """Queue a message in the caller's transaction and count it: 0 where this receiver has or had it."""
    return deliveries.add(
        connection,
        message.key,
        receiver,
        message.events,
        message.to_json(),
        created_at=now,
        not_before=not_before,
    )


def _is_news(event: StoredEvent, now: datetime, deliver_imports: bool) -> bool:
    """Whether it is still worth a message: imports are history, and so is what the calendar brought long ago.

    Such days are caught up with after an import of old captures, or when nothing ran for a while: nobody is reminded
    of a retirement that has passed, and a planned price of weeks ago is on the timeline.
    """
    if deliver_imports:
        return True
    if event.kind == "model.retirement_due" and is_past(str(event.effective_at or ""), now):
        return False
    return event.origin == "live" and not (event.by_calendar and now - event.observed_at > CAUGHT_UP)


def _whole_captures(found: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Without the last capture of a full batch: the rest of it may be in the next one, and one message tells all."""
    if len(found) < BATCH:
        return list(found)
    last = (found[-1].source, found[-1].observed_at)
    whole = [event for event in found if (event.source, event.observed_at) != last]
    return whole or list(found)


def _route_withdrawals(composer: Composer) -> int:
    """Whoever was told of an event that is withdrawn is told of that; what still waits is told without it.

    The withdrawal of what is being sent at this moment waits until it is known what came of it.
    """
    connection, now = composer.connection, composer.now
    found = {event.id: event for event in routings.withdrawn_untold(connection, BATCH)}
    originals, busy = deliveries.lock_told(connection, list(found))
    withdrawn = {id_: event for id_, event in found.items() if id_ not in busy}
    added = 0
    for delivery in originals:
        gone = [withdrawn[event] for event in delivery.events if event in withdrawn]
        if not gone:
            continue
        untried = delivery.state == "parked" or (delivery.state == "pending" and delivery.attempts == 0)
        if untried and not delivery.receipt:  # a receipt: a part of it arrived, or one of several has it
            added += _tell_less(composer, delivery, [event.id for event in gone])
        elif untried or delivery.state in TOLD:
            because = gone[0].withdrawn_because or "it was a mistake"
            message = withdrawal(Message.from_json(delivery.message), gone, because)
            added += queue(connection, message, delivery.receiver, now, now)
    told_values.untell(connection, list(withdrawn))
    routings.mark_withdrawals_routed(connection, list(withdrawn), now)
    return added


def _tell_less(composer: Composer, delivery: Delivery, gone: Sequence[str]) -> int:
    """A message that nobody got is never sent with what is not true: without it, or not at all."""
    left = events.by_id(composer.connection, [event for event in delivery.events if event not in gone])
    left = [event for event in left if event.withdrawn_at is None]
    if not left:
        delivery_attempts.mark_withdrawn(
            composer.connection, delivery.id, composer.now, status="withdrawn before it was sent"
        )
        return 0
    if delivery.message.get("kind") == "digest":
        due_digests.digest_again(composer, delivery, left)
        return 0
    return composer.write(delivery.receiver, [composer.as_it_is(event) for event in left], [delivery])
