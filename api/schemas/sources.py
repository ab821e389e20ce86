"""Sources, what they hold back, and what was not understood of them."""

from datetime import datetime

from pydantic import Field

from api.schemas.shapes import Envelope, Shape


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
    seq: int | None = Field(description="The capture it was found in; null: it is about fetching, nothing was read.")
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


class Sight(Shape):
    """Whether aiwire sees."""

    blind: bool = Field(description="true: no source was read for three intervals, and two hours at the least.")
    last_good_at: datetime | None = Field(description="The newest good look at any source; null: there was none.")
    said: str | None = Field(description="What the pages say then.")


class SourcePage(Envelope[Source]):
    """Sources, the worst first."""

    reading: Sight
