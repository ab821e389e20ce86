"""The table of a page that a source means, and the places of its columns: exactly one, or an issue that says why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extract.blocks import Block, Table
from crawler.extract.figures.numbers import name_of
from crawler.extract.figures.periods import period_of
from crawler.extract.figures.specs import TableSpec
from timeline.issues import Issue

_SORTED = re.compile(r"[\s\u2190-\u2199\u21c5\u21d1-\u21d5\u25b2-\u25c5]+$")  # arrows of a table that can be sorted
SHOWN = 5  # tables and columns that a message names


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """The table, and what stands over each of its columns."""

    table: Table
    headers: tuple[str, ...]  # the words over each column, outermost first, joined by " / "

    def column(self, names: Sequence[str]) -> int | None:
        """The one column with one of these headers; None where there is none, or more than one."""
        found = self.columns(names)
        return found[0] if len(found) == 1 else None

    def columns(self, names: Sequence[str]) -> list[int]:
        """All of them: by all the words over a column (`Water / Withdrawal`), else by the last of them."""
        wanted = {folded(name) for name in names}
        whole = [index for index, header in enumerate(self.headers) if folded(header) in wanted]
        last = [header.rpartition(" / ")[2] for header in self.headers]
        return whole or [index for index, words in enumerate(last) if folded(words) in wanted]

    @property
    def over(self) -> int:
        """How many columns have a header: what a row has beyond them belongs nowhere."""
        return 1 + max((index for index, header in enumerate(self.headers) if header), default=-1)

    @property
    def years(self) -> dict[int, str]:
        """The columns whose headers are periods."""
        found = {index: period_of(words.rpartition(" / ")[2]) for index, words in enumerate(self.headers)}
        return {index: period for index, period in found.items() if period}


def choose(blocks: Sequence[Block], spec: TableSpec) -> Chosen | Issue:
    """The table that a source means."""
    tables = [_named(block) for block in blocks if isinstance(block, Table) and block.grid.body]
    if not tables:
        return Issue(code="no_table", message="the page has no table with rows", fatal=True)
    placed = [one for one in tables if _is_under(one.table, spec)]
    if not placed:
        where = " and ".join(f"{what} {text!r}" for what, text in _asked(spec))
        message = f"no table under {where}; there are {_listed(tables)}"
        return Issue(code="no_table", message=message, fatal=True)
    fitting = [one for one in placed if not missing(one, spec)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        which = "say which with heading or caption in `table`"
        message = f"{len(fitting)} tables have these columns: {_listed(fitting)}; {which}"
        return Issue(code="two_tables", message=message, locator=fitting[1].table.locator, fatal=True)
    nearest = min(placed, key=lambda one: len(missing(one, spec)))
    lost = ", ".join(missing(nearest, spec))
    message = f"no table has the column {lost}: renamed, or another table; there are {_listed([nearest])}"
    return Issue(code="missing_column", message=message, locator=nearest.table.locator, fatal=True)


def missing(one: Chosen, spec: TableSpec) -> list[str]:
    """The columns a table lacks, or has twice."""
    lost = [" or ".join(map(repr, names)) for names in spec.columns if one.column(names) is None]
    return [*lost, *(["of a year or quarter"] if spec.years and not one.years else [])]


def _named(table: Table) -> Chosen:
    paths = table.grid.headers
    headers = [" / ".join(name_of(_SORTED.sub("", words)) for words in path) for path in paths]
    return Chosen(table=table, headers=tuple(headers))


def _is_under(table: Table, spec: TableSpec) -> bool:
    over = {folded(text) for text in (*table.headings, *table.labels)}
    if spec.heading and folded(spec.heading) not in over:
        return False
    near = folded(f"{table.grid.caption} {table.before}")
    return not spec.caption or folded(spec.caption) in near


def _asked(spec: TableSpec) -> list[tuple[str, str]]:
    asked = (("the heading", spec.heading), ("the caption", spec.caption))
    return [(what, text) for what, text in asked if text]


def _listed(tables: Sequence[Chosen]) -> str:
    shown = [f"{one.table.locator} ({_about(one)})" for one in tables[:SHOWN]]
    return "; ".join(shown) + (f" and {len(tables) - SHOWN} more" if len(tables) > SHOWN else "")


def _about(one: Chosen) -> str:
    over = f"under {one.table.headings[-1][:60]!r}: " if one.table.headings else ""
    columns = [header[:40] or "no header" for header in one.headers]
    return over + ", ".join(columns[: 2 * SHOWN]) + (", ..." if len(columns) > 2 * SHOWN else "")


def folded(text: str) -> str:
    """A text as it is compared: in small letters, without medals and the marks of footnotes."""
    return name_of(text).casefold()
