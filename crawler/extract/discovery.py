"""The feeds a page names: in its head, and links of its own that look like one. Pure; nothing is guessed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.extract.plain_text import plain, web_link
from crawler.extract.sniffing import decode

MOST = 12  # addresses that are tried

_TYPES = re.compile(r"application/(?:rss|atom|rdf)\+xml|application/feed\+json|text/xml|application/xml", re.I)
_PATH = re.compile(
    r"/(?:feeds?|rss|atom|index|history|news|blog|posts)?\.?(?:rss|atom|rdf|feed)(?:\.xml|\.json)?/?$|/feeds?/?$|/feeds/[^/]+/?$"
    r"|\.(?:rss|atom)$|/(?:feed|rss|atom|index)\.xml$",
    re.I,
)
_MINOR = re.compile(r"comment|/tag/|/author/|podcast", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """An address that should be a feed, as the page names it."""

    url: str
    title: str = ""
    declared: bool = True  # in the page's head, as another form of it; else a link that looks like a feed


def linked_feeds(body: bytes, url: str, content_type: str = "") -> Sequence[Link]:
    """The feeds of a page, the likeliest first: declared ones, then linked ones; those of comments and tags last."""
    try:
        parser = HTMLParser(huge_tree=False, remove_comments=True)
        tree = document_fromstring(decode(body, content_type)[:5_000_000], parser=parser)
    except (etree.LxmlError, ValueError):
        return ()
    bases = tree.xpath("//base[@href]/@href")
    base = web_link(str(bases[0]), url) if isinstance(bases, list) and bases else ""
    found: dict[str, Link] = {}
    for link in (*_declared(tree, base or url), *_linked(tree, base or url)):
        found.setdefault(link.url, link)
    ranked = sorted(
        found.values(), key=lambda link: (bool(_MINOR.search(f"{link.url} {link.title}")), not link.declared)
    )
    return tuple(ranked[:MOST])


def _declared(tree: HtmlElement, base: str) -> Iterator[Link]:
    for element in _elements(tree, "//link[@rel and @href]"):
        named = "alternate" in str(element.get("rel")).lower().split()
        kind = str(element.get("type") or "").partition(";")[0].strip()
        json_feed = kind == "application/json" and "feed" in str(element.get("title") or element.get("href")).lower()
        if named and (_TYPES.fullmatch(kind) or json_feed) and (link := web_link(element.get("href"), base)):
            yield Link(url=link, title=plain(str(element.get("title") or ""), 200))


def _linked(tree: HtmlElement, base: str) -> Iterator[Link]:
    host = urlsplit(base).hostname
    for element in _elements(tree, "//a[@href]"):
        link = web_link(element.get("href"), base)
        parts = urlsplit(link)
        if link and parts.hostname == host and not parts.query and _PATH.search(parts.path):
            yield Link(url=link, title=plain("".join(element.itertext()), 200), declared=False)


def _elements(tree: HtmlElement, path: str) -> list[HtmlElement]:
    found = tree.xpath(path)
    return [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []
