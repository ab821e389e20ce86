"""HTML as blocks. Nothing is fetched; size, depth, spans and time are bounded."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypedDict

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.extract.blocks import Block, Callout, Code, Component, Heading, ListItem, Paragraph, Table
from crawler.extract.grids import Inline, UnreadableError, join
from crawler.extract.html_elements import (
    TITLED,
    carried_by,
    kind_of,
    label_of,
    level_of,
    line_of,
    states_prices,
    subtitle_of,
)
from crawler.extract.html_tables import GRID_ROLES, grid_of
from crawler.extract.inlines import BLOCKS, SILENT, Collector, is_hidden, read, walk
from crawler.extract.jsx import PLACEHOLDER, Lifted
from crawler.extract.loose_tables import grid_of_rows, loose_tables
from crawler.extract.unshown import unshown

MAX_CHARACTERS = 16_000_000
MAX_TABLES = 5_000
MAX_ELEMENTS = 600_000
_ATOMS = ("table", "pre", PLACEHOLDER.lower())


def parse(text: str, lifted: Sequence[Lifted] = ()) -> list[Block]:
    """The page's blocks in document order. Raises UnreadableError where the page is too large or too strange.

    `lifted` are the components that were taken out of Markdown before it was rendered (see crawler.extract.jsx).
    """
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(f"a page of {len(text)} characters; at most {MAX_CHARACTERS} are read")
    if not text.strip():
        return []
    parser = HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True, no_network=True, encoding="utf-8")
    try:
        root = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise UnreadableError(f"not HTML: {error}") from error
    return _Walk(lifted).blocks_of(root)


class _Where(TypedDict):
    headings: tuple[str, ...]
    labels: tuple[str, ...]
    line: int | None
    locator: str


class _Walk:
    """One pass over the elements, with what is open at the moment."""

    def __init__(self, lifted: Sequence[Lifted]) -> None:
        self.lifted = lifted
        self.loose: dict[HtmlElement, list[HtmlElement]] = {}  # tables of plain elements, by their first rows
        self.rows: set[HtmlElement] = set()
        self.blocks: list[Block] = []
        self.headings: list[tuple[int, str]] = []
        self.labels: list[tuple[HtmlElement, str]] = []
        self.kinds: list[tuple[HtmlElement, str]] = []  # enclosing list items and callouts
        self.text = Collector()
        self.counts: dict[str, int] = {}
        self.before = ""
        self.line: int | None = None

    def blocks_of(self, root: HtmlElement) -> list[Block]:
        hidden = unshown(root)
        self.loose = {row: rows for row, rows in loose_tables(root).items() if not _inside(row, hidden)}
        self.rows = {row for rows in self.loose.values() for row in rows}
        for seen, (event, element) in enumerate(
            walk(root, lambda each: _whole(each) or each in self.rows or each in hidden)
        ):
            if seen > 2 * MAX_ELEMENTS:
                raise UnreadableError(f"a page of more than {MAX_ELEMENTS} elements")
            if element in hidden:
                self._flush()
            elif event == "skipped":
                self._whole(element)
            elif event == "start":
                self._open(element)
            else:
                self._close(element)
            if event != "start" and element is not root:
                self.text.add(element.tail)
        self._flush()
        return _with_after(_joined(self.blocks))

    def _open(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in BLOCKS or kind_of(element) or tag in TITLED:
            self._flush()
            self.line = line_of(element) or self.line
        if states_prices(element):
            props = {str(name): str(value) for name, value in element.items()}
            self._add(Component(**self._where("component"), name=str(tag), props=props))
        for lifted in carried_by(element):
            self._lift(lifted)
        if kind := kind_of(element):
            self.kinds.append((element, kind))
        self.labels += [(element, label) for label in (label_of(element), subtitle_of(element)) if label]
        self.text.open(element)

    def _close(self, element: HtmlElement) -> None:
        self.text.close(element)
        if element.tag in BLOCKS or kind_of(element) or element.tag in TITLED:
            self._flush()
        if self.kinds and self.kinds[-1][0] is element:
            self.kinds.pop()
        while self.labels and self.labels[-1][0] is element:
            self.labels.pop()

    def _whole(self, element: HtmlElement) -> None:
        """An element that is read at once: a heading, a table, code."""
        if not isinstance(element.tag, str) or element.tag in SILENT or is_hidden(element):
            return
        self._flush()
        self.line = line_of(element) or self.line
        if element in self.rows:
            self._loose(element)
        elif element.tag == PLACEHOLDER.lower():
            self._component(element)
        elif level := level_of(element):
            self._heading(level, read(element))
        elif element.tag == "pre":
            code = element.find(".//code")
            language = re.search(r"language-([\w+-]+)", (code.get("class") or "") if code is not None else "")
            self._add(
                Code(**self._where("code"), text=element.text_content(), language=language[1] if language else "")
            )
        else:
            self._tables(element)

    def _loose(self, element: HtmlElement) -> None:
        if rows := self.loose.get(element):
            self._add(Table(**self._where("table"), grid=grid_of_rows(rows), before=self.before))
            self.before = ""

    def _component(self, element: HtmlElement) -> None:
        number = element.get("data-n") or ""
        if number.isdecimal() and len(number) < 7 and int(number) < len(self.lifted):
            self._lift(self.lifted[int(number)])

    def _lift(self, found: Lifted) -> None:
        props = {**found.props, "rows": found.rows, "headers": found.headers}
        self._add(Component(**self._where("component"), name=found.name, props=props, before=self.before))
        self.before = ""

    def _tables(self, outer: HtmlElement) -> None:
        for element in (outer, *outer.iter("table")) if outer.tag != "table" else outer.iter("table"):
            if self.counts.get("table", 0) >= MAX_TABLES:
                raise UnreadableError(f"a page of more than {MAX_TABLES} tables")
            if grid := grid_of(element):
                self._add(Table(**self._where("table"), grid=grid, before=self.before))
        self.before = ""

    def _heading(self, level: int, inline: Inline) -> None:
        if not inline.text:
            return
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self._add(Heading(**self._where("heading"), level=level, inline=inline))
        self.headings.append((level, inline.text))
        self.before = ""

    def _flush(self) -> None:
        inline = self.text.take()
        if not inline.text and not inline.struck:
            return
        kind = self.kinds[-1][1] if self.kinds else ""
        if kind == "li":
            depth = sum(1 for _, each in self.kinds if each == "li")
            self._add(ListItem(**self._where("item"), inline=inline, depth=depth))
        elif kind:
            self._add(Callout(**self._where("callout"), inline=inline, kind=kind))
        else:
            self._add(Paragraph(**self._where("paragraph"), inline=inline))
        self.before = inline.text

    def _add(self, block: Block) -> None:
        self.blocks.append(block)

    def _where(self, kind: str) -> _Where:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return {
            "headings": tuple(text for _, text in self.headings),
            "labels": tuple(label for _, label in self.labels),
            "line": self.line,
            "locator": f"{kind} {self.counts[kind]}",
        }


def _inside(element: HtmlElement, hidden: Collection[HtmlElement]) -> bool:
    return bool(hidden) and any(above in hidden for above in element.iterancestors())


def _whole(element: HtmlElement) -> bool:
    tag = element.tag
    return (
        tag in SILENT
        or is_hidden(element)
        or tag in _ATOMS
        or bool(level_of(element))
        or element.get("role") in GRID_ROLES
    )


def _joined(blocks: list[Block]) -> list[Block]:
    """A header printed as a table of its own goes back to the body that follows it."""
    done: list[Block] = []
    for block in blocks:
        last = done[-1] if done else None
        if (
            isinstance(block, Table)
            and isinstance(last, Table)
            and last.grid.rows
            and not last.grid.body
            and last.grid.width == block.grid.width
            and not any(cell.header for row in block.grid.rows for cell in row)
        ):
            done[-1] = replace(last, grid=join(last.grid, block.grid))
        else:
            done.append(block)
    return done


def _with_after(blocks: list[Block]) -> list[Block]:
    """Tables with the first text after them."""
    done: list[Block] = []
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        after = following.text if isinstance(following, Paragraph) else ""
        done.append(replace(block, after=after) if isinstance(block, Table) else block)
    return done
