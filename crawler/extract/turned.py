"""Tables that stand on their side: one model to a column, or one model to a table, with what is said of it as rows."""

from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.blocks import Table
from crawler.extract.grids import Cell, Inline, Raw, build
from crawler.extract.statuses import role_of

_TELLING = {"status", "announced", "legacy", "deprecates", "retires"}


def upright(table: Table, subject: str | None) -> Table:
    """The table with its rows as columns, if its first column reads like a header and its header does not.

    `subject` is the model that the table's section is about: a table of two columns, field and value, is about it.
    """
    grid = table.grid
    rows = grid.rows
    headers = [" ".join(path) for path in grid.headers]
    if not 2 <= grid.width <= 40 or len(rows) > 40 or _roles(headers[1:]) or not _reads_like_headers(grid.body):
        return table
    if grid.width == 2:
        body = [row for row in rows[grid.header_rows :] or rows if row[0].text]
        if _has_name(body):
            columns = _turned(body)
        elif subject:
            columns = [
                [_plain("Model", header=True), *_headers(body)],
                [_plain(subject), *(_raw(row[1]) for row in body)],
            ]
        else:
            return table
    else:
        first, *body = rows[max(0, grid.header_rows - 1) :]
        head = [_plain("Model", header=True), *_headers(body)]
        columns = [head, *([_raw(first[n]), *(_raw(row[n]) for row in body)] for n in range(1, grid.width))]
    return replace(table, grid=build(columns, head=1))


def _reads_like_headers(body: Sequence[Sequence[Cell]]) -> bool:
    fields = [row[0].text for row in body if row[0].text]
    found = _roles(fields)
    return len(set(found)) > 1 and bool(_TELLING & set(found)) and len(found) * 2 > len(fields)


def _roles(headers: Sequence[str]) -> list[str]:
    """The roles in lifecycles that some words have, each as a header."""
    roles = (role_of(header) for header in headers if header)
    return [role for role in roles if role in _TELLING or role in ("replacement", "id")]


def _has_name(body: Sequence[Sequence[Cell]]) -> bool:
    return any(role_of(row[0].text) in ("model", "id") for row in body)


def _turned(body: Sequence[Sequence[Cell]]) -> list[list[Raw]]:
    return [_headers(body), [_raw(row[1]) for row in body]]


def _headers(body: Sequence[Sequence[Cell]]) -> list[Raw]:
    return [_plain(row[0].text.rstrip(" :："), header=True) for row in body]


def _plain(text: str, *, header: bool = False) -> Raw:
    return Raw(inline=Inline(text=text), header=header)


def _raw(cell: Cell) -> Raw:
    return Raw(inline=Inline(text=cell.text, code=cell.code, links=cell.links, strong=cell.strong))
