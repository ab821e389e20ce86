"""What the reader has agreed with a provider: own prices, by discount or by amount, instead of the list's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase

from timeline.meters import meters
from timeline.names import spellings
from timeline.rates import Rate


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract:
    """One agreement. Either `discount_pct` (off the list price) or `amounts` (by meter, per its unit in the registry).

    `models` are globs over ids and names, `amount_meters` the meters a discount is for; empty: all of the provider's.
    Of several contracts that fit a price the first counts.
    """

    name: str
    provider: str
    models: tuple[str, ...] = ()
    discount_meters: tuple[str, ...] = ()
    discount_pct: Decimal | None = None
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    currency: str = "USD"
    tier: str | None = None  # only for this service tier; None: a discount is for all, amounts for the standard one
    starts: date | None = None
    ends: date | None = None  # the last day

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return (self.starts is None or self.starts <= on) and (self.ends is None or on <= self.ends)

    def covers(self, provider: str, model: str) -> bool:
        """Whether it is about a model."""
        if self.provider.casefold() != provider.casefold():
            return False
        names = spellings(provider, model)
        return not self.models or any(fnmatchcase(name, glob.casefold()) for name in names for glob in self.models)


def own_prices(provider: str, model: str, rates: Sequence[Rate], contracts: Sequence[Contract], on: date) -> list[Rate]:
    """The `rates` of a model as the reader pays them on a day."""
    held = [one for one in contracts if one.holds(on) and one.covers(provider, model)]
    if not held:
        return list(rates)
    fixed = [one for contract in held for one in _fixed(provider, model, contract)]
    taken = {_place(one) for one in reversed(fixed)}
    first = list({_place(one): one for one in reversed(fixed)}.values())
    return [*first, *(_discounted(one, held) for one in rates if _place(one) not in taken)]


def _place(one: Rate) -> tuple[str, str]:
    return (one.meter, str(one.conditions.get("service_tier", "standard")))


def _fixed(provider: str, model: str, contract: Contract) -> list[Rate]:
    known = meters()
    tier = {"service_tier": contract.tier} if contract.tier not in (None, "standard") else {}
    return [
        Rate(
            provider=provider, model=model, meter=meter, conditions=tier, currency=contract.currency,
            unit=known[meter].unit, unit_amount=amount / known[meter].per, contract=contract.name,
        )
        for meter, amount in contract.amounts.items()
    ]  # fmt: skip


def _discounted(one: Rate, contracts: Sequence[Contract]) -> Rate:
    tier = one.conditions.get("service_tier", "standard")
    for contract in contracts:
        pct = contract.discount_pct
        meant = not contract.discount_meters or one.meter in contract.discount_meters
        if pct is not None and meant and contract.tier in (None, tier) and one.unit_amount is not None:
            return replace(one, unit_amount=one.unit_amount * (100 - pct) / 100, contract=contract.name)
    return one
