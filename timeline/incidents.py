"""An incident: a time in which a provider's service did not work as it should, as its status page tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from timeline.keys import canonical

Impact = Literal["none", "minor", "major", "critical", "maintenance"]
IMPACTS: tuple[Impact, ...] = ("none", "maintenance", "minor", "major", "critical")
"""From the least to the greatest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """One incident as the page tells it now; `resolved_at` None: it goes on. Times are aware UTC."""

    fact: ClassVar[str] = "incident"

    provider: str
    guid: str  # the page's own id, else its address
    title: str
    url: str = ""
    status: str = ""  # the page's word, lower case: investigating, identified, monitoring, resolved, postmortem...
    impact: Impact | None = None  # None: the page does not say
    components: tuple[str, ...] = ()  # what was affected, as printed
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    summary: str = ""  # the newest update
    locator: str = ""

    @property
    def key(self) -> str:
        """What makes it the same incident over time, within its source."""
        return canonical(["incident", self.guid])

    @property
    def value(self) -> tuple[object, ...]:
        """What is compared between captures. Its newest update is not: that it goes on is no change."""
        return (self.title, self.status, self.impact, self.components, self.started_at, self.resolved_at)

    @property
    def minutes(self) -> int | None:
        """How long it lasted; None while it goes on, or where the page does not say when it began."""
        if self.started_at is None or self.resolved_at is None:
            return None
        return max(0, round((self.resolved_at - self.started_at).total_seconds() / 60))
