"""What earlier attempts to fetch a source left behind: the next visit and the open issues follow from it."""

from dataclasses import dataclass
from datetime import timedelta

from store.connect import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a source stands before an attempt."""

    failures: int = 0  # in a row, since the last attempt that got its bytes
    issues: bool = False  # some issue of fetching (not of reading) is open
    pace: timedelta | None = None  # how rarely it is enough to look, by what was read last


def standing(connection: Connection, source: str) -> Standing:
    """How a source stands; one that nobody has fetched yet has nothing against it."""
    row = connection.execute(
        """
        SELECT failures, EXISTS (
                   SELECT FROM issue WHERE source = state.source AND closed_at IS NULL AND seq IS NULL), pace
          FROM source_state AS state WHERE source = %s
        """,
        [source],
    ).fetchone()
    return Standing(failures=int(row[0]), issues=bool(row[1]), pace=row[2]) if row else Standing()
