"""Models in use: which of them a repository's code and configuration calls, and which of these will end."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import console
from cli.plumbing import Json
from console import FINDINGS, ends, print_json, say
from timeline.issues import AiwireError

if TYPE_CHECKING:
    from datetime import date

    from timeline.scan.known import KnownModels

_WITHIN = re.compile(r"(\d{1,4})([dw]?)")


def scan(
    paths: Annotated[
        list[Path] | None, typer.Argument(exists=True, help="Folders and files; here if left out.")
    ] = None,
    fail_within: Annotated[
        str | None, typer.Option(help="Exit 1 only for what is retired or retires within so long: 90d, 12w.")
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Every model in use, also those that nothing says will end.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no database: only the history that comes with aiwire.")
    ] = False,
    json_: Json = False,
) -> None:
    """Find the models that code and configuration use; say which are deprecated, retired or due. Exit 1 if any are."""
    from cli.checkouts import files
    from timeline.scan.findings import Found, as_row, sentence
    from timeline.scan.usages import usages

    within = _days(fail_within)
    with ends():
        known, today = _known(offline=offline)
        read = uses = ending = due = 0
        for file in files(paths or [Path()]):
            if file.skipped:
                say(f"aiwire: {file.path} is left out: {file.skipped}")
                continue
            read += 1
            for usage in usages(file.text, file.path, known):
                found = Found(file=file.path, usage=usage, today=today)
                uses += 1
                ending += found.because is not None
                due += found.because is not None and (within is None or found.is_due(within))
                if found.because or all_:
                    print_json(as_row(found, known)) if json_ else typer.echo(console.clean(sentence(found, known)))
        say(f"aiwire: {read:,} files read, {uses:,} uses of models, {ending:,} of models that end or have ended")
        if due:
            raise typer.Exit(FINDINGS)


def _days(text: str | None) -> int | None:
    if text is None:
        return None
    found = _WITHIN.fullmatch(text.strip())
    if not found:
        raise typer.BadParameter(f"{text!r} is no span of time: expected days like 90d, or weeks like 12w")
    return int(found[1]) * (7 if found[2] == "w" else 1)


def _known(*, offline: bool) -> "tuple[KnownModels, date]":
    """All models there are, from the database that runs, else from the bundled history; and what day it is."""
    from configuration import bare_configuration
    from store import embedded, known_models
    from store.clock import wall_clock
    from supervisor import database

    why = "--offline" if offline else ""
    configuration = bare_configuration()
    if not offline and (configuration.database_url or embedded.status(configuration.home).running):
        try:
            return _of_database(database(configuration).reader)
        except AiwireError as error:
            if configuration.database_url:
                raise  # it was named: an answer without it would pass for one with it
            why = str(error)
    elif not offline:
        why = "no database runs here: `aiwire up` keeps one that is current"
    known, last_look = known_models.of_bundle()
    say(f"aiwire: what is known is the history that comes with aiwire, up to {last_look} ({why})")
    return known, wall_clock().date()


def _of_database(url: str) -> "tuple[KnownModels, date]":
    from store import known_models
    from store.clock import database_now
    from store.connect import connect_reader, explained

    with explained(url), connect_reader(url) as connection:
        looked = known_models.last_look(connection)
        until = f"as of its last look, on {looked}" if looked else "which knows of no model's end yet"
        say(f"aiwire: what is known is that of the database, {until}")
        return known_models.of_database(connection), database_now(connection).date()
