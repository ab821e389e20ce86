"""Who is told what: receivers, routes, watchlists, workloads and contracts of the configuration, read strictly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote, urlsplit

from alerts import providers
from alerts.notifiers import KINDS as NOTIFIER_KINDS
from alerts.notifiers import Settings
from alerts.notifiers.credentials import Environ
from alerts.notifiers.slack import SlackSettings
from alerts.notifiers.terminal import TerminalSettings
from alerts.routing import Route, default_routes, take_routes
from alerts.watchlists import WORKLOADS, ReadFile, Watchlist, parse_watchlists
from alerts.workloads import take_contracts, take_workloads
from timeline.agreements import Contract
from timeline.secrets import Secret
from timeline.strict import Table
from timeline.workloads import Workload

TERMINAL: Final = "terminal"
"""The receiver that is always there: it prints where aiwire runs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiver:
    """A named place messages go to; `settings` belong to its notifier."""

    name: str
    notifier: str  # a key of alerts.notifiers.KINDS
    settings: Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertConfig:
    """Everything of aiwire.toml that alerts need."""

    receivers: Mapping[str, Receiver]  # by name; "terminal" is always among them
    routes: tuple[Route, ...]
    workloads: tuple[Workload, ...] = field(default=())
    contracts: tuple[Contract, ...] = field(default=())
    watchlists: Mapping[str, Watchlist] = field(default_factory=dict)  # by name; that of the workloads too

    @property
    def receivers_named(self) -> tuple[str, ...]:
        """The receivers a person configured: empty when everything goes to the terminal."""
        return tuple(name for name, receiver in self.receivers.items() if receiver.notifier != TERMINAL)

    def stood_in_for(self, webhook: str | None) -> "AlertConfig":
        """The same routes with no receiver of the world: a webhook of this machine takes what each would get.

        It is called with the receiver's name at the end of its path; None: everything is printed where aiwire runs.
        """
        return replace(self, receivers={name: _stand_in(name, webhook) for name in self.receivers})


def no_file(name: str) -> str:
    """For configurations that stand alone: there is no file beside them."""
    raise FileNotFoundError(2, "there are no files beside this configuration", name)


def parse_alerts(table: Table, environ: Environ, read: ReadFile = no_file, sellers: Iterable[str] = ()) -> AlertConfig:
    """What aiwire.toml says about alerts. Raises ConfigurationError (file, line, field).

    `read` gives the text of a file that a watchlist names; raises OSError. `sellers` are the providers of the sources.
    `environ` None: nothing will be sent, so no secret of a receiver is asked for. A receiver that no route names gets
    the default routes.
    """
    terminal = Receiver(name=TERMINAL, notifier=TERMINAL, settings=TerminalSettings())
    receivers = {TERMINAL: terminal}
    for one in table.take_tables("receiver"):
        receiver = _receiver(one, environ)
        if receiver.name in receivers and receiver.name != TERMINAL:
            raise one.error("name", "a name no other receiver has")
        receivers[receiver.name] = receiver
    named = [name for name in receivers if name != TERMINAL] or [TERMINAL]
    workloads = take_workloads(table)
    watchlists = parse_watchlists(table, workloads, read)
    known = providers.known(sellers)
    routes = take_routes(table, receivers, watchlists, known)
    without = [name for name in named if name not in {route.receiver for route in routes}]
    return AlertConfig(
        receivers=receivers,
        routes=(*routes, *(route for name in without for route in default_routes(name, watchlists[WORKLOADS]))),
        workloads=workloads,
        contracts=take_contracts(table, known),
        watchlists=watchlists,
    )


def _stand_in(name: str, webhook: str | None) -> Receiver:
    if webhook is None:
        return Receiver(name=name, notifier=TERMINAL, settings=TerminalSettings())
    parts = urlsplit(webhook)
    if parts.hostname != "127.0.0.1":
        raise ValueError("a stand-in for receivers is on this machine")
    own = Secret(f"{webhook}/{quote(name, safe='')}")
    return Receiver(name=name, notifier="slack", settings=SlackSettings(webhook=own, allow_hosts=(parts.netloc,)))


def _receiver(table: Table, environ: Environ) -> Receiver:
    name = table.take_str("name")
    found = [(kind, settings) for kind in NOTIFIER_KINDS if (settings := table.take_table(kind)) is not None]
    if len(found) != 1:
        shown = f"{len(found)} of them" if found else "none"
        raise table.error("name", f"exactly one of {', '.join(NOTIFIER_KINDS)} beside it", found=shown)
    kind, settings = found[0]
    if name == TERMINAL and kind != TERMINAL:
        raise table.error("name", f"another name: {TERMINAL!r} is the receiver that prints where aiwire runs")
    return Receiver(name=name, notifier=kind, settings=NOTIFIER_KINDS[kind].parse(settings, environ))
