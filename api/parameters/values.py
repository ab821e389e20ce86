"""What each parameter may be, said once: for the handlers, the OpenAPI document and the error messages."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from store.filters import MOST_CONDITIONS
from timeline.incidents import Impact
from timeline.notices import Status, SubjectKind

MOST = 1000  # items on one page
LONGEST_TEXT = 200  # characters

_DAY = r"\d{4}-\d\d-\d\d"
_TIME = re.compile(rf"{_DAY}[T ]\d\d:\d\d(?::\d\d(?:\.\d{{1,9}})?)?(?:Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
_ZONE_LOST = re.compile(r" (\d\d:?\d\d)$")  # a `+` of a time zone that was not percent-encoded arrives as a space
_LEAP = re.compile(r"(T\d\d:\d\d):60")  # a second that most clocks do not have: the one after it
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
PRINTABLE = "^[^\\u0000-\\u001f\\u007f]*$"  # as JSON Schema has it


def moment(value: object) -> object:
    """A time from `YYYY-MM-DD` (its first instant, UTC) or an ISO 8601 time; one without a zone is UTC."""
    if not isinstance(value, str):
        return value
    text = _ZONE_LOST.sub(r"+\1", value).upper()
    try:
        if re.fullmatch(_DAY, text):
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        if not _TIME.fullmatch(text):
            raise ValueError("neither")
        found = datetime.fromisoformat(_LEAP.sub(r"\1:59", text)) + timedelta(seconds=bool(_LEAP.search(text)))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("expected a date like 2026-02-26 or a time like 2026-02-26T10:10:00Z") from error


def flag(value: object) -> object:
    """true or false, and no other word for them."""
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("expected true or false")
    return value == "true" if isinstance(value, str) else value


def digits(value: object) -> object:
    """A number as people write it, with up to fifteen digits before the point and six behind it."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,6})?", value):
        raise ValueError("expected a number that is not negative, like 500 or 0.25, with at most 6 decimals")
    return value


def whole(value: object) -> object:
    """A whole number in digits."""
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}", value):
        raise ValueError("expected a whole number")
    return value


def clean(value: object) -> object:
    """Text that the database can hold and a person can type."""
    if isinstance(value, str) and not 1 <= len(value) <= LONGEST_TEXT:
        raise ValueError(f"expected 1 to {LONGEST_TEXT} characters")
    if isinstance(value, str) and _CONTROL.search(value):
        raise ValueError("control characters are not allowed")
    return value


def empty(value: object) -> object:
    """No value where it is empty, as forms send it."""
    return None if value == "" else value


Text = Annotated[
    str, BeforeValidator(clean), Field(min_length=1, max_length=LONGEST_TEXT, json_schema_extra={"pattern": PRINTABLE})
]
Count = Annotated[
    Decimal,
    BeforeValidator(digits),
    Field(ge=0, max_digits=21, decimal_places=6),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,15}(\\.[0-9]{1,6})?$"}),
]
Share = Annotated[
    Decimal,
    BeforeValidator(digits),
    Field(ge=0, le=1, decimal_places=6),
    WithJsonSchema({"type": "string", "pattern": "^(0(\\.[0-9]{1,6})?|1(\\.0{1,6})?)$"}),
]
Flag = Annotated[bool, BeforeValidator(flag)]
Whole = Annotated[int, BeforeValidator(whole)]
Moment = Annotated[
    datetime | None,
    BeforeValidator(moment),
    Field(json_schema_extra={"anyOf": [{"type": "string", "format": name} for name in ("date", "date-time")]}),
]
Condition = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]*:[^\x00-\x1f\x7f]*$", max_length=200, examples=["service_tier:batch"]),
]
CONDITION = (
    "When a price applies, as `name:value`: service_tier:batch, context_over:200000. Values of one name are "
    "alternatives; `service_tier:` asks for prices without one."
)
ConditionList = Annotated[list[Condition], Field(max_length=MOST_CONDITIONS)]
Texts = Annotated[list[Text], Field(max_length=50)]
Trusts = list[Literal["official", "cloud", "reseller", "catalogue", "press"]]
Deadlines = list[Literal["deprecation", "retirement", "price", "rule"]]
Directions = list[Literal["cut", "rise"]]
SubjectKinds = list[SubjectKind]
Statuses = list[Status]
Impacts = list[Impact]
Healths = list[Literal["new", "ok", "failing", "broken", "stale"]]
