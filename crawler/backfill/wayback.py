"""Official pages as the web's archive kept them: which captures there are (the CDX API), and their bytes as served.

Source: the Wayback CDX server's README. `from` and `to` are the first digits of timestamps; `collapse=digest` leaves
out what is the same as the capture before; a last row after an empty one is the key to go on with (`resumeKey`). The
flag `id_` behind a timestamp asks for the bytes as they were served, without the archive's own links.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from crawler.backfill.exports import BackfillError, Export
from crawler.backfill.importing import Backfilled, backfill
from crawler.capture import Arrival
from crawler.fetching import NotFetchedError
from crawler.source import Source
from store import imports
from store.connect import Connection

ARCHIVE: Final = "https://web.archive.org"
PAUSE: Final = 4.0
"""Seconds between two requests: the archive asks for no more than 15 a minute."""
_FIELDS: Final = ["timestamp", "original", "mimetype", "statuscode", "digest"]
_LIMIT: Final = 5000  # captures in one answer of the index
_AT_ONCE: Final = 20  # captures that are kept together: what a killed run loses at most
_LOST: Final = ("not_found", "gone", "empty", "wrong_type", "server_error")  # of one capture: the others may be there

Fetch = Callable[[str], Awaitable[Arrival]]  # raises NotFetchedError
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Archived:
    """One capture the archive has."""

    at: datetime
    original: str
    digest: str  # of its bytes, as the archive counts

    def address(self, archive: str) -> str:
        """Where its bytes are, as they were served."""
        return f"{archive}/web/{self.at:%Y%m%d%H%M%S}id_/{self.original}"


def index_address(archive: str, url: str, since: datetime | None, until: datetime | None, key: str = "") -> str:
    """Where the index lists the captures of a URL that were answered with 200; `until` is a day, and included."""
    asked = {"url": url, "output": "json", "fl": ",".join(_FIELDS), "filter": "statuscode:200", "collapse": "digest"}
    asked |= {"from": f"{since:%Y%m%d%H%M%S}"} if since else {}
    asked |= {"to": f"{until + timedelta(days=1) - timedelta(seconds=1):%Y%m%d%H%M%S}"} if until else {}
    asked |= {"limit": str(_LIMIT), "showResumeKey": "true"} | ({"resumeKey": key} if key else {})
    return f"{archive}/cdx/search/cdx?{urlencode(asked)}"


def parse_index(body: bytes) -> tuple[list[Archived], str]:
    """The captures of an answer of the index, and the key to go on with. Raises BackfillError for what is none."""
    try:
        rows = json.loads(body or b"[]")
        if rows and rows[0] != _FIELDS:
            raise ValueError(f"columns {rows[0]}")
        key = ""
        if len(rows) > 2 and rows[-2] == []:
            key, rows = str(rows[-1][0]), rows[:-2]
        return [_archived(*row) for row in rows[1:]], key
    except (ValueError, TypeError, IndexError, KeyError, AttributeError) as error:
        raise BackfillError(f"expected captures from the archive's index, found {error}"[:300]) from error


def _archived(timestamp: str, original: str, mimetype: str, status: str, digest: str) -> Archived:
    if not re.fullmatch(r"\d{14}", timestamp) or not re.match(r"https?://", original):
        raise ValueError(f"a capture of {original[:100]!r} at {timestamp!r}")
    at = datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return Archived(at=at, original=original, digest=digest)


async def captures_of(
    source: Source, fetch: Fetch, *, archive: str, since: datetime | None, until: datetime | None, pause: Pause
) -> list[Archived]:
    """Every capture of the source's address and of its former ones, in order of time, each content once in a row."""
    found: list[Archived] = []
    for url in dict.fromkeys((source.url, *source.former_urls)):
        key = ""
        while True:
            answer = await _index(fetch, index_address(archive, url, since, until, key))
            listed, following = parse_index(answer)
            found += listed
            await pause(PAUSE)
            if not following or following == key:
                break
            key = following
    by_time = {each.at: each for each in sorted(found, key=lambda each: each.at)}
    return [each for each, before in zip(by_time.values(), [None, *by_time.values()], strict=False)
            if before is None or before.digest != each.digest]  # fmt: skip


async def _index(fetch: Fetch, address: str) -> bytes:
    try:
        return (await fetch(address)).body
    except NotFetchedError as error:
        if error.name == "empty":  # nothing was ever kept
            return b"[]"
        raise


async def bring_in(
    connection: Connection,
    source: Source,
    fetch: Fetch,
    *,
    archive: str = ARCHIVE,
    since: datetime | None = None,
    until: datetime | None = None,
    pause: Pause,
    progress: Callable[[int, str], None] = lambda number, name: None,
) -> Backfilled:
    """Fetch and import what the archive has and this database has not, one after the other.

    What came is kept some at a time: a run that is killed, or asked to come back later, goes on where it was. A capture
    the archive lists and cannot give counts as bad. Raises NotFetchedError where it gives nothing any more.
    """
    archive = archive.rstrip("/")
    listed = await captures_of(source, fetch, archive=archive, since=since, until=until, pause=pause)
    known = imports.times(connection, source.id)
    missing = [each for each in listed if each.at not in known]
    total = Backfilled(source=source.id, imported=0, known=len(listed) - len(missing))
    batch: list[Export] = []
    for number, each in enumerate(missing):
        progress(len(missing), f"{each.at:%Y-%m-%d} {each.original}")
        try:
            batch.append(_export(each, await fetch(each.address(archive))))
        except NotFetchedError as error:
            if error.name not in _LOST:
                _keep(connection, source, batch, total)
                raise
            total = replace(total, bad=total.bad + 1)
        if len(batch) >= _AT_ONCE or number + 1 == len(missing):
            total, batch = _keep(connection, source, batch, total), []
        await pause(PAUSE)
    return total


def _export(archived: Archived, arrival: Arrival) -> Export:
    """`arrival` is kept at the time of the capture it is: the archive leads to the nearest one it has."""
    moved = re.search(r"/web/(\d{14})", arrival.url)
    at = datetime.strptime(moved[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if moved else archived.at
    kind = arrival.headers.get("content-type", "text/html")
    return Export(name=archived.original, at=at, read=lambda: arrival.body, url=archived.original, content_type=kind)


def _keep(connection: Connection, source: Source, batch: Iterable[Export], total: Backfilled) -> Backfilled:
    exports: Sequence[Export] = sorted(batch, key=lambda export: export.at)
    done = backfill(connection, source, exports)
    return replace(
        total,
        imported=total.imported + done.imported,
        known=total.known + done.known,
        bad=total.bad + done.bad,
        events=total.events + done.events,
    )
