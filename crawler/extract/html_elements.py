"""What an element of a page is to a reader: a heading, a note, a panel with a title, a component with data."""

import re

from lxml.html import HtmlElement

from crawler.extract.embedded import lists_in_props
from crawler.extract.grids import clean
from crawler.extract.inlines import BLOCKS, read
from crawler.extract.jsx import Lifted
from crawler.extract.priced_props import is_priced

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CALLOUT_NAMES = "note warning tip info callout caution danger important check aside blockquote alert admonition"
_CALLOUTS = frozenset(_CALLOUT_NAMES.split())
_TITLED_NAMES = "tab accordion details expandable card step panel tabitem tabpanel codegroup update"
TITLED = frozenset(_TITLED_NAMES.split())
_PANE = re.compile(r"^(?!tabs$|panels$).*(?:pane|panel|tab|switcher(?:content|item|option)|section|variant|group)$")
_CALLOUT_CLASS = re.compile(r"(?:^|[\s_-])(?:callout|admonition|alert|notice|aside)(?:$|[\s_-])", re.I)
_USUAL_NAMES = "a abbr b br button code em i img input label link meta option small source span strong sub sup time"
_USUAL = BLOCKS | frozenset(_USUAL_NAMES.split())


def states_prices(element: HtmlElement) -> bool:
    """Whether an element's attributes are the props of a card of prices."""
    return bool(element.get("price")) or (element.tag not in _USUAL and is_priced(dict(element.attrib)))


def level_of(element: HtmlElement) -> int:
    """The level of a heading, 1 (outermost) to 6; 0 for anything else."""
    if element.tag in _HEADINGS:
        return _HEADINGS[element.tag]
    if element.get("role") == "heading":
        level = element.get("aria-level") or "2"
        return min(6, int(level)) if level.isdecimal() and level != "0" else 2
    return 0


def kind_of(element: HtmlElement) -> str:
    """ "li" for an entry of a list, the kind of a callout ("note", "warning"); "" for anything else."""
    if element.tag == "li":
        return "li"
    if element.tag in _CALLOUTS:
        return "note" if element.tag == "aside" else str(element.tag)
    if element.get("role") in ("note", "alert") or (
        element.tag == "div" and _CALLOUT_CLASS.search(element.get("class") or "")
    ):
        return "note"
    return ""


def label_of(element: HtmlElement) -> str:
    """The title of a tab, panel or accordion around what follows."""
    if element.tag in TITLED:
        return clean(element.get("title") or element.get("label") or element.get("value") or "")
    if _PANE.search(str(element.tag)):  # a site's own component: <PricingPane label="Batch">
        return clean(element.get("label") or element.get("title") or "")
    if element.get("role") == "tabpanel":
        return _labelled_by(element)
    return clean(element.get("data-label") or "")


def subtitle_of(element: HtmlElement) -> str:
    """What an entry of a changelog says below its title: when it was announced, for which version."""
    return clean(element.get("description") or "") if element.tag == "update" else ""


def _labelled_by(element: HtmlElement) -> str:
    if label := element.get("aria-label"):
        return clean(label)
    for name in (element.get("aria-labelledby") or "").split()[:3]:
        found = element.getroottree().xpath("//*[@id=$name]", name=name)
        if isinstance(found, list) and found and isinstance(found[0], HtmlElement):
            return read(found[0]).text
    return ""


def line_of(element: HtmlElement) -> int | None:
    """The line of the Markdown an element was rendered from, where known."""
    marked = element.get("data-line") or ""
    return int(marked) if marked.isdecimal() and len(marked) < 9 else None


def carried_by(element: HtmlElement) -> list[Lifted]:
    """The lists in a component's props, unless it also carries them rendered."""
    props = element.get("props") or element.get("data-props") or ""
    if not props.startswith("{") or element.find(".//table") is not None:
        return []
    return lists_in_props(props, name=str(element.get("component-export") or element.tag))
