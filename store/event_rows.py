"""An event and its row in the store: what either has that the other has not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, LiteralString

from psycopg.rows import dict_row

from store.connect import Connection
from timeline.events import CaptureRef, Event

# Columns of table event that an Event has; `id` is its property.
FIELDS = ("id", *Event.__dataclass_fields__)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredEvent(Event):
    """An event as the store has it. `position` is the order of recording."""

    id: str = ""  # as it was computed when the event was written
    position: int
    recorded_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None
    withdrawn_by: Literal["operator", "rebuild"] | None = None


def as_row(event: Event) -> dict[str, Any]:
    """The event as JSON values for table event."""
    row = {name: getattr(event, name) for name in FIELDS}
    return row | {"before": evidence(event.before), "after": evidence(event.after)}


def evidence(ref: CaptureRef | None) -> dict[str, Any] | None:
    """The capture that an event rests on, as JSON values; `read` gives it back."""
    if ref is None:
        return None
    return {"seq": ref.seq, "url": ref.url, "captured_at": ref.captured_at, "sha256": ref.sha256}


def plain(value: object) -> object:
    """What orjson does not know by itself: amounts keep their digits."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"cannot store {type(value).__name__}: {value!r}")


def read(connection: Connection, query: LiteralString, values: Mapping[str, Any]) -> list[StoredEvent]:
    """The events that a query over table event finds, in its order."""
    names = StoredEvent.__dataclass_fields__.keys()
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query, values).fetchall()
    for row in rows:
        row |= {side: _reference(row[side]) for side in ("before", "after")}
    return [StoredEvent(**{name: row[name] for name in names}) for row in rows]


def _reference(data: Mapping[str, Any] | None) -> CaptureRef | None:
    return None if data is None else CaptureRef(**{**data, "captured_at": datetime.fromisoformat(data["captured_at"])})
