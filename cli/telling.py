"""Alerts: trying a receiver, and standing in for one."""

import typer

from cli.plumbing import Json, configured, quietly
from console import FINDINGS, ends, print_rows


def alerts_test(receiver: str, json_: Json = False) -> None:
    """Send a test message to a receiver, and say what came of it."""
    from alerts.deliver import send_test

    with ends():
        quietly()
        configuration = configured("receivers")
        result = send_test(configuration.alerts, receiver, allow_hosts=configuration.allow_hosts)
        row = {"receiver": receiver, "result": result.outcome, "detail": result.detail}
        print_rows([row], as_json=json_, columns=tuple(row), empty="")
        if result.outcome != "sent":
            raise typer.Exit(FINDINGS)


def alerts_receiver(port: int = 8399) -> None:
    """Stand in for Slack on this machine: prints each message that arrives, until Ctrl-C."""
    from alerts.receiver import run_forever

    with ends():
        run_forever(port=port)
