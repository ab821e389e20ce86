"""`aiwire prune`: what only tells how the watching went is dropped after a while."""

import re
from datetime import timedelta
from typing import Annotated

import typer

from cli.plumbing import Json, owner
from console import ends, print_json, say
from timeline.words import counted, listed

_LENGTH = re.compile(r"(\d{1,5})d")
LEAST = timedelta(days=7)  # shorter than that, what is going on could not be understood any more
_NAMES = {
    "failed_fetches": "failed fetch",
    "unchanged_looks": "look that found nothing new",
    "delivery_attempts": "delivery attempt",
    "issues": "issue that is over",
}


def prune(
    older_than: Annotated[str, typer.Option(help="An age in days, at least 7d.")] = "90d",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be dropped.")] = False,
    json_: Json = False,
) -> None:
    """Drop old attempts to fetch and deliver, and issues long over; captures, facts and events stay. Safe to repeat."""
    from store import pruning
    from store.clock import wall_clock

    with ends():
        before = wall_clock() - _age(older_than)
        with owner() as connection:
            connection.autocommit = True
            steps = pruning.count(connection, before=before) if dry_run else pruning.prune(connection, before=before)
            dropped = dict.fromkeys(_NAMES, 0)
            for step in steps:
                dropped[step.what] += step.rows
        if json_:
            print_json({"older_than": before, "dry_run": dry_run, "dropped": dropped})
        else:
            parts = [_counted(what, rows) for what, rows in dropped.items() if rows]
            verb = "would drop" if dry_run else "dropped"
            say(f"{verb} {listed(parts)}" if parts else f"nothing of it is older than {older_than}")


def _age(text: str) -> timedelta:
    found = _LENGTH.fullmatch(text.strip())
    if found is None or timedelta(days=int(found[1])) < LEAST:
        raise typer.BadParameter(f"expected an age in days such as 90d, at least {LEAST.days}d; found {text!r}")
    return timedelta(days=int(found[1]))


def _counted(what: str, rows: int) -> str:
    noun, _, rest = _NAMES[what].partition(" that ")
    rest = rest.replace("is ", "are ", 1) if rows != 1 else rest
    return counted(rows, noun) + (f" that {rest}" if rest else "")
