"""Which table of a page holds figures, and which of its columns: what a source's `table` says, read strictly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from crawler.extract.figures.periods import period_of
from timeline.strict import Table

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_PERIOD_WORDS = "a year, quarter, half year, month or day, like 2024, 2024-Q1, 2024-H1, 2024-03, FY2024"
_PERCENT = ("%", "percent", "per cent", "pct")


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """One measure: where its numbers stand, and in what unit.

    `column` are headers, `row` labels of rows; of several only one may be there. `printed` are the ways in which the
    unit may be printed beside the number; `bare`: it may be left out (else that is so for every unit but percent).
    """

    measure: str
    unit: str
    column: tuple[str, ...] = ()
    row: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()
    bare: bool = False
    margin: str | None = None  # the column that holds its margin of error

    @property
    def units(self) -> frozenset[str]:
        """How the unit may be printed, in small letters."""
        words = {self.unit, *self.printed, *(_PERCENT if self.unit == "percent" else ())}
        return frozenset(" ".join(word.casefold().split()) for word in words)

    @property
    def must_say(self) -> bool:
        """Whether the unit has to stand in the cell or over it: 0.95 and 95 are both shares."""
        return self.unit == "percent" and not self.bare


@dataclass(frozen=True, kw_only=True, slots=True)
class TableSpec:
    """The table and its columns.

    Subjects stand in the column `subject`, or all of it is about `subject_is`. Measures are columns (or, where
    `labels` names the column of their labels, rows). `years`: the columns whose headers are periods hold the numbers.
    """

    measures: tuple[Measure, ...]
    subject: str | None = None
    subject_is: str | None = None
    labels: str | None = None
    years: bool = False
    period: str | None = None  # a column
    period_is: str | None = None
    units: str | None = None  # the column that prints the unit of each row
    scope: tuple[str, ...] = ()  # columns that tell figures of one subject apart
    sections: str | None = None  # what the headings inside the table tell apart: a name in scope
    heading: str | None = None  # a heading or tab over it, whole
    caption: str | None = None  # part of its caption, or of the text before it
    skip: tuple[str, ...] = ()  # subjects that are no subjects: sums, averages
    decimal: str = "."

    @property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """The headers that must be there, each in one of several spellings."""
        single = (
            self.subject,
            self.labels,
            self.period,
            self.units,
            *self.scope,
            *(one.margin for one in self.measures),
        )
        return (*((name,) for name in single if name), *(one.column for one in self.measures if one.column))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, without what is not set: as options of a source."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        plain["measures"] = [
            {each.name: getattr(one, each.name) for each in fields(one) if getattr(one, each.name)}
            for one in self.measures
        ]
        return {name: value for name, value in plain.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "TableSpec":
        """What `to_json` wrote, lists for tuples or not."""
        return cls(**{**_tuples(data), "measures": tuple(Measure(**_tuples(one)) for one in data["measures"])})


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


def take_spec(table: Table) -> TableSpec:
    """The `table` of a source. Raises ConfigurationError naming field, what was found and what is allowed."""
    spec = TableSpec(
        measures=tuple(_take_measure(one) for one in table.take_tables("measures")),
        subject=table.take_str("subject", default=None),
        subject_is=table.take_str("subject_is", default=None),
        labels=table.take_str("labels", default=None),
        years=table.take_bool("years", default=False),
        period=table.take_str("period", default=None),
        period_is=_take_period(table),
        units=table.take_str("units", default=None),
        scope=table.take_words("scope"),
        sections=table.take_str("sections", default=None),
        heading=table.take_str("heading", default=None),
        caption=table.take_str("caption", default=None),
        skip=table.take_words("skip"),
        decimal=table.take_str("decimal", default=".", choices=(".", ",")),
    )
    _check(table, spec)
    return spec


def _take_measure(table: Table) -> Measure:
    name = table.take_str("measure")
    if not _NAME.fullmatch(name):
        raise table.error("measure", 'a name of small letters, digits and _, like "hallucination_rate"')
    return Measure(
        measure=name,
        unit=table.take_str("unit"),
        column=table.take_words("column"),
        row=table.take_words("row"),
        printed=table.take_words("printed"),
        bare=table.take_bool("bare", default=False),
        margin=table.take_str("margin", default=None),
    )


def _take_period(table: Table) -> str | None:
    text = table.take_str("period_is", default=None)
    if text is None:
        return None
    if (found := period_of(text)) is None:
        raise table.error("period_is", _PERIOD_WORDS)
    return found


def _check(table: Table, spec: TableSpec) -> None:
    if not spec.measures:
        raise table.error("measures", 'at least one { column = "...", measure = "...", unit = "..." }')
    if (spec.subject is None) == (spec.subject_is is None):
        raise table.error("subject", 'the column that names subjects, or subject_is = "..." where all is about one')
    if (spec.period and spec.period_is) or (spec.years and (spec.period or spec.period_is)):
        raise table.error("period", "one of period, period_is and years")
    in_rows = [bool(one.row) for one in spec.measures]
    if any(in_rows) and (not all(in_rows) or spec.labels is None):
        raise table.error("labels", "the column that holds the labels of rows, and `row` for every measure")
    if spec.labels and not all(in_rows):
        raise table.error("measures", "`row`, the label of its row, for every measure of a table with labels")
    placed = [bool(one.column or one.row) for one in spec.measures]
    if spec.years and not spec.labels and (len(placed) != 1 or placed[0]):
        raise table.error("measures", "one measure without a column: its numbers stand under the years")
    if spec.labels and not spec.years and any(not one.column for one in spec.measures):
        raise table.error("measures", "`column` beside `row`, or years = true: where the numbers of the row stand")
    if not all(placed) and not spec.years:
        raise table.error("measures", "`column`, the header of its column, for every measure")
    keys = [(one.measure, one.row if spec.labels else ()) for one in spec.measures]
    if len({name for name, _ in keys}) < len(keys):
        raise table.error("measures", "measures of different names")
