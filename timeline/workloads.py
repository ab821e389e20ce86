"""A workload: what somebody runs, so that prices and changes can be told in money."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

DAYS: Final = 30
"""Days in a month, here and in every sentence about a month."""
_NONE = Decimal(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Workload:
    """What somebody runs on one model. Tokens and `meters` are for one request."""

    name: str
    provider: str
    model: str
    requests_per_day: Decimal
    input_tokens: Decimal
    output_tokens: Decimal
    reasoning_tokens: Decimal = _NONE  # beside the output tokens
    cached_share: Decimal = _NONE  # of the input tokens, read from the provider's prompt cache
    written_share: Decimal = _NONE  # of the input tokens, written to it
    off_peak_share: Decimal | None = None  # of the requests; None: not said
    tier: str = "standard"
    meters: Mapping[str, Decimal] = field(default_factory=dict)  # others, in their units: searches, images, ...
    conditions: Mapping[str, str | int] = field(default_factory=dict)  # what else holds: a region, a quality, ...

    @property
    def month(self) -> Decimal:
        """Requests in a month of DAYS."""
        return self.requests_per_day * DAYS
