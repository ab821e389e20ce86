"""Components that a documentation site left unrendered in its Markdown: their literal props, and the rows inside them.

Only literals are read (strings, numbers, arrays, objects, calls around one string); no expression is evaluated. Also
read is what is left of a component whose beginning was cut off.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Scalar = str | int | None
_TAG = re.compile(r"<([A-Za-z][\w.:-]*)(?=[\s/>])")
_END = re.compile(r"/?>")
_NAME = re.compile(r"\s*([A-Za-z_@][\w:.@-]*)")
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`", re.S)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?![\w.])")
_WORD = re.compile(r"[A-Za-z_$][\w$.]*")
_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.S)
_GROUP = re.compile(r"(?<![\w\"'])(?:model|name|label|title|group|section|category)\s*:\s*(?=[\"'`])")
_HEADERS = re.compile(r"(?<![\w\"'])(?:columns|headers|head)\s*(?:=\s*\{|:)\s*(?=\[)")
_DEBRIS = re.compile(
    r"^\s*(?:[\[\]{}(),;\s/>]+|[\"'`].*[\"'`],?|.*[\"'`]$|\w+:\s.*|\w+\(|-?[\d.]+,|null,?|(?:\[.*\]),?|(?:\{.*\}),?)\s*$"
)
_LONGEST_TAG = 400_000
_MOST = 20_000  # rows of one document
PLACEHOLDER = "JsxComponent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One innermost array of a component, and the name of the object it stood in."""

    group: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Lifted:
    """A component: its name ("" for what is left of one), its plain props, its rows and the headers it names."""

    name: str
    props: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    headers: tuple[str, ...] = ()


def lift(text: str) -> tuple[str, list[Lifted]]:
    """The text with its unrendered components taken out, each replaced by a placeholder tag, and those components.

    The number of lines stays the same.
    """
    lifted: list[Lifted] = []
    pieces: list[str] = []
    at = 0
    while found := _TAG.search(text, at):
        end, props, braced = _attributes(text, found.end())
        if end is None or not braced:
            pieces.append(text[at : found.end()])
            at = found.end()
            continue
        pieces += [text[at : found.start()], _replaced(found[1], props, text[found.start() : end], lifted)]
        at = end
    return _without_debris("".join([*pieces, text[at:]]), lifted), lifted


def plain(markup: str) -> str:
    """The words of a little HTML in a string; breaks as newlines."""
    text = re.sub(r"<br\s*/?>", "\n", markup, flags=re.I)
    return html.unescape(re.sub(r"<[^<>]*>", "", text)).strip()


def rows_in(code: str) -> list[Row]:
    """The innermost arrays of scalars in some JavaScript, with the name of the object around them."""
    rows: list[Row] = []
    group = ""
    at = 0
    while at < len(code) and len(rows) < _MOST:
        if named := _GROUP.match(code, at):
            string = _STRING.match(code, named.end())
            group = plain(_unquoted(string[0])) if string else group
            at = string.end() if string else named.end()
        elif code[at] == "[":
            cells, end = _array(code, at)
            if cells:
                rows.append(Row(group=group, cells=tuple("" if cell is None else str(cell) for cell in cells)))
                at = end
            else:
                at += 1
        elif string := _STRING.match(code, at):
            at = string.end()
        else:
            at += 1
    return rows


def _replaced(name: str, props: dict[str, str], source: str, lifted: list[Lifted]) -> str:
    lines = "\n" * source.count("\n")
    closed = source.rstrip().endswith("/>")
    rows = rows_in(source)
    kept = "".join(f' {key}="{html.escape(value)}"' for key, value in props.items() if re.fullmatch(r"[\w-]+", key))
    if not rows and not closed:
        return f"<{name}{kept}>{lines}"
    if not rows and name[0].islower():
        return lines
    headers = _HEADERS.search(source)
    named = _array(source, headers.end())[0] if headers else None
    lifted.append(Lifted(name=name, props=props, rows=tuple(rows), headers=tuple(str(each) for each in named or ())))
    return ("" if closed else f"<{name}{kept}>") + f'<{PLACEHOLDER} data-n="{len(lifted) - 1}"></{PLACEHOLDER}>{lines}'


def _without_debris(text: str, lifted: list[Lifted]) -> str:
    """Rows of a component whose opening was lost, found as a run of lines that are code."""
    lines = text.split("\n")
    start = None
    for index, line in enumerate([*lines, "#"]):
        if _DEBRIS.match(line) and line.strip():
            start = index if start is None else start
            continue
        if start is not None and index - start >= 4:
            rows = rows_in("\n".join(lines[start:index]))
            if rows:
                lifted.append(Lifted(name="", rows=tuple(rows)))
                lines[start:index] = [f'<{PLACEHOLDER} data-n="{len(lifted) - 1}"></{PLACEHOLDER}>'] + [""] * (
                    index - start - 1
                )
        start = None
    return "\n".join(lines)


def _attributes(text: str, at: int) -> tuple[int | None, dict[str, str], bool]:
    """Where a tag ends, its plain attributes, and whether it has any in braces; None where it is no tag."""
    props: dict[str, str] = {}
    braced = False
    stop = min(len(text), at + _LONGEST_TAG)
    while (at := _skip(text, at)) < stop:
        if end := _END.match(text, at):
            return end.end(), props, braced
        name = _NAME.match(text, at)
        valued = name is not None and text[name.end() : name.end() + 1] == "="
        value = _value(text, name.end() + 1 if name and valued else at) if valued or text[at] == "{" else None
        if value is not None:
            after, literal = value
            braced = braced or text[after - 1] == "}"
            if name and valued and literal is not None:
                props[name[1]] = literal
            at = after
        elif name and not valued:
            props[name[1]] = ""
            at = name.end()
        else:
            break
    return None, {}, False


def _value(text: str, at: int) -> tuple[int, str | None] | None:
    """The end of an attribute's value, and the value itself where it is a literal string."""
    if string := _STRING.match(text, at):
        return string.end(), html.unescape(string[0][1:-1])
    if text[at : at + 1] != "{" or (end := _balanced(text, at)) is None:
        return None
    literal = _STRING.fullmatch(text[at + 1 : end - 1].strip())
    return end, plain(_unquoted(literal[0])) if literal else None


def _balanced(text: str, at: int) -> int | None:
    """The end of a bracketed expression; strings are skipped whole."""
    depth = 0
    stop = min(len(text), at + _LONGEST_TAG)
    while at < stop:
        character = text[at]
        if character in "\"'`" and (string := _STRING.match(text, at)):
            at = string.end()
            continue
        depth += character in "{[("
        depth -= character in "}])"
        at += 1
        if depth == 0:
            return at
    return None


def _array(code: str, at: int) -> tuple[list[Scalar] | None, int]:
    """An array of scalars that starts at `at`; None for anything else."""
    cells: list[Scalar] = []
    at = _skip(code, at + 1)
    while at < len(code):
        if code[at] == "]":
            return (cells or None), at + 1
        cell, end = _scalar(code, at)
        if end is None:
            return None, at
        cells.append(cell)
        at = _skip(code, end)
        if code[at : at + 1] == ",":
            at = _skip(code, at + 1)
        elif code[at : at + 1] != "]":
            return None, at
    return None, at


def _scalar(code: str, at: int) -> tuple[Scalar, int | None]:
    """A string, a number, null, or a call around one of them; no end for anything else."""
    if string := _STRING.match(code, at):
        return plain(_unquoted(string[0])), string.end()
    if number := _NUMBER.match(code, at):
        return number[0], number.end()
    word = _WORD.match(code, at)
    if word and word[0] in ("null", "undefined", "true", "false"):
        return None, word.end()
    return _call(code, word.end()) if word else (None, None)


def _call(code: str, at: int) -> tuple[Scalar, int | None]:
    at = _skip(code, at)
    if code[at : at + 1] != "(":
        return None, None
    cell, end = _scalar(code, _skip(code, at + 1))
    if end is None:
        return None, None
    end = _skip(code, end)
    end = _skip(code, end + 1) if code[end : end + 1] == "," else end
    return (cell, end + 1) if code[end : end + 1] == ")" else (None, None)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _unquoted(literal: str) -> str:
    body = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), literal[1:-1])
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": " "}.get(match[1], match[1]), body, flags=re.S)
