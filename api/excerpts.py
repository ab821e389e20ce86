"""Excerpts: the lines of a capture that name a model, before and after, as plain text. Pure.

For people to see at a glance what the page said; the proof is the capture itself.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

MOST_BYTES = 3_000_000
MOST_LINES = 8
NEAR = 12  # lines below a name in which its value may stand
MOST_SIGNS = 360  # of one line
_UNSEEN = re.compile(r"(?is)<(?:script|style|svg|noscript)\b")
_UNSEEN_END = re.compile(r"(?i)</(?:script|style|svg|noscript)\s*>")
_LINE_END = re.compile(r"(?i)</?(?:tr|p|li|ul|ol|div|section|article|h[1-6]|br|table|thead|tbody|dt|dd)\b[^<>]*>")
_CELL_END = re.compile(r"(?i)</t[dh]\s*>")
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of an excerpt; `kind`: gone (only before), came (only after) or same."""

    text: str
    kind: Literal["gone", "came", "same"] = "same"


def naming(body: bytes, names: Sequence[str], values: Sequence[str] = ()) -> list[Line]:
    """The first lines of a captured page that contain one of the names, in any case.

    Where `values` (amounts, days) are given: those that contain one of them too, or, where cards and lists print it
    below the name, the name and the value that follows it; where there is none of either, all that name it.
    """
    wanted = [*dict.fromkeys(name.casefold() for name in names if name)]
    sought = [value for value in values if value]
    text = body[:MOST_BYTES].decode("utf-8", "replace") if wanted else ""
    seen = _lines(text)
    for lines in (seen, _raw(text)) if sought else ():  # components keep their prices in their tags
        named = _naming(lines, wanted)
        exact = [number for number in named if any(_has(lines[number], value) for value in sought)]
        if found := exact or _followed(lines, named, sought):
            return _shown(lines, found, [*sought, *wanted])
    named = _naming(seen, wanted)
    named = named or [number for number, line in enumerate(seen) if any(name in line.casefold() for name in wanted)]
    return _shown(seen, named, wanted)


def _naming(lines: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Which lines have one of the names, in any case, as a whole; few have any part of one."""
    folded = ((number, line.casefold()) for number, line in enumerate(lines))
    close = [(number, line) for number, line in folded if any(name in line for name in wanted)]
    return [number for number, line in close if any(_has(line, name) for name in wanted)]


def _followed(lines: Sequence[str], named: Sequence[int], values: Sequence[str]) -> list[int]:
    """Lines that have a value, each with the nearest one above that has a name."""
    found: list[int] = []
    places = {near: number for number in named for near in range(number + 1, number + 1 + NEAR)}  # the nearest wins
    for near, line in enumerate(lines):
        if near in places and any(_has(line, value) for value in values):
            found += [places[near], near]
        if len(found) >= 2 * MOST_LINES:
            break
    return list(dict.fromkeys(found))


def _shown(lines: Sequence[str], numbers: Sequence[int], sought: Sequence[str]) -> list[Line]:
    found: dict[str, Line] = {}
    for number in numbers:
        line = lines[number]
        folded = line.casefold()
        place = next((at for text in sought if (at := folded.find(text.casefold())) >= 0), 0)
        found.setdefault(line, Line(text=_cut(line, place)))
        if len(found) == MOST_LINES:
            break
    return [*found.values()]


def _has(line: str, text: str) -> bool:
    """Whether the line has the text as a whole: `gpt-4` not in `gpt-4o`, `2` not in `20` or `2.5`."""
    folded, begin = line.casefold(), 0
    text = text.casefold()
    while (at := folded.find(text, begin)) >= 0:
        end = at + len(text)
        before, after = folded[at - 1 : at], folded[end : end + 2]
        if not (_joins(before) or after[:1].isalnum() or (after[:1] in "-._" and after[1:].isalnum())):
            return True
        begin = end
    return False


def _joins(sign: str) -> bool:
    return sign.isalnum() or (sign != "" and sign in "-._")


def compared(before: Sequence[Line], after: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Both excerpts with what is only in one of them marked; the marked lines first."""
    old, new = {line.text for line in before}, {line.text for line in after}
    gone = [line if line.text in new else replace(line, kind="gone") for line in before]
    came = [line if line.text in old else replace(line, kind="came") for line in after]
    return sorted(gone, key=_same), sorted(came, key=_same)


def _same(line: Line) -> bool:
    return line.kind == "same"


def _lines(text: str) -> list[str]:
    if "<" in text and re.search(r"(?i)<(?:!doctype html|html|body|table|div)\b", text):
        text = _text(text)
    return _raw(text)


def _raw(text: str) -> list[str]:
    return [line for raw in text.splitlines() if (line := _SPACE.sub(" ", raw).strip())]


def _text(page: str) -> str:
    """The text of HTML, one line for each row, paragraph or item. Linear in the length, whatever the page contains."""
    first, *others = _UNSEEN.split(page)
    kept = [first, *(part[end.end() :] for part in others if (end := _UNSEEN_END.search(part)))]
    flat = _SPACE.sub(" ", " ".join(kept))
    return html.unescape(_TAG.sub("", _CELL_END.sub(" | ", _LINE_END.sub("\n", flat))))


def _cut(line: str, place: int) -> str:
    if len(line) <= MOST_SIGNS:
        return line
    start = max(0, min(place - MOST_SIGNS // 3, len(line) - MOST_SIGNS))
    return f"{'…' if start else ''}{line[start : start + MOST_SIGNS]}{'…' if start + MOST_SIGNS < len(line) else ''}"
