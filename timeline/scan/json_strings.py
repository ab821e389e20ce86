"""The strings of JSON documents and notebooks with their places, which a parser does not give."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from timeline.scan.literals import literals
from timeline.scan.pieces import Piece

DEEPEST = 200
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]:,]')
# In the manifests of package managers: what is installed, not what is called.
_INSTALLED = re.compile(r"(?:\w*dependenc(?:ies|y)\w*|engines|resolutions|overrides)", re.IGNORECASE)
_NOTEBOOKS = {"javascript": "script", "typescript": "script", "r": "hash", "julia": "hash", "scala": "triple"}
_MAGIC = re.compile(r"(?m)^[ \t]*[%!].*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class JsonString:
    """A string of a document: `text[start:end]` without quotes, escapes as written.

    `path`: the keys that lead to it, arrays passed through. `owner`: where the object begins in which it stands.
    """

    start: int
    end: int
    path: tuple[str, ...]
    is_key: bool
    owner: int


def json_strings(text: str) -> Iterator[JsonString]:
    """Every string in order; of what is no JSON, what could be told."""
    opened: list[tuple[str, str, int, bool]] = []  # key to go back to, name in the path, place, whether an object
    key, expects_key = "", False
    for token in _TOKEN.finditer(text):
        first = token[0][0]
        if first in "{[":
            if len(opened) == DEEPEST:
                return
            opened.append((key, key if first == "{" else "", token.start(), first == "{"))
            expects_key = first == "{"
            key = "" if expects_key else key
        elif first in "}]":
            if not opened:
                return
            key, expects_key = opened.pop()[0], False
        elif first in ",:":
            expects_key = first == "," and bool(opened) and opened[-1][3]
        else:
            names = [name for _, name, _, _ in opened if name]
            owner = next((place for _, _, place, is_object in reversed(opened) if is_object), 0)
            start, end = token.start() + 1, token.end() - 1
            path = (*names, *([key] if key and not expects_key else []))
            yield JsonString(start=start, end=end, path=path, is_key=expects_key, owner=owner)
            key = text[start:end] if expects_key else key


def json_pieces(text: str) -> Iterator[Piece]:
    """Values, and keys as values of the key above them."""
    for found in json_strings(text):
        if not any(_INSTALLED.fullmatch(name) for name in found.path):
            yield Piece(start=found.start, end=found.end, key=found.path[-1] if found.path else "")


def notebook_pieces(text: str) -> Iterator[Piece]:
    """The literals of the code cells of a notebook; what they printed is no code."""
    language = _language(text)
    sources: dict[int, list[JsonString]] = {}
    code: set[int] = set()
    for found in json_strings(text):
        if found.path == ("cells", "cell_type") and text[found.start : found.end] == "code":
            code.add(found.owner)
        elif found.path == ("cells", "source"):
            sources.setdefault(found.owner, []).append(found)
    for owner, lines in sources.items():
        if owner in code:
            yield from _cell(text, lines, language)


def _cell(text: str, lines: list[JsonString], language: str) -> Iterator[Piece]:
    """The literals of one cell, at their places in the file."""
    parts = [_decoded(text[line.start : line.end]) for line in lines]
    source = _MAGIC.sub(lambda magic: "#" * len(magic[0]), "".join(parts)) if language == "python" else "".join(parts)
    begins = 0
    starts = []
    for part in parts:
        starts.append(begins)
        begins += len(part)
    for piece in literals(source, language):
        number = max(index for index, begin in enumerate(starts) if begin <= piece.start)
        inner, line = source[piece.start : piece.end], lines[number]
        written = json.dumps(inner, ensure_ascii=False)[1:-1]
        ahead = len(json.dumps(parts[number][: piece.start - starts[number]], ensure_ascii=False)) - 2
        at = text.find(written, line.start + ahead)
        at = text.find(written, line.start) if at < 0 else at
        if "\n" not in inner and line.start <= at <= line.end:
            yield Piece(start=at, end=at + len(written), key=piece.key, before=piece.before)


def _language(text: str) -> str:
    try:
        metadata = json.loads(text).get("metadata", {})
        name = str(
            metadata.get("language_info", {}).get("name") or metadata.get("kernelspec", {}).get("language") or ""
        )
    except (ValueError, AttributeError, RecursionError):
        return "python"
    return _NOTEBOOKS.get(name.lower(), "python")


def _decoded(written: str) -> str:
    try:
        return str(json.loads(f'"{written}"', strict=False))
    except ValueError:
        return written
