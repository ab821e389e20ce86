"""Running it: everything at once, or each part by itself."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from cli.plumbing import Hidden, Json, configured, reach
from console import ends, print_json, say
from timeline.issues import MistakeError

if TYPE_CHECKING:
    from configuration import Configuration


def up() -> None:
    """Run everything here: database, worker, scheduler and API, until Ctrl-C."""
    import supervisor
    from configuration import ALL_SECRETS

    with ends():
        supervisor.up(configured(*ALL_SECRETS), say=lambda text: say(f"aiwire: {text}"))


def worker(
    with_scheduler: Annotated[bool, typer.Option(help="Run the clocks in this process too.")] = False,
    rehearsal: Annotated[bool, Hidden] = False,
    origin: Annotated[str | None, Hidden] = None,
    stand_in: Annotated[str | None, Hidden] = None,
    port: Annotated[int | None, Hidden] = None,
    parent: Annotated[int | None, Hidden] = None,
) -> None:
    """Fetch, read and deliver whatever the queue holds."""

    def load() -> "Configuration":
        return configured().for_rehearsal(port=port, stand_in=stand_in) if rehearsal else configured("receivers")

    _run_wire(load, ticks=with_scheduler, works=True, rehearsal=rehearsal, origin=origin, parent=parent)


def scheduler(parent: Annotated[int | None, Hidden] = None) -> None:
    """Run the clocks alone: any number of them may run at once."""
    _run_wire(lambda: configured("receivers"), ticks=True, works=False, rehearsal=False, origin=None, parent=parent)


def serve(
    rehearsal: Annotated[bool, Hidden] = False,
    port: Annotated[int | None, Hidden] = None,
    parent: Annotated[int | None, Hidden] = None,
) -> None:
    """Serve the read-only API and the pages."""
    import gc

    import uvicorn

    import logs
    from api.access import Access
    from api.app import create_app
    from store.clock import DatabaseClock, wall_clock
    from store.connect import open_pool

    with ends():
        logs.configure()
        configuration = configured().for_rehearsal(port=port) if rehearsal else configured("tokens")
        reader = reach(configuration).reader
        pool = open_pool(reader, size=8, reader=True)
        clock = DatabaseClock(reader) if rehearsal else wall_clock
        access = Access(tokens=configuration.tokens, per_minute=configuration.requests_per_minute)
        application = create_app(pool, clock=clock, base_url=configuration.base_url, access=access)
        server = uvicorn.Server(
            uvicorn.Config(
                application, host=configuration.host, port=configuration.port, log_config=None,
                access_log=False,
                server_header=False, date_header=True, timeout_graceful_shutdown=5,
            )
        )  # fmt: skip
        if parent is not None:
            _follow(parent, lambda: setattr(server, "should_exit", True))
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # what may change while it runs is not the API's business
        gc.freeze()  # the application stays: looking for garbage in all of it holds up whoever asks just then
        server.run()
        pool.close()


def migrate(json_: Json = False) -> None:
    """Bring the database up to date: tables, views, roles. Safe to repeat.

    AIWIRE_READER_PASSWORD, where it is set, becomes the password of the role that only reads.
    """
    from store.migrate import migrate as apply

    with ends():
        configuration = configured()
        secret = configuration.reader_password
        applied = apply(reach(configuration).owner, reader_password=secret.reveal() if secret else None)
        if json_:
            print_json({"applied": applied})
        else:
            say("\n".join(applied) or "the database is up to date")


def stop(json_: Json = False) -> None:
    """Stop the embedded database that commands left running; Ctrl-C stops `aiwire up` with all its parts."""
    import supervisor
    from configuration import bare_configuration

    with ends():
        configuration = bare_configuration()
        if configuration.database_url is not None:
            raise MistakeError("DATABASE_URL names a Postgres of your own: aiwire does not stop that")
        stopped = supervisor.stop(configuration.home)
        if json_:
            print_json({"stopped": stopped})
        else:
            say("the database is stopped" if stopped else f"no database of {configuration.home} was running")


def url(
    owner: Annotated[bool, typer.Option("--owner", help="The account that may write, for --into and backups.")] = False,
    json_: Json = False,
) -> None:
    """The address of the database, for other tools: of the account that only reads. It holds the password."""
    from configuration import bare_configuration

    with ends():
        urls = reach(bare_configuration())
        found = urls.owner if owner else urls.reader
        print_json({"url": found}) if json_ else typer.echo(found)


def _run_wire(
    load: "Callable[[], Configuration]",
    *,
    ticks: bool,
    works: bool,
    rehearsal: bool,
    origin: str | None,
    parent: int | None,
) -> None:
    """Run clocks and worker until SIGTERM or SIGINT, then drain; SIGHUP reads the configuration again."""
    import logs
    import scheduler
    from store.clock import DatabaseClock, wall_clock
    from wiring import REHEARSAL, Pace, Wiring

    with ends():
        logs.configure()
        configuration = load()
        url = reach(configuration).owner
        wiring = Wiring(
            configuration=configuration,
            database_url=url,
            clock=DatabaseClock(url) if rehearsal else wall_clock,
            pace=REHEARSAL if rehearsal else Pace(),
            origin=origin,
        )

        async def until_told() -> None:
            stop, changed = asyncio.Event(), asyncio.Event()
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGHUP, changed.set)
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, stop.set)
            if parent is not None:
                _follow(parent, lambda: loop.call_soon_threadsafe(stop.set))
            await scheduler.run(wiring, stop, ticks=ticks, works=works, changed=changed, load=load)

        asyncio.run(until_told())


def _follow(parent: int, stop: Callable[[], object]) -> None:
    """Stop when the process that started us is gone, killed without a word, say."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        stop()

    threading.Thread(target=watch, daemon=True, name="follow-parent").start()
