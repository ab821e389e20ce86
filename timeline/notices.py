"""A notice: what a provider says about the life of a model, an endpoint, a product or a feature."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from timeline.keys import canonical

Status = Literal["preview", "active", "legacy", "deprecated", "retired"]
SubjectKind = Literal["model", "endpoint", "product", "feature", "fine_tuning"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One lifecycle statement.

    Dates are `YYYY-MM-DD` or `YYYY-MM`, as precise as the page is. At most one of `retires_on` (firm) and
    `not_before` (a floor, never a firm date) is set. `label` is the provider's own word. `status` is what the label,
    the section and the dates mean on the day of the capture.
    """

    fact: ClassVar[str] = "notice"

    provider: str
    subject_kind: SubjectKind = "model"
    model: str
    model_id: str | None = None
    status: Status
    label: str = ""
    labelled: bool = False  # the page gives the status in words; else it follows from dates and may pass with time
    release_stage: str | None = None
    announced_on: str | None = None
    deprecates_on: str | None = None
    retires_on: str | None = None
    not_before: str | None = None
    replacements: tuple[str, ...] = ()
    scope: Mapping[str, str] = field(default_factory=dict)
    locator: str = ""

    @property
    def key(self) -> str:
        """What makes it the same subject over time, within its source."""
        return canonical([self.subject_kind, self.model_id or self.model, dict(self.scope)])

    @property
    def value(self) -> tuple[object, ...]:
        """What is compared between captures."""
        dates = (self.announced_on, self.deprecates_on, self.retires_on, self.not_before)
        return (self.status, self.release_stage, *dates, self.replacements)
