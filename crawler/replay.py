"""Import of captures made elsewhere: a manifest's files and WARC files, in order of dates, through capture and fold."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.observe import Observed
from crawler.rebuild import catch_up, rebuild
from crawler.registration import registration
from crawler.revisits import Seen
from crawler.source import Source, claim
from crawler.spools import Spool, Spooled
from crawler.warcs import SUFFIXES
from store import captures, imports, snapshots, sources
from store.connect import Connection
from store.timelines import Rebuilt
from timeline.dates import moment
from timeline.events import Event
from timeline.issues import AiwireError, Issue, MistakeError

STORY = Path(__file__).resolve().parent.parent / "tests" / "story"
"""A small set of captures of our own with changes in it: what a checkout rehearses when no folder is named."""
LARGEST = 64 * 2**20  # bytes of one capture: four times what is fetched
CONTENT_TYPES = {"md": "text/markdown", "html": "text/html", "json": "application/json", "xml": "application/xml"}


class ManifestError(AiwireError):
    """A manifest line that cannot be imported: says which line, what was found, and what is needed."""


class NoCapturesError(MistakeError):
    """A path that is neither a folder nor an archive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One capture of a manifest; `at` is strictly later than any earlier one of the same source."""

    file: Path
    url: str
    at: datetime
    source: Source
    place: str = ""  # in an archive: which record
    spooled: Spooled | None = None  # of an archive: the page
    served_as: str = ""  # of an archive: its Content-Type

    @property
    def content_type(self) -> str:
        """What the server called it; of a file what one would, by its ending."""
        if self.spooled is not None:
            return self.served_as
        return CONTENT_TYPES.get(self.file.suffix.lstrip("."), "application/octet-stream")

    def read(self) -> bytes:
        """The page. Raises ManifestError for a file that is missing, none, or too large."""
        return self.spooled.read() if self.spooled is not None else _body(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """The lines some source claims, in order of capture, and those that none does."""

    lines: tuple[Line, ...]
    unclaimed: tuple[str, ...]  # "file: url", in file order
    looks: tuple[Seen, ...] = ()  # answers in archives that were no page
    refused: tuple[str, ...] = ()  # records and archives that cannot be imported, for a person


def read_manifest(folder: Path, known: Sequence[Source]) -> Manifest:
    """Read `folder`/manifest.jsonl. Raises ManifestError for a line that is broken or leaves the folder."""
    path = folder / "manifest.jsonl"
    if not path.is_file():
        raise ManifestError(
            f"{path} is missing: a folder to replay has a manifest.jsonl with file, url and captured_on"
        )
    lines, unclaimed = [], []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip():
            continue
        file, url, at = _parse(path, number, text, folder)
        source = claim(known, url)
        if source is None:
            unclaimed.append(f"{file.relative_to(folder)}: {url}")
        else:
            lines.append(Line(file=file, url=url, at=at, source=source))
    return Manifest(lines=tuple(_separated(sorted(lines, key=lambda line: line.at))), unclaimed=tuple(unclaimed))


def read_captures(
    path: Path, known: Sequence[Source], spool: Spool, progress: Callable[[int, str], None] = lambda done, name: None
) -> Manifest:
    """What a WARC file holds, or a folder by its manifest.jsonl and its WARC files; pages of these wait in `spool`.

    Raises ManifestError as `read_manifest` does, and for a path that is neither.
    """
    archives = warc_files(path)
    listed = Manifest(lines=(), unclaimed=())
    if not archives or (path.is_dir() and (path / "manifest.jsonl").exists()):
        listed = read_manifest(path, known)
    if not archives:
        return listed
    from crawler.archives import read_archives  # all of Scrapy, for its decoders: a second

    found = read_archives(archives, known, spool, progress)
    lines = [
        Line(file=page.file, url=page.url, at=page.at, source=page.source, place=page.place,
             spooled=page.body, served_as=page.content_type)
        for page in found.pages
    ]  # fmt: skip
    told = [f"{each} ({times} records)" if times > 1 else each for each, times in found.unclaimed.items()]
    more = [f"{found.unclaimed_more:,} more records"] if found.unclaimed_more else []
    return Manifest(
        lines=tuple(_separated(sorted((*listed.lines, *lines), key=lambda line: line.at))),
        unclaimed=(*listed.unclaimed, *told, *more),
        looks=tuple(found.looks),
        refused=tuple(found.refused),
    )


def warc_files(path: Path) -> list[Path]:
    """The WARC file at `path`, or those in that folder, by name. Raises ManifestError for what is no file of it."""
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.name.lower().endswith(SUFFIXES))
    elif path.name.lower().endswith(SUFFIXES):
        files = [path]
    else:
        raise NoCapturesError(f"{path}: expected a folder with a manifest.jsonl, or a file called *.warc or *.warc.gz")
    for file in files:
        if not file.is_file():
            raise ManifestError(f"{file} is no file: take it away, or put the WARC file itself there")
        if path.is_dir() and not file.resolve().is_relative_to(path.resolve()):
            raise ManifestError(f"{file} leads out of the folder: put the WARC file itself there")
    return files


def replay(
    connection: Connection,
    manifest: Manifest,
    *,
    progress: Callable[[Line], None] = lambda line: None,
    doubt: Callable[[Line, Sequence[Issue]], None] = lambda line, issues: None,
) -> tuple[Event, ...]:
    """Import every line, each committed by itself; what is in the store already is left as it is. So are the looks.

    The clock stands at each capture and stops at the last one. `doubt` is called with what was not understood of a
    capture. Returns the events in order.
    """
    used = {source.id: source for source in _sources(manifest)}
    rows = [registration(source) for source in used.values()]
    sources.register(connection, rows, now=_first(manifest), only_add=True)
    for look in manifest.looks:
        imports.note_failure(
            connection, source=look.source.id, url=look.url, at=look.at, outcome=look.name, status=look.status,
            detail=look.detail,
        )  # fmt: skip
    last = {line.source.id: position for position, line in enumerate(manifest.lines)}
    events: list[Event] = []
    for position, line in enumerate(manifest.lines):
        progress(line)
        seen = import_line(connection, line, last=last[line.source.id] == position)
        events += seen.events
        if seen.issues:
            doubt(line, seen.issues)
    return tuple(events)


def import_line(connection: Connection, line: Line, *, last: bool) -> Observed:
    """Store the capture of a line and fold it, in one transaction; one older than what is known rebuilds its source.

    A line imported before changes nothing. Raises ManifestError for a file that is missing, none, or too large.
    """
    body = line.read()
    source = line.source
    with connection.transaction():
        captures.lock_source(connection, source.id)
        sha256 = snapshots.put(connection, body, line.content_type)
        newest = captures.latest(connection, source.id)
        placed = imports.place(connection, source=source.id, sha256=sha256, url=line.url, at=line.at, origin="import")
        if placed and newest is not None and line.at <= newest.last_seen:
            return _rebuilt(rebuild(connection, source, now=newest.last_seen, because="an older capture was imported"))
        return catch_up(connection, source, at=line.at, last_of_import=last)


def _body(line: Line) -> bytes:
    try:
        if line.file.exists() and not line.file.is_file():
            raise ManifestError(f"{line.file} is no file; the manifest names it for {line.url}")
        with line.file.open("rb") as opened:
            body = opened.read(LARGEST + 1)
    except OSError as error:
        raise ManifestError(f"{line.file}: {error.strerror}; the manifest names it for {line.url}") from error
    if len(body) > LARGEST:
        raise ManifestError(f"{line.file} is larger than {LARGEST:,} bytes: no page that was fetched is")
    return body


def _rebuilt(rebuilt: Rebuilt) -> Observed:
    return Observed(source=rebuilt.source, captures=1, events=rebuilt.events_added)


def _parse(path: Path, number: int, text: str, folder: Path) -> tuple[Path, str, datetime]:
    where = f"{path}, line {number}"
    try:
        row = json.loads(text)
        name, url, captured_on = row["file"], row["url"], row["captured_on"]
        at = moment(captured_on)
        if not isinstance(name, str) or not isinstance(url, str | None):
            raise TypeError(f"file and url are texts, found {type(name).__name__} and {type(url).__name__}")
        file = (folder / name).resolve()
    except (ValueError, KeyError, TypeError, OSError, RuntimeError) as error:
        raise ManifestError(
            f"{where}: needs JSON with file, url and captured_on (a date or a time): {error}"
        ) from error
    if not file.is_relative_to(folder.resolve()):
        raise ManifestError(f"{where}: {name!r} leads out of the folder")
    return folder / name, url or "", at


def _separated(lines: Sequence[Line]) -> Iterator[Line]:
    """Captures of one source at the same time follow each other by a microsecond, in manifest order."""
    newest: dict[str, datetime] = {}
    for line in lines:
        at = line.at
        if (before := newest.get(line.source.id)) is not None and at <= before:
            at = before + timedelta(microseconds=1)
        newest[line.source.id] = at
        yield replace(line, at=at)


def _sources(manifest: Manifest) -> list[Source]:
    return [*(line.source for line in manifest.lines), *(look.source for look in manifest.looks)]


def _first(manifest: Manifest) -> datetime:
    times = [*(line.at for line in manifest.lines), *(look.at for look in manifest.looks)]
    return min(times, default=datetime.min.replace(tzinfo=UTC))
