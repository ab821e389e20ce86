"""Permanent links: a page as of one moment, as known at another, so that it says the same for ever."""

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Request
from pydantic import AfterValidator, BaseModel, BeforeValidator

from api import times
from api.parameters import Moment
from api.parameters.values import empty

FIRST, LAST = datetime(1950, 1, 1, tzinfo=UTC), datetime(2149, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


def _drawable(at: datetime | None) -> datetime | None:
    """A moment up to which charts can be drawn and ages told."""
    if at is not None and not FIRST <= at <= LAST:
        raise ValueError(f"expected a date from {FIRST.year} to {LAST.year}")
    return at


PageMoment = Annotated[Moment, AfterValidator(_drawable), BeforeValidator(empty)]


class Moments(BaseModel):
    """The two moments a page may be asked for. Without them it tells what holds and is known now."""

    as_of: PageMoment = None
    known_at: PageMoment = None

    @property
    def fixed(self) -> bool:
        """Whether the page is of a moment, not of now."""
        return self.as_of is not None or self.known_at is not None

    @property
    def given(self) -> dict[str, str]:
        """The moments as parameters of an address: a day where it is the first instant of one."""
        moments = {"as_of": self.as_of, "known_at": self.known_at}
        return {name: _parameter(at) for name, at in moments.items() if at is not None}

    @property
    def seen_by(self) -> datetime | None:
        """By when what the page tells had been looked at; None: by now."""
        return min(filter(None, (self.as_of, self.known_at)), default=None)

    @property
    def said(self) -> str:
        """`as of 26 Feb 2026, as known on 1 Mar 2026`; empty of now."""
        parts = [f"as of {times.stamp(self.as_of)}"] if self.as_of else []
        parts += [f"as known on {times.stamp(self.known_at)}"] if self.known_at else []
        return ", ".join(parts)


def _parameter(at: datetime) -> str:
    return f"{at:%Y-%m-%d}" if at == at.replace(hour=0, minute=0, second=0, microsecond=0) else at.isoformat()


def permanent(request: Request, now: datetime) -> str:
    """The address of this page with both moments fixed; those that are given stay."""
    asked = dict(request.query_params)
    fixed = {name: asked.get(name) or f"{now:%Y-%m-%dT%H:%M:%SZ}" for name in ("as_of", "known_at")}
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in fixed]
    return f"{quote(request.scope['path'])}?{urlencode([*kept, *fixed.items()])}"
