"""Days that stand before what they are of: at the head of an entry, on a line above a list; and what "it" is then."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from crawler.extract import claims, grammar
from crawler.extract.blocks import Paragraph
from crawler.extract.claim_verbs import verbs_in
from crawler.extract.dates import StatedDate, find
from crawler.extract.mentions import DATE, NAME, Masked
from crawler.extract.name_lines import MAX_TITLE
from crawler.extract.outlines import Outline
from crawler.extract.schedules import Surroundings
from crawler.extract.statuses import is_deprecation, is_end

_P = TypeVar("_P", bound=Paragraph)
_LONGEST = 40  # characters of a line that gives the day of a list
_BRACKETED = re.compile(r"\s*(?:【[^】]{4,40}】|\[[^\]]{6,40}\])\s*(?=\S)")  # a day in brackets before an entry
_SAME = re.compile(rf"\W*(?:it|this model|the model|(?:the )?(?P<name>{NAME}))(?![\w-])", re.I)
_THING = re.compile(r"\W*(?:the|our|its)\b", re.I)
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


def with_topics(running: Sequence[Masked]) -> Iterator[tuple[Masked, tuple[str, ...]]]:
    """The sentences of a paragraph, each with the one model that "it" is in it: that with which the paragraph begins.

    Only as long as each sentence goes on about that; after one that begins with something else, "it" is that. Left out
    are sentences about what is no model: "The old console is deprecated. It will be shut down on D."
    """
    first = running[0] if running else Masked(text="")
    named = re.match(rf"\W*(?:the )?({NAME})[\s,]", first.text, re.I)
    topic = first.names_in(named[1]) if named and len(running) > 1 else ()
    before: Masked | None = None
    for sentence in running:
        opening = _SAME.match(sentence.text)
        if before and not (opening and (opening["name"] is None or sentence.names_in(opening["name"]) == topic)):
            topic = ()
        if before and opening and opening["name"] is None and _of_other(before):
            continue
        yield sentence, topic
        before = sentence


def _of_other(sentence: Masked) -> bool:
    """Whether a sentence tells of the end of something that is no model."""
    if re.search(NAME, sentence.text) or grammar.PRONOUN.match(sentence.text):
        return False
    ends = any(verb.kind in ("retire", "deprecate") for verb in verbs_in(sentence.text))
    return ends and _THING.match(sentence.text) is not None and not claims.read(sentence)
