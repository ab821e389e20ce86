"""Tables turned on their side: what is billed in rows, models (or tiers of the section's model) in columns."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from crawler.extract.amounts import has_money
from crawler.extract.columns import Column, Part
from crawler.extract.conditions import Conditions
from crawler.extract.grids import Cell
from crawler.extract.labels import Label, read_label
from crawler.extract.lost_cells import Row
from crawler.extract.money import Quote, read_quotes
from crawler.extract.namings import Frame
from crawler.extract.outcomes import Outcome, build_all, ignored, together
from crawler.extract.price_facts import Around, Setting
from crawler.extract.price_names import Subject, read_subjects
from crawler.extract.price_rows import clashing_rows
from crawler.extract.price_words import state_of
from crawler.extract.units import Unit

_RUNNING = 40  # so many characters before an amount are a sentence, no label
_LONGEST = 80  # characters of a label
_PAID = re.compile(r"\bpa(?:id|y)\b", re.I)  # of a plan, not of a price
_PLAN = re.compile(
    r"(?P<sure>free|hobby|starter|team|business|growth|scale|enterprise|developer|pay[- ]as[- ]you[- ]go"
    r"|payg)(?: (?:plan|tier))?"
    r"|(?:basic|plus|pro|premium|standard|ultimate|individual|personal)(?: (?:plan|tier))?",
    re.I,
)
_OF_NAME = re.compile(r"\s+(?:image|video|audio|input|output|price|pricing|cost|with|per)\b|\s*\(")


def is_turned(part: Part, prices: Sequence[Column]) -> bool:
    """Whether rows name what is billed, and columns whose or under which tier."""
    labelled = [column for column in prices if column.label.meters or column.label.price or column.label.unit]
    if any(column.label.meters for column in labelled):
        return False
    named = bool(part.of("subject")) and any(column.label.price for column in labelled)
    labels = []
    for row in part.rows:
        text, width = _leading(row, part)
        if width and any(read_quotes(cell.text) for cell in row[width:]):
            labels.append(read_label(row[part.of("subject")[0].index].text if named else text))
    strong = sum(bool(label.sides or label.cache) and not (named and label.rest) for label in labels)
    if strong and (2 * strong >= len(labels) or not named):
        return True
    headed = any(column.header for column in part.columns)
    priced = any(label.price and not _PAID.search(label.text) for label in labels)
    used = sum(label.training or label.search for label in labels)
    return headed and not named and (priced or 0 < len(labels) <= 2 * used)


def read_turned(part: Part, frame: Frame, setting: Setting, locator: str) -> Outcome:
    """The prices of such a table."""
    turned = _Turned(part=part, frame=frame, setting=setting, locator=locator)
    outcome = together(turned.read())
    apart = {number for rows in clashing_rows(outcome.facts) for number in rows}
    return together(turned.read(apart)) if apart else outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class _Turned:
    part: Part
    frame: Frame
    setting: Setting
    locator: str

    def read(self, apart: Collection[int] = ()) -> Iterator[Outcome]:
        """The prices of every row; those of the rows in `apart` with the words of their labels."""
        group = ""  # of rows whose first cell, merged once, is printed in the first of them alone
        for row in self.part.rows:
            text, width = _leading(row, self.part)
            if width == 2:
                group = row[0].text or group
                text = text if row[0].text else f"{group} {text}"
            else:
                group = ""
            if not any(has_money(cell.text) or state_of(cell.text) == "free" for cell in row[width:]):
                continue
            label = read_label(text)
            if row[0].row in apart and label.rest:
                label = replace(label, conditions=label.conditions | {"variant": text.split(",")[0].strip()})
            whole = self._for_all(row, width)
            unit = _usual_unit(row[width:])
            for cell in row[width:]:
                if cell.text:
                    yield self._cell(cell, label, text, whole, unit)

    def _for_all(self, row: Row, width: int) -> tuple[Subject, ...]:
        """The models of all columns, where a row prints one price for them and its merged cell was lost."""
        named = [(column.index, found) for column in self.part.columns[1:] if (found := self._named_by(column))]
        values = [cell for cell in row[width:] if cell.text]
        if len(named) < 2 or len(values) != 1 or not any(self._is_lost(other, named[0][0]) for other in self.part.rows):
            return ()
        return tuple(subject for _, found in named for subject in found)

    def _is_lost(self, row: Row, first: int) -> bool:
        """Whether a row shows that merged cells were lost: cells missing, or labels where the models have theirs."""
        return any(cell.missing for cell in row) or _leading(row, self.part)[1] > first

    def _cell(self, cell: Cell, label: Label, text: str, whole: tuple[Subject, ...], usual: Unit | None) -> Outcome:
        column = self.part.columns[cell.column - 1]
        locator = f"{self.locator} {cell.locator}"
        quotes = read_quotes(cell.text, bare=bool(column.label.currencies or label.currencies))
        told = next((quote for quote in quotes if len(quote.head) > _RUNNING), None)
        if told and column.kind == "spec":
            return ignored(told.printed, "an amount in running text", locator)
        plan = self._plan_of(column, text, label)
        named = whole or (() if plan else self._named_by(column))
        subjects = named or (plan and self._of_row(text)) or self._of_label(text, label) or self.frame.subjects
        around = Around(
            labels=(*self.frame.labels, *self._corner(), *(() if named else (column.label,)), label),
            unit=column.label.unit or self._unit_beside(quotes) or usual,
            currency=column.currency,
            conditions=self.frame.conditions | _apart(label, quotes) | plan,
            hint=self.frame.hint,
            locator=locator,
        )
        return build_all(quotes, subjects, around, self.setting)

    def _corner(self) -> tuple[Label, ...]:
        """What the header of the rows' labels says of all amounts: "Per 1M tokens", "Price (USD / 1M tokens)"."""
        label = self.part.columns[0].label
        return (Label(text=label.text, unit=label.unit, currencies=label.currencies),) if label.prices else ()

    def _unit_beside(self, quotes: Sequence[Quote]) -> Unit | None:
        """What is free in one column is counted as in the others, where these agree."""
        if any(quote.state != "free" for quote in quotes):
            return None
        units = {column.label.unit for column in self.part.columns if column.label.unit}
        return units.pop() if len(units) == 1 else None

    def _named_by(self, column: Column) -> tuple[Subject, ...]:
        """The models a column's header names, unless it only says a tier, a unit or a currency."""
        if not column.header or column.kind in ("spec", "subject") or column.label.prices:
            return ()
        if column.label.conditions and not column.label.rest:
            return ()
        return read_subjects(Cell(text=column.header.split("\n")[-1]), at=self.setting.at)

    def _plan_of(self, column: Column, text: str, label: Label) -> Conditions:
        """The plan a column is of, where all are of plans and the rows name what is priced: "Opal 2 input"."""
        headers = [each.header.strip() for each in self.part.columns[1:] if each.header]
        plans = [_PLAN.fullmatch(header) for header in headers]
        told = len(plans) > 1 and all(plans) and any(plan and plan["sure"] for plan in plans)
        return {"plan": column.header.strip().lower()} if told and (label.rest or self.frame.subjects) else {}

    def _of_row(self, text: str) -> tuple[Subject, ...]:
        """What the label of a row names, without the words of what is billed."""
        name = _OF_NAME.split(text, maxsplit=1)[0].strip(" ,:")
        return (Subject(name=name),) if read_label(text).rest and name else ()

    def _of_label(self, text: str, label: Label) -> tuple[Subject, ...]:
        """A row's label may name a member of the heading's family: "Imagen 4 Fast image price" under "Imagen 4"."""
        name = _OF_NAME.split(text, maxsplit=1)[0].strip()
        first = self.frame.subjects[0].name.split(" ")[0] if self.frame.subjects else ""
        if first and text.startswith(first):
            return (Subject(name=name),)
        own = name in self.setting.abbreviations or re.search(r"[A-Za-z]{3,} \d", name)
        return (Subject(name=name),) if not first and label.price and own else ()


def _leading(row: Row, part: Part) -> tuple[str, int]:
    """The words before a row's first amount, and over how many cells they go."""
    words: list[str] = []
    width = 0
    for cell, column in zip(row[:3], part.columns, strict=False):
        ends = has_money(cell.text) or state_of(cell.text) is not None
        if ends or (width and (not cell.text or column.kind == "spec" or len(cell.text) > _LONGEST)):
            break
        words.append(cell.text)
        width += 1
    return " ".join(dict.fromkeys(word for word in words if word)), width


def _usual_unit(cells: Sequence[Cell]) -> Unit | None:
    """The unit of a row's prices where all that have one agree: "$0" beside "$20 / month" is for a month."""
    units = {quote.unit for cell in cells for quote in read_quotes(cell.text) if quote.unit}
    return units.pop() if len(units) == 1 else None


def _apart(label: Label, quotes: Sequence[Quote]) -> Conditions:
    """Tools priced beside a model, and other ways to use it ("Live API"), are told apart by the names of their rows."""
    if label.search and label.rest:
        return {"tool": label.text.strip()}
    named = label.meters or label.price or label.conditions or label.modalities
    sided = any(read_label(quote.head).meters for quote in quotes)
    return {"variant": label.text.strip()} if label.rest and sided and not named else {}
