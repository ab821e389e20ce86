"""A notice: what a provider says about the life of a model, an endpoint, a product or a feature."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
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


def status_on(notice: Notice, day: date) -> Status:
    """The status of the notice on a day, by its stated dates.

    A page that labels models is followed to the letter. Else a retirement date retires from the day after it (a month
    when it is over), a deprecation date deprecates from that day on (a month when it is over). A floor retires nobody.
    """
    if notice.labelled:
        return notice.status
    if notice.retires_on and _is_over(notice.retires_on, day):
        return "retired"
    if notice.deprecates_on and notice.status in ("preview", "active", "legacy"):
        today = day.isoformat()
        if _is_over(notice.deprecates_on, day) or today == notice.deprecates_on:
            return "deprecated"
    return notice.status


def restate(notice: Notice, day: date) -> Notice:
    """The same notice with the status it has on a day."""
    status = status_on(notice, day)
    return notice if status == notice.status else replace(notice, status=status)


def _is_over(stated: str, day: date) -> bool:
    """True once the whole of the stated day or month lies before `day`."""
    return day.isoformat()[: len(stated)] > stated
