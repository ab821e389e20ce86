"""A list a person wrote of what a page says, compared with what was read of it. Pure."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from crawler.extract.units import first_unit, fold
from timeline.facts import Fact, to_json
from timeline.issues import MistakeError
from timeline.prices import PricePoint

_NOT_COMPARED = frozenset({"fact", "provider", "locator", "label", "labelled"})


class TruthError(MistakeError):
    """A list that cannot be compared: says which line or column."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """What the list has and the reading has not, and the other way round."""

    rows: int
    missing: tuple[str, ...]  # "line 3: acme-1, input, 3.00", in the order of the list
    surplus: tuple[Fact, ...]


def compare(text: str, facts: Sequence[Fact]) -> Compared:
    """Compare a CSV with facts, on the columns it has: names of the facts' fields (`model,meter,amount,currency,unit`).

    A model may be given by name or id; `conditions` as "service_tier=batch; cache_ttl=5m", empty for none; a unit also
    as it is printed ("1M tokens"). Each line stands for one fact. Raises TruthError.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), strict=True)
    columns = [name.strip() for name in reader.fieldnames or ()]
    known = {name for fact in facts for name in to_json(fact)} - _NOT_COMPARED
    if facts and (not columns or set(columns) - known):
        unknown = ", ".join(sorted(set(columns) - known)) or "no header"
        raise TruthError(f"expected columns among {', '.join(sorted(known))}, found {unknown}")
    left = [(fact, to_json(fact)) for fact in facts]
    missing, count = [], 0
    try:
        for row in reader:
            count += 1
            wanted = {name: (value or "").strip() for name, value in zip(columns, row.values(), strict=False)}
            found = next((n for n, (fact, told) in enumerate(left) if _fits(wanted, fact, told)), None)
            if found is None:
                said = ", ".join(filter(None, wanted.values()))
                missing.append(f"line {reader.line_num}: {said}{_nearest(wanted, left)}")
            else:
                del left[found]
    except csv.Error as error:
        raise TruthError(f"line {reader.line_num}: no CSV: {error}") from error
    return Compared(rows=count, missing=tuple(missing), surplus=tuple(fact for fact, _ in left))


def _nearest(wanted: Mapping[str, str], left: Sequence[tuple[Fact, Mapping[str, object]]]) -> str:
    """Where what was read differs from a line, of the fact of that model that differs least."""
    of_model = [
        {name: told.get(name) for name, text in wanted.items() if not _same(name, text, fact, told)}
        for fact, told in left
        if "model" in wanted and _same("model", wanted["model"], fact, told)
    ]
    nearest = min(of_model, key=len, default=None)
    if nearest is None or len(nearest) > 2:
        return ""
    return f" (read with {' and '.join(f'{name} {_written(value)!r}' for name, value in nearest.items())})"


def _written(value: object) -> str:
    """A value as a line of the list would have it."""
    if isinstance(value, dict):
        return "; ".join(f"{key}={each}" for key, each in value.items())
    return "" if value is None else str(value)


def _fits(wanted: Mapping[str, str], fact: Fact, told: Mapping[str, object]) -> bool:
    return all(_same(name, text, fact, told) for name, text in wanted.items())


def _same(name: str, text: str, fact: Fact, told: Mapping[str, object]) -> bool:
    value = told.get(name)
    if name == "model":
        return _plain(text) in {_plain(str(value)), _plain(str(told.get("model_id")))}
    if name in ("amount", "per"):
        return _number(text) == _number(str(value))
    if name == "unit" and isinstance(fact, PricePoint) and text != value:
        unit = first_unit(fold(f"/ {text}"))
        return unit is not None and (unit.per, unit.name) == (fact.per, fact.unit)
    if isinstance(value, dict):
        pairs = [pair.partition("=") for pair in text.replace(",", ";").split(";") if pair.strip()]
        return {key.strip(): given.strip() for key, _, given in pairs} == {
            key: str(each) for key, each in value.items()
        }
    if isinstance(value, list):
        return [each.strip() for each in text.split(",") if each.strip()] == [str(each) for each in value]
    return text == ("" if value is None else str(value))


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").lstrip("$€£¥").strip())
    except InvalidOperation:
        return None
