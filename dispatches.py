"""Telling what is on record at once, without clocks or a queue."""

from datetime import datetime, timedelta
from functools import partial

from alerts import deliver, outbox, registry
from configuration import Configuration
from store import connect, deliveries, routings


def tell_now(
    configuration: Configuration, database_url: str, *, now: datetime, pace: timedelta = timedelta(seconds=1)
) -> None:
    """Route every event there is, imported ones too, and send all that comes of it: for `replay --deliver`.

    One message per `pace` to each receiver; what does not get through is left.
    """
    opened = partial(connect.connect, database_url, autocommit=True)
    with opened() as connection:
        _route_all(connection, configuration, now)
        told = True
        while told:  # a receiver that fails is told of to another one, so that there may be more to send
            told = False
            for receiver in deliveries.receivers_due(connection, now):
                sender = registry.notifier(configuration.alerts, receiver, configuration.allow_hosts)
                done = deliver.drain(opened, receiver, sender, clock=lambda: now, pace=pace)
                told = told or done != deliver.DrainResult()


def _route_all(connection: connect.Connection, configuration: Configuration, now: datetime) -> None:
    """A routing takes a part of the events: go on until one takes none."""
    left, before = routings.count_unrouted(connection), None
    while left != before:
        outbox.route_pending(
            connection,
            configuration.alerts,
            now,
            group_wait=timedelta(0),
            deliver_imports=True,
            base_url=configuration.base_url,
        )
        left, before = routings.count_unrouted(connection), left
