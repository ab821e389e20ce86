"""Shared by the tests of the price reader: a page in, its prices as short tuples out."""

from datetime import UTC, datetime
from typing import Any

from crawler.extract import prices
from crawler.extract.document import Document, Reading
from timeline.prices import PricePoint

Told = tuple[Any, ...]
MILLION = 1_000_000


def read(body: str | bytes, **options: Any) -> Reading:
    """The reading of a page captured on 2026-08-01."""
    raw = body.encode() if isinstance(body, str) else body
    at = datetime(2026, 8, 1, tzinfo=UTC)
    return prices.read(
        Document(body=raw, url="https://acme.example/pricing", at=at, source="acme", provider="acme", options=options)
    )


def told(body: str | bytes, **options: Any) -> set[Told]:
    """(model, meter, amount or state, currency, per, unit, condition...) of every price; nothing may be in doubt."""
    reading = read(body, **options)
    assert list(reading.issues) == []
    return {short(fact) for fact in reading.facts if isinstance(fact, PricePoint)}


def short(fact: PricePoint) -> Told:
    """One price as a tuple."""
    amount = fact.state if fact.amount is None else str(fact.amount)
    conditions = tuple(f"{key}={value}" for key, value in sorted(fact.conditions.items()))
    dates = tuple(f"{mark}{day}" for mark, day in (("from ", fact.effective_from), ("to ", fact.effective_to)) if day)
    return (fact.model, fact.meter, amount, fact.currency, int(fact.per), fact.unit, *conditions, *dates)


def codes(body: str | bytes, **options: Any) -> list[str]:
    """The codes of the issues of a page."""
    return [issue.code for issue in read(body, **options).issues]


def usd(model: str, meter: str, amount: str, *rest: str, per: int = MILLION, unit: str = "token") -> Told:
    """A price in dollars as `told` gives it."""
    return (model, meter, amount, "USD", per, unit, *rest)
