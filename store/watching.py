"""What was told of the sources' own health and of the wire's: which incidents last, and how often each was told."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from store.connect import Connection

WIRE: Final = "aiwire"
"""The source of what the wire says of itself: nothing is fetched for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """`last` is the newest kind told of a source or a trouble (`source.broken`, `wire.recovered`)."""

    last: str
    times: Mapping[str, int] = field(default_factory=dict)


def told(connection: Connection) -> dict[str, Told]:
    """By source id, for the sources anything was told of."""
    return _gathered(
        connection.execute(
            "SELECT source, kind FROM event WHERE kind IN ('source.broken', 'source.stale', 'source.recovered') "
            "AND withdrawn_at IS NULL ORDER BY position"
        )
    )


def troubles(connection: Connection) -> dict[str, Told]:
    """By key, for the troubles of the wire that were told."""
    return _gathered(
        connection.execute(
            "SELECT key, kind FROM event WHERE source = %s AND kind IN ('wire.troubled', 'wire.recovered') "
            "AND withdrawn_at IS NULL ORDER BY position",
            [WIRE],
        )
    )


def take_wire(connection: Connection) -> None:
    """Keeps others from telling of the wire until the caller's transaction ends.

    Makes the source that its events name, where there is none yet: it is none of those that are watched.
    """
    connection.execute(
        "INSERT INTO source (id, provider, kind, trust, enabled) VALUES (%s, %s, 'wire', 'official', false) "
        "ON CONFLICT DO NOTHING",
        [WIRE, WIRE],
    )
    connection.execute("SELECT FROM source WHERE id = %s FOR UPDATE", [WIRE])


def _gathered(rows: Iterable[tuple[str, str]]) -> dict[str, Told]:
    last: dict[str, str] = {}
    times: dict[str, Counter[str]] = defaultdict(Counter)
    for name, kind in rows:
        last[name] = kind
        times[name][kind] += 1
    return {name: Told(last=kind, times=times[name]) for name, kind in last.items()}
