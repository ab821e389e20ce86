"""A funding event: what a news item says of money raised, a company bought or listed, a loan, or a fund. Pure."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal

Label = Literal["funding", "acquisition", "ipo", "debt", "fund_close", "none"]
Status = Literal["rumoured", "announced", "closed"]
Qualifier = Literal["approx", "at_least", "up_to", "range"]


@dataclass(frozen=True, kw_only=True, slots=True)
class FundingRound:
    """One event as one item tells it; everything the text does not say is None or empty.

    `company` receives the money: the target of an acquisition, the issuer of a listing, the manager of a fund. Amounts
    are in plain units of `currency` (ISO 4217); with a range `amount` is its low end and `amount_max` its high end.
    `round` is `pre_seed`, `seed`, `series_a` ... `series_h`, `strategic`, `grant`, `debt`, `acquisition`, `ipo` or
    `undisclosed`; None for a fund.
    """

    label: Label
    company: str | None = None
    also: tuple[str, ...] = ()  # further companies of the same news
    round: str | None = None
    amount: Decimal | None = None
    amount_max: Decimal | None = None
    amount_qualifier: Qualifier | None = None
    currency: str | None = None
    valuation: Decimal | None = None
    valuation_max: Decimal | None = None
    valuation_qualifier: Qualifier | None = None
    valuation_basis: str | None = None  # pre, post
    valuation_currency: str | None = None  # only where it is not `currency`
    total_raised: Decimal | None = None
    stake: Decimal | None = None  # per cent of the company that changes hands
    lead_investors: tuple[str, ...] = ()
    investors: tuple[str, ...] = ()
    acquirer: str | None = None
    status: Status | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why a field has its value: the rule, and the words it rests on with their place in the item.

    `where` is "title" or "summary", `start` and `end` count characters of it; all three are None where the item spells
    the words otherwise (a German headline is read in English).
    """

    field: str
    value: object
    rule: str
    where: str | None
    start: int | None
    end: int | None
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reasoned:
    """A round, the steps that led to it, and the reason of each field, for people."""

    round: FundingRound
    because: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


def to_json(round_: FundingRound) -> dict[str, Any]:
    """The round as plain JSON values; amounts are text in plain digits."""
    return {field.name: _out(getattr(round_, field.name)) for field in fields(round_)}


def reason_json(reason: Reason) -> dict[str, Any]:
    """A reason as plain JSON values."""
    return {field.name: _out(getattr(reason, field.name)) for field in fields(reason)}


def _out(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    return list(value) if isinstance(value, tuple) else value
