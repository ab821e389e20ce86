"""News from feeds: RSS, RDF and Atom through feedparser, JSON Feed 1.1 directly; text plain and bounded, links http(s).

A feed is hostile input. What could cost quadratic time (measured with feedparser 6.0.14: thousands of attributes on a
tag, nested `xml:base`, tens of thousands of open tags) is counted first and refused.
"""

import html
import io
import json
import re
import warnings
from calendar import timegm
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser  # type: ignore[import-untyped]

from crawler.extract.document import Document, Ignored, Reading
from timeline.issues import Issue
from timeline.keys import digest
from timeline.news import NewsItem

VERSION = "1"

MAX_BYTES = 5 * 2**20
MAX_TAGS = 40_000  # outside CDATA; the largest feed known has 4,500
MAX_ATTRIBUTES = 100  # of one tag
MAX_BASES = 200  # xml:base attributes
MAX_ITEMS = 5_000
MAX_ISSUES = 20
MAX_TITLE, MAX_SUMMARY, MAX_URL, MAX_TOPIC, MAX_TOPICS = 500, 2_000, 2_000, 80, 20

_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=2)  # clocks and time zones differ; more is a date that has not been
_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.S)
_TAG = re.compile(rb"<[A-Za-z][^<>]*")
_DROPPED = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.I | re.S)
_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote)\b[^<>]*>", re.I)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.S)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_JSON_FEED = "https://jsonfeed.org/version/"


def read(document: Document) -> Reading:
    """Every item of a feed as a NewsItem. Never raises; what is no feed, or too large for one, is a fatal issue."""
    if len(document.body) > MAX_BYTES:
        return _refused("feed_too_large", f"{len(document.body)} bytes; at most {MAX_BYTES} are read")
    entries, problem = _json_entries(document) if _is_json(document.body) else _xml_entries(document)
    if problem and problem.fatal:
        return Reading(issues=(problem,))
    items: dict[tuple[str, ...], NewsItem] = {}
    issues = [problem] if problem else []
    ignored = []
    for number, entry in enumerate(entries, start=1):
        if number > MAX_ITEMS:
            issues.append(Issue(code="too_many_items", message=f"more than {MAX_ITEMS} items; the rest is not read"))
            break
        item, found = _item(document, entry, f"item {number}")
        issues.extend(found)
        if (same := (item.guid, item.url, item.title)) in items:
            ignored.append(Ignored(what=item.title[:100], why="the same item again", locator=item.locator))
        else:
            items[same] = item
    return Reading(facts=_distinct(list(items.values())), issues=_bounded(issues), ignored=tuple(ignored))


def plain(text: str, limit: int) -> str:
    """Text without markup and control characters, at most `limit` long; an ellipsis where it was cut."""
    text = _DROPPED.sub(" ", text[: 20 * limit])
    text = html.unescape(_MARKUP.sub("", _BREAK.sub(" ", text)))
    text = " ".join(_CONTROL.sub("", text.replace("\n", " ")).split())
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def web_link(text: object, base: str = "") -> str:
    """An absolute http(s) address, or empty."""
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_URL or _CONTROL.search(text):
        return ""
    try:
        url = urljoin(base, text.strip()) if base else text.strip()
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and "\\" not in url and " " not in url
    except ValueError:
        return ""
    return url if good else ""


def _is_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _xml_entries(document: Document) -> tuple[Iterator[dict[str, Any]], Issue | None]:
    if reason := _too_heavy(document.body):
        return iter(()), Issue(code="feed_too_large", message=reason, fatal=True)
    headers = {"content-type": document.content_type or "application/xml", "content-location": document.url}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parsed = feedparser.parse(
            io.BytesIO(document.body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
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
    return map(_from_xml, parsed.entries), problem


def _too_heavy(body: bytes) -> str:
    """Why a feed would cost too much to parse, or empty."""
    bare = _CDATA.sub(b"", body)
    if (tags := bare.count(b"<")) > MAX_TAGS:
        return f"{tags} tags; at most {MAX_TAGS} are read"
    if (bases := bare.count(b"xml:base")) > MAX_BASES:
        return f"{bases} base addresses; at most {MAX_BASES} are followed"
    most = max((match[0].count(b"=") for match in _TAG.finditer(bare)), default=0)
    return f"{most} attributes on one tag; at most {MAX_ATTRIBUTES} are read" if most > MAX_ATTRIBUTES else ""


def _from_xml(entry: dict[str, Any]) -> dict[str, Any]:
    def get(name: str) -> Any:  # feedparser's own lookup answers `updated` from `published`, with a warning
        return dict.get(entry, name)

    links = [link.get("href") for link in get("links") or () if link.get("rel", "alternate") == "alternate"]
    when = next((name for name in ("published", "updated", "created") if get(name)), "")
    content = get("summary") or next((each.get("value") for each in get("content") or ()), "")
    return {
        "guid": get("id"),
        "links": [get("link"), *links],
        "title": get("title") or "",
        "summary": content or "",
        "printed": get(when) if when else "",
        "parsed": get(f"{when}_parsed") if when else None,
        "topics": [tag.get("term") or tag.get("label") for tag in get("tags") or ()],
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
        "topics": tags if isinstance(tags, list) else [],
    }


def _item(document: Document, entry: Mapping[str, Any], locator: str) -> tuple[NewsItem, list[Issue]]:
    url = next((good for link in entry["links"] if (good := web_link(link, document.url))), "")
    title = plain(_text(entry["title"]), MAX_TITLE)
    summary = plain(_text(entry["summary"]), MAX_SUMMARY)
    published, problem = _published(entry["printed"], entry["parsed"], document.at)
    topics = [topic for each in entry["topics"][:MAX_TOPICS] if (topic := plain(_text(each), MAX_TOPIC))]
    item = NewsItem(
        provider=document.provider,
        guid=plain(_text(entry["guid"]), MAX_URL) or url or digest([title, summary]),
        url=url,
        title=title or (f"{summary[:80].rstrip()}…" if len(summary) > 80 else summary) or url,
        summary="" if summary == title else summary,
        published_at=published,
        topics=tuple(dict.fromkeys(topics)),
        locator=locator,
    )
    return item, [Issue(code=problem[0], message=problem[1], locator=locator)] if problem else []


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
    """Items that share a guid but say different things are different items."""
    done: dict[str, NewsItem] = {}
    for item in items:
        guid = item.guid if item.guid not in done else f"{item.guid}#{digest([item.title, item.url], size=8)}"
        done[guid] = item if guid == item.guid else replace(item, guid=guid)
    return tuple(done.values())


def _bounded(issues: list[Issue]) -> tuple[Issue, ...]:
    if len(issues) <= MAX_ISSUES:
        return tuple(issues)
    more = Issue(code="more_issues", message=f"and {len(issues) - MAX_ISSUES} more like these")
    return (*issues[:MAX_ISSUES], more)


def _refused(code: str, message: str) -> Reading:
    return Reading(issues=(Issue(code=code, message=message, fatal=True),))
