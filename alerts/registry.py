"""From a receiver's name to what sends a message to it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from alerts.messages import Message
from alerts.notifiers import KINDS
from alerts.outcomes import Outcome
from alerts.routes import TERMINAL, AlertConfig


@dataclass(frozen=True, kw_only=True, slots=True)
class Notifier:
    """What sends to one receiver. `notices_to` is the other receiver that is told when this one fails for good."""

    receiver: str
    send: Callable[[Message, datetime], Outcome]
    notices_to: str | None


def notifier(config: AlertConfig, receiver: str, allow_hosts: Collection[str] = ()) -> Notifier:
    """The notifier of a receiver of the configuration; of one that is not there any more, one that parks everything."""
    found = config.receivers.get(receiver)
    others = [name for name in (*config.receivers_named, TERMINAL) if name != receiver]
    notices_to = others[0] if others and receiver != TERMINAL else None
    if found is None:
        gone = Outcome(outcome="parked", detail="no receiver of this name is configured any more")
        return Notifier(receiver=receiver, send=lambda message, now: gone, notices_to=notices_to)
    kind = KINDS[found.notifier]

    def send(message: Message, now: datetime) -> Outcome:
        return kind.send(found.settings, message, allow_hosts, now)

    return Notifier(receiver=receiver, send=send, notices_to=notices_to)
