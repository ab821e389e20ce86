"""What a statement about one price means over time."""

from datetime import date, datetime

import pytest

from tests.timeline.makers import at, notice, price
from timeline.diff import state
from timeline.facts import Fact
from timeline.spans import plan

NOW = at(2026, 7, 10, 12)
EVER = date.max.year


def planned(*facts: Fact) -> list[tuple[str, datetime, datetime | None]] | None:
    (statement,) = state(facts).values()
    spans = plan(statement, NOW)
    if spans is None:
        return None
    return [
        (str(getattr(span.fact, "amount", "")), span.starts, None if span.ends.year == EVER else span.ends)
        for span in spans
    ]


def test_a_plain_price_holds_from_now_on() -> None:
    assert planned(price("3")) == [("3", NOW, None)]


def test_a_promotion_and_what_follows_it() -> None:
    facts = price("2", effective_to=date(2026, 8, 31)), price("3", effective_from=date(2026, 9, 1))
    assert planned(*facts) == [("2", NOW, at(2026, 9, 1)), ("3", at(2026, 9, 1), None)]


def test_a_dated_price_goes_before_a_plain_one() -> None:
    facts = price("3"), price("2", effective_from=date(2026, 7, 1), effective_to=date(2026, 7, 31))
    assert planned(*facts) == [("2", at(2026, 7, 1), at(2026, 8, 1)), ("3", at(2026, 8, 1), None)]


def test_of_two_starts_the_later_one_goes_first() -> None:
    facts = price("3", effective_from=date(2026, 7, 1)), price("4", effective_from=date(2026, 8, 1))
    assert planned(*facts) == [("3", at(2026, 7, 1), at(2026, 8, 1)), ("4", at(2026, 8, 1), None)]


def test_a_price_that_is_over_says_nothing() -> None:
    assert planned(price("2", effective_to=date(2026, 7, 9))) == []
    assert planned(price("2", effective_from=date(2026, 8, 1), effective_to=date(2026, 7, 1))) == []


def test_steps_of_one_value_are_one() -> None:
    facts = price("2", effective_to=date(2026, 8, 31)), price("2", effective_from=date(2026, 9, 1))
    assert planned(*facts) == [("2", NOW, None)]


@pytest.mark.parametrize(
    "facts",
    [
        (price("2"), price("3")),
        (price("2", effective_from=date(2026, 8, 1)), price("3", effective_from=date(2026, 8, 1))),
        (notice(), notice(status="legacy")),
        tuple(price(str(number)) for number in range(1, 100)),
    ],
)
def test_two_values_for_one_time_are_a_contradiction(facts: tuple[Fact, ...]) -> None:
    assert planned(*facts) is None


def test_the_ends_of_time_are_no_trouble() -> None:
    assert planned(price("2", effective_from=date.min, effective_to=date.max)) == [
        ("2", datetime.min.replace(tzinfo=NOW.tzinfo), None)
    ]
