"""Tables with models in rows: each row's prices under its column headers."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crawler.extract.amounts import currencies_in, has_money
from crawler.extract.columns import Column, Part
from crawler.extract.grids import Cell
from crawler.extract.labels import Label, read_label
from crawler.extract.layouts import bound_scale, quotes_of
from crawler.extract.lost_cells import Row
from crawler.extract.money import Quote
from crawler.extract.namings import Frame, Naming, naming_of
from crawler.extract.outcomes import Outcome, build_all, hint_of, refused, together
from crawler.extract.price_facts import Around, Setting
from crawler.extract.price_names import Subject, plain_name
from crawler.extract.price_words import state_of
from crawler.extract.row_conditions import condition_of
from crawler.extract.units import Unit, find_units, first_unit, fold
from timeline.prices import PricePoint

_LONGEST = 60  # characters of a cell that may tell prices apart
_MOST_TITLES = 2  # cells of a row that says something about those below it
_OF_PRICES = re.compile(
    r"(?:\b(?:pricing|prices?|usage|based|pay|as|you|go|plans?|rates?|costs?|fees?|models?|api|overview|billing|tools?|volume"
    r"|discounts?|tiers?|other|all|and|the|our|of|for|by|details|table|limits?)\b|价格|定价|计费|费用|说明|资源包|套餐|[\W_\d])+",
    re.I,
)
_PRICED = re.compile(r"\d|\b(?:dollars?|euros?|cents?|yuan|free|times|same)\b", re.I)
_SUM = re.compile(r"(?:(?:grand|sub) ?-?)?totals?|sums?|averages?|avg\.?|medians?|总计|合计|小计|平均", re.I)
_SCALES = (1_000, 1_000_000)  # by which one price may be printed twice
_MOST_TELLING = 3  # columns that together do


def read_rows(part: Part, prices: Sequence[Column], frame: Frame, setting: Setting, locator: str) -> Outcome:
    """The prices of every row. Rows that would contradict each other are told apart by the columns that differ."""
    rows = _Rows(
        part=part,
        prices=tuple(prices),
        naming=naming_of(part, prices, frame),
        frame=frame,
        setting=setting,
        locator=locator,
    )
    outcome = together(rows.read())
    telling, numbers = _telling(part, outcome.facts)
    return _once(together(rows.read(telling, numbers)) if telling else outcome)


def _once(outcome: Outcome) -> Outcome:
    """One price where a row prints it by the thousand and by the million: the one for more."""
    largest: dict[object, PricePoint] = {}
    for fact in outcome.facts:
        if fact.per not in _SCALES:
            continue
        same = (fact.key, fact.unit_amount, fact.effective_from, fact.effective_to, _row_of(fact))
        known = largest.get(same)
        largest[same] = fact if known is None or fact.per > known.per else known
    kept = {id(fact) for fact in largest.values()}
    return replace(outcome, facts=tuple(fact for fact in outcome.facts if fact.per not in _SCALES or id(fact) in kept))


def _row_of(fact: PricePoint) -> str:
    return fact.locator.partition(" column ")[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rows:
    part: Part
    prices: tuple[Column, ...]
    naming: Naming
    frame: Frame
    setting: Setting
    locator: str

    def read(self, telling: Sequence[Column] = (), numbers: Collection[int] = ()) -> Iterator[Outcome]:
        """The prices of every row; those in `numbers` with what their cells in the columns `telling` say."""
        section: Label | None = None
        subjects: tuple[Subject, ...] = ()
        for row in self.part.rows:
            quoted = [(column, quotes_of(row[column.index], column)) for column in self.prices]
            if not any(quotes for _, quotes in quoted) or _is_note(row):
                section = _section(row) or section
                yield self._worded(row)
                continue
            found = self.naming.subjects(row, self.setting, self.frame) or self._of_title()
            subjects = found if found or self.naming.is_unnamed(row) else subjects
            if any(_SUM.fullmatch(subject.name) for subject in subjects):
                continue
            around = self._around(row, section, subjects)
            texts = [row[column.index].text for column in telling] if row[0].row in numbers else []
            if words := "; ".join(filter(None, (" ".join(text.split()) for text in texts))):
                around = replace(around, conditions=around.conditions | {"variant": words})
            yield from self._doubts(row, quoted)
            for column, quotes in quoted:
                yield from self._lines(row, column, quotes, subjects, around)

    def _of_title(self) -> tuple[Subject, ...]:
        """What the title over a table without names is about, where nothing in it is priced by the token: "OCR"."""
        labels = (*self.frame.labels, *(column.label for column in self.prices))
        units = {label.unit.name for label in labels if label.unit}
        name = re.sub(r"\s*[(（].*?[)）]", "", self.frame.title).strip()
        if self.naming.main or not units or units & {"token", ""} or not name or _OF_PRICES.fullmatch(name):
            return ()
        return (Subject(name=plain_name(name)),)

    def _doubts(self, row: Row, quoted: Sequence[tuple[Column, Sequence[Quote]]]) -> Iterator[Outcome]:
        """Signs that a row's cells are not under their headers: words under a price, an amount under a condition."""
        for column, quotes in quoted:
            text = row[column.index].text
            if text and not quotes and not any(map(state_of, text.split("\n"))):
                yield self._doubt(row, column, "where an amount should stand")
        for column in self.part.of("condition"):
            if has_money(row[column.index].text):
                yield self._doubt(row, column, "where no amount should stand")

    def _worded(self, row: Row) -> Outcome:
        """A row of a name with words in all columns of prices: prices that are told in no way known here."""
        texts = [row[column.index].text for column in self.prices if row[column.index].text]
        title = len({cell.text for cell in row if cell.text}) == 1
        if title or len(texts) < len(self.prices) or any(state_of(text) or not _PRICED.search(text) for text in texts):
            return Outcome()
        doubts = [self._doubt(row, column, "where an amount should stand") for column in self.prices]
        issues = tuple(replace(issue, fatal=False) for each in doubts for issue in each.issues)
        return Outcome(issues=issues)

    def _doubt(self, row: Row, column: Column, what: str) -> Outcome:
        cell = row[column.index]
        message = f"column {' '.join(column.header.split())!r} holds {cell.text[:80]!r} {what}"
        return refused("unread_prices", message, f"{self.locator} {cell.locator}")

    def _around(self, row: Row, section: Label | None, subjects: Sequence[Subject]) -> Around:
        labels = [*self.frame.labels, *([section] if section else []), *self.naming.row_labels(row)]
        conditions = self.frame.conditions | self.naming.product(row)
        for column in self.part.columns:
            if column.kind in ("condition", "") and column not in self.naming.columns:
                found, label = condition_of(column, row[column.index])
                conditions |= found
                labels += [label] if label else []
        stated = [row[column.index].text for column in sorted(self.part.of("unit"), key=lambda each: each.name)]
        currencies = {name for text in stated for name in currencies_in(fold(text))}
        return Around(
            labels=tuple(labels),
            row_unit=next((unit for text in stated if (unit := _unit(text))), None)
            or self._unit_of_others(stated)
            or self._in_name(row),
            currency=currencies.pop() if len(currencies) == 1 else None,
            conditions=conditions,
            hint=(hint_of(subjects[0].name) if subjects else "") or self.frame.hint or self._described(),
        )

    def _in_name(self, row: Row) -> Unit | None:
        """The quantity that a row sells, where its name is nothing else: "10M tokens", "1 亿 Token"."""
        text = fold(row[self.naming.main.index].text) if self.naming.main else ""
        units = find_units(f"/ {text}") if re.match(r"\d", text) else ()
        whole = len(units) == 1 and units[0].counted and units[0].end == len(text) + len("/ ")
        return units[0].unit if whole else None

    def _unit_of_others(self, stated: Sequence[str]) -> Unit | None:
        """The unit of all other rows, where a row has none in its column: what is free is counted like them."""
        if not stated or any(text and state_of(text) != "not_offered" for text in stated):
            return None
        texts = (row[column.index].text for column in self.part.of("unit") for row in self.part.rows)
        units = {unit for text in texts if (unit := _unit(text))}
        return units.pop() if len(units) == 1 else None

    def _described(self) -> str:
        """The kind of thing that the columns of conditions describe ("Video resolution")."""
        return next((kind for column in self.part.of("condition") if (kind := hint_of(column.header))), "")

    def _lines(
        self, row: Row, column: Column, quotes: Sequence[Quote], subjects: Sequence[Subject], around: Around
    ) -> Iterator[Outcome]:
        """A cell whose lines are labelled by the lines of another one; else the whole cell."""
        cell = row[column.index]
        count = len({quote.line for quote in quotes})
        for other in self.part.columns if count > 1 else ():
            lines = row[other.index].text.split("\n")
            labels = [read_label(line, scale=bound_scale(other.header)) for line in lines]
            if other.kind != "price" and len(labels) == count and _are_conditions(labels):
                said = {key for label in labels for key in label.conditions}
                kept = {key: value for key, value in around.conditions.items() if key not in said}
                for number, label in enumerate(labels):
                    own = [quote for quote in quotes if quote.line == number]
                    yield self._cell(cell, column, own, subjects, replace(around, conditions=kept | label.conditions))
                return
            if other.kind != "price" and len(labels) == count and all(label.meters for label in labels):
                for number, label in enumerate(labels):
                    own = [quote for quote in quotes if quote.line == number]
                    told = replace(around, labels=(*self.frame.labels, label))
                    yield self._cell(cell, column, own, subjects, told)
                return
        yield self._cell(cell, column, quotes, subjects, around)

    def _cell(
        self, cell: Cell, column: Column, quotes: Sequence[Quote], subjects: Sequence[Subject], around: Around
    ) -> Outcome:
        variants = [str(around.conditions.get("variant", "")), column.variant]
        variant = "; ".join(filter(None, variants))
        around = replace(
            around,
            labels=(*around.labels, column.label),
            unit=column.unit,
            currency=around.currency or column.currency,
            conditions=around.conditions | ({"variant": variant} if variant else {}),
            locator=f"{self.locator} {cell.locator}",
        )
        return build_all(quotes, subjects, around, self.setting)


def _are_conditions(labels: Sequence[Label]) -> bool:
    """Whether lines say conditions, each another one, and nothing else."""
    plain = all(label.conditions and not (label.rest or label.meters or label.unit) for label in labels)
    return plain and len({str(label.conditions) for label in labels}) == len(labels)


def _is_note(row: Row) -> bool:
    """Whether one cell goes over the whole row and says no amount: "* 50% off until 2027"."""
    return len(row) > 1 and len({cell.text for cell in row}) == 1 and not has_money(row[0].text)


def _section(row: Row) -> Label | None:
    """What a row without prices says about those below it."""
    texts = dict.fromkeys(cell.text for cell in row if cell.text)
    if len(texts) > _MOST_TITLES:
        return None
    label = read_label(" ".join(texts))
    return label if label.unit or label.conditions or label.modalities else None


def _unit(text: str) -> Unit | None:
    """The unit a cell of a column of units names, with or without a word that leads to it."""
    return first_unit(fold(text)) or first_unit(f"/ {fold(text)}")


def _telling(part: Part, facts: Sequence[PricePoint]) -> tuple[list[Column], set[int]]:
    """The columns that tell rows apart whose prices would contradict each other, and those rows."""
    clashing = clashing_rows(facts)
    numbers = {number for rows in clashing for number in rows}
    by_number = {row[0].row: row for row in part.rows}
    main = naming_of(part, part.of("price")).main
    candidates = [column for column in part.columns if column.kind not in ("price", "unit") and column != main]
    chosen: list[Column] = []
    while clashing and candidates and len(chosen) < _MOST_TELLING:
        gains = [sum(_differ(column, rows, by_number) for rows in clashing) for column in candidates]
        if not max(gains):
            break
        chosen.append(candidates.pop(gains.index(max(gains))))
        texts = {number: tuple(row[column.index].text for column in chosen) for number, row in by_number.items()}
        clashing = [rows for rows in clashing if len({texts.get(number) for number in rows}) < len(rows)]
    return chosen, numbers


def clashing_rows(facts: Sequence[PricePoint]) -> list[set[int]]:
    """For each price told in several values the rows that tell it."""
    rows: dict[str, dict[object, int]] = {}
    for fact in facts:
        number = re.search(r"row (\d+)", fact.locator)
        value = (fact.value, fact.effective_from, fact.effective_to)
        rows.setdefault(fact.key, {}).setdefault(value, int(number[1]) if number else 0)
    return [found for values in rows.values() if len(found := set(values.values())) > 1]


def _differ(column: Column, rows: set[int], by_number: Mapping[int, Row]) -> bool:
    texts = [by_number[number][column.index].text for number in rows if number in by_number]
    return len(set(texts)) > 1 and max(map(len, texts)) <= _LONGEST
