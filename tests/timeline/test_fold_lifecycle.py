"""What lifecycle pages do over time: models vanish and return, floors pass, a row is an announcement."""

import pytest

from tests.timeline.makers import LIFECYCLE, day, kinds, look, notice
from timeline.fold import State, advance
from timeline.notices import Notice

OTHERS = [notice(f"gpt-{number}") for number in range(9)]
ENDS = {"status": "deprecated", "retires_on": "2027-03-01", "replacements": ("gpt-9",)}


def test_a_model_that_vanishes_and_returns() -> None:
    """Missing once is nothing; twice it is delisted; then it is listed anew, with what it says."""
    ends = notice("gpt-x", **ENDS)
    now, _ = advance(LIFECYCLE, State.empty(), look(day(0), ends, *OTHERS))
    told: list[tuple[float, list[str]]] = []
    pages: list[tuple[float, list[Notice]]] = [(1, []), (2, [ends]), (3, []), (4, []), (5, [ends])]
    for number, shown in pages:
        now, step = advance(LIFECYCLE, now, look(day(number), *shown, *OTHERS))
        told.append((number, [kind for kind in kinds(step.events) if kind != "model.retirement_due"]))
    assert told == [(1, []), (2, []), (3, []), (4, ["model.delisted"]), (5, ["model.listed"])]


def test_a_page_that_lists_only_what_ends_announces_with_a_row() -> None:
    now, _ = advance(LIFECYCLE, State.empty(), look(day(0), notice("gpt-a", **ENDS)))
    now, step = advance(LIFECYCLE, now, look(day(1), notice("gpt-a", **ENDS), notice("gpt-b", **ENDS)))
    listed, ends = [event for event in step.events if event.kind != "model.retirement_due"]
    assert (listed.kind, listed.model, (listed.new or {})["status"]) == ("model.listed", "gpt-b", "deprecated")
    assert (ends.kind, ends.model, ends.old, (ends.new or {})["retires_on"]) == (
        "model.retirement_scheduled", "gpt-b", None, "2027-03-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [{"status": "retired", "retires_on": "2026-01-01"}, {"not_before": "2027-03-01"}, {"retires_on": "2026-01-01"}],
)
def test_a_row_that_ended_before_it_was_seen_or_only_promises_schedules_nothing(said: dict[str, str]) -> None:
    now, _ = advance(LIFECYCLE, State.empty(), look(day(0), notice("gpt-a", **ENDS)))
    now, step = advance(LIFECYCLE, now, look(day(1), notice("gpt-a", **ENDS), notice("gpt-b", **said)))
    assert "model.retirement_scheduled" not in kinds(step.events)


def test_a_floor_that_passes_retires_nobody_and_is_not_told() -> None:
    floor = notice("gpt-x", not_before="2026-07-10")
    now, _ = advance(LIFECYCLE, State.empty(), look(day(0), floor))
    for number in range(1, 30):
        now, step = advance(LIFECYCLE, now, look(day(number), floor))
        assert not kinds(step.events)


def test_a_date_of_announcement_is_the_providers_and_never_ours() -> None:
    """A page that does not say when it announced is told with none; one that says so later is no event."""
    silent = notice("gpt-x", **ENDS)
    now, step = advance(LIFECYCLE, State.empty(), look(day(0), silent, *OTHERS))
    assert all((event.new or {}).get("announced_on") is None for event in step.events)
    said = notice("gpt-x", **ENDS, announced_on="2026-06-01")
    now, step = advance(LIFECYCLE, now, look(day(1), said, *OTHERS))
    assert not kinds(step.events)


@pytest.mark.parametrize(("ends", "told"), [("2026-07-02", 1), ("2026-07", 1), ("2026-06", 0), ("2026-07-01", 0)])
def test_an_end_in_the_running_month_is_still_to_come(ends: str, told: int) -> None:
    """A stated month is over when all of it is."""
    now, _ = advance(LIFECYCLE, State.empty(), look(day(0), notice("gpt-a", **ENDS)))
    row = notice("gpt-b", status="deprecated", retires_on=ends)
    now, step = advance(LIFECYCLE, now, look(day(1), notice("gpt-a", **ENDS), row))
    assert kinds(step.events).count("model.retirement_scheduled") == told
