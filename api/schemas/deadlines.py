"""What is coming."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schemas.shapes import Envelope, Shape


class Deadline(Shape):
    """Something that will happen on a stated day."""

    date: str = Field(description="The day it is due; of a month its first day.")
    stated: str = Field(description="As precise as the page is: a day or a month.")
    kind: str = Field(description="deprecation, retirement, price or rule.")
    firm: bool = Field(description="false: not before that day.")
    provider: str
    subject_kind: str
    model: str
    model_id: str | None
    status: str | None
    replacements: list[str] | None
    scope: dict[str, Any] | None
    meter: str | None
    conditions: dict[str, str | int] | None
    amount: str | None
    currency: str | None
    per: int | str | None
    unit: str | None
    days_left: int
    seen_until: datetime | None
    source: str
    trust: str
    locator: str
    key: str
    first_snapshot: str | None
    known_from: datetime = Field(description="Since when the evidence says so.")
    jurisdiction: str | None = Field(description="Where a rule binds: EU, US, US-CA, UK, KR...")
    binding: str | None = Field(description="How a rule binds: applies, in_force, effective or compliance.")
    url: str | None = Field(description="Where the regulator says so, of rules.")


class DeadlinePage(Envelope[Deadline]):
    """Deadlines, soonest first."""
