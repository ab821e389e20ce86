"""A bill as plain values, for JSON and tables: the command line and the API print the same."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from timeline.cost import Bill, Line
from timeline.meters import meters
from timeline.rates import Rate
from timeline.spending import Part
from timeline.words import number


def statement(bill: Bill, requests: Decimal) -> dict[str, Any]:
    """`total` is for all `requests`; null where a price is not known, with what is `missing`."""
    total = bill.total
    return {
        "requests": _plain(requests),
        "currency": bill.currency,
        "total": _plain(total),
        "per_request": _plain(total / requests) if total is not None and requests else None,
        "missing": list(bill.missing),
        "lines": [_line(line) for line in bill.lines],
    }


def periods(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The parts of a stretch of time in which no rate changed."""
    return [
        {
            "begins": part.begins,
            "ends": part.ends,
            "currency": part.bill.currency,
            "total": _plain(part.bill.total),
            "missing": list(part.bill.missing),
            "lines": [_line(line) for line in part.bill.lines],
        }
        for part in parts
    ]


def _line(line: Line) -> dict[str, Any]:
    known = meters().get(line.meter)
    return {
        "meter": line.meter,
        "quantity": _plain(line.quantity),
        "unit": known.unit if known else "token",
        "amount": _plain(line.amount),
        "rates": [_rate(rate) for rate in line.rates],
        "needs": list(line.needs),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    per = meters()[rate.meter].per
    return {
        "meter": rate.meter,
        "amount": _plain(None if rate.unit_amount is None else rate.unit_amount * per),
        "currency": rate.currency,
        "per": _plain(Decimal(per)),
        "unit": rate.unit,
        "conditions": dict(rate.conditions),
        "source": rate.source or None,
        "trust": None if rate.contract else rate.trust,
        "contract": rate.contract or None,
    }


def _plain(value: Decimal | None) -> str | None:
    """Digits without an exponent or trailing zeros."""
    if value is None:
        return None
    found = number(value)
    return format(found.normalize() if found else Decimal(0), "f")
