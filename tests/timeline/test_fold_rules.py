"""Each rule of the fold by an example."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.timeline.makers import (
    CATALOGUE,
    FEED,
    LIFECYCLE,
    PRICING,
    at,
    day,
    held,
    item,
    kinds,
    look,
    notice,
    now_held,
    price,
    told,
)
from timeline.facts import Fact
from timeline.fold import OutOfOrderError, State, advance, fold, has_pending, tick
from timeline.observations import Observation, SourceInfo, Step

MINUTE = 1 / 24 / 60
HOUR = 1 / 24
MODELS = [f"Claude {number}" for number in range(10)]


def run(looks: Sequence[Observation], source: SourceInfo = PRICING) -> tuple[State, list[Step]]:
    """Look by look."""
    now, steps = State.empty(), []
    for seen in looks:
        now, step = advance(source, now, seen)
        steps.append(step)
    return now, steps


def again(seen: Observation, when: datetime) -> Observation:
    """The same bytes, found again."""
    return replace(seen, at=when, unchanged=True)


def reasons(now: State) -> set[str]:
    return {one.reason for one in held(now)}


# The first capture


def test_a_first_capture_is_the_baseline_and_tells_nobody() -> None:
    folded = fold(PRICING, [look(day(0), price("3"), price("15", meter="output"))])
    assert [event.baseline for event in folded.events] == [True, True]
    assert kinds(folded.events, baseline=True) == ["price.listed", "price.listed"]
    assert all(event.observed_after is None and event.before is None for event in folded.events)


def test_a_first_price_holds_from_when_it_was_seen() -> None:
    (row,) = fold(PRICING, [look(day(0), price("3"))]).rows
    assert (row.row.starts, row.row.ends, row.known_from) == (day(0), None, day(0))


def test_a_first_price_holds_from_its_stated_day() -> None:
    (row,) = fold(PRICING, [look(day(0), price("3", effective_from=date(2026, 3, 1)))]).rows
    assert (row.row.starts, row.row.basis, row.known_from) == (at(2026, 3, 1), "stated", day(0))


def test_an_earlier_look_is_refused() -> None:
    now, _ = run([look(day(1), price("3"))])
    with pytest.raises(OutOfOrderError, match="rebuild the source"):
        advance(PRICING, now, look(day(0), price("3")))


# Absence


def test_missing_once_is_nothing() -> None:
    now, steps = run([look(day(0), price("3"), price("15", meter="output")), look(day(1), price("3"))])
    assert not steps[1].events
    assert [(one.reason, one.model) for one in now_held(steps[1])] == [("missing_once", "Claude Sonnet 5")]
    now, step = advance(PRICING, now, look(day(2), price("3"), price("15", meter="output")))
    assert not step.events
    assert not now_held(step)


def test_missing_twice_is_gone_since_the_first_time() -> None:
    folded = fold(PRICING, [look(day(0), price("3")), look(day(1)), look(day(1.5))])
    (event,) = [event for event in folded.events if not event.baseline]
    assert (event.kind, event.observed_after, event.observed_at) == ("price.delisted", day(0), day(1))
    assert (event.old or {})["amount"] == "3"
    assert event.new is None
    assert [row.row.ends for row in folded.rows if row.known_to is None] == [day(1)]


def test_missing_twice_within_six_hours_is_not_gone() -> None:
    now, steps = run([look(day(0), price("3")), look(day(1)), look(day(1) + timedelta(hours=5))])
    assert not steps[2].events
    assert reasons(now) == {"missing_once"}


def test_a_check_of_the_same_bytes_is_the_second_look() -> None:
    gone = look(day(1))
    now, _ = run([look(day(0), price("3")), gone])
    assert has_pending(now.header, day(1.5))
    _, step = advance(PRICING, now, again(gone, day(1.5)))
    assert kinds(step.events) == ["price.delisted"]


def test_a_bad_capture_is_no_look() -> None:
    _, steps = run([look(day(0), price("3")), look(day(1)), look(day(2), verdict="bad"), look(day(3), price("3"))])
    assert not any(step.events for step in steps[1:])


def test_back_after_delisting_is_listed_again() -> None:
    folded = fold(
        PRICING, [look(day(n), *facts) for n, facts in enumerate([[price("3")], [], [], [price("3")], [], []])]
    )
    assert kinds(folded.events) == ["price.delisted", "price.listed", "price.delisted"]
    assert [event.occurrence for event in folded.events] == [1, 1, 2, 2]
    assert len({event.id for event in folded.events}) == 4


# What is too odd to be believed at once


def leap(new: Fact) -> list[Observation]:
    return [look(day(0), price("3"), price("15", meter="output")), look(day(1), new, price("15", meter="output"))]


@pytest.mark.parametrize(
    ("reason", "new"),
    [
        ("moved_5x", price("16")),
        ("moved_5x", price("0.5")),
        ("power_of_ten", price("30")),
        ("power_of_ten", price("0.003")),
        ("power_of_ten", price("3000")),
        ("zero", price("0")),
        ("zero", price("0", state="free")),
        ("unreadable", price(None, state="unknown")),
        ("moved_5x", price("3", per=Decimal(100_000), effective_from=date(2026, 9, 1))),
    ],
)
def test_an_odd_value_waits_for_a_second_look(reason: str, new: Fact) -> None:
    if reason == "moved_5x" and getattr(new, "effective_from", None):
        reason = "power_of_ten"  # a planned price is judged like a present one
    looks = leap(new)
    now, steps = run(looks)
    assert not steps[1].events
    assert not steps[1].beliefs
    assert reasons(now) == {reason}
    now, step = advance(PRICING, now, again(looks[1], day(1) + timedelta(minutes=19)))
    assert not step.events
    now, step = advance(PRICING, now, again(looks[1], day(1) + timedelta(minutes=20)))
    (event,) = step.events
    assert (event.observed_after, event.observed_at) == (day(0), day(1))
    assert [(one.key, one.known_from) for one in step.beliefs] == [(new.key, day(1))]
    assert not reasons(now)


def test_an_odd_value_that_does_not_stay_never_was() -> None:
    _, steps = run([*leap(price("30")), look(day(2), price("3"), price("15", meter="output"))])
    assert not any(step.events or step.beliefs for step in steps[1:])


def test_another_odd_value_starts_waiting_anew() -> None:
    now, steps = run([*leap(price("30")), look(day(2), price("90"), price("15", meter="output"))])
    assert not steps[2].events
    _, step = advance(PRICING, now, look(day(3), price("90"), price("15", meter="output")))
    (event,) = step.events
    assert (event.observed_after, event.observed_at) == (day(0), day(2))


def test_a_change_short_of_five_times_is_told_at_once() -> None:
    _, steps = run(leap(price("14.99")))
    assert kinds(steps[1].events) == ["price.changed"]


def test_two_meters_that_take_each_others_price_wait() -> None:
    now, steps = run(
        [look(day(0), price("3"), price("6", meter="output")), look(day(1), price("6"), price("3", meter="output"))]
    )
    assert not steps[1].events
    assert reasons(now) == {"swapped"}


@pytest.mark.parametrize(
    ("before", "after", "held"),
    [
        # three columns that moved on by one
        ("input 3, output 5, cache_read 2", "input 2, output 3, cache_read 5", {"swapped"}),
        ("input 3, output 5, cache_read 2", "input 2, output 3", {"swapped", "missing_once"}),
        ("input 3, output 5, cache_read 2", "input 2.5, output 6", {"torn", "missing_once"}),
        ("input 3, output 5, cache_read 2", "input 3, output 5, image 1", {"beside_losses", "missing_once"}),
    ],
)
def test_cells_that_moved_and_what_comes_beside_losses_waits(before: str, after: str, held: set[str]) -> None:
    def prices(text: str) -> list[Fact]:
        return [price(amount, meter=meter) for meter, amount in (each.split() for each in text.split(", "))]

    now, steps = run([look(day(0), *prices(before)), look(day(1), *prices(after))])
    assert not steps[1].events
    assert reasons(now) == held
    _, step = advance(PRICING, now, look(day(1.01), *prices(before)))
    assert not step.events
    assert not now_held(step)


def test_two_rows_that_took_their_neighbours_prices_wait_and_one_does_not() -> None:
    before = [price("3", "A"), price("4", "B"), price("6", "C"), price("9", "D")]
    shifted = [price("4", "A"), price("6", "B"), price("9", "C"), price("9", "D")]
    now, steps = run([look(day(0), *before), look(day(1), *shifted)])
    assert not [event for event in steps[1].events if event.model != "C"]
    assert reasons(now) == {"swapped"}
    _, steps = run([look(day(0), *before), look(day(1), price("4", "A"), price("5", "B"), *before[2:])])
    assert kinds(steps[1].events) == ["price.changed", "price.changed"]


def test_what_comes_beside_losses_is_believed_when_these_are() -> None:
    looks = [look(day(0), price("3")), look(day(1), price("4", "B")), look(day(1.1), price("4", "B"))]
    now, steps = run(looks)
    assert not steps[2].events
    _, step = advance(PRICING, now, look(day(1.3), price("4", "B")))
    assert sorted(kinds(step.events)) == ["price.delisted", "price.listed"]
    assert {event.observed_at for event in step.events} == {day(1)}


def test_half_of_a_page_and_eight_changes_at_once_wait() -> None:
    before = [price("3", model) for model in MODELS]
    after = [price("4", model) if number < 8 else price("3", model) for number, model in enumerate(MODELS)]
    now, steps = run([look(day(0), *before), look(day(1), *after)])
    assert not steps[1].events
    assert {one.reason for one in now_held(steps[1])} == {"many_at_once"}
    _, step = advance(PRICING, now, look(day(2), *after))
    assert kinds(step.events) == ["price.changed"] * 8
    assert {event.observed_at for event in step.events} == {day(1)}


def test_what_changed_again_behind_a_page_that_was_no_accident_is_not_lost() -> None:
    """In an import the next capture is weeks away: most of it confirms the first one, one price has moved on."""
    before = [price("3", model) for model in MODELS]
    after = [price("4", model) for model in MODELS]
    later = [price("5", MODELS[0]), price("3", MODELS[1]), *after[2:9]]
    folded = fold(PRICING, [look(day(0), *before), look(day(30), *after), look(day(60), *later)])
    moved = [(event.model, event.observed_at) for event in folded.events if event.kind == "price.changed"]
    assert sorted(moved) == sorted(
        [(model, day(30)) for model in MODELS if model != MODELS[1]] + [(MODELS[0], day(60))]
    )
    (first,) = [event for event in folded.events if event.model == MODELS[0] and event.observed_at == day(30)]
    assert ((first.old or {})["amount"], (first.new or {})["amount"]) == ("3", "4")
    known = [
        (row.known_from, str(getattr(row.row.fact, "amount", ""))) for row in folded.rows if row.key == before[0].key
    ]
    assert known == [(day(0), "3"), (day(30), "3"), (day(30), "4"), (day(60), "4"), (day(60), "5")]
    assert [one.reason for one in folded.held] == ["missing_once"]


def test_seven_changes_at_once_are_told() -> None:
    after = [price("4", model) if number < 7 else price("3", model) for number, model in enumerate(MODELS)]
    _, steps = run([look(day(0), *(price("3", model) for model in MODELS)), look(day(1), *after)])
    assert len(steps[1].events) == 7


def test_another_currency_where_a_price_stood_waits() -> None:
    now, steps = run([look(day(0), price("3")), look(day(1), price("3", currency="EUR"))])
    assert not steps[1].events
    assert reasons(now) == {"redenominated", "missing_once"}
    _, step = advance(PRICING, now, look(day(2), price("3", currency="EUR")))
    assert sorted(kinds(step.events)) == ["price.delisted", "price.listed"]


def test_in_an_import_the_next_capture_is_the_witness() -> None:
    looks = [look(day(0), price("3")), look(day(30), price("30")), look(day(60), price("30"))]
    folded = fold(PRICING, [replace(seen, origin="import") for seen in looks])
    (event,) = [event for event in folded.events if not event.baseline]
    assert (event.kind, event.observed_at, event.origin) == ("price.changed", day(30), "import")


def test_at_the_end_of_an_import_what_nothing_contradicted_is_true() -> None:
    last = look(day(30), price("30"), last_of_import=True)
    folded = fold(PRICING, [look(day(0), price("3"), price("15", meter="output")), last])
    assert [(event.kind, event.observed_at) for event in folded.events[2:]] == [
        ("price.changed", day(30)),
        ("price.delisted", day(30)),
    ]
    assert not folded.held


def test_an_operator_takes_a_capture_as_it_is() -> None:
    _, steps = run([*leap(price("30"))[:1], look(day(1), price("30"), verdict="accepted")])
    assert kinds(steps[1].events) == ["price.changed", "price.delisted"]


def test_the_operator_sees_what_waits_and_why() -> None:
    now, _ = run(leap(price("30")))
    (one,) = held(now)
    assert (one.reason, one.since, one.model) == ("power_of_ten", day(1), "Claude Sonnet 5")
    assert one.detail == "input $3 per 1M tokens would become input $30 per 1M tokens"


# Catalogues


def test_a_catalogue_is_believed_at_once_and_told_when_it_has_settled() -> None:
    _, steps = run([look(day(0), price("3")), look(day(1), price("4"))], CATALOGUE)
    (event,) = steps[1].events
    assert event.tell_after == day(3)
    assert steps[1].beliefs
    assert [one.reason for one in now_held(steps[1])] == ["settling"]


def test_what_a_catalogue_takes_back_within_two_days_is_not_worth_telling() -> None:
    _, steps = run([look(day(0), price("3")), look(day(1), price("2")), look(day(2), price("3"))], CATALOGUE)
    assert sorted(steps[2].moot) == sorted([steps[1].events[0].id, steps[2].events[0].id])
    assert not now_held(steps[2])


def test_a_catalogue_that_changes_its_mind_again_tells_the_last_word() -> None:
    _, steps = run([look(day(0), price("3")), look(day(1), price("2")), look(day(2), price("1"))], CATALOGUE)
    assert steps[2].moot == [steps[1].events[0].id]
    assert steps[2].events[0].tell_after == day(4)


def test_fields_of_a_router_that_vanish_in_bursts_tell_nothing() -> None:
    """Zero-valued fields were left out of its answers for half a day at a time: no price had changed."""
    router = replace(CATALOGUE, trust="reseller")
    burst = [day(1), day(1.3), day(1.5)]
    folded = fold(router, [look(day(0), price("3"), price("0", meter="image")), *(look(at, price("3")) for at in burst),
                           look(day(1.6), price("3"), price("0", meter="image"))])  # fmt: skip
    assert [event.kind for event in folded.events if not event.baseline and event.id not in folded.moot] == []
    assert not folded.held


def test_what_a_catalogue_says_after_two_days_is_another_change() -> None:
    _, steps = run([look(day(0), price("3")), look(day(1), price("2")), look(day(4), price("3"))], CATALOGUE)
    assert not steps[2].moot


# Planned prices


PROMOTION = (price("2", effective_to=date(2026, 8, 31)), price("3", effective_from=date(2026, 9, 1)))


def test_a_planned_price_takes_effect_by_the_calendar_and_once() -> None:
    now, steps = run([look(day(0), price("2")), look(day(1), *PROMOTION)])
    assert kinds(steps[1].events) == ["price.scheduled"]
    assert not has_pending(now.header, at(2026, 8, 31, 23, 59))
    assert has_pending(now.header, at(2026, 9, 1))
    now, step = tick(PRICING, now, at(2026, 9, 1, 0, 5))
    (event,) = step.events
    assert (event.kind, event.direction, event.observed_at) == ("price.changed", "rise", at(2026, 9, 1))
    assert event.effective_at == "2026-09-01"
    assert (event.before, event.after) != (None, None)
    assert not step.beliefs
    now, step = tick(PRICING, now, at(2026, 9, 2))
    assert not step.events
    _, step = advance(PRICING, now, look(at(2026, 9, 3), price("3")))
    assert not step.events
    assert not step.beliefs


def test_a_planned_price_that_comes_early_is_no_withdrawal() -> None:
    _, steps = run([look(day(0), price("2")), look(day(1), *PROMOTION), look(day(2), price("3"))])
    assert kinds(steps[2].events) == ["price.changed"]


def test_a_planned_price_that_is_put_off_is_called_off_and_planned_anew() -> None:
    later = (price("2", effective_to=date(2026, 9, 30)), price("3", effective_from=date(2026, 10, 1)))
    _, steps = run([look(day(0), *PROMOTION), look(day(1), *later)])
    assert sorted(kinds(steps[1].events)) == ["price.schedule_withdrawn", "price.scheduled"]
    assert [event.effective_at for event in steps[1].events] == ["2026-09-01", "2026-10-01"]


def test_at_least_until_is_no_end() -> None:
    soft = price("2", effective_to=date(2026, 8, 31), qualifier="at least until")
    folded = fold(PRICING, [look(day(0), soft)])
    assert [row.row.ends for row in folded.rows] == [None]


def test_after_a_promotion_nothing_is_known_until_it_is_seen() -> None:
    folded = fold(PRICING, [look(day(0), price("2", effective_to=date(2026, 8, 31))), look(at(2026, 9, 5), price("3"))])
    assert [(row.row.starts, row.row.ends) for row in folded.rows] == [
        (day(0), at(2026, 9, 1)),
        (at(2026, 9, 5), None),
    ]
    assert told(folded) == ["Anthropic raises Claude Sonnet 5 input from $2 to $3 per 1M tokens (+50 %)"]


def test_a_promotion_beside_the_plain_price_ends_in_it() -> None:
    folded = fold(PRICING, [look(day(0), price("3"), price("2", effective_to=date(2026, 8, 31)))])
    assert kinds(folded.events, baseline=True) == ["price.listed", "price.scheduled"]
    assert [str(getattr(row.row.fact, "amount", "")) for row in folded.rows] == ["2", "3"]


def test_a_restated_past_is_a_correction() -> None:
    folded = fold(
        PRICING,
        [
            look(at(2026, 7, 1), price("2")),
            look(at(2026, 7, 10), price("3")),
            look(at(2026, 7, 12), price("3", effective_from=date(2026, 7, 5))),
        ],
    )
    assert kinds(folded.events) == ["price.changed", "price.corrected"]
    event = folded.events[-1]
    assert (event.effective_at, (event.old or {})["amount"], (event.new or {})["amount"]) == ("2026-07-05", "2", "3")


def test_a_change_told_late_counts_from_its_stated_day() -> None:
    looks = [look(at(2026, 7, 1), price("2")), look(at(2026, 7, 10), price("3", effective_from=date(2026, 7, 5)))]
    folded = fold(PRICING, looks)
    (event,) = folded.events[1:]
    assert (event.kind, event.effective_at, event.observed_at) == ("price.changed", "2026-07-05", at(2026, 7, 10))
    believed = [(row.row.starts, row.row.ends) for row in folded.rows if row.known_to is None]
    assert believed == [(at(2026, 7, 1), at(2026, 7, 5)), (at(2026, 7, 5), None)]


def test_no_longer_offered_is_delisted_at_once() -> None:
    _, steps = run([look(day(0), price("3")), look(day(1), price(None, state="not_offered")), look(day(2), price("3"))])
    assert [kinds(step.events) for step in steps[1:]] == [["price.delisted"], ["price.listed"]]


def test_a_price_printed_differently_is_the_same_price() -> None:
    by_the_thousand = price("0.003", per=Decimal(1000))
    apart = [look(day(0), price("3")), look(day(1), by_the_thousand), look(day(2), price("3.00", label="$3.00"))]
    beside = [look(day(0), price("3")), look(day(1), by_the_thousand, price("3.00", label="$3.00"))]
    for looks in (apart, beside):
        now, steps = run(looks)
        assert not any(step.events for step in steps[1:])
        assert reasons(now) == set()
        assert not any(now_held(step) for step in steps)


def test_an_event_has_the_same_id_however_the_page_printed_it() -> None:
    plain = fold(PRICING, [look(day(0), price("3")), look(day(1), price("2"))])
    other = fold(PRICING, [look(day(0), price("0.003", per=Decimal(1000))), look(day(1), price("2.00"))])
    assert [event.id for event in plain.events] == [event.id for event in other.events]


# Names


def test_a_name_that_stands_for_another_model_is_repointed() -> None:
    before = [price("3", "Claude Latest", meter, model_id="claude-4") for meter in ("input", "output")]
    after = [price("2", "Claude Latest", meter, model_id="claude-5") for meter in ("input", "output")]
    folded = fold(PRICING, [look(day(0), *before), look(day(1), *after), look(day(2), *after)])
    (event,) = [event for event in folded.events if not event.baseline]
    assert (event.kind, event.old, event.new) == (
        "model.alias_repointed",
        {"model_id": "claude-4"},
        {"model_id": "claude-5"},
    )
    assert event.headline == "Anthropic points Claude Latest to claude-5 instead of claude-4"


def test_a_reviewed_repointing_is_no_cut() -> None:
    source = SourceInfo(id="openai-pricing", provider="openai", kind="pricing")
    before = replace(price("5", "gpt-4o", model_id="gpt-4o"), provider="openai")
    folded = fold(
        source, [look(at(2024, 9, 30), before), look(at(2024, 10, 3), replace(before, amount=Decimal("2.5")))]
    )
    assert kinds(folded.events) == ["model.alias_repointed"]
    assert [str(getattr(row.row.fact, "amount", "")) for row in folded.rows if row.known_to is None] == ["5", "2.5"]


def test_a_name_that_is_resolved_now_is_no_news() -> None:
    looks = [look(day(0), price("3")), look(day(1), price("3", model_id="claude-sonnet-5"))]
    folded = fold(PRICING, [*looks, again(looks[1], day(2))])
    assert not told(folded)


# A page that contradicts itself


def test_two_values_for_one_key_are_neither_there_nor_gone() -> None:
    now, steps = run(
        [look(day(0), price("3")), look(day(1), price("3"), price("4")), look(day(3), price("3"), price("4"))]
    )
    assert not any(step.events for step in steps[1:])
    assert reasons(now) == {"conflict"}
    _, step = advance(PRICING, now, look(day(4), price("4")))
    (event,) = step.events
    assert (event.observed_after, event.observed_at) == (day(0), day(4))


# Lifecycle


def changes(*facts: Fact) -> list[str]:
    """What is told when a page says this of a model, a day apart, and the last for another day."""
    looks = [look(day(number), fact) for number, fact in enumerate([*facts, facts[-1]])]
    return [kind for kind in kinds(fold(LIFECYCLE, looks).events) if kind != "model.retirement_due"]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ({}, {"retires_on": "2026-12-01"}, "model.retirement_scheduled"),
        ({}, {"not_before": "2026-12-01"}, "model.retirement_scheduled"),
        ({"not_before": "2026-11-01"}, {"retires_on": "2026-12-01"}, "model.retirement_scheduled"),
        ({"retires_on": "2026-11-01"}, {"retires_on": "2026-12-01"}, "model.retirement_moved"),
        ({"not_before": "2026-11-01"}, {"not_before": "2026-12-01"}, "model.retirement_moved"),
        ({"retires_on": "2026-11-01"}, {"not_before": "2026-12-01"}, "model.retirement_withdrawn"),
        ({"retires_on": "2026-11-01"}, {}, "model.retirement_withdrawn"),
        ({"not_before": "2026-11-01"}, {}, "model.retirement_withdrawn"),
        ({"replacements": ("a",)}, {"replacements": ("b",)}, "model.replacement_changed"),
    ],
)
def test_a_notice_that_changes(before: dict[str, Any], after: dict[str, Any], kind: str) -> None:
    assert changes(notice(**before), notice(**after)) == [kind]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"replacements": ("a", "b")}, {"replacements": ("b", "a")}),
        ({"label": "Active"}, {"label": "GA"}),
        ({"locator": "row 1"}, {"locator": "row 2"}),
    ],
)
def test_a_notice_that_says_the_same(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert changes(notice(**before), notice(**after)) == []


def test_a_model_that_first_appears_deprecated_is_listed_and_its_end_scheduled() -> None:
    late = notice("gpt-old", "deprecated", retires_on="2026-12-01", replacements=("gpt-new",))
    folded = fold(LIFECYCLE, [look(day(0), notice()), look(day(1), notice(), late)])
    event, ends = [event for event in folded.events if not event.baseline]
    assert (event.kind, ends.kind) == ("model.listed", "model.retirement_scheduled")
    assert event.new == {
        "status": "deprecated",
        "retires_on": "2026-12-01",
        "not_before": None,
        "replacements": ["gpt-new"],
    }
    assert (ends.old, ends.new) == (None, {"retires_on": "2026-12-01", "not_before": None})


def test_a_date_that_passes_counts_at_the_next_check_and_not_by_the_clock() -> None:
    seen = look(at(2026, 7, 1), notice(status="deprecated", retires_on="2026-07-05"))
    now, _ = run([seen], LIFECYCLE)
    now, step = tick(LIFECYCLE, now, at(2026, 7, 7))
    assert "model.status_changed" not in kinds(step.events)
    assert has_pending(now.header, at(2026, 7, 7))
    now, step = advance(LIFECYCLE, now, again(seen, at(2026, 7, 7)))
    (event,) = step.events
    assert (event.kind, event.new, event.observed_at) == (
        "model.status_changed",
        {"status": "retired"},
        at(2026, 7, 7),
    )
    assert event.effective_at == "2026-07-05"
    assert not has_pending(now.header, at(2026, 8, 7))


@pytest.mark.parametrize(
    "fact",
    [
        notice(status="deprecated", labelled=True, retires_on="2026-07-02"),
        notice(status="active", not_before="2026-07-02"),
        notice(status="deprecated", retires_on="2026-07"),
        notice(status="deprecated", retires_on="2026-07-20"),
    ],
)
def test_labels_floors_and_days_to_come_retire_nobody(fact: Fact) -> None:
    folded = fold(LIFECYCLE, [look(at(2026, 7, 1), fact), look(at(2026, 7, 20), fact)])
    assert "model.status_changed" not in kinds(folded.events)


def test_a_deprecation_date_deprecates_from_that_day_on() -> None:
    fact = notice(status="legacy", deprecates_on="2026-07-20")
    folded = fold(LIFECYCLE, [look(at(2026, 7, 1), fact), look(at(2026, 7, 20), fact)])
    assert [event.new for event in folded.events if not event.baseline] == [{"status": "deprecated"}]


def test_milestones_are_told_on_their_days() -> None:
    now, _ = run([look(at(2026, 7, 1), notice())], LIFECYCLE)
    now, _ = advance(LIFECYCLE, now, look(at(2026, 7, 2), notice(status="deprecated", retires_on="2026-10-01")))
    _, step = tick(LIFECYCLE, now, at(2026, 12, 1))
    assert [(event.observed_at.date(), (event.new or {})["days"]) for event in step.events] == [
        (date(2026, 7, 3), 90),
        (date(2026, 8, 2), 60),
        (date(2026, 9, 1), 30),
        (date(2026, 9, 17), 14),
        (date(2026, 9, 24), 7),
        (date(2026, 9, 30), 1),
        (date(2026, 10, 1), 0),
    ]


def test_a_date_that_moves_takes_its_milestones_along() -> None:
    looks = [
        look(at(2026, 7, 1), notice(status="deprecated", retires_on="2026-08-01")),
        look(at(2026, 7, 10), notice(status="deprecated", retires_on="2026-09-15")),
    ]
    now, _ = run(looks, LIFECYCLE)
    _, step = tick(LIFECYCLE, now, at(2026, 8, 20))
    assert [(event.new or {})["retires_on"] for event in step.events] == ["2026-09-15", "2026-09-15"]
    assert [(event.new or {})["days"] for event in step.events] == [60, 30]


def test_on_a_first_capture_what_is_due_already_is_told() -> None:
    folded = fold(LIFECYCLE, [look(at(2026, 7, 1), notice(status="deprecated", retires_on="2026-08-15"))])
    assert kinds(folded.events) == ["model.retirement_due"]
    assert told(folded) == ["OpenAI retires gpt-4-0314 in 45 days, on 15 August 2026"]


def test_a_catalogue_does_not_ring_the_bell_of_a_retirement() -> None:
    told_of = notice(status="deprecated", retires_on="2026-08-15")
    now, steps = run([look(at(2026, 7, 1), told_of)], CATALOGUE)
    assert not [event for event in steps[0].events if event.kind == "model.retirement_due"]
    _, step = tick(CATALOGUE, now, at(2026, 8, 20))
    assert not step.events


def test_a_status_that_turns_while_a_page_is_held_is_told_at_its_own_look() -> None:
    before = [notice(f"gpt-{number}") for number in range(9)]
    after = [notice(f"gpt-{number}", "deprecated", retires_on="2026-07-20") for number in range(9)]
    folded = fold(
        LIFECYCLE, [look(at(2026, 7, 1), *before), look(at(2026, 7, 10), *after), look(at(2026, 8, 1), *after)]
    )
    statuses = {
        (event.observed_at, (event.new or {})["status"])
        for event in folded.events
        if event.kind == "model.status_changed"
    }
    assert statuses == {(at(2026, 7, 10), "deprecated"), (at(2026, 8, 1), "retired")}
    known = {(row.known_from, getattr(row.row.fact, "status", "")) for row in folded.rows if row.row.ends is None}
    assert known == {(at(2026, 7, 1), "active"), (at(2026, 7, 10), "deprecated"), (at(2026, 8, 1), "retired")}


def test_a_model_that_is_mentioned_no_more_is_delisted() -> None:
    folded = fold(LIFECYCLE, [look(day(0), notice(), notice("gpt-b")), look(day(1), notice()), look(day(2), notice())])
    assert told(folded) == ["OpenAI no longer lists gpt-b"]


# News


def test_news_is_told_once_and_edits_are_not_news() -> None:
    folded = fold(
        FEED,
        [
            look(day(0), item("a")),
            look(day(1), item("b", "New", published_at=datetime(2026, 7, 2, tzinfo=UTC)), item("a")),
            look(day(2), item("b", "New, edited"), item("a")),
            look(day(3), item("b", "New, edited", published_at=datetime(2026, 7, 9, tzinfo=UTC))),
            look(day(9)),
            look(day(20), item("a"), item("b", "New, edited")),
        ],
    )
    assert told(folded) == ["Anthropic: New"]
    believed = [row for row in folded.rows if row.known_to is None]
    assert {getattr(row.row.fact, "title", "") for row in believed} == {"News", "New, edited"}
    assert all(row.row.ends is None for row in believed)
    assert folded.events[-1].effective_at == "2026-07-02T00:00:00+00:00"


def test_a_feed_that_replaces_all_its_entries_is_not_held() -> None:
    folded = fold(FEED, [look(day(0), *map(item, "abcdefghij")), look(day(1), *map(item, "klmnopqrst"))])
    assert len(told(folded)) == 10


def test_an_entry_told_twice_in_one_feed_counts_once() -> None:
    older, newer = (
        item("a", title, published_at=datetime(2026, 7, number, tzinfo=UTC))
        for number, title in ((1, "Old"), (2, "New"))
    )
    folded = fold(FEED, [look(day(0)), look(day(1), newer, older)])
    assert told(folded) == ["Anthropic: New"]


# Evidence


def test_an_event_names_the_captures_before_and_after() -> None:
    first, second = look(day(0), price("3")), look(day(2), price("2"))
    folded = fold(PRICING, [first, again(first, day(1)), second])
    event = folded.events[-1]
    assert (event.before, event.after) == (first.capture, second.capture)
    assert (event.observed_after, event.observed_at) == (day(1), day(2))
    (ended,) = [row.row for row in folded.rows if row.row.ends]
    assert (ended.seen_until, ended.last) == (day(1), first.capture)


def test_what_was_read_well_only_later_is_told_late() -> None:
    folded = fold(PRICING, [look(day(0), price("3")), look(day(1), price("2"), late=True)])
    assert [event.late for event in folded.events] == [False, True]


def test_a_number_that_another_machine_prints_is_the_same_price() -> None:
    """Binary fractions of one price differ in the sixteenth digit; what anybody bills differs long before."""
    looks = [
        look(day(number), price(amount))
        for number, amount in enumerate(("8.333333333333334E-8", "8.33333333333333E-8"))
    ]
    assert kinds(fold(PRICING, looks).events) == []
    looks.append(look(day(2), price("8.3333E-8")))
    assert kinds(fold(PRICING, looks).events) == ["price.changed"]
