"""What the timeline is asked."""

from pydantic import Field

from api.parameters.shared import Subject
from api.parameters.values import CONDITION, ConditionList, Directions, Flag, Moment, Text, Texts
from timeline.headlines import KINDS


class EventFilter(Subject):
    """Filters of the timeline."""

    kind: Texts = Field(
        default=[],
        description=f"Event kind; `*` stands for any characters: {', '.join(KINDS)}.",
        examples=[["price.changed", "model.*"]],
    )
    meter: Texts = Field(default=[], description="What is billed: input, output, cache_read, ...", examples=[["input"]])
    condition: ConditionList = Field(default=[], description=CONDITION, examples=[["service_tier:batch"]])
    direction: Directions = Field(default=[], description="Of price.changed.", examples=[["cut"]])
    topic: Texts = Field(
        default=[],
        description="What news, deals and watched texts are about: ai, funding, models...; nothing else has topics.",
    )
    q: Text | None = Field(default=None, description="Words that the headline contains, in any case.")
    since: Moment = Field(default=None, description="Observed at or after this moment.", examples=["2026-01-01"])
    until: Moment = Field(default=None, description="Observed before this moment.", examples=["2026-03-01"])
    as_of: Moment = Field(default=None, description="What had been observed by this moment, it included. Default: now.")
    known_at: Moment = Field(
        default=None, description="As it stood at this moment: what had been observed and was not taken back."
    )
    baseline: Flag | None = Field(
        default=None, description="true: only what a source's first reading listed; false: without it. Default: both."
    )
    withdrawn: Flag = Field(default=False, description="true: also events that were withdrawn, with the reason.")
