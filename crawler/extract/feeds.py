"""News from feeds: RSS, RDF and Atom through feedparser, JSON Feed 1.1 directly; text plain and bounded, links http(s).

A feed is hostile input. What could cost quadratic time (measured with feedparser 6.0.14: thousands of attributes on a
tag, nested `xml:base`, tens of thousands of open tags) is counted first and refused.
"""

import io
import json
import re
import warnings
from calendar import timegm
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser  # type: ignore[import-untyped]

from crawler.extract.document import Document, Ignored, Reading
from crawler.extract.plain_text import MAX_URL, plain, web_link
from crawler.extract.rhythms import moved_of, pace_of
from crawler.extract.rules.reader import of_items
from timeline.issues import Issue
from timeline.keys import digest
from timeline.news import NewsItem
from timeline.recognising import shared_guid
from timeline.topics import matcher, topics_of

VERSION = "2"

MAX_BYTES = 5 * 2**20
MAX_TAGS = 40_000  # outside CDATA; the largest feed known has 4,500
MAX_ATTRIBUTES = 100  # of one tag
MAX_REFERENCES = 400_000  # ampersands; broken ones cost the most
MAX_BASES = 200  # xml:base attributes
MAX_ITEMS = 5_000
MAX_ISSUES = 20
MAX_TITLE, MAX_SUMMARY, MAX_CATEGORY, MAX_CATEGORIES = 500, 2_000, 80, 20

_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=2)  # clocks and time zones differ; more is a date that has not been
_TAG = re.compile(rb"<[A-Za-z][^<>]*")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")  # UTF-16, with its mark or by the look of its first letter
_DECLARED = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_CLOSED = re.compile(rb"</(?:[a-z]+:)?(?:rss|feed|rdf)\s*>", re.I)  # how a feed that is all there ends
_ENTRY_END = re.compile(rb"</(?:[a-z]+:)?(?:item|entry)\s*>", re.I)
_TAIL = 4000
_JSON_FEED = "https://jsonfeed.org/version/"


def read(document: Document) -> Reading:
    """Every item of a feed as a NewsItem. Never raises; what is no feed, or too large for one, is a fatal issue.

    Options of the source: `topics` that all of its items have, `about` whom they are (put before titles that do not
    say it), and `only`, words of which a title must have one. With the `jurisdiction` of a regulator the days from
    which rules bind are read too; `titled`: its titles name the documents.
    """
    if len(document.body) > MAX_BYTES:
        return _refused("feed_too_large", f"{len(document.body)} bytes; at most {MAX_BYTES} are read")
    found_entries, problem = entries(document)
    if problem and problem.fatal:
        return Reading(issues=(problem,))
    items: dict[tuple[str, ...], NewsItem] = {}
    issues = [problem] if problem else []
    ignored = []
    only = _listed(document, "only")
    for number, entry in enumerate(found_entries, start=1):
        if number > MAX_ITEMS:
            issues.append(Issue(code="too_many_items", message=f"more than {MAX_ITEMS} items; the rest is not read"))
            break
        item, found = _item(document, entry, f"item {number}")
        issues.extend(found)
        if only and not matcher(only).search(item.title):
            why = "its title has none of the words asked for"
            ignored.append(Ignored(what=item.title[:100], why=why, locator=item.locator))
        elif not item.title:
            ignored.append(
                Ignored(what=item.guid[:100], why="neither title nor text nor address", locator=item.locator)
            )
        elif (same := (item.guid, item.url, item.title)) in items:
            ignored.append(Ignored(what=item.title[:100], why="the same item again", locator=item.locator))
        else:
            items[same] = item
    if not items and not ignored:
        issues.append(Issue(code="empty_feed", message="the feed has no entries"))
    if moved := moved_of(document.body):
        issues.append(Issue(code="moved_feed", message=f"the feed says it moved to {moved}: change the source's url"))
    published = [item.published_at for item in items.values() if item.published_at]
    facts = _distinct(list(items.values()))
    rules, left = of_items(facts, document) if document.options.get("jurisdiction") else ([], [])
    return Reading(
        facts=(*facts, *rules),
        issues=_bounded(issues),
        ignored=(*ignored, *left),
        pace=pace_of(document.body, published, document.at),
    )


def entries(document: Document) -> tuple[Iterator[dict[str, Any]], Issue | None]:
    """The entries as the feed gives them, not yet made harmless, and what is wrong with the feed."""
    return _json_entries(document) if is_json(document.body) else _xml_entries(document)


def time_of(stamp: tuple[object, Any], at: datetime) -> datetime | None:
    """The time of an entry's (printed, parsed) date; None where there is none, or none that can be."""
    return _published(*stamp, at)[0]


def is_json(body: bytes) -> bool:
    """Whether a body can only be JSON."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _xml_entries(document: Document) -> tuple[Iterator[dict[str, Any]], Issue | None]:
    if reason := _too_heavy(document.body):
        return iter(()), Issue(code="feed_too_large", message=reason, fatal=True)
    headers = {"content-type": document.content_type or "application/xml", "content-location": document.url}
    body = _in_utf8(document.body) if document.body.startswith(_WIDE) else document.body
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parsed = feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    error = parsed.get("bozo_exception")
    if not parsed.get("version") and not parsed.entries:
        found = f"{type(error).__name__}: {error}" if error else "no feed element"
        return iter(()), Issue(
            code="not_a_feed", message=f"expected RSS, RDF, Atom or JSON Feed, found {found}"[:300], fatal=True
        )
    harmless = feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType
    problem = None
    if parsed.bozo and not isinstance(error, harmless):
        problem = Issue(code="malformed_feed", message=f"read as far as it goes: {type(error).__name__}: {error}"[:300])
    whole = parsed.entries[: _ended(body)] if _CLOSED.search(body[-_TAIL:]) is None else parsed.entries
    return map(_from_xml, whole), problem


def _ended(body: bytes) -> int:
    """How many entries are there to their end: of one that is cut off the guid may be missing, or half of its title."""
    bare = _without_text(body)
    open_section = min((at for mark in (b"<![CDATA[", b"<!--") if (at := bare.find(mark)) >= 0), default=len(bare))
    return len(_ENTRY_END.findall(bare[:open_section]))


def _in_utf8(body: bytes) -> bytes:
    """A feed in UTF-16, whatever it declares, as UTF-8: the parser relies on a declaration that may be missing."""
    encoding = "utf-16" if body.startswith(_WIDE[:2]) else "utf-16-le" if body.startswith(b"<\0") else "utf-16-be"
    return _DECLARED.sub("", body.decode(encoding, "replace"), count=1).encode()


def _too_heavy(body: bytes) -> str:
    """Why a feed would cost too much to parse, or empty."""
    bare = _without_text(body)
    if (tags := bare.count(b"<")) > MAX_TAGS:
        return f"{tags} tags; at most {MAX_TAGS} are read"
    if (references := body.count(b"&")) > MAX_REFERENCES:
        return f"{references} references; at most {MAX_REFERENCES} are read"
    if (bases := bare.count(b"xml:base")) > MAX_BASES:
        return f"{bases} base addresses; at most {MAX_BASES} are followed"
    most = max((match[0].count(b"=") for match in _TAG.finditer(bare)), default=0)
    return f"{most} attributes on one tag; at most {MAX_ATTRIBUTES} are read" if most > MAX_ATTRIBUTES else ""


def _without_text(body: bytes) -> bytes:
    """The bytes without CDATA sections and comments, in one pass; where one does not end, the rest stays."""
    kept: list[bytes] = []
    place = 0
    while (start := body.find(b"<!", place)) >= 0:
        ends = b"]]>" if body.startswith(b"<![CDATA[", start) else b"-->" if body.startswith(b"<!--", start) else b""
        end = body.find(ends, start) if ends else start + 1
        if end < 0:
            break
        kept.append(body[place : start if ends else start + 2])
        place = end + len(ends) if ends else start + 2
    return b"".join([*kept, body[place:]])


def _from_xml(entry: dict[str, Any]) -> dict[str, Any]:
    def get(name: str) -> Any:  # feedparser's own lookup answers `updated` from `published`, with a warning
        return dict.get(entry, name)

    links = [link.get("href") for link in get("links") or () if link.get("rel", "alternate") == "alternate"]
    when = next((name for name in ("published", "updated", "created") if get(name)), "")
    content = get("summary") or next((each.get("value") for each in get("content") or ()), "")
    return {
        "guid": get("id"),
        "links": [get("feedburner_origlink"), get("link"), *links],
        "title": get("title") or "",
        "summary": content or "",
        "printed": get(when) if when else "",
        "parsed": get(f"{when}_parsed") if when else None,
        "published": (get("published") or "", get("published_parsed")),
        "updated": (get("updated") or "", get("updated_parsed")),
        "categories": [tag.get("term") or tag.get("label") for tag in get("tags") or ()],
    }


def _json_entries(document: Document) -> tuple[Iterator[dict[str, Any]], Issue | None]:
    try:
        data = json.loads(document.body)
    except (ValueError, RecursionError) as error:
        return iter(()), Issue(
            code="not_a_feed", message=f"expected a JSON Feed, found bad JSON: {error}"[:300], fatal=True
        )
    version = data.get("version") if isinstance(data, dict) else None
    items = data.get("items") if isinstance(data, dict) else None
    if not (isinstance(version, str) and version.startswith(_JSON_FEED)) or not isinstance(items, list):
        message = f"expected a JSON Feed (`version` {_JSON_FEED}..., `items` a list), found version {version!r}"
        return iter(()), Issue(code="not_a_feed", message=message[:300], fatal=True)
    return map(_from_json, (item for item in items if isinstance(item, dict))), None


def _from_json(item: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of https://www.jsonfeed.org/version/1.1/."""
    tags = item.get("tags")
    return {
        "guid": item.get("id"),
        "links": [item.get("url"), item.get("external_url")],
        "title": item.get("title"),
        "summary": item.get("summary") or item.get("content_text") or item.get("content_html"),
        "printed": item.get("date_published") or item.get("date_modified") or "",
        "parsed": None,
        "published": (item.get("date_published") or "", None),
        "updated": (item.get("date_modified") or "", None),
        "categories": tags if isinstance(tags, list) else [],
    }


def _item(document: Document, entry: Mapping[str, Any], locator: str) -> tuple[NewsItem, list[Issue]]:
    url = next((good for link in entry["links"] if (good := web_link(link, document.url))), "")
    title = plain(_text(entry["title"]), MAX_TITLE)
    summary = plain(_text(entry["summary"]), MAX_SUMMARY)
    published, problem = _published(entry["printed"], entry["parsed"], document.at)
    printed = [plain(_text(each), MAX_CATEGORY) for each in entry["categories"][:MAX_CATEGORIES]]
    categories = tuple(dict.fromkeys(category for category in printed if category))
    about = str(document.options.get("about", ""))
    title = f"{about}: {title}" if about and about.casefold() not in title.casefold() else title
    title = title or (f"{summary[:80].rstrip()}…" if len(summary) > 80 else summary) or url
    item = NewsItem(
        provider=document.provider,
        guid=plain(_text(entry["guid"]), MAX_URL) or url or digest([title, summary]),
        url=url,
        title=title,
        summary="" if summary == title else summary,
        published_at=published,
        topics=tuple(dict.fromkeys((*_listed(document, "topics"), *topics_of(title, summary, categories)))),
        categories=categories,
        locator=locator,
    )
    return item, [Issue(code=problem[0], message=problem[1], locator=locator)] if problem else []


def _listed(document: Document, option: str) -> tuple[str, ...]:
    """An option of the source that is a list of texts."""
    given = document.options.get(option, ())
    return tuple(map(str, given)) if isinstance(given, list | tuple) else (str(given),)


def _text(value: object) -> str:
    """Text of a field that should be text: a number is one too, anything else is nothing."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _published(printed: object, parsed: Any, at: datetime) -> tuple[datetime | None, tuple[str, str] | None]:
    """When an item was published, aware UTC; or why its date is not believed (then it counts as undated)."""
    text = _text(printed).strip()
    if not text:
        return None, None
    if re.fullmatch(r"\d{4}(?:-\d{2})?", text):
        return None, ("vague_date", f"expected a day, found {text!r}")
    try:
        if parsed is not None:
            when = datetime.fromtimestamp(timegm(parsed), UTC)
        else:
            when = datetime.fromisoformat(text)
            when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None, ("unreadable_date", f"expected a date, found {text[:60]!r}")
    if not _OLDEST <= when <= at + _AHEAD:
        return None, ("impossible_date", f"expected a date from 1990 to {at.date()}, found {text[:60]!r}")
    return when, None


def _distinct(items: list[NewsItem]) -> tuple[NewsItem, ...]:
    """Items that share a guid but say different things are different items, whichever comes first."""
    shared = Counter(item.guid for item in items)
    found = (replace(item, guid=shared_guid(item)) if shared[item.guid] > 1 else item for item in items)
    return tuple({item.guid: item for item in found}.values())


def _bounded(issues: list[Issue]) -> tuple[Issue, ...]:
    if len(issues) <= MAX_ISSUES:
        return tuple(issues)
    more = Issue(code="more_issues", message=f"and {len(issues) - MAX_ISSUES} more like these")
    return (*issues[:MAX_ISSUES], more)


def _refused(code: str, message: str) -> Reading:
    return Reading(issues=(Issue(code=code, message=message, fatal=True),))
