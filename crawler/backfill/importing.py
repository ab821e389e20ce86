"""Copies into a source's history: bytes first, each kept by itself; then all of them folded in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.backfill.exports import Export
from crawler.rebuild import catch_up, rebuild
from crawler.registration import registration
from crawler.source import Source
from store import captures, imports, snapshots, sources
from store.connect import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Backfilled:
    """What came of it: `known` copies were there before."""

    source: str
    imported: int
    known: int
    bad: int = 0
    events: int = 0


def backfill(
    connection: Connection,
    source: Source,
    exports: Sequence[Export],
    *,
    prepare: Callable[[bytes], bytes] = bytes,
    progress: Callable[[str], None] = lambda name: None,
) -> Backfilled:
    """Import every copy at its own time, and tell nobody; what is there already is left as it is.

    Killed while bytes are stored it goes on where it was; killed while they are folded nothing has changed. Copies
    older than what the source knows make it fold its history anew, once. Raises BackfillError for a copy that cannot
    be read.
    """
    if not exports:
        return Backfilled(source=source.id, imported=0, known=0)
    sources.register(connection, [registration(source)], now=exports[0].at, only_add=True)
    kept: list[tuple[datetime, str]] = []
    for export in exports:
        progress(export.name)
        kept.append((export.at, snapshots.put(connection, prepare(export.read()), "application/json")))
    with connection.transaction():
        captures.lock_source(connection, source.id)
        newest = captures.latest(connection, source.id)
        placed = [
            at
            for at, sha256 in kept
            if imports.place(connection, source=source.id, sha256=sha256, url=source.url, at=at, origin="import")
        ]
        counts = Backfilled(source=source.id, imported=len(placed), known=len(kept) - len(placed))
        if not placed:
            return counts
        if newest is not None and newest.verdict is not None and min(placed) <= newest.last_seen:
            now = max(newest.last_seen, *placed)
            rebuilt = rebuild(connection, source, now=now, because="older captures were imported")
            return Backfilled(
                source=source.id, imported=counts.imported, known=counts.known, events=len(rebuilt.events_added)
            )
        seen = catch_up(connection, source, at=max(placed), last_of_import=True)
        return Backfilled(
            source=source.id, imported=counts.imported, known=counts.known, bad=seen.bad, events=len(seen.events)
        )
