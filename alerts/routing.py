"""Routes: which events go to a receiver, at once or in a digest; the default ones, and the strict reading of others."""

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Final, Literal

from alerts import providers
from alerts.schedules import SHAPES, Schedule, ScheduleError, parse_schedule
from alerts.watchlists import WORKLOADS, Watchlist
from timeline.clockwork import MILESTONES
from timeline.meters import meters
from timeline.strict import Table
from timeline.topics import FIELD

TRUST: Final = ("official", "cloud", "reseller", "catalogue", "press")
STATUSES: Final = ("preview", "active", "legacy", "deprecated", "retired")
DEAL_STATUSES: Final = ("rumoured", "announced", "closed")
DEALS: Final = ("funding", "acquisition", "ipo", "debt", "fund_close")
SUBJECTS: Final = ("model", "endpoint", "product", "feature", "fine_tuning")
CONDITIONS: Final = (
    "service_tier", "region", "region_scope", "context_over", "context_upto", "output_over", "output_upto", "tier_mode",
    "cache_ttl", "cache_kind", "stored", "time_window", "commitment", "volume_over", "quality", "resolution",
    "duration", "latency", "modality", "direction", "plan", "variant", "product", "tool", "route", "fine_tuned",
    "shape", "basis",
)  # fmt: skip
"""What a price may depend on: the names of conditions that routes may ask for."""
LONGEST_WAIT: Final = timedelta(days=7)

PRICES: Final = ("price.changed", "price.scheduled", "price.schedule_withdrawn")
LIVES: Final = (
    "model.status_changed",
    "model.retirement_scheduled",
    "model.retirement_moved",
    "model.retirement_withdrawn",
)
QUIET: Final = (*PRICES, "model.status_changed", "model.retirement_*")
"""What a route without kinds tells: what may cost the reader money or a model."""
OPERATION: Final = ("source.*", "wire.*")
"""What it tells beside it: that a source broke or went stale, or aiwire itself is in trouble, and is well again."""
MONEY: Final = ("funding.*",)
"""What the default digest of the week tells of deals."""
FEW_MILESTONES: Final = (90, 30, 7, 1)
"""Days before a retirement on which the default routes tell it; of models that workloads use, on all there are."""
PERSISTENT: Final = timedelta(hours=6)
"""How long a source must be in trouble before the default routes tell it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """The least change of a price worth telling: `amount` of `currency` for `per` of `unit`."""

    amount: Decimal
    currency: str
    per: Decimal
    unit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sum:
    """The least sum of a deal worth telling."""

    amount: Decimal
    currency: str


BIG: Final = Sum(amount=Decimal(100_000_000), currency="USD")
"""From which sum on the default routes tell of a deal; other currencies pass: no rate is assumed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Which events go to a receiver. An empty filter lets everything through.

    Each filter is about the events that have what it asks for: `meters` and `conditions` about prices, `direction` and
    the least changes about prices and figures, `measures` about figures, `status` about lives and deals, `milestones`
    about lives, `topics` about news and deals, `deals`, `companies` and `min_amount` about deals; events of other nouns
    pass it.
    """

    receiver: str
    kinds: tuple[str, ...]  # globs
    providers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()  # globs over the id, the printed name, and provider/id
    watchlist: Watchlist | None = None
    trust: tuple[str, ...] = ()
    subject_kinds: tuple[str, ...] = ()
    meters: tuple[str, ...] = ()
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # globs
    direction: Literal["cut", "rise"] | None = None
    min_change_pct: Decimal | None = None  # since the value that was told last; what cannot be compared passes
    min_change: Change | None = None  # the same, in money
    status: tuple[str, ...] = ()
    milestones: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()  # globs
    measures: tuple[str, ...] = ()  # globs
    deals: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()  # globs over whom a deal names: the company, its buyer, its investors
    min_amount: Sum | None = None  # of a deal; a sum in another currency passes, one that nobody tells does not
    digest: Schedule | None = None  # None: at once
    wait: timedelta | None = None  # how long it must last; None: as long as changes of one page are gathered

    @property
    def has_threshold(self) -> bool:
        """Whether small changes are kept back until they add up."""
        return self.min_change_pct is not None or self.min_change is not None


@cache
def event_kinds() -> tuple[str, ...]:
    """Every kind of event there is, in the order of timeline/kinds.toml."""
    nouns = tomllib.loads((resources.files("timeline") / "kinds.toml").read_text(encoding="utf-8"))
    return tuple(kind for noun in nouns.values() for kind in noun)


def default_routes(receiver: str, workloads: Watchlist | None = None) -> tuple[Route, ...]:
    """Useful and quiet: what may cost the reader money or a model, and whether aiwire itself can see.

    Official pages only; of the models in `workloads` also the clouds that sell them, and every milestone. Once a week
    the large deals of this market, whoever tells them.
    """
    routes = [
        Route(receiver=receiver, kinds=(*PRICES, *LIVES), trust=("official",)),
        Route(receiver=receiver, kinds=("model.retirement_due",), trust=("official",), milestones=FEW_MILESTONES),
    ]
    if workloads is not None and workloads.models:
        routes.append(Route(receiver=receiver, kinds=QUIET, trust=("official", "cloud"), watchlist=workloads))
    weekly = Route(
        receiver=receiver, kinds=MONEY, min_amount=BIG, topics=(FIELD,), digest=parse_schedule("weekly mon 09:00 UTC")
    )
    own = Route(receiver=receiver, kinds=("wire.*",))
    return (*routes, weekly, own, Route(receiver=receiver, kinds=("source.*",), wait=PERSISTENT))


def take_routes(
    table: Table, receivers: Collection[str], watchlists: Mapping[str, Watchlist], known: Collection[str]
) -> tuple[Route, ...]:
    """The `[[route]]` tables; `known` are the providers there are. Raises ConfigurationError (file, line, field)."""
    return tuple(_route(one, receivers, watchlists, known) for one in table.take_tables("route"))


def _route(
    table: Table, receivers: Collection[str], watchlists: Mapping[str, Watchlist], known: Collection[str]
) -> Route:
    return Route(
        receiver=table.take_str("receiver", choices=tuple(receivers)),
        kinds=_kinds(table),
        providers=providers.check(table, "providers", table.take_list_of_str("providers", default=()), known),
        models=table.take_list_of_str("models", default=()),
        watchlist=_watchlist(table, watchlists),
        trust=table.take_list_of_str("trust", default=(), choices=TRUST),
        subject_kinds=table.take_list_of_str("subject_kind", default=(), choices=SUBJECTS),
        meters=table.take_list_of_str("meters", default=(), choices=tuple(meters())),
        conditions=_conditions(table),
        direction=_direction(table),
        min_change_pct=table.take_decimal("min_change_pct", default=None, minimum=0),
        min_change=_change(table),
        status=table.take_list_of_str("status", default=(), choices=(*STATUSES, *DEAL_STATUSES)),
        milestones=_milestones(table),
        topics=table.take_list_of_str("topics", default=()),
        measures=table.take_list_of_str("measures", default=()),
        deals=table.take_list_of_str("deals", default=(), choices=DEALS),
        companies=table.take_list_of_str("companies", default=()),
        min_amount=_sum(table),
        digest=_digest(table),
        wait=table.take_duration("wait", default=None, maximum=LONGEST_WAIT),
    )


def _kinds(table: Table) -> tuple[str, ...]:
    kinds = table.take_list_of_str("kinds", default=(*QUIET, *OPERATION))
    for kind in kinds:
        if not any(fnmatchcase(known, kind) for known in event_kinds()):
            near = difflib.get_close_matches(kind, event_kinds(), n=1)
            hint = f' (did you mean "{near[0]}"?)' if near else ""
            raise table.error("kinds", f"kinds among {', '.join(event_kinds())}{hint}", found=repr(kind))
    if not kinds:
        raise table.error("kinds", "at least one kind, or no such field for the default ones")
    return kinds


def _watchlist(table: Table, watchlists: Mapping[str, Watchlist]) -> Watchlist | None:
    name = table.take_str("watchlist", default=None, choices=tuple(watchlists))
    if name is None:
        return None
    if not watchlists[name].models:
        raise table.error("watchlist", f"a watchlist with models: {WORKLOADS!r} has those of [[workload]] tables")
    return watchlists[name]


def _conditions(table: Table) -> Mapping[str, tuple[str, ...]]:
    """`{ service_tier = "batch", region = ["eu-*", "us-*"] }`: a value, or a list of which one will do."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in table.take_values("conditions").items():
        if name not in CONDITIONS:
            near = difflib.get_close_matches(name, CONDITIONS, n=1)
            hint = f' (did you mean "{near[0]}"?)' if near else ""
            raise table.error("conditions", f"conditions among {', '.join(CONDITIONS)}{hint}", found=repr(name))
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(each, str | int) and not isinstance(each, bool) for each in values):
            raise table.error("conditions", f"for {name} a text, a whole number, or a list of them")
        found[name] = tuple(str(each) for each in values)
    return found


def _direction(table: Table) -> Literal["cut", "rise"] | None:
    found = table.take_str("direction", default=None, choices=("cut", "rise"))
    return "cut" if found == "cut" else "rise" if found == "rise" else None


def _change(table: Table) -> Change | None:
    """`{ amount = 0.5, currency = "USD", per = 1000000, unit = "token" }`; all but the amount may be left out."""
    one = table.take_table("min_change")
    if one is None:
        return None
    currency = _currency(one)
    unit = one.take_str("unit", default="token", choices=sorted({meter.unit for meter in meters().values()}))
    per = one.take_decimal("per", default=Decimal(1_000_000) if unit in ("token", "character") else Decimal(1))
    if per <= 0:
        raise one.error("per", "a number above 0")
    return Change(amount=one.take_decimal("amount", minimum=0), currency=currency, per=per, unit=unit)


def _sum(table: Table) -> Sum | None:
    """`{ amount = 50000000, currency = "USD" }`."""
    one = table.take_table("min_amount")
    return None if one is None else Sum(amount=one.take_decimal("amount", minimum=0), currency=_currency(one))


def _currency(table: Table) -> str:
    currency = table.take_str("currency", default="USD")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise table.error("currency", 'a currency by its three letters, like "USD" or "EUR"')
    return currency


def _milestones(table: Table) -> tuple[int, ...]:
    found = table.take_list_of_int("milestones", default=())
    for days in found:
        if days not in MILESTONES:
            raise table.error("milestones", f"days among {', '.join(map(str, MILESTONES))}", found=str(days))
    return found


def _digest(table: Table) -> Schedule | None:
    text = table.take_str("digest", default="instant")
    if text == "instant":
        return None
    try:
        return parse_schedule(text)
    except ScheduleError as error:
        expected = str(error).removeprefix("expected ")
        raise table.error("digest", expected if expected == SHAPES else f"{SHAPES}: {error}") from None
