"""`aiwire doctor`: looks for the usual mistakes and says of each what was found, where, and what to do."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import vitals
from alerts.providers import known
from configuration import ALL_SECRETS, Configuration
from doctor import databases, machine, settings, telling, watching
from doctor.findings import Finding, bad, note, unseen
from store import connect, diagnoses, embedded, events, issues, models, receivers, sources, versions
from store.clock import wall_clock
from store.connect import Connection
from timeline.issues import AiwireError

SEEN = 2000
"""The newest changes, by which routes are tried."""

Load = Callable[..., Configuration]
Checks = Callable[[], Iterable[Finding]]


def examine(load: Load, environ: Mapping[str, str] = os.environ, *, knocks: bool = True) -> list[Finding]:
    """Every check that can be made; what depends on something broken is left out.

    `load` gives the configuration with the secrets it is called with. `knocks`: whether receivers are connected to.
    """
    found = [machine.python()]
    try:
        configuration = load()
    except AiwireError as error:
        do = "mend it: aiwire.toml.example shows every field"
        return [*found, bad("configuration", str(error), do=do), *machine.environment(environ)]
    found += settings.chosen(configuration, Path.cwd())
    text = configuration.file.read_text(encoding="utf-8") if configuration.file else ""
    found += [*machine.environment(environ, text), *machine.proxy(environ), *machine.certificates(environ)]
    found += [*machine.home(configuration.home), *machine.files(_secret_files(configuration))]
    found += [settings.contact(configuration), *settings.secrets(configuration, environ)]
    found += settings.exposed(configuration)
    full, refused = _with_secrets(load, configuration)
    found += [refused] if refused and not any(one.check == "secrets" and one.result == "bad" for one in found) else []
    found += settings.receivers(full)
    found += settings.reach(full) if knocks else ()
    return [*found, *_database(full)]


def _with_secrets(load: Load, configuration: Configuration) -> tuple[Configuration, Finding | None]:
    """The configuration with its secrets; without, and why, where one is not set or cannot be one."""
    try:
        return load(*ALL_SECRETS), None
    except AiwireError as error:
        return configuration, bad("secrets", str(error), do="mend the variable, or what aiwire.toml says of it")


def _secret_files(configuration: Configuration) -> list[Path]:
    """What holds secrets: the passwords of the embedded database, and aiwire.toml where one is written into it."""
    folder = embedded.status(configuration.home).folder
    written = [configuration.file] if configuration.file and settings.written_down(configuration) else []
    return [*written, folder / "owner.password", folder / "reader.password"]


def _database(configuration: Configuration) -> Iterator[Finding]:
    try:
        found = list(databases.place(configuration))
        yield from found
        if any(one.result == "bad" for one in found):
            return
        if configuration.database_url is not None:
            url = configuration.database_url.reveal()
        elif embedded.status(configuration.home).running:
            url = embedded.start(configuration.home).url
        else:
            where = str(embedded.status(configuration.home).folder)
            yield note("database", "embedded, not running", do="`aiwire up` starts it", where=where)
            return
        with connect.explained(url), connect.connect(url, autocommit=True) as connection:
            yield databases.reached(url)
            yield from _asked(connection, configuration)
    except AiwireError as error:
        do = "see DATABASE_URL, and whether the server runs: docs/operations.md, When something is wrong"
        yield bad("database", str(error), do=do)


def _asked(connection: Connection, configuration: Configuration) -> Iterator[Finding]:
    """What can be asked of a database that answers: all of it where its schema is of this version."""
    if (old := databases.old_server(connection)) is not None:
        yield old
        return
    left = vitals.free(configuration.home) if configuration.database_url is None else None
    yield from _look("postgres", lambda: databases.of_server(diagnoses.server(connection), left))
    standing = versions.compared(connection)
    yield databases.schema(standing)
    if standing.database in ("empty", "older"):
        return
    now = wall_clock()
    config = configuration.alerts
    health = sources.health(connection)
    checks: tuple[tuple[str, Checks], ...] = (
        ("database", lambda: databases.examine(connection)),
        ("registered", lambda: watching.configured({source.id for source in configuration.sources}, health)),
        ("sources", lambda: watching.sources(health, issues.open_issues(connection))),
        ("workers", lambda: watching.work(diagnoses.work(connection))),
        ("retention", lambda: [watching.retention(diagnoses.attempts(connection), now)]),
        ("receivers", lambda: telling.receivers(config, receivers.health(connection))),
        ("deliveries", lambda: telling.deliveries(receivers.backlog(connection), now)),
        ("routes", lambda: _told(connection, configuration)),
    )
    for name, check in checks:
        yield from _look(name, check)


def _told(connection: Connection, configuration: Configuration) -> Iterator[Finding]:
    """Routes, watchlists and providers against what the database knows."""
    config = configuration.alerts
    named = models.named(connection)
    yield from telling.routes(config, events.newest(connection, SEEN), named)
    yield from telling.watchlists(config.watchlists, named)
    there = known({source.provider for source in configuration.sources}) | {provider for provider, _ in named}
    yield from telling.providers(config, there)


def _look(check: str, look: Checks) -> list[Finding]:
    """What it finds; that it could not look where the database refuses the question."""
    try:
        with connect.explained():
            return list(look())
    except AiwireError as error:
        return [unseen(check, str(error), do="ask as the owner of the database")]
