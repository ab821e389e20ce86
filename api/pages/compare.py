"""Several models side by side: what each costs, for a million tokens and for a workload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BeforeValidator, Field
from starlette.responses import Response

from api import answers, rendering
from api.pages.moments import Moments, permanent
from api.parameters import Count, Share, Text
from store import models, prices, rates
from store.connect import Connection
from timeline.cost import bill
from timeline.meters import meters
from timeline.names import maker
from timeline.offers import conditions, meter
from timeline.words import money, per_unit, price
from timeline.workloads import Workload

MOST = 6  # models
MOST_PRICES = 2_000
DAYS = 30
_FIRST = ("input", "cache_read", "cache_write", "output", "reasoning")


def _filled(values: object) -> object:
    """Without the boxes of the form that were left empty."""
    return [value for value in values if value != ""] if isinstance(values, list) else values


def _otherwise(default: str) -> BeforeValidator:
    """A box that was emptied is as it was at first."""
    return BeforeValidator(lambda value: default if value == "" else value)


class CompareAsked(Moments):
    """What the address of the page asks for. A model is `provider/id`, or an id that one provider has."""

    model: Annotated[list[Text], BeforeValidator(_filled), Field(max_length=50)] = Field(default=[])
    requests_per_day: Annotated[Count, _otherwise("1000")] = Decimal(1_000)
    input_tokens: Annotated[Count, _otherwise("1000")] = Decimal(1_000)
    output_tokens: Annotated[Count, _otherwise("300")] = Decimal(300)
    cached_share: Annotated[Share, _otherwise("0")] = Decimal(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Side:
    asked: str
    provider: str = ""
    model: str = ""
    name: str = ""
    status: str | None = None
    rows: Sequence[Mapping[str, Any]] = ()
    month: str = ""
    missing: str = ""
    amount: Decimal | None = None
    currency: str | None = None


def compare(request: Request, wanted: Annotated[CompareAsked, Query()]) -> Response:
    """Prices by meter and conditions, a column a model."""
    reading = answers.reading_of(request)
    now = reading.now()
    asked = list(dict.fromkeys(name.strip() for name in wanted.model if name.strip()))
    with reading.connection() as connection:
        sides = [_side(connection, name, wanted) for name in asked[:MOST]]
    known = [side for side in sides if side.provider]
    return rendering.page(
        "compare.html", section="/compare", now=now, wanted=wanted, sides=known,
        unknown=[side.asked for side in sides if not side.provider], left_out=asked[MOST:],
        rows=_rows(known), cheapest=_cheapest(known), fields=[*asked[:MOST], *[""] * max(1, min(3, MOST) - len(asked))],
        permanent=permanent(request, now), data_url=None,
    )  # fmt: skip


def _side(connection: Connection, asked: str, wanted: CompareAsked) -> _Side:
    provider, slash, model = asked.partition("/")  # a slash may also be part of a name
    found = (_found(connection, model, wanted, provider) if slash else []) or _found(connection, asked, wanted)
    made_by = maker(asked)
    found.sort(
        key=lambda row: (row["provider"] != made_by, row["trust"] != "official", not row["prices"], row["provider"])
    )
    if not found:
        return _Side(asked=asked)
    row = found[0]
    held = prices.as_of(
        connection, wanted.as_of, wanted.known_at, provider=[row["provider"]], model=[row["id"]], limit=MOST_PRICES
    )
    month = _month(connection, row, wanted)
    return _Side(
        asked=asked, provider=row["provider"], model=row["id"], name=row["model"] or row["id"], status=row["status"],
        rows=held, **month,
    )  # fmt: skip


def _found(connection: Connection, model: str, wanted: Moments, provider: str = "") -> list[dict[str, Any]]:
    sellers = [provider] if provider else []
    return models.page(
        connection, wanted.as_of, wanted.known_at, provider=sellers, model=[model], limit=20, subject_kind=["model"]
    )


def _month(connection: Connection, row: Mapping[str, Any], wanted: CompareAsked) -> dict[str, Any]:
    workload = Workload(
        name="compared", provider=row["provider"], model=row["id"], requests_per_day=wanted.requests_per_day,
        input_tokens=wanted.input_tokens, output_tokens=wanted.output_tokens, cached_share=wanted.cached_share,
    )  # fmt: skip
    held = rates.as_of(connection, row["provider"], row["id"], wanted.as_of, wanted.known_at)
    told = bill(workload, held, workload.requests_per_day * DAYS)
    if told.total is None:
        lacking = ", ".join(meter(name) for name in told.missing)
        return {"month": "not known", "missing": f"no price for {lacking}" if lacking else "no price"}
    cents = told.total.quantize(Decimal("0.01"))
    return {"month": money(cents, told.currency), "amount": told.total, "currency": told.currency}


def _cheapest(sides: Sequence[_Side]) -> str:
    """The one whose month costs least, where all are known in one currency."""
    amounts = {side.asked: side.amount for side in sides if side.amount is not None}
    if len(sides) < 2 or len(amounts) < len(sides) or len({side.currency for side in sides}) > 1:
        return ""
    return min(amounts, key=lambda name: amounts[name] or Decimal(0))


def _rows(sides: Sequence[_Side]) -> list[dict[str, Any]]:
    """A row for each meter and set of conditions that any of them has, the plain ones first."""
    cells: dict[tuple[Any, ...], dict[int, str]] = {}
    for number, side in enumerate(sides):
        for row in side.rows:
            key = (
                _rank(row["meter"]),
                bool(row["conditions"]),
                row["meter"],
                conditions(row["conditions"]),
                _unit(row),
            )
            cells.setdefault(key, {}).setdefault(number, price(_in_unit(row)))
    return [
        {
            "meter": meter(key[2]),
            "conditions": key[3],
            "unit": key[4],
            "cells": [found.get(number, "") for number in range(len(sides))],
        }
        for key, found in sorted(cells.items())
    ]


def _in_unit(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """In the unit in which its meter is usually told, so that columns can be compared."""
    known = meters().get(row["meter"])
    if known is None or known.unit != row["unit"] or row["amount"] is None:
        return row
    per = Decimal(known.per)
    amount = (Decimal(row["amount"]) * per / Decimal(row["per"])).normalize()
    return {**row, "amount": amount, "per": per}


def _unit(row: Mapping[str, Any]) -> str:
    return per_unit(_in_unit(row))


def _rank(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
