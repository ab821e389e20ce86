"""Noise and damage: what pages do every day tells nothing, what breaks them is held, the truth comes through."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.timeline.makers import LIFECYCLE, PRICING, day, held, kinds, look, notice, price
from timeline.facts import Fact
from timeline.fold import State, advance
from timeline.notices import Notice
from timeline.observations import SourceInfo
from timeline.prices import PricePoint

METERS = {"input": "3", "cache_read": "0.30", "cache_write": "3.75", "output": "15"}
PRICES = [
    price(str(Decimal(amount) * size), f"Claude {size}", meter)
    for size in (1, 2, 3, 4, 7)
    for meter, amount in METERS.items()
]
NOTICES = [
    notice(
        f"gpt-{number}",
        "deprecated" if number % 2 else "active",
        retires_on="2027-05-01" if number % 2 else None,
        replacements=("gpt-x", "gpt-y"),
    )
    for number in range(12)
]


def reprinted(fact: Fact, chance: random.Random) -> Fact:
    """The same meaning, from another place and in other digits."""
    place = f"table {chance.randint(1, 9)} row {chance.randint(1, 99)}"
    if isinstance(fact, PricePoint) and fact.amount is not None:
        shift = chance.choice([Decimal(1), Decimal(1000), Decimal(1_000_000)])
        amount = fact.amount / shift + Decimal(chance.choice(["0", "0.00", "0.0000"]))
        return replace(fact, amount=amount, per=fact.per / shift, locator=place, label=str(chance.random()))
    if isinstance(fact, Notice):
        several = tuple(chance.sample(fact.replacements, len(fact.replacements)))
        return replace(fact, replacements=several, locator=place, label=str(chance.random()))
    return replace(fact, locator=place)


def test_a_thousand_captures_of_unchanged_meaning_tell_nothing() -> None:
    chance = random.Random(7)
    pages: list[tuple[SourceInfo, list[Fact]]] = [(PRICING, [*PRICES]), (LIFECYCLE, [*NOTICES])]
    for source, facts in pages:
        now, _ = advance(source, State.empty(), look(day(0), *facts))
        for number in range(500):
            noisy = [reprinted(fact, chance) for fact in chance.sample(list(facts), len(facts))]
            if number % 7 == 0:
                noisy.append(reprinted(chance.choice(noisy), chance))  # a row that stands on the page twice
            now, step = advance(source, now, look(day(1) + timedelta(minutes=number), *noisy))
            assert not step.events
            assert not step.beliefs
            assert not held(now)


Damage = Callable[[Sequence[PricePoint], random.Random], list[PricePoint]]


def truncated(facts: Sequence[PricePoint], chance: random.Random) -> list[PricePoint]:
    return list(facts[: chance.randint(0, len(facts) - 1)])


def rows_gone(facts: Sequence[PricePoint], chance: random.Random) -> list[PricePoint]:
    return chance.sample(list(facts), len(facts) - chance.randint(1, min(6, len(facts))))


def times(factor: str) -> Damage:
    def damage(facts: Sequence[PricePoint], chance: random.Random) -> list[PricePoint]:
        hit = set(chance.sample(range(len(facts)), chance.randint(1, len(facts))))
        return [
            replace(fact, amount=(fact.amount or Decimal(0)) * Decimal(factor)) if place in hit else fact
            for place, fact in enumerate(facts)
        ]

    return damage


def swapped(facts: Sequence[PricePoint], chance: random.Random) -> list[PricePoint]:
    """Two columns of the table are mixed up, for one model or for all."""
    one, other = chance.sample(list(METERS), 2)
    model = chance.choice([None, facts[0].model])
    exchanged = {one: other, other: one}
    return [
        replace(fact, meter=exchanged.get(fact.meter, fact.meter)) if model in (None, fact.model) else fact
        for fact in facts
    ]


def other_page(facts: Sequence[PricePoint], chance: random.Random) -> list[PricePoint]:
    return [replace(fact, model=f"Other {fact.model}", amount=Decimal(chance.randint(1, 9))) for fact in facts]


def other_currency(facts: Sequence[PricePoint], chance: random.Random) -> list[PricePoint]:
    return [replace(fact, currency=chance.choice(["EUR", "CNY"])) for fact in facts]


DAMAGES: dict[str, Damage] = {
    "truncated": truncated,
    "rows gone": rows_gone,
    "x1000": times("1000"),
    "x0.001": times("0.001"),
    "x0": times("0"),
    "swapped": swapped,
    "other page": other_page,
    "other currency": other_currency,
}


@pytest.mark.parametrize("size", [4, 20])
@pytest.mark.parametrize("name", DAMAGES)
def test_damage_tells_no_price_and_the_true_change_after_it_is_told_once(name: str, size: int) -> None:
    """104 damaged captures; after each the price of one model is really cut."""
    for seed in range(7 if size == 20 else 6):
        chance = random.Random(f"{name} {seed}")
        facts = PRICES[:size]
        now, _ = advance(PRICING, State.empty(), look(day(0), *facts))
        now, step = advance(PRICING, now, look(day(1), *DAMAGES[name](facts, chance)))
        assert not step.events
        assert not step.beliefs
        assert list(held(now)), "an operator sees that something is wrong"
        true = [replace(facts[0], amount=Decimal("2.5")), *facts[1:]]
        told = []
        for hours in (1, 2, 9):
            now, step = advance(PRICING, now, look(day(1) + timedelta(hours=hours), *true))
            told += [(event.kind, event.key, event.observed_at) for event in step.events]
        assert told == [("price.changed", facts[0].key, day(1) + timedelta(hours=1))]
        assert not list(held(now))


def test_a_damaged_lifecycle_page_withdraws_nothing() -> None:
    now, _ = advance(LIFECYCLE, State.empty(), look(day(0), *NOTICES))
    for number, kept in enumerate((0, 3, 11), 1):
        now, step = advance(LIFECYCLE, now, look(day(number), *NOTICES[:kept]))
        assert not kinds(step.events)
        now, step = advance(LIFECYCLE, now, look(day(number + 0.1), *NOTICES))
        assert not kinds(step.events)
    assert not list(held(now))
