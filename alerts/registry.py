"""From a receiver's name to what sends a message to it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from alerts.messages import Message
from alerts.notifiers import KINDS
from alerts.outcomes import NOTHING, Earlier, Outcome
from alerts.routes import TERMINAL, AlertConfig


@dataclass(frozen=True, kw_only=True, slots=True)
class Notifier:
    """What sends to one receiver. `notices_to` is told when this one fails for good: a receiver of another channel.

    Receivers of one `lane` share a channel and so its rate: what is sent to them is sent one after the other.
    """

    receiver: str
    send: Callable[[Message, datetime, Earlier], Outcome]
    notices_to: str | None
    lane: str = ""


def notifier(config: AlertConfig, receiver: str, allow_hosts: Collection[str] = ()) -> Notifier:
    """The notifier of a receiver of the configuration; of one that is not there any more, one that parks everything."""
    found = config.receivers.get(receiver)
    own = lane(config, receiver)
    others = [name for name in (*config.receivers_named, TERMINAL) if name != receiver and lane(config, name) != own]
    notices_to = others[0] if others and receiver != TERMINAL else None
    if found is None:
        why = "no receiver of this name is configured any more"
        gone = Outcome(outcome="disabled", detail=why, code="not configured")
        return Notifier(receiver=receiver, send=lambda message, now, earlier: gone, notices_to=notices_to)
    kind = KINDS[found.notifier]

    def send(message: Message, now: datetime, earlier: Earlier = NOTHING) -> Outcome:
        return kind.send(found.settings, message, allow_hosts, now, earlier)

    return Notifier(receiver=receiver, send=send, notices_to=notices_to, lane=own)


def lane(config: AlertConfig, receiver: str) -> str:
    """What the receiver shares its rate with: the channel behind it; itself where it is not configured any more."""
    found = config.receivers.get(receiver)
    return KINDS[found.notifier].lane(found.settings) if found else f"receiver-{receiver}"
