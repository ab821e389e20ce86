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


def naming(body: bytes, names: Sequence[str]) -> list[Line]:
    """The first lines of a captured page that contain one of the names, in any case."""
    wanted = [name.casefold() for name in names if name]
    found: list[Line] = []
    seen: set[str] = set()
    for line in _lines(body[:MOST_BYTES].decode("utf-8", "replace")) if wanted else ():
        folded = line.casefold()
        place = min((at for name in wanted if (at := folded.find(name)) >= 0), default=-1)
        if place < 0 or line in seen:
            continue
        seen.add(line)
        found.append(Line(text=_cut(line, place)))
        if len(found) == MOST_LINES:
            break
    return found


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
