"""What all answers are made of: nothing that is not said here is in one."""

from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")


class Shape(BaseModel):
    """The base of all: nothing that is not said here is in an answer."""

    model_config = ConfigDict(extra="forbid", strict=False)


class Envelope(Shape, Generic[T]):
    """A page of a list."""

    data: list[T]
    next: str | None = Field(description="The address of the next page; null on the last one.")


class Capture(Shape):
    """The evidence: which bytes, from where, seen when."""

    seq: int | None = Field(description="Number of the capture within its source; null for bundled history.")
    url: str
    captured_at: datetime
    sha256: str = Field(description="Of the bytes; /v1/snapshots/{sha256} has them.")
