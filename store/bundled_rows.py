"""The bundled files line by line: strict reading, with the line in every complaint. Pure.

The evidence of a line is a file of its own, the header and that line, so that it stays the same when others are added.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from timeline.events import CaptureRef, Event
from timeline.issues import AiwireError
from timeline.notices import Notice
from timeline.observations import KnownRow, Row
from timeline.prices import PricePoint

LOCATOR = "line 2"  # of the evidence


class BundledError(AiwireError):
    """A line of the bundled history is wrong: names file, line and what was expected."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a bundled file, read field by field."""

    file: str
    number: int
    fields: Mapping[str, str]

    def error(self, message: str) -> BundledError:
        """The complaint, with its place."""
        return BundledError(f"{self.file} line {self.number}: {message}")

    def text(self, name: str, *, pattern: str = r".+", default: str | None = None) -> str:
        """A text that matches `pattern` as a whole; `default` where the field is empty."""
        value = self.fields[name]
        if not value and default is not None:
            return default
        if value != value.strip() or not re.fullmatch(pattern, value):
            raise self.error(f"{name} is {value!r}: expected {'a text' if pattern == '.+' else pattern}")
        return value

    def amount(self, name: str) -> Decimal | None:
        """A price, or None where the field is empty."""
        value = self.fields[name]
        try:
            amount = Decimal(value) if value else None
        except InvalidOperation:
            amount = Decimal(-1)
        if amount is not None and not (amount.is_finite() and amount > 0):
            raise self.error(f"{name} is {value!r}: expected a decimal number above 0")
        return amount

    def day(self, name: str, *, month: bool = False) -> str | None:
        """`YYYY-MM-DD`, or `YYYY-MM` where `month` is allowed, or None where the field is empty."""
        value = self.fields[name]
        try:
            if value and not (month and re.fullmatch(r"\d{4}-\d\d", value) and date.fromisoformat(f"{value}-01")):
                value = date.fromisoformat(value).isoformat()
        except ValueError:
            raise self.error(f"{name} is {value!r}: expected YYYY-MM-DD{' or YYYY-MM' if month else ''}") from None
        return value or None

    @property
    def body(self) -> bytes:
        """The line under its header, as a file."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([self.fields.keys(), self.fields.values()])
        return text.getvalue().encode()

    def evidence(self, at: datetime) -> CaptureRef:
        """The page that says so, and the bytes of what it said, as taken down here."""
        url = self.text("url", pattern=r"https://\S+")
        return CaptureRef(url=url, captured_at=at, sha256=hashlib.sha256(self.body).hexdigest())


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """What a file says. `bodies`: the evidence by its SHA-256."""

    rows: Sequence[KnownRow]
    events: Sequence[Event]
    bodies: Mapping[str, bytes]


def lines(text: str, file: str, columns: tuple[str, ...]) -> Iterator[Line]:
    """The lines of a CSV file after its header. Raises BundledError where a line has other columns."""
    reader = csv.reader(io.StringIO(text), strict=True)
    header = next(reader, [])
    if tuple(header) != columns:
        raise BundledError(f"{file} line 1: found columns {', '.join(header)}: expected {', '.join(columns)}")
    for values in reader:
        line = Line(file=file, number=reader.line_num, fields=dict(zip(columns, values, strict=False)))
        if len(values) != len(columns):
            raise line.error(f"found {len(values)} fields: expected {len(columns)}")
        yield line


def starts(stated: str) -> datetime:
    """The first instant of a stated day or month: the earliest at which it may have happened."""
    return datetime.combine(date.fromisoformat(stated if len(stated) > len("2026-01") else f"{stated}-01"), time(), UTC)


def is_over(stated: str) -> datetime:
    """The first instant after a stated day or month."""
    first = starts(stated)
    if len(stated) > len("2026-01"):
        return first + timedelta(days=1)
    return (first + timedelta(days=31)).replace(day=1)


def row(fact: PricePoint | Notice, starts: datetime, evidence: CaptureRef, ends: datetime | None = None) -> Row:
    """What is believed of one stretch of time."""
    return Row(fact=fact, starts=starts, ends=ends, basis="bundled", first=evidence, last=evidence)


def known(believed: Row, since: datetime, until: datetime | None = None) -> KnownRow:
    """A belief and the time over which it was the best one could know."""
    return KnownRow(key=believed.fact.key, row=believed, known_from=since, known_to=until)
