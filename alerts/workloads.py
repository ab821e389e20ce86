"""`[[workload]]` and `[[contract]]` of aiwire.toml: what the reader runs, and what was agreed about its prices."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final

from alerts import providers
from timeline.agreements import Contract
from timeline.meters import meters
from timeline.strict import Table
from timeline.words import number
from timeline.workloads import DAYS, Workload

TIERS: Final = ("standard", "batch", "flex", "priority", "fast", "scale", "provisioned")
_OWN_FIELDS: Final = {  # meters that a workload states in fields of their own
    "input": "input_tokens",
    "output": "output_tokens",
    "tokens": "input_tokens and output_tokens",
    "reasoning": "reasoning_tokens",
    "cache_read": "cached_share",
    "cache_write": "cache_write_share",
}


def take_workloads(table: Table) -> tuple[Workload, ...]:
    """All `[[workload]]` tables. Raises ConfigurationError (file, line, field)."""
    found: dict[str, Workload] = {}
    for one in table.take_tables("workload"):
        workload = _workload(one)
        if workload.name in found:
            raise one.error("name", "a name no other workload has")
        found[workload.name] = workload
    return tuple(found.values())


def take_contracts(table: Table, known: Collection[str] = ()) -> tuple[Contract, ...]:
    """All `[[contract]]` tables: of several that fit a price the first counts. Raises ConfigurationError.

    `known` are the providers there are.
    """
    return tuple(_contract(one, number, known) for number, one in enumerate(table.take_tables("contract"), 1))


def _workload(table: Table) -> Workload:
    name = table.take_str("name")
    provider, _, model = table.take_str("model").partition("/")
    if not provider or not model:
        raise table.error("model", 'a provider and a model, like "openai/gpt-4o"')
    cached = table.take_decimal("cached_share", default=Decimal(0), minimum=0, maximum=1)
    written = table.take_decimal("cache_write_share", default=Decimal(0), minimum=0, maximum=1)
    if cached + written > 1:
        raise table.error("cache_write_share", f"at most {1 - cached}: with cached_share that is all of the input")
    return Workload(
        name=name,
        provider=provider,
        model=model,
        requests_per_day=_requests(table),
        input_tokens=table.take_decimal("input_tokens", minimum=0),
        output_tokens=table.take_decimal("output_tokens", minimum=0),
        reasoning_tokens=table.take_decimal("reasoning_tokens", default=Decimal(0), minimum=0),
        cached_share=cached,
        written_share=written,
        off_peak_share=table.take_decimal("off_peak_share", default=None, minimum=0, maximum=1),
        tier=_tier(table),
        meters=_quantities(table, "meters", refused=_OWN_FIELDS),
        conditions=_conditions(table),
    )


def _requests(table: Table) -> Decimal:
    daily = table.take_decimal("requests_per_day", default=None, minimum=0)
    monthly = table.take_decimal("requests_per_month", default=None, minimum=0)
    if daily is not None and monthly is not None:
        raise table.error("requests_per_month", "one of requests_per_day and requests_per_month, not both")
    if monthly is not None:
        return monthly / DAYS
    if daily is None:
        raise table.error("requests_per_day", f"a number (or requests_per_month, of {DAYS} days)")
    return daily


def _tier(table: Table) -> str:
    batch = table.take_bool("batch", default=False)
    tier = table.take_str("service_tier", default="batch" if batch else "standard", choices=TIERS)
    if batch and tier != "batch":
        raise table.error("service_tier", '"batch", or no such field: batch = true says it already')
    return tier


def _quantities(table: Table, name: str, *, refused: Mapping[str, str]) -> dict[str, Decimal]:
    """Numbers by meter of the registry."""
    found: dict[str, Decimal] = {}
    for meter, value in table.take_values(name).items():
        if meter in refused:
            raise table.error(name, f"{refused[meter]} for the meter {meter}", found=f"{meter!r}")
        if meter not in meters():
            raise table.error(name, f"meters among {', '.join(meters())}", found=f"{meter!r}")
        amount = number(value)
        if amount is None or amount < 0:
            raise table.error(name, f"a number of at least 0 for {meter}", found=f"{value}")
        found[meter] = amount
    return found


def _conditions(table: Table) -> dict[str, str | int]:
    values = table.take_values("conditions")
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise table.error("conditions", f"a text or a whole number for {name}", found=f"{value}")
        if name in _STATED:
            raise table.error("conditions", f"{_STATED[name]} instead", found=f"{name!r}")
    return dict(values)


_STATED: Final = {
    "service_tier": "service_tier (or batch = true) of the workload",
    "time_window": "off_peak_share of the workload",
    "context_over": "input_tokens of the workload",
    "context_upto": "input_tokens of the workload",
}


def _contract(table: Table, place: int, known: Collection[str]) -> Contract:
    (provider,) = providers.check(table, "provider", [table.take_str("provider")], known)
    discount = table.take_decimal("discount_pct", default=None, minimum=0, maximum=100)
    amounts = _quantities(table, "amounts", refused={})
    if (discount is None) == (not amounts):
        what = "exactly one of discount_pct (off the list price) and amounts (by meter, like { input = 4.00 })"
        raise table.error("discount_pct", what, found="both" if amounts else "neither")
    only = _meters(table, taken=bool(amounts))
    starts, ends = table.take_date("from", default=None), table.take_date("until", default=None)
    if starts and ends and ends < starts:
        raise table.error("until", f"a day that is not before {starts}, the field from", found=f"{ends}")
    currency = table.take_str("currency", default="USD")
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise table.error("currency", 'three capital letters, like "USD"')
    return Contract(
        name=table.take_str("name", default=f"contract {place} with {provider}"),
        provider=provider,
        models=table.take_list_of_str("models", default=()),
        discount_meters=only,
        discount_pct=discount,
        amounts=amounts,
        currency=currency,
        tier=table.take_str("service_tier", default=None, choices=TIERS),
        starts=starts,
        ends=ends,
    )


def _meters(table: Table, *, taken: bool) -> tuple[str, ...]:
    known: Collection[str] = tuple(meters())
    found = table.take_list_of_str("meters", default=(), choices=known)
    if found and taken:
        raise table.error("meters", "no such field beside amounts, which name their meters")
    return found
