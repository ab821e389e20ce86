"""Amounts that pages print in unusual ways: what they mean is read, and what is none is told."""

import pytest

from tests.crawler.extract.pricing import codes, told

HEAD = "| Model | Input per 1M tokens | Output per 1M tokens |\n|---|---|---|\n| a-1 | $9 | $9 |\n"


def prices(cell: str) -> list[tuple[str, ...]]:
    """Amount and what else was read of one cell under "Input per 1M tokens"."""
    page = f"{HEAD}| a-2 | {cell} | $9 |\n"
    found = [each for each in told(page) if each[:2] == ("a-2", "input")]
    return sorted((each[2], *each[6:]) for each in found)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("$3.00\u00b9", "3.00"),
        ("$3\u00b2\u00b3", "3"),
        ("$10\u00b3", "10"),
        ("$3.00<sup>1</sup>", "3.00"),
        ("$3e-6", "0.000003"),
        ("$3 / 10\u2076 tokens", "3"),
    ],
)
def test_the_mark_of_a_footnote_is_no_digit_and_a_power_is_no_mark(cell: str, amount: str) -> None:
    assert prices(cell) == [(amount,)]


@pytest.mark.parametrize("cell", ["$1.2.3", "-$3", "($4)", "$1,25,3", "$3e+6", "$0.5 / $1.2.3", "$-4"])
def test_a_number_that_goes_on_or_is_below_zero_is_no_price(cell: str) -> None:
    assert "unread_prices" in codes(f"{HEAD}| a-2 | {cell} | $9 |\n")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("$0.05 (was $0.10)", "0.05"),
        ("$0.05 (was $0.10 / 1M tokens)", "0.05"),
        ("Now $0.10, was $0.20", "0.10"),
        ("$0.40 (previously $0.80)", "0.40"),
        ("originally $4, $3", "3"),
        ("$1 (formerly $2 until June 1, 2026)", "1"),
        ("$3 (list price $5)", "3"),
        ("原价$4，现价$2", "2"),
        ("list price $5", "5"),
    ],
)
def test_a_price_of_the_past_is_no_price(cell: str, amount: str) -> None:
    assert prices(cell) == [(amount,)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("$3.00 → $2.00", [("2.00",)]),
        ("$3.00 → $2.00 from Dec 31, 2026", [("2.00", "from 2026-12-31"), ("3.00", "to 2026-12-30")]),
        ("$0.25 ($0.30 from January 1, 2027)", [("0.25", "to 2026-12-31"), ("0.30", "from 2027-01-01")]),
        ("$3 (until December 31, 2026)", [("3", "to 2026-12-31")]),
        ("Free until 2026-12-31, then $1.00", [("0", "to 2026-12-31"), ("1.00", "from 2027-01-01")]),
        ("$3 until Dec 31, 2026, then $4", [("3", "to 2026-12-31"), ("4", "from 2027-01-01")]),
        ("$3.00 → $2.00 from Jan 1, 2026", [("2.00", "from 2026-01-01")]),
    ],
)
def test_a_date_beside_an_amount_says_when_it_holds(cell: str, expected: list[tuple[str, ...]]) -> None:
    assert prices(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "$3 (until February 30, 2027)",
        "$3 (until 03/04/2027)",
        "$5 (2026-12-01)",
        "was $3",
        "$4 from June 1, 2026, $3 before",
        "$4 off, $3 save",
    ],
)
def test_days_and_words_that_are_not_understood_are_told(cell: str) -> None:
    assert "unread_prices" in codes(f"{HEAD}| a-2 | {cell} | $9 |\n")
