"""What status pages tell."""

from datetime import datetime

from pydantic import Field

from api.schemas.shapes import Envelope, Shape


class Incident(Shape):
    """A time in which a service did not work as it should, as one source tells it."""

    at: datetime = Field(description="The time it is listed by.")
    provider: str = Field(description="Whose service.")
    title: str
    impact: str | None = Field(description="none, maintenance, minor, major or critical; null: the page does not say.")
    status: str = Field(description="The page's word.", examples=["resolved"])
    components: list[str] = Field(description="What was affected, as printed.")
    started_at: datetime | None
    resolved_at: datetime | None = Field(description="Null: it goes on, or the page does not say.")
    minutes: int | None = Field(description="How long it lasted, or has lasted.")
    is_open: bool
    summary: str = Field(description="The newest update, when it last changed.")
    url: str
    source: str
    trust: str
    origin: str
    first_seen: datetime | None
    told_at: datetime = Field(description="The first look that showed it as it is told now.")
    guid: str
    key: str
    locator: str
    last_snapshot: str | None
    recorded_at: datetime


class IncidentPage(Envelope[Incident]):
    """Incidents, newest first."""
