"""The Azure Retail Prices API: one row a meter, whose name says model, direction, tier and deployment in abbreviations.

Fields as documented at https://learn.microsoft.com/en-us/rest/api/cost-management/retail-prices/azure-retail-prices:
`meterName`, `productName`, `retailPrice`, `unitOfMeasure`, `armRegionName`, `effectiveStartDate`, `effectiveEndDate` on
some rows, `currencyCode`, `type`, `reservationTerm`, `tierMinimumUnits`. Rows whose regions were merged into a list
`regions` are read as one row a region. A page of the API holds 1,000 rows and the rest is behind `NextPageLink`, so a
source asks for one product in one region. Option `regions`: read these regions only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import orjson

from crawler.extract.document import Document, Ignored, Reading
from crawler.sources.azure.meter_names import Metered, read_meter
from timeline.issues import Issue
from timeline.names import resolve
from timeline.prices import PricePoint

VERSION = "1"


def read(document: Document) -> Reading:
    """Every price of every row. A row without a price, or with a unit nobody knows, is an issue."""
    try:
        data = orjson.loads(document.body)
        rows = list(data["Items"] if "Items" in data else data["items"])
    except (ValueError, TypeError, KeyError) as error:
        message = f"expected an object with a list `Items` of meters, found {type(error).__name__}: {error}"
        return Reading(issues=(Issue(code="unreadable", message=message[:300], fatal=True),))
    asked = frozenset(document.options.get("regions", ()))
    facts: list[PricePoint] = []
    issues: dict[str, Issue] = {}
    ignored: list[Ignored] = []
    for index, row in enumerate(rows):
        locator = f"/Items/{index}"
        read_row = _row(document, row, locator)
        if isinstance(read_row, Issue):
            issues.setdefault(read_row.message, read_row)
            continue
        taken = [region for region in _regions(row) if not asked or region in asked]
        facts += [_in_region(read_row, region) for region in taken]
        if not taken:
            ignored.append(Ignored(what=read_row.label, why="only in regions that are not asked for", locator=locator))
    return Reading(facts=tuple(_in_time(facts)), issues=tuple(issues.values()), ignored=tuple(ignored))


def _row(document: Document, row: Any, locator: str) -> PricePoint | Issue:
    """The price of a row before its region is known."""
    if not isinstance(row, dict):
        return Issue(
            code="unreadable", message=f"expected a meter, found {str(row)[:80]!r}", locator=locator, fatal=True
        )
    name, measure = str(row.get("meterName", "")), str(row.get("unitOfMeasure", ""))
    metered, amount = read_meter(name, measure), _amount(row.get("retailPrice"))
    if metered is None:
        message = f"a meter in a unit that is not known: {name!r} per {measure!r}"
        return Issue(code="unknown_unit", message=message[:300], locator=locator, fatal=True)
    if amount is None:
        message = f"expected an amount for {name!r}, found {row.get('retailPrice')!r}"
        return Issue(code="unread_prices", message=message[:300], locator=locator, fatal=True)
    return PricePoint(
        provider=document.provider,
        model=metered.model,
        model_id=resolve(document.provider, metered.model),
        meter=metered.meter,
        amount=amount,
        state="priced" if amount else "free",
        currency=str(row.get("currencyCode") or "USD"),
        per=metered.per,
        unit=_unit(row, metered),
        conditions=_conditions(row, metered),
        effective_from=_day(row.get("effectiveStartDate")),
        effective_to=_day(row.get("effectiveEndDate")),
        locator=locator,
        label=f"{name}: {row.get('retailPrice')} / {measure}",
    )


def _amount(value: object) -> Decimal | None:
    """An amount of a JSON number; `repr` gives back the digits of the answer."""
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    amount = Decimal(repr(value)) if usable else None
    return amount if amount is not None and amount.is_finite() and amount >= 0 else None


def _conditions(row: Mapping[str, Any], metered: Metered) -> dict[str, str | int]:
    conditions = dict(metered.conditions)
    if term := row.get("reservationTerm"):
        conditions["commitment"] = str(term).lower()
    least = row.get("tierMinimumUnits")
    if isinstance(least, int | float) and least > 0:
        conditions["volume_over"] = int(least)
    if row.get("type") == "DevTestConsumption":
        conditions["plan"] = "dev/test"
    if metered.meter == "unit_hour" and row.get("productName") and "fine_tuned" not in conditions:
        conditions["product"] = str(row["productName"])  # "Provisioned Managed Global Unit" is a meter of several
    return conditions


def _unit(row: Mapping[str, Any], metered: Metered) -> str:
    """A reservation's price is for its whole term, whatever `unitOfMeasure` says."""
    term = str(row.get("reservationTerm") or "").lower()
    return f"unit-{'year' if 'year' in term else 'month'}" if row.get("type") == "Reservation" else metered.unit


def _regions(row: Mapping[str, Any]) -> Sequence[str]:
    merged = row.get("regions")
    if isinstance(merged, list):
        return [str(region) for region in merged] or [""]
    return [str(row.get("armRegionName") or "")]


def _in_region(price: PricePoint, region: str) -> PricePoint:
    return replace(price, conditions={**price.conditions, "region": region}) if region else price


def _in_time(facts: Sequence[PricePoint]) -> Iterator[PricePoint]:
    """Prices in the order of their start: each holds until the day before the next of the same key starts."""
    by_key = sorted(facts, key=lambda fact: (fact.key, fact.effective_from or date.min))
    for _, same in groupby(by_key, key=lambda fact: fact.key):
        row = list(same)
        for fact, later in zip(row, [*row[1:], None], strict=True):
            if later and later.effective_from and later.effective_from != fact.effective_from:
                yield replace(fact, effective_to=later.effective_from - timedelta(days=1))
            else:
                yield fact


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
