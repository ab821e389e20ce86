"""Markdown as blocks: GitHub tables, raw HTML inside Markdown, and the callout and tab tags of MDX pages.

The text is rendered by markdown-it and read by the HTML reader, so both kinds of page give the same blocks.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from crawler.extract import html, jsx
from crawler.extract.blocks import Block
from crawler.extract.grids import UnreadableError
from crawler.extract.magic_blocks import unfold_blocks
from crawler.extract.mending import mend_tables
from crawler.extract.template_tags import without_tags
from crawler.extract.text_tables import with_pipes

MAX_CHARACTERS = 4_000_000
MAX_LINE = 200_000  # one line longer than this is no text a person wrote
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n.*?\n---[ \t]*\n", re.S)
_SELF_CLOSED = re.compile(r"<([A-Za-z][\w.]*)((?:\s+[\w:-]+(?:=\"[^\"<>]*\"|='[^'<>]*')?)*)\s*/>")
_VOID_NAMES = "area base br col embed hr img input link meta source track wbr"
_VOID = frozenset(_VOID_NAMES.split())
_TAG_LINE = re.compile(r"^[ \t]*(</?[A-Z][\w.]*(?:\s[^<>]*)?>)[ \t]*$")
_TAG_START = re.compile(r"^[ \t]*(<[A-Z][\w.]*(?:\s[^<>]*)?>)[ \t]*(?=\S)")
_TAG_END = re.compile(r"(?<=\S)[ \t]*(</[A-Z][\w.]*>)[ \t]*$")
_EMPTY_HEADING = re.compile(r"^(#{1,6})[ \t\u200b]*\n(?=[^\s#|>`*+-])", re.M)  # its words slipped to the next line
_LONE_DASH = re.compile(r"(?<=\n\n)(?=[-*+][ \t]*\n\s*\n)")  # an empty cell that lost its table, no list
_ADMONITION = re.compile(r"^[ \t]*(?::{3,}|!{3}|\?{3})[^\n]*$|^(?P<quote>[ \t]*>[ \t]*)\[!\w+\][ \t]*$", re.M)
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})")


def parse(text: str) -> list[Block]:
    """The page's blocks in document order; lines are those of `text`. Raises UnreadableError beyond the caps."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_CHARACTERS or any(len(line) > MAX_LINE for line in text.splitlines()):
        raise UnreadableError(
            f"Markdown of {len(text)} characters; at most {MAX_CHARACTERS} are read, and {MAX_LINE} a line"
        )
    front = _FRONT_MATTER.match(text)
    skipped = front[0].count("\n") if front else 0
    body = _ADMONITION.sub(lambda match: match["quote"] or "", text[front.end() :] if front else text)
    source, lifted = jsx.lift(with_pipes(without_tags(unfold_blocks(body))))
    source, lines = _loosen(mend_tables(_LONE_DASH.sub(r"\\", _EMPTY_HEADING.sub(r"\n\1 ", source))))
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable("code")
    tokens = parser.parse(source)
    _number(tokens, lines, skipped)
    _break_lists(tokens)
    _count_cells(tokens, source.split("\n"))
    return html.parse(f"<body>{parser.renderer.render(tokens, parser.options, {})}</body>", lifted)


def _loosen(text: str) -> tuple[str, list[int]]:
    """MDX tags on lines of their own, so that what stands between them is Markdown; and the old number of each line."""
    done: list[str] = []
    numbers: list[int] = []
    fence = ""
    for number, line in enumerate(text.split("\n")):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        pieces = [line] if fence or mark else _apart(line)
        done.extend(pieces)
        numbers.extend([number] * len(pieces))
    return "\n".join(done), numbers


_ID_FIRST = re.compile(r"(?=\S*\d)[a-z@][\w.@]*[-/][\w./-]+\s")


def _apart(line: str) -> list[str]:
    line = _SELF_CLOSED.sub(lambda m: m[0] if m[1].lower() in _VOID else f"<{m[1]}{m[2]}></{m[1]}>", line)
    if "<" not in line:
        return [line]
    if alone := _TAG_LINE.match(line):
        return ["", alone[1], ""]
    pieces = []
    if start := _TAG_START.match(line):
        if f"</{start[1][1:].split()[0].rstrip('>')}>" in line[start.end() :] and not _TAG_END.search(line):
            return [line]
        pieces += ["", start[1], ""]
        line = line[start.end() :]
    if end := _TAG_END.search(line):
        return [*pieces, line[: end.start()], "", end[1], ""]
    return [*pieces, line]


def _break_lists(tokens: list[Token]) -> None:
    """List entries that were indented out of their list keep lines of their own."""
    for token in tokens:
        children = token.children or []
        rows = _rows_of_ids(children)
        for child, following in pairwise(children):
            if child.type == "softbreak" and (rows or re.match(r"[*•-]\s", following.content)):
                child.type, child.tag = "hardbreak", "br"


def _rows_of_ids(children: Sequence[Token]) -> bool:
    """Whether every line of a text begins with an id: a list or table in plain text."""
    starts = [following.content for child, following in pairwise(children) if child.type == "softbreak"]
    return bool(starts) and all(_ID_FIRST.match(text) for text in (children[0].content, *starts))


def _count_cells(tokens: list[Token], lines: list[str]) -> None:
    """Rows of tables say with how many cells they were printed."""
    for token in tokens:
        if token.type == "tr_open" and token.map and token.map[0] < len(lines):
            cells = re.split(r"(?<!\\)\|", lines[token.map[0]].strip())
            printed = len(cells) - (not cells[0].strip()) - (len(cells) > 1 and not cells[-1].strip())
            token.attrSet("data-cells", str(printed))


def _number(tokens: list[Token], lines: list[int], skipped: int) -> None:
    for token in tokens:
        if token.map and token.nesting >= 0 and token.type != "inline":
            first = min(token.map[0], len(lines) - 1)
            token.attrSet("data-line", str(lines[first] + 1 + skipped))
