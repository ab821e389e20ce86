"""Query parameters: what each may be, said once, for the handlers, the OpenAPI document and the error messages.

An unknown parameter is refused: a misspelt filter must not answer as if it had filtered.
"""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from timeline.notices import Status, SubjectKind

MOST = 1000  # items on one page

_ZONE_LOST = re.compile(r" (\d\d:?\d\d)$")  # a `+` of a time zone that was not percent-encoded arrives as a space
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def moment(value: object) -> object:
    """A time from `YYYY-MM-DD` (its first instant, UTC) or an ISO 8601 time; one without a zone is UTC."""
    if not isinstance(value, str) or not value:
        return value
    text = _ZONE_LOST.sub(r"+\1", value.strip())
    try:
        if len(text) <= 10:
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("expected a date like 2026-02-26 or a time like 2026-02-26T10:10:00Z") from error


def clean(value: object) -> object:
    """Text that the database can hold and a person can type."""
    if isinstance(value, str) and _CONTROL.search(value):
        raise ValueError("control characters are not allowed")
    return value


def _empty(value: object) -> object:
    return None if value == "" else value


def _filled(values: object) -> object:
    return [value for value in values if value != ""] if isinstance(values, list) else values


Text = Annotated[str, BeforeValidator(clean), Field(min_length=1, max_length=200)]
Moment = Annotated[
    datetime | None,
    BeforeValidator(moment),
    BeforeValidator(_empty),
    Field(json_schema_extra={"anyOf": [{"type": "string", "format": name} for name in ("date", "date-time")]}),
]
Texts = Annotated[list[Text], BeforeValidator(_filled), Field(max_length=50)]
Trusts = Annotated[list[Literal["official", "cloud", "reseller", "catalogue", "press"]], BeforeValidator(_filled)]
Deadlines = Annotated[list[Literal["deprecation", "retirement", "price"]], BeforeValidator(_filled)]
Directions = Annotated[list[Literal["cut", "rise"]], BeforeValidator(_filled)]
SubjectKinds = Annotated[list[SubjectKind], BeforeValidator(_filled)]
Statuses = Annotated[list[Status], BeforeValidator(_filled)]
Healths = Annotated[list[Literal["new", "ok", "failing", "broken", "stale"]], BeforeValidator(_filled)]


class Parameters(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid")


class Page(Parameters):
    """A list that is read page by page."""

    limit: int = Field(default=100, ge=1, le=MOST, description=f"Items on a page, 1 to {MOST}.", examples=[100])
    cursor: str | None = Field(
        default=None,
        max_length=2000,
        description="Where the page begins: opaque, taken from `next` (or the Link header) of the page before.",
    )


class Subject(Page):
    """Filters by what a fact is about. Repeat a parameter for several values; they are alternatives."""

    provider: Texts = Field(default=[], description="Who sells, by id.", examples=[["openai"]])
    model: Texts = Field(
        default=[], description="Model id or printed name; `*` stands for any characters.", examples=[["gpt-5*"]]
    )
    source: Texts = Field(default=[], description="Source id, see /v1/sources.")
    trust: Trusts = Field(default=[], description="How far the source is trusted.", examples=[["official"]])


AS_OF = "The prices that held in the world at this moment (a date means 00:00 UTC). Default: now."
KNOWN_AT = "As the evidence stood at this moment. Default: everything known now."


class EventFilter(Subject):
    """Filters of the timeline."""

    kind: Texts = Field(
        default=[], description="Event kind; `*` stands for any characters.", examples=[["price.changed", "model.*"]]
    )
    meter: Texts = Field(default=[], description="What is billed: input, output, cache_read, ...", examples=[["input"]])
    direction: Directions = Field(default=[], description="Of price.changed.", examples=[["cut"]])
    q: Text | None = Field(default=None, description="Words that the headline contains, in any case.")
    since: Moment = Field(default=None, description="Observed at or after this moment.", examples=["2026-01-01"])
    until: Moment = Field(default=None, description="Observed before this moment.", examples=["2026-03-01"])
    baseline: bool | None = Field(
        default=None, description="true: only what a source's first reading listed; false: without it. Default: both."
    )
    withdrawn: bool = Field(default=False, description="true: also events that were withdrawn, with the reason.")


class PriceFilter(Subject):
    """Filters of the prices that hold at one moment."""

    meter: Texts = Field(default=[], description="What is billed: input, output, cache_read, ...", examples=[["input"]])
    currency: Texts = Field(default=[], description="ISO 4217.", examples=[["USD"]])
    as_of: Moment = Field(default=None, description=AS_OF, examples=["2026-01-31"])
    known_at: Moment = Field(default=None, description=KNOWN_AT, examples=["2026-02-15"])


Count = Annotated[Decimal, Field(ge=0, le=10**15, decimal_places=6, allow_inf_nan=False)]
Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6, allow_inf_nan=False)]


class CostQuestion(Parameters):
    """What is asked of a cost: tokens are of one request."""

    provider: Text = Field(description="Who sells, by id.", examples=["openai"])
    model: Text = Field(description="Model id or printed name.", examples=["gpt-4o"])
    requests: Count = Field(default=Decimal(1), description="How many requests.", examples=["100000"])
    input_tokens: Count = Field(default=Decimal(0), description="Of one request, cached ones too.", examples=["500"])
    output_tokens: Count = Field(default=Decimal(0), description="Of one request.", examples=["200"])
    reasoning_tokens: Count = Field(default=Decimal(0), description="Of one request, beside its output tokens.")
    cached_share: Share = Field(default=Decimal(0), description="Of the input, read from a cache: 0 to 1.")
    cache_write_share: Share = Field(default=Decimal(0), description="Of the input, written to a cache: 0 to 1.")
    off_peak_share: Share | None = Field(default=None, description="Of the requests, for prices by the time of day.")
    service_tier: Literal["standard", "batch", "flex", "priority", "fast", "scale", "provisioned"] = Field(
        default="standard", description="The service tier."
    )
    as_of: Moment = Field(default=None, description=AS_OF, examples=["2026-01-31"])
    known_at: Moment = Field(default=None, description=KNOWN_AT)


class PriceHistoryFilter(Subject):
    """Filters of the prices over time."""

    meter: Texts = Field(default=[], description="What is billed: input, output, cache_read, ...", examples=[["input"]])
    currency: Texts = Field(default=[], description="ISO 4217.", examples=[["USD"]])
    since: Moment = Field(default=None, description="Still in force at or after this moment.", examples=["2025-01-01"])
    until: Moment = Field(default=None, description="In force before this moment.", examples=["2026-01-01"])


class ModelFilter(Subject):
    """Filters of the models."""

    subject_kind: SubjectKinds = Field(default=[], description="What it is.", examples=[["model"]])
    as_of: Moment = Field(default=None, description="The models as they were at this moment. Default: now.")
    known_at: Moment = Field(default=None, description=KNOWN_AT)
    status: Statuses = Field(default=[], description="Where the model is in its life.", examples=[["deprecated"]])


class DeadlineFilter(Subject):
    """Filters of the deadlines."""

    kind: Deadlines = Field(default=[], description="What is due.", examples=[["retirement"]])
    subject_kind: SubjectKinds = Field(default=[], description="What it is.")
    firm: bool | None = Field(default=None, description="true: only firm dates; false: only floors.")
    since: Moment = Field(
        default=None, description="Due on or after this day. Default: today.", examples=["2026-01-01"]
    )
    until: Moment = Field(default=None, description="Due before this day.", examples=["2027-01-01"])


class CalendarFilter(Parameters):
    """Filters of the deadlines as a calendar, which has no pages."""

    provider: Texts = Field(default=[], description="Who sells, by id.", examples=[["openai"]])
    model: Texts = Field(
        default=[], description="Model id or printed name; `*` stands for any characters.", examples=[["gpt-5*"]]
    )
    source: Texts = Field(default=[], description="Source id, see /v1/sources.")
    trust: Trusts = Field(default=[], description="How far the source is trusted.")
    kind: Deadlines = Field(default=[], description="What is due.", examples=[["retirement"]])
    subject_kind: SubjectKinds = Field(default=[], description="What it is.")
    firm: bool | None = Field(default=None, description="true: only firm dates; false: only floors.")
    since: Moment = Field(
        default=None, description="Due on or after this day. Default: today.", examples=["2026-01-01"]
    )
    until: Moment = Field(default=None, description="Due before this day.", examples=["2027-01-01"])


class NewsFilter(Page):
    """Filters of the news."""

    provider: Texts = Field(default=[], description="The publisher, by id.", examples=[["anthropic"]])
    source: Texts = Field(default=[], description="Source id, see /v1/sources.")
    trust: Trusts = Field(default=[], description="How far the source is trusted.")
    topic: Texts = Field(default=[], description="What it is about: funding, deals, models, prices, regulation...")
    q: Text | None = Field(default=None, description="Words that title or summary contain, in any case.")
    since: Moment = Field(default=None, description="Published at or after this moment.", examples=["2026-01-01"])
    until: Moment = Field(default=None, description="Published before this moment.", examples=["2026-03-01"])


class FigureSubject(Page):
    """Filters by what a figure is about."""

    provider: Texts = Field(default=[], description="Who publishes the table, by id.", examples=[["vectara"]])
    subject: Texts = Field(
        default=[], description="As the table prints it; `*` stands for any characters.", examples=[["*gpt*"]]
    )
    measure: Texts = Field(
        default=[], description="What is measured; `*` stands for any characters.", examples=[["hallucination_rate"]]
    )
    period: Texts = Field(default=[], description="The time it is about: 2024, 2024-Q1, FY2024.", examples=[["2024"]])
    source: Texts = Field(default=[], description="Source id, see /v1/sources.")
    trust: Trusts = Field(default=[], description="How far the source is trusted.")


class FigureFilter(FigureSubject):
    """Filters of the figures at one moment."""

    as_of: Moment = Field(default=None, description="As the tables were at this moment. Default: now.")
    known_at: Moment = Field(default=None, description=KNOWN_AT)
    since: Moment = Field(default=None, description="Only what stands so since this moment or later.")


class FigureHistoryFilter(FigureSubject):
    """Filters of the figures over time."""

    since: Moment = Field(default=None, description="Still there at or after this moment.", examples=["2025-01-01"])
    until: Moment = Field(default=None, description="There before this moment.", examples=["2026-01-01"])


class SourceFilter(Parameters):
    """Filters of the sources."""

    provider: Texts = Field(default=[], description="Who sells or publishes, by id.")
    kind: Texts = Field(default=[], description="pricing, lifecycle, feed, catalogue, status, table or page.")
    health: Healths = Field(default=[], description="How the source does.")


class SnapshotOptions(Parameters):
    """How captured bytes are handed out."""

    attachment: bool = Field(default=False, description="true: as a download with a file name.")


Word = Annotated[Text | None, BeforeValidator(_empty)]


class TimelineFilter(BaseModel):
    """What the address of the timeline page asks for: one value each. What it does not know it leaves alone."""

    kind: Word = None
    provider: Word = None
    model: Word = None
    q: Word = None
    cursor: Annotated[str | None, BeforeValidator(_empty), Field(max_length=2000)] = None

    @property
    def any(self) -> bool:
        """Whether less than everything is shown."""
        return bool(self.kind or self.provider or self.model or self.q)

    def address(self, **changes: str | None) -> str:
        """The page with some of it changed; the newest events unless a cursor is given."""
        kept = {"kind": self.kind, "provider": self.provider, "model": self.model, "q": self.q, **changes}
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"/?{query}" if query else "/"

    def events(self, limit: int) -> EventFilter:
        """The same question to the list of events: changes only, also those that were withdrawn."""
        return EventFilter(
            kind=[self.kind] if self.kind else [],
            provider=[self.provider] if self.provider else [],
            model=[self.model] if self.model else [],
            q=self.q,
            baseline=False,
            withdrawn=True,
            cursor=self.cursor,
            limit=limit,
        )
