"""Sections about one model: whose heading names it, and whose lines say "Shutdown date: June 1, 2026"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from crawler.extract import claim_subjects
from crawler.extract.blocks import Block, Heading, Paragraph
from crawler.extract.dates import StatedDate, find
from crawler.extract.mentions import DATE, Lexicon, is_name, mask
from crawler.extract.schedules import Surroundings
from crawler.extract.statements import LIST, Statement
from crawler.extract.statuses import is_stage, role_of, status_word
from crawler.extract.subjects import clean_name, is_id, is_none, kind_of, replacements_in

_ID = re.compile(r"(?:model|api) (?:id|name|code|string)s?:?", re.I)
_STAGE = re.compile(r"(?:launch|release) stage:?", re.I)
_RELEASE = re.compile(r"v?\d+(?:\.\d+)*", re.I)  # "v4.2 (2026-05-24)": of a product
_FIELD = re.compile(r"\W*([^:：.\d\n]{3,40}?|\w{2})\s*[:：]\W*(\S.*)", re.S)


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A section about one model that gives its id in a line of its own."""

    id: str
    stage: str | None = None


class Profiles:
    """The sections of a page that are about one model."""

    def __init__(self, blocks: Sequence[Block], lexicon: Lexicon) -> None:
        self._ids = dict(_ids(blocks))
        self._titles = dict(_titles(blocks, lexicon))

    def of(self, block: Block, name: str) -> Profile | None:
        """The profile of the section a block stands in, if that is about `name`."""
        profile = self._ids.get(block.headings)
        title = block.headings[-1].casefold() if block.headings else ""
        return profile if profile and name.casefold() in title else None

    def subject(self, block: Block) -> str | None:
        """The model that the section of a block is about, by its heading."""
        profile = self._ids.get(block.headings)
        return profile.id if profile else self._titles.get(block.headings)


def lines(block: Paragraph) -> list[Paragraph]:
    """The lines "key: value" of a paragraph that has run them together, by their keys in bold; else the paragraph."""
    text, keys = (
        block.text,
        [key for key in block.inline.strong if key.rstrip().endswith((":", "：")) or f"{key}:" in block.text],
    )
    starts = sorted({text.find(key) for key in keys if len(key) <= 40} - {-1})
    if len(starts) < 2 or text[: starts[0]].strip(" -*"):
        return [block]
    pieces = [text[start:end].strip() for start, end in pairwise([*starts, len(text)])]
    return [replace(block, inline=replace(block.inline, text=piece)) for piece in pieces]


def card(block: Paragraph, around: Surroundings, lexicon: Lexicon) -> list[Statement]:
    """What an entry of several lines says of the model that its first line names, line by line."""
    first, *rest = block.text.split("\n")
    head = mask(first, block.inline, lexicon)
    named = claim_subjects.subject(head, head.text) if rest else None
    codes = [name for name in named.names if name in block.inline.code] if named else []
    names = codes or list(named.names if named else ())
    if len(names) != 1:
        return []
    pieces = [replace(block, inline=replace(block.inline, text=line)) for line in rest]
    return [said for piece in pieces if (said := field(piece, names[0], around, lexicon))]


def field(block: Paragraph, name: str, around: Surroundings, lexicon: Lexicon) -> Statement | None:
    """What a line "key: value" says of the model its section is about."""
    line = _FIELD.fullmatch(block.text)
    alone = status_word(block.text) if line is None else None  # a badge
    if line is None and (alone is None or find(block.text).dates):
        return None
    role, value = (role_of(line[1]), line[2].strip("*_ ")) if line else ("status", block.text)
    blank = Statement(
        name=name,
        kind=kind_of(name),
        label=around.words,
        section=around.section,
        scope=dict(around.scope),
        entry=around.entry,
        rank=LIST,
        place=around.place,
        locator=block.locator,
    )
    if role == "replacement":
        inline = replace(block.inline, text=value, code=tuple(code for code in block.inline.code if code in value))
        return replace(blank, replacements=replacements_in(inline)) if not is_none(value) else None
    if role in ("status", "stage"):
        status = status_word(value) if role == "status" else None
        stage = value if role == "stage" or is_stage(value) else None
        label = value if status else blank.label
        return replace(blank, status=status, label=label, stage=stage) if status or stage else None
    day = _first(find(value, order=lexicon.order, near=lexicon.near).dates)
    if day is None or role not in ("announced", "legacy", "deprecates", "retires"):
        return None
    changes: dict[str, Any] = {role: day if role in ("deprecates", "retires") else day.value}
    return replace(blank, **changes)


def _first(dates: Sequence[StatedDate]) -> StatedDate | None:
    firm = [each for each in dates if each.qualifier != "not_before"]
    return min(firm or dates, key=lambda each: each.first, default=None)


def _ids(blocks: Sequence[Block]) -> Iterator[tuple[tuple[str, ...], Profile]]:
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for label, value in pairwise(blocks):
        if isinstance(label, Paragraph) and isinstance(value, Paragraph) and label.headings == value.headings:
            for name, shape in (("id", _ID), ("stage", _STAGE)):
                if shape.fullmatch(label.text):
                    found.setdefault(label.headings, {}).setdefault(name, clean_name(value.text))
    for headings, fields in found.items():
        if is_id(fields.get("id", "")):
            yield headings, Profile(id=fields["id"], stage=fields.get("stage"))


def _titles(blocks: Sequence[Block], lexicon: Lexicon) -> Iterator[tuple[tuple[str, ...], str]]:
    """Headings that are the name of a model and nothing else, but for a date."""
    for block in blocks:
        if isinstance(block, Heading):
            title = block.text
            for badge in block.inline.badges:
                title = title.replace(badge, " ")
            if is_id(title.strip()) and "/" in title:
                yield (*block.headings, block.text), title.strip()
                continue
            whole = mask(title, block.inline, lexicon)
            named = claim_subjects.subject(whole, re.sub(DATE, " ", whole.text))
            if (
                named
                and len(named.names) == 1
                and named.kind == "model"
                and not _RELEASE.fullmatch(named.names[0])
                and (block.inline.code or is_name(named.names[0]))
            ):
                yield (*block.headings, block.text), named.names[0]
