"""A source of one's own from an address: which feed it is, what it gives, and the lines that register it. Pure."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from crawler.extract import feeds, statuspages
from crawler.extract.document import Document, Reading
from crawler.extract.sniffing import sniff
from timeline.incidents import Incident
from timeline.news import NewsItem

_STATUS_HOST = re.compile(r"(?:^|\.)[\w-]*status[\w-]*\.", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An address that was fetched and is a feed: what it holds, and how it would be registered."""

    url: str
    kind: str  # feed or status
    entries: int
    newest: datetime | None
    example: str  # a title
    problems: tuple[str, ...] = ()


def candidate(body: bytes, url: str, *, at: datetime, content_type: str = "") -> Candidate | None:
    """What a fetched address is, when it can be read as a feed or a status page; None where it is neither."""
    if sniff(body, content_type) not in ("xml", "json"):
        return None
    document = Document(body=body, url=url, at=at, source="new", provider="new", content_type=content_type)
    if _is_status(url):
        reading = statuspages.read(document)
        if not _refused(reading):
            return _candidate(reading, url, "status")
    reading = feeds.read(document)
    return None if _refused(reading) else _candidate(reading, url, "feed")


def toml(found: Candidate, *, id: str, provider: str, trust: str) -> str:
    """The lines of aiwire.toml that register it."""
    fields = {"id": id, "provider": provider, "kind": found.kind, "url": found.url, "trust": trust}
    return "[[source]]\n" + "".join(f"{name} = {json.dumps(text)}\n" for name, text in fields.items())


def provider_of(url: str, known: Collection[str]) -> str:
    """Who publishes at an address, by its host: a provider that is known by one of its labels, else the site's name."""
    labels = [label for label in (urlsplit(url).hostname or "").lower().split(".") if label != "www"]
    named = next((label for label in reversed(labels[:-1]) if label in known), None)
    return named or _word(labels[-2] if len(labels) >= 2 else labels[0] if labels else "") or "unnamed"


def id_of(found: Candidate, provider: str, taken: Collection[str]) -> str:
    """An id that no source has: the provider, and what stands in the address, or a number."""
    path = [_word(part) for part in urlsplit(found.url).path.split("/")]
    plain = {
        "feed",
        "feeds",
        "rss",
        "atom",
        "index",
        "xml",
        "feed-xml",
        "rss-xml",
        "atom-xml",
        "index-xml",
        "history-atom",
    }
    words = [part for part in path if part and part not in plain and not part.isdigit()][:2]
    stem = f"{provider}-{'status' if found.kind == 'status' else '-'.join(words) or 'news'}"[:70].strip("-")
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if name not in taken)


def _is_status(url: str) -> bool:
    return bool(_STATUS_HOST.search(urlsplit(url).hostname or "")) or "/incidents" in url


def _refused(reading: Reading) -> bool:
    return any(issue.fatal for issue in reading.issues)


def _candidate(reading: Reading, url: str, kind: str) -> Candidate:
    facts: Sequence[object] = reading.facts
    dated = [at for fact in facts if isinstance(fact, NewsItem | Incident) and (at := _time(fact))]
    first = next((fact.title for fact in facts if isinstance(fact, NewsItem | Incident)), "")
    problems = tuple(dict.fromkeys(issue.message for issue in reading.issues))[:5]
    return Candidate(
        url=url, kind=kind, entries=len(facts), newest=max(dated, default=None), example=first, problems=problems
    )


def _time(fact: NewsItem | Incident) -> datetime | None:
    return fact.published_at if isinstance(fact, NewsItem) else fact.resolved_at or fact.started_at


def _word(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
