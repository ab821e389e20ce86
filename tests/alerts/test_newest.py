"""The newest state: what several changes of one thing come to."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alerts.newest import newest, since
from tests.alerts.examples import AT, event, price, reference, retirement, side, status
from timeline.events import Event


def later(told: Event, minutes: int) -> Event:
    at = AT + timedelta(minutes=minutes)
    return replace(told, observed_at=at, after=reference(4 + minutes, at))


def seen(*told: Event) -> list[tuple[str, Any, Any, int]]:
    return [(one.event.kind, one.event.old, one.event.new, len(one.ids)) for one in newest(told)]


def test_two_changes_of_a_price_are_one_from_the_first_to_the_last() -> None:
    first, second = price("input", "1.00", "0.80"), later(price("input", "0.80", "0.50"), 10)
    (told,) = newest([first, second])
    assert (told.event.old, told.event.new) == (side("1.00"), side("0.50"))
    assert (told.event.change_pct, told.event.direction) == (Decimal("-50.00"), "cut")
    assert told.event.headline == "OpenAI cuts gpt-5.6-luna input from $1 to $0.50 per 1M tokens (−50 %)"
    assert told.ids == (first.id, second.id)
    assert told.event.observed_after == first.observed_after
    assert told.event.after == second.after


def test_what_came_back_is_not_told() -> None:
    back = later(price("input", "0.0005", "1", old=side("0.0005", per=1000), new=side("1.0")), 10)
    assert newest([price("input", "1.00", "0.50"), back]) == []
    assert newest([status("active", "deprecated"), later(status("deprecated", "active"), 10)]) == []
    listed = event("price.listed", meter="input", new=side("1"))
    gone = event("price.delisted", meter="input", old=side("1"))
    assert newest([listed, later(gone, 10)]) == []
    assert newest([event("source.broken", None, key="s"), later(event("source.recovered", None, key="s"), 10)]) == []


def test_kinds_follow_from_first_to_last() -> None:
    listed = event("price.listed", meter="input", new=side("1"))
    assert seen(listed, later(price("input", "1", "2"), 10)) == [("price.listed", None, side("2"), 2)]
    gone = event("price.delisted", meter="input", old=side("2"))
    assert seen(price("input", "1", "2"), later(gone, 10)) == [("price.delisted", side("1"), None, 2)]
    none = {"retires_on": None, "not_before": None}
    moved = event(
        "model.retirement_moved", old={"retires_on": "2026-11-26", "not_before": None},
        new={"retires_on": "2026-12-01", "not_before": None},
    )  # fmt: skip
    firm = {"retires_on": "2026-12-01", "not_before": None}
    told = newest([replace(retirement(), key="k"), later(replace(moved, key="k"), 10)])
    assert [(one.event.kind, one.event.old, one.event.new) for one in told] == [
        ("model.retirement_scheduled", none, firm)
    ]
    assert told[0].event.headline == "OpenAI schedules gpt-5.6-luna to retire on 1 December 2026"


def test_how_things_were_at_the_first_look_is_no_part_of_a_change() -> None:
    """Nobody is told of that, so the change must be told as one, also where both are routed together."""
    first = event("price.listed", meter="input", new=side("1"), baseline=True)
    changed = later(price("input", "1", "2"), 10)
    assert seen(first, changed)[1:] == [("price.changed", side("1"), side("2"), 1)]


def test_a_plan_made_and_dropped_is_neither_told() -> None:
    planned = side("2", effective_from="2026-09-01")
    plan = event("price.scheduled", meter="input", old=side("1"), new=planned, effective_at="2026-09-01")
    drop = event("price.schedule_withdrawn", meter="input", old=planned, new=side("1"), effective_at="2026-09-01")
    assert newest([plan, later(drop, 10)]) == []
    assert [one.event.kind for one in newest([drop, later(plan, 10)])] == [
        "price.schedule_withdrawn",
        "price.scheduled",
    ]


def test_one_look_is_never_put_together_and_other_things_stay_apart() -> None:
    drop = event("price.schedule_withdrawn", meter="input", old=side("2"), new=side("1"))
    plan = event("price.scheduled", meter="input", old=side("1"), new=side("2"))
    assert len(newest([plan, drop])) == 2
    assert len(newest([price("input", "1", "2"), later(price("output", "1", "2"), 10)])) == 2
    news = [event("news.published", None, key=f"n{n}", new={"title": "x"}) for n in range(3)]
    assert len(newest(news)) == 3


def test_a_change_can_be_told_since_an_earlier_value() -> None:
    told = since(price("input", "0.9604", "0.9412"), side("1"))
    assert (told.old, told.change_pct, told.direction) == (side("1"), Decimal("-5.88"), "cut")
    assert "from $1 to $0.9412" in told.headline


@given(amounts=st.lists(st.sampled_from(["1", "2", "3", "0.5"]), min_size=2, max_size=8))
def test_any_walk_comes_to_its_ends(amounts: list[str]) -> None:
    steps = [(a, b) for a, b in pairwise(amounts) if a != b]
    told = newest([later(price("input", a, b, occurrence=n + 1), n) for n, (a, b) in enumerate(steps)])
    if not steps or steps[0][0] == steps[-1][1]:
        assert told == []
    else:
        ((old, new),) = [(one.event.old, one.event.new) for one in told]
        assert (old, new) == (side(steps[0][0]), side(steps[-1][1]))
