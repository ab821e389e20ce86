"""Tables as leaderboards and reports print them, and what is made of damaged ones."""

from decimal import Decimal

import pytest

from crawler.extract.document import Document
from crawler.extract.figures import reader
from crawler.extract.figures.periods import period_of
from tests.crawler.extract.figures.tables import (
    ARENA,
    ARENA_SAYS,
    AT,
    BOARD,
    BOARD_SAYS,
    DENSITY,
    DENSITY_SAYS,
    PRESS,
    PRESS_SAYS,
    WATER,
    WATER_SAYS,
    codes,
    figures,
    read,
    source,
)
from timeline.strict import ConfigurationError

LAYOUTS = [(BOARD_SAYS, BOARD), (ARENA_SAYS, ARENA), (DENSITY_SAYS, DENSITY), (WATER_SAYS, WATER)]


def said(says: str, page: str) -> dict[tuple[str, str, str | None], str]:
    return {(fact.subject, fact.measure, fact.period): str(fact.number) for fact in figures(read(says, page))}


def test_a_board_in_markdown() -> None:
    reading = read(BOARD_SAYS, BOARD)
    assert said(BOARD_SAYS, BOARD) == {
        ("Swift 2", "hallucination_rate", None): "0.7",
        ("Swift 2", "summary_length", None): "83.2",
        ("Slow-1", "hallucination_rate", None): "1.3",
        ("Slow-1", "summary_length", None): "1081.0",
        ("Zephyr 7B", "hallucination_rate", None): "29.9",
        ("Zephyr 7B", "summary_length", None): "62",
    }
    assert codes(reading) == []
    assert [ignored.what for ignored in reading.ignored] == [
        "Heavy Mini hallucination_rate",
        "Heavy Mini summary_length",
    ]
    first = figures(reading)[0]
    assert (first.unit, first.label, first.locator) == ("percent", "0.7 %", "table 1 row 2 column 2")


def test_a_wide_board_with_two_rows_of_headers_and_margins_apart() -> None:
    facts = {(fact.subject, fact.measure): fact for fact in figures(read(ARENA_SAYS, ARENA))}
    assert len(facts) == 9
    first = facts["swift-2", "arena_score"]
    assert (first.number, first.plus, first.minus) == (Decimal(1452), Decimal(5), Decimal(4))
    assert facts["slow-1", "coding_score"].minus == Decimal(7)
    assert facts["heavy-3", "votes"].qualifier == "above"


def test_years_in_columns() -> None:
    reading = read(DENSITY_SAYS, DENSITY)
    facts = said(DENSITY_SAYS, DENSITY)
    assert facts["Republic of Korea", "robot_density", "2023"] == "1012"
    assert facts["Utopia", "robot_density", "2022"] == "20"
    assert ("Utopia", "robot_density", "2023") not in facts
    assert all(subject != "World average" for subject, _, _ in facts)
    assert len(facts) == 8 and codes(reading) == []


def test_measures_in_rows_with_a_column_of_units() -> None:
    facts = said(WATER_SAYS, WATER)
    assert facts == {
        ("Acme", "water_withdrawal", "FY2023"): "7667.5",
        ("Acme", "water_withdrawal", "FY2024"): "8654.1",
        ("Acme", "water_consumption", "FY2023"): "6352",
        ("Acme", "water_consumption", "FY2024"): "8135",
        ("Acme", "electricity", "FY2023"): "25307400",
        ("Acme", "electricity", "FY2024"): "32179900",
    }
    assert codes(read(WATER_SAYS, WATER)) == []  # the row in another unit says the same again


def test_a_table_of_the_press() -> None:
    reading = read(PRESS_SAYS, PRESS)
    assert said(PRESS_SAYS, PRESS) == {
        ("Azure Sky", "water_use", "2022"): "1.7",
        ("Azure Sky", "water_use_change", "2022"): "34",
        ("Big Search", "water_use", "2022"): "5.6",
        ("Big Search", "water_use_change", "2022"): "20",
        ("Meadow", "water_use", "2022"): "2.7",
    }
    assert codes(reading) == ["unreadable_figure"]
    assert "Estimated increase" in reading.issues[0].message


def test_a_scope_tells_rows_of_one_subject_apart() -> None:
    page = "| Model | Split | Solved |\n|---|---|---|\n| a | easy | 90% |\n| a | hard | 12% |\n"
    rows = 'measures = [{ column = "Solved", measure = "solved", unit = "percent" }]'
    assert codes(read(f'table = {{ subject = "Model", {rows} }}', page)) == ["duplicate_subject!"]
    facts = figures(read(f'table = {{ subject = "Model", scope = "Split", {rows} }}', page))
    assert [(dict(fact.scope), str(fact.number)) for fact in facts] == [
        ({"split": "easy"}, "90"),
        ({"split": "hard"}, "12"),
    ]


DAMAGE = [
    (BOARD_SAYS, BOARD.replace("Hallucination Rate", "Error Rate"), ["missing_column!"]),
    (BOARD_SAYS, BOARD.replace("|Answer Rate|", "|Hallucination Rate|"), ["missing_column!"]),
    (BOARD_SAYS, BOARD.replace("Model|", "System|"), ["missing_column!"]),
    (BOARD_SAYS, BOARD + "\n## Old\n\n" + BOARD, ["two_tables!"]),
    (BOARD_SAYS, BOARD.replace(" %", ""), ["changed_unit!"]),
    (BOARD_SAYS, BOARD.replace("0.7 %", "0.7 points"), ["changed_unit"]),
    (BOARD_SAYS, BOARD.replace("0.7 %", "0.7"), ["changed_unit"]),
    (BOARD_SAYS, BOARD.replace("0.7 %", "see [2]"), ["unreadable_figure"]),
    (BOARD_SAYS, BOARD.replace("83.2|", "83.2|7|").replace(":|\n", ":|-|\n").replace("(Words)|", "(Words)| |"),
     ["unreadable_figure", "unreadable_figure"]),
    (BOARD_SAYS, BOARD + "|Slow-1|2.4 %|97 %|99 %|1,081.0|\n", ["duplicate_subject"]),
    (BOARD_SAYS, BOARD + "|Short|\n", ["unreadable_figure", "unreadable_figure"]),
    (BOARD_SAYS, BOARD + "| |2.4 %|97 %|99 %|10|\n", ["unnamed_row"]),
    (BOARD_SAYS, "# Gone\n\nThe board has moved.\n", ["no_table!"]),
    (ARENA_SAYS, ARENA.replace("<td>1,452</td><td>+5/-4</td>", '<td colspan="2">1,452</td>'), ["unreadable_figure"]),
    (ARENA_SAYS, ARENA.replace("+5/-4", "five"), ["unreadable_figure"]),
    (DENSITY_SAYS, DENSITY.replace("Robots at work", "Robots"), ["no_table!"]),
    (DENSITY_SAYS, DENSITY.replace(">202", ">No. "), ["missing_column!"]),
    (WATER_SAYS, WATER.replace("Million gallons", "Megalitres"), ["changed_unit!"] * 3),
    (WATER_SAYS, WATER.replace("Electricity", "Power"), ["missing_row!"]),
    (WATER_SAYS, '{"rows": []}', ["unreadable!"]),
    (WATER_SAYS, "<html><body>" + "<table><tr><th>Metric<th>Unit<th>2023</tr></table>", ["no_table!"]),
]  # fmt: skip


@pytest.mark.parametrize(("says", "page", "expected"), DAMAGE)
def test_a_damaged_table_is_an_issue_and_makes_no_figure_up(says: str, page: str, expected: list[str]) -> None:
    reading = read(says, page)
    assert codes(reading) == expected
    whole = dict(LAYOUTS)[says]
    sound = {(fact.key, fact.value) for fact in figures(read(says, whole))}
    assert {(fact.key, fact.value) for fact in figures(reading)} <= sound


def test_what_cannot_be_read_is_neither_there_nor_gone() -> None:
    reading = read(BOARD_SAYS, BOARD.replace("0.7 %", "0.7"))
    (gone,) = {fact.key for fact in figures(read(BOARD_SAYS, BOARD))} - {fact.key for fact in figures(reading)}
    assert reading.covered[gone].contradicted


def test_columns_that_change_places_change_nothing() -> None:
    cells = [line.split("|") for line in BOARD.splitlines() if line.startswith("|")]
    turned = "\n".join("|".join([row[0], *reversed(row[1:-1]), row[-1]]) for row in cells)
    assert said(BOARD_SAYS, turned) == said(BOARD_SAYS, BOARD)


@pytest.mark.parametrize(("says", "page"), LAYOUTS)
def test_the_order_of_rows_does_not_matter(says: str, page: str) -> None:
    assert said(says, page) and codes(read(says, page)) == []


def test_without_a_table_the_reader_says_what_is_missing() -> None:
    document = Document(body=BOARD.encode(), url="https://acme.example/board", at=AT, source="x", provider="acme")
    assert codes(reader.read(document)) == ["no_table_configured!"]


@pytest.mark.parametrize(("says", "field"), [
    ("", "table"),
    ('table = { subject = "Model" }', "measures"),
    ('table = { measures = [{ column = "X", measure = "x", unit = "points" }] }', "subject"),
    ('table = { subject = "M", subject_is = "N", measures = [{ column = "X", measure = "x", unit = "u"}] }', "subject"),
    ('table = { subject = "M", measures = [{ measure = "x", unit = "points" }] }', "measures"),
    ('table = { subject = "M", measures = [{ column = "X", measure = "X y", unit = "points" }] }', "measure"),
    ('table = { subject = "M", measures = [{ column = "X", measure = "x" }] }', "unit"),
    ('table = { subject = "M", colour = 1, measures = [{ column = "X", measure = "x", unit = "points" }] }', "colour"),
    ('table = { subject = "M", years = true, measures = [{ column = "X", measure = "x", unit = "u" }] }', "measures"),
    ('table = { subject = "M", measures = [{ row = "X", measure = "x", unit = "points" }] }', "labels"),
    ('table = { subject = "M", period_is = "?", measures = [{ column = "X", measure = "x", unit = "u" }] }', "period"),
    ('table = { subject = "M", decimal = ";", measures = [{ column = "X", measure = "x", unit = "u" }] }', "decimal"),
    ('table = { subject = "M", measures = [{ column = "X", measure = "x", unit = "u" }, '
     '{ column = "Y", measure = "x", unit = "u" }] }', "measures"),
])  # fmt: skip
def test_a_mistake_in_the_configuration_names_the_field(says: str, field: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        source(says)
    assert field in raised.value.field or field in str(raised.value)


@pytest.mark.parametrize(("text", "period"), [
    ("2024", "2024"), ("FY 2024", "FY2024"), ("FY24", "FY2024"), ("Fiscal year 2024", "FY2024"), ("Q1 2024", "2024-Q1"),
    ("2024 H2", "2024-H2"), ("2023/24", "2023/24"), ("March 2024", "2024-03"), ("2024-03", "2024-03"),
    ("31 March 2024", "2024-03-31"), ("Total", None), ("12", None), ("soon", None), ("2024 and 2025", None),
])  # fmt: skip
def test_periods_are_written_one_way(text: str, period: str | None) -> None:
    assert period_of(text) == period
