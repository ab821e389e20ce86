"""The wire's news about itself beside its sources: no room, a wrong clock, no network; each told once, and its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from store import events, watching
from store.connect import Connection
from store.watching import Told
from timeline.events import Event
from timeline.keys import canonical

Name = Literal["disk", "clock", "network"]
OVER: Final[Mapping[str, str]] = {
    "disk": "aiwire has room on its disk again",
    "clock": "aiwire's clock is right again",
    "network": "aiwire reaches sites again",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One look: `there` None is neither trouble nor its end. `said` is a sentence for the operator."""

    name: Name
    there: bool | None
    said: str
    machine: str = ""  # tells the troubles of several machines apart; empty: they share it

    @property
    def key(self) -> str:
        """Of the events that tell it."""
        return canonical([self.name, self.machine])


def watch(connection: Connection, findings: Sequence[Finding], *, now: datetime) -> int:
    """Tell what troubles began or ended since the last call; returns how many events that made."""
    with connection.transaction():
        watching.take_wire(connection)
        return events.insert(connection, changes(findings, watching.troubles(connection), now))


def changes(findings: Sequence[Finding], told: Mapping[str, Told], now: datetime) -> list[Event]:
    """The events to tell: pure. A trouble that lasts is one incident."""
    news = []
    for finding in findings:
        before = told.get(finding.key)
        lasts = before is not None and before.last == "wire.troubled"
        if finding.there is not None and finding.there != lasts:
            news.append(_event("wire.troubled" if finding.there else "wire.recovered", finding, before, now))
    return news


def _event(kind: str, finding: Finding, before: Told | None, now: datetime) -> Event:
    return Event(
        kind=kind,
        source=watching.WIRE,
        provider=watching.WIRE,
        key=finding.key,
        new={"trouble": finding.name, "detail": finding.said},
        observed_at=now,
        trust="official",
        headline=finding.said if kind == "wire.troubled" else f"{OVER[finding.name]}: {finding.said}",
        occurrence=(before.times.get(kind, 0) if before else 0) + 1,
    )
