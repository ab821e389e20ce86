"""What a page does not show although it may be for sale is neither there nor gone."""

from dataclasses import replace

from tests.timeline.makers import PRICING, day, held, kinds, look, price, told
from timeline.fold import State, advance, fold, has_pending
from timeline.gaps import Cover, Shape

IN, OUT = price("3"), price("15", meter="output")
TWIN = Shape(form="markdown")
LOST = Cover(titles={"fine-tuning": 1})
HOLED = Shape(form="html", empty={"fine-tuning": 1})


def test_what_a_lost_section_held_is_never_gone_while_it_is_empty() -> None:
    looks = [
        look(day(0), IN, OUT),
        look(day(1), IN, shape=HOLED, covered={OUT.key: LOST}),
        look(day(2), IN, shape=HOLED),
        look(day(30), IN, shape=HOLED, last_of_import=True),
    ]
    folded = fold(PRICING, looks)
    assert told(folded) == []
    assert [(one.reason, one.since) for one in folded.held] == [("not_shown", day(1))]
    assert "fine-tuning" in folded.held[0].detail


def test_once_the_section_is_back_or_gone_absence_counts_from_there() -> None:
    looks = [
        look(day(0), IN, OUT),
        look(day(1), IN, shape=HOLED, covered={OUT.key: LOST}),
        look(day(2), IN, shape=Shape(form="html")),
        look(day(3), IN, shape=Shape(form="html")),
    ]
    (event,) = [event for event in fold(PRICING, looks).events if not event.baseline]
    assert (event.kind, event.observed_after, event.observed_at) == ("price.delisted", day(0), day(2))


def test_a_form_that_never_showed_a_price_cannot_delist_it() -> None:
    first = look(day(0), IN, OUT, shape=Shape(form="html"))
    looks = [first, look(day(1), IN, shape=TWIN), look(day(9), IN, shape=TWIN)]
    assert told(fold(PRICING, looks)) == []
    shown = [*looks, look(day(10), IN, OUT, shape=TWIN), look(day(11), IN, shape=TWIN), look(day(12), IN, shape=TWIN)]
    assert kinds(fold(PRICING, shown).events) == ["price.delisted"]


def test_a_first_miss_is_not_confirmed_by_another_form() -> None:
    form = Shape(form="html")
    looks = [look(day(0), IN, OUT, shape=form), look(day(1), IN, shape=form), look(day(2), IN, shape=TWIN)]
    assert told(fold(PRICING, looks)) == []
    assert kinds(fold(PRICING, [*looks, look(day(3), IN, shape=form)]).events) == ["price.delisted"]


def test_a_price_that_is_back_behind_a_gap_is_compared_with_what_it_was() -> None:
    looks = [look(day(0), IN, OUT), look(day(1), IN, shape=HOLED, covered={OUT.key: LOST})]
    same = fold(PRICING, [*looks, look(day(2), IN, OUT)])
    assert (told(same), list(same.held)) == ([], [])
    cut = fold(PRICING, [*looks, look(day(2), IN, price("12", meter="output"))])
    (event,) = [event for event in cut.events if not event.baseline]
    assert (event.kind, event.observed_after, event.observed_at) == ("price.changed", day(0), day(2))


def test_a_price_with_two_values_is_neither_there_nor_gone() -> None:
    torn = {OUT.key: Cover(contradicted=True)}
    looks = [look(day(0), IN, OUT), *(look(day(number), IN, covered=torn) for number in (1, 2, 3))]
    folded = fold(PRICING, looks)
    assert told(folded) == []
    assert [one.reason for one in folded.held] == ["conflict"]
    gone = fold(PRICING, [*looks, look(day(4), IN), look(day(5), IN)])
    assert [(event.kind, event.observed_at) for event in gone.events if not event.baseline] == [
        ("price.delisted", day(4))
    ]


def test_an_operator_who_takes_the_page_as_it_is_ends_the_wait() -> None:
    looks = [
        look(day(0), IN, OUT),
        look(day(1), IN, shape=HOLED, covered={OUT.key: LOST}),
        look(day(2), IN, shape=HOLED, verdict="accepted"),
    ]
    assert kinds(fold(PRICING, looks).events) == ["price.delisted"]


def test_a_gap_asks_for_no_second_look_and_survives_a_page_that_is_refused() -> None:
    now = State.empty()
    looks = [
        look(day(0), IN, OUT),
        look(day(1), IN, shape=HOLED, covered={OUT.key: LOST}),
        look(day(2), verdict="bad"),
    ]
    for seen in looks:
        now, _ = advance(PRICING, now, seen)
    assert not has_pending(now.header, day(3))
    assert [one.reason for one in held(now)] == ["not_shown"]
    now, step = advance(PRICING, now, replace(looks[1], at=day(3), covered={}, unchanged=True))
    assert not step.events
