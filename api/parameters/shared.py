"""What the parameters of several lists have in common."""

from pydantic import BaseModel, ConfigDict, Field

from api.parameters.values import MOST, Texts, Trusts, Whole


class Parameters(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid")


class Page(Parameters):
    """A list that is read page by page."""

    limit: Whole = Field(default=100, ge=1, le=MOST, description=f"Items on a page, 1 to {MOST}.", examples=[100])
    cursor: str | None = Field(
        default=None,
        max_length=2000,
        description="Where the page begins: opaque, taken from `next` (or the Link header) of the page before.",
    )


class Subject(Page):
    """Filters by what a fact is about. Repeat a parameter for several values; they are alternatives."""

    provider: Texts = Field(default=[], description="Who sells, by id.", examples=[["openai"]])
    model: Texts = Field(
        default=[], description="Model id or printed name; `*` stands for any characters.", examples=[["gpt-5*"]]
    )
    source: Texts = Field(default=[], description="Source id, see /v1/sources.")
    trust: Trusts = Field(default=[], description="How far the source is trusted.", examples=[["official"]])


AS_OF = "The prices that held in the world at this moment (a date means 00:00 UTC). Default: now."
KNOWN_AT = "As the evidence stood at this moment. Default: everything known now."
