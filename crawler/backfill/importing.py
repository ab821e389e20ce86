"""Copies into a source's history: bytes first, each kept by itself; then all of them folded in one transaction."""

import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from crawler.backfill import folding, states, trees
from crawler.backfill.exports import Export
from crawler.rebuild import catch_up, rebuild
from crawler.registration import registration
from crawler.source import Source
from store import captures, histories, imports, snapshots, sources
from store.connect import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Backfilled:
    """What came of it: `known` copies were there before."""

    source: str
    imported: int
    known: int
    bad: int = 0
    events: int = 0
    left_out: tuple[str, ...] = ()  # what was not understood, and where


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
    kept: list[tuple[Export, str]] = []
    for export in exports:
        progress(export.name)
        kept.append((export, snapshots.put(connection, prepare(export.read()), export.content_type)))
    with connection.transaction():
        captures.lock_source(connection, source.id)
        newest = captures.latest(connection, source.id)
        placed = [
            export.at
            for export, sha256 in kept
            if imports.place(
                connection, source=source.id, sha256=sha256, url=export.url or source.url, at=export.at, origin="import"
            )
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


def backfill_states(connection: Connection, body: bytes, *, now: datetime) -> Backfilled:
    """Import the price states of models.dev's history, a line each, as a source of its own; nobody is told.

    Safe to repeat; a newer file replaces what an older one said. Raises BackfillError for a line that is wrong: then
    nothing is written. States of meters that nobody knows are left out and counted as bad.
    """
    return bring_in_states(connection, states.parse(body), body, now=now)


def backfill_checkout(
    connection: Connection,
    checkout: Path,
    *,
    apart: timedelta,
    now: datetime,
    until: datetime | None = None,
    progress: Callable[[int, str], None] = lambda total, name: None,
) -> Backfilled:
    """As `backfill_states`, of the states that a checkout of models.dev has gone through; `apart` as in `trees`.

    Killed at any point nothing has changed; a later checkout only adds what came since. Raises BackfillError for what
    is no such checkout.
    """
    walked = trees.price_states(checkout, apart=apart, until=until, progress=progress)
    done = backfill_states(connection, walked.body, now=now)
    return replace(done, bad=done.bad + len(walked.left_out), left_out=(*walked.left_out, *done.left_out))


def bring_in_states(
    connection: Connection, found: Sequence[states.PriceStateLine], body: bytes, *, now: datetime
) -> Backfilled:
    """As `backfill_states`, of the states that were parsed from `body`."""
    with _uncollected():
        folded = folding.fold_states(found, hashlib.sha256(body).hexdigest())
        seen = folding.last_seen(found)
        done = histories.load(connection, folding.STATES, folded, body=body, url=states.HOME, seen=seen, now=now)
    strange = Counter(state.meter for state in found if state.meter not in states.METERS)
    bad = strange.total()
    return Backfilled(
        source=folding.STATES.id, imported=0 if done.is_empty else len(found) - bad, known=done.kept, bad=bad,
        events=len(done.events_added),
        left_out=tuple(f"{count} states of {meter}: nobody knows what that prices" for meter, count in strange.items()),
    )  # fmt: skip


@contextmanager
def _uncollected() -> Iterator[None]:
    """Years of values are made that all live until they are written: looking for garbage among them finds none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
