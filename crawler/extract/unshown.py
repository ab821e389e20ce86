"""What a page holds and does not show: windows that open over it, not the panels of its tabs and accordions."""

import re
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.inlines import HOLDERS, says_hidden, walk
from crawler.extract.jsx import PLACEHOLDER

_OVER = re.compile(r"modal|dialog|pop-?up|popover|tooltip|overlay|drawer|toast|cookie|consent|lightbox|template", re.I)
_PANEL = re.compile(r"panel|pane\b|\btab|accordion|collaps|content|expand|toggle|switch|slide|details|region", re.I)
_WHOLE = frozenset({"table", "tbody", "thead", "body", "main"})
_NEAR = 8  # siblings on either side that are looked at


def unshown(root: HtmlElement) -> set[HtmlElement]:
    """The outermost elements that hold many lines and are never shown as part of the page."""
    found: set[HtmlElement] = set()
    named = {name for element in root.iter() for name in _names_another(element)}
    for event, element in walk(root, lambda each: _is_unshown(each, named)):
        if event == "skipped" and isinstance(element.tag, str):
            found.add(element)
    return found


def _is_unshown(element: HtmlElement, named: set[str]) -> bool:
    if not isinstance(element.tag, str) or element.tag not in HOLDERS or element.tag in _WHOLE:
        return False
    return says_hidden(element) and not _may_open(element, named)


def _may_open(element: HtmlElement, named: set[str]) -> bool:
    """Whether it may be shown in its place: what is in doubt may, where it holds a table."""
    names = " ".join(f"{key} {value[:200]}" for key, value in element.items() if key != "style")
    if _OVER.search(names):
        return False
    if _PANEL.search(names) or (element.get("id") or "") in named:
        return True
    return next(element.iter("table", PLACEHOLDER.lower()), None) is not None or _alternates(element)


def _names_another(element: HtmlElement) -> list[str]:
    """The ids of what a button, tab or link shows."""
    if not isinstance(element.tag, str):
        return []
    shown = [element.get(key) or "" for key in ("aria-controls", "href", "data-target", "data-bs-target")]
    return [name.removeprefix("#") for name in shown if name and len(name) < 200]


def _alternates(element: HtmlElement) -> bool:
    """Whether one beside it is of its kind, so that now the one and now the other is shown."""
    mine = set((element.get("class") or "").split())
    around = (*islice(element.itersiblings(preceding=True), _NEAR), *islice(element.itersiblings(), _NEAR))
    return any(other.tag == element.tag and mine & set((other.get("class") or "").split()) for other in around)
