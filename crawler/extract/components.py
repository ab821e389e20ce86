"""Unrendered components as tables: their rows under the headers they name, or that the source's configuration names."""

from collections.abc import Mapping, Sequence

from crawler.extract.blocks import Component, Table
from crawler.extract.grids import Inline, Raw, build
from crawler.extract.jsx import Row
from crawler.extract.labels import Label, read_label
from crawler.extract.price_names import composed
from timeline.issues import Issue

_STATED = ("unit", "units", "per", "currency", "caption", "subtitle", "note", "description")
_LONGEST = 80  # characters of such a prop


def tables_of(component: Component, columns: Mapping[str, Sequence[str]]) -> tuple[list[Table], list[Issue]]:
    """One table for each width of rows, in order of their first rows.

    `columns` names by the number of cells (as text, "4") the headers of components that do not name them.
    """
    rows: Sequence[Row] = component.props.get("rows", ())
    named: Sequence[str] = component.props.get("headers", ())
    widths = dict.fromkeys(len(row.cells) for row in rows if len(row.cells) > 1)
    tables, issues = [], []
    for width in widths:
        headers = named if len(named) == width else columns.get(str(width), ())
        mine = [row for row in rows if len(row.cells) == width]
        if len(headers) != width:
            message = (
                f"{component.name or 'a component'} has rows of {width} cells under no header, like {mine[0].cells}"
            )
            issues.append(Issue(code="unknown_columns", message=message, locator=component.locator, fatal=True))
            continue
        tables.append(_table(component, headers, mine))
    return tables, issues


def stated_in_props(component: Table | Component) -> list[Label]:
    """The units and currency that a component's own props state for all its rows: `unit="per 1M tokens"`."""
    if isinstance(component, Table):
        return []
    texts = [str(component.props[key]) for key in _STATED if isinstance(component.props.get(key), str)]
    labels = [read_label(text) for text in texts if len(text) <= _LONGEST]
    return [Label(text=each.text, unit=each.unit, currencies=each.currencies) for each in labels]


def _table(component: Component, headers: Sequence[str], rows: Sequence[Row]) -> Table:
    if all(row.group and _is_modality(row.cells[0]) for row in rows):
        headers = ["Model", "Modality", *headers[1:]]
        body = [[row.group, *row.cells] for row in rows]
    else:
        body = [[composed(row.cells[0], [row.group]), *row.cells[1:]] for row in rows]
    head = [Raw(inline=Inline(text=header), header=True) for header in headers]
    return Table(
        grid=build([head, *([Raw(inline=Inline(text=cell)) for cell in row] for row in body)], head=1),
        headings=component.headings,
        labels=component.labels,
        line=component.line,
        locator=component.locator,
        before=component.before,
    )


def _is_modality(text: str) -> bool:
    label = read_label(text)
    return len(label.modalities) == 1 and not label.rest
