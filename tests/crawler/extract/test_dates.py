"""Dates are read as printed, with precision and qualifier, or refused; never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.dates import find, numeric_order

READ = [
    ("Aug 10, 2026", "2026-08-10", "on"),
    ("August 10th, 2026", "2026-08-10", "on"),
    ("January 04, 2024", "2024-01-04", "on"),
    ("December 13 2023", "2023-12-13", "on"),
    ("Sept. 5, 2026", "2026-09-05", "on"),
    ("21 May 2025", "2025-05-21", "on"),
    ("1st of June, 2026", "2026-06-01", "on"),
    ("01-Jan-2026", "2026-01-01", "on"),
    ("2026-07-23", "2026-07-23", "on"),
    ("2026\u201107\u201123", "2026-07-23", "on"),
    ("2026/06/06", "2026-06-06", "on"),
    ("Beijing Time 2026.6.30 00:00", "2026-06-30", "on"),
    ("2026-03-01T00:00:00Z", "2026-03-01", "on"),
    ("July 2026", "2026-07", "on"),
    ("in October, 2025", "2025-10", "on"),
    ("2026-07", "2026-07", "on"),
    ("2026年6月6日", "2026-06-06", "on"),
    ("2026 年 6 月 6 号起", "2026-06-06", "on"),
    ("2026年6月", "2026-06", "on"),
    ("12/31/25", "2025-12-31", "on"),
    ("31.12.2026", "2026-12-31", "on"),
    ("04/04/2026", "2026-04-04", "on"),
    ("No sooner than February 5, 2027", "2027-02-05", "not_before"),
    ("Not sooner than February 5, 2027", "2027-02-05", "not_before"),
    ("not before 2027-05-07", "2027-05-07", "not_before"),
    ("No earlier than December 15, 2026", "2026-12-15", "not_before"),
    ("Earliest February 2026", "2026-02", "not_before"),
    ("at earliest 2024-06-13", "2024-06-13", "not_before"),
    ("in June 2024 at the earliest", "2024-06", "not_before"),
    ("May 23, 2026 or later", "2026-05-23", "not_before"),
    ("until at least March 2026", "2026-03", "not_before"),
    ("不早于2026年6月6日", "2026-06-06", "not_before"),
    ("expected on 2026-06-06", "2026-06-06", "tentative"),
    ("June 15, 2026 (tentative)", "2026-06-15", "tentative"),
    ("预计2026年6月下线", "2026-06", "tentative"),
]


@pytest.mark.parametrize(("text", "value", "qualifier"), READ)
def test_a_date_is_read_with_its_precision_and_its_qualifier(text: str, value: str, qualifier: str) -> None:
    found = find(text)
    assert [(each.value, each.qualifier) for each in found.dates] == [(value, qualifier)]
    assert not found.refused


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2525/06/06", "impossible_date"),
        ("1970-01-01", "impossible_date"),
        ("2026-09-31", "impossible_date"),
        ("February 29, 2026", "impossible_date"),
        ("2026年13月1日", "impossible_date"),
        ("31/31/26", "impossible_date"),
        ("03/09/26", "ambiguous_date"),
        ("01/02/2027", "ambiguous_date"),
        ("Q3 2026", "vague_date"),
        ("2026 Q3", "vague_date"),
        ("mid-2027", "vague_date"),
        ("end of 2024", "vague_date"),
        ("in 60 days", "vague_date"),
        ("in the coming months", "vague_date"),
        ("2026年底", "vague_date"),
    ],
)
def test_what_is_no_certain_date_is_refused_by_name(text: str, why: str) -> None:
    found = find(text, near=date(2026, 8, 20))
    assert not found.dates
    assert [each.why for each in found.refused] == [why]


@pytest.mark.parametrize(
    "text",
    [
        "gpt-4o-2024-05-13",
        "claude-3-opus@20240229",
        "version 25.05",
        "v3.2.1",
        "docs/2024/05/13/page",
        "you may 2026 times",
        "$1.25 per 1M",
        "2024",
        "20240229",
        "August 31",
        "6月30日",
    ],
)
def test_what_only_looks_like_a_date_is_left_alone(text: str) -> None:
    found = find(text)
    assert not found.dates
    assert not found.refused


def test_figures_are_read_once_the_page_shows_their_order() -> None:
    assert numeric_order(["08/16/26", "03/09/26"]) == "mdy"
    assert numeric_order(["16/08/2026"]) == "dmy"
    assert numeric_order(["16/08/2026", "08/16/2026"]) is None
    assert numeric_order(["03/09/26"]) is None
    assert [each.value for each in find("03/09/26", order="mdy").dates] == ["2026-03-09"]
    assert [each.value for each in find("03/09/26", order="dmy").dates] == ["2026-09-03"]
    assert [each.why for each in find("02/30/26", order="mdy").refused] == ["impossible_date"]


@pytest.mark.parametrize(
    ("text", "near", "value"),
    [
        ("August 31", date(2026, 8, 20), "2026-08-31"),
        ("August 31", date(2026, 9, 5), "2026-08-31"),
        ("December 9th:", date(2025, 11, 4), "2025-12-09"),
        ("January 6", date(2025, 12, 20), "2026-01-06"),
        ("31 August", date(2026, 8, 20), "2026-08-31"),
        ("6月30日", date(2026, 6, 1), "2026-06-30"),
    ],
)
def test_a_day_without_a_year_is_the_nearest_one_to_what_surrounds_it(text: str, near: date, value: str) -> None:
    assert [each.value for each in find(text, near=near).dates] == [value]


def test_several_dates_keep_their_order_and_what_is_left_is_known() -> None:
    text = "Deprecated as of February 23, 2026, shut down no earlier than August 23, 2026 (all regions)"
    found = find(text)
    assert [(each.value, each.qualifier) for each in found.dates] == [
        ("2026-02-23", "on"),
        ("2026-08-23", "not_before"),
    ]
    assert found.rest(text) == "Deprecated as of , shut down (all regions)"


def test_a_month_spans_its_days() -> None:
    (month,) = find("February 2028").dates
    assert (month.first, month.last) == (date(2028, 2, 1), date(2028, 2, 29))


@given(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%B %d, %Y", "%d %b %Y", "%Y年%m月%d日"]),
)
def test_every_day_survives_every_full_shape(day: date, shape: str) -> None:
    assert [each.value for each in find(day.strftime(shape)).dates] == [day.isoformat()]


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    found = find(text, order="mdy", near=date(2026, 1, 1))
    for each in found.dates:
        assert date(1990, 1, 1) <= each.first <= each.last <= date(2100, 12, 31)
    found.rest(text)
