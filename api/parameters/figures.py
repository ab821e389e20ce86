"""What is asked of figures."""

from pydantic import Field

from api.parameters.shared import KNOWN_AT, Page
from api.parameters.values import Moment, Texts, Trusts


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
    known_at: Moment = Field(default=None, description=KNOWN_AT)
