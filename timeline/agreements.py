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
    """The `rates` of a model as the reader pays them on a day: of each price by the first contract that fits it."""
    held = [one for one in contracts if one.holds(on) and one.covers(provider, model)]
    fixed: dict[tuple[str, str], Rate] = {}
    left = dict(enumerate(rates))  # of which no contract has spoken yet
    discounted: dict[int, Rate] = {}
    for contract in held:
        amounts = [one for one in _fixed(provider, model, contract) if _place(one) not in fixed]
        spoken = {_place(one) for one in discounted.values()}
        taken = {_place(one): one for one in amounts if _place(one) not in spoken}
        fixed |= taken
        left = {number: one for number, one in left.items() if _place(one) not in taken}
        for number, one in list(left.items()):
            if (own := _discounted(one, contract)) is not None:
                discounted[number] = own
                del left[number]
    return [*fixed.values(), *(one for _, one in sorted((left | discounted).items()))]


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


def _discounted(one: Rate, contract: Contract) -> Rate | None:
    """The rate less the contract's discount; None where that is not for it."""
    pct = contract.discount_pct
    meant = not contract.discount_meters or one.meter in contract.discount_meters
    tier = one.conditions.get("service_tier", "standard")
    if pct is None or not meant or contract.tier not in (None, tier) or one.unit_amount is None:
        return None
    return replace(one, unit_amount=one.unit_amount * (100 - pct) / 100, contract=contract.name)
