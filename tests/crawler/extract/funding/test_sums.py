"""Sums of money are read with their scale, currency, range and qualifier; what is no sum is none."""

from decimal import Decimal

import pytest

from crawler.extract.funding.sums import BARE, sums_in


@pytest.mark.parametrize(
    ("text", "amount", "currency", "qualifier"),
    [
        ("$3.5 billion", "3500000000", BARE, None),
        ("US$40m", "40000000", "USD", None),
        ("A$4.5b", "4500000000", "AUD", None),
        ("Rs 100 crore", "1000000000", "INR", None),
        ("₹1,250 cr", "12500000000", "INR", None),
        ("Rs 50 lakh", "5000000", "INR", None),
        ("€15M+", "15000000", "EUR", "at_least"),
        ("about £7.5m", "7500000", "GBP", "approx"),
        ("11 million euros", "11000000", "EUR", None),
        ("CHF 4 million", "4000000", "CHF", None),
        ("SEK 40 million", "40000000", "SEK", None),
        ("more than 50 billion yuan", "50000000000", "CNY", "at_least"),
        ("half a billion dollars", "500000000", BARE, None),
        ("a trillion-dollar", "1000000000000", BARE, None),
        ("up to $7.35 billion", "7350000000", BARE, "up_to"),
        ("5 billion yen", "5000000000", "JPY", None),
        ("$1,250,000", "1250000", BARE, None),
    ],
)
def test_a_sum(text: str, amount: str, currency: str, qualifier: str | None) -> None:
    (found,) = sums_in(f"It is {text} or so")
    assert (found.amount, found.currency, found.qualifier) == (Decimal(amount), currency, qualifier)


@pytest.mark.parametrize("text", ["$3-4 billion", "$3B to $4B", "between $3B and $4B", "$3 to 4 billion", "$3B-$4B"])
def test_a_range(text: str) -> None:
    (found,) = sums_in(f"raises {text} now")
    assert found.amount == 3_000_000_000 and found.top == 4_000_000_000 and found.qualifier == "range"


def test_a_change_is_two_sums() -> None:
    assert [found.amount for found in sums_in("its valuation went from $3B to $4B")] == [3_000_000_000, 4_000_000_000]


def test_money_in_two_currencies_is_one_sum() -> None:
    (found,) = sums_in("raised 2 billion yuan (about $280 million) this week")
    assert (found.currency, found.converted and found.converted.currency) == ("CNY", BARE)


@pytest.mark.parametrize(
    "text", ["3.1GW", "2.45 lakh jobs", "200+ models", "Series B", "GPT-5 won", "100 000 users", "1001"]
)
def test_no_sum(text: str) -> None:
    assert sums_in(text) == ()
