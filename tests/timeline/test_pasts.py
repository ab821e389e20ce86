"""What has ended of a price is put away, and comes back when a page speaks of it: nobody can tell the difference."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.timeline.histories import restless, tried
from tests.timeline.makers import CATALOGUE, PRICING, day, kinds, look, price
from tests.timeline.test_fold_properties import by_steps, written
from timeline import beliefs
from timeline.fold import Folded, State, advance, fold
from timeline.observations import Observation
from timeline.pasts import JsonRow, Past


@contextmanager
def nothing_put_away() -> Iterator[None]:
    kept, beliefs.ENDED = beliefs.ENDED, 1_000_000
    try:
        yield
    finally:
        beliefs.ENDED = kept


def told(folded: Folded) -> tuple[object, ...]:
    """All that a history comes to, with the rows of each key in one piece."""
    keys = {key: {**state, "rows": rows(state)} for key, state in folded.state.keys.items()}
    for state in keys.values():
        state.pop("before", None)
        state.pop("past", None)
    return (*written(folded)[:-1], keys)


def rows(state: Any) -> list[Any]:
    return [*state.get("past", ()), *state.get("rows", ())]


@tried(120, restless(), st.sampled_from([PRICING, CATALOGUE]))
def test_nothing_depends_on_how_much_is_put_away(looks: list[Observation], source: Any) -> None:
    with nothing_put_away():
        whole = told(fold(source, looks))
    assert told(fold(source, looks)) == whole


@tried(60, restless(), st.data())
def test_a_past_kept_elsewhere_is_the_same(looks: list[Observation], data: st.DataObject) -> None:
    assert written(by_steps(PRICING, looks, data)) == written(fold(PRICING, looks))


def never() -> list[JsonRow]:
    raise AssertionError("the past was read")


def test_a_look_costs_what_it_changes_not_how_long_the_history_is() -> None:
    now = State.empty()
    for number in range(40):
        now, step = advance(PRICING, now, look(day(number), price(str(2 + number % 3))))
    ((key, state),) = now.keys.items()
    assert (len(state["rows"]), len(state["past"])) == (4, 36)
    (belief,) = step.beliefs
    assert len(belief.rows) <= 5
    lazy = {key: {**state, "past": Past(never)}}
    after, step = advance(PRICING, State.load(now.header, lazy), look(day(40), price("7")))
    assert kinds(step.events) == ["price.changed"]
    assert len(after.keys[key]["past"].added) == 1


def test_a_page_that_restates_the_past_is_heard() -> None:
    looks = [look(day(number), price(str(2 + number % 3))) for number in range(12)]
    restated = look(day(12), price("4", effective_from=date(2026, 7, 3)))
    folded = fold(PRICING, [*looks, restated])
    assert kinds(folded.events)[-1:] == ["price.corrected"]
    assert sum(row.known_to is None for row in folded.rows) == 3
