"""What is asked of prices and costs."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from api.parameters.shared import AS_OF, KNOWN_AT, Parameters, Subject
from api.parameters.values import CONDITION, ConditionList, Count, Moment, Share, Text, Texts


class PriceFilter(Subject):
    """Filters of the prices that hold at one moment."""

    meter: Texts = Field(default=[], description="What is billed: input, output, cache_read, ...", examples=[["input"]])
    condition: ConditionList = Field(default=[], description=CONDITION, examples=[["service_tier:batch"]])
    currency: Texts = Field(default=[], description="ISO 4217.", examples=[["USD"]])
    as_of: Moment = Field(default=None, description=AS_OF, examples=["2026-01-31"])
    known_at: Moment = Field(default=None, description=KNOWN_AT, examples=["2026-02-15"])


class PriceHistoryFilter(Subject):
    """Filters of the prices over time."""

    meter: Texts = Field(default=[], description="What is billed: input, output, cache_read, ...", examples=[["input"]])
    condition: ConditionList = Field(default=[], description=CONDITION, examples=[["service_tier:batch"]])
    currency: Texts = Field(default=[], description="ISO 4217.", examples=[["USD"]])
    since: Moment = Field(default=None, description="Still in force at or after this moment.", examples=["2025-01-01"])
    until: Moment = Field(default=None, description="In force before this moment.", examples=["2026-01-01"])
    known_at: Moment = Field(default=None, description=KNOWN_AT, examples=["2026-02-15"])


class CostQuestion(Parameters):
    """What is asked of a cost: tokens are of one request."""

    provider: Text | None = Field(
        default=None,
        description="Who sells, by id. Needed where `model` does not say it, unless one maker alone has such a model.",
        examples=["openai"],
    )
    model: Text = Field(
        description="Required. Model id or printed name, or both as in `openai/gpt-4o`.", examples=["gpt-4o"]
    )
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
