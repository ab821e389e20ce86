"""What a catalogue alone is not believed to mean: its prices stand as it writes them, and nobody is told of the move.

A slip (a wrong unit, two columns mixed up, a 0 for what is not known) is likelier there than news of that kind. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from timeline.events import Event

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
    waiting: Settling | None, was: str, now: str, events: Sequence[Event], at: datetime
) -> tuple[Settling | None, tuple[str, ...]]:
    """What waits after a change from one signature to another, and the ids of events not worth telling any more.

    What is taken back before it settled is not worth telling, nor is its return.
    """
    ids = tuple(event.id for event in events)
    if waiting is None or at >= waiting.until:
        return Settling(until=at + SETTLE, base=was, events=ids), ()
    if now != waiting.base:
        return Settling(until=at + SETTLE, base=waiting.base, events=ids), waiting.events
    return None, (*waiting.events, *ids)


def zeroed(events: Iterable[Event]) -> bool:
    """Whether a price became nothing, or came of nothing: 0 is what catalogues write for what they do not know."""
    return any(event.kind == "price.changed" and not (_amount(event.old) and _amount(event.new)) for event in events)


def _amount(side: object) -> Decimal:
    amount = side.get("amount") if isinstance(side, dict) else None
    return Decimal(str(amount)) if amount is not None else Decimal(0)
