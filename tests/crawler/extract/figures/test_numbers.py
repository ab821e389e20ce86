"""What a cell of figures says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.figures.numbers import Number, UnreadableNumberError, margins_of, name_of, number_of

READ: list[tuple[str, dict[str, str]]] = [
    ("1.4 %", {"value": "1.4", "printed": "%"}),
    ("1.40", {"value": "1.40"}),
    (".5", {"value": ".5"}),
    ("1,234", {"value": "1234"}),
    ("12 345 678", {"value": "12345678"}),
    ("1'234.5", {"value": "1234.5"}),
    ("\u22123.2", {"value": "-3.2"}),
    ("+34%", {"value": "34", "printed": "%"}),
    ("0.6 ± 0.1 %", {"value": "0.6", "plus": "0.1", "minus": "0.1", "printed": "%"}),
    ("1339 +4/-3", {"value": "1339", "plus": "4", "minus": "3"}),
    ("1,339 (±4)", {"value": "1339", "plus": "4", "minus": "4"}),
    ("10–12", {"value": "10", "upto": "12"}),
    ("10%-12%", {"value": "10", "upto": "12", "printed": "%"}),
    ("10 to 12 million gallons", {"value": "10", "upto": "12", "printed": "million gallons"}),
    ("$4.5 billion", {"value": "4.5", "printed": "$ billion"}),
    ("~1.7 billion", {"value": "1.7", "qualifier": "about", "printed": "billion"}),
    ("< 0.1%", {"value": "0.1", "qualifier": "below", "printed": "%"}),
    ("≥ 90", {"value": "90", "qualifier": "at least"}),
    ("up to 12", {"value": "12", "qualifier": "at most"}),
    ("🥇 98.2", {"value": "98.2"}),
    ("41.2%*", {"value": "41.2", "printed": "%"}),
    ("98.1² †", {"value": "98.1"}),
    ("12 m²", {"value": "12", "printed": "m²"}),
    ("5 [^3]", {"value": "5"}),
    ("128K", {"value": "128", "printed": "K"}),
]
ABSENT = [
    "",
    " ",
    "-",
    "–",
    "—",
    "...",
    "n/a",
    "N/A",
    "+N/A",
    "TBD",
    "not reported",
    "Not fully disclosed",
    "none",
    "*",
]
UNREADABLE = [
    "1,23", "1.2.3", "1.234.567", "29 / 831", "(3.2)", "2024-05", "007", "1e5", "100% 50%", "12-10", "High", "--5", "٣",
    "1.2 % (2023)", "$5-€6", "5 % - 6 points", "± 3", "9" * 40, "1 " * 200, "about", "5±", "NaN5", "1,2345", "0,123",
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), READ)
def test_a_figure_is_read_with_its_digits(text: str, said: dict[str, str]) -> None:
    words = {name: value if name in ("printed", "qualifier") else Decimal(value) for name, value in said.items()}
    found = number_of(text)
    assert found == Number(**words)  # type: ignore[arg-type]
    assert found is not None and str(found.value) == str(Decimal(said["value"]))


@pytest.mark.parametrize("text", ABSENT)
def test_a_cell_may_say_that_there_is_none(text: str) -> None:
    assert number_of(text) is None


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_not_one_figure_is_refused(text: str) -> None:
    with pytest.raises(UnreadableNumberError):
        number_of(text)


def test_a_page_may_put_a_comma_before_decimals() -> None:
    assert number_of("1.234,5", decimal=",") == Number(value=Decimal("1234.5"))
    assert number_of("12,5 %", decimal=",") == Number(value=Decimal("12.5"), printed="%")
    with pytest.raises(UnreadableNumberError):
        number_of("1,234.5", decimal=",")


def test_margins_may_have_a_column_of_their_own() -> None:
    assert margins_of("+4/-3") == (Decimal(4), Decimal(3))
    assert margins_of("±4.5%") == margins_of("4.5") == (Decimal("4.5"), Decimal("4.5"))
    assert margins_of("—") is None
    with pytest.raises(UnreadableNumberError):
        margins_of("4 to 5")


def test_names_lose_medals_and_marks() -> None:
    assert [name_of(text) for text in ("🥇 Swift 2", "Slow-1[^1]", "Heavy\nMini †", "R²", "C*")] == [
        "Swift 2", "Slow-1", "Heavy Mini", "R²", "C",
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_no_cell_raises_anything_else(text: str) -> None:
    try:
        found = number_of(text)
    except UnreadableNumberError:
        return
    assert found is None or found.value.is_finite()


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3), st.sampled_from(["", " %", " MWh"]))
def test_what_is_printed_with_separators_is_read_back(number: Decimal, unit: str) -> None:
    assert number_of(f"{number:,}{unit}") == Number(value=number, printed=unit.strip())
