"""What each parameter may be, said once: for the handlers, the OpenAPI document and the error messages."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from store.filters import MOST_CONDITIONS
from timeline.incidents import Impact
from timeline.notices import Status, SubjectKind

MOST = 1000  # items on one page

_ZONE_LOST = re.compile(r" (\d\d:?\d\d)$")  # a `+` of a time zone that was not percent-encoded arrives as a space
_LEAP = re.compile(r"(T\d\d:\d\d):60")  # a second that most clocks do not have: the one after it
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def moment(value: object) -> object:
    """A time from `YYYY-MM-DD` (its first instant, UTC) or an ISO 8601 time; one without a zone is UTC."""
    if not isinstance(value, str) or not value:
        return value
    text = _ZONE_LOST.sub(r"+\1", value.strip()).upper()
    leap = bool(_LEAP.search(text))
    try:
        if len(text) <= 10:
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        found = datetime.fromisoformat(_LEAP.sub(r"\1:59", text)) + timedelta(seconds=leap)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("expected a date like 2026-02-26 or a time like 2026-02-26T10:10:00Z") from error


def clean(value: object) -> object:
    """Text that the database can hold and a person can type."""
    if isinstance(value, str) and _CONTROL.search(value):
        raise ValueError("control characters are not allowed")
    return value


def empty(value: object) -> object:
    """No value where it is empty, as forms send it."""
    return None if value == "" else value


def filled(values: object) -> object:
    """The values that are not empty."""
    return [value for value in values if value != ""] if isinstance(values, list) else values


Text = Annotated[str, BeforeValidator(clean), Field(min_length=1, max_length=200)]
Moment = Annotated[
    datetime | None,
    BeforeValidator(moment),
    BeforeValidator(empty),
    Field(json_schema_extra={"anyOf": [{"type": "string", "format": name} for name in ("date", "date-time")]}),
]
Condition = Annotated[
    str, BeforeValidator(clean), Field(pattern=r"^[a-z][a-z0-9_]*:.*$", max_length=200, examples=["service_tier:batch"])
]
CONDITION = (
    "When a price applies, as `name:value`: service_tier:batch, context_over:200000. Values of one name are "
    "alternatives; `service_tier:` asks for prices without one."
)
ConditionList = Annotated[list[Condition], BeforeValidator(filled), Field(max_length=MOST_CONDITIONS)]
Texts = Annotated[list[Text], BeforeValidator(filled), Field(max_length=50)]
Trusts = Annotated[list[Literal["official", "cloud", "reseller", "catalogue", "press"]], BeforeValidator(filled)]
Deadlines = Annotated[list[Literal["deprecation", "retirement", "price", "rule"]], BeforeValidator(filled)]
Directions = Annotated[list[Literal["cut", "rise"]], BeforeValidator(filled)]
SubjectKinds = Annotated[list[SubjectKind], BeforeValidator(filled)]
Statuses = Annotated[list[Status], BeforeValidator(filled)]
Impacts = Annotated[list[Impact], BeforeValidator(filled)]
Healths = Annotated[list[Literal["new", "ok", "failing", "broken", "stale"]], BeforeValidator(filled)]
