"""What a cell of a price table that is neither a name nor a price says: a condition, a kind, steps of usage."""

import re

from crawler.extract.columns import Column
from crawler.extract.conditions import Conditions, read_conditions
from crawler.extract.grids import Cell
from crawler.extract.labels import Label, modality_of, read_label
from crawler.extract.layouts import bound_scale
from crawler.extract.price_names import is_everything
from crawler.extract.price_words import state_of
from crawler.extract.units import fold, noun_in

_LONGEST = 60  # characters of a cell that may tell prices apart
_USED = re.compile(r"(?:调用|使用|消耗)量|次数|/\s?月|每月|per month|\bmonthly\b", re.I)  # steps of how much is used


def condition_of(column: Column, cell: Cell) -> tuple[Conditions, Label | None]:
    """What a cell that is neither a name nor a price says: conditions, or what is billed."""
    text = cell.text
    listed = "\n" in text and (column.kind == "" or column.name == "variant")
    if not text or listed or state_of(text) in ("not_offered", "included"):
        return {}, None
    label = read_label(text)
    if label.meters and len(text) <= _LONGEST and not read_label(re.sub(r"\([^()]*\)", "", text)).rest:
        return {}, label
    if column.kind == "":
        read = read_conditions(text, bounds=False)
        return (read.found if set(read.found) == {"service_tier"} and not read.rest else {}), None
    if column.name in ("", "resolution", "duration", "service_tier") and not _is_usage(column, text):
        read = read_conditions(text, scale=bound_scale(column.header))
        if read.found and (not read.rest or column.name == ""):
            return read.found, None
    if column.name in ("", "variant") and not _is_usage(column, text):
        return _variant(column, text, label)
    return {} if _is_of_all(column, text) else {
        _tier_name(column, text): ", ".join(text.split("\n"))[: 2 * _LONGEST]
    }, None


def _is_of_all(column: Column, text: str) -> bool:
    return column.name == "service_tier" and is_everything(text)


def _tier_name(column: Column, text: str) -> str:
    """The condition a cell of a column states; under "Tier" it may be how much is used: "1M - 5M pages"."""
    used = column.name == "service_tier" and re.search(r"\d", text) and noun_in(fold(text))
    return "volume" if used or _is_usage(column, text) else column.name


def _is_usage(column: Column, text: str) -> bool:
    """Whether steps of how much is used tell rows apart, and no lengths of prompts: "0 < 调用量 ≤ 1 万"."""
    return column.name == "" and _USED.search(f"{column.header} {text}") is not None


def _variant(column: Column, text: str, label: Label) -> tuple[Conditions, Label | None]:
    """A kind of the model, or of what goes into it; where the meter says that kind it is no condition."""
    short = " ".join(text.split())
    read = read_conditions(text, bounds=False)
    if set(read.found) == {"service_tier"} and not read.rest:
        return read.found, None
    told = len(label.modalities) == 1 and not label.rest
    kind = Label(text=text, modalities=label.modalities) if told or modality_of(label) else None
    return ({"variant": short} if column.name and not told and len(short) <= _LONGEST else {}), kind
