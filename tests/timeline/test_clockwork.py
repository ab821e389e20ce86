"""What falls due on which day."""

from datetime import date

import pytest

from tests.timeline.makers import at, look, notice
from timeline.clockwork import milestone_on, milestone_passed, next_due, next_turn
from timeline.notices import Notice, status_on
from timeline.observations import Row

REF = look(at(2026, 1, 1)).capture


def rows(**more: str) -> list[Row]:
    return [Row(fact=notice(status="deprecated", **more), starts=at(2026, 1, 1), first=REF, last=REF)]


@pytest.mark.parametrize(
    ("retires_on", "after", "due"),
    [
        ("2026-12-01", date(2026, 1, 1), date(2026, 9, 2)),
        ("2026-12-01", date(2026, 9, 2), date(2026, 10, 2)),
        ("2026-12-01", date(2026, 11, 30), date(2026, 12, 1)),
        ("2026-12-01", date(2026, 12, 1), None),
        ("2026-12", date(2026, 11, 30), date(2026, 12, 1)),
        ("9999-12-31", date(2026, 1, 1), None),
        ("soon", date(2026, 1, 1), None),
    ],
)
def test_the_next_milestone(retires_on: str, after: date, due: date | None) -> None:
    assert next_due(rows(retires_on=retires_on), at(after.year, after.month, after.day)) == due


def test_floors_and_retired_models_have_no_milestones() -> None:
    assert next_due(rows(not_before="2026-12-01"), at(2026, 1, 1)) is None
    retired = [Row(fact=notice(status="retired", retires_on="2026-12-01"), starts=at(2026, 1, 1), first=REF, last=REF)]
    assert next_due(retired, at(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("day", "on", "passed"),
    [
        (date(2026, 9, 1), None, None),
        (date(2026, 9, 2), 90, 90),
        (date(2026, 9, 3), None, 90),
        (date(2026, 11, 1), 30, 30),
        (date(2026, 12, 1), 0, 0),
        (date(2026, 12, 2), None, None),
    ],
)
def test_milestones_of_a_day(day: date, on: int | None, passed: int | None) -> None:
    model = rows(retires_on="2026-12-01")
    assert milestone_on(model, day) == on
    assert milestone_passed(model, day) == passed


@pytest.mark.parametrize(
    ("fact", "turn"),
    [
        (notice(status="deprecated", retires_on="2026-12-01"), date(2026, 12, 2)),
        (notice(status="deprecated", retires_on="2026-12"), date(2027, 1, 1)),
        (notice(status="active", deprecates_on="2026-06-15", retires_on="2026-12-01"), date(2026, 6, 15)),
        (notice(status="active", deprecates_on="2026-06"), date(2026, 7, 1)),
        (notice(status="deprecated", deprecates_on="2026-06-15"), None),
        (notice(status="deprecated", retires_on="2026-12-01", labelled=True), None),
        (notice(status="active", not_before="2026-12-01"), None),
    ],
)
def test_the_next_turn_is_the_first_day_with_another_status(fact: Notice, turn: date | None) -> None:
    assert next_turn(fact, date(2026, 1, 1)) == turn
    if turn:
        assert status_on(fact, turn) != fact.status
        assert status_on(fact, date.fromordinal(turn.toordinal() - 1)) == fact.status
