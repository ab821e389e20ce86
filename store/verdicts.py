"""Verdicts: what reading a capture came to, and what that says of its source."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from psycopg.types.json import Jsonb

from store import captures, checks
from store.checks import HealthChange
from store.connect import Connection
from timeline.issues import Issue
from timeline.keys import canonical
from timeline.observations import Verdict


def mark_read(
    connection: Connection,
    source: str,
    seq: int,
    *,
    verdict: Verdict,
    extractor: str,
    facts: int,
    issues: Sequence[Issue] = (),
    ignored: Sequence[Any] = (),
) -> HealthChange | None:
    """Notes what reading a capture came to. Of the newest, live capture it is the source's health too.

    `ignored` are dataclass objects or JSON objects. Returns the change of health, if there was one.
    """
    capture = captures.one(
        connection,
        f"""
        UPDATE capture SET verdict = %(verdict)s, extractor = %(extractor)s, facts = %(facts)s::int,
               issues = %(issues)s, ignored = %(ignored)s
         WHERE source = %(source)s AND seq = %(seq)s::int RETURNING {captures.COLUMNS}
        """,
        {
            "source": source,
            "seq": seq,
            "verdict": verdict,
            "extractor": extractor,
            "facts": facts,
            "issues": _json(issues),
            "ignored": _json(ignored),
        },
    )
    if capture != captures.latest(connection, source):
        return None
    if capture.origin != "live":  # says nothing about how the source does today
        if verdict != "bad":
            checks.record_evidence(connection, source, at=capture.last_seen)
        return None
    said = next((issue.message for issue in issues if issue.fatal), None)
    return checks.record_verdict(connection, source, at=capture.last_seen, good=verdict != "bad", detail=said)


def mark_late(connection: Connection, source: str, seq: int) -> None:
    """Notes that a capture was bad when it was seen and is believed now: what it changed is told late."""
    connection.execute("UPDATE capture SET late = true WHERE source = %s AND seq = %s::int", [source, seq])


def accept(connection: Connection, source: str, sha256: str) -> int:
    """An operator takes the captures of these bytes (a prefix of their hash) as they are, to be read again."""
    return connection.execute(
        "UPDATE capture SET verdict = 'accepted' WHERE source = %s AND starts_with(sha256, %s)", [source, sha256]
    ).rowcount


def _json(items: Sequence[Any]) -> Jsonb:
    return Jsonb([item if isinstance(item, Mapping) else asdict(item) for item in items], dumps=canonical)
