"""Tables as grids: spans expanded and capped, a header path for every column, and where each cell came from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from timeline.issues import AiwireError

MAX_SPAN = 200  # columns or rows that one cell may cover
MAX_CELLS = 100_000  # cells of one table after spans are expanded

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None)
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


class UnreadableError(AiwireError):
    """The document is larger, deeper or stranger than a page of its kind can be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link: its words and its target as written (may be relative)."""

    text: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Inline:
    """A run of text, with what a reader must not mix into the words.

    `text` has single spaces, line breaks as newlines, no zero-width characters, and neither struck-out text nor
    footnote marks; it includes the words of links and of code spans.
    """

    text: str = ""
    struck: tuple[str, ...] = ()  # crossed-out pieces: an old price, a withdrawn name
    links: tuple[Link, ...] = ()
    code: tuple[str, ...] = ()  # code spans: usually model ids
    marks: tuple[str, ...] = ()  # footnote marks: "1", "*"
    images: tuple[str, ...] = ()  # alternative texts
    badges: tuple[str, ...] = ()  # pieces set as a badge, tag or chip; also part of `text`
    strong: tuple[str, ...] = ()  # pieces in bold; also part of `text`


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell(Inline):
    """One cell of the expanded grid; `row` and `column` count from 1, header rows included."""

    row: int = 0
    column: int = 0
    header: bool = False  # printed as a header cell
    copied: bool = False  # covered by a span that starts in another cell
    missing: bool = False  # the row was printed without it
    header_path: tuple[str, ...] = ()  # of a body cell: the header texts above it, outermost first, repeats removed
    section: str = ""  # of a body cell: the last full-width row above it

    @property
    def locator(self) -> str:
        """Where it is within its table."""
        return f"row {self.row} column {self.column}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Raw:
    """A cell as printed, before spans are expanded. A span of 0 in both directions: a filler to leave out."""

    inline: Inline
    header: bool = False
    rowspan: int = 1
    colspan: int = 1
    missing: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A rectangular table: every row has `width` cells. The first `header_rows` rows are the header."""

    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int
    caption: str = ""

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.rows[0]) if self.rows else 0

    @property
    def body(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows below the header, full-width section rows included."""
        return self.rows[self.header_rows :]

    @property
    def headers(self) -> tuple[tuple[str, ...], ...]:
        """For each column its header texts, outermost first."""
        return tuple(_path(self.rows[: self.header_rows], column) for column in range(self.width))

    def is_section(self, row: Sequence[Cell]) -> bool:
        """Whether a body row is one cell across the whole table (a heading inside the table)."""
        return len(row) > 1 and not row[0].copied and all(cell.copied for cell in row[1:]) and _across(row)


def build(rows: Sequence[Sequence[Raw]], *, head: int = 0, caption: str = "") -> Grid:
    """Lay printed rows out as a grid. `head` is the number of rows marked up as header (0: find out)."""
    laid = _lay(rows)
    header_rows = head or _guess_header(laid)
    return _finish(laid, min(header_rows, len(laid)), caption)


def join(header: Grid, body: Grid) -> Grid:
    """One grid of a table printed as two: the header's and the body's."""
    width = max(header.width, body.width)
    rows = [[*row, *_blank(width - len(row))] for row in (*header.rows, *body.rows)]
    return _finish(rows, len(header.rows), header.caption or body.caption)


def clean(text: str) -> str:
    """Single spaces, no zero-width characters, newlines kept but never doubled or beside a space."""
    text = _SPACES.sub(" ", text.translate(_INVISIBLE))
    return re.sub(r" ?\n[ \n]*", "\n", text).strip()


def _lay(rows: Sequence[Sequence[Raw]]) -> list[list[Cell]]:
    taken: dict[tuple[int, int], Cell] = {}
    height = len(rows)
    for y, row in enumerate(rows):
        x = 0
        for raw in row:
            if raw.rowspan == 0 and raw.colspan == 0:
                continue
            while (y, x) in taken:
                x += 1
            _place(taken, raw, y, x, height)
            x += max(1, min(raw.colspan, MAX_SPAN))
    width = 1 + max((x for _, x in taken), default=-1)
    if width * height > MAX_CELLS:
        raise UnreadableError(f"a table of {height} rows and {width} columns; at most {MAX_CELLS} cells are read")
    return [[taken.get((y, x)) or Cell(missing=True) for x in range(width)] for y in range(height)]


def _place(taken: dict[tuple[int, int], Cell], raw: Raw, y: int, x: int, height: int) -> None:
    down = height - y if raw.rowspan == 0 else max(1, min(raw.rowspan, MAX_SPAN, height - y))
    fields = {name: getattr(raw.inline, name) for name in Inline.__dataclass_fields__}
    cell = Cell(**fields, header=raw.header, missing=raw.missing)
    for dy in range(down):
        for dx in range(max(1, min(raw.colspan, MAX_SPAN))):
            taken.setdefault((y + dy, x + dx), replace(cell, copied=dy > 0 or dx > 0))
    if len(taken) > MAX_CELLS:
        raise UnreadableError(f"a table with more than {MAX_CELLS} cells")


def _guess_header(rows: Sequence[Sequence[Cell]]) -> int:
    """Leading rows printed as header cells; else the first row, if nothing in it is a figure."""
    count = 0
    while count < len(rows) and all(cell.header or not cell.text for cell in rows[count]) and _filled(rows[count]):
        count += 1
    if count:
        return count
    if len(rows) > 1 and not any(re.match(r"[\W\d]*\d[\W\d]*$", cell.text) for cell in rows[0]):
        return 1
    return 0


def _finish(rows: Sequence[Sequence[Cell]], header_rows: int, caption: str) -> Grid:
    heads = rows[:header_rows]
    paths = [_path(heads, column) for column in range(len(rows[0]) if rows else 0)]
    done, section = [], ""
    for y, row in enumerate(rows):
        body = y >= header_rows
        if body and len(row) > 1 and _across(row) and all(cell.copied for cell in row[1:]):
            section = row[0].text
        done.append(
            tuple(
                replace(cell, row=y + 1, column=x + 1, header_path=paths[x] if body else (), section=section)
                for x, cell in enumerate(row)
            )
        )
    return Grid(rows=tuple(done), header_rows=header_rows, caption=caption)


def _path(heads: Iterable[Sequence[Cell]], column: int) -> tuple[str, ...]:
    path: list[str] = []
    for row in heads:
        text = row[column].text
        if text and text not in path:
            path.append(text)
    return tuple(path)


def _across(row: Sequence[Cell]) -> bool:
    return bool(row[0].text) and all(cell.text == row[0].text for cell in row)


def _filled(row: Sequence[Cell]) -> bool:
    return any(cell.text for cell in row)


def _blank(count: int) -> list[Cell]:
    return [Cell() for _ in range(max(0, count))]
