"""Figures of watched tables."""

from datetime import datetime

from pydantic import Field

from api.schemas.shapes import Envelope, Shape


class _Figure(Shape):
    provider: str = Field(description="Who publishes the table.")
    subject: str = Field(description="What it is about, as the table prints it.")
    measure: str
    value: str = Field(description="With the digits as printed; of a range its lower end.", examples=["1.4"])
    upto: str | None = Field(description="The upper end of a range.")
    plus: str | None = Field(description="The margin of error upwards.")
    minus: str | None
    qualifier: str | None = Field(description="about, below, above, at least or at most.")
    unit: str = Field(examples=["percent"])
    period: str | None = Field(description="The time it is about: 2024, 2024-Q1, 2024-03, FY2024.")
    scope: dict[str, str] = Field(description="What else tells it from others of its subject.")
    effective_from: datetime = Field(description="Since when the table shows it.")
    effective_to: datetime | None = Field(description="Null: it still stands.")


class Figure(_Figure):
    """A figure at one moment."""

    was: str | None = Field(description="What stood there before.")
    change_pct: str | None = Field(description="From `was` to `value`, in per cent of the size of `was`.")
    seen_until: datetime | None
    known_from: datetime = Field(description="Since when the evidence says so.")
    source: str
    trust: str
    origin: str
    label: str = Field(description="The cell as the table prints it.")
    locator: str
    key: str
    first_snapshot: str | None


class PastFigure(_Figure):
    """A stretch of time in which a table showed a figure."""

    seen_until: datetime | None
    held: bool = Field(description="true: the last look found something else, which is not believed yet.")
    known_from: datetime = Field(description="Since when the evidence says so.")
    source: str
    trust: str
    origin: str
    label: str = Field(description="The cell as the table prints it.")
    locator: str
    key: str
    first_seq: int | None
    last_seq: int | None
    first_snapshot: str | None
    last_snapshot: str | None
    recorded_at: datetime


class FigurePage(Envelope[Figure]):
    """Figures at one moment."""


class FigureHistoryPage(Envelope[PastFigure]):
    """Figures over time."""
