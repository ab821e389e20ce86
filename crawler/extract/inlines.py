"""Collecting a run of text from HTML elements: words apart from struck text, footnote marks, links, code, badges."""

import re
from collections.abc import Callable, Iterator
from typing import Literal

from lxml.html import HtmlElement

from crawler.extract.grids import Inline, Link, clean

SILENT = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "math"})
_BLOCK_NAMES = """address article aside blockquote body dd details dialog div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
_STRUCK = frozenset({"s", "del", "strike"})
_STRUCK_STYLE = re.compile(r"line-through|strikethrough|\bstrike\b", re.I)
_BADGE = re.compile(r"(?:^|[\s_-])(?:badge|tag|chip|pill|label)(?:$|[\s_-])", re.I)
_UNIT = re.compile(r"(?:per|/)\s", re.I)
_MARK = re.compile(r"[\[(]?(?:\d{1,2}|[*†‡§¶]{1,3}|[a-z])(?:[,\s]+\d{1,2})*[\])]?$")

HOLDERS = frozenset(["div", "section", "article", "main", "table", "tbody", "thead", "ul", "ol", "dl", "body"])
_UNSHOWN = re.compile(r"display\s*:\s*none", re.I)

Event = Literal["start", "end", "skipped"]


def walk(root: HtmlElement, skip: Callable[[HtmlElement], bool]) -> Iterator[tuple[Event, HtmlElement]]:
    """Every element under `root` as it opens and closes, without recursion; `skip`ped ones are not entered."""
    stack: list[tuple[HtmlElement, bool]] = [(root, False)]
    while stack:
        element, closing = stack.pop()
        if closing:
            yield "end", element
        elif not isinstance(element.tag, str) or (element is not root and skip(element)):
            yield "skipped", element
        else:
            yield "start", element
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))


def is_hidden(element: HtmlElement) -> bool:
    """Whether an element is not shown, as far as it says so itself; of what holds many lines see `unshown`."""
    if not isinstance(element.tag, str) or element.tag in HOLDERS or element.get("role") == "tabpanel":
        return False
    return says_hidden(element)


def says_hidden(element: HtmlElement) -> bool:
    """Whether an element's own attributes keep it from being shown."""
    if element.tag == "dialog":
        return element.get("open") is None
    hidden = element.get("hidden")
    return (hidden is not None and hidden != "until-found") or bool(_UNSHOWN.search(element.get("style") or ""))


def read(element: HtmlElement) -> Inline:
    """The text of one element; tables inside it are left out (they are tables of their own)."""
    collector = Collector()
    for event, at in walk(element, lambda e: e.tag in SILENT or e.tag == "table" or is_hidden(e)):
        if event == "start":
            collector.open(at)
        elif event == "end":
            collector.close(at)
        if event != "start" and at is not element:
            collector.add(at.tail)
    return collector.take()


class Collector:
    """Text as it goes by: `open` and `close` elements, `add` text, `take` what has come together."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._open: list[tuple[HtmlElement, str, list[str]]] = []
        self._found: dict[str, list[str]] = {}
        self._links: list[Link] = []

    def open(self, element: HtmlElement) -> None:
        """Enter an element, and take its own leading text."""
        if element.tag == "br" or element.tag in BLOCKS:
            self.add("\n")
        if element.tag == "img":
            self._found.setdefault("images", []).append(clean(element.get("alt") or element.get("title") or ""))
        if role := _role(element):
            self._open.append((element, role, []))
        if _UNIT.match(element.text or ""):  # set apart by its style alone: "Input<span>per 1M tokens</span>"
            self.add(" ")
        self.add(element.text)

    def close(self, element: HtmlElement) -> None:
        """Leave an element (its tail is the caller's to add)."""
        if self._open and self._open[-1][0] is element:
            _, role, pieces = self._open.pop()
            self._keep(element, role, "".join(pieces))
        if element.tag in BLOCKS:
            self.add("\n")

    def add(self, text: str | None) -> None:
        """Text in the present place."""
        if text:
            text = text if text == "\n" else text.replace("\n", " ")
            (self._open[-1][2] if self._open else self._words).append(text)

    def take(self) -> Inline:
        """What has come together since the last time; starts afresh, within the elements still open."""
        for element, role, pieces in self._open:
            self._keep(element, role, "".join(pieces))
            pieces.clear()
        found = {name: tuple(filter(None, map(clean, pieces))) for name, pieces in self._found.items()}
        inline = Inline(text=clean("".join(self._words)), links=tuple(self._links), **found)
        self._words, self._found, self._links = [], {}, []
        return inline

    def _keep(self, element: HtmlElement, role: str, text: str) -> None:
        words = clean(text)
        if not words:
            return
        if role == "marks" and not _MARK.match(words):
            role = ""
        if role == "links":
            self._links.append(Link(text=words, href=element.get("href") or ""))
        elif role:
            self._found.setdefault(role, []).append(words)
        if role not in ("struck", "marks"):
            outer = next((pieces for at, _, pieces in reversed(self._open) if at is not element), self._words)
            outer.append(f" {text} " if role == "badges" else text)


def _role(element: HtmlElement) -> str:
    tag, classes = element.tag, element.get("class") or ""
    if tag in _STRUCK or _STRUCK_STYLE.search(f"{element.get('style') or ''} {classes}"):
        return "struck"
    if tag == "a" and element.get("href"):
        return "links" if next(element.iter(*BLOCKS), None) is None else ""  # around a whole card: no line of it leads
    if tag in ("strong", "b"):
        return "strong"
    if tag in ("badge", "mark") or (tag in ("span", "small") and _BADGE.search(classes)):
        return "badges"
    return {"code": "code", "kbd": "code", "sup": "marks", "dt": "strong"}.get(str(tag), "")
