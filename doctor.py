"""`aiwire doctor`: looks for the usual mistakes and says what to do about each."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import vitals
from alerts.providers import known
from alerts.watchlists import Watchlist, unknown
from configuration import CONTACT, Configuration
from store import connect, deliveries, embedded, migrate, models, sources
from timeline.issues import AiwireError


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One check: `ok`, a `note` worth knowing, or `bad`, with what to do."""

    check: str
    result: Literal["ok", "note", "bad"]
    advice: str


def examine(load: Callable[[], Configuration]) -> list[Finding]:
    """Every check that can be made; what depends on something broken is left out."""
    found = [_python()]
    try:
        configuration = load()
    except AiwireError as error:
        return [*found, Finding(check="configuration", result="bad", advice=str(error))]
    where = str(configuration.file or "none found: defaults, alerts on the terminal")
    found.append(Finding(check="configuration", result="ok", advice=where))
    found += [*_home(configuration), _contact(configuration), _receivers(configuration)]
    return [*found, *_database(configuration)]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    return Finding(check="python", result="ok" if good else "bad", advice=version if good else f"{version}: needs 3.11")


def _home(configuration: Configuration) -> Iterator[Finding]:
    home = configuration.home
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    if not os.access(there, os.W_OK):
        yield Finding(check="home", result="bad", advice=f"{there} cannot be written: set AIWIRE_HOME")
        return
    free = vitals.free(home)
    said = f"{home}, {free / 2**30:.1f} GiB free"
    yield Finding(check="home", result="ok" if free >= vitals.LEAST_FREE else "bad", advice=said)


def _contact(configuration: Configuration) -> Finding:
    if configuration.contact != CONTACT:
        return Finding(check="contact", result="ok", advice=configuration.contact)
    advice = 'sites cannot reach you: set contact = "mailto:you@example.org" under [crawler] in aiwire.toml'
    return Finding(check="contact", result="note", advice=advice)


def _receivers(configuration: Configuration) -> Finding:
    named = configuration.alerts.receivers_named
    if not named:
        return Finding(check="receivers", result="note", advice="none: alerts are printed where aiwire runs")
    return Finding(check="receivers", result="ok", advice=f"{', '.join(named)}; try one with `aiwire alerts test NAME`")


def _database(configuration: Configuration) -> Iterator[Finding]:
    if configuration.database_url is None:
        state = embedded.status(configuration.home)
        if not state.running:
            yield Finding(
                check="database", result="note", advice=f"embedded, not running: `aiwire up` starts it. {state.detail}"
            )
            return
        url = embedded.start(configuration.home).url
    else:
        url = configuration.database_url.reveal()
    try:
        with connect.connect(url, autocommit=True) as connection:
            yield Finding(check="database", result="ok", advice="answers")
            if migrate.pending(connection):
                yield Finding(check="schema", result="bad", advice="not up to date: run `aiwire migrate`")
                return
            yield Finding(check="schema", result="ok", advice="up to date")
            yield from _clock(connection)
            yield from _sources(connection)
            yield from _backlog(connection)
            yield from _watched(connection, configuration.alerts.watchlists)
            yield from _providers(connection, configuration)
    except AiwireError as error:
        yield Finding(check="database", result="bad", advice=str(error))


def _clock(connection: connect.Connection) -> Iterator[Finding]:
    apart = abs(vitals.ahead_of_database(connection))
    good = apart < vitals.DATABASE_APART
    advice = "this machine and the database agree" if good else f"{apart:.0f} s apart from the database's: set the time"
    yield Finding(check="clock", result="ok" if good else "bad", advice=advice)


def _sources(connection: connect.Connection) -> Iterator[Finding]:
    health = [source for source in sources.health(connection) if source.enabled]
    bad = [source.source for source in health if source.health not in ("ok", "new")]
    if bad:
        shown = ", ".join(bad[:5]) + (f" and {len(bad) - 5} more" if len(bad) > 5 else "")
        yield Finding(check="sources", result="bad", advice=f"{shown}: `aiwire status` says why")
    else:
        yield Finding(check="sources", result="ok", advice=f"{len(health)} watched, none in trouble")


def _watched(connection: connect.Connection, watchlists: Mapping[str, Watchlist]) -> Iterator[Finding]:
    """A misspelt model would be watched in silence for ever."""
    known = models.named(connection)
    for watchlist in watchlists.values():
        if not watchlist.models:
            continue
        strange = [f"{watched.name} ({watched.where})" for watched in unknown(watchlist, known)]
        if strange:
            shown = ", ".join(strange[:3]) + (f" and {len(strange) - 3} more" if len(strange) > 3 else "")
            advice = f"no page tells of {shown}: `aiwire alerts watch` lists them, `aiwire prices` what there is"
            yield Finding(check=f"watchlist {watchlist.name}", result="note", advice=advice)
        else:
            advice = f"{len(watchlist.models)} models, all known"
            yield Finding(check=f"watchlist {watchlist.name}", result="ok", advice=advice)


def _providers(connection: connect.Connection, configuration: Configuration) -> Iterator[Finding]:
    """Of a provider nobody knows nothing will ever be told."""
    alerts = configuration.alerts
    asked = [("[[route]]", name) for route in alerts.routes for name in route.providers]
    asked += [("[[contract]]", contract.provider) for contract in alerts.contracts]
    there = known({source.provider for source in configuration.sources})
    there |= {provider for provider, _ in models.named(connection)} if asked else set()
    strange = [f"{name} ({where})" for where, name in dict.fromkeys(asked) if name not in there]
    if strange:
        advice = f"no source tells of {', '.join(strange)}: `aiwire sources` lists the providers there are"
        yield Finding(check="providers", result="note", advice=advice)


def _backlog(connection: connect.Connection) -> Iterator[Finding]:
    parked = sum(backlog.parked for backlog in deliveries.backlog(connection))
    if parked:
        advice = f"{parked} messages were given up: `aiwire alerts list --state parked` says why"
        yield Finding(check="deliveries", result="bad", advice=advice)
    else:
        yield Finding(check="deliveries", result="ok", advice="nothing was given up")
