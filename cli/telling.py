"""Alerts: trying a receiver, standing in for one, and what was told."""

import typer

from cli.plumbing import Json, Limit, configured, owner, quietly
from console import FINDINGS, ends, print_rows, say


def alerts_test(receiver: str, json_: Json = False) -> None:
    """Send a test message to a receiver, and say what came of it."""
    from alerts.deliver import send_test

    with ends():
        quietly()
        configuration = configured()
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


def alerts_retry(receiver: str) -> None:
    """Send again what was given up for a receiver."""
    from store import deliveries
    from store.clock import wall_clock

    with ends(), owner() as connection:
        say(f"{deliveries.unpark(connection, receiver, wall_clock())} messages go out again with the next tick")


def alerts_deliveries(limit: Limit = 50, json_: Json = False) -> None:
    """What was told to whom, what waits and what was given up, newest first."""
    from store import deliveries

    with ends(), owner() as connection:
        columns = ("created_at", "receiver", "state", "attempts", "title", "last_status")
        print_rows(deliveries.newest(connection, limit), as_json=json_, columns=columns, empty="no message yet")
