"""What is too odd to be believed at the first look. Nothing here fails a value: a second look releases it."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from timeline.facts import Fact
from timeline.keys import canonical
from timeline.prices import PricePoint

SECOND_LOOK = timedelta(minutes=20)  # a second look this much later that reads the same releases a hold
ABSENCE = timedelta(hours=6)  # two good looks this far apart without it: it is gone
MANY = 8  # changes at once, and at least half of what is known, are held together
FACTOR = 5
_GIVEN_AWAY = ("free", "included")

Move = tuple[Fact | None, Fact]  # what is believed now, and what the page says


def doubt(old: Fact | None, new: Fact) -> str | None:
    """Why a new value is not believed yet, in one word; None where it is plausible."""
    if not isinstance(old, PricePoint) or not isinstance(new, PricePoint) or not old.unit_amount:
        return None
    if new.state == "unknown":
        return "unreadable"
    if new.state in _GIVEN_AWAY or new.unit_amount == 0:
        return "zero"
    return None if new.unit_amount is None else _leap(old.unit_amount, new.unit_amount)


def _leap(before: Decimal, after: Decimal) -> str | None:
    if min(before, after) <= 0:
        return "moved_5x"
    ratio = max(before, after) / min(before, after)
    if _is_power_of_ten(ratio):
        return "power_of_ten"
    return "moved_5x" if ratio >= FACTOR else None


def swapped(moves: Mapping[str, Move]) -> set[str]:
    """Keys of one model whose meters took each other's price: the reader or the page mixed up two columns."""
    moved: dict[tuple[object, ...], list[str]] = {}
    for key, (old, new) in moves.items():
        if isinstance(old, PricePoint) and isinstance(new, PricePoint) and old.value != new.value:
            group = canonical([new.model_id or new.model, dict(new.conditions), new.currency, new.unit])
            moved.setdefault((group, old.value, new.value), []).append(key)
    return {key for (group, old, new), keys in moved.items() if (group, new, old) in moved for key in keys}


def too_many(changes: int, known: int) -> bool:
    """True where a page changed so much at once that another page, unit or currency is likelier than news."""
    return changes >= MANY and 2 * changes >= known


def _is_power_of_ten(ratio: Decimal) -> bool:
    digits = ratio.normalize().as_tuple()
    return digits.digits == (1,) and int(digits.exponent) > 0
