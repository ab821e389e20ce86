"""Money raised, companies bought and listed, loans and funds."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from api.schemas.shapes import Envelope, Shape


class DealReport(Shape):
    """What one item tells of a deal."""

    item: str = Field(description="Its short id.")
    outlet: str = Field(description="The publisher.")
    title: str
    url: str
    told_at: datetime = Field(description="As published, else when it was first seen.")
    status: str | None
    trust: str
    source: str
    key: str = Field(description="Of the item: see /v1/news.")


class Deal(Shape):
    """One deal, in however many outlets it was told. What nobody says is null."""

    id: str
    kind: str = Field(description="funding, acquisition, ipo, debt or fund_close.")
    company: str | None = Field(description="Who receives the money: the target, the issuer, the fund's manager.")
    round: str | None
    status: str | None = Field(description="rumoured, announced or closed.")
    amount: Decimal | None = Field(description="In plain units of `currency`; of a range its low end.")
    amount_max: Decimal | None
    amount_qualifier: str | None = Field(description="approx, at_least, up_to or range; null: exactly.")
    currency: str | None
    valuation: Decimal | None
    valuation_max: Decimal | None
    valuation_qualifier: str | None
    valuation_basis: str | None = Field(description="pre or post the money.")
    valuation_currency: str | None
    total_raised: Decimal | None
    stake: Decimal | None = Field(description="Per cent of the company.")
    lead_investors: list[str]
    investors: list[str]
    acquirer: str | None
    first_reported: datetime
    announced_on: date | None
    closed_on: date | None
    outlets: int
    items: list[str]
    topics: list[str]
    known_from: datetime = Field(description="Since when these terms were known.")
    recorded_at: datetime
    headline: str = Field(description="The deal in a sentence; a rumour says so first.")
    reports: list[DealReport] = Field(description="The items that tell it, the first one first.")


class DealPage(Envelope[Deal]):
    """Deals, the latest first reported first."""
