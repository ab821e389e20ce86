"""What is asked of models, and of what is coming."""

from pydantic import Field

from api.parameters.shared import KNOWN_AT, Parameters, Subject
from api.parameters.values import Deadlines, Flag, Moment, Statuses, SubjectKinds, Texts, Trusts

SINCE = "Due on or after this day. Default: the day of `as_of`, today."


class ModelFilter(Subject):
    """Filters of the models."""

    subject_kind: SubjectKinds = Field(default=[], description="What it is.", examples=[["model"]])
    as_of: Moment = Field(default=None, description="The models as they were at this moment. Default: now.")
    known_at: Moment = Field(default=None, description=KNOWN_AT)
    status: Statuses = Field(default=[], description="Where the model is in its life.", examples=[["deprecated"]])


class ModelMoments(Parameters):
    """As of when one model is asked for."""

    as_of: Moment = Field(default=None, description="The model as it was at this moment. Default: now.")
    known_at: Moment = Field(default=None, description=KNOWN_AT)


class DeadlineFilter(Subject):
    """Filters of the deadlines."""

    kind: Deadlines = Field(default=[], description="What is due.", examples=[["retirement"]])
    subject_kind: SubjectKinds = Field(default=[], description="What it is.")
    firm: Flag | None = Field(default=None, description="true: only firm dates; false: only floors.")
    since: Moment = Field(default=None, description=SINCE, examples=["2026-01-01"])
    until: Moment = Field(default=None, description="Due before this day.", examples=["2027-01-01"])
    as_of: Moment = Field(default=None, description="What was announced by this moment. Default: now.")
    known_at: Moment = Field(default=None, description=KNOWN_AT)


class CalendarFilter(Parameters):
    """Filters of the deadlines as a calendar, which has no pages."""

    provider: Texts = Field(default=[], description="Who sells, by id.", examples=[["openai"]])
    model: Texts = Field(
        default=[], description="Model id or printed name; `*` stands for any characters.", examples=[["gpt-5*"]]
    )
    source: Texts = Field(default=[], description="Source id, see /v1/sources.")
    trust: Trusts = Field(default=[], description="How far the source is trusted.")
    kind: Deadlines = Field(default=[], description="What is due.", examples=[["retirement"]])
    subject_kind: SubjectKinds = Field(default=[], description="What it is.")
    firm: Flag | None = Field(default=None, description="true: only firm dates; false: only floors.")
    since: Moment = Field(default=None, description=SINCE, examples=["2026-01-01"])
    until: Moment = Field(default=None, description="Due before this day.", examples=["2027-01-01"])
    as_of: Moment = Field(default=None, description="What was announced by this moment. Default: now.")
    known_at: Moment = Field(default=None, description=KNOWN_AT)
