"""Where a file uses models: an id counts as a whole, as a value; not inside other words, sentences or comments."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from timeline.scan.json_strings import json_pieces, notebook_pieces
from timeline.scan.known import KnownModels, Match
from timeline.scan.literals import LANGUAGES, literals, toml_keys
from timeline.scan.pieces import Piece, kind_of, line_start
from timeline.scan.settings import settings, shell, yaml

IGNORE = "aiwire: ignore"  # in a comment on the line: the line is passed over

_MODEL = r"(?:model|engine|deployment|llm)"
_NAMED = re.compile(_MODEL, re.IGNORECASE)
_TELLING = re.compile(r"(?:description|comment|notes?|summary|title|changelog|label)\Z", re.IGNORECASE)  # to people
_PLACES = {"azure": "azure", "bedrock": "bedrock", "vertex": "vertex"}  # AZURE_OPENAI_MODEL=, AzureChatOpenAI(model=
_PLACE = re.compile("|".join(_PLACES), re.IGNORECASE)
_IN_LIST = re.compile(
    rf"{_MODEL}\w{{0,40}}[\"']?\s*(?:(?:[:=]|=>)\s*[\[({{][^\])}}]*|,\s*)\Z", re.IGNORECASE
)  # or behind the name of a variable: get("MODEL", "o1")
_ID = r"[A-Za-z0-9@][A-Za-z0-9._/:@+~-]*[A-Za-z0-9]"
_QUOTE = r"(?:\\?[\"'`])"
_SET = re.compile(
    rf"(?<![\w.-])[\w.-]{{0,40}}{_MODEL}[\w.-]{{0,40}}(?P<closed>{_QUOTE})?\s*(?P<sign>=>|:=|[:=])\s*{_QUOTE}?"
    rf"(?P<id>{_ID})(?={_QUOTE}|\s*(?:[,;&}}\])\n]|\Z))",
    re.IGNORECASE,
)
_OPTION = re.compile(
    rf"(?<![\w-])(?:--?[\w-]{{0,40}}{_MODEL}[\w-]{{0,40}}|-m)(?:\s+|=){_QUOTE}?(?P<id>{_ID})(?={_QUOTE}|\s|\Z)",
    re.IGNORECASE,
)
_DEFAULT = re.compile(rf"\$\{{\w+:?[-=](?P<id>{_ID})\}}")
_SERVED = re.compile(rf"/(?:deployments|engines)/(?P<id>{_ID.replace('/', '')})(?=[/?\"'\s]|\Z)")
_SEPARATED = re.compile(r"[^\s,;|]+")
_CUT = re.compile(r"[?#&=]")
_LONGEST_LIST = 50

_READERS: Mapping[str, Callable[[str], Iterator[Piece]]] = {
    "json": json_pieces,
    "notebook": notebook_pieces,
    "settings": settings,
    "shell": shell,
    "yaml": yaml,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """A model in use. `line` and `column` count from 1; `written` is the word as it stands there."""

    line: int
    column: int
    written: str
    match: Match


def usages(text: str, path: str, known: KnownModels) -> list[Usage]:
    """The models a file uses, in the order in which they stand there; none in files that are no code."""
    kind = kind_of(path, text[:200])
    if kind is None:
        return []
    found: dict[tuple[int, int], tuple[str, Match]] = {}
    for piece in _pieces(text, kind):
        for at, word, match in _used(text, piece, known):
            start = line_start(text, at)
            stop = text.find("\n", at)
            if IGNORE not in text[start : len(text) if stop < 0 else stop]:
                found.setdefault((at, at + len(word)), (word, match))
    lines = _Lines(text)
    told: list[Usage] = []
    over = 0
    for (at, end), (word, match) in sorted(found.items(), key=lambda item: (item[0][0], -item[0][1])):
        if at >= over:  # an address and the model in it are one use
            told.append(Usage(line=lines.number(at), column=at - line_start(text, at) + 1, written=word, match=match))
            over = end
    return told


class _Lines:
    """Line numbers of ascending places, each line counted once."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._line = text, 0, 1

    def number(self, at: int) -> int:
        self._line += self._text.count("\n", self._at, at)
        self._at = at
        return self._line


def _pieces(text: str, kind: str) -> Iterator[Piece]:
    if kind in LANGUAGES:
        yield from literals(text, kind)
        if kind == "toml":
            yield from toml_keys(text)
    else:
        yield from _READERS[kind](text)


def _used(text: str, piece: Piece, known: KnownModels) -> Iterator[tuple[int, str, Match]]:
    """Place, word and model of each use in a value."""
    value = text[piece.start : piece.end]
    inner = value.strip()
    if not inner:
        return
    at = piece.start + value.index(inner)
    if not re.search(r"\s", inner):
        single = _match(known, inner, piece)
        if single:
            yield at, inner, single
            return
    listed = list(_SEPARATED.finditer(inner)) if len(inner) < 40 * _LONGEST_LIST else []
    if 1 < len(listed) <= _LONGEST_LIST:
        matches = [(word, _match(known, word[0].strip("\"'`"), piece)) for word in listed]
        hits = [(word, match) for word, match in matches if match]
        if len(hits) == len(listed) or (len(hits) * 2 >= len(listed) and not re.search(r"[^\s,;|]\s+[^\s,;|]", inner)):
            yield from ((at + word.start(), word[0], match) for word, match in hits)
            return
    yield from _said(inner, at, known)


def _said(value: str, at: int, known: KnownModels) -> Iterator[tuple[int, str, Match]]:
    """Uses within a longer text: behind what sets a model, an option, in an address."""
    for pattern, group in ((_SET, "id"), (_OPTION, "id"), (_DEFAULT, "id"), (_SERVED, "id")):
        for found in pattern.finditer(value):
            match = known.match(found[group])
            if match and not (pattern is _SET and _is_told(value, found)):
                yield at + found.start(group), found[group], match
    if "/" in value and not re.search(r"\s", value):
        address = _CUT.split(value, maxsplit=1)[0]
        match = known.match(address) if address != value else None
        if match:
            yield at, address, match


def _is_told(value: str, found: re.Match[str]) -> bool:
    """Whether a sentence speaks (`the model: gpt-4`) where `model: gpt-4` would set something."""
    if found["sign"] != ":" or found["closed"]:
        return False
    before = value[line_start(value, found.start()) : found.start()].rstrip(" \t\"'`\\")
    return bool(before) and before[-1] not in "{[(,;&-"


def _match(known: KnownModels, word: str, piece: Piece) -> Match | None:
    """The model a word of its own stands for. A word that may mean much else needs to be called a model."""
    if _TELLING.search(piece.key):
        return None
    place = _PLACE.search(piece.before.rpartition("\n")[2] or piece.key) or _PLACE.search(piece.key)
    match = known.match(word, _PLACES[place[0].lower()] if place else None)
    if match is None or not _is_common(word):
        return match
    since = re.split(r"[\n,;({]", piece.before[-80:])[-1]  # `model: str = `
    named = _NAMED.search(piece.key) or _NAMED.search(since) or _IN_LIST.search(piece.before)
    return match if named else None


def _is_common(word: str) -> bool:
    """`command`, `ada`, `o1`: not by themselves the name of a model."""
    return len(word) <= 3 or word.isalpha()
