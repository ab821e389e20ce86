"""What requests cost."""

from datetime import datetime

from pydantic import Field

from api.schemas.shapes import Shape


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
