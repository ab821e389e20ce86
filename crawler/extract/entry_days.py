"""Days that stand before what they are of: at the head of an entry, on a line above a list; and what "it" is then."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from crawler.extract.blocks import Paragraph
from crawler.extract.dates import StatedDate, find
from crawler.extract.mentions import DATE, NAME, Masked
from crawler.extract.name_lines import MAX_TITLE
from crawler.extract.outlines import Outline
from crawler.extract.schedules import Surroundings
from crawler.extract.statuses import is_deprecation, is_end

_P = TypeVar("_P", bound=Paragraph)
_LONGEST = 40  # characters of a line that gives the day of a list
_BRACKETED = re.compile(r"\s*(?:【[^】]{4,40}】|\[[^\]]{6,40}\])\s*(?=\S)")  # a day in brackets before an entry
_DASH = re.compile(r"[\s*)\]]*(?:\s[–—-]|[:：])\s*")
_TITLED_DAY = re.compile(  # "Sunset on 1 February 2027": no sentence
    rf"(?!.*\b(?:was|were|is|are|will|has|have|this|these|it|they|we)\b)[^\x01\x03.]{{3,40}}{DATE}[^\w.]*", re.I
)


def undated(block: _P, around: Surroundings, outline: Outline) -> tuple[_P, Surroundings]:
    """An entry that begins with its day ("May 18, 2026 – X is ..."), without it."""
    found = find(block.text[:MAX_TITLE], order=outline.order).dates
    bracketed = _BRACKETED.match(block.text)
    rest = bracketed or (
        _DASH.match(block.text, found[0].end) if found and not block.text[: found[0].start].strip(" *[(") else None
    )
    if rest is None or found[0].qualifier != "on":
        return block, around
    text = block.text[rest.end() :]
    dated = replace(block, inline=replace(block.inline, text=text))
    if found[0].first > around.at.date() and (is_end(text) or is_deprecation(text)):  # when it is to happen
        if is_end(text) or outline.deprecation_ends:
            return dated, replace(around, ends=found[0], entry=None)
        return dated, replace(around, begins=found[0], entry=None)
    return dated, replace(around, entry=found[0].value)


def titled(line: Masked) -> StatedDate | None:
    """The day that a line gives for the ends listed below it, where it says nothing else."""
    if len(line.printed) > _LONGEST or not is_end(line.printed) or not _TITLED_DAY.fullmatch(line.text):
        return None
    return line.dates[0]


def topic(running: Sequence[Masked]) -> tuple[str, ...]:
    """The one model with which a paragraph begins: "It" in its next sentences is that."""
    first = running[0] if running else Masked(text="")
    named = re.match(rf"\W*(?:the )?({NAME})[\s,]", first.text, re.I)
    return first.names_in(named[1]) if named and len(running) > 1 else ()
