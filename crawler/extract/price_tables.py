"""A price table, models in rows or in columns, to prices."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crawler.extract.blocks import Table
from crawler.extract.conditions import Conditions, read_conditions
from crawler.extract.document import Ignored
from crawler.extract.grids import Cell
from crawler.extract.labels import Label, modality_of, read_label
from crawler.extract.layouts import Column, Part, Row, bound_scale, parts_of, quotes_of
from crawler.extract.money import Quote, currencies_in, has_money, read_quotes, state_of
from crawler.extract.price_facts import Around, Built, Setting, build
from crawler.extract.price_names import Subject, composed, is_everything, is_id, read_subjects
from crawler.extract.units import Unit, first_unit, fold
from timeline.issues import Issue
from timeline.prices import PricePoint

_WORKED = re.compile(
    r"worked example|pricing examples?\b|example (?:calculation|cost)|cost examples?|示例|예시|계산", re.I
)
_RUNNING = 40  # so many characters before an amount are a sentence, no label
_UNFILLED = re.compile(r"(?:US)?[$€£¥]\s?(?:-+|—|\.\.\.|_+)?(?:\s?(?:/|per)\s?[\w ]+)?")
_OF_NAME = r"\s+(?:image|video|audio|input|output|price|pricing|cost|with|per)\b|\s*\("
_RECKONED = re.compile(r"calculations?|(?:grand |monthly )?totals?(?: cost)?|(?:number|cost) of .*|总计|合计|计算", re.I)
_KINDS = (
    ("embedding", r"embed(?:ding)?s?\b|向量|嵌入|임베딩"),
    ("rerank", r"re-?rank|重排"),
    ("video", r"\bvideos?\b|\bveo\b|\bsora\b|视频|동영상"),
    ("audio", r"\baudio\b|\bspeech\b|\bvoice\b|transcri|whisper|\btts\b|\basr\b|\bstt\b|语音|音频|오디오"),
    ("gpu", r"\bgpus?\b|\b[abhlv]\d{2,3}s?\b|\brtx\b|\bmi\d{3}x?\b|\btpus?\b|\bgh200\b"),
    ("image", r"\bimages?\b|图片|图像|이미지"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What stands around a table: labels (outermost first) that hold for all of it, and whose section it is in."""

    labels: tuple[Label, ...] = ()
    conditions: Conditions = field(default_factory=dict)
    subjects: tuple[Subject, ...] = ()  # that the heading, or the text before, names
    title: str = ""
    parents: tuple[str, ...] = ()  # headings above, nearest first
    hint: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a table or another piece of a page came to."""

    facts: tuple[PricePoint, ...] = ()
    issues: tuple[Issue, ...] = ()
    ignored: tuple[Ignored, ...] = ()


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """All outcomes as one."""
    every = list(outcomes)
    return Outcome(
        facts=tuple(fact for each in every for fact in each.facts),
        issues=tuple(issue for each in every for issue in each.issues),
        ignored=tuple(ignored for each in every for ignored in each.ignored),
    )


def read_table(table: Table, frame: Frame, setting: Setting) -> Outcome:
    """The prices of one table. One without amounts gives nothing; a worked example is set aside."""
    cells = [cell for row in table.grid.rows for cell in row]
    worked = any(_WORKED.search(text) for text in (frame.title, *table.headings[-1:]))
    if worked or any(_RECKONED.fullmatch(header.strip()) for path in table.grid.headers for header in path):
        return Outcome(ignored=(Ignored(what=table.locator, why="a worked example", locator=table.locator),))
    known = any(label.currencies for label in frame.labels)
    told = known or any(currencies_in(cell.text) for cell in cells)
    if not told and not any(state_of(cell.text) == "free" for cell in cells):
        return Outcome()
    reader = _TableReader(table, frame, setting)
    return together(reader.part(part) for part in parts_of(table.grid, currency_known=known))


def hint_of(text: str) -> str:
    """The kind of thing a heading or a model's name is about."""
    return next((kind for kind, pattern in _KINDS if re.search(pattern, fold(text), re.I)), "")


def build_all(quotes: Sequence[Quote], subjects: Sequence[Subject], around: Around, setting: Setting) -> Outcome:
    """The prices of one cell; those that would contradict each other are told apart by their own words."""
    built = [build(quote, subjects, around, setting) for quote in quotes]
    clash = _clashing(built)
    for index, quote in enumerate(quotes):
        words = quote.head or quote.tail or quote.group
        if words and any(fact.key in clash for fact in built[index].facts):
            apart = replace(around, conditions=around.conditions | {"variant": words[:60]})
            built[index] = build(quote, subjects, apart, setting)
    return Outcome(
        facts=tuple(fact for each in built for fact in each.facts),
        issues=tuple(issue for each in built for issue in each.issues),
    )


def _clashing(built: Sequence[Built]) -> set[str]:
    seen: dict[str, set[object]] = {}
    for each in built:
        for fact in each.facts:
            seen.setdefault(fact.key, set()).add(fact.value)
    return {key for key, values in seen.items() if len(values) > 1}


class _TableReader:
    def __init__(self, table: Table, frame: Frame, setting: Setting) -> None:
        self.table, self.frame, self.setting = table, frame, setting

    def part(self, part: Part) -> Outcome:
        prices = part.of("price")
        labelled = [column for column in prices if column.label.meters or column.label.price or column.label.unit]
        if self._is_turned(part, labelled):
            return together(self._by_label(part))
        if not prices:
            return together(self._doubts(part, column) for column in part.columns)
        outcome = together(self._by_row(part, prices, ()))
        apart = self._telling(part, outcome.facts)
        outcome = together(self._by_row(part, prices, apart)) if apart else outcome
        return together([outcome, *(self._doubts(part, column) for column in part.columns)])

    def _doubts(self, part: Part, column: Column) -> Outcome:
        """What is wrong with a column as a whole: amounts that cannot be read, currencies that change from row to row."""
        cells = [row[column.index] for row in part.rows if row[column.index].text]
        where = f"{self.table.locator} column {column.index + 1}"
        title = column.header.replace("\n", " ")
        blank = [cell for cell in cells if _UNFILLED.fullmatch(cell.text.strip())]
        if blank and 2 * len(blank) > len(cells):
            message = f"column {title!r} holds {blank[0].text!r} where amounts should stand: the page fills them in later"
            return Outcome(issues=(Issue(code="unread_prices", message=message, locator=where, fatal=True),))
        signs = [frozenset(quote.currency for quote in read_quotes(cell.text) if quote.currency) for cell in cells]
        kinds = {sign for sign in signs if sign}
        if column.kind == "price" and len(kinds) > 1 and len(frozenset.union(*kinds)) > max(map(len, kinds)):
            named = ", ".join(sorted({sign for each in kinds for sign in each}))
            message = f"column {title!r} mixes currencies: {named}"
            return Outcome(issues=(Issue(code="mixed_currencies", message=message, locator=where, fatal=True),))
        return Outcome()

    def _telling(self, part: Part, facts: Sequence[PricePoint]) -> list[Column]:
        """The columns that tell rows apart whose prices would contradict each other; none where there are none."""
        clashing = _clashing_rows(facts)
        by_number = {row[0].row: row for row in part.rows}
        chosen: list[Column] = []
        candidates = [column for column in part.columns if column.kind in ("", "spec", "condition")]
        while clashing and candidates and len(chosen) < 3:
            best = max(candidates, key=lambda column: sum(_differ(column, rows, by_number) for rows in clashing))
            if not any(_differ(best, rows, by_number) for rows in clashing):
                break
            chosen.append(best)
            candidates.remove(best)
            texts = {number: tuple(row[column.index].text for column in chosen) for number, row in by_number.items()}
            clashing = [rows for rows in clashing if len({texts.get(number) for number in rows}) < len(rows)]
        return chosen

    # --- models in rows -------------------------------------------------------------------------------------------

    def _by_row(self, part: Part, prices: list[Column], apart: Sequence[Column]) -> Iterator[Outcome]:
        naming = _Naming.of(part, prices)
        section: Label | None = None
        subjects: tuple[Subject, ...] = ()
        for row in part.rows:
            quoted = [(column, quotes_of(row[column.index], column)) for column in prices]
            if not any(quotes for _, quotes in quoted):
                section = self._section(row) or section
                continue
            subjects = naming.subjects(row, self.setting, self.frame) or subjects
            around = self._row_around(part, naming, row, section, subjects)
            if words := "; ".join(filter(None, (" ".join(row[column.index].text.split()) for column in apart))):
                around = replace(around, conditions={**around.conditions, "variant": words})
            for column, quotes in quoted:
                yield from self._line_by_line(part, row, column, quotes, subjects, around)

    def _section(self, row: Row) -> Label | None:
        text = " ".join(dict.fromkeys(cell.text for cell in row if cell.text))
        label = read_label(text)
        return label if label.unit or label.conditions or label.modalities else None

    def _row_around(
        self, part: Part, naming: "_Naming", row: Row, section: Label | None, subjects: Sequence[Subject]
    ) -> Around:
        labels = [*self.frame.labels, *([section] if section else [])]
        conditions: Conditions = dict(self.frame.conditions)
        conditions |= naming.product(row)
        labels += naming.row_labels(row)
        for column in part.columns:
            if column.kind in ("condition", "") and column is not naming.main and column not in naming.others:
                found, label = _of_condition(column, row[column.index])
                conditions |= found
                labels += [label] if label else []
        hint = hint_of(subjects[0].name) if subjects else ""
        unit = next((unit for column in part.of("unit") if (unit := _unit_cell(row[column.index]))), None)
        named = [name for column in part.of("unit") for name in currencies_in(row[column.index].text)]
        return Around(
            labels=tuple(labels),
            row_unit=unit,
            currency=named[0] if len(set(named)) == 1 else None,
            conditions=conditions,
            hint=hint or self.frame.hint,
        )

    def _line_by_line(
        self, part: Part, row: Row, column: Column, quotes: Sequence[Quote], subjects: Sequence[Subject], around: Around
    ) -> Iterator[Outcome]:
        """A cell whose lines are labelled by the lines of another one; else the whole cell."""
        lines = len({quote.line for quote in quotes})
        for other in part.columns:
            labels = [read_label(line) for line in row[other.index].text.split("\n")]
            if lines > 1 and other.kind != "price" and len(labels) == lines and all(label.meters for label in labels):
                for number, label in enumerate(labels):
                    own = [quote for quote in quotes if quote.line == number]
                    told = replace(around, labels=(*self.frame.labels, label))
                    yield self._cell(row[column.index], column, own, subjects, told)
                return
        yield self._cell(row[column.index], column, quotes, subjects, around)

    def _cell(
        self, cell: Cell, column: Column, quotes: Sequence[Quote], subjects: Sequence[Subject], around: Around
    ) -> Outcome:
        locator = f"{self.table.locator} {cell.locator}"
        conditions = dict(around.conditions)
        if column.variant:
            conditions["variant"] = "; ".join(filter(None, (str(conditions.get("variant", "")), column.variant)))
        around = replace(
            around,
            labels=(*around.labels, column.label),
            unit=column.unit,
            currency=around.currency or column.currency,
            conditions=conditions,
            locator=locator,
        )
        return self._built(quotes, subjects, around)

    def _built(self, quotes: Sequence[Quote], subjects: Sequence[Subject], around: Around) -> Outcome:
        return build_all(quotes, subjects, around, self.setting)

    # --- what is billed in rows -----------------------------------------------------------------------------------

    def _is_turned(self, part: Part, labelled: Sequence[Column]) -> bool:
        """Whether rows name what is billed, and columns whose or under which tier."""
        if any(column.label.meters for column in labelled):
            return False
        labels = []
        for row in part.rows:
            text, width = _leading(row, part)
            if width and any(read_quotes(cell.text) for cell in row[width:]):
                labels.append(read_label(text))
        named = bool(part.of("subject")) and any(column.label.price for column in labelled)
        strong = sum(bool(label.sides or label.cache) for label in labels)
        if strong and (2 * strong >= len(labels) or not named):
            return True
        headed = any(column.header for column in part.columns)
        return headed and not named and any(label.training or label.search or label.price for label in labels)

    def _by_label(self, part: Part) -> Iterator[Outcome]:
        for row in part.rows:
            text, width = _leading(row, part)
            if not any(has_money(cell.text) or state_of(cell.text) == "free" for cell in row[width:]):
                continue
            label = read_label(text)
            whole = self._for_all(part, row, width)
            for cell in row[width:]:
                if cell.text:
                    yield self._labelled_cell(cell, part.columns[cell.column - 1], label, text, whole)

    def _for_all(self, part: Part, row: Row, width: int) -> tuple[Subject, ...]:
        """The models of all columns, where a row prints one price for them and its merged cell was lost."""
        named = [(column.index, found) for column in part.columns if (found := self._named_by(column))]
        values = [cell for cell in row[width:] if cell.text]
        lost = any(cell.missing for cell in row) or (named and width > named[0][0])
        if len(named) < 2 or len(values) != 1 or not lost:
            return ()
        return tuple(subject for _, found in named for subject in found)

    def _labelled_cell(
        self, cell: Cell, column: Column, label: Label, text: str, whole: tuple[Subject, ...]
    ) -> Outcome:
        quotes = read_quotes(cell.text, bare=bool(column.label.currencies or label.currencies))
        told = [quote for quote in quotes if len(quote.head) > _RUNNING]
        if told and column.kind == "spec":
            locator = f"{self.table.locator} {cell.locator}"
            ignored = Ignored(what=told[0].printed[:120], why="an amount in running text", locator=locator)
            return Outcome(ignored=(ignored,))
        named = whole or self._named_by(column)
        subjects = named or self._of_label(text, label) or self.frame.subjects
        labels = (*self.frame.labels, *(() if named else (column.label,)), label)
        around = Around(
            labels=labels,
            unit=column.label.unit,
            conditions=self.frame.conditions | _tool(label, quotes),
            hint=self.frame.hint,
            locator=f"{self.table.locator} {cell.locator}",
        )
        return self._built(quotes, subjects, around)

    def _named_by(self, column: Column) -> tuple[Subject, ...]:
        """The models a column's header names, unless it only says a tier, a unit or a currency."""
        if not column.header or column.kind in ("spec", "subject") or column.label.prices:
            return ()
        if column.label.conditions and not column.label.rest:
            return ()
        last = column.header.split("\n")[-1]
        return read_subjects(Cell(text=last), at=self.setting.at)

    def _of_label(self, text: str, label: Label) -> tuple[Subject, ...]:
        """A row's label may name a member of the heading's family: "Imagen 4 Fast image price" under "Imagen 4"."""
        name = re.split(_OF_NAME, text, maxsplit=1)[0].strip()
        first = self.frame.subjects[0].name.split(" ")[0] if self.frame.subjects else ""
        if first and text.startswith(first):
            return (Subject(name=name),)
        own = name in self.setting.abbreviations or re.search(r"[A-Za-z]{3,} \d", name)
        return (Subject(name=name),) if not first and label.price and own else ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Naming:
    """Which columns say whose price a row is."""

    main: Column | None
    others: tuple[Column, ...] = ()

    @classmethod
    def of(cls, part: Part, prices: Sequence[Column]) -> "_Naming":
        named = part.of("subject")
        if not named:
            unheaded = [column for column in part.columns if column.kind == "" and column not in prices]
            words = [column for column in unheaded if _is_words(part, column)]
            if not words and part.columns[0] not in prices and _is_words(part, part.columns[0]):
                words = [part.columns[0]]
            return cls(main=words[0] if words else None, others=tuple(words[1:]))
        ranked = sorted(named, key=lambda column: (-_rank(part, column), column.index))
        return cls(main=ranked[0], others=tuple(column for column in named if column is not ranked[0]))

    def subjects(self, row: Row, setting: Setting, frame: Frame) -> tuple[Subject, ...]:
        cell = row[self.main.index] if self.main else None
        if cell is None:
            return frame.subjects
        if is_everything(cell.text):
            other = next((row[column.index] for column in self.others if row[column.index].text), cell)
            return read_subjects(Cell(text=" ".join(other.text.split())), at=setting.at)
        found = read_subjects(cell, at=setting.at)
        return tuple(replace(subject, name=composed(subject.name, frame.parents)) for subject in found)

    def product(self, row: Row) -> Conditions:
        """What a second naming column tells apart (an API, a billing item), where it is not another name of the model."""
        for column in self.others:
            text = " ".join(row[column.index].text.split())
            worded = re.search(r"[^\W\d_]{2}", text) and len(text) <= 60
            if worded and not _is_name_column(column) and not read_label(text).meters:
                if self.main and not is_everything(row[self.main.index].text) and not state_of(text):
                    return {"product": text}
        return {}

    def row_labels(self, row: Row) -> list[Label]:
        labels = [read_label(row[column.index].text) for column in self.others if not _is_name_column(column)]
        return [label for label in labels if label.meters]


def _rank(part: Part, column: Column) -> int:
    header = column.header.lower()
    ids = sum(is_id(row[column.index].text) for row in part.rows) * 2 >= len(part.rows)
    if re.search(r"endpoint|\bids?\b|api name", header) and ids:
        return 3
    return 2 if re.search(r"model|模型|모델", header) else 1


def _is_name_column(column: Column) -> bool:
    return re.search(r"model|endpoint|\bid\b|\bname\b|模型|名称|모델", column.header, re.I) is not None


def _is_words(part: Part, column: Column) -> bool:
    texts = [row[column.index].text for row in part.rows if row[column.index].text]
    return bool(texts) and sum(bool(re.search(r"[^\W\d_]{2}", text)) for text in texts) * 2 >= len(texts)


def _clashing_rows(facts: Sequence[PricePoint]) -> list[set[int]]:
    """For each price told in several values the rows that tell it."""
    rows: dict[str, dict[object, int]] = {}
    for fact in facts:
        number = re.search(r"row (\d+)", fact.locator)
        value = (fact.value, fact.effective_from, fact.effective_to)
        rows.setdefault(fact.key, {}).setdefault(value, int(number[1]) if number else 0)
    return [found for values in rows.values() if len(found := set(values.values())) > 1]


def _differ(column: Column, rows: set[int], by_number: Mapping[int, Row]) -> bool:
    texts = [by_number[number][column.index].text for number in rows if number in by_number]
    return len(set(texts)) > 1 and max(map(len, texts)) <= 60


def _of_condition(column: Column, cell: Cell) -> tuple[Conditions, Label | None]:
    """What the cell of a condition column says."""
    text = " ".join(cell.text.split(" "))
    listed = "\n" in text.strip() and (column.kind == "" or column.name == "variant")
    if not text or listed or state_of(text) in ("not_offered", "included"):
        return {}, None
    named = read_label(text)
    if named.meters and not read_label(re.sub(r"\([^()]*\)", "", text)).rest and len(text) <= 60:
        return {}, named
    if column.kind == "":
        return {}, None
    if column.name in ("", "resolution", "duration", "service_tier"):
        read = read_conditions(text, scale=bound_scale(column.header))
        if read.found and (not read.rest or column.name == ""):
            return read.found, None
    if column.name in ("", "variant"):
        label = read_label(text)
        kind = Label(text=text, modalities=label.modalities) if modality_of(label) else None
        name = column.name or "variant"
        short = " ".join(text.split())
        return ({name: short} if column.name and len(short) <= 60 else {}), kind
    return {column.name: ", ".join(text.split("\n"))[:120]}, None


def _unit_cell(cell: Cell) -> Unit | None:
    text = fold(cell.text)
    return first_unit(text) or first_unit(f"/ {text}")


def _leading(row: Row, part: Part) -> tuple[str, int]:
    """The words before a row's first amount, and over how many cells they go."""
    words: list[str] = []
    width = 0
    for cell, column in zip(row[:3], part.columns, strict=False):
        if _is_value(cell.text) or (width and (not cell.text or column.kind == "spec" or len(cell.text) > 80)):
            break
        words.append(cell.text)
        width += 1
    return " ".join(dict.fromkeys(word for word in words if word)), width


def _is_value(text: str) -> bool:
    return has_money(text) or state_of(text) is not None


def _tool(label: Label, quotes: Sequence[Quote]) -> Conditions:
    """Tools priced beside a model are told apart by their names."""
    if label.search and label.rest:
        return {"tool": label.text.strip()}
    return {}
