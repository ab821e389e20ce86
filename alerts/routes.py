"""Who is told what: receivers, routes and workloads of the configuration, and the matching of an event to a route."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Final, Literal

from alerts.notifiers import KINDS as NOTIFIER_KINDS
from alerts.notifiers import Settings
from alerts.notifiers.terminal import TerminalSettings
from alerts.workloads import take_contracts, take_workloads
from timeline.agreements import Contract
from timeline.events import Event
from timeline.names import spellings
from timeline.strict import Table
from timeline.workloads import Workload

TRUST: Final = ("official", "cloud", "reseller", "catalogue", "press")
TERMINAL: Final = "terminal"
"""The receiver that is always there: it prints where aiwire runs."""

Reason = Literal["match", "baseline", "kind", "trust", "provider", "model", "meter", "direction", "below_threshold"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiver:
    """A named place messages go to; `settings` belong to its notifier."""

    name: str
    notifier: str  # a key of alerts.notifiers.KINDS
    settings: Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Which events go to a receiver. An empty filter lets everything through.

    `meters`, `direction` and `min_change_pct` are about prices: events of other nouns pass them.
    """

    receiver: str
    kinds: tuple[str, ...]  # globs
    providers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()  # globs over the id, the printed name, and provider/id
    meters: tuple[str, ...] = ()
    direction: Literal["cut", "rise"] | None = None
    min_change_pct: Decimal | None = None  # a change whose per cent cannot be told always passes
    trust: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertConfig:
    """Everything of aiwire.toml that alerts need."""

    receivers: Mapping[str, Receiver]  # by name; "terminal" is always among them
    routes: tuple[Route, ...]
    workloads: tuple[Workload, ...] = field(default=())
    contracts: tuple[Contract, ...] = field(default=())

    @property
    def receivers_named(self) -> tuple[str, ...]:
        """The receivers a person configured: empty when everything goes to the terminal."""
        return tuple(name for name, receiver in self.receivers.items() if receiver.notifier != TERMINAL)


QUIET: Final = (
    "price.changed",
    "price.scheduled",
    "price.schedule_withdrawn",
    "model.status_changed",
    "model.retirement_*",
)
"""What is told when no route is configured, of official sources."""
OPERATION: Final = ("source.*",)
"""What is told beside it of any source: that it broke or went stale, and that it is well again."""


@cache
def event_kinds() -> tuple[str, ...]:
    """Every kind of event there is, in the order of timeline/kinds.toml."""
    nouns = tomllib.loads((resources.files("timeline") / "kinds.toml").read_text(encoding="utf-8"))
    return tuple(kind for noun in nouns.values() for kind in noun)


def default_routes(receiver: str) -> tuple[Route, ...]:
    """Useful and quiet: what may cost the reader money or a model, and whether aiwire itself can see."""
    return (
        Route(receiver=receiver, kinds=QUIET, trust=("official",)),
        Route(receiver=receiver, kinds=OPERATION),
    )


def match(route: Route, event: Event) -> Reason:
    """`match`, or the first reason why not. Baselines never match: a first capture changes nothing."""
    if event.baseline and event.kind != "model.retirement_due":  # a milestone is due whenever it is first seen
        return "baseline"
    if not any(fnmatchcase(event.kind, kind) for kind in route.kinds):
        return "kind"
    if route.trust and event.trust not in route.trust:
        return "trust"
    if route.providers and event.provider not in route.providers:
        return "provider"
    if route.models and not _model_matches(route.models, event):
        return "model"
    return _match_price(route, event) if event.kind.startswith("price.") else "match"


def _match_price(route: Route, event: Event) -> Reason:
    if route.meters and event.meter not in route.meters:
        return "meter"
    if route.direction and event.direction != route.direction:
        return "direction"
    if route.min_change_pct is not None and event.change_pct is not None:
        return "match" if abs(event.change_pct) >= route.min_change_pct else "below_threshold"
    return "match"


def _model_matches(globs: Sequence[str], event: Event) -> bool:
    names = {name for model in (event.model_id, event.model) if model for name in spellings(event.provider, model)}
    names |= {f"{event.provider}/{name}" for name in names}
    return any(fnmatchcase(name, glob.casefold()) for glob in globs for name in names)


def parse_alerts(table: Table, environ: Mapping[str, str]) -> AlertConfig:
    """The receivers, routes, workloads and contracts of aiwire.toml. Raises ConfigurationError (file, line, field)."""
    terminal = Receiver(name=TERMINAL, notifier=TERMINAL, settings=TerminalSettings())
    receivers = {TERMINAL: terminal}
    for one in table.take_tables("receiver"):
        receiver = _receiver(one, environ)
        if receiver.name in receivers and receiver.name != TERMINAL:
            raise one.error("name", "a name no other receiver has")
        receivers[receiver.name] = receiver
    named = [name for name in receivers if name != TERMINAL] or [TERMINAL]
    routes = tuple(_route(one, receivers) for one in table.take_tables("route"))
    return AlertConfig(
        receivers=receivers,
        routes=routes or tuple(route for name in named for route in default_routes(name)),
        workloads=take_workloads(table),
        contracts=take_contracts(table),
    )


def _receiver(table: Table, environ: Mapping[str, str]) -> Receiver:
    name = table.take_str("name")
    found = [(kind, settings) for kind in NOTIFIER_KINDS if (settings := table.take_table(kind)) is not None]
    if len(found) != 1:
        shown = f"{len(found)} of them" if found else "none"
        raise table.error("name", f"exactly one of {', '.join(NOTIFIER_KINDS)} beside it", found=shown)
    kind, settings = found[0]
    if name == TERMINAL and kind != TERMINAL:
        raise table.error("name", f"another name: {TERMINAL!r} is the receiver that prints where aiwire runs")
    return Receiver(name=name, notifier=kind, settings=NOTIFIER_KINDS[kind].parse(settings, environ))


def _route(table: Table, receivers: Mapping[str, Receiver]) -> Route:
    digest = table.take_str("digest", default="instant")
    if digest != "instant":
        raise table.error("digest", '"instant": daily and weekly digests are not supported yet')
    return Route(
        receiver=table.take_str("receiver", choices=tuple(receivers)),
        kinds=_kinds(table),
        providers=table.take_list_of_str("providers", default=()),
        models=table.take_list_of_str("models", default=()),
        meters=table.take_list_of_str("meters", default=()),
        direction=_direction(table),
        min_change_pct=table.take_decimal("min_change_pct", default=None, minimum=0),
        trust=table.take_list_of_str("trust", default=(), choices=TRUST),
    )


def _direction(table: Table) -> Literal["cut", "rise"] | None:
    found = table.take_str("direction", default=None, choices=("cut", "rise"))
    return "cut" if found == "cut" else "rise" if found == "rise" else None


def _kinds(table: Table) -> tuple[str, ...]:
    kinds = table.take_list_of_str("kinds", default=(*QUIET, *OPERATION))
    for kind in kinds:
        if not any(fnmatchcase(known, kind) for known in event_kinds()):
            raise table.error("kinds", f"kinds among {', '.join(event_kinds())}", found=repr(kind))
    if not kinds:
        raise table.error("kinds", "at least one kind, or no such field for the default ones")
    return kinds
