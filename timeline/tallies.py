"""What recorded usage cost: each row at the rates in force at its time, summed by model and currency."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from timeline.agreements import Contract, own_prices
from timeline.cost import bill
from timeline.rates import Rate
from timeline.spending import Stretch
from timeline.usages import Usage

_NONE = Decimal(0)


@dataclass(kw_only=True, slots=True)
class Tally:
    """The rows of one model that cost so much of one currency; `currency` None: those whose cost is not known."""

    provider: str | None
    model: str
    currency: str | None
    rows: int = 0
    requests: Decimal = _NONE
    input_tokens: Decimal = _NONE
    output_tokens: Decimal = _NONE
    total: Decimal = _NONE
    missing: set[str] = field(default_factory=set)  # meters, or `provider`

    def add(self, usage: Usage, cost: Decimal | None, missing: Iterable[str]) -> None:
        """Count a row in."""
        self.rows += 1
        self.requests += usage.requests
        self.input_tokens += usage.input_tokens
        self.output_tokens += usage.output_tokens
        self.total += cost or _NONE
        self.missing |= set(missing)


class Calendar:
    """The rates of a model at any moment, from the stretches in which they held."""

    def __init__(self, held: Sequence[Stretch]) -> None:
        self._held = held
        self._edges = sorted({at for one in held for at in (one.begins, one.ends) if at is not None})
        self._rates: dict[int, list[Rate]] = {}

    def at(self, moment: datetime) -> list[Rate]:
        """Those in force at a moment: computed once for each time between two changes."""
        place = bisect_right(self._edges, moment)
        if place not in self._rates:
            self._rates[place] = [one.rate for one in self._held if one.holds(moment)]
        return self._rates[place]


def tally(
    usages: Iterable[Usage], calendar_of: Callable[[str, str], Calendar], contracts: Sequence[Contract] = ()
) -> list[Tally]:
    """The sums, the dearest first, what is not known at the end. `calendar_of` gives the rates of (provider, model)."""
    found: dict[tuple[str | None, str, str | None], Tally] = {}
    for usage in usages:
        cost, currency, missing = _cost(usage, calendar_of, contracts)
        key = (usage.provider, usage.model, currency)
        if key not in found:
            found[key] = Tally(provider=usage.provider, model=usage.model, currency=currency)
        found[key].add(usage, cost, missing)
    return sorted(found.values(), key=lambda one: (one.currency is None, one.currency or "", -one.total, one.model))


def _cost(
    usage: Usage, calendar_of: Callable[[str, str], Calendar], contracts: Sequence[Contract]
) -> tuple[Decimal | None, str | None, Sequence[str]]:
    if usage.provider is None:
        return None, None, ("provider",)
    rates = calendar_of(usage.provider, usage.model).at(usage.at)
    paid = bill(
        usage.workload(),
        own_prices(usage.provider, usage.model, rates, contracts, usage.at.date()),
        usage.times,
    )
    if paid.total is None and paid.lines:
        return None, None, paid.missing
    return paid.total or _NONE, paid.currency or "USD", ()
