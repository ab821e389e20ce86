"""Messages printed where aiwire runs: the receiver that is always there."""

import sys
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from alerts.messages import Message, text
from alerts.notifiers import credentials
from alerts.outcomes import NOTHING, Earlier, Outcome
from timeline.strict import Table


@dataclass(frozen=True, kw_only=True, slots=True)
class TerminalSettings:
    """`terminal = {}`: nothing to set."""


def parse(table: Table, environ: credentials.Environ) -> TerminalSettings:
    """The settings from `terminal = {}`."""
    return TerminalSettings()


def lane(settings: TerminalSettings) -> str:
    """The screen."""
    return "terminal"


def send(
    settings: TerminalSettings,
    message: Message,
    allowed: Collection[str],
    now: datetime,
    earlier: Earlier = NOTHING,
) -> Outcome:
    """Print the message to standard output."""
    show(message, sys.stdout)
    return Outcome(outcome="sent", detail="printed", code="printed")


def preview(settings: TerminalSettings, message: Message, now: datetime) -> str:
    """As it would be printed."""
    return text(message)


def show(message: Message, out: TextIO) -> None:
    """The message in a frame; as plain lines where `out` is no terminal. Its text is never read as markup."""
    said = text(message)
    if not out.isatty():
        print(f"\n{said}\n", file=out, flush=True)
        return
    console = Console(file=out, markup=False, highlight=False, emoji=False)
    console.print(Panel(Text.assemble((message.title, "bold"), said.removeprefix(message.title))))
