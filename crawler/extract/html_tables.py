"""The rows of a table in HTML, however it is written: elements, ARIA roles, tables inside cells."""

from dataclasses import replace

from lxml.html import HtmlElement

from crawler.extract.grids import Grid, Raw, build
from crawler.extract.inlines import is_hidden, read, walk

GRID_ROLES = frozenset({"table", "grid", "treegrid"})


def grid_of(table: HtmlElement) -> Grid | None:
    """The table's own rows (not those of tables inside it)."""
    rows: list[list[Raw]] = []
    head = 0
    for row in _rows(table):
        cells = [_raw(cell) for cell in row if _is_cell(cell) and not is_hidden(cell)]
        if not cells:
            continue
        rows.append(_with_missing(cells, row.get("data-cells") or ""))
        parent = row.getparent()
        if (
            parent is not None
            and (parent.tag == "thead" or all(cell.header for cell in cells))
            and head == len(rows) - 1
        ):
            head += 1
    caption = table.find("caption")
    return build(rows, head=head, caption=read(caption).text if caption is not None else "") if rows else None


def _with_missing(cells: list[Raw], printed: str) -> list[Raw]:
    """Cells that Markdown filled up, marked as such: the row says how many it was printed with."""
    if not printed.isdecimal() or len(printed) > 6:
        return cells
    return [replace(cell, missing=True) if index >= int(printed) else cell for index, cell in enumerate(cells)]


def _rows(table: HtmlElement) -> list[HtmlElement]:
    found = []
    for event, element in walk(table, lambda e: e.tag == "table" or e.get("role") in GRID_ROLES or is_hidden(e)):
        if event == "start" and (element.tag == "tr" or element.get("role") == "row"):
            found.append(element)
    return found


def _is_cell(element: HtmlElement) -> bool:
    return element.tag in ("td", "th") or element.get("role") in ("cell", "gridcell", "columnheader", "rowheader")


def _raw(cell: HtmlElement) -> Raw:
    header = cell.tag == "th" or cell.get("role") == "columnheader"
    return Raw(inline=read(cell), header=header, rowspan=_span(cell, "rowspan"), colspan=_span(cell, "colspan"))


def _span(cell: HtmlElement, name: str) -> int:
    written = (cell.get(name) or cell.get(f"aria-{name}") or "1").strip()
    return int(written) if written.isdecimal() and len(written) < 10 else 1
