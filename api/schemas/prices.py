"""What things cost, at one moment and over time."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.schemas.shapes import Envelope, Shape

Last = Annotated[datetime | None, Field(description="The last look that still said so.")]
Known = Annotated[datetime | None, Field(description="Since when the evidence said so.")]
Label = Annotated[str, Field(description="The cell as printed.")]
Key = Annotated[str, Field(description="What makes it the same price over time, within its source.")]
First = Annotated[str | None, Field(description="SHA-256 of the bytes that first said so.")]
Begins = Annotated[datetime | None, Field(description="When it began to hold; null: before anything is known.")]
Ends = Annotated[datetime | None, Field(description="When it ceases; null: no end is known.")]
Basis = Annotated[str, Field(description="How that is known: observed, stated (by the page) or bundled.")]


class Price(Shape):
    """What one thing costs."""

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


class CurrentPrice(Price):
    """A price that holds at one moment."""

    effective_from: Begins
    effective_to: Ends
    basis: Basis
    certain: bool | None = Field(description="Whether a look at that moment or later confirms it.")
    seen_until: Last
    known_from: Known
    source: str
    trust: str
    origin: str
    label: Label
    locator: str
    key: Key
    first_snapshot: First


class PastPrice(Price):
    """A price over one stretch of time, as one source says."""

    qualifier: str | None = Field(description="A softening of the stated end, such as `at least until`.")
    effective_from: Begins
    effective_to: Ends
    basis: Basis
    seen_until: Last
    held: bool = Field(description="Another value was seen and is not yet believed.")
    known_from: Known
    source: str
    trust: str
    origin: str
    label: Label
    locator: str
    key: Key
    first_seq: int | None
    last_seq: int | None
    first_snapshot: First
    last_snapshot: str | None
    recorded_at: datetime


class PricePage(Envelope[CurrentPrice]):
    """Prices at one moment."""


class PriceHistoryPage(Envelope[PastPrice]):
    """Prices over time."""
