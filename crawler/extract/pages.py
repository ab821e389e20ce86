"""The reader of kind `page`: the words under a selector, a line for each block; of regulators also the rule dates."""

import hashlib
from collections.abc import Sequence

from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

from crawler.extract import html
from crawler.extract.blocks import Block, Code, Heading, Paragraph, Table
from crawler.extract.document import Document, Reading
from crawler.extract.grids import UnreadableError
from crawler.extract.rules.reader import of_blocks
from crawler.extract.sniffing import decode, read_blocks, sniff
from timeline.issues import Issue
from timeline.page_texts import PageText

WHOLE = "page"
MOST = 60_000  # characters of a text that are kept
_MAIN = ("main", "article", "[role=main]")  # of these the first there is, where no selector is given


def read(document: Document) -> Reading:
    """The text of the watched part. Options: `selector` (CSS, of HTML), `jurisdiction` of regulators. Never raises."""
    selector = str(document.options.get("selector") or "")
    try:
        blocks, title = _blocks(document, selector)
    except UnreadableError as error:
        return Reading(issues=(Issue(code="unreadable", message=str(error), fatal=True),))
    lines = [line for block in blocks for line in _lines(block)]
    text = "\n".join(lines)
    if not text:
        where = f"under the selector {selector!r}" if selector else "on the page"
        return Reading(issues=(Issue(code="nothing_selected", message=f"no words {where}", fatal=True),))
    issues = []
    if len(text) > MOST:
        issues.append(Issue(code="text_cut", message=f"{len(text)} characters; the first {MOST} are watched"))
    text = text[:MOST]
    title = title or next((block.text for block in blocks if isinstance(block, Heading)), lines[0])
    fact = PageText(
        provider=document.provider, part=selector or WHOLE, title=title[:200], text=text, url=document.url,
        sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), locator=selector,
    )  # fmt: skip
    if not document.options.get("jurisdiction"):
        return Reading(facts=(fact,), issues=issues)
    rules, ignored = of_blocks(blocks, document)
    return Reading(facts=(fact, *rules), issues=issues, ignored=ignored)


def _blocks(document: Document, selector: str) -> tuple[Sequence[Block], str]:
    """The blocks of the part, and the title the page gives itself."""
    if sniff(document.body, document.content_type) != "html":
        if selector:
            raise UnreadableError(f"the selector {selector!r} is for HTML, and this is none")
        return read_blocks(document.body, document.content_type), ""
    text = decode(document.body, document.content_type)
    if len(text) > html.MAX_CHARACTERS:
        raise UnreadableError(f"a page of {len(text)} characters; at most {html.MAX_CHARACTERS} are read")
    parser = HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True, no_network=True, encoding="utf-8")
    try:
        root = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise UnreadableError(f"not HTML: {error}") from error
    found = _selected(root, selector)
    title = " ".join((root.findtext(".//title") or "").split())
    return html.parse("".join(tostring(element, encoding="unicode", with_tail=False) for element in found)), title


def _selected(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements meant, without those inside another of them."""
    if not selector:
        main = next((found for name in _MAIN if (found := CSSSelector(name)(root))), [])
        return main[:1] or [root]
    found = CSSSelector(selector)(root)
    inside = set(found)
    return [element for element in found if not any(above in inside for above in element.iterancestors())]


def _lines(block: Block) -> list[str]:
    if isinstance(block, Table):
        return [" | ".join(" ".join(cell.text.split()) for cell in row if not cell.copied) for row in block.grid.rows]
    if isinstance(block, Heading | Paragraph | Code):
        return [line for part in block.text.split("\n") if (line := " ".join(part.split()))]
    return []
