"""The shapes of the answers, for the OpenAPI document and the tests: handlers write their JSON themselves.

A test holds every answer against its shape. Fields may be added here, never renamed or removed.
"""

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")
AMOUNT = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}


class Shape(BaseModel):
    """The base of all: nothing that is not said here is in an answer."""

    model_config = ConfigDict(extra="forbid", strict=False)


class Envelope(Shape, Generic[T]):
    """A page of a list."""

    data: list[T]
    next: str | None = Field(description="The address of the next page; null on the last one.")


class Capture(Shape):
    """The evidence: which bytes, from where, seen when."""

    seq: int | None = Field(description="Number of the capture within its source; null for bundled history.")
    url: str
    captured_at: datetime
    sha256: str = Field(description="Of the bytes; /v1/snapshots/{sha256} has them.")


class Event(Shape):
    """A change: immutable, dated, evidenced."""

    key: str = Field(description="What makes it the same fact over time, within its source.")
    id: str = Field(description="Stays the same when history is read again.")
    position: int = Field(description="Order in which aiwire recorded it.")
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
    withdrawn_at: datetime | None
    withdrawn_because: str | None
    evidence: str = Field(description="The page that shows the proof.")


class Held(Shape):
    """Something seen and not yet believed."""

    key: str
    model: str | None
    reason: str
    since: datetime
    detail: str


class SourceIssue(Shape):
    """Something that was not understood, or not believed: a person should look."""

    code: str
    message: str
    locator: str
    fatal: bool
    since: datetime
    last_seen: datetime


class GoodCapture(Shape):
    """The newest capture that was believed."""

    seq: int
    url: str
    captured_at: datetime
    last_seen: datetime
    sha256: str
    facts: int | None


class Source(Shape):
    """A page or feed that is watched, and how it does."""

    source: str
    provider: str
    kind: str
    url: str | None
    trust: str
    every: int | None = Field(description="Seconds between two visits.")
    verified: bool
    enabled: bool = Field(description="false: no longer in the configuration; its history stays.")
    muted: bool
    health: str
    health_since: datetime | None
    detail: str | None
    last_fetch_at: datetime | None
    last_outcome: str | None
    last_good_at: datetime | None
    seconds_since_good: float | None
    failures: int
    next_due_at: datetime | None
    captures: int
    facts: int | None
    held: list[Held]
    issues: list[SourceIssue]
    last_good: GoodCapture | None


class EventPage(Envelope[Event]):
    """Events, newest first."""


class EventAnswer(Shape):
    """One event."""

    data: Event
    next: None = None


class SourcePage(Envelope[Source]):
    """Sources, the worst first."""


class Check(Shape):
    """One thing that was looked at."""

    name: str
    needed: bool = Field(description="Whether the service is not ready without it.")
    ok: bool
    detail: str
    seconds: float | None = None


class Readiness(Shape):
    """Whether the answers are there and fresh."""

    status: Literal["ready", "late", "not ready"]
    ready: bool
    checks: list[Check]
