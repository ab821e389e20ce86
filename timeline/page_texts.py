"""The text of a watched part of a page, and what differs between two of them, for a person."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, ClassVar

from timeline.keys import canonical

MOST_LINES = 2_000  # of a text that are compared
SHOWN, LONGEST = 20, 300  # changes that an event tells, and characters of each side
_SAME_PAGE = 0.2  # share of the lines a page keeps, at least, from one look to the next
_SOME = 10  # lines of a text that is long enough to tell another page by


@dataclass(frozen=True, kw_only=True, slots=True)
class PageText:
    """The words under a selector, a line for each block. `text` is empty where only `sha256` is remembered of it."""

    fact: ClassVar[str] = "page"

    provider: str
    part: str  # the selector, or `page`
    title: str  # of the page
    text: str
    sha256: str
    url: str = ""
    locator: str = ""

    @property
    def key(self) -> str:
        """What makes it the same text over time, within its source."""
        return canonical(["page", self.part])

    @property
    def value(self) -> tuple[Any, ...]:
        """What is compared between captures."""
        return (self.sha256,)


def changes(old: str, new: str) -> tuple[list[dict[str, str]], int, int]:
    """What was taken away and what came instead, in the text's order; and how many lines went and came.

    Each change is {was, is}; one of them is left out where lines were only taken away or only added.
    """
    before, after = _differing(old.split("\n"), new.split("\n"))
    found: list[dict[str, str]] = []
    gone = come = 0
    matcher = difflib.SequenceMatcher(
        None, before, after
    )  # lines that fill a page match nothing: else it takes minutes
    for tag, lo, hi, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone, come = gone + hi - lo, come + end - start
        for was, now in _pairs(before[lo:hi], after[start:end]):
            if len(found) < SHOWN:
                found.append({name: text for name, text in (("was", _short(was)), ("is", _short(now))) if text})
    return found, gone, come


def is_another(old: str, new: str) -> bool:
    """Whether hardly a line is left of a long text: another page, or a wall, is likelier than an edit."""
    before, after = old.split("\n"), new.split("\n")
    kept = len(set(before) & set(after))
    return min(len(before), len(after)) >= 1 and len(before) >= _SOME and kept < _SAME_PAGE * len(before)


def _differing(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """The lines without those that both begin and end with, bounded."""
    start = next((n for n, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), None)
    start = min(len(before), len(after)) if start is None else start
    before, after = before[start:], after[start:]
    ends = zip(reversed(before), reversed(after), strict=False)
    same = next((n for n, (one, two) in enumerate(ends) if one != two), min(len(before), len(after)))
    return before[: len(before) - same][:MOST_LINES], after[: len(after) - same][:MOST_LINES]


def _pairs(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip_longest(before, after, fillvalue=""))


def _short(text: str) -> str:
    plain = re.sub(r"\s+", " ", text).strip()
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
