"""What was told of the sources' own health: which incidents last, and how often each kind has been told."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from store.connect import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """`last` is the newest kind told of a source (`source.broken`, `source.stale`, `source.recovered`)."""

    last: str
    times: Mapping[str, int] = field(default_factory=dict)


def told(connection: Connection) -> dict[str, Told]:
    """By source id, for the sources anything was told of."""
    last: dict[str, str] = {}
    times: dict[str, Counter[str]] = defaultdict(Counter)
    for source, kind in connection.execute(
        "SELECT source, kind FROM event WHERE kind IN ('source.broken', 'source.stale', 'source.recovered') "
        "AND withdrawn_at IS NULL ORDER BY position"
    ):
        last[source] = kind
        times[source][kind] += 1
    return {source: Told(last=kind, times=times[source]) for source, kind in last.items()}
