"""The columns of a price table, and what they say of one another: units they share, words that tell them apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crawler.extract.column_kinds import Kind
from crawler.extract.conditions import merged
from crawler.extract.labels import Label, modality_of, read_label
from crawler.extract.lost_cells import Row
from crawler.extract.units import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column: its header, what it holds, and what its cells mean where they do not say themselves."""

    index: int
    header: str = ""
    kind: Kind = ""
    name: str = ""  # of a condition
    label: Label = field(default_factory=Label)
    unit: Unit | None = None
    currency: str | None = None
    bare: bool = False  # numbers without a sign are amounts
    cents: bool = False  # and these are cents
    variant: str = ""  # tells it from a column of the same meaning


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A stretch of a table under one header."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def of(self, kind: Kind) -> list[Column]:
        """The columns of one kind, in order."""
        return [column for column in self.columns if column.kind == kind]


def told_apart(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Price columns of one meaning are told apart by the words of their headers that nothing was made of."""
    meanings = Counter(_meaning(column) for column in columns if column.kind == "price")
    return tuple(
        replace(column, variant=_variant(column))
        if column.kind == "price" and (meanings[_meaning(column)] > 1 or not column.label.prices)
        else column
        for column in columns
    )


def _variant(column: Column) -> str:
    if column.label.conditions and not column.label.rest:
        return ""
    if not column.label.rest and len(column.label.modalities) > 1 and column.label.meters:
        return column.header.split("\n")[-1]  # "Text + audio", beside "Text"
    return column.label.rest or ("" if column.label.prices else column.header.replace("\n", " "))


def _meaning(column: Column) -> tuple[object, ...]:
    label = column.label
    told = merged([label.conditions])
    conditions = tuple(sorted((key, str(value)) for key, value in told.items()))
    unit = label.unit or column.unit
    kinds = (label.training, label.reasoning, label.search, label.embedding, label.rerank)
    currency = label.currencies or column.currency
    return (label.sides, label.cache, kinds, modality_of(label), conditions, unit, currency)


def counted_alike(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Columns that say for how many, and not of what, count tokens where those of input and output do so too."""
    pers = {
        each.label.unit.per for each in columns if each.label.sides and each.label.unit and not each.label.unit.name
    }
    return tuple(
        replace(column, label=replace(column.label, unit=replace(unit, name="token")))
        if (unit := column.label.unit) and unit.per in pers and unit.name in ("", "citation")
        else column
        for column in columns
    )


def shared_by(headers: Sequence[str]) -> Label | None:
    """What the headers of input and output state, where they state a currency and a unit and all state the same."""
    labels = [label for header in headers if (label := read_label(header)).sides and label.unit and label.currencies]
    said = {(label.unit, label.currencies) for label in labels}
    return labels[0] if len(labels) > 1 and len(said) == 1 else None


def like_others(column: Column, shared: Label) -> Column:
    """A column of input or output without a unit ("Batch input") is counted as the others are."""
    label = column.label
    if column.kind != "price" or column.unit or label.unit or label.currencies or not label.sides:
        return column
    return replace(column, unit=shared.unit, currency=column.currency or shared.currencies[0])
