"""What a reader is given, and what it gives back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from timeline.facts import Fact
from timeline.gaps import Cover, Shape
from timeline.issues import Issue


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """The bytes of one snapshot and what is known about where they came from."""

    body: bytes
    url: str
    at: datetime  # aware UTC; when it was captured: dates on the page are judged against this, never against today
    source: str  # source id
    provider: str
    content_type: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)  # of the source's configuration, for the general readers


@dataclass(frozen=True, kw_only=True, slots=True)
class Ignored:
    """Something in scope that a reader left out on purpose, and why."""

    what: str
    why: str
    locator: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """Where a page holds prices: what tells a section that lost them from prices that are gone.

    `form` is any text that is another one for another kind of page. `held` and `empty` count the titles that stand over
    prices and those that do not; `said` are the texts under a title, prices apart; `over` the titles over each block,
    nearest first, by its locator.
    """

    form: str
    held: Mapping[str, int] = field(default_factory=dict)
    empty: Mapping[str, int] = field(default_factory=dict)
    said: Mapping[str, frozenset[str]] = field(default_factory=dict)
    over: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def shape(self) -> Shape:
        """What of it is compared with later captures."""
        return Shape(form=self.form, empty=self.empty)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Everything a reader says about a document."""

    facts: Sequence[Fact] = ()
    issues: Sequence[Issue] = ()
    ignored: Sequence[Ignored] = ()
    outline: Outline | None = None
    covered: Mapping[str, Cover] = field(default_factory=dict)  # keys whose absence means nothing
    pace: timedelta | None = None  # how rarely it is enough to look, by what was read; None: it does not say


Reader = Callable[[Document], Reading]
"""A pure function. It reports what it cannot understand as issues and does not raise for any content of a page."""
