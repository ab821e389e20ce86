"""What things cost, at one moment and over time."""

from datetime import datetime

from pydantic import Field

from api.schemas.shapes import Envelope, Shape


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


class PricePage(Envelope[CurrentPrice]):
    """Prices at one moment."""


class PriceHistoryPage(Envelope[PastPrice]):
    """Prices over time."""
