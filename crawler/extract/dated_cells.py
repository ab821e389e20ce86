"""The dates in the cells of a table of lifecycles: of several the one that counts, and what could not be taken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.extract.dates import Order, StatedDate, find
from crawler.extract.document import Ignored
from crawler.extract.grids import Cell
from crawler.extract.places import is_by_region
from crawler.extract.statuses import status_word
from crawler.extract.subjects import is_none
from timeline.issues import Issue

_FLOOR = re.compile(r"\b(?:earliest|no(?:t)? (?:sooner|earlier|before)|at least until|guaranteed)\b|最早|不早于", re.I)
_RELATIVE = re.compile(
    r"\b(?:after|at|upon|with|following)\b.*\b(?:retirement|release|replacement|notice|announce\w*|availab\w*|launch\w*|GA)\b"
    "|之后",
    re.I,
)
AT_MOST = re.compile(r"\b(?:earlier|sooner) of\b|\bwhichever (?:is|comes|happens) (?:first|sooner|earlier)\b", re.I)
AT_LEAST = re.compile(r"\bwhichever (?:is|comes|happens) (?:later|last)\b", re.I)
_CHANGED_MIND = re.compile(r"\b(?:postpon|delay|cancel|withdrawn|reversed|paused)\w*|推迟|取消|暂缓", re.I)
_FORMER = re.compile(  # before a date: it was to be that one
    r"(?:\b(?:previously|formerly|originally?|old|was|instead of|rather than|from)|原定|原为|原)\b[^\d]*$", re.I
)
_NEW = re.compile(
    r"(?:\b(?:extend|postpon|mov|delay|chang|reschedul|push)\w*(?: out| back)? (?:to|until)|→|->|=>"
    r"|\b(?:new|now|revised|updated)"
    r"|(?:推迟|延期|延长|改)[至到为])[^\d]*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads the cells that hold one kind of date; says what it could not take."""

    at: datetime  # of the capture
    order: Order | None
    locator: str
    issues: list[Issue]
    ignored: list[Ignored]

    def read(self, cells: Sequence[Cell]) -> StatedDate | None:
        """The earliest firm date of the cells, else the earliest floor."""
        stated = [
            replace(date, qualifier="not_before") if _is_floor_by_words(cell) else date
            for cell in cells
            for date in self._dates(cell)
        ]
        firm = [date for date in stated if date.qualifier != "not_before"]
        return min(firm or stated, key=lambda date: date.first, default=None)

    def read_beside(self, cells: Sequence[Cell]) -> StatedDate | None:
        """The date that stands beside a status word."""
        return self.read([cell for cell in cells if find(cell.text, order=self.order).dates])

    def is_misprinted(self, cells: Sequence[Cell]) -> bool:
        """Whether a day that no calendar has stands beside a status word."""
        refused = [each for cell in cells for each in find(cell.text, order=self.order).refused]
        wrong = next((each.text for each in refused if each.why == "impossible_date"), None)
        if wrong:
            self._issue("impossible_date", f"expected a date, found {wrong!r}")
        return wrong is not None

    def _dates(self, cell: Cell) -> list[StatedDate]:
        found = find(cell.text, order=self.order)
        for refused in found.refused:
            self._issue(refused.why, f"expected a date, found {refused.text!r} in {cell.text[:80]!r}")
        likely = [date for date in found.dates if abs(date.first.year - self.at.year) <= 12]
        for date in found.dates:
            if date not in likely:
                self._issue("impossible_date", f"{date.value} is too far from the day of the capture, {self.at.date()}")
        likely, sure = _the_one(cell.text, likely)
        sure = sure and not AT_MOST.search(cell.text)
        if not sure or (_CHANGED_MIND.search(cell.text) and not any(_NEW.search(cell.text[: d.start]) for d in likely)):
            self._issue("unread_words", f"expected a date alone, found {cell.text[:80]!r}")
        if (
            not found.dates
            and not found.refused
            and cell.text
            and not is_none(cell.text)
            and not status_word(cell.text)
        ):
            if _RELATIVE.search(cell.text):
                self.ignored.append(
                    Ignored(what=cell.text[:80], why="a date relative to another", locator=self.locator)
                )
            else:
                self._issue("unreadable_date", f"expected a date, found {cell.text[:80]!r}")
        return likely

    def _issue(self, code: str, message: str) -> None:
        self.issues.append(Issue(code=code, message=message, locator=self.locator))


def _is_floor_by_words(cell: Cell) -> bool:
    return bool(_FLOOR.search(" ".join(cell.header_path)) or AT_LEAST.search(cell.text))


def is_floor(text: str, order: Order | None) -> bool:
    """Whether a text is dates no sooner than which something ends, and nothing else."""
    found = find(text, order=order)
    return bool(found.dates) and all(each.qualifier == "not_before" for each in found.dates) and not found.rest(text)


def value_of(stated: StatedDate | None) -> str | None:
    """A date as text, where it is no floor."""
    return stated.value if stated and stated.qualifier != "not_before" else None


def _the_one(text: str, dates: Sequence[StatedDate]) -> tuple[list[StatedDate], bool]:
    """Of several firm dates in a cell the one that is not said to be the former one; False where none is."""
    firm = [date for date in dates if date.qualifier != "not_before"]
    ends = [0, *(date.end for date in firm)]
    before = {id(date): text[end : date.start] for date, end in zip(firm, ends, strict=False)}
    new = [date for date in firm if _NEW.search(before[id(date)])]
    kept = new or [date for date in firm if not _FORMER.search(before[id(date)])]
    if len(firm) > 1 and is_by_region(text):
        return [], False
    if len(kept) == len(firm) and _are_owned(text, firm):
        return list(dates), True  # each of something of its own ("Standard: ..., Provisioned: ..."): the first counts
    longest = max((date.value for date in kept), key=len, default="")
    if all(longest.startswith(date.value) for date in kept) and bool(kept) == bool(firm):
        exact = [date for date in kept if date.value == longest][:1]
        return [*exact, *(date for date in dates if date not in firm)], True
    return [], False


def _are_owned(text: str, dates: Sequence[StatedDate]) -> bool:
    """Whether each date is of something of its own: "Standard: D, Provisioned: D", "D for standard, D for batch"."""
    starts, ends = [date.start for date in dates], [date.end for date in dates]
    before = [text[end:start] for end, start in zip([0, *ends], starts, strict=False)]
    after = [text[end:start] for end, start in zip(ends, [*starts[1:], len(text)], strict=False)]
    return all(re.search(r"[^\W\d]\s*[:：]\s*$", each) for each in before) or all(
        re.match(r"\s*(?:for|in|\()\s*[^\W\d]", each, re.I) for each in after
    )
