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
