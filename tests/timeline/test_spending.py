"""A month at the rates in force each day, and the reader's own prices."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.timeline.test_cost import one, work
from timeline.agreements import Contract, own_prices
from timeline.cost import bill
from timeline.spending import Part, Stretch, over, total

JULY, AUGUST = datetime(2024, 7, 1, tzinfo=UTC), datetime(2024, 8, 1, tzinfo=UTC)
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def stretch(meter: str, amount: str, begins: datetime | None = LONG_AGO, ends: datetime | None = None) -> Stretch:
    return Stretch(rate=one(meter, amount), begins=begins, ends=ends)


def spent(*held: Stretch, contracts: tuple[Contract, ...] = (), **changes: Any) -> list[Part]:
    return over(work(output_tokens=Decimal(0), **changes), held, JULY, AUGUST, contracts)


def test_a_price_that_changes_within_the_month_counts_by_its_days() -> None:
    cut = datetime(2024, 7, 11, tzinfo=UTC)
    parts = spent(stretch("input", "2", ends=cut), stretch("input", "1", cut))
    assert [(part.begins, part.ends) for part in parts] == [(JULY, cut), (cut, AUGUST)]
    assert [part.bill.total for part in parts] == [1000, 1050]
    assert total(parts).total == 2050
    assert total(parts).lines[0].quantity == 31 * 50_000_000


def test_noon_is_half_a_day() -> None:
    noon = datetime(2024, 7, 31, 12, tzinfo=UTC)
    parts = spent(stretch("input", "1", ends=noon), stretch("input", "3", noon))
    assert total(parts).total == Decimal("30.5") * 50 + Decimal("0.5") * 150


def test_a_change_of_another_price_makes_no_part() -> None:
    middle = datetime(2024, 7, 15, tzinfo=UTC)
    parts = spent(stretch("input", "1"), stretch("cache_read", "9", ends=middle))
    assert [part.bill.total for part in parts] == [1550]


def test_days_without_a_known_price_make_the_month_unknown() -> None:
    parts = spent(stretch("input", "1", datetime(2024, 7, 2, tzinfo=UTC)))
    assert [part.bill.total for part in parts] == [None, 1500]
    assert total(parts).missing == ("input",)
    assert spent()[0].bill.currency is None


def test_a_discount_begins_and_ends_with_its_days() -> None:
    deal = Contract(
        name="deal", provider="acme", discount_pct=Decimal(20), starts=date(2024, 7, 11), ends=date(2024, 7, 20)
    )
    parts = spent(stretch("input", "1"), contracts=(deal,))
    assert [part.bill.total for part in parts] == [500, 400, 550]


@pytest.mark.parametrize(
    ("changes", "paid"),
    [
        ({"discount_pct": Decimal(10)}, (90, 180, 45)),
        ({"discount_pct": Decimal(10), "discount_meters": ("output",)}, (100, 180, 50)),
        ({"discount_pct": Decimal(10), "tier": "batch"}, (100, 200, 45)),
        ({"discount_pct": Decimal(10), "models": ("other-*",)}, (100, 200, 50)),
        ({"discount_pct": Decimal(10), "models": ("swift-*",)}, (90, 180, 45)),
        ({"discount_pct": Decimal(10), "provider": "Acme"}, (90, 180, 45)),
        ({"discount_pct": Decimal(10), "provider": "other"}, (100, 200, 50)),
        ({"amounts": {"input": Decimal("0.70")}}, (70, 200, 50)),
        ({"amounts": {"input": Decimal("0.40")}, "tier": "batch"}, (100, 200, 40)),
        ({"discount_pct": Decimal(10), "starts": date(2026, 1, 2)}, (100, 200, 50)),
        ({"discount_pct": Decimal(10), "ends": date(2026, 1, 1)}, (90, 180, 45)),
    ],
)
def test_what_a_contract_is_about(changes: dict[str, Any], paid: tuple[int, int, int]) -> None:
    rates = [one("input", "1"), one("output", "2"), one("input", "0.5", service_tier="batch")]
    deal = Contract(**({"name": "deal", "provider": "acme"} | changes))
    own = {
        (rate.meter, rate.conditions.get("service_tier")): rate.unit_amount
        for rate in own_prices("acme", "swift-2", rates, [deal], date(2026, 1, 1))
    }
    found = (own["input", None], own["output", None], own["input", "batch"])
    assert [None if amount is None else amount * 100_000_000 for amount in found] == list(paid)


def test_an_agreed_amount_counts_where_no_price_is_listed_and_the_first_contract_wins() -> None:
    deals = [
        Contract(name="first", provider="acme", amounts={"input": Decimal(1), "output": Decimal(2)}),
        Contract(name="second", provider="acme", amounts={"input": Decimal(9)}, discount_pct=Decimal(50)),
    ]
    own = own_prices("acme", "swift-2", [one("input", "5", context_over=100)], deals, date(2026, 1, 1))
    found = bill(work(), own, Decimal(1_000_000))
    assert found.total == 500 + 400
    assert {rate.contract for line in found.lines for rate in line.rates} == {"first"}


def test_for_each_price_the_first_contract_of_the_file_that_fits_counts() -> None:
    rates = [one("input", "2.5"), one("output", "10"), one("cache_read", "1")]
    tenth = Contract(name="tenth", provider="acme", discount_pct=Decimal(10), discount_meters=("input", "output"))
    fixed = Contract(name="fixed", provider="acme", amounts={"input": Decimal(9), "cache_read": Decimal(3)})

    def told(*contracts: Contract) -> dict[str, tuple[str, Decimal]]:
        own = own_prices("acme", "swift-2", rates, contracts, date(2026, 1, 1))
        assert len(own) == 3
        return {rate.meter: (rate.contract, (rate.unit_amount or Decimal(0)) * 1_000_000) for rate in own}

    first, second = told(tenth, fixed), told(fixed, tenth)
    assert first["input"] == ("tenth", Decimal("2.25"))
    assert second["input"] == ("fixed", Decimal(9))
    for found in (first, second):
        assert (found["output"], found["cache_read"]) == (("tenth", Decimal(9)), ("fixed", Decimal(3)))
