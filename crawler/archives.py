"""What WARC files hold of our sources: pages to import, and answers that were no page. Bodies wait in a spool.

A record that cannot be taken is refused by itself: it is as if nobody had looked at that time. A file that cannot be
read to its end is refused whole, as what its records say of each other cannot be trusted.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crawler import digests
from crawler.answers import Answer, AnswerError, decoded, parse_answer, unchunked
from crawler.capture import Arrival, Visit, name_of
from crawler.failures import TooLargeError, UndecodableError
from crawler.middlewares import REDIRECTS
from crawler.revisits import ByKey, Seen, keys_of, refers_of, resolve
from crawler.settings import MAX_BYTES
from crawler.source import Source, claim
from crawler.spools import Spool
from crawler.warcs import Record, WarcError, records
from timeline.addresses import BlockedAddressError, check_url
from timeline.dates import moment
from timeline.issues import AiwireError

IGNORED = frozenset({"warcinfo", "request", "metadata"})
TAKEN = frozenset({"response", "resource", "revisit"})
INERT = frozenset({"dns", "whois", "urn", "metadata"})  # under these schemes crawlers file notes of their own
LARGEST_HEAD = 2**18  # bytes of an answer's status line and headers
MOST_TOLD = 1000  # addresses nobody claims, and refused records, of a file that are told one by one
YEARS = frozenset(map(str, range(1991, 2100)))  # in which there were pages to look at, or may be

_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:(\.\d{1,6})\d{0,3})?Z", re.ASCII)

Progress = Callable[[int, str], None]  # bytes read so far of all files, the file's name


class RefusedError(AiwireError):
    """A record that cannot be taken: what was found, and what was expected."""


@dataclass(kw_only=True, slots=True)
class Archived:
    """What some files hold."""

    pages: list[Seen] = field(default_factory=list)
    looks: list[Seen] = field(default_factory=list)  # answers that were no page
    again: list[Seen] = field(default_factory=list)  # answers that say "as before"
    by_key: ByKey = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)  # for a person: where, what was found, what to do
    unclaimed: dict[str, int] = field(default_factory=dict)  # "file: url", and how often
    unclaimed_more: int = 0  # records of further addresses

    def add(self, other: "Archived") -> None:
        """Take what another file holds."""
        self.pages += other.pages
        self.looks += other.looks
        self.again += other.again
        self.by_key |= other.by_key
        self.refused += other.refused
        self.unclaimed |= other.unclaimed
        self.unclaimed_more += other.unclaimed_more


def read_archives(
    files: Sequence[Path], known: Sequence[Source], spool: Spool, progress: Progress = lambda done, name: None
) -> Archived:
    """Read WARC files; of what they hold only the pages that sources claim is kept. Nothing they hold raises."""
    found, before = Archived(), 0
    hosts = frozenset(filter(None, (urlsplit(url).hostname for each in known for url in (each.url, *each.former_urls))))
    for file in files:
        reading = _Reading(file=file, known=known, spool=spool, hosts=hosts)
        try:
            with file.open("rb") as opened:
                for record in records(file, opened):
                    reading.take(record)
                    progress(before + opened.tell(), file.name)
                before += opened.tell()
        except WarcError as error:
            found.refused.append(str(error))
        except OSError as error:
            found.refused.append(
                f"{file}: {error.strerror}; nothing of this file was imported: mend that, import again"
            )
        else:
            found.add(reading.end())
    pages, looks, refused = resolve(found.again, found.pages, found.by_key)
    found.pages += pages
    found.looks += looks
    found.refused += refused
    return found


@dataclass(kw_only=True, slots=True)
class _Reading:
    """One file being read."""

    file: Path
    known: Sequence[Source]
    spool: Spool
    hosts: frozenset[str]  # of the known sources: asking each of them is slow
    found: Archived = field(default_factory=Archived)
    refused: int = 0  # records

    def end(self) -> Archived:
        """What it holds, now that it was read to its end."""
        if self.refused > MOST_TOLD:
            self.found.refused.append(f"{self.file}: {self.refused - MOST_TOLD:,} more records were refused")
        return self.found

    def take(self, record: Record) -> None:
        """Sort in one record; why it is refused is noted."""
        try:
            self._take(record)
        except (RefusedError, AnswerError, BlockedAddressError, digests.DigestError) as error:
            self.refused += 1
            if self.refused > MOST_TOLD:
                return
            told = f"{self.file}, {record.place}: {error}; this record was not imported: mend it, or leave it out"
            self.found.refused.append(told)

    def _take(self, record: Record) -> None:
        if record.kind in IGNORED:
            return
        if record.kind not in TAKEN:
            kind = record.fields.get("warc-type", "")[:60]
            raise RefusedError(f"WARC-Type {kind!r} is not understood, expected {', '.join(sorted(TAKEN | IGNORED))}")
        url = record.fields.get("warc-target-uri", "")
        url = url[1:-1] if url.startswith("<") and url.endswith(">") else url  # as WARC/1.0 was often read
        if url.partition(":")[0].lower() in INERT:
            return
        source = self._claimed(url)
        if source is None:
            self._unclaimed(url)
            return
        if "warc-segment-number" in record.fields:
            raise RefusedError("a page in segments (WARC-Segment-Number), expected one record a page")
        seen = Seen(file=self.file, place=record.place, url=url, at=_date(record), source=source)
        if record.length > MAX_BYTES + LARGEST_HEAD:
            detail = f"a block of {record.length:,} bytes, expected at most {MAX_BYTES:,}"
            self.found.looks.append(replace(seen, name="too_large", detail=detail))
        else:
            self._sort(record, seen)

    def _claimed(self, url: str) -> Source | None:
        """The source of an address. Raises RefusedError or BlockedAddressError for one nobody should have asked."""
        try:
            parts = urlsplit(url)
            host = parts.hostname
        except ValueError as error:
            raise RefusedError(f"WARC-Target-URI {url[:200]!r} is no address: {error}") from error
        if parts.scheme not in {"http", "https"}:
            raise RefusedError(f"WARC-Target-URI {url[:200]!r}, expected an address of http or https")
        if ".." in re.split(r"[/\\]", unquote(unquote(parts.path))):
            raise RefusedError(f"WARC-Target-URI {url[:200]!r} climbs out of its folder, expected a plain path")
        source = claim(self.known, url) if host in self.hosts else None
        if source is None:
            check_url(url)
        return source

    def _unclaimed(self, url: str) -> None:
        key = f"{self.file.name}: {url}"
        if key in self.found.unclaimed or len(self.found.unclaimed) < MOST_TOLD:
            self.found.unclaimed[key] = self.found.unclaimed.get(key, 0) + 1
        else:
            self.found.unclaimed_more += 1

    def _sort(self, record: Record, seen: Seen) -> None:
        block = record.read_all()
        if record.kind != "revisit":  # where writers put the digest of the page's own record; nothing of it is read
            digests.verify("WARC-Block-Digest", record.fields.get("warc-block-digest"), block)
        if record.kind == "resource":
            digests.verify("WARC-Payload-Digest", record.fields.get("warc-payload-digest"), block)
            content_type = record.fields.get("content-type", "")
            self._arrived(record, seen, Arrival(status=200, url=seen.url, body=block), content_type, payload=block)
            return
        answer = parse_answer(block) if block or record.kind == "response" else None
        if record.kind == "revisit" and (answer is None or answer.status in {200, 203, 304}):
            self.found.again.append(replace(seen, refers=refers_of(record)))
            return
        if answer is None:
            raise AssertionError("a response without an answer was refused")
        if record.kind == "response":
            _verify_payload(record, answer)
        if answer.status == 304:
            self.found.again.append(seen)
            return
        failure, arrival = _undone(seen.url, answer, cut="warc-truncated" in record.fields)
        seen = replace(seen, status=answer.status)
        if failure is not None:
            self.found.looks.append(replace(seen, name=failure[0], detail=failure[1]))
        else:
            content_type = answer.kept("content-type").get("content-type", "")
            self._arrived(record, seen, arrival, content_type, payload=answer.body)

    def _arrived(self, record: Record, seen: Seen, arrival: Arrival, content_type: str, *, payload: bytes) -> None:
        """As crawler.capture judges what was fetched."""
        if len(arrival.body) > MAX_BYTES:
            name, detail = "too_large", f"{len(arrival.body):,} bytes, expected at most {MAX_BYTES:,}"
        else:
            name, detail = name_of(Visit(source=seen.source, key=""), arrival)
        seen = replace(seen, name=name, detail=detail)
        if name != "changed":
            self.found.looks.append(seen)
            return
        page = replace(seen, body=self.spool.put(arrival.body), content_type=content_type)
        self.found.pages.append(page)
        self.found.by_key |= dict.fromkeys(keys_of(record, page, payload), page)


def _undone(url: str, answer: Answer, *, cut: bool) -> tuple[tuple[str, str] | None, Arrival]:
    """The answer without its encodings, as a fetch would have it; or name and detail of why there is none."""
    headers = answer.kept("content-type", "location", "retry-after")
    arrival = Arrival(status=answer.status, url=url, body=b"", headers=headers)
    if answer.status in REDIRECTS:
        where = headers.get("location", "nowhere")
        return ("redirected_away", f"HTTP {answer.status} to {where}: an import follows no redirect"), arrival
    if cut or answer.short:
        return ("incomplete", f"HTTP {answer.status} with {len(answer.body):,} bytes of more"), arrival
    try:
        return None, replace(arrival, body=decoded(answer, max_bytes=MAX_BYTES))
    except TooLargeError as error:
        return ("too_large", str(error)), arrival
    except UndecodableError as error:
        return ("undecodable", str(error)), arrival


def _verify_payload(record: Record, answer: Answer) -> None:
    """With its transfer encoding or without: writers differ in what they take for the payload."""
    try:
        candidates = (answer.body, unchunked(answer))
    except UndecodableError:
        candidates = (answer.body, answer.body)
    digests.verify("WARC-Payload-Digest", record.fields.get("warc-payload-digest"), *candidates)


def _date(record: Record) -> datetime:
    text = record.fields.get("warc-date", "")
    found = _DATE.fullmatch(text)
    try:
        if found is not None and text[:4] in YEARS:
            return moment(f"{found[1]}{found[2] or ''}+00:00")
    except ValueError as error:
        raise RefusedError(f"WARC-Date {text!r} is no time: {error}") from error
    raise RefusedError(f"WARC-Date {text[:60]!r}, expected a time of UTC such as 2026-03-01T12:00:00Z")
