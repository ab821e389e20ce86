"""The telling: routes by which nothing ever goes out, receivers that do not get it, models and providers unknown."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Final

from alerts.matching import match
from alerts.routes import AlertConfig
from alerts.routing import Route
from alerts.watchlists import Watchlist, unknown
from doctor.findings import Finding, bad, few, note, ok
from store.receivers import Backlog, ReceiverHealth
from timeline.events import Event
from timeline.names import spellings

ENOUGH: Final = 50
"""Changes seen, from which on it says something that a route would have told none of them."""
HEALTH: Final[Mapping[str, tuple[str, str]]] = {
    "failing": ("does not take messages at present", "see `aiwire alerts list --receiver {0}`; it is tried again"),
    "gone": ("is gone: nothing is sent any more", "mend it, `aiwire alerts test {0}`, then `aiwire alerts retry {0}`"),
    "incomplete": ("works, and some messages were given up", "`aiwire alerts retry {0}` sends them"),
}


def routes(config: AlertConfig, seen: Sequence[Event], models: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """Routes that would have told nothing of what was `seen`, and globs of models that nobody has.

    `models`: provider and name of all that are known.
    """
    called = {name for provider, model in models for name in _names(provider, model)}
    for number, route in enumerate(config.routes, start=1):
        strange = [glob for glob in route.models if not any(fnmatchcase(name, glob.casefold()) for name in called)]
        if strange and called:
            do = "`aiwire prices` shows how models are called; globs are over the id, the printed name, provider/id"
            yield note("routes", f"no model is called {few(strange)}", do=do, where=_place(number, route))
    if len(seen) < ENOUGH:
        yield ok("routes", f"{len(config.routes)}; too little has changed yet to try them by")
        return
    told = {name: sum(_tells(config, name, event) for event in seen) for name in _receivers(config)}
    for name, count in told.items():
        if count:
            continue
        reasons = sorted({match(route, event) for route in config.routes if route.receiver == name for event in seen})
        do = "`aiwire alerts preview EVENT` says what each route makes of an event"
        found = f"of the newest {len(seen)} changes none would have been told; kept out by: {', '.join(reasons)}"
        yield bad("routes", found, do=do, where=f"receiver {name}")
    if all(told.values()):
        yield ok(
            "routes", f"of the newest {len(seen)} changes: " + ", ".join(f"{n} to {name}" for name, n in told.items())
        )


def receivers(config: AlertConfig, health: Sequence[ReceiverHealth]) -> Iterator[Finding]:
    """Receivers to which nothing ever got through, and those that are down."""
    known = {one.receiver: one for one in health}
    for name in config.receivers_named:
        one = known.get(name)
        if one is None or (one.sent == 0 and one.health == "ok"):
            found = "nothing was ever sent to it"
            yield note(
                "tested", found, do=f"`aiwire alerts test {name}` sends a test message", where=f"receiver {name}"
            )
        elif one.health in HEALTH:
            said, do = HEALTH[one.health]
            found = f"it {said} ({one.code})" if one.code else f"it {said}"
            yield bad("receivers", found, do=do.format(name), where=f"receiver {name}")
    strangers = [one.receiver for one in health if one.waiting and one.receiver not in config.receivers]
    if strangers:
        do = "give the receiver its name back, or let them be: they are parked when their turn comes"
        yield bad("receivers", f"messages wait for {few(strangers)}, which nobody configures", do=do)


def deliveries(backlog: Sequence[Backlog], now: datetime) -> Iterator[Finding]:
    """Messages given up, and those that wait too long."""
    parked = sum(one.parked for one in backlog)
    if parked:
        do = "`aiwire alerts list --state parked` says why; `aiwire alerts retry` sends them"
        yield bad("deliveries", f"{parked} messages were given up", do=do)
    late = [one.receiver for one in backlog if one.due and one.oldest and now - one.oldest > timedelta(hours=1)]
    if late:
        do = "is a worker running, and does the receiver answer? `aiwire alerts list` says"
        yield bad("deliveries", f"messages wait for more than an hour, to {few(late)}", do=do)
    if not parked and not late:
        yield ok("deliveries", "nothing was given up, nothing is late")


def watchlists(lists: Mapping[str, Watchlist], known: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """A misspelt model would be watched in silence for ever."""
    for watchlist in lists.values():
        if not watchlist.models:
            continue
        strange = [f"{watched.name} ({watched.where})" for watched in unknown(watchlist, known)]
        where = f"watchlist {watchlist.name}"
        if strange:
            do = "`aiwire alerts watch` lists them, `aiwire prices` what there is"
            yield note("watchlists", f"no page tells of {few(strange, 3)}", do=do, where=where)
        else:
            yield ok("watchlists", f"{len(watchlist.models)} models, all known", where=where)


def providers(config: AlertConfig, there: Collection[str]) -> Iterator[Finding]:
    """Of a provider nobody knows nothing will ever be told."""
    asked = [("[[route]]", name) for route in config.routes for name in route.providers]
    asked += [("[[contract]]", contract.provider) for contract in config.contracts]
    strange = [f"{name} ({where})" for where, name in dict.fromkeys(asked) if name not in there]
    if strange:
        do = "`aiwire sources` lists the providers there are"
        yield note("providers", f"no source tells of {few(strange)}", do=do)


def _tells(config: AlertConfig, receiver: str, event: Event) -> bool:
    return any(route.receiver == receiver and match(route, event) == "match" for route in config.routes)


def _receivers(config: AlertConfig) -> list[str]:
    return list(dict.fromkeys(route.receiver for route in config.routes))


def _place(number: int, route: Route) -> str:
    return f"[[route]] {number}, to {route.receiver}"


def _names(provider: str, model: str) -> set[str]:
    names = set(spellings(provider, model))
    return names | {f"{provider}/{name}" for name in names}
