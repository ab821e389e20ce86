"""What a catalogue alone is not believed to mean: its prices stand as it writes them, and nobody is told of the move.

A slip (a wrong unit, two columns mixed up, a 0 for what is not known) is likelier there than news of that kind. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from timeline.events import Event
from timeline.facts import Fact
from timeline.keys import canonical
from timeline.prices import PricePoint

SETTLE = timedelta(hours=48)  # what a catalogue or reseller says is told when it has stood this long


@dataclass(frozen=True, kw_only=True, slots=True)
class Settling:
    """What a catalogue said before it changed its mind, while alerts still wait."""

    until: datetime
    base: str  # signature of what was told last
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """Why what is believed of a key was told nobody. `base`: signature of what was believed before."""

    reason: str  # as in observations.Held
    base: str


def settle(
    waiting: Settling | None, was: str, now: str, ids: tuple[str, ...], at: datetime
) -> tuple[Settling | None, tuple[str, ...]]:
    """What waits after a change from one signature to another, and the ids of events not worth telling any more.

    `ids` are those of the events that tell the change. What is taken back before it settled is not worth telling, and
    its return is not either.
    """
    if waiting is None or at > waiting.until:
        return Settling(until=at + SETTLE, base=was, events=ids), ()
    if now != waiting.base:
        return Settling(until=at + SETTLE, base=waiting.base, events=ids), waiting.events
    return None, (*waiting.events, *ids)


def swapped(moves: Mapping[str, tuple[Fact | None, Fact]]) -> set[str]:
    """Keys that took the price of another meter of the same listing that moved too: two columns were mixed up.

    Between listings prices meet by chance: there are thousands.
    """
    moved = {
        key: (old, new)
        for key, (old, new) in moves.items()
        if isinstance(old, PricePoint) and isinstance(new, PricePoint) and old.value != new.value
    }
    left: dict[str, set[tuple[str, object]]] = {}
    for old, _ in moved.values():
        left.setdefault(_listing(old), set()).add((old.meter, old.value))
    return {
        key
        for key, (_, new) in moved.items()
        if any(value == new.value and meter != new.meter for meter, value in left.get(_listing(new), ()))
    }


def zeroed(events: Iterable[Event]) -> bool:
    """Whether a price became nothing, or came of nothing: 0 is what catalogues write for what they do not know."""
    return any(event.kind == "price.changed" and not (_amount(event.old) and _amount(event.new)) for event in events)


def _amount(side: object) -> Decimal:
    amount = side.get("amount") if isinstance(side, dict) else None
    return Decimal(str(amount)) if amount is not None else Decimal(0)


def _listing(fact: PricePoint) -> str:
    return canonical([fact.model, dict(fact.conditions), fact.currency, fact.unit])
