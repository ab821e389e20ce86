"""A catalogue of which most prices moved by one power of ten counts in another unit than before. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from timeline.facts import Fact
from timeline.issues import Issue
from timeline.prices import PricePoint, compared

_FEW = 10  # prices that both have, below which a share says nothing
_SHARE = 0.5


def rescaled(facts: Sequence[Fact], before: Sequence[Fact]) -> Iterator[Issue]:
    """A fatal issue where at least half of the prices that both have are ten, a hundred, a thousand times the old ones.

    Or that part of them: no market moves like that, and whoever changes a unit changes it everywhere.
    """
    old = {fact.key: fact for fact in before if isinstance(fact, PricePoint) and fact.unit_amount}
    both = [(old[fact.key], fact) for fact in facts if isinstance(fact, PricePoint) and fact.key in old]
    moves = Counter(power for was, now in both if was.value != now.value and (power := _power(was, now)))
    for power, times in moves.most_common(1):
        if len(both) >= _FEW and times >= len(both) * _SHARE:
            much = f"{10 ** abs(power):,} times" if power > 0 else f"a {10 ** abs(power):,}th of"
            message = (
                f"{times:,} of {len(both):,} prices are {much} what the last good capture has: "
                "they are in another unit, or slipped"
            )
            yield Issue(code="rescaled", message=message, fatal=True)


def _power(was: PricePoint, now: PricePoint) -> int:
    """By which power of ten a price moved; 0 for any other move."""
    if not was.unit_amount or not now.unit_amount:
        return 0
    up = now.unit_amount > was.unit_amount
    ratio = now.unit_amount / was.unit_amount if up else was.unit_amount / now.unit_amount
    return _exponent(ratio) if up else -_exponent(ratio)


def _exponent(ratio: Decimal) -> int:
    digits = compared(ratio).normalize().as_tuple()
    return int(digits.exponent) if digits.digits == (1,) and int(digits.exponent) > 0 else 0
