"""The outbox: events nobody has routed become deliveries, once, in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from alerts import due_digests, linking, retractions
from alerts.composing import Composer
from alerts.messages import Message
from alerts.receivers import route_receiver
from alerts.routes import AlertConfig
from store import deliveries, digest_entries, outbox, routings, sources
from store.connect import Connection
from store.event_rows import StoredEvent
from timeline.dates import is_past

BATCH: Final = 1000
"""Events routed in one transaction."""
CAUGHT_UP: Final = timedelta(days=7)
"""How late what the calendar brings may be and still be told."""


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
        settled = retractions.settle(composer)
        added = settled.added
        found = _whole_captures(routings.unrouted(connection, BATCH))
        linking.link(connection, found, now)
        muted = sources.muted(connection)

        def news(events: Sequence[StoredEvent]) -> list[StoredEvent]:
            return [e for e in events if e.source not in muted and _is_news(e, now, deliver_imports)]

        told = news(found)
        heard = outbox.heard(connection, [event.id for event in told])
        corrected = outbox.corrected_for(connection, [e.id for e in told if e.kind == "price.corrected"])
        for receiver in config.receivers:
            fresh = {event.id: event for event in (*news(settled.anew.get(receiver, ())), *told)}
            unheard = [event for number, event in fresh.items() if number not in heard.get(receiver, ())]
            added += route_receiver(composer, receiver, unheard, corrected.get(receiver, frozenset()))
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
