"""The notifiers there are: one module each, with its settings, listed here and nowhere else."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from alerts.messages import Message
from alerts.notifiers import email, slack, slack_bot, terminal, webhook
from alerts.notifiers.credentials import Environ
from alerts.outcomes import Earlier, Outcome
from timeline.strict import Table

Settings = (
    slack.SlackSettings
    | slack_bot.BotSettings
    | webhook.WebhookSettings
    | email.EmailSettings
    | terminal.TerminalSettings
)
Parse = Callable[[Table, Environ], Settings]
Send = Callable[[Any, Message, Collection[str], datetime, Earlier], Outcome]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of notifier: how its settings are read, how one attempt is made with them, whose rate it shares, and how a
    message would look there.
    """

    parse: Parse
    send: Send
    lane: Callable[[Any], str]
    preview: Callable[[Any, Message, datetime], str]


KINDS: Final[Mapping[str, Kind]] = {
    "slack": Kind(parse=slack.parse, send=slack.send, lane=slack.lane, preview=slack.preview),
    "webhook": Kind(parse=webhook.parse, send=webhook.send, lane=webhook.lane, preview=webhook.preview),
    "email": Kind(parse=email.parse, send=email.send, lane=email.lane, preview=email.preview),
    "terminal": Kind(parse=terminal.parse, send=terminal.send, lane=terminal.lane, preview=terminal.preview),
}
