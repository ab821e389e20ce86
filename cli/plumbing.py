"""What the verbs share: options, and how they reach the configuration and the database."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from configuration import Configuration, Needs
    from crawler.source import Source
    from store.connect import Connection
    from supervisor import Urls

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="At most so many rows.")]
Provider = Annotated[str | None, typer.Option(help="Only this provider.")]
Hidden = typer.Option(hidden=True)


def configured(*secrets: "Needs") -> "Configuration":
    """The configuration of this invocation, with the secrets that it needs: who tells nobody needs none."""
    from configuration import load_configuration

    return load_configuration(secrets=secrets)


def reach(configuration: "Configuration") -> "Urls":
    """The database, started when it is the embedded one."""
    from supervisor import database

    return database(configuration)


def quietly() -> None:
    """Warnings and errors of what runs inside a command, as JSON lines; the default prints local variables too."""
    import logging

    import logs

    logs.configure(logging.WARNING)


@contextmanager
def reading() -> Iterator["Connection"]:
    """A connection of the read-only role. Who only asks needs no aiwire.toml, nor the secrets that it names."""
    from configuration import bare_configuration
    from store.connect import connect_reader, explained

    asked = reach(bare_configuration()).reader
    with explained(asked), connect_reader(asked) as connection:
        yield connection


@contextmanager
def owner(url: str | None = None) -> Iterator["Connection"]:
    """A connection that may write, in autocommit: each function makes its own transactions."""
    from store.connect import connect, explained

    asked = url or reach(configured()).owner
    with explained(asked), connect(asked, autocommit=True) as connection:
        yield connection


@contextmanager
def throw_away(into: str | None) -> Iterator[str]:
    """The URL of `into`, migrated; without it of a throw-away server that is gone afterwards."""
    from store import embedded
    from store.migrate import migrate as apply

    if into is not None:
        apply(into)
        yield into
        return
    with tempfile.TemporaryDirectory(prefix="aiwire-") as folder:
        try:
            running = embedded.start(Path(folder), scratch=True)
            apply(running.url)
            yield running.url
        finally:
            embedded.stop(Path(folder))


def listed(value: str | None) -> list[str]:
    """An option that may be left out, as the list of alternatives the store takes."""
    return [] if value is None else [value]


def providers(connection: "Connection", name: str | None) -> list[str]:
    """The provider of an option, as `listed`. Raises MistakeError where there is none of that name: no answer at all
    would pass for one about it.
    """
    from store.providers import known
    from timeline.issues import MistakeError
    from timeline.names import providers as on_file
    from timeline.providers import meant, spelt

    if name is None or name in on_file():
        return listed(name)
    there = known(connection)
    found = spelt(name, there)
    if found in there:
        return [found]
    near = meant(name, there)
    raise MistakeError(
        f"no provider is called {name}" + (f"; did you mean {near}?" if near else ": `aiwire sources` names them")
    )


def source_named(configuration: "Configuration", source: str) -> "Source":
    """The configured source of that id. Raises UnknownSourceError."""
    from crawler.extraction import by_id

    return by_id(configuration.sources, source)


def moment_of(text: str | None) -> datetime | None:
    """A date or a time given on the command line; a mistake in it ends with exit code 2."""
    from timeline.dates import moment

    if text is None:
        return None
    try:
        return moment(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is neither a date (2026-08-12) nor a time with its zone: {error}"
        ) from error
