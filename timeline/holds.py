"""What is too odd to be believed at the first look. Nothing here fails a value: a second look releases it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from timeline import retractions
from timeline.facts import Fact
from timeline.figures import Figure
from timeline.keys import canonical
from timeline.notices import Notice
from timeline.page_texts import PageText, is_another
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
    if isinstance(new, Figure | PageText):
        return _doubt_watched(old, new)
    if not isinstance(old, PricePoint) or not isinstance(new, PricePoint) or not old.unit_amount:
        return None
    if new.state == "unknown":
        return "unreadable"
    if new.state in _GIVEN_AWAY or new.unit_amount == 0:
        return "zero"
    return None if new.unit_amount is None else _leap(old.unit_amount, new.unit_amount)


def _doubt_watched(old: Fact | None, new: Figure | PageText) -> str | None:
    """A figure that became nothing, or that moved as no figure does at once; a text of which hardly a line is left."""
    if isinstance(new, PageText):
        return "another_page" if isinstance(old, PageText) and old.text and is_another(old.text, new.text) else None
    if not isinstance(old, Figure) or not old.number or old.number == new.number:
        return None
    if old.unit != new.unit:
        return "another_unit"
    return "zero" if new.number == 0 else _leap(abs(old.number), new.number if old.number > 0 else -new.number)


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
        if isinstance(fact, PricePoint | Figure):
            of_model.setdefault(_model(fact), set()).add((_column(fact), fact.value))
            of_meter.setdefault(_meter(fact), set()).add((_name(fact), fact.value))
    columns, rows = set(), set()
    for key, (_, new) in moved.items():
        if isinstance(new, PricePoint | Figure):
            others = of_model.get(_model(new), ())
            columns |= {key for meter, value in others if value == new.value and meter != _column(new)}
            others = of_meter.get(_meter(new), ())
            rows |= {key for model, value in others if value == new.value and model != _name(new)}
    return columns | (rows if len(rows) > 1 else set())


def patience(reason: str) -> timedelta:
    """How long something held waits for a second look: what came while something went, as long as that takes."""
    return ABSENCE if reason in _LIKE_ABSENCE else SECOND_LOOK


def _is_move(old: Fact | None, new: Fact) -> bool:
    alike = (isinstance(old, kind) and isinstance(new, kind) for kind in (PricePoint, Figure))
    return old is not None and any(alike) and old.value != new.value


def _name(fact: PricePoint | Figure) -> str:
    return fact.subject if isinstance(fact, Figure) else fact.model


def _column(fact: PricePoint | Figure) -> str:
    """What of its line a cell holds. The years of a table are columns too, but what they share says nothing."""
    return fact.measure if isinstance(fact, Figure) else fact.meter


def _model(fact: PricePoint | Figure) -> str:
    if isinstance(fact, Figure):
        return canonical(["figure", fact.subject, dict(fact.scope), fact.period])
    return canonical([fact.model_id or fact.model, dict(fact.conditions), fact.currency, fact.unit])


def _meter(fact: PricePoint | Figure) -> str:
    if isinstance(fact, Figure):
        return canonical(["figure", fact.measure, dict(fact.scope), fact.period])
    return canonical([fact.meter, dict(fact.conditions), fact.currency, fact.unit])


def too_many(changes: int, known: int) -> bool:
    """True where a page changed so much at once that another page, unit or currency is likelier than news."""
    return changes >= MANY and 2 * changes >= known


def _is_power_of_ten(ratio: Decimal) -> bool:
    digits = ratio.normalize().as_tuple()
    return digits.digits == (1,) and int(digits.exponent) > 0
