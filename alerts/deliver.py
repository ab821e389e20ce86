"""From events to messages on the wire: routed once, in one transaction; sent in order, at least once, with one id."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from alerts import outcomes, standing
from alerts.messages import Message, compose, parked_notice, trial, withdrawal
from alerts.outcomes import Outcome
from alerts.registry import Notifier, notifier
from alerts.routes import AlertConfig, match
from store import deliveries, events, hosts, sources
from store.clock import wall_clock
from store.connect import Connection
from store.deliveries import Delivery
from store.events import StoredEvent
from timeline.issues import AiwireError

log = structlog.get_logger("aiwire.alerts")

BATCH: Final = 1000
"""Events routed in one transaction."""
AT_ONCE: Final = 100
"""Messages sent in one drain: what is left is due again at once."""


class UnknownReceiverError(AiwireError):
    """A receiver was asked for by a name the configuration does not have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DrainResult:
    """What came of the messages that were due."""

    sent: int = 0
    retried: int = 0
    parked: int = 0


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
                added += _queue(connection, message, receiver, now, now + group_wait)
        events.mark_routed(connection, [event.id for event in found], now)
    return added


def drain(
    connect: Callable[[], Connection],
    receiver: str,
    notifier: Notifier,
    *,
    clock: Callable[[], datetime],
    pace: timedelta = timedelta(seconds=1),
    sleep: Callable[[float], None] = time.sleep,
) -> DrainResult:
    """Send what is due to one receiver, oldest first, one message per `pace` (real time), and record what came of it.

    Call it for a receiver from one place at a time. It ends when nothing is due, when the receiver asks for a pause or
    is down, or after AT_ONCE messages.
    """
    counts = {"sent": 0, "retried": 0, "parked": 0}
    failures = 0
    with connect() as connection:
        if _resting(connection, receiver, clock()):
            return DrainResult()
        for _ in range(AT_ONCE):
            outcome = _send_next(connection, notifier, clock, failures)
            if outcome is None:
                break
            counts[_COUNTED[outcome.outcome]] += 1
            failures = failures + 1 if outcome.outcome == "retry" else 0
            sleep(pace.total_seconds())
            if outcome.outcome == "disabled" or _pauses(outcome, failures):
                break
    return DrainResult(**counts)


def send_test(
    config: AlertConfig,
    receiver: str,
    *,
    allow_hosts: Collection[str] = (),
    clock: Callable[[], datetime] = wall_clock,
) -> Outcome:
    """Send a test message past the outbox, once, and say what came of it. Raises UnknownReceiverError."""
    if receiver not in config.receivers:
        raise UnknownReceiverError(f"no receiver {receiver!r} is configured: there is {', '.join(config.receivers)}")
    now = clock()
    return notifier(config, receiver, allow_hosts).send(trial(receiver, now.isoformat()), now)


_COUNTED: Mapping[str, str] = {"sent": "sent", "retry": "retried", "parked": "parked", "disabled": "parked"}


def _whole_captures(found: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Without the last capture of a full batch: the rest of it may be in the next one, and one message tells all."""
    if len(found) < BATCH:
        return list(found)
    last = (found[-1].source, found[-1].observed_at)
    whole = [event for event in found if (event.source, event.observed_at) != last]
    return whole or list(found)


def _queue(connection: Connection, message: Message, receiver: str, now: datetime, not_before: datetime) -> int:
    return deliveries.add(
        connection,
        message.key,
        receiver,
        message.events,
        message.to_json(),
        created_at=now,
        not_before=not_before,
    )


def _route_withdrawals(connection: Connection, now: datetime) -> int:
    """Whoever was told of an event that is withdrawn is told of that; a message still waiting is not sent at all."""
    withdrawn = {event.id: event for event in events.withdrawn_untold(connection, BATCH)}
    originals = {told.id: told for event in withdrawn for told in deliveries.told(connection, event)}
    added = 0
    for delivery in sorted(originals.values(), key=lambda delivery: delivery.id):
        gone = [withdrawn[event] for event in delivery.events if event in withdrawn]
        if delivery.state == "pending" and delivery.attempts == 0 and len(gone) == len(delivery.events):
            deliveries.mark_parked(connection, delivery.id, status="withdrawn before it was sent")
            continue
        because = gone[0].withdrawn_because or "it was a mistake"
        message = withdrawal(Message.from_json(delivery.message), gone, because)
        added += _queue(connection, message, delivery.receiver, now, now)
    events.mark_withdrawals_routed(connection, list(withdrawn), now)
    return added


def _resting(connection: Connection, receiver: str, now: datetime) -> bool:
    """Whether the receiver asked for a pause that is not over: what came in since then waits with the rest."""
    until = hosts.not_before(connection, _rest_key(receiver))
    if until is None or until <= now:
        return False
    deliveries.postpone(connection, receiver, until)
    return True


def _rest_key(receiver: str) -> str:
    return f"receiver:{receiver}"


def _pauses(outcome: Outcome, failures: int) -> bool:
    """Whether it is the receiver that fails, not one message: it says so, or two in a row did not get through."""
    return outcome.outcome == "retry" and (outcome.retry_after is not None or failures >= 2)


def _send_next(
    connection: Connection, notifier: Notifier, clock: Callable[[], datetime], failures: int
) -> Outcome | None:
    """Send one message while its row is locked, so that it is recorded or still due, whatever dies in between."""
    with connection.transaction():
        due = deliveries.claim_due(connection, notifier.receiver, clock(), 1)
        if not due:
            return None
        outcome = _attempt(due[0], notifier, clock())
        return _record(connection, due[0], outcome, notifier, now=clock(), failures=failures)


def _attempt(delivery: Delivery, notifier: Notifier, now: datetime) -> Outcome:
    try:
        message = Message.from_json(delivery.message)
    except (KeyError, TypeError, AttributeError) as error:
        return Outcome(outcome="parked", detail=f"this message cannot be read any more ({type(error).__name__})")
    try:
        return notifier.send(message, now)
    except Exception as error:
        log.error("notifier failed", receiver=notifier.receiver, delivery=delivery.id, error=type(error).__name__)
        return outcomes.of_failure(f"an error of our own: {type(error).__name__}")


def _record(
    connection: Connection, delivery: Delivery, outcome: Outcome, notifier: Notifier, *, now: datetime, failures: int
) -> Outcome:
    """Write down what came of it; what has failed for too long comes back parked."""
    if outcome.outcome == "sent":
        deliveries.mark_sent(connection, delivery.id, now, status=outcome.detail)
        return outcome
    log.warning("not delivered", receiver=notifier.receiver, delivery=delivery.id, detail=outcome.detail)
    retry_at = _retry_at(delivery, outcome, now)
    if retry_at is not None:
        deliveries.mark_failed(connection, delivery.id, retry_at=retry_at, status=outcome.detail)
        if _pauses(outcome, failures + 1):
            hosts.delay(connection, _rest_key(notifier.receiver), retry_at, outcome.detail)
            deliveries.postpone(connection, notifier.receiver, retry_at)
        return outcome
    detail = (
        f"given up after {delivery.attempts + 1} attempts: {outcome.detail}" if delivery.attempts else outcome.detail
    )
    deliveries.mark_parked(connection, delivery.id, status=detail)
    parked = 1
    if outcome.outcome == "disabled":
        parked += _park_due(connection, notifier.receiver, f"not sent: {outcome.detail}", now)
    if notifier.notices_to:
        notice = parked_notice(notifier.receiver, parked, outcome.detail, now)
        _queue(connection, notice, notifier.notices_to, now, now)
    return outcome if outcome.outcome == "disabled" else replace(outcome, outcome="parked")


def _retry_at(delivery: Delivery, outcome: Outcome, now: datetime) -> datetime | None:
    if outcome.outcome != "retry":
        return None
    return outcomes.next_attempt(
        delivery.message_key,
        attempts=delivery.attempts + 1,
        created_at=delivery.created_at,
        now=now,
        retry_after=outcome.retry_after,
    )


def _park_due(connection: Connection, receiver: str, status: str, now: datetime) -> int:
    """A receiver that is gone is not asked again for each message that waits."""
    due = deliveries.claim_due(connection, receiver, now, BATCH)
    for delivery in due:
        deliveries.mark_parked(connection, delivery.id, status=status)
    return len(due)
