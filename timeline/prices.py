"""A price: one printed amount for one model, one meter and one set of conditions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from typing import ClassVar, Literal

from timeline.keys import canonical

PriceState = Literal["priced", "free", "included", "not_offered", "varies", "unknown"]
Conditions = Mapping[str, str | int]


@dataclass(frozen=True, kw_only=True, slots=True)
class PricePoint:
    """What a page says one thing costs.

    `amount` is in `currency` for `per` of `unit` (3.00 USD per 1000000 token) with the digits as printed; None
    unless `state` is priced (or 0 when free). `effective_from`/`effective_to` only where the page states them: the
    first and the last day on which the price holds; `qualifier` keeps a softening such as "at least until".
    """

    fact: ClassVar[str] = "price"

    provider: str
    model: str  # as printed, without badges, link markup and validity dates
    model_id: str | None = None  # resolved by timeline.names, or None
    by_name: bool = False  # a catalogue lists a model under several names, each an offer of its own
    meter: str
    amount: Decimal | None
    state: PriceState = "priced"
    currency: str | None  # ISO 4217; None only where the state needs none
    per: Decimal = Decimal(1)
    unit: str = "token"
    conditions: Conditions = field(default_factory=dict)
    effective_from: date | None = None
    effective_to: date | None = None
    qualifier: str | None = None
    locator: str = ""
    label: str = ""  # the printed cell

    @property
    def key(self) -> str:
        """What makes it the same price over time, within its source: never the amount, never `per`."""
        subject = self.model if self.by_name else self.model_id or self.model
        return canonical([subject, self.meter, dict(self.conditions), self.currency, self.unit])

    @property
    def unit_amount(self) -> Decimal | None:
        """The amount for one unit: 3 per 1,000,000 and 0.003 per 1,000 are the same price."""
        return None if self.amount is None else self.amount / self.per

    @property
    def value(self) -> tuple[str, Decimal | None]:
        """What is compared between captures."""
        amount = self.unit_amount
        return (self.state, None if amount is None else compared(amount))


_DIGITS = Context(prec=12)


def compared(amount: Decimal) -> Decimal:
    """An amount as far as it is a price: 8.333333333333334E-8 and 8.33333333333333E-8 are one, printed by two machines.

    Twelve digits tell apart whatever anybody bills; binary fractions agree in fifteen.
    """
    return _DIGITS.plus(amount)
