"""Whether the answers are there and fresh."""

from typing import Literal

from pydantic import Field

from api.schemas.shapes import Shape


class Check(Shape):
    """One thing that was looked at."""

    name: str
    needed: bool = Field(description="Whether the service is not ready without it.")
    ok: bool
    detail: str
    seconds: float | None = None


class Readiness(Shape):
    """Whether the answers are there and fresh."""

    status: Literal["ready", "late", "not ready"]
    ready: bool
    checks: list[Check]
