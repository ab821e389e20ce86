"""What recorded usage cost: files of gateways and tracers, each row at the rates in force at its time."""

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import console
from cli.plumbing import reading
from timeline.flat_rows import records
from timeline.issues import MistakeError
from timeline.tallies import Calendar, Tally, tally
from timeline.usages import Usage, read

if TYPE_CHECKING:
    from timeline.agreements import Contract

LARGEST = 512 * 2**20  # bytes of a JSON array: it is read whole
COLUMNS = ("provider", "model", "rows", "requests", "input_tokens", "output_tokens", "total", "currency", "missing")


class UsageFileError(MistakeError):
    """A file of usage that is not what its name says."""


def spent(file: Path, contracts: Sequence["Contract"], *, as_json: bool) -> bool:
    """Print what the usage in the file cost, by model and currency; whether any of it is known."""
    from store import rates

    with reading() as connection:

        @cache
        def calendar_of(provider: str, model: str) -> Calendar:
            return Calendar(rates.over(connection, provider, model))

        left_out = Counter[str]()
        found = tally(_usages(file, left_out), calendar_of, contracts)
    rows = [_row(one) for one in found]
    console.print_rows(rows, as_json=as_json, columns=COLUMNS, empty=f"{file} has no rows")
    unknown = sum(one.rows for one in found if one.currency is None)
    if unknown:
        console.say(
            f"the cost of {unknown:,} of {sum(one.rows for one in found):,} rows is not known, and not in any sum"
        )
    if left_out.total():
        console.say(f"{left_out.total():,} rows are no calls of a model and no tokens, and were left out")
    return any(one.currency for one in found)


def _usages(file: Path, left_out: Counter[str]) -> Iterator[Usage]:
    for place, row in _rows(file):
        for record in records(row):
            usage = read(record, f"{file.name}, {place}")
            if usage is None:
                left_out["rows"] += 1
            else:
                yield usage


def _rows(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows of a CSV file, of JSON lines, or of a JSON array, with what to call them."""
    try:
        if file.suffix.casefold() == ".csv":
            with file.open(encoding="utf-8-sig", newline="") as lines:
                table = csv.DictReader(lines)
                for row in table:
                    yield f"line {table.line_num}", {name: value for name, value in row.items() if name}
            return
        with file.open(encoding="utf-8-sig") as lines:
            if lines.read(1) == "[":
                yield from _array(file)
                return
            lines.seek(0)
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"line {number}", _line(line, f"{file.name}, line {number}")
    except (ValueError, RecursionError, csv.Error) as error:
        if isinstance(error, MistakeError):
            raise
        raise UsageFileError(
            f"{file}: {type(error).__name__}: expected CSV with a header (.csv) or JSON lines"
        ) from error


def _line(line: str, place: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line, parse_float=Decimal)
    except json.JSONDecodeError as error:
        expected = "expected CSV with a header (.csv) or JSON lines"
        raise UsageFileError(f"{place}: no JSON ({error.msg} at character {error.pos + 1}): {expected}") from error
    return _object(row, place)


def _array(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if file.stat().st_size > LARGEST:
        raise UsageFileError(f"{file} is a JSON array of more than {LARGEST >> 20} MB: write JSON lines instead")
    for number, row in enumerate(json.loads(file.read_text(encoding="utf-8-sig"), parse_float=Decimal), 1):
        yield f"row {number}", _object(row, f"{file.name}, row {number}")


def _object(row: object, place: str) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        raise UsageFileError(f"{place}: expected an object with a model, a time and tokens")
    return row


def _row(one: Tally) -> dict[str, Any]:
    return {
        "provider": one.provider,
        "model": one.model,
        "rows": one.rows,
        "requests": _plain(one.requests),
        "input_tokens": _plain(one.input_tokens),
        "output_tokens": _plain(one.output_tokens),
        "total": _plain(one.total) if one.currency else None,
        "currency": one.currency,
        "missing": sorted(one.missing),
    }


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"
