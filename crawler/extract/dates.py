"""Dates as pages print them: read strictly, with their precision and with what softens them; never guessed.

Read are full dates and months in the shapes providers use, in English, Chinese, Japanese, Korean, French, German,
Spanish, Portuguese and Italian. Quarters, half years, "mid-2027" and
"in 60 days" are refused; so are days that no calendar has and figures whose order (day or month first) nothing decides.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Qualifier = Literal["on", "not_before", "tentative"]
Order = Literal["mdy", "dmy"]
Why = Literal["impossible_date", "ambiguous_date", "vague_date"]

FIRST_YEAR, LAST_YEAR = 1990, 2100  # what a page can mean; anything else is a misprint

_FOLD = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"), "-")
_FOLD |= {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF0F: "/", 0xFF0E: "."}
_FOLD |= dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009\u3000\n\t"), " ")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    "(?P<name>(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    "|Nov(?:ember)?|Dec(?:ember)?|JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?"
    r"|SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)\b\.?)"
)
_ABROAD = {  # first letters of months that other languages write differently, in the order tried
    "jan|gen|ene": 1, "f[eé]": 2, "mar[sczç]|märz": 3, "a[vp]r|abr": 4, "ma[iygj]": 5, "jui?n|giu": 6, "jui?l|lug": 7,
    "ao[uû]|ago|aug": 8, "se": 9, "o[cktu]t|ottobre": 10, "nov": 11, "d[eéi][zc]": 12,
}  # fmt: skip
_FOREIGN = (
    "(?P<abroad>janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    "|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro"
    "|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre)"
)
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|ST|ND|RD|TH)?"
_YEAR = r"(?P<y>\d{4})(?![\d])"
_ALONE = r"(?<![\w./@-])"  # not inside a version, a path or an id: gpt-4o-2024-05-13 has no date
_ENDS = r"(?![\w/@]|-\w|\.\d)"
_SHAPES = tuple(
    re.compile(shape, re.ASCII)  # what stands beside a date in Chinese has no space
    for shape in (
        r"(?<!\d)(?P<y>\d{4}) ?年 ?(?P<m>\d{1,2}) ?月(?: ?(?P<d>\d{1,2}) ?[日号])?",
        r"(?<![\d年])(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号]",
        r"(?<!\d)(?P<y>\d{4}) ?년 ?(?P<m>\d{1,2}) ?월(?: ?(?P<d>\d{1,2}) ?일)?",
        r"(?<![\w./@-])(?P<y>\d{4})\. (?P<m>\d{1,2})\. (?P<d>\d{1,2})(?:\.(?!\d)|(?![\w.]))",
        rf"{_ALONE}(?P<d>\d{{1,2}})(?:\.|er|º)? ?(?:de )?{_FOREIGN}(?: del?)? {_YEAR}",
        rf"(?<!\w){_FOREIGN}(?: de)? {_YEAR}",
        rf"\b{_NAME} *{_DAY},? ['\u2019](?P<yy>\d{{2}})(?!\w)",
        rf"{_ALONE}(?P<y>\d{{4}})(?P<sep>[-/.])(?P<m>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?{_ENDS}",
        rf"{_ALONE}(?P<y>\d{{4}})[-/](?P<m>\d{{2}}){_ENDS}(?!-)",
        rf"{_ALONE}(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}){_ENDS}",
        rf"{_ALONE}(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/(?P<y>\d{{2}}){_ENDS}",
        rf"\b{_NAME} *{_DAY}(?: ?, ?| ){_YEAR}",
        rf"{_ALONE}{_DAY}(?: of)?[ -]{_NAME}[ ,-]+{_YEAR}",
        rf"\b{_NAME}(?: ?, ?| ){_YEAR}",
        rf"\b{_NAME} {_DAY}(?![\w]|[:,.]\d| ?, ?\d| \d{{4}})",
        rf"{_ALONE}{_DAY}(?: of)? {_NAME}(?![ ,-]*\d)",
    )
)
_FORMAT = re.compile(r"\b(DD|MM)[/.-](?:MM|DD)[/.-]YY(?:YY)?\b", re.I)
_DIGIT = re.compile(r"\d")  # every shape has one
_VAGUE = re.compile(
    r"\b(?:Q[1-4]|H[12])[ /-]*(?:of )?(?:FY)?\d{2,4}\b|\b\d{4}[ -]*(?:Q[1-4]|H[12])\b"
    r"|\b(?:early|mid|late|(?:the )?(?:end|beginning|middle|start|first half|second half) of|summer|autumn|fall|winter"
    r"|spring)(?: of| in)?[ -]+\d{4}\b|\bin (?:the )?(?:coming|next|a few|\w+) (?:days?|weeks?|months?|years?)\b"
    r"|\d{4} ?年(?:初|中|底|末|上半年|下半年|第[一二三四]季度)",
    re.I,
)
_FLOOR_BEFORE = re.compile(
    r"(?:\b(?:no|not) (?:any )?(?:sooner|earlier) than|\b(?:no|not|never) (?:[a-z-]+ ){0,3}(?:before|until|prior to)"
    r"|\b(?:at (?:the )?)?earliest(?: on| in| by)?|\bno removal before|\blater of|\bas early as|≥|>="
    r"|\b(?:until )?at least(?: until| through)?"
    r"|\bfrühestens(?: a[bm]| im)?|\b(?:nicht|keine?) (?:\w+ ){0,3}vor(?: dem)?|\bmindestens bis(?: zum)?"
    r"|\bpas (?:\w+ ){0,4}avant(?: le)?"
    r"|\bau plus tôt(?: le)?|\bno (?:\w+ ){0,3}antes del?|\bcomo pronto(?: el)?|\bnão (?:\w+ ){0,3}antes d[eo]"
    r"|\bnon (?:\w+ ){0,3}prima del?"
    r"|不早于|不会早于|最早|至少(?:到|至)?)[ :(]*(?:the )?$",
    re.I,
)
_FLOOR_AFTER = re.compile(
    r"^[ ,)]*\(?(?:at the earliest|at earliest|or later|or after|or thereafter|earliest|\+|或?之后|或?以后|이후"
    r"|au plus tôt|ou plus tard|oder später|o (?:posterior|más tarde)\b|como (?:muy )?pronto|al più presto"
    r"|以降(?= ?(?:$|[)）]|の?予定)))",
    re.I,
)
_TENTATIVE_BEFORE = re.compile(
    r"(?:\btentative(?:ly)?|\bexpected|\bestimated?|\bplanned|\btarget(?:ed|ing)?|\bapprox(?:imately|\.)?|\baround|\babout|~"
    r"|\bprojected|预计|暂定|大约)[ :(]*(?:for|on|in|by|to be|at)?[ :(]*$",
    re.I,
)
_TENTATIVE_AFTER = re.compile(r"^[ ,]*\(?(?:tentative(?:ly)?|expected|estimated?|planned|TBC|暂定|预计)\b", re.I)
_REACH = 60  # characters before and after a date in which its qualifying words are looked for


@dataclass(frozen=True, kw_only=True, slots=True)
class StatedDate:
    """One date as printed. `value` is `YYYY-MM-DD` or, where the page gives no day, `YYYY-MM`.

    `qualifier`: `not_before` is a floor ("no sooner than"), `tentative` an estimate. `start` and `end` are its place in
    the text searched; `outer` the same with its qualifying words.
    """

    value: str
    qualifier: Qualifier = "on"
    start: int = 0
    end: int = 0
    outer: tuple[int, int] = (0, 0)

    @property
    def first(self) -> date:
        """The first day it can mean."""
        return date.fromisoformat(self.value if len(self.value) > 7 else f"{self.value}-01")

    @property
    def last(self) -> date:
        """The last day it can mean."""
        if len(self.value) > 7:
            return self.first
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedDate:
    """Something that looks like a date and is not taken for one, and why."""

    text: str
    why: Why
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The dates of a text in the order they stand there, and what was refused."""

    dates: tuple[StatedDate, ...] = ()
    refused: tuple[RefusedDate, ...] = ()

    def rest(self, text: str) -> str:
        """The text without its dates and their qualifying words."""
        for each in reversed(self.dates):
            text = f"{text[: each.outer[0]]} {text[each.outer[1] :]}"
        return " ".join(text.split())


def iso_day(value: object) -> date | None:
    """The day of an ISO 8601 date in a field of data; None for anything else."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def find(text: str, *, order: Order | None = None, near: date | None = None) -> Found:
    """Every date of `text`.

    `order` says how figures such as 03/09/26 are meant (see `numeric_order`); those that could be either are refused
    without it. `near` is the day from which dates without a year count: the nearest such day is meant. Without `near`
    they are left out.
    """
    folded = text.translate(_FOLD)
    dates: list[StatedDate] = []
    refused: list[RefusedDate] = []
    for match in _matches(folded):
        value, why = _meaning(match, order, near)
        if why:
            refused.append(RefusedDate(text=match[0], why=why, start=match.start(), end=match.end()))
        elif value:
            dates.append(_qualified(folded, match, value))
    taken = [(each.start, each.end) for each in dates] + [(each.start, each.end) for each in refused]
    for match in _VAGUE.finditer(folded):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            refused.append(RefusedDate(text=match[0], why="vague_date", start=match.start(), end=match.end()))
    return Found(dates=tuple(dates), refused=tuple(sorted(refused, key=lambda each: each.start)))


def numeric_order(texts: Iterable[str]) -> Order | None:
    """Whether figures such as 08/16/26 put the month or the day first in these texts; None where they do not agree.

    A page may say so ("dates are DD/MM/YYYY"). Where no figure tells, the order of the dates in words does ("August
    16, 2026"), if all of them agree.
    """
    seen: set[Order] = set()
    spelled: list[Order] = []
    for text in texts:
        if said := _FORMAT.search(text):
            seen.add("mdy" if said[1].upper() == "MM" else "dmy")
        for match in _matches(text.translate(_FOLD)):
            if "a" in match.re.groupindex:
                first, second = int(match["a"]), int(match["b"])
                if first <= 12 < second:
                    seen.add("mdy")
                elif second <= 12 < first:
                    seen.add("dmy")
            elif match.groupdict().get("name") and match.groupdict().get("d") and match.groupdict().get("y"):
                spelled.append("mdy" if match.start("name") < match.start("d") else "dmy")
    if not seen and len(spelled) > 1 and len(set(spelled)) == 1:
        return spelled[0]  # no figure says it: as the page puts them in words
    return seen.pop() if len(seen) == 1 else None


def _matches(folded: str) -> Iterator[re.Match[str]]:
    """Non-overlapping matches in order; of two that start together the longer one."""
    if not _DIGIT.search(folded):
        return
    found = [match for shape in _SHAPES for match in shape.finditer(folded)]
    end = 0
    for match in sorted(found, key=lambda each: (each.start(), -each.end())):
        if match.start() >= end:
            end = match.end()
            yield match


def _meaning(match: re.Match[str], order: Order | None, near: date | None) -> tuple[str, Why | None]:
    """The date as ISO text, and why it is refused; neither: to be left out."""
    group = match.groupdict()
    if "a" in group:
        return _figures(int(group["a"]), int(group["b"]), group["y"], order)
    month = _month(group)
    day = int(group["d"]) if group.get("d") else None
    if group.get("yy"):
        return _possible(2000 + int(group["yy"]), month, day)
    if "y" in group:
        return _possible(int(group["y"]), month, day)
    return _nearest(month, day or 0, near) if near else ("", None)


def _month(group: Mapping[str, str | None]) -> int:
    if group.get("m"):
        return int(group["m"] or 0)
    if abroad := group.get("abroad"):
        return next(month for shape, month in _ABROAD.items() if re.match(shape, abroad, re.I))
    return _MONTHS.index((group["name"] or "")[:3].lower()) + 1


def _figures(first: int, second: int, year: str, order: Order | None) -> tuple[str, Why | None]:
    full = int(year) if len(year) == 4 else 2000 + int(year)
    if first <= 12 < second or first == second:
        return _possible(full, first, second)
    if second <= 12 < first:
        return _possible(full, second, first)
    if first > 12:
        return "", "impossible_date"
    if order is None:
        return "", "ambiguous_date"
    return _possible(full, first, second) if order == "mdy" else _possible(full, second, first)


def _possible(year: int, month: int, day: int | None) -> tuple[str, Why | None]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return "", "impossible_date"
    try:
        made = date(year, month, 1 if day is None else day)
    except ValueError:
        return "", "impossible_date"
    return made.isoformat() if day is not None else f"{year:04}-{month:02}", None


def _nearest(month: int, day: int, near: date) -> tuple[str, Why | None]:
    made = [_possible(near.year + years, month, day)[0] for years in (-1, 0, 1)]
    days = [date.fromisoformat(each) for each in made if each]
    if not days:
        return "", "impossible_date"
    return min(days, key=lambda each: (abs(each - near), each < near)).isoformat(), None


def _qualified(folded: str, match: re.Match[str], value: str) -> StatedDate:
    before, after = folded[max(0, match.start() - _REACH) : match.start()], folded[match.end() : match.end() + _REACH]
    floor = _FLOOR_BEFORE.search(before), _FLOOR_AFTER.match(after)
    tentative = _TENTATIVE_BEFORE.search(before), _TENTATIVE_AFTER.match(after)
    qualifier: Qualifier = "not_before" if any(floor) else "tentative" if any(tentative) else "on"
    left, right = floor if any(floor) else tentative
    outer = (match.start() - (len(before) - left.start() if left else 0), match.end() + (right.end() if right else 0))
    return StatedDate(value=value, qualifier=qualifier, start=match.start(), end=match.end(), outer=outer)
