"""The `aiwire` command. Thin: one function a verb, each a few lines over the packages.

Exit codes: 0 done, 1 findings or failure, 2 a mistake in what was asked. `--json` prints one object a line.
"""

import asyncio
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import console
from console import FINDINGS, ends, print_json, print_rows, say

if TYPE_CHECKING:
    from configuration import Configuration
    from crawler.replay import Line
    from crawler.source import Source
    from store.connect import Connection
    from supervisor import Urls
    from timeline.issues import Issue

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
sources_app = typer.Typer(no_args_is_help=False, help="The watched pages and feeds, and how they are.")
events_app = typer.Typer(no_args_is_help=False, help="The timeline: what changed, newest first.")
alerts_app = typer.Typer(no_args_is_help=True, help="Receivers, routes and deliveries.")
app.add_typer(sources_app, name="sources", invoke_without_command=True)
app.add_typer(events_app, name="events", invoke_without_command=True)
app.add_typer(alerts_app, name="alerts")

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="At most so many rows.")]
Provider = Annotated[str | None, typer.Option(help="Only this provider.")]
Hidden = typer.Option(hidden=True)


def configured() -> "Configuration":
    """The configuration of this invocation."""
    from configuration import load_configuration

    return load_configuration()


def reach(configuration: "Configuration") -> "Urls":
    """The database, started when it is the embedded one."""
    from supervisor import database

    return database(configuration)


# ------------------------------------------------------------------ running it


@app.command()
def up() -> None:
    """Run everything here: database, worker, scheduler and API, until Ctrl-C."""
    import supervisor

    with ends():
        supervisor.up(configured(), say=lambda text: say(f"aiwire: {text}"))


@app.command()
def worker(
    with_scheduler: Annotated[bool, typer.Option(help="Run the clocks in this process too.")] = False,
    rehearsal: Annotated[bool, Hidden] = False,
    origin: Annotated[str | None, Hidden] = None,
    parent: Annotated[int | None, Hidden] = None,
) -> None:
    """Fetch, read and deliver whatever the queue holds."""
    _run_wire(ticks=with_scheduler, works=True, rehearsal=rehearsal, origin=origin, parent=parent)


@app.command()
def scheduler(parent: Annotated[int | None, Hidden] = None) -> None:
    """Run the clocks alone: any number of them may run at once."""
    _run_wire(ticks=True, works=False, rehearsal=False, origin=None, parent=parent)


@app.command()
def serve(parent: Annotated[int | None, Hidden] = None) -> None:
    """Serve the read-only API and the pages."""
    import uvicorn

    from api.app import create_app
    from store.clock import wall_clock
    from store.connect import open_pool

    with ends():
        configuration = configured()
        pool = open_pool(reach(configuration).reader, size=8, reader=True)
        application = create_app(pool, clock=wall_clock, base_url=configuration.base_url)
        server = uvicorn.Server(
            uvicorn.Config(
                application, host=configuration.host, port=configuration.port, log_level="warning",
                server_header=False, date_header=True, timeout_graceful_shutdown=5,
            )
        )  # fmt: skip
        if parent is not None:
            _follow(parent, lambda: setattr(server, "should_exit", True))
        server.run()
        pool.close()


@app.command()
def migrate(json_: Json = False) -> None:
    """Bring the database up to date: tables, views, roles. Safe to repeat."""
    from store.migrate import migrate as apply

    with ends():
        applied = apply(reach(configured()).owner)
        if json_:
            print_json({"applied": applied})
        else:
            say("\n".join(applied) or "the database is up to date")


# ------------------------------------------------------------------ looking at it


@app.command()
def status(json_: Json = False) -> None:
    """How everything is: sources, what is held and why, what waits to be sent. Exit 1 when something needs a look."""
    import reports

    with ends(), _reading() as connection:
        rows = reports.status(connection)
        columns = ("source", "health", "last_good", "detail")
        print_rows(rows, as_json=json_, columns=columns, empty="no sources yet: `aiwire up` registers them")
        if any(row["needs_a_look"] for row in rows):
            raise typer.Exit(FINDINGS)


@app.command()
def doctor(json_: Json = False) -> None:
    """Look for the usual mistakes and say what to do about each. Exit 1 when there are any."""
    import reports

    with ends():
        findings = reports.examine(configured)
        print_rows(findings, as_json=json_, columns=("check", "result", "advice"), empty="nothing to check")
        if any(finding["result"] not in ("ok", "note") for finding in findings):
            raise typer.Exit(FINDINGS)


@sources_app.callback()
def list_sources(context: typer.Context, json_: Json = False) -> None:
    """List the sources with their health."""
    import reports

    if context.invoked_subcommand is None:
        with ends(), _reading() as connection:
            columns = ("source", "kind", "provider", "trust", "verified", "health", "last_good", "url")
            print_rows(
                reports.sources(connection), as_json=json_, columns=columns, empty="no sources yet: run `aiwire up`"
            )


@app.command()
def prices(
    model: Annotated[str | None, typer.Argument(help="Model id or printed name; * as a wildcard.")] = None,
    provider: Provider = None,
    as_of: Annotated[str | None, typer.Option(help="A date or time: what it cost then.")] = None,
    known_at: Annotated[str | None, typer.Option(help="A date or time: as it was known then.")] = None,
    limit: Limit = 500,
    json_: Json = False,
) -> None:
    """Prices now, or on a past day as known on any other."""
    import reports

    with ends(), _reading() as connection:
        rows = reports.prices(
            connection, model=model, provider=provider, as_of=_moment(as_of), known_at=_moment(known_at), limit=limit
        )
        columns = ("provider", "model", "meter", "conditions", "amount", "currency", "per", "unit", "source")
        print_rows(rows, as_json=json_, columns=columns, empty="no price is known for that; nothing is assumed")


@app.command()
def history(model: str, provider: Provider = None, limit: Limit = 500, json_: Json = False) -> None:
    """Every price a model has had, as believed now."""
    import reports

    with ends(), _reading() as connection:
        rows = reports.history(connection, model=model, provider=provider, limit=limit)
        columns = ("meter", "conditions", "amount", "currency", "per", "unit", "from", "until", "source")
        print_rows(rows, as_json=json_, columns=columns, empty=f"no price of {model} is known")


@events_app.callback()
def list_events(
    context: typer.Context,
    kind: Annotated[str | None, typer.Option(help="Only this kind, such as price.changed.")] = None,
    provider: Provider = None,
    limit: Limit = 50,
    json_: Json = False,
) -> None:
    """List events, newest first, without the baseline of first captures."""
    import reports

    if context.invoked_subcommand is None:
        with ends(), _reading() as connection:
            rows = reports.events(connection, kind=kind, provider=provider, limit=limit)
            columns = ("observed_at", "kind", "headline", "source")
            print_rows(rows, as_json=json_, columns=columns, empty="nothing has changed yet")


@app.command()
def deadlines(provider: Provider = None, limit: Limit = 500, json_: Json = False) -> None:
    """What ends, and when: retirements still to come."""
    import reports

    with ends(), _reading() as connection:
        rows = reports.deadlines(connection, provider=provider, limit=limit)
        columns = ("date", "provider", "model", "what", "replacements", "source")
        print_rows(rows, as_json=json_, columns=columns, empty="no deadline is known")


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help="One query; without it psql opens.")] = None, json_: Json = False
) -> None:
    """Ask the database as its read-only user: run the query, or open psql."""
    import reports

    from store.connect import connect_reader
    from store.embedded import binaries

    with ends():
        configuration = configured()
        urls = reach(configuration)
        if query is None:
            os.execv(str(binaries(configuration.home) / "psql"), ["psql", urls.reader])  # noqa: S606  hands over the terminal
        with connect_reader(urls.reader) as connection:
            columns, rows = reports.ask(connection, query)
            print_rows(rows, as_json=json_, columns=columns, empty="no rows")


# ------------------------------------------------------------------ captures


@app.command()
def capture(source: str, json_: Json = False) -> None:
    """Fetch one source now, politely, store what came and read it."""
    from crawler import observe
    from crawler.fetching import fetch_batch
    from store.clock import wall_clock
    from store.connect import connect

    with ends():
        configuration = configured()
        wanted = _source(configuration, source)
        url = reach(configuration).owner
        outcomes = asyncio.run(
            fetch_batch(
                [wanted], database_url=url, clock=wall_clock, run="by-hand",
                contact=configuration.contact, allow_hosts=configuration.allow_hosts,
            )
        )  # fmt: skip
        with connect(url, autocommit=True) as connection:
            seen = observe.observe(connection, wanted, at=wall_clock())
        row = {"source": source, "outcome": outcomes[0].name, "captures": seen.captures, "events": len(seen.events)}
        print_rows([row], as_json=json_, columns=tuple(row), empty="")
        if not outcomes[0].good:
            raise typer.Exit(FINDINGS)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    kind: Annotated[str, typer.Option(help="pricing, lifecycle, catalogue, feed or funding.")],
    url: Annotated[str, typer.Option(help="Where the file came from: finds the source.")] = "",
    at: Annotated[str | None, typer.Option(help="When it was captured: a date or a time. Today if left out.")] = None,
    source: Annotated[str | None, typer.Option(help="Read it as this source.")] = None,
    json_: Json = False,
) -> None:
    """Read one file as a source's reader does: no database, no network, no other file."""
    from crawler.extraction import extract as read
    from crawler.extraction import issue_line
    from crawler.source import bundled_sources
    from store.clock import wall_clock

    with ends():
        when = _moment(at) or wall_clock()
        reading = read(file.read_bytes(), bundled_sources(), kind=kind, url=url, at=when, source=source)
        for row in reading.facts:
            print_json(row)
        for problem in reading.issues:
            typer.echo(console.clean(issue_line(problem)), err=True)
        if reading.issues:
            raise typer.Exit(FINDINGS)


@app.command()
def replay(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False)],
    into: Annotated[str | None, typer.Option(help="A database URL; a throw-away database if left out.")] = None,
    deliver: Annotated[bool, typer.Option(help="Alert about what is found.")] = False,
    json_: Json = False,
) -> None:
    """Import captures made elsewhere, in order of their dates, and print the events."""
    from crawler import replay as importing
    from crawler.extraction import issue_line
    from scheduler import tell_now
    from timeline.contract import event_to_json

    with ends():
        configuration = configured()
        manifest = importing.read_manifest(folder, configuration.sources)
        for unclaimed in manifest.unclaimed:
            say(f"no source claims {unclaimed}")

        def report(line: "Line", issues: "Sequence[Issue]") -> None:
            for issue in issues:
                say(issue_line(issue, file=str(line.file.relative_to(folder)), source=line.source.id))

        with _database(into) as url, _owner(url) as connection:
            with console.progress(len(manifest.lines), "replaying") as advance:
                events = importing.replay(
                    connection, manifest, progress=lambda line: advance(line.source.id), doubt=report
                )
            if deliver and manifest.lines:
                tell_now(configuration, url, now=manifest.lines[-1].at)
        for event in events:
            if json_:
                print_json(event_to_json(event))
            else:
                typer.echo(console.clean(f"{event.observed_at:%Y-%m-%d}  {event.kind:30} {event.headline}"))


@app.command()
def demo(
    folder: Annotated[Path | None, typer.Argument(exists=True, file_okay=False)] = None,
    json_: Json = False,
    keep: Annotated[bool, typer.Option(help="Keep the rehearsal's database and log, and say where.")] = False,
    kill_worker: Annotated[int, Hidden] = 0,
    seed: Annotated[int, Hidden] = 0,
) -> None:
    """The whole system in rehearsal: captures served locally at their dates, alerts shown as Slack would get them."""
    import rehearsal

    with ends():
        rehearsal.command(
            configured(), folder, as_json=json_, keep=keep, kills=kill_worker, seed=seed, say=say, print_json=print_json
        )


# ------------------------------------------------------------------ alerts


@alerts_app.command("test")
def alerts_test(receiver: str, json_: Json = False) -> None:
    """Send a test message to a receiver, and say what came of it."""
    from alerts.deliver import send_test

    with ends():
        configuration = configured()
        result = send_test(configuration.alerts, receiver, allow_hosts=configuration.allow_hosts)
        row = {"receiver": receiver, "result": result.outcome, "detail": result.detail}
        print_rows([row], as_json=json_, columns=tuple(row), empty="")
        if result.outcome != "sent":
            raise typer.Exit(FINDINGS)


@alerts_app.command("receiver")
def alerts_receiver(port: int = 8399) -> None:
    """Stand in for Slack on this machine: prints each message that arrives, until Ctrl-C."""
    from alerts.receiver import run_forever

    with ends():
        run_forever(port=port)


@alerts_app.command("deliveries")
def alerts_deliveries(limit: Limit = 50, json_: Json = False) -> None:
    """What was told to whom, what waits and what was given up, newest first."""
    from store import deliveries

    with ends(), _owner() as connection:
        columns = ("created_at", "receiver", "state", "attempts", "title", "last_status")
        print_rows(deliveries.newest(connection, limit), as_json=json_, columns=columns, empty="no message yet")


# ------------------------------------------------------------------ plumbing


def _run_wire(*, ticks: bool, works: bool, rehearsal: bool, origin: str | None, parent: int | None) -> None:
    """Run clocks and worker until SIGTERM or SIGINT, then drain."""
    import logs
    import scheduler as wire
    from store.clock import database_clock, wall_clock

    with ends():
        logs.configure()
        configuration = configured()
        url = reach(configuration).owner
        wiring = wire.Wiring(
            configuration=configuration,
            database_url=url,
            clock=database_clock(url) if rehearsal else wall_clock,
            pace=wire.REHEARSAL if rehearsal else wire.Pace(),
            origin=origin,
        )

        async def until_told() -> None:
            stop = asyncio.Event()
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, stop.set)
            if parent is not None:
                _follow(parent, lambda: loop.call_soon_threadsafe(stop.set))
            await wire.run(wiring, stop, ticks=ticks, works=works)

        asyncio.run(until_told())


def _follow(parent: int, stop: Callable[[], object]) -> None:
    """Stop when the process that started us is gone, killed without a word, say."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        stop()

    threading.Thread(target=watch, daemon=True, name="follow-parent").start()


@contextmanager
def _reading() -> Iterator["Connection"]:
    """A connection of the read-only role."""
    from store.connect import connect_reader

    with connect_reader(reach(configured()).reader) as connection:
        yield connection


@contextmanager
def _owner(url: str | None = None) -> Iterator["Connection"]:
    """A connection that may write, in autocommit: each function makes its own transactions."""
    from store.connect import connect

    with connect(url or reach(configured()).owner, autocommit=True) as connection:
        yield connection


@contextmanager
def _database(into: str | None) -> Iterator[str]:
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


def _source(configuration: "Configuration", source: str) -> "Source":
    from crawler.extraction import by_id

    return by_id(configuration.sources, source)


def _moment(text: str | None) -> datetime | None:
    """A date or a time given on the command line; a mistake in it ends with exit code 2."""
    from crawler.replay import moment

    if text is None:
        return None
    try:
        return moment(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is neither a date (2026-08-12) nor a time with its zone: {error}"
        ) from error


def main() -> None:
    """The entry point: `aiwire`."""
    app()


if __name__ == "__main__":
    main()
