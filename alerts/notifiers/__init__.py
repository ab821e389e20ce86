"""The notifiers there are: one module each, with its settings, listed here and nowhere else."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from alerts.messages import Message
from alerts.notifiers import slack, terminal
from alerts.outcomes import Outcome
from timeline.strict import Table

Settings = slack.SlackSettings | terminal.TerminalSettings
Parse = Callable[[Table, Mapping[str, str]], Settings]
Send = Callable[[Any, Message, Collection[str], datetime], Outcome]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of notifier: how its settings are read, and how one message is sent with them."""

    parse: Parse
    send: Send


KINDS: Final[Mapping[str, Kind]] = {
    "slack": Kind(parse=slack.parse, send=slack.send),
    "terminal": Kind(parse=terminal.parse, send=terminal.send),
}
