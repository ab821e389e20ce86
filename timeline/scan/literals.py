"""String literals of programming languages: comments and docstrings are passed over, nothing is executed or parsed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from timeline.scan.pieces import LOOK_BACK, Piece, line_start


@dataclass(frozen=True, kw_only=True, slots=True)
class _Language:
    """How a family of languages marks comments and strings."""

    line: Sequence[str] = ()
    block: Sequence[tuple[str, str]] = ()
    quotes: str = "\"'"
    multiline: str = ""  # quotes whose strings may run over lines
    triple: bool = False
    docstrings: bool = False
    nodes: bool = False  # text between tags is a value too


_SLASHES, _STARS = ("//",), (("/*", "*/"),)
LANGUAGES: Mapping[str, _Language] = {
    "c": _Language(line=_SLASHES, block=_STARS, quotes="\"'`", multiline="`"),
    "script": _Language(line=_SLASHES, block=(*_STARS, ("<!--", "-->")), quotes="\"'`", multiline="`"),
    "triple": _Language(line=_SLASHES, block=_STARS, triple=True),
    "php": _Language(line=("//", "#"), block=_STARS),
    "hcl": _Language(line=("#", "//"), block=_STARS, quotes='"'),
    "python": _Language(line=("#",), triple=True, docstrings=True),
    "hash": _Language(line=("#",), triple=True),
    "toml": _Language(line=("#",), triple=True),
    "dashes": _Language(block=(("--[[", "]]"), ("{-", "-}"), *_STARS), line=("--",)),
    "lisp": _Language(line=(";",), quotes='"', multiline='"'),
    "ml": _Language(line=_SLASHES, block=(("(*", "*)"),), quotes='"', triple=True),
    "xml": _Language(block=(("<!--", "-->"),), nodes=True),
}
_KEY = re.compile(
    r"([A-Za-z_$][\w.$-]{0,80})[\"'\])]*\s*(?:\?\?=|\|\|=|=>|:=|<-|[!=]==?|=|:|\()\s*[\[({]*\s*[A-Za-z]?\Z"
)
_IMPORTED = re.compile(r"\b(?:from|import|require|include|use)\s*\(?\s*\Z")
_TAG = re.compile(r"<([\w:.-]{1,80})[^<>]*\Z")


def literals(text: str, language: str, start: int = 0, end: int | None = None) -> Iterator[Piece]:
    """The strings of a text in a language, without what is imported by its name."""
    rules = LANGUAGES[language]
    depth, at, end = 0, start, len(text) if end is None else end
    while found := _pattern(language).search(text, at, end):
        at = found.end()
        kind = found.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "node":
            at -= 1  # the next tag begins there
            yield Piece(start=found.start() + 1, end=found.end() - 1, key=_tag(text, found.start()))
        elif kind in ("triple", "string"):
            before = text[max(0, found.start() - LOOK_BACK) : found.start()]
            if rules.docstrings and depth == 0 and _stands_alone(text, found.start(), found.end()):
                continue
            if _IMPORTED.search(before):
                continue
            width = 3 if kind == "triple" else 1
            key = _KEY.search(before[-120:])
            yield Piece(
                start=found.start() + width, end=found.end() - width, key=key[1] if key else "", before=before
            )  # fmt: skip


def toml_keys(text: str) -> Iterator[Piece]:
    """Keys and table names written without quotes: `[models.gpt-4o]`, `gpt-4o = 0.5`."""
    for found in re.finditer(r"^[ \t]*(?:\[{1,2}([^\]\"'\n]+)\]|([\w-]+)[ \t]*=)", text, re.MULTILINE):
        group = 1 if found[1] else 2
        name = found[group].rpartition(".")[2].strip()
        end = found.start(group) + len(found[group].rstrip())
        yield Piece(start=end - len(name), end=end, key=found[group].rpartition(".")[0] if group == 1 else "")


@cache
def _pattern(language: str) -> re.Pattern[str]:
    """One expression for all that matters in a language; each alternative takes what it matches in one go."""
    rules = LANGUAGES[language]
    parts = [rf"{re.escape(a)}(?s:.*?)(?:{re.escape(b)}|\Z)" for a, b in rules.block]
    parts += [rf"{re.escape(mark)}[^\n]*" for mark in rules.line]
    if rules.triple:
        both = (rf"{quote * 3}(?s:.*?)(?<!\\){quote * 3}" for quote in "\"'")
        parts.append(f"(?P<triple>{'|'.join(both)})")
    strings = []
    for quote in rules.quotes:
        stop = "" if quote in rules.multiline else r"\n"
        strings.append(rf"{quote}(?:[^{quote}\\{stop}]|\\(?s:.))*+{quote}")
    parts += [f"(?P<string>{'|'.join(strings)})", r"(?P<open>[(\[{])", r"(?P<close>[)\]}])"]
    if rules.nodes:
        parts.append(r"(?P<node>>[^<>\n]{1,300}<)")
    return re.compile("|".join(parts))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a string is a statement of its own: a docstring, which documents and does nothing."""
    before = text[line_start(text, start) : start].strip()
    stop = text.find("\n", end)
    after = text[end : len(text) if stop < 0 else stop].strip()
    return before in ("", "r", "u", "R", "U") and (not after or after.startswith(("#", ";")))


def _tag(text: str, at: int) -> str:
    found = _TAG.search(text[max(0, at - LOOK_BACK) : at])
    return found[1] if found else ""
