"""The rows of the chosen table: where each number stands, of what and of when it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.extract.document import Ignored
from crawler.extract.figures.numbers import name_of
from crawler.extract.figures.periods import period_of
from crawler.extract.figures.specs import Measure, TableSpec
from crawler.extract.figures.tables import Chosen, folded
from crawler.extract.grids import Cell
from timeline.issues import Issue


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A cell that should hold a figure; `wrong` says why it cannot, whatever stands in it."""

    measure: Measure
    subject: str
    period: str | None
    scope: dict[str, str]
    cell: Cell
    header: str  # what stands over it
    unit: str = ""  # what the row prints as its unit
    margin: Cell | None = None
    wrong: str = ""


@dataclass(kw_only=True)
class Found:
    """The places of a table, what was left out, and what is wrong with rows as a whole."""

    places: list[Place]
    ignored: list[Ignored]
    issues: list[Issue]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Columns:
    """Where the columns are."""

    subject: int | None
    labels: int | None
    period: int | None
    units: int | None
    scope: tuple[tuple[str, int], ...]
    years: dict[int, str]
    first: int  # the column by which a row is known


def rows_of(one: Chosen, spec: TableSpec) -> Found:
    """Every cell of the table that should hold a figure."""
    found = Found(places=[], ignored=[], issues=[])
    columns = _columns(one, spec)
    skipped = {folded(name) for name in spec.skip}
    for row in one.table.grid.body:
        where = f"{one.table.locator} row {row[0].row}"
        name = name_of(row[columns.first].text)
        if one.table.grid.is_section(row) or not any(cell.text for cell in row):
            continue
        if folded(name) in skipped:
            found.ignored.append(Ignored(what=name, why="left out by `skip`", locator=where))
            continue
        if not name:
            _nameless(found, row, columns, where)
            continue
        _read_row(found, one, spec, columns, row)
    _want_rows(found, one, spec)
    return found


def _columns(one: Chosen, spec: TableSpec) -> _Columns:
    subject, labels, period, units = (
        one.column((name,)) if name else None for name in (spec.subject, spec.labels, spec.period, spec.units)
    )
    scope = tuple((name, index) for name in spec.scope if (index := one.column((name,))) is not None)
    first = next((index for index in (labels, subject, period) if index is not None), 0)
    return _Columns(
        subject=subject,
        labels=labels,
        period=period,
        units=units,
        scope=scope,
        years=one.years if spec.years else {},
        first=first,
    )


def _read_row(found: Found, one: Chosen, spec: TableSpec, columns: _Columns, row: Sequence[Cell]) -> None:
    subject = spec.subject_is or name_of(row[columns.subject or 0].text)
    scope = {_scope_name(name): name_of(row[index].text) for name, index in columns.scope}
    if spec.sections:
        scope[_scope_name(spec.sections)] = name_of(row[columns.first].section)
    scope = {name: value for name, value in scope.items() if value}
    wrong = _misshapen(row, one.over)
    period = spec.period_is
    if columns.period is not None:
        period = period_of(row[columns.period].text)
        wrong = wrong or ("" if period else f"{row[columns.period].text[:40]!r} is no year, quarter, month or day")
    unit = row[columns.units].text if columns.units is not None else ""
    for measure in spec.measures:
        if measure.row and folded(row[columns.first].text) not in {folded(label) for label in measure.row}:
            continue
        margin = one.column((measure.margin,)) if measure.margin else None
        for index, when in _cells(one, measure, columns, period):
            found.places.append(
                Place(
                    measure=measure,
                    subject=subject,
                    period=when,
                    scope=scope,
                    cell=row[index],
                    header=one.headers[index],
                    unit=unit,
                    margin=row[margin] if margin is not None else None,
                    wrong=wrong or _damage(row, index),
                )
            )


def _cells(one: Chosen, measure: Measure, columns: _Columns, period: str | None) -> Iterator[tuple[int, str | None]]:
    """The columns in which a row has a measure, and the time each is about."""
    if measure.column:
        index = one.column(measure.column)
        if index is not None:
            yield index, period
    else:
        yield from columns.years.items()


def _misshapen(row: Sequence[Cell], headers: int) -> str:
    """What tells that the cells of a row do not stand under their headers: none of them is trusted."""
    if any(cell.text for cell in row[headers:]):
        return "its row has more cells than there are headers"
    return "its row has fewer cells than there are headers" if any(cell.missing for cell in row[:headers]) else ""


def _damage(row: Sequence[Cell], index: int) -> str:
    """What tells that a cell is not that of its column."""
    cell, right = row[index], row[index + 1 : index + 2]
    pairs = [(row[index - 1], cell)] if index else []
    if any(two.copied and two.text and one.text == two.text for one, two in (*pairs, *((cell, two) for two in right))):
        return "one cell stands across several columns"
    return ""


def _nameless(found: Found, row: Sequence[Cell], columns: _Columns, where: str) -> None:
    """A row without a name: nothing, where it has no numbers either."""
    if any(any(letter.isdigit() for letter in cell.text) for cell in row):
        said = " | ".join(cell.text for cell in row if cell.text)[:80]
        message = f"a row with numbers and no name: {said!r}"
        found.issues.append(Issue(code="unnamed_row", message=message, locator=f"{where} column {columns.first + 1}"))


def _want_rows(found: Found, one: Chosen, spec: TableSpec) -> None:
    """Measures that are rows must all be there."""
    there = {place.measure.measure for place in found.places}
    for measure in spec.measures:
        if measure.row and measure.measure not in there:
            labels = " or ".join(map(repr, measure.row))
            message = f"no row is called {labels}: renamed, or another table"
            found.issues.append(Issue(code="missing_row", message=message, locator=one.table.locator, fatal=True))


def _scope_name(name: str) -> str:
    return "_".join(folded(name).split())
