"""Records of an archive that say "as before" (WARC revisits, HTTP 304): which page they had. Pure."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from crawler import digests
from crawler.source import Source
from crawler.spools import Spooled
from crawler.warcs import Record

_PROFILE = re.compile(
    r"https?://netpreserve\.org/warc/1\.[01]/(?:revisit/)?(identical-payload-digest|server-not-modified)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One answer of a source in an archive: a page with its body, or what else came (`name` of crawler.outcomes)."""

    file: Path
    place: str  # in the file, for a person
    url: str
    at: datetime
    source: Source
    name: str = "changed"
    status: int | None = None
    detail: str = ""
    body: Spooled | None = None
    content_type: str = ""
    refers: tuple[str, ...] = ()  # of a revisit: keys of the page whose bytes it had; none: of the look before it


ByKey = dict[str, Seen]


def refers_of(record: Record) -> tuple[str, ...]:
    """The keys of the page that a revisit had again; none of one that the server called not modified.

    Raises DigestError for a profile or a digest that is not understood.
    """
    profile = record.fields.get("warc-profile", "")
    found = _PROFILE.fullmatch(profile)
    if found is None:
        raise digests.DigestError(
            f"WARC-Profile {profile[:120]!r}, expected identical-payload-digest or server-not-modified"
        )
    label = record.fields.get("warc-payload-digest")
    if label is not None and found[1] == "identical-payload-digest":
        return (_key("WARC-Payload-Digest", label),)  # what it says of its bytes comes before where they might be
    url, date = (record.fields.get(name, "") for name in ("warc-refers-to-target-uri", "warc-refers-to-date"))
    named = record.fields.get("warc-refers-to", "")
    keys = (*((named,) if named else ()), *((f"{url.strip('<>')} {date}",) if url and date else ()))
    if not keys and found[1] == "identical-payload-digest":
        raise digests.DigestError("neither WARC-Payload-Digest nor WARC-Refers-To, expected one to find its page by")
    return keys


def keys_of(record: Record, page: Seen, payload: bytes) -> Iterator[str]:
    """What a revisit may call a page by."""
    if named := record.fields.get("warc-record-id"):
        yield named
    yield f"{page.url} {record.fields.get('warc-date', '')}"
    if label := record.fields.get("warc-payload-digest"):
        yield _key("WARC-Payload-Digest", label)
    for algorithm in ("sha1", "sha256"):
        yield f"{algorithm}:{hashlib.new(algorithm, payload, usedforsecurity=False).hexdigest()}"


def resolve(
    again: Sequence[Seen], pages: Sequence[Seen], by_key: Mapping[str, Seen]
) -> tuple[list[Seen], list[Seen], list[str]]:
    """The pages that were seen again, the looks that came to nothing, and what is refused, for a person."""
    found: list[Seen] = []
    looks: list[Seen] = []
    refused: list[str] = []
    for seen in sorted(again, key=lambda each: (not each.refers, each.at)):
        if seen.refers:
            page = next((by_key[key] for key in seen.refers if key in by_key), None)
        else:
            page = _before(seen, (*pages, *found))
        if page is not None:
            found.append(replace(seen, body=page.body, content_type=page.content_type))
        elif seen.refers:
            refused.append(
                f"{seen.file}, {seen.place}: a revisit of a page that none of these files has whole; this record was "
                "not imported: put the file with that page beside it"
            )
        else:
            detail = "304 Not Modified, though these files have no page before it"
            looks.append(replace(seen, name="unexpected_status", status=304, detail=detail))
    return found, looks, refused


def _before(seen: Seen, pages: Sequence[Seen]) -> Seen | None:
    earlier = [page for page in pages if page.source.id == seen.source.id and page.at < seen.at]
    return max(earlier, key=lambda page: page.at, default=None)


def _key(name: str, label: str) -> str:
    algorithm, value = digests.parsed(name, label)
    return f"{algorithm}:{value.hex()}"
