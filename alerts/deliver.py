"""From the outbox to the wire: sent in order, at least once, with one id; what comes of it is written down."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from alerts import outcomes
from alerts.messages import Message, back_notice, parked_notice, trial
from alerts.outbox import BATCH, queue
from alerts.outcomes import NOTHING, Earlier, Outcome
from alerts.registry import Notifier, notifier
from alerts.routes import AlertConfig
from store import deliveries, delivery_attempts, hosts, lanes, receivers
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
    ahead: timedelta = timedelta(0),
    sleep: Callable[[float], None] = time.sleep,
) -> DrainResult:
    """Send what is due to one receiver, oldest first, one request per `pace` (real time), and record what came of it.

    It ends when nothing is due or will be within `ahead`, when the receiver asks for a pause or is down, or after
    AT_ONCE requests; at once where somebody else is sending on the receiver's lane, so that no two ever do.
    """
    with connect() as connection:
        if not lanes.take(connection, _lane(notifier)):
            return DrainResult()
        result = DrainResult()
        if not _resting(connection, notifier, clock()):
            result = _send_due(connection, notifier, clock=clock, pace=pace.total_seconds(), ahead=ahead, sleep=sleep)
        lanes.leave(connection)
        return result


def send_test(
    config: AlertConfig,
    receiver: str,
    *,
    allow_hosts: Collection[str] = (),
    clock: Callable[[], datetime] = wall_clock,
) -> Outcome:
    """Send a test message past the outbox and say what came of it. Raises UnknownReceiverError."""
    require_receiver(config, receiver)
    now = clock()
    message, sender, earlier = trial(receiver, now.isoformat()), notifier(config, receiver, allow_hosts), NOTHING
    while (outcome := sender.send(message, now, earlier)).outcome == "partly":
        time.sleep(1)
        earlier = replace(earlier, receipt={**earlier.receipt, **outcome.receipt})
    return outcome


def note_test(connection: Connection, receiver: str, outcome: Outcome, *, clock: Callable[[], datetime]) -> None:
    """A test that arrived stands in the log of deliveries, so that the receiver counts as tried and as well."""
    now = clock()
    message = trial(receiver, now.isoformat())
    with connection.transaction():
        added = deliveries.add(
            connection, message.key, receiver, message.events, message.to_json(), created_at=now, not_before=now
        )
        if added:
            number = deliveries.number_of(connection, message.key, receiver)
            delivery_attempts.mark_sent(connection, number, now, status=outcome.detail, code=outcome.code)


def require_receiver(config: AlertConfig, receiver: str) -> None:
    """Raises UnknownReceiverError, which names those there are."""
    if receiver not in config.receivers:
        raise UnknownReceiverError(f"no receiver {receiver!r} is configured: there is {', '.join(config.receivers)}")


_COUNTED: Mapping[str, str] = {"sent": "sent", "retry": "retried", "parked": "parked", "disabled": "parked"}


def _lane(notifier: Notifier) -> str:
    return notifier.lane or f"receiver-{notifier.receiver}"


def _send_due(
    connection: Connection,
    notifier: Notifier,
    *,
    clock: Callable[[], datetime],
    pace: float,
    ahead: timedelta,
    sleep: Callable[[float], None],
) -> DrainResult:
    counts = dict.fromkeys(("sent", "retried", "parked"), 0)
    failures = 0
    for _ in range(AT_ONCE):
        _await_due(connection, notifier.receiver, clock, ahead, sleep)
        try:
            outcome = _send_next(connection, notifier, clock, failures)
        except Exception:
            sleep(pace)  # it may have been sent, and the next drain may begin at once
            raise
        if outcome is None:
            break
        if outcome.outcome in _COUNTED:
            counts[_COUNTED[outcome.outcome]] += 1
        failures = failures + 1 if outcome.outcome == "retry" else 0
        sleep(pace)
        if outcome.outcome == "disabled" or _pauses(outcome, failures):
            break
    return DrainResult(**counts)


def _await_due(
    connection: Connection,
    receiver: str,
    clock: Callable[[], datetime],
    ahead: timedelta,
    sleep: Callable[[float], None],
) -> None:
    """Where nothing is due yet and something will be soon: wait for it, with everything at hand to send it."""
    now = clock()
    due = deliveries.next_due(connection, receiver, until=now + ahead) if ahead else None
    if due is not None and due > now:
        sleep((due - now).total_seconds() + 0.001)  # not a moment too early


def _resting(connection: Connection, notifier: Notifier, now: datetime) -> bool:
    """Whether the channel asked for a pause that is not over: what came in since then waits with the rest."""
    until = hosts.not_before(connection, _rest_key(notifier))
    if until is None or until <= now:
        return False
    deliveries.postpone(connection, notifier.receiver, until)
    return True


def _rest_key(notifier: Notifier) -> str:
    return f"lane:{_lane(notifier)}"


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
        outcome = _attempt(connection, due[0], notifier, clock())
        return _record(connection, due[0], outcome, notifier, now=clock(), failures=failures)


def _attempt(connection: Connection, delivery: Delivery, notifier: Notifier, now: datetime) -> Outcome:
    try:
        message = Message.from_json(delivery.message)
    except (KeyError, TypeError, AttributeError) as error:
        why = f"this message cannot be read any more ({type(error).__name__})"
        return Outcome(outcome="parked", detail=why, code="unreadable")
    original = deliveries.receipt_of(connection, message.about, notifier.receiver) if message.about else {}
    try:
        return notifier.send(message, now, Earlier(receipt=delivery.receipt, original=original))
    except Exception as error:
        log.error("notifier failed", receiver=notifier.receiver, delivery=delivery.id, error=type(error).__name__)
        return replace(outcomes.of_failure(f"an error of our own: {type(error).__name__}"), code="error")


def _record(
    connection: Connection, delivery: Delivery, outcome: Outcome, notifier: Notifier, *, now: datetime, failures: int
) -> Outcome:
    """Write down what came of it; what has failed for too long comes back parked."""
    detail, code, receipt = outcome.detail, outcome.code, outcome.receipt
    if outcome.outcome == "sent":
        back = notifier.notices_to and receivers.was_down(connection, notifier.receiver)
        delivery_attempts.mark_sent(connection, delivery.id, now, status=detail, code=code, receipt=receipt)
        if back:
            _tell_back(connection, notifier, now)
        return outcome
    if outcome.outcome == "partly":
        delivery_attempts.mark_partly(connection, delivery.id, now, status=detail, code=code, receipt=receipt)
        return outcome
    log.warning("not delivered", receiver=notifier.receiver, delivery=delivery.id, detail=detail)
    retry_at = _retry_at(delivery, outcome, now)
    if retry_at is None:
        return _park(connection, delivery, outcome, notifier, now)
    delivery_attempts.mark_failed(
        connection, delivery.id, retry_at=retry_at, status=detail, at=now, code=code, receipt=receipt
    )
    if _pauses(outcome, failures + 1):
        hosts.delay(connection, _rest_key(notifier), retry_at, detail)
        deliveries.postpone(connection, notifier.receiver, retry_at)
    return outcome


def _park(connection: Connection, delivery: Delivery, outcome: Outcome, notifier: Notifier, now: datetime) -> Outcome:
    """Give a message up, with a notice to another receiver; where this one is gone, everything that waits for it."""
    gone = outcome.outcome == "disabled"
    detail, incident = outcome.detail, ""
    if outcome.outcome == "retry":
        detail = f"{deliveries.GIVEN_UP} {delivery.attempts + 1} attempts: {detail}"
    if outcome.outcome != "parked":  # it is the receiver that is down, until a message gets through
        incident = f"down since {receivers.last_sent(connection, notifier.receiver)}"
    delivery_attempts.mark_parked(
        connection, delivery.id, status=detail, at=now, code=outcome.code,
        outcome="disabled" if gone else "parked", receipt=outcome.receipt,
    )  # fmt: skip
    parked = 1 + (_park_due(connection, notifier.receiver, outcome, now) if gone else 0)
    if notifier.notices_to:
        notice = parked_notice(notifier.receiver, parked, outcome.detail, now, incident)
        queue(connection, notice, notifier.notices_to, now, now)
    return outcome if gone else replace(outcome, outcome="parked")


def _tell_back(connection: Connection, notifier: Notifier, now: datetime) -> None:
    parked = sum(one.parked for one in receivers.backlog(connection, now) if one.receiver == notifier.receiver)
    queue(connection, back_notice(notifier.receiver, parked, now), str(notifier.notices_to), now, now)


def _retry_at(delivery: Delivery, outcome: Outcome, now: datetime) -> datetime | None:
    if outcome.outcome != "retry":
        return None
    return outcomes.next_attempt(
        delivery.message_key,
        attempts=delivery.attempts + 1,
        created_at=delivery.created_at,
        now=now,
        retry_after=outcome.retry_after,
        busy=outcome.busy,
    )


def _park_due(connection: Connection, receiver: str, outcome: Outcome, now: datetime) -> int:
    """A receiver that is gone is not asked again for each message that waits."""
    due = deliveries.claim_due(connection, receiver, now, BATCH)
    for delivery in due:
        status = f"not sent: {outcome.detail}"
        delivery_attempts.mark_parked(
            connection, delivery.id, status=status, at=now, code=outcome.code, outcome="disabled"
        )
    return len(due)
