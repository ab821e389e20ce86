"""What is too odd to be believed at the first look. Nothing here fails a value: a second look releases it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from timeline import retractions
from timeline.facts import Fact
from timeline.keys import canonical
from timeline.notices import Notice
from timeline.prices import PricePoint

SECOND_LOOK = timedelta(minutes=20)  # a second look this much later that reads the same releases a hold
ABSENCE = timedelta(hours=6)  # two good looks this far apart without it: it is gone
MANY = 8  # changes at once, and at least half of what is known, are held together
FACTOR = 5
_GIVEN_AWAY = ("free", "included")
_LIKE_ABSENCE = ("beside_losses", "redenominated", *retractions.REASONS)

Move = tuple[Fact | None, Fact]  # what is believed now, and what the page says


def doubt(old: Fact | None, new: Fact, shown: date | None = None) -> str | None:
    """Why a new value is not believed yet, in one word; None where it is plausible. `shown`: when the old was, last."""
    if isinstance(new, Notice):
        return retractions.doubt(old if isinstance(old, Notice) else None, new, shown)
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


def swapped(moves: Mapping[str, Move], gone: Iterable[Fact]) -> set[str]:
    """Keys that took the price of another one that moved too, or is gone: the reader or the page mixed up two cells.

    Of one model a single such price is odd enough; between models, where prices meet by chance, it takes two.
    """
    moved = {key: (old, new) for key, (old, new) in moves.items() if _is_move(old, new)}
    left = [*(old for old, _ in moved.values()), *gone]
    of_model: dict[str, set[tuple[str, object]]] = {}
    of_meter: dict[str, set[tuple[str, object]]] = {}
    for fact in left:
        if isinstance(fact, PricePoint):
            of_model.setdefault(_model(fact), set()).add((fact.meter, fact.value))
            of_meter.setdefault(_meter(fact), set()).add((fact.model, fact.value))
    columns, rows = set(), set()
    for key, (_, new) in moved.items():
        if isinstance(new, PricePoint):
            others = of_model.get(_model(new), ())
            columns |= {key for meter, value in others if value == new.value and meter != new.meter}
            others = of_meter.get(_meter(new), ())
            rows |= {key for model, value in others if value == new.value and model != new.model}
    return columns | (rows if len(rows) > 1 else set())


def patience(reason: str) -> timedelta:
    """How long something held waits for a second look: what came while something went, as long as that takes."""
    return ABSENCE if reason in _LIKE_ABSENCE else SECOND_LOOK


def _is_move(old: Fact | None, new: Fact) -> bool:
    return isinstance(old, PricePoint) and isinstance(new, PricePoint) and old.value != new.value


def _model(fact: PricePoint) -> str:
    return canonical([fact.model_id or fact.model, dict(fact.conditions), fact.currency, fact.unit])


def _meter(fact: PricePoint) -> str:
    return canonical([fact.meter, dict(fact.conditions), fact.currency, fact.unit])


def too_many(changes: int, known: int) -> bool:
    """True where a page changed so much at once that another page, unit or currency is likelier than news."""
    return changes >= MANY and 2 * changes >= known


def _is_power_of_ten(ratio: Decimal) -> bool:
    digits = ratio.normalize().as_tuple()
    return digits.digits == (1,) and int(digits.exponent) > 0
