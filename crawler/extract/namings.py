"""Which columns of a price table say whose price a row is, and what stands around a table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crawler.extract.amounts import has_money
from crawler.extract.columns import Column, Part
from crawler.extract.conditions import Conditions, read_conditions
from crawler.extract.grids import Cell
from crawler.extract.labels import Label, read_label
from crawler.extract.lost_cells import Row
from crawler.extract.price_facts import Setting
from crawler.extract.price_names import Subject, composed, is_everything, is_id, read_subjects
from crawler.extract.price_words import state_of

_WORD = re.compile(r"[^\W\d_]{2}")
_DESCRIBES = re.compile(r"capabilit(?:y|ies)|features?|功能|能力", re.I)  # told only where it tells rows apart
_OTHER = re.compile(r"\b(?:prompts?|inputs?|contexts?|requests?|lengths?|tokens?|with|of|window)\b|\W", re.I)
_LONGEST = 60


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
class Naming:
    """The column that names a row's subject, and other columns that name something."""

    main: Column | None
    others: tuple[Column, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """All of them."""
        return (*([self.main] if self.main else []), *self.others)

    def subjects(self, row: Row, setting: Setting, frame: Frame) -> tuple[Subject, ...]:
        """Whose prices a row holds; none where its cell is empty (it continues the row above)."""
        if self.main is None:
            return frame.subjects
        cell = row[self.main.index]
        if self.main.kind == "" and (state_of(cell.text) is not None or has_money(cell.text)):
            return ()  # "Free", in a row of what plans cost: no name
        if is_everything(cell.text) or state_of(cell.text) == "not_offered":
            other = next((row[column.index] for column in self.others if row[column.index].text), cell)
            return read_subjects(Cell(text=" ".join(other.text.split())), at=setting.at)
        found = read_subjects(cell, at=setting.at)
        parents = () if is_package(self.main.header) else frame.parents
        return tuple(replace(subject, name=composed(subject.name, parents)) for subject in found)

    def is_unnamed(self, row: Row) -> bool:
        """Whether a row says that it is of no model: it does not continue the one above."""
        return self.main is not None and state_of(row[self.main.index].text) == "not_offered"

    def product(self, row: Row) -> Conditions:
        """What a second naming column tells apart (an API, a billing item), where it is no other name of the model."""
        if self.main is None:
            package = next((column for column in self.others if is_package(column.header)), None)
            return {"plan": " ".join(row[package.index].text.split())} if package else {}
        if is_everything(row[self.main.index].text) or state_of(row[self.main.index].text) == "not_offered":
            return {}
        for column in self.others:
            if _DESCRIBES.fullmatch(column.header.strip()):
                continue
            text = " ".join(row[column.index].text.split())
            worded = _WORD.search(text) and len(text) <= _LONGEST and not state_of(text)
            label = read_label(text)
            if worded and not _names_models(column) and not label.meters and (label.rest or not label.unit):
                return {"product": text}
        return {}

    def row_labels(self, row: Row) -> list[Label]:
        """What a second naming column says is billed."""
        labels = [read_label(row[column.index].text) for column in self.others if not _names_models(column)]
        return [label for label in labels if label.meters]


def naming_of(part: Part, prices: Sequence[Column], frame: Frame | None = None) -> Naming:
    """The naming columns by their headers; where none has one, the first columns of words.

    Packages of the model that the heading names, and steps of how much of it is used, are no names.
    """
    named = part.of("subject")
    if frame and frame.subjects and len(named) == 1 and is_package(named[0].header):
        return Naming(main=None, others=tuple(named))
    if named:
        ranked = sorted(named, key=lambda column: (-_rank(part, column), column.index))
        return Naming(main=ranked[0], others=tuple(column for column in named if column is not ranked[0]))
    unheaded = [column for column in part.columns if column.kind == "" and column not in prices]
    words = [column for column in unheaded if _is_words(part, column)]
    first = part.columns[0]
    names = first not in prices and first.name not in ("volume", "quality") and not _is_conditions(part, first)
    if not words and names and _is_words(part, first):
        words = [first]
    return Naming(main=words[0] if words else None, others=tuple(words[1:]))


def is_package(header: str) -> bool:
    """Whether a column lists plans or packages."""
    return (
        re.fullmatch(r"\W*(?:套餐|资源包|plans?|packages?|packs?|bundles?)(?:名称|类型)?\W*", header, re.I) is not None
    )


def _rank(part: Part, column: Column) -> int:
    header = column.header.lower()
    ids = sum(is_id(row[column.index].text) for row in part.rows) * 2 >= len(part.rows)
    if re.search(r"endpoint|\bids?\b|api name|版本|version", header) and ids:
        return 3
    return 2 if re.search(r"model|模型|모델", header) else 1


def _names_models(column: Column) -> bool:
    return re.search(r"model|endpoint|\bid\b|\bname\b|模型|名称|모델", column.header, re.I) is not None


def _is_conditions(part: Part, column: Column) -> bool:
    """Whether a column of conditions says nothing else: lengths of prompts are no names."""
    read = [read_conditions(row[column.index].text) for row in part.rows if row[column.index].text]
    return (
        column.kind in ("condition", "spec")
        and bool(read)
        and all(one.found and not _OTHER.sub("", one.rest) for one in read)
    )


def _is_words(part: Part, column: Column) -> bool:
    texts = [row[column.index].text for row in part.rows if row[column.index].text]
    sized = re.search(r"\bmodels?\b", column.header, re.I) is not None  # "17B - 69B" under "Base model size"
    return bool(texts) and (sized or sum(bool(_WORD.search(text)) for text in texts) * 2 >= len(texts))
