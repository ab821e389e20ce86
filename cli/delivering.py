"""What was told to whom, what became of it, what would be told: `aiwire alerts list`, `show`, `retry`, `preview`."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.plumbing import Json, Limit, configured, owner
from console import FINDINGS, clean, ends, print_json, print_rows, say

if TYPE_CHECKING:
    from store.deliveries import Delivery
    from store.delivery_attempts import Attempt

COLUMNS = ("id", "created_at", "receiver", "state", "attempts", "title", "last_status")


def alerts_list(
    limit: Limit = 50,
    receiver: Annotated[str | None, typer.Option(help="Only this receiver.")] = None,
    state: Annotated[str | None, typer.Option(help="Only these: sent, pending, parked, withdrawn...")] = None,
    json_: Json = False,
) -> None:
    """What was told to whom, what waits and what was given up, newest first."""
    from store import deliveries

    with ends(), owner() as connection:
        rows = deliveries.newest(connection, limit, receiver=receiver, state=state)
        print_rows(rows, as_json=json_, columns=COLUMNS, empty="no message yet")


def alerts_show(delivery: int, json_: Json = False) -> None:
    """One message: its text, and what came of each attempt to deliver it."""
    from store import deliveries, delivery_attempts

    with ends(), owner() as connection:
        found = deliveries.get(connection, delivery)
        if found is None:
            say(f"aiwire: there is no delivery {delivery}: `aiwire alerts list` has their numbers")
            raise typer.Exit(FINDINGS)
        _show(found, delivery_attempts.of(connection, delivery), as_json=json_)


def alerts_retry(
    what: Annotated[str, typer.Argument(help="A receiver, or the number of one message.")], json_: Json = False
) -> None:
    """Send again what was given up: everything of a receiver, or one message. It has three days anew."""
    from store import deliveries
    from store.clock import wall_clock

    with ends(), owner() as connection:
        if what.isdigit() and what.isascii():
            count = int(deliveries.unpark_one(connection, int(what[:18]), wall_clock()))
        else:
            count = deliveries.unpark(connection, what, wall_clock())
        if json_:
            print_json({"retried": count})
        else:
            say(f"{count} messages go out again with the next tick")
        if not count:
            raise typer.Exit(FINDINGS)


def alerts_preview(
    event: Annotated[str, typer.Argument(help="The id of an event, or its beginning: `aiwire events` prints them.")],
    receiver: Annotated[str | None, typer.Option(help="Only this receiver; else all there are.")] = None,
    json_: Json = False,
) -> None:
    """An event as a receiver would get it, and what each of its routes makes of it; nothing is sent."""
    from alerts.deliver import require_receiver
    from alerts.previews import preview
    from store.clock import wall_clock

    with ends():
        configuration = configured()
        if receiver is not None:
            require_receiver(configuration.alerts, receiver)
        names = [receiver] if receiver else list(configuration.alerts.receivers)
        with owner() as connection:
            found = preview(
                connection, configuration.alerts, event,
                receivers=names, now=wall_clock(), base_url=configuration.base_url,
            )  # fmt: skip
        for one in found:
            if json_:
                print_json(asdict(one))
            else:
                verdict = "is told" if one.told else "is not told"
                say(f"{one.receiver} {verdict}; its routes: {'; '.join(one.said)}")
                typer.echo(clean(one.shown) + "\n")


def _show(found: "Delivery", tried: "list[Attempt]", *, as_json: bool) -> None:
    from alerts.messages import Message, text

    if as_json:
        print_json({**asdict(found), "log": [asdict(attempt) for attempt in tried]})
        return
    row: dict[str, Any] = {**asdict(found), "title": found.message.get("title")}
    print_rows([row], as_json=False, columns=COLUMNS, empty="")
    try:
        typer.echo("\n" + clean(text(Message.from_json(found.message))) + "\n")
    except (KeyError, TypeError, AttributeError):
        say("the message cannot be read any more")
    print_rows(
        [asdict(attempt) for attempt in tried], as_json=False, columns=("at", "outcome", "code", "detail"),
        empty="not tried yet",
    )  # fmt: skip
