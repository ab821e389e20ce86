"""Random histories of a source, and how many of them a property is tried with."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.timeline.makers import START, item, look, notice, price
from timeline.facts import Fact
from timeline.news import NewsItem
from timeline.notices import Notice, Status
from timeline.observations import Observation
from timeline.prices import PricePoint, PriceState


def tried(share: int, *given_by: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A property as a test with `share` examples of the 2,600 of a plain run, and 22 times as many in a torture run."""

    def decorate(body: Callable[..., None]) -> Callable[..., None]:
        @pytest.mark.parametrize(
            "run",
            [
                pytest.param(_run(body, given_by, max(share // 2, 1), again=True), id="plain"),
                pytest.param(
                    _run(body, given_by, 22 * share, again=False),
                    id="torture",
                    marks=[pytest.mark.torture, pytest.mark.timeout(7200)],
                ),
            ],
        )
        def test(run: Callable[[], None]) -> None:
            run()

        test.__name__, test.__doc__, test.__module__ = body.__name__, body.__doc__, body.__module__
        return test

    return decorate


def _run(body: Callable[..., None], given_by: Sequence[st.SearchStrategy[Any]], examples: int, *, again: bool) -> Any:
    """`again`: the same examples each time, so that a plain run is repeatable."""
    limits = settings(
        max_examples=examples,
        deadline=None,
        derandomize=again,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    return limits(given(*given_by)(body))


DAYS = st.integers(-20, 40).map(lambda days: date(2026, 7, 10) + timedelta(days=days))
AMOUNTS = st.sampled_from(["1", "2", "2.00", "3", "4", "10", "20", "0.2"])
MODELS = st.sampled_from(["Claude A", "Claude B"])
METERS = st.sampled_from(["input", "output", "cache_read"])
STATUSES: list[Status] = ["active", "legacy", "deprecated", "retired"]
MOVES = st.sampled_from(
    ["page", "edit", "alter", "alter", "alter", "back", "same", "same", "same", "bad", "accepted", "mass", "mass"]
)
GAPS = st.sampled_from([0.004, 0.01, 0.02, 0.15, 0.3, 1, 3, 8, 20])


@st.composite
def prices(draw: st.DrawFn) -> Fact:
    """A price of a small world: few keys, so that histories are about the same things."""
    dated: dict[str, Any] = {}
    if draw(st.integers(0, 5)) == 0:
        dated["effective_from"] = draw(DAYS)
    if draw(st.integers(0, 5)) == 0:
        dated["effective_to"] = draw(DAYS)
        dated["qualifier"] = draw(st.sampled_from([None, None, "at least until"]))
    model, meter, state = draw(MODELS), draw(METERS), draw(st.integers(0, 12))
    if state == 0:
        return price(None, model, meter, state=draw(st.sampled_from(["not_offered", "varies", "unknown"])), **dated)
    if state == 1:
        return price("0", model, meter, state="free", **dated)
    fact = price(draw(AMOUNTS), model, meter, locator=draw(st.sampled_from(["row 1", "row 2"])), **dated)
    if draw(st.integers(0, 4)) == 0 and fact.amount is not None:
        return replace(fact, amount=fact.amount / 1000, per=Decimal(1000))  # the same price, printed differently
    return fact


@st.composite
def notices(draw: st.DrawFn) -> Fact:
    firm = draw(st.sampled_from([None, None, "firm", "floor"]))
    day = draw(DAYS).isoformat()
    return notice(
        draw(st.sampled_from(["gpt-a", "gpt-b", "gpt-c"])),
        draw(st.sampled_from(["active", "active", "legacy", "deprecated", "retired"])),
        announced_on=draw(st.sampled_from([None, "2026-05-01", "2026-06-01"])),
        labelled=draw(st.booleans()),
        retires_on=day if firm == "firm" else None,
        not_before=day if firm == "floor" else None,
        deprecates_on=draw(st.one_of(st.none(), DAYS.map(date.isoformat))),
        replacements=draw(st.sampled_from([(), ("gpt-a",), ("gpt-b",), ("gpt-x", "gpt-y"), ("gpt-y", "gpt-x")])),
    )


NEWS = st.builds(item, st.sampled_from(["a", "b", "c"]), st.sampled_from(["One", "Two"]))


@st.composite
def pages(draw: st.DrawFn, facts: st.SearchStrategy[Fact]) -> tuple[Fact, ...]:
    return tuple(draw(st.lists(facts, max_size=7)))


@st.composite
def histories(draw: st.DrawFn, facts: st.SearchStrategy[Fact] | None = None, size: int = 9) -> list[Observation]:
    """Looks in order: new pages, edits of the last, the same bytes again, bad captures, gaps of minutes to weeks."""
    known = st.one_of(prices(), prices(), notices(), NEWS) if facts is None else facts
    looks: list[Observation] = []
    when, page = START, draw(pages(known))
    for _ in range(draw(st.integers(1, size))):
        move = draw(MOVES)
        if move == "page":
            page = draw(pages(known))
        elif move == "alter":
            page = altered(draw, page)
        elif move in ("edit", "accepted"):
            page = edited(draw, page, known)
        elif move == "back" and looks:
            page = tuple(draw(st.sampled_from(looks)).facts)
        elif move == "mass":
            page = many(draw)
        looks.append(told(when, page, move, looks))
        when += timedelta(days=draw(GAPS))
    if draw(st.booleans()):
        looks[-1] = replace(looks[-1], last_of_import=True)
    return looks


@st.composite
def restless(draw: st.DrawFn, size: int = 24) -> list[Observation]:
    """Looks at a price that moves at most of them, is gone at some, and sometimes restates what it was long ago."""
    looks: list[Observation] = []
    for number in range(draw(st.integers(6, size))):
        when = START + timedelta(days=2 * number)
        past = st.integers(-3, 2 * number + 9).map(lambda days: (START + timedelta(days=days)).date())
        dated: dict[str, Any] = {}
        if draw(st.integers(0, 6)) == 0:
            dated["effective_from"] = draw(past)
        if draw(st.integers(0, 9)) == 0:
            dated["effective_to"] = draw(past)
        fact = price(draw(st.sampled_from(["1", "1.5", "2", "2.5", "3", "3", "40"])), **dated)
        looks.append(look(when, *([] if draw(st.integers(0, 9)) == 0 else [fact])))
    if draw(st.booleans()):
        looks[-1] = replace(looks[-1], last_of_import=True)
    return looks


def told(when: datetime, page: Sequence[Fact], move: str, looks: Sequence[Observation]) -> Observation:
    if move == "bad":
        return look(when, verdict="bad")
    same = bool(looks) and looks[-1].verdict != "bad" and tuple(looks[-1].facts) == tuple(page)
    seen = look(when, *page, verdict="accepted" if move == "accepted" else "good", unchanged=same)
    return replace(seen, capture=looks[-1].capture) if same else seen


def edited(draw: st.DrawFn, page: Sequence[Fact], facts: st.SearchStrategy[Fact]) -> tuple[Fact, ...]:
    """The page with a fact less, and another one changed or new."""
    kept, less = list(page), draw(st.booleans())
    if kept and less:
        kept.pop(draw(st.integers(0, len(kept) - 1)))
    if draw(st.booleans()):
        new = draw(facts)
        kept = [*(fact for fact in kept if fact.key != new.key), new]
    return tuple(kept)


def altered(draw: st.DrawFn, page: Sequence[Fact]) -> tuple[Fact, ...]:
    """The page with one value changed, or with two values exchanged."""
    kept = list(page)
    places = [place for place, fact in enumerate(kept) if not isinstance(fact, NewsItem)]
    if not places:
        return tuple(kept)
    one, other = draw(st.sampled_from(places)), draw(st.sampled_from(places))
    fact, rival = kept[one], kept[other]
    if isinstance(fact, PricePoint):
        if isinstance(rival, PricePoint) and one != other:
            kept[one], kept[other] = (
                replace(fact, amount=rival.amount, state=rival.state, per=rival.per),
                replace(rival, amount=fact.amount, state=fact.state, per=fact.per),
            )
        else:
            amount = draw(st.one_of(st.just(fact.amount), AMOUNTS.map(Decimal)))
            state: PriceState = fact.state if amount == fact.amount else "priced"
            kept[one] = replace(fact, amount=amount, state=state, effective_from=draw(st.one_of(st.none(), DAYS)))
    elif isinstance(fact, Notice):
        day = draw(st.one_of(st.none(), DAYS.map(date.isoformat)))
        status: Status = draw(st.sampled_from(STATUSES))
        kept[one] = replace(fact, status=status, retires_on=day, not_before=None)
    return tuple(kept)


def many(draw: st.DrawFn) -> tuple[Fact, ...]:
    """A list of nine models, to be changed all at once."""
    amount, status = draw(st.sampled_from([("1", "active"), ("2", "legacy"), ("3", "deprecated")]))
    numbers = range(draw(st.integers(6, 9)))
    if draw(st.booleans()):
        return tuple(price(amount, f"Claude {number}") for number in numbers)
    return tuple(notice(f"gpt-{number}", status, retires_on="2026-07-20", replacements=(amount,)) for number in numbers)
