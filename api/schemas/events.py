"""Changes, and who else saw them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from api.schemas.shapes import Capture, Envelope, Shape


class Event(Shape):
    """A change: immutable, dated, evidenced."""

    id: str = Field(description="Stays the same when history is read again.")
    kind: str = Field(examples=["price.changed"])
    source: str
    provider: str
    subject_kind: str | None
    model: str | None = Field(description="As printed.")
    model_id: str | None
    meter: str | None
    conditions: dict[str, str | int]
    old: dict[str, Any] | None
    new: dict[str, Any] | None = Field(
        description="Of price.*: amount (text), state, currency, per, unit; of model.*: status, dates, replacements."
    )
    change_pct: str | None = Field(description="Per cent, signed.", examples=["-80"])
    direction: Literal["cut", "rise"] | None
    effective_at: str | None = Field(description="A month, a day or a time: as precise as is known.")
    observed_after: datetime | None = Field(description="The last look without the change.")
    observed_at: datetime = Field(description="The first good look with it.")
    recorded_at: datetime
    origin: Literal["live", "import", "bundled"]
    trust: str
    baseline: bool = Field(description="Listed by the first reading of its source: no change.")
    late: bool = Field(description="An earlier reading should have told it.")
    before: Capture | None
    after: Capture | None
    locator: str = Field(description="Where in the document.")
    headline: str
    key: str = Field(description="What makes it the same fact over time, within its source.")
    position: int = Field(description="Order in which aiwire recorded it.")
    withdrawn_at: datetime | None
    withdrawn_because: str | None
    evidence: str = Field(description="The page that shows the proof.")


class EventPage(Envelope[Event]):
    """Events, newest first."""


class Witness(Shape):
    """Another source's event that tells the same."""

    id: str
    source: str
    teller: str = Field(description="Whose page, feed or catalogue that is.")
    trust: str
    observed_at: datetime = Field(description="When it was first seen there.")
    url: str | None
    headline: str


class EventInFull(Event):
    """A change, with who else saw it."""

    witnesses: list[Witness] = Field(description="Other sources that tell the same, the earliest first.")


class EventAnswer(Shape):
    """One event."""

    data: EventInFull
    next: None = None
