"""What is asked of news and incidents."""

from pydantic import Field

from api.parameters.shared import KNOWN_AT, Page
from api.parameters.values import Flag, Impacts, Moment, Text, Texts, Trusts


class NewsFilter(Page):
    """Filters of the news."""

    provider: Texts = Field(default=[], description="The publisher, by id.", examples=[["anthropic"]])
    source: Texts = Field(default=[], description="Source id, see /v1/sources.")
    trust: Trusts = Field(default=[], description="How far the source is trusted.")
    topic: Texts = Field(
        default=[], description="What it is about: ai (the field itself), funding, deals, models, prices, regulation..."
    )
    q: Text | None = Field(default=None, description="Words that title or summary contain, in any case.")
    since: Moment = Field(default=None, description="Published at or after this moment.", examples=["2026-01-01"])
    until: Moment = Field(default=None, description="Published before this moment.", examples=["2026-03-01"])
    as_of: Moment = Field(default=None, description="What had been published by this moment. Default: now.")
    known_at: Moment = Field(default=None, description=f"{KNOWN_AT} Of what was edited since, the text of then.")


class IncidentFilter(Page):
    """Filters of the incidents."""

    provider: Texts = Field(default=[], description="Whose service, by id.", examples=[["openai"]])
    source: Texts = Field(default=[], description="Source id, see /v1/sources.")
    trust: Trusts = Field(default=[], description="How far the source is trusted.")
    impact: Impacts = Field(default=[], description="How bad, by the word of the page.", examples=[["major"]])
    component: Texts = Field(default=[], description="One of those affected, as printed.")
    is_open: Flag | None = Field(default=None, description="true: only what goes on; false: only what has ended.")
    q: Text | None = Field(default=None, description="Words that title or newest update contain, in any case.")
    since: Moment = Field(default=None, description="Begun at or after this moment.", examples=["2026-01-01"])
    until: Moment = Field(default=None, description="Begun before this moment.", examples=["2026-03-01"])
    as_of: Moment = Field(
        default=None, description="What had begun or was announced by this moment, open or ended then. Default: now."
    )
    known_at: Moment = Field(default=None, description=f"{KNOWN_AT} As status pages told of it by then.")
