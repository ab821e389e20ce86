"""Alerts: trying a receiver, and standing in for one."""

from typing import TYPE_CHECKING

import typer

from cli.plumbing import Json, configured, owner, quietly
from console import FINDINGS, ends, print_rows, say
from timeline.issues import AiwireError

if TYPE_CHECKING:
    from alerts.outcomes import Outcome
    from configuration import Configuration


def alerts_test(receiver: str, json_: Json = False) -> None:
    """Send a test message to a receiver, and say what came of it. Where a database runs, one that arrived is noted."""
    from alerts.deliver import send_test

    with ends():
        quietly()
        configuration = configured("receivers")
        result = send_test(configuration.alerts, receiver, allow_hosts=configuration.allow_hosts)
        row = {"receiver": receiver, "result": result.outcome, "detail": result.detail}
        print_rows([row], as_json=json_, columns=tuple(row), empty="")
        if result.outcome != "sent":
            raise typer.Exit(FINDINGS)
        _note(configuration, receiver, result)


def _note(configuration: "Configuration", receiver: str, result: "Outcome") -> None:
    """For `aiwire doctor` and `aiwire alerts list`. The test is over and well, whatever comes of the note."""
    from alerts.deliver import note_test
    from store import embedded
    from store.clock import wall_clock

    if configuration.database_url is None and not embedded.status(configuration.home).running:
        return
    try:
        with owner() as connection:
            note_test(connection, receiver, result, clock=wall_clock)
    except AiwireError as error:
        say(f"aiwire: the test is not noted in the log of deliveries: {error}")


def alerts_receiver(port: int = 8399) -> None:
    """Stand in for Slack on this machine: prints each message that arrives, until Ctrl-C."""
    from alerts.receiver_terminal import run_forever

    with ends():
        run_forever(port=port)
