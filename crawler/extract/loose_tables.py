"""Price tables drawn with plain elements: a row of column headers, and rows with as many cells beside or below it."""

from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from crawler.extract.amounts import has_money
from crawler.extract.column_kinds import column_kind, without_worth
from crawler.extract.grids import Grid, Raw, build
from crawler.extract.inlines import SILENT, read
from crawler.extract.price_words import state_of

_ROWS = frozenset({"div", "li", "ul", "ol", "a", "section", "article", "header", "dl", "span", "p", "button"})
_LEAST, _WIDEST = 2, 12  # cells of a row
_LONGEST = 60  # characters of a header
_WRAPPED = 3  # elements around a row, or around all rows, that hold nothing else


def loose_tables(root: HtmlElement) -> dict[HtmlElement, list[HtmlElement]]:
    """By the row of its headers each such table's rows, that one first."""
    found: dict[HtmlElement, list[HtmlElement]] = {}
    taken: set[HtmlElement] = set()
    for element in root.iter(*_ROWS):
        if element in taken or not _headers(element):
            continue
        rows = list(_below(element))
        if rows and all(any(_is_value(cell) for cell in row[1:]) for row in rows):
            found[element] = [element, *rows]
            taken.update(rows)
    return found


def grid_of_rows(rows: Sequence[HtmlElement]) -> Grid:
    """The grid of such a table."""
    return build([[Raw(inline=read(cell), header=row is rows[0]) for cell in row] for row in rows], head=1)


def _headers(row: HtmlElement) -> list[str]:
    """The texts of a row that can only be headers: some over prices, one over names; else nothing."""
    if not _LEAST <= len(row) <= _WIDEST or row.get("role") or _own_text(row):
        return []
    first = _short_text(row[0])
    named = bool(first) and column_kind(first or "")[0] == "subject"
    if first is None or (first and not named):
        return []
    texts = [first]
    for cell in row[1:]:
        text = _short_text(cell)
        if text is None or has_money(without_worth(text)) or state_of(text) == "free":
            return []
        texts.append(text)
    if sum(map(bool, texts)) < _LEAST:
        return []
    return texts if named or any(column_kind(text)[0] == "price" for text in texts if text) else []


def _below(header: HtmlElement) -> Iterator[HtmlElement]:
    """The rows after a header: its siblings, or what stands beside the elements that hold it alone."""
    at = header
    for _ in range(_WRAPPED):
        siblings = list(at.itersiblings())
        if siblings:
            for sibling in siblings:
                yield from _rows_in(sibling, len(header))
            return
        parent = at.getparent()
        if parent is None or parent.tag in ("body", "td", "th") or len(parent) > 1:
            return
        at = parent


def _rows_in(element: HtmlElement, width: int) -> Iterator[HtmlElement]:
    """An element that is a row, or that holds rows."""
    for _ in range(_WRAPPED):
        if not isinstance(element.tag, str) or element.tag in SILENT or element.tag == "table":
            return
        if len(element) == width and not _headers(element[0]) and any(_is_value(cell) for cell in element[1:]):
            yield element
            return
        if len(element) != 1:
            break
        element = element[0]
    for child in element:
        inner = child
        for _ in range(_WRAPPED):
            if len(inner) != 1:
                break
            inner = inner[0]
        if isinstance(inner.tag, str) and len(inner) == width:
            yield inner


def _is_value(cell: HtmlElement) -> bool:
    text = _short_text(cell, longest=4 * _LONGEST)
    return text is not None and (has_money(text) or state_of(text) is not None)


def _own_text(element: HtmlElement) -> bool:
    return bool((element.text or "").strip() or any((child.tail or "").strip() for child in element))


def _short_text(element: HtmlElement, *, longest: int = _LONGEST) -> str | None:
    """An element's text in one line; None where it is long, or holds more than text."""
    if not isinstance(element.tag, str) or element.tag in SILENT or element.tag == "table":
        return None
    words: list[str] = []
    size = 0
    for text in element.itertext():
        words.append(text)
        size += len(text.strip())
        if size > longest:
            return None
    return " ".join(" ".join(words).split())
