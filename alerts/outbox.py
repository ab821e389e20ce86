"""The outbox: events nobody has routed become deliveries, once, in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from alerts import standing
from alerts.messages import Message, compose, withdrawal
from alerts.routes import AlertConfig, match
from store import deliveries, events, sources
from store.connect import Connection
from store.events import StoredEvent

BATCH: Final = 1000
"""Events routed in one transaction."""


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

    Nothing goes out before `group_wait` is over. Events of imports and bundled history are routed to nobody unless
    `deliver_imports`. `base_url` is where aiwire's pages are.
    """
    with connection.transaction():
        added = _route_withdrawals(connection, now)
        found = _whole_captures(events.unrouted(connection, BATCH))
        muted = sources.muted(connection)
        told = [event for event in found if event.source not in muted and (event.origin == "live" or deliver_imports)]
        for receiver in config.receivers:
            routes = [route for route in config.routes if route.receiver == receiver]
            matched = [event for event in told if any(match(route, event) == "match" for route in routes)]
            for message in compose(
                matched, config.workloads, base_url, standing.load(connection, matched, config.workloads)
            ):
                added += queue(connection, message, receiver, now, now + group_wait)
        events.mark_routed(connection, [event.id for event in found], now)
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


def _whole_captures(found: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Without the last capture of a full batch: the rest of it may be in the next one, and one message tells all."""
    if len(found) < BATCH:
        return list(found)
    last = (found[-1].source, found[-1].observed_at)
    whole = [event for event in found if (event.source, event.observed_at) != last]
    return whole or list(found)


def _route_withdrawals(connection: Connection, now: datetime) -> int:
    """Whoever was told of an event that is withdrawn is told of that; a message still waiting is not sent at all."""
    withdrawn = {event.id: event for event in events.withdrawn_untold(connection, BATCH)}
    originals = {told.id: told for event in withdrawn for told in deliveries.told(connection, event)}
    added = 0
    for delivery in sorted(originals.values(), key=lambda delivery: delivery.id):
        gone = [withdrawn[event] for event in delivery.events if event in withdrawn]
        if delivery.state == "pending" and delivery.attempts == 0 and len(gone) == len(delivery.events):
            deliveries.mark_withdrawn(connection, delivery.id, now, status="withdrawn before it was sent")
            continue
        because = gone[0].withdrawn_because or "it was a mistake"
        message = withdrawal(Message.from_json(delivery.message), gone, because)
        added += queue(connection, message, delivery.receiver, now, now)
    events.mark_withdrawals_routed(connection, list(withdrawn), now)
    return added
