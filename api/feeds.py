"""Feeds: entries as Atom (RFC 4287), RSS 2.0 or JSON Feed 1.1. Pure: entries in, bytes out.

Ids are `urn:uuid` made of what an entry is about, so that they stay when our address changes. Everything is plain text.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

from lxml import etree

from api.answers import dumps
from timeline.words import clean

ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"
SPACE = UUID("6f0f4b0c-2f1e-5d0a-9a5e-0c6a1f3b7d21")  # of our ids; never to be changed
TTL_MINUTES = 15
LONGEST_TITLE, LONGEST_TEXT = 300, 4000
_PRINTABLE = "".join(sign for sign in map(chr, range(0x21, 0x7F)) if sign not in '<>"`{}|^\\')


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One item. `about` is what makes it the same item for ever; `author` who says so."""

    about: Sequence[str]
    title: str
    url: str
    text: str = ""
    published: datetime
    updated: datetime | None = None
    tags: Sequence[str] = ()
    author: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A feed: what it is of, where it is, where people read the same, and where older entries are."""

    title: str
    url: str
    home: str
    next: str | None
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        """When the newest of its entries changed; long ago where it has none."""
        return max((_updated(entry) for entry in self.entries), default=datetime(1970, 1, 1, tzinfo=UTC))


def number(*about: str) -> str:
    """The id of what is meant: the same for the same words."""
    return f"urn:uuid:{uuid5(SPACE, dumps(about).decode())}"


def atom(feed: Feed) -> bytes:
    """The feed as Atom; older entries are at the link `next` (RFC 5005, 3)."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _add(root, "id", number("feed", feed.url.partition("://")[2].partition("/")[2]))
    _add(root, "title", _title(feed.title))
    _add(root, "updated", _stamp(feed.updated))
    _add(_add(root, "author"), "name", "aiwire")
    for relation, address in (("self", feed.url), ("alternate", feed.home), ("next", feed.next)):
        if address:
            _add(root, "link", rel=relation, href=address)
    for entry in feed.entries:
        _atom_entry(_add(root, "entry"), entry)
    return _document(root)


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0. Readers take descriptions, and some take titles, for HTML: these are escaped for it."""
    root = etree.Element("rss", nsmap={"atom": ATOM}, version="2.0")
    channel = etree.SubElement(root, "channel")
    for name, text in (("title", feed.title), ("link", feed.home), ("description", f"{feed.title}, by aiwire")):
        etree.SubElement(channel, name).text = _title(text)
    etree.SubElement(channel, "lastBuildDate").text = _mail_date(feed.updated)
    etree.SubElement(channel, "ttl").text = str(TTL_MINUTES)
    etree.SubElement(channel, f"{{{ATOM}}}link", rel="self", href=feed.url, type="application/rss+xml")
    for entry in feed.entries:
        item = etree.SubElement(channel, "item")
        etree.SubElement(item, "title").text = _inert(entry.title)
        if entry.url:
            etree.SubElement(item, "link").text = _uri(entry.url)
        etree.SubElement(item, "guid", isPermaLink="false").text = number(*entry.about)
        etree.SubElement(item, "pubDate").text = _mail_date(entry.published)
        etree.SubElement(item, "description").text = html.escape(_text(entry.text or entry.title), quote=False)
        for tag in entry.tags:
            etree.SubElement(item, "category").text = _inert(tag)
    return _document(root)


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed."""
    document = {
        "version": JSON_FEED,
        "title": _title(feed.title),
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "authors": [{"name": "aiwire"}],
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return dumps({**document, "next_url": feed.next} if feed.next else document)


WRITERS: Mapping[str, Callable[[Feed], bytes]] = {"atom": atom, "rss": rss, "feed.json": json_feed}


def _atom_entry(into: etree._Element, entry: Entry) -> None:
    _add(into, "id", number(*entry.about))
    _add(into, "title", _title(entry.title))
    _add(into, "published", _stamp(entry.published))
    _add(into, "updated", _stamp(_updated(entry)))
    if entry.url:
        _add(into, "link", rel="alternate", href=_uri(entry.url))
    if entry.author:
        _add(_add(into, "author"), "name", _title(entry.author))
    for tag in entry.tags:
        _add(into, "category", term=_title(tag))
    _add(into, "content", _text(entry.text or entry.title), type="text")


def _json_item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": number(*entry.about),
        "title": _title(entry.title),
        "content_text": _text(entry.text or entry.title),
        "date_published": entry.published,
        "date_modified": _updated(entry),
        "tags": [_title(tag) for tag in entry.tags],
    }
    if entry.url:
        item["url"] = _uri(entry.url)
    return {**item, "authors": [{"name": _title(entry.author)}]} if entry.author else item


def _updated(entry: Entry) -> datetime:
    return max(entry.updated or entry.published, entry.published)


def _add(into: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    made = etree.SubElement(into, f"{{{ATOM}}}{name}", attributes)
    made.text = text
    return made


def _title(text: str) -> str:
    return clean(text, LONGEST_TITLE) or "untitled"


def _text(text: str) -> str:
    return "\n".join(clean(line, LONGEST_TEXT) for line in text.split("\n")).strip() or "untitled"


def _inert(text: str) -> str:
    """A title that is the same to readers that take it for HTML, but for an `&`, which most of them forgive."""
    return _title(text).replace("<", "&lt;")


def _uri(address: str) -> str:
    """The address in the characters that XML and addresses have in common."""
    return quote(address, safe=_PRINTABLE, errors="replace")


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _mail_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _document(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")
