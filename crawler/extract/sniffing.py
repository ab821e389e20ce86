"""What kind of document some bytes are, and their text: by the bytes first, by what the server called them last."""

import codecs
import re
from typing import Literal

from crawler.extract.blocks import Block
from crawler.extract.grids import UnreadableError

Form = Literal["markdown", "html", "json", "xml", "binary"]

_HEAD = 4096
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)
_HTML_TAGS = re.compile(r"</?(?:div|p|span|table|tr|td|th|ul|li|h[1-6]|section|main|script|style|link|meta|a)\b", re.I)
_MARKDOWN = re.compile(r"^(?:#{1,6} |\|.*\||[-*+] |>|\d+\. |```|---$|\*\*)", re.M)
_FEED = re.compile(r"<(?:\?xml|rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.I)


def decode(body: bytes, content_type: str = "") -> str:
    """The text of some bytes. Never raises.

    By byte order mark; else UTF-8 if it is that; else as declared; else GB 18030 (Chinese pages) if it is that; else
    Windows-1252 with what it cannot say replaced.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(content_type.encode("ascii", "replace")) or _CHARSET.search(body[:_HEAD])
    if declared:
        try:
            return body.decode(codecs.lookup(declared[1].decode("ascii")).name, "replace")
        except (LookupError, UnicodeError):
            pass
    try:
        return body.decode("gb18030")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def sniff(body: bytes, content_type: str = "") -> Form:
    """The form of a document. A feed or a page served under the wrong type is still what its bytes say."""
    head = body[:_HEAD]
    if b"\0" in head and not head.startswith(tuple(mark for mark, _ in _BOMS)):
        return "binary"
    text = decode(body[: 20 * _HEAD], content_type).lstrip("\ufeff \t\r\n")
    start = text[:_HEAD]
    if start[:1] in ("{", "[") and re.match(r"[\[{]\s*(?:[\"{\[\]}]|-?\d|true|false|null)", start):
        return "json"
    if _FEED.match(start) and not _HTML.search(start):
        return "xml"
    if _HTML.search(start) and start[:1] == "<":
        return "html"
    tags = len(_HTML_TAGS.findall(text))
    if start[:1] == "<" and tags >= 3 and tags > 2 * len(_MARKDOWN.findall(text)):
        return "html"
    return "markdown"


def read_blocks(body: bytes, content_type: str = "") -> list[Block]:
    """The blocks of a page, HTML or Markdown. Raises UnreadableError where it is neither."""
    from crawler.extract import html, markdown

    form = sniff(body, content_type)
    if form in ("json", "xml", "binary"):
        raise UnreadableError(f"expected a page (HTML or Markdown), found {form}")
    text = decode(body, content_type)
    return html.parse(text) if form == "html" else markdown.parse(text)
