"""What a catalogue alone cannot prove: it stands as written, and nobody is told."""

import pytest

from tests.timeline.makers import CATALOGUE, day, look, price, price_at
from timeline.fold import fold
from timeline.observations import Folded
from timeline.prices import PricePoint


def history(*facts: tuple[PricePoint, ...]) -> Folded:
    """A look every ten days."""
    return fold(CATALOGUE, [look(day(10 * number), *stated) for number, stated in enumerate(facts)])


def news(folded: Folded) -> list[str]:
    return [event.headline for event in folded.events if not event.baseline and event.id not in folded.moot]


def reasons(folded: Folded) -> list[str]:
    return [one.reason for one in folded.held]


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (price("3000"), "power_of_ten"),
        (price("0.000003"), "power_of_ten"),
        (price("16"), "moved_5x"),
        (price("0"), "zero"),
        (price(None, state="included"), "zero"),
    ],
)
def test_an_odd_price_stands_and_is_told_nobody_nor_is_its_end(odd: PricePoint, reason: str) -> None:
    slipped = history((price("3"),), (odd,))
    assert news(slipped) == []
    assert price_at(slipped, odd.key, day(11), day(11)) == ("included" if odd.amount is None else str(odd.amount))
    (one,) = slipped.held
    assert (one.reason, one.since) == (reason, day(10))
    assert "believed and not told: input $3 per 1M tokens became" in one.detail
    mended = history((price("3"),), (odd,), (price("3"),))
    assert news(mended) == []
    assert reasons(mended) == []


def test_meters_that_take_each_others_price_are_told_nobody() -> None:
    swapped = history(
        (price("3.75", meter="cache_read"), price("2.3", meter="cache_write")),
        (price("2.3", meter="cache_read"), price("3.75", meter="cache_write")),
    )
    assert news(swapped) == []
    assert reasons(swapped) == ["swapped", "swapped"]


def test_half_a_catalogue_at_once_is_told_nobody() -> None:
    before = tuple(price("3", model=f"model {number}") for number in range(10))
    after = tuple(price("4", model=f"model {number}") for number in range(10))
    many = history(before, after)
    assert news(many) == []
    assert set(reasons(many)) == {"many_at_once"}
    assert price_at(many, after[0].key, day(11), day(11)) == "4"


def test_a_plain_change_after_a_doubted_one_is_told() -> None:
    folded = history((price("30"),), (price("3"),), (price("2.4"),))
    assert len(news(folded)) == 1
    assert "from $3 to $2.40" in news(folded)[0]
    assert reasons(folded) == ["settling"]


def test_an_operator_who_accepts_a_capture_lets_it_be_told() -> None:
    folded = fold(CATALOGUE, [look(day(0), price("3")), look(day(10), price("30"), verdict="accepted")])
    assert len(news(folded)) == 1


def test_nothing_of_an_import_waits_to_be_told() -> None:
    looks = [look(day(0), price("3"), origin="import"), look(day(10), price("4"), origin="import")]
    assert reasons(fold(CATALOGUE, looks)) == []
    live = [*looks, look(day(20), price("3.5"))]
    assert reasons(fold(CATALOGUE, live)) == ["settling"]
