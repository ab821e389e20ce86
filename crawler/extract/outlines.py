"""What a lifecycle page as a whole says about its parts: sections, dated entries, order of dates, ids listed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from crawler.extract.blocks import Block, Heading, Paragraph, Table
from crawler.extract.dates import Order, StatedDate, find, numeric_order
from crawler.extract.mentions import Lexicon
from crawler.extract.places import region_of_title, scope_of_title
from crawler.extract.profiles import Profiles
from crawler.extract.schedules import Surroundings
from crawler.extract.statuses import is_deprecation, is_end, role_of, section_status
from crawler.extract.subjects import is_id, kind_of, names_in
from timeline.notices import Status

MAX_DATE_LINE = 60
_DATELINE = r"\W*(?:(?:published|posted|announced)(?: on)?|date|发布(?:时间|日期)?|公告(?:时间|日期)?)?\W*"
_TOLD = re.compile(r"\W*(?:announced|notified|notice)\b|\W*(?:公告|通知)", re.I)
_CALLED_OFF = re.compile(  # in a heading: what stands below it does not happen
    r"\b(?:cancel(?:l?ed|lation)|called off|revers(?:ed|al)|rescinded|reinstated|undeprecated)\b"
    r"|\b(?:deprecation|retirement|shut ?down|sunset|removal)s?\b.*\bwithdrawn\b|取消|撤回",
    re.I,
)
_TOLD_ON = re.compile(r"\W*(?:published|posted|announced|date\b|发布(?:时间|日期)|公告(?:时间|日期))", re.I)
_MATTER = re.compile(r"(?:end[- ]of[- ](?:life|support|service)|eol|sunsets?|shut ?downs?|model eol)", re.I)
_DEFINED = re.compile(
    r"^\W*deprecat(?:ed|ion)(?: date)?\W*[:：](?=\W*(?:[^\W\d]+\W+){3})"
    r"|\bdeprecat(?:ed|ion)[\"”*]* (?:is|means|refers|when)\b",
    re.I,
)


class Outline:
    """One pass over the blocks of a page before its statements are read."""

    def __init__(self, blocks: Sequence[Block], at: datetime) -> None:
        self.at = at
        self.order: Order | None = numeric_order(_texts(blocks))
        texts = [block.text for block in blocks if isinstance(block, Paragraph)]
        self.deprecation_ends = not any(_DEFINED.search(text) for text in texts)
        self._subject_matter = _subject_matter(blocks)
        self._lined = dict(self._lines_between(blocks))
        self._listed = frozenset(_listed(blocks))
        self._dated = dict(self._date_lines(blocks))
        self._ahead = frozenset(self._groups_ahead(blocks))
        self.profiles = Profiles(blocks, Lexicon(order=self.order, known=self._listed))

    def around(self, block: Block) -> Surroundings:
        """What bears on a block by where it stands."""
        path = [*block.labels, *block.headings]  # outermost first; a heading is nearer than the panel around it
        title = block.headings[-1] if block.headings else ""
        section, words = _section([text for text in (*path, _introduction(block)) if text != self._subject_matter])
        entry = self._entry(block)
        ends: str | None = None
        told = next((day for text in block.labels if _TOLD.match(text) and (day := self._day(text))), None)
        if (entry and self._group(block, entry) in self._ahead) or (told and entry != told):
            entry, ends = told, entry
        headed = StatedDate(value=ends) if ends else None
        ending = self.deprecation_ends or any(is_end(text) for text in [*path, _introduction(block)])
        return Surroundings(
            at=self.at,
            order=self.order,
            section=section,
            words=words,
            weak=len(block.headings) > 1 and words == block.headings[0],
            title=title,
            kind="fine_tuning" if kind_of(title) == "fine_tuning" or _fine_tuning_lead(block) else "model",
            entry=entry,
            ends=headed if ending else None,
            begins=None if ending else headed,
            called_off=bool(_CALLED_OFF.search(title)),
            scope={"deployment": "serverless"} if _serverless_only(path) else _where(path),
            place=(block.headings, block.labels),
        )

    def lexicon(self, around: Surroundings) -> Lexicon:
        """How names and dates are told apart in what stands there."""
        headed = around.ends or around.begins  # "Dec 1" under "December 2026"
        entry = around.entry or (headed.value if headed else self.at.date().isoformat())
        near = date.fromisoformat(entry if len(entry) > len("2026-01") else f"{entry}-15")
        return Lexicon(order=self.order, near=near, known=self._listed)

    def lists(self, name: str) -> bool:
        """Whether a table of the page lists a model of that name."""
        return name in self._listed

    def expand(self, names: Iterable[str], printed: str) -> list[tuple[str, bool]]:
        """Names, and whether each is a family's or a display name. A family ("the X series") gives its listed ids."""
        done: dict[str, bool] = {}
        for name in names:
            family = re.search(rf"{re.escape(name)}[`*\s]*(?:models?\s+)?(?:series|famil|系列)", printed, re.I)
            members = [each for each in sorted(self._listed) if each.startswith(f"{name}-")] if family else []
            done |= dict.fromkeys(members, False) if members else {name: bool(family) or not is_id(name)}
        return list(done.items())

    def _entry(self, block: Block) -> str | None:
        """The day of the entry a block is part of, by the nearest heading or label that has one."""
        if lined := self._lined.get(block.locator):
            return lined
        headed = None
        for depth in range(len(block.headings), 0, -1):
            title = block.headings[depth - 1]
            headed = self._day(title) or self._dated.get(block.headings[:depth])
            if headed and len(headed) <= len("2026-01") and is_end(title):
                headed = None  # "September 2026 model retirement": when they end, or when that was told
            if headed:
                break
        if headed and len(headed) > len("2026-01"):
            return headed
        near = date.fromisoformat(f"{headed}-15") if headed else None  # "Oct 9" in a part called "October 2026"
        titles = [text for text in reversed(block.labels) if not _TOLD.match(text)] or block.labels
        labelled = next((day for text in titles if (day := self._day(text, near))), None)
        return labelled if labelled and labelled.startswith(headed or "") else headed

    def _group(self, block: Block, entry: str) -> tuple[str, ...]:
        """Where the entries stand that are headed as the one of this block is."""
        depth = next((n for n in range(len(block.headings), 0, -1) if self._day(block.headings[n - 1]) == entry), None)
        return block.headings[: depth - 1] if depth else ("", *block.headings)

    def _groups_ahead(self, blocks: Sequence[Block]) -> Iterator[tuple[str, ...]]:
        """Groups of entries one of which is headed with a day to come: not when it was told, but when it happens."""
        tomorrow = (self.at.date() + timedelta(days=1)).isoformat()
        for block in blocks:
            titles = [(block.headings, block.text)] if isinstance(block, Heading) else []
            titles += [(("", *block.headings), text) for text in block.labels]
            for group, text in titles:
                if (day := self._day(text)) and f"{day}-01"[: len(tomorrow)] > tomorrow:
                    yield group

    def _date_lines(self, blocks: Sequence[Block]) -> Iterator[tuple[tuple[str, ...], str]]:
        """Headings that speak of an end, with the line of nothing but a date right below them."""
        for heading, line in pairwise(blocks):
            if isinstance(heading, Heading) and type(line) is Paragraph and len(line.text) <= MAX_DATE_LINE:
                told = is_end(heading.text) or is_deprecation(heading.text)
                found = find(line.text, order=self.order)
                if told and len(found.dates) == 1 and re.fullmatch(_DATELINE, found.rest(line.text), re.I):
                    yield (*heading.headings, heading.text), found.dates[0].value

    def _lines_between(self, blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
        """Blocks below lines of nothing but the day of an announcement, where a section has several of these."""
        days: dict[int, str] = {}
        for at, block in enumerate(blocks):
            if type(block) is Paragraph and len(block.text) <= MAX_DATE_LINE and _TOLD_ON.match(block.text):
                found = find(block.text, order=self.order)
                if len(found.dates) == 1 and re.fullmatch(_DATELINE, found.rest(block.text), re.I):
                    days[at] = found.dates[0].value
        counts = Counter(blocks[at].headings for at in days)
        day, section = None, None
        for at, block in enumerate(blocks):
            if at in days and counts[block.headings] > 1:
                day, section = days[at], block.headings
            elif day and block.headings == section and not isinstance(block, Heading):
                yield block.locator, day

    def _day(self, text: str, near: date | None = None) -> str | None:
        found = find(text, order=self.order, near=near).dates
        days = {each.value for each in found}
        if len(days) > 1 and re.match(r"\s*[:：—–-]", text[found[0].end :]) and not text[: found[0].start].strip():
            return found[0].value  # "2026-08-03: The beta snapshots (updated 2026-10-01)"
        return days.pop() if len(days) == 1 else None


def _subject_matter(blocks: Sequence[Block]) -> str | None:
    """The title of a page that is what the page is about, and no state of what it lists: "End of life", "Sunset"."""
    headings = [block for block in blocks if isinstance(block, Heading)]
    top = min((block.level for block in headings), default=0)
    titles = [block.text for block in headings if block.level == top]
    return titles[0] if len(titles) == 1 and _MATTER.fullmatch(titles[0].strip(" .#")) else None


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table):
            yield from (cell.text for row in block.grid.rows for cell in row if not cell.copied)
        elif isinstance(block, Heading | Paragraph):
            yield block.text


def _listed(blocks: Iterable[Block]) -> Iterator[str]:
    """Every name in a column of models."""
    for block in blocks:
        if isinstance(block, Table):
            columns = [n for n, path in enumerate(block.grid.headers) if role_of(" ".join(path)) in ("model", "id")]
            yield from (name for row in block.grid.body for n in columns for name in names_in(row[n]))


def _serverless_only(path: Sequence[str]) -> bool:
    ended = (text for text in path if is_deprecation(text) or is_end(text))
    return any(re.search(r"\bserverless\b", text, re.I) for text in ended)


def _where(path: Sequence[str]) -> dict[str, str]:
    """Where alone an end holds, by the nearest title that tells of one: "Retirements in EU regions"."""
    title = next((text for text in reversed(path) if is_deprecation(text) or is_end(text)), "")
    region = next(filter(None, map(region_of_title, reversed(path))), "") if title else ""
    return {"region": region} if region else scope_of_title(title) if title else {}


def _section(path: Sequence[str]) -> tuple[Status | None, str]:
    """The nearest heading that gives a status, and what it gives."""
    found = ((status, text) for text in reversed(path) if (status := section_status(text)))
    return next(found, (None, ""))


def _introduction(block: Block) -> str:
    """A short line right above a table: "Legacy models"."""
    return block.before if isinstance(block, Table) and len(block.before) <= 60 else ""


def _fine_tuning_lead(block: Block) -> bool:
    """ "We are also removing fine-tuned versions as below:" right above a table."""
    return isinstance(block, Table) and bool(re.search(r"fine[- ]?tun\w+[^.]*:$", block.before, re.I))
