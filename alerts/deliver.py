"""From the outbox to the wire: sent in order, at least once, with one id; what comes of it is written down."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from alerts import outcomes
from alerts.messages import Message, parked_notice, trial
from alerts.outbox import BATCH, queue
from alerts.outcomes import Outcome
from alerts.registry import Notifier, notifier
from alerts.routes import AlertConfig
from store import deliveries, hosts
from store.clock import wall_clock
from store.connect import Connection
from store.deliveries import Delivery
from timeline.issues import AiwireError

log = structlog.get_logger("aiwire.alerts")

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
        queue(connection, notice, notifier.notices_to, now, now)
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
