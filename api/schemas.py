"""The shapes of the answers, for the OpenAPI document and the tests: handlers write their JSON themselves.

A test holds every answer against its shape. Fields may be added here, never renamed or removed.
"""

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")


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


class Price(Shape):
    """What one thing costs, and since when that is known."""

    provider: str
    model: str = Field(description="As printed.")
    model_id: str | None
    meter: str = Field(description="What is billed.", examples=["input"])
    conditions: dict[str, str | int] = Field(description="When this price applies; empty: the plain price.")
    state: str = Field(description="priced, free, included, not_offered, varies or unknown.")
    amount: str | None = Field(description="In `currency` for `per` of `unit`.", examples=["2.50"])
    currency: str | None = Field(description="ISO 4217.")
    per: int | str = Field(description="A number of units; text where it is not whole.", examples=[1000000])
    unit: str = Field(examples=["token"])
    per_million: str | None = Field(description="The amount for a million tokens; null for other units.")
    effective_from: datetime | None = Field(description="When it began to hold; null: before anything is known.")
    effective_to: datetime | None = Field(description="When it ceases; null: no end is known.")
    basis: str = Field(description="How that is known: observed, stated (by the page) or bundled.")
    seen_until: datetime | None = Field(description="The last look that still said so.")
    known_from: datetime | None = Field(description="Since when the evidence said so.")
    source: str
    trust: str
    origin: str
    label: str = Field(description="The cell as printed.")
    locator: str
    key: str = Field(description="What makes it the same price over time, within its source.")
    first_snapshot: str | None = Field(description="SHA-256 of the bytes that first said so.")


class CurrentPrice(Price):
    """A price that holds at one moment."""

    certain: bool | None = Field(description="Whether a look at that moment or later confirms it.")


class PastPrice(Price):
    """A price over one stretch of time, as one source says."""

    qualifier: str | None = Field(description="A softening of the stated end, such as `at least until`.")
    held: bool = Field(description="Another value was seen and is not yet believed.")
    first_seq: int | None
    last_seq: int | None
    last_snapshot: str | None
    recorded_at: datetime


class ModelStatus(Shape):
    """Where a model, endpoint, product or feature is in its life."""

    provider: str
    subject_kind: str
    model: str
    model_id: str | None
    status: str
    label: str = Field(description="The provider's own word.")
    release_stage: str | None
    announced_on: str | None
    deprecates_on: str | None
    retires_on: str | None = Field(description="A firm date: a day, or a month where no more is known.")
    not_before: str | None = Field(description="A floor: it will not retire before. Never a firm date.")
    replacements: list[str]
    scope: dict[str, Any]
    effective_from: datetime | None
    effective_to: datetime | None
    certain: bool | None = Field(description="Whether a look at that moment or later confirms it.")
    seen_until: datetime | None
    known_from: datetime | None
    source: str
    trust: str
    origin: str
    locator: str
    key: str
    first_snapshot: str | None


class Model(Shape):
    """A model, endpoint, product or feature, once."""

    provider: str
    id: str = Field(description="The model id or, where none is known, the name as printed.")
    subject_kind: str
    model: str = Field(description="As printed.")
    model_id: str | None
    status: str | None = Field(
        description="preview, active, legacy, deprecated or retired; null: only its price is known."
    )
    label: str | None
    announced_on: str | None
    deprecates_on: str | None
    retires_on: str | None
    not_before: str | None
    replacements: list[str] | None
    scope: dict[str, Any] | None
    prices: int = Field(description="How many prices are in force.")
    seen_until: datetime | None
    source: str | None
    trust: str | None


class Disagreement(Shape):
    """Another source tells otherwise of the life of a model than the one that is believed."""

    provider: str
    subject_kind: str
    model: str
    model_id: str | None
    scope: dict[str, Any]
    status: str = Field(description="What is believed.")
    retires_on: str | None
    not_before: str | None
    source: str
    trust: str
    seen_until: datetime | None
    other_status: str = Field(description="What the other source says.")
    other_retires_on: str | None
    other_not_before: str | None
    other_source: str
    other_trust: str
    other_seen_until: datetime | None
    differs: list[str] = Field(description="In what: status, date.")
    days_apart: int | None = Field(description="How much later the other day is.")
    since: datetime = Field(description="Since when both say so.")
    other_locator: str
    other_first_snapshot: str | None
    key: str


class WholeModel(Shape):
    """All that is known of one model."""

    provider: str
    model: str
    name: str
    status: list[ModelStatus]
    prices: list[CurrentPrice]
    history: list[PastPrice]
    events: list[Event]
    disagreements: list[Disagreement]


class ModelAnswer(Shape):
    """One model."""

    data: WholeModel
    next: None = None


class Deadline(Shape):
    """Something that will happen on a stated day."""

    date: str = Field(description="The day it is due; of a month its first day.")
    stated: str = Field(description="As precise as the page is: a day or a month.")
    kind: str = Field(description="deprecation, retirement or price.")
    firm: bool = Field(description="false: not before that day.")
    days_left: int
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
    seen_until: datetime | None
    source: str
    trust: str
    locator: str
    key: str
    first_snapshot: str | None
    known_from: datetime = Field(description="Since when the evidence says so.")


class NewsItem(Shape):
    """One entry of a feed, as plain text."""

    at: datetime = Field(description="The time it is listed by.")
    published_at: datetime | None
    title: str
    summary: str
    url: str
    provider: str = Field(description="The publisher.")
    topics: list[str]
    first_seen: datetime | None
    edited_at: datetime | None
    source: str
    trust: str
    origin: str
    guid: str
    locator: str
    key: str
    first_snapshot: str | None
    recorded_at: datetime


class PricePage(Envelope[CurrentPrice]):
    """Prices at one moment."""


class PriceHistoryPage(Envelope[PastPrice]):
    """Prices over time."""


class ModelPage(Envelope[Model]):
    """Models."""


class DeadlinePage(Envelope[Deadline]):
    """Deadlines, soonest first."""


class NewsPage(Envelope[NewsItem]):
    """News, newest first."""


class CostRate(Shape):
    """A price that counted."""

    meter: str
    amount: str | None = Field(description="For `per` of `unit`; null: it varies.")
    currency: str
    per: str
    unit: str
    conditions: dict[str, str | int]
    source: str | None
    trust: str | None
    contract: str | None = Field(description="Always null here: of contracts only the command line knows.")


class CostLine(Shape):
    """One meter of a cost."""

    meter: str
    quantity: str
    unit: str
    amount: str | None = Field(description="Null: not known.")
    rates: list[CostRate]
    needs: list[str] = Field(description="Conditions on which the price depends and that were not stated.")


class Cost(Shape):
    """What requests cost."""

    provider: str
    model: str
    as_of: datetime | None
    known_at: datetime | None
    requests: str
    currency: str | None
    total: str | None = Field(description="Null where any part of it is not known.", examples=["19.5"])
    per_request: str | None
    missing: list[str] = Field(description="Meters whose price is not known.")
    lines: list[CostLine]


class CostAnswer(Shape):
    """One cost."""

    data: Cost
    next: None = None
