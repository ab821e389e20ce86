"""Silencing: what waits to be sent falls silent with what comes."""

from datetime import datetime

from alerts.choosing import silenced_by, why_silenced
from store import events, outbox, silences
from store.connect import Connection
from store.silences import Silence


def begin(connection: Connection, silence: Silence, now: datetime) -> tuple[int, int]:
    """Record a silence and apply it to what waits; returns its number and how many waiting messages it took.

    A message that tells something else too is still sent. What is being sent at this moment is sent.
    """
    with connection.transaction():
        outbox.lock(connection)
        number = silences.add(connection, silence)
        taken = 0
        for delivery in outbox.waiting(connection, silence.receiver):
            told = events.by_id(connection, delivery.events)
            if told and all(silenced_by([silence], delivery.receiver, event) for event in told):
                outbox.close(connection, delivery.id, state="silenced", status=why_silenced(silence), at=now)
                taken += 1
    return number, taken
