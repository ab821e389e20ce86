"""What is asked of deals."""

from typing import Literal

from pydantic import Field

from api.parameters.shared import KNOWN_AT, Page
from api.parameters.values import Count, Moment, Text, Texts

Kinds = list[Literal["funding", "acquisition", "ipo", "debt", "fund_close"]]
Statuses = list[Literal["rumoured", "announced", "closed"]]


class FundingFilter(Page):
    """Filters of the deals."""

    id: Texts = Field(default=[], description="The name of a deal, as lists and events (`key`) give it.")
    kind: Kinds = Field(default=[], description="What kind of deal.", examples=[["acquisition"]])
    status: Statuses = Field(default=[], description="How far it is.", examples=[["announced"]])
    round: Texts = Field(default=[], description="pre_seed, seed, series_a, ... as told.", examples=[["series_b"]])
    company: Texts = Field(default=[], description="Who receives the money; `*` stands for any characters.")
    investor: Texts = Field(default=[], description="One of the investors, or the buyer; `*` for any characters.")
    currency: Texts = Field(default=[], description="ISO 4217, of the amount.", examples=[["USD"]])
    topic: Texts = Field(
        default=[],
        description="What the items that tell it are about; `ai` leaves out what general feeds tell of other trades.",
    )
    min_amount: Count | None = Field(
        default=None, description="At least so much, in plain units of its own currency: ask for `currency` too."
    )
    q: Text | None = Field(default=None, description="The company, an investor or the buyer contains it, in any case.")
    since: Moment = Field(default=None, description="First reported at or after this moment.", examples=["2026-01-01"])
    until: Moment = Field(default=None, description="First reported before this moment.", examples=["2026-03-01"])
    as_of: Moment = Field(default=None, description="What had been reported by this moment. Default: now.")
    known_at: Moment = Field(default=None, description=f"{KNOWN_AT} The terms as they were told by then.")
