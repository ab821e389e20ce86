"""Figures over time: what is told of a table that changes, and what waits for a second look."""

from decimal import Decimal
from typing import Any

from tests.timeline.makers import day, kinds, look, told
from timeline.facts import from_json, to_json
from timeline.figures import Figure
from timeline.fold import fold
from timeline.gaps import Cover
from timeline.observations import SourceInfo

BOARD = SourceInfo(id="acme-board", provider="acme", kind="table")
HOURS = 1 / 24


def figure(number: str, subject: str = "Swift 2", measure: str = "hallucination_rate", **more: Any) -> Figure:
    more.setdefault("unit", "percent")
    return Figure(provider="acme", subject=subject, measure=measure, number=Decimal(number), **more)


def test_a_first_look_is_the_baseline_and_a_change_is_told_with_its_size() -> None:
    folded = fold(BOARD, [look(day(0), figure("2.0")), look(day(1), figure("1.5"))])
    first, second = folded.events
    assert first.baseline and first.old is None
    assert (second.change_pct, second.direction, second.baseline) == (Decimal("-25.00"), "cut", False)
    assert (second.model, second.meter, second.subject_kind) == ("Swift 2", "hallucination_rate", "figure")
    assert second.old == {"value": "2.0", "unit": "percent"} and second.new == {"value": "1.5", "unit": "percent"}
    assert second.headline == "acme: Swift 2, hallucination rate now 1.5 %, was 2.0 (−25 %)"
    assert [(str(row.row.fact.value[0]), row.row.ends is None) for row in folded.rows if row.known_to is None] == [
        ("2.0", False), ("1.5", True),
    ]  # fmt: skip


def test_the_same_figure_in_other_digits_or_with_another_margin_is_not_told() -> None:
    looks = [
        look(day(0), figure("1339", plus=Decimal(4), minus=Decimal(4))),
        look(day(1), figure("1339.0", plus=Decimal(3), minus=Decimal(3))),
    ]
    folded = fold(BOARD, looks)
    assert kinds(folded.events) == []
    assert folded.rows[-1].row.fact.value[2] == 3


def test_a_new_subject_is_told_and_one_that_is_gone_after_two_looks() -> None:
    both = (figure("2.0"), figure("1.0", "Slow 1"))
    looks = [look(day(0), both[0]), look(day(1), *both), look(day(2), both[1]), look(day(3), both[1])]
    folded = fold(BOARD, looks)
    assert told(folded) == [
        "acme shows Slow 1, hallucination rate 1.0 %",
        "acme no longer shows Swift 2, hallucination rate (was 2.0 %)",
    ]
    assert folded.events[-1].observed_at == day(2)


def test_an_implausible_figure_waits_for_a_second_look() -> None:
    for number in ("20", "0", "-2.0"):
        looks = [look(day(0), figure("2.0")), look(day(1), figure(number)), look(day(2), figure("2.0"))]
        assert kinds(fold(BOARD, looks).events) == []
        stays = [*looks[:2], look(day(1 + HOURS), figure(number))]
        assert [event.observed_at for event in fold(BOARD, stays).events if not event.baseline] == [day(1)]


def test_columns_that_changed_places_wait() -> None:
    def at(number: float, one: str, two: str) -> Any:
        return look(day(number), figure(one, measure="answer_rate"), figure(two, measure="consistency_rate"))

    swapped = fold(BOARD, [at(0, "97", "99"), at(1, "99", "97")])
    assert kinds(swapped.events) == [] and {held.reason for held in swapped.held} == {"swapped"}


def test_a_table_that_changes_as_a_whole_waits() -> None:
    def board(number: float, step: int) -> Any:
        return look(day(number), *(figure(f"{20 + 3 * n + step}", f"Model {n}") for n in range(10)))

    held = fold(BOARD, [board(0, 0), board(1, 1)])
    assert kinds(held.events) == [] and {one.reason for one in held.held} == {"many_at_once"}
    assert held.held[0].detail == "hallucination rate 20 % would become hallucination rate 21 %"
    assert len(kinds(fold(BOARD, [board(0, 0), board(1, 1), board(1 + HOURS, 1)]).events)) == 10


def test_renamed_subjects_wait_as_long_as_a_disappearance() -> None:
    looks = [
        look(day(0), figure("2.0", "Swift 2"), figure("3", "a")),
        look(day(1), figure("2.1", "Swift"), figure("3", "a")),
    ]
    folded = fold(BOARD, looks)
    assert kinds(folded.events) == [] and {one.reason for one in folded.held} == {"beside_losses", "missing_once"}


def test_a_cell_that_cannot_be_read_ends_nothing() -> None:
    gone = look(day(1), figure("1.0", "Slow 1"), covered={figure("2.0").key: Cover(contradicted=True)})
    looks = [look(day(0), figure("2.0"), figure("1.0", "Slow 1")), gone]
    later = look(day(2), figure("1.0", "Slow 1"), covered={figure("2.0").key: Cover(contradicted=True)})
    folded = fold(BOARD, [*looks, later])
    assert kinds(folded.events) == [] and [held.reason for held in folded.held] == ["conflict"]


def test_a_changed_unit_is_no_rise() -> None:
    looks = [
        look(day(0), figure("2.0")),
        look(day(1), figure("2.0", unit="points")),
        look(day(2), figure("2.0", unit="points")),
    ]
    (event,) = [event for event in fold(BOARD, looks).events if not event.baseline]
    assert (event.change_pct, event.direction) == (None, None)
    assert event.headline == "acme: Swift 2, hallucination rate now 2.0 points, was 2.0 %"


def test_ranges_scopes_and_periods_are_said() -> None:
    wide = {
        "upto": Decimal(12),
        "qualifier": "about",
        "unit": "million gallons",
        "period": "2024",
        "scope": {"site": "Mesa"},
    }
    now = {**wide, "upto": Decimal(15)}
    looks = [
        look(day(0), figure("10", "Acme", "water_use", **wide)),
        look(day(1), figure("10", "Acme", "water_use", **now)),
    ]
    assert told(fold(BOARD, looks)) == [
        "acme: Acme (2024 and Mesa), water use now about 10 to 15 million gallons, was about 10 to 12"
    ]


def test_a_figure_survives_json() -> None:
    one = figure(
        "1.40", plus=Decimal("0.1"), minus=Decimal("0.1"), scope={"split": "hard"}, period="2024", label="1.40 %"
    )
    data = to_json(one)
    assert data["fact"] == "figure" and data["value"] == "1.40"
    assert from_json(data) == one
