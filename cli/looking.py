"""Looking at it: prices, events, deadlines, and any question in SQL."""

import os
import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from cli.plumbing import Json, Limit, Provider, configured, listed, moment_of, providers, reach, reading
from console import clean, ends, print_rows


def prices(
    model: Annotated[str | None, typer.Argument(help="Model id or printed name; * as a wildcard.")] = None,
    provider: Provider = None,
    as_of: Annotated[str | None, typer.Option(help="A date or time: what it cost then.")] = None,
    known_at: Annotated[str | None, typer.Option(help="A date or time: as it was known then.")] = None,
    limit: Limit = 500,
    json_: Json = False,
) -> None:
    """Prices now, or on a past day as known on any other."""
    from store import prices as asked

    with ends(), reading() as connection:
        rows = asked.as_of(
            connection,
            moment_of(as_of),
            moment_of(known_at),
            limit=limit,
            model=listed(model),
            provider=providers(connection, provider),
        )
        columns = ("provider", "model", "meter", "conditions", "amount", "currency", "per", "unit", "certain", "source")
        print_rows(rows, as_json=json_, columns=columns, empty="no price is known for that; nothing is assumed")


def history(model: str, provider: Provider = None, limit: Limit = 500, json_: Json = False) -> None:
    """Every price a model has had, as believed now; `held`: the last look found another, which is not believed yet."""
    from store import prices as asked

    with ends(), reading() as connection:
        rows = asked.history(connection, limit=limit, model=[model], provider=providers(connection, provider))
        columns = (
            "model",
            "meter",
            "conditions",
            "amount",
            "currency",
            "per",
            "unit",
            "per_million",
            "effective_from",
            "effective_to",
            "held",
        )
        print_rows(rows, as_json=json_, columns=(*columns, "source"), empty=f"no price of {model} is known")


def list_events(
    context: typer.Context,
    kind: Annotated[str | None, typer.Option(help="Only this kind, such as price.changed or model.*")] = None,
    provider: Provider = None,
    limit: Limit = 50,
    json_: Json = False,
) -> None:
    """List events, newest first, without the baseline of first captures."""
    from store import event_pages as asked

    if context.invoked_subcommand is None:
        with ends(), reading() as connection:
            rows = asked.page(
                connection, limit=limit, kind=listed(kind), provider=providers(connection, provider), baseline=False
            )
            columns = ("observed_at", "kind", "headline", "source", "event")
            if not json_:
                rows = [{**row, "event": row["id"][: asked.SHORT]} for row in rows]
            print_rows(rows, as_json=json_, columns=columns, empty="nothing has changed yet")


def deadlines(
    provider: Provider = None,
    model: Annotated[str | None, typer.Option(help="Model id or printed name; * as a wildcard.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only deprecation, retirement, price or rule.")] = None,
    subject_kind: Annotated[str | None, typer.Option(help="Only model, endpoint, product, feature...")] = None,
    limit: Limit = 500,
    json_: Json = False,
    ics: Annotated[bool, typer.Option("--ics", help="As a calendar (iCalendar).")] = False,
) -> None:
    """What ends or changes, and when, from today on."""
    from store import notices
    from timeline.calendars import calendar

    with ends(), reading() as connection:
        rows = notices.deadlines(
            connection,
            limit=limit,
            provider=providers(connection, provider),
            model=listed(model),
            kind=listed(kind),
            subject_kind=listed(subject_kind),
        )
        if ics:
            revisions = notices.revisions(connection, rows)
            typer.echo(calendar(rows, revisions=revisions, base_url=configured().base_url), nl=False)
            return
        columns = ("stated", "days_left", "kind", "firm", "provider", "model", "replacements", "scope", "source")
        print_rows(rows, as_json=json_, columns=columns, empty="no deadline is known")


def figures(
    subject: Annotated[str | None, typer.Argument(help="Subject as the table prints it; * as a wildcard.")] = None,
    measure: Annotated[str | None, typer.Option(help="Only this measure; * as a wildcard.")] = None,
    provider: Provider = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    as_of: Annotated[str | None, typer.Option(help="A date or time: what the tables showed then.")] = None,
    known_at: Annotated[str | None, typer.Option(help="A date or time: as it was known then.")] = None,
    history: Annotated[bool, typer.Option("--history", help="All there has been, over time.")] = False,
    limit: Limit = 500,
    json_: Json = False,
) -> None:
    """What watched tables show: leaderboards, rates, water and energy, densities."""
    from store import figures as asked
    from store.clock import database_now

    if history and (as_of or known_at):
        raise typer.BadParameter("--history gives all times: leave out --as-of and --known-at")
    filters: asked.FigureFilters = {
        "subject": listed(subject),
        "measure": listed(measure),
        "source": listed(source),
    }
    with ends(), reading() as connection:
        filters["provider"] = providers(connection, provider)
        shown: tuple[str, ...] = ("subject", "measure", "value", "upto", "unit", "period", "scope")
        if history:
            rows = asked.history(connection, limit=limit, **filters)
            shown = (*shown, "effective_from", "effective_to")
        elif as_of or known_at:
            at = moment_of(as_of) or database_now(connection)
            rows = asked.as_of(connection, at, moment_of(known_at), limit=limit, **filters)
        else:
            rows = asked.current(connection, limit=limit, **filters)
            shown = (*shown, "was", "change_pct", "effective_from")
        print_rows(rows, as_json=json_, columns=(*shown, "source"), empty="no figure is known for that")


def sql(
    query: Annotated[str | None, typer.Argument(help="One query; without it psql opens.")] = None, json_: Json = False
) -> None:
    """Ask the database as its read-only user: run the query, or open psql."""
    from configuration import bare_configuration
    from store.connect import connect_reader, without_password
    from store.copies import copied, is_copy
    from store.embedded import binaries
    from store.questions import ask

    copies = query is not None and is_copy(query)
    if query is not None and query.lstrip().startswith("\\"):
        raise typer.BadParameter(f"{clean(query)[:60]!r} is a command of psql: open `aiwire sql`, and give it there")
    if copies and json_:
        raise typer.BadParameter("COPY has forms of its own: leave out --json, or ask with SELECT")
    with ends():
        configuration = bare_configuration()  # who only asks needs none of the secrets that aiwire.toml names
        urls = reach(configuration)
        if query is None:
            address, password = without_password(urls.reader)
            psql = str(binaries(configuration.home) / "psql")
            environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}  # arguments show in `ps`
            os.execve(psql, ["psql", address], environment)  # noqa: S606  hands over the terminal
        with connect_reader(urls.reader) as connection:
            if copies:
                _write(copied(connection, query, url=urls.reader))
                return
            columns, rows = ask(connection, query, url=urls.reader)
            print_rows(rows, as_json=json_, columns=columns, empty="no rows")


def _write(pieces: Iterable[bytes]) -> None:
    """To stdout as they are; to a terminal without what could command it."""
    for piece in pieces:
        if sys.stdout.isatty():
            typer.echo("\n".join(clean(line) for line in piece.decode(errors="replace").split("\n")), nl=False)
        else:
            sys.stdout.buffer.write(piece)
    sys.stdout.flush()
