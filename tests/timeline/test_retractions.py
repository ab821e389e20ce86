"""What a lifecycle page takes back is believed when a later look says it too: rows get lost on the way."""

from datetime import timedelta
from typing import Any

import pytest

from tests.timeline.makers import LIFECYCLE, day, held, kinds, look, notice, now_held
from timeline.fold import State, advance, fold
from timeline.notices import Notice
from timeline.observations import Step

OTHERS = [notice(f"gpt-{number}") for number in range(9)]
ENDS = {"status": "deprecated", "retires_on": "2027-03-01", "replacements": ("gpt-9",), "announced_on": "2026-05-01"}
TAKEN_BACK: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the date is gone": (ENDS, {**ENDS, "retires_on": None}),
    "the floor is gone": ({"not_before": "2027-03-01"}, {}),
    "a floor instead of the date": (ENDS, {**ENDS, "retires_on": None, "not_before": "2027-03-01"}),
    "it lives again": (ENDS, {"status": "active"}),
    "no replacement": (ENDS, {**ENDS, "replacements": ()}),
    "an end in the past": (ENDS, {**ENDS, "status": "retired", "retires_on": "2026-01-01"}),
    "an older announcement": (ENDS, {**ENDS, "replacements": ("gpt-5",), "announced_on": "2025-05-01"}),
    "only a replacement": ({}, {"replacements": ("gpt-9",)}),
}


def run(*pages: tuple[float, list[Notice]]) -> tuple[list[Step], State]:
    """The looks at pages, each so many hours after the first."""
    now, steps = State.empty(), []
    for hours, facts in pages:
        now, step = advance(LIFECYCLE, now, look(day(0) + timedelta(hours=hours), *facts))
        steps.append(step)
    return steps, now


def seen(*said: dict[str, Any], hours: tuple[float, ...]) -> tuple[list[str], set[str]]:
    """The kinds told of a model, and why something of it waits, when a page says this of it, one after the other."""
    pages = [(time, [notice("gpt-x", **each), *OTHERS]) for time, each in zip(hours, said, strict=True)]
    steps, now = run(*pages)
    return [kind for step in steps for kind in kinds(step.events)], {one.reason for one in held(now)}


@pytest.mark.parametrize("case", TAKEN_BACK)
def test_what_is_taken_back_for_a_while_never_was(case: str) -> None:
    before, after = TAKEN_BACK[case]
    waits = {"older_announcement" if case == "an older announcement" else "takes_back"}
    assert seen(before, after, hours=(0, 1)) == ([], waits)
    assert seen(before, after, after, hours=(0, 1, 2)) == ([], waits)
    assert seen(before, after, after, before, hours=(0, 1, 2, 3)) == ([], set())


@pytest.mark.parametrize("case", TAKEN_BACK)
def test_what_stays_taken_back_is_told_once_with_its_first_time(case: str) -> None:
    before, after = TAKEN_BACK[case]
    pages = [(time, [notice("gpt-x", **said), *OTHERS]) for time, said in ((0, before), (1, after), (8, after))]
    steps, now = run(*pages, (9, [notice("gpt-x", **after), *OTHERS]))
    told = [[event for event in step.events if not event.baseline] for step in steps]
    assert [len(events) > 0 for events in told] == [False, False, True, False]
    assert {event.observed_at for event in told[2]} == {day(0) + timedelta(hours=1)}
    assert {event.observed_after for event in told[2]} == {day(0)}
    assert len({event.kind for event in told[2]}) == len(told[2])
    assert not list(held(now))


def test_the_end_of_an_import_confirms_what_nothing_contradicted() -> None:
    before, after = (notice("gpt-x", **said) for said in TAKEN_BACK["the date is gone"])
    looks = [look(day(0), before, *OTHERS), look(day(1), after, *OTHERS, last_of_import=True)]
    (event,) = [event for event in fold(LIFECYCLE, looks).events if not event.baseline]
    assert (event.kind, event.observed_at) == ("model.retirement_withdrawn", day(1))


@pytest.mark.parametrize(
    "after",
    [
        ENDS,
        {"status": "deprecated"},
        {"status": "legacy"},
        {"not_before": "2027-03-01"},
        {"status": "retired", "retires_on": "2026-07-01"},
        {"status": "retired"},
    ],
)
def test_an_end_that_comes_is_told_at_once(after: dict[str, Any]) -> None:
    told, waits = seen({}, after, hours=(0, 1))
    assert told
    assert not waits


@pytest.mark.parametrize("retires_on", ["2027-06-01", "2026-12-01"])
def test_a_date_that_moves_is_told_at_once(retires_on: str) -> None:
    moved = {**ENDS, "retires_on": retires_on}
    assert seen(ENDS, moved, hours=(0, 1)) == (["model.retirement_moved"], set())


def test_a_model_first_listed_as_ended_waits() -> None:
    """A heading that was lost makes rows of another kind of them; a real one can wait: it has ended."""
    gone = notice("gpt-y", "retired", retires_on="2026-01-01")
    steps, _ = run((0, OTHERS), (1, [gone, *OTHERS]), (2, [gone, *OTHERS]), (8, [gone, *OTHERS]))
    assert [kinds(step.events) for step in steps] == [[], [], [], ["model.listed"]]
    assert [one.reason for one in now_held(steps[1])] == ["ended_before_listed"]


def test_an_end_that_was_past_before_the_page_knew_of_it_waits() -> None:
    """A row of long ago took over: the page did not say so yesterday."""
    was, now = {"status": "deprecated"}, {"status": "retired", "retires_on": "2026-06-30"}
    assert seen(was, now, hours=(0, 48)) == ([], {"ended_before_seen"})
    ends = {"status": "retired", "retires_on": "2026-07-02"}
    assert seen(was, ends, hours=(0, 48)) == (["model.retirement_scheduled", "model.status_changed"], set())


def test_what_is_said_while_other_models_vanish_waits() -> None:
    """A row that lost its first half runs into the next one, and takes its date or replacement."""
    ends = [notice(f"gpt-{number}", **ENDS) for number in "xyz"]
    torn = notice("gpt-x", **{**ENDS, "replacements": ("gpt-8",)})
    steps, now = run((0, [*ends, *OTHERS]), (1, [torn, *OTHERS]), (2, [torn, *OTHERS]), (3, [*ends, *OTHERS]))
    assert [kinds(step.events) for step in steps] == [[], [], [], []]
    assert "beside_losses" in {one.reason for one in now_held(steps[1])}
    assert not list(held(now))


def test_models_that_trade_places_with_their_replacements_wait() -> None:
    was = [notice("gpt-x", **ENDS), *OTHERS, notice("gpt-9")]
    crossed = [notice("gpt-x", **{**ENDS, "replacements": ()}), notice("gpt-9", **{**ENDS, "replacements": ("gpt-x",)})]
    steps, _ = run((0, was), (1, [*crossed, *OTHERS]))
    assert kinds(steps[1].events) == []
    assert {one.reason for one in now_held(steps[1])} == {"takes_back", "crossed"}


def test_what_waits_is_shown_with_what_it_would_change() -> None:
    steps, _ = run((0, [notice("gpt-x", **ENDS)]), (1, [notice("gpt-x", **{**ENDS, "replacements": ()})]))
    (one,) = now_held(steps[1])
    assert one.detail == "deprecated 2027-03-01 use gpt-9 would become deprecated 2027-03-01"
