"""Amounts that pages print in unusual ways: what they mean is read, and what is none is told."""

import pytest

from crawler.extract.document import Reading
from tests.crawler.extract.pricing import codes, read, told
from timeline.prices import PricePoint

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


@pytest.mark.parametrize("cell", ["NT$3.00", "MX$3", "Z$3"])
def test_a_sign_that_letters_make_another_currencys_is_no_dollar(cell: str) -> None:
    assert "unknown_currency" in codes(f"{HEAD}| a-2 | {cell} | $9 |\n")


def test_known_prefixed_signs_and_headers_are_read() -> None:
    page = "| Model | Input (HK$ per 1M tokens) |\n|---|---|\n| a-1 | 3 |\n| a-2 | HK$4 |\n"
    assert {each[3] for each in told(page)} == {"HKD"}


NOTED = (
    "| Model | Input / 1M tokens | Output / 1M tokens | Batch input |\n|---|---|---|---|\n"
    "| a-1 | $3 | $15 | $1.50 |\n| a-2 | $0.25* | $1 | $0.12 |\n\n{note}\n"
)


def test_a_starred_note_is_about_its_cells_alone() -> None:
    reading = read(NOTED.format(note="\\* per 1K tokens"))
    assert {(fact.model, int(fact.amount or 0), int(fact.per)) for fact in points(reading) if fact.per == 1000} == {
        ("a-2", 0, 1000)
    }
    assert [issue.code for issue in reading.issues] == ["unknown_unit", "unknown_unit"]


@pytest.mark.parametrize(("note", "per"), [("Prices above are per 1K tokens.", 1000), ("Units: per 1K tokens.", 1000)])
def test_a_sentence_about_the_prices_above_is_about_unitless_columns(note: str, per: int) -> None:
    found = [fact for fact in points(read(NOTED.format(note=note).replace("*", ""))) if fact.conditions]
    assert {int(fact.per) for fact in found} == {per}


def points(reading: Reading) -> list[PricePoint]:
    return [fact for fact in reading.facts if isinstance(fact, PricePoint)]


def test_what_is_saved_or_spent_is_no_price() -> None:
    page = f"{HEAD}\nWith caching, opal costs cut to $1 per 1M input tokens for a team.\n"
    assert len(told(page)) == 2


def test_amounts_saved_and_those_of_examples_and_comparisons_are_told_as_left_out() -> None:
    page = f"{HEAD}\n## Opal\n\nYou save $40 per month.\n\n## Savings\n\nOpal costs $7 per 1M input tokens.\n"
    assert {each[2] for each in told(page)} == {"9"}
    assert len(read(page).ignored) == 2


def test_what_a_page_does_not_show_is_not_read_except_what_a_tab_shows_later() -> None:
    rows = (
        "<tr><td>a-1</td><td>$3<span hidden>$4</span></td></tr>"
        "<tr style='display: none'><td>a-2</td><td>$5</td></tr><tr><td>a-3</td><td>$6</td></tr>"
    )
    table = f"<table><tr><th>Model</th><th>Input per 1M tokens</th></tr>{rows}</table>"
    shown = {("a-1", "3"), ("a-3", "6")}
    for page in (
        f"<h1>Prices</h1>{table}<p hidden>Opal costs $1 per 1M input tokens.</p>",
        f"<div hidden>{table}</div>",
    ):
        assert {(each[0], each[2]) for each in told(f"<html><body>{page}</body></html>")} == shown
