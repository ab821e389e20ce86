"""Values of configuration that is written without quotes: YAML, `name = value` files, shell and container files."""

import re
from collections.abc import Iterator

from timeline.scan.pieces import Piece, spans

_PAIR = re.compile(r"[ \t]*(?:export[ \t]+|set[ \t]+)?([\w.\-/\[\]]{1,120})[ \t]*[=:][ \t]*(.*)")
_YAML_KEY = re.compile(
    r"((?:-[ \t]+)*)(\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'{}\[\],&*#?|>!%@`-][^:\n#]{0,200}?|[\w./@-]{1,200})"
    r"[ \t]*:(?:[ \t]+|$)"
)
_YAML_BLOCK = re.compile(r"(?:![\w!]+[ \t]+)?[|>][+-]?\d?[+-]?[ \t]*(?:#.*)?\Z")
_TAGGED = re.compile(r"(?:[&!][\w!/.:-]+[ \t]+)+")
_FLOW = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'|[^\s\"'\[\]{},][^\"'\[\]{},\n]*")
_QUOTED = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'")
_HASH = re.compile(r"(?:^|(?<=[ \t]))#.*")
_SHELL = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'|(?<![^\s;&|(])#[^\n]*|[^\s\"'#;&|<>()]+|#|\n|[;&|<>()]")
_SAYS = frozenset({"echo", "printf", "print", "logger", "LABEL", "label", "MAINTAINER", "FROM", "mkdir", "cd", "rm"})
_INSTALLS = re.compile(
    r"\b(?:pip3?|uv|poetry|npm|pnpm|yarn|bun|apt(?:-get)?|apk|brew|cargo|gem|go|conda)\b[^\n]*\b(?:install|add|get|i)\b"
)
_ASSIGNED = re.compile(r"(--?[\w-]+|[\w.-]+)(?::|\?|\+)?=")


def settings(text: str) -> Iterator[Piece]:
    """INI, .env, .properties and their like: a value a line; lines that begin with `#` or `;` are comments."""
    for start, end in spans(text):
        line = text[start:end]
        if line.lstrip()[:1] in ("#", ";", "!", "["):
            continue
        pair = _PAIR.match(line)
        if pair:
            quoted = _QUOTED.match(pair[2])
            value = quoted[0] if quoted else _HASH.sub("", pair[2])
            yield _unquoted(text, start + pair.start(2), start + pair.start(2) + len(value), pair[1])
            yield Piece(start=start + pair.start(1), end=start + pair.end(1))


def yaml(text: str) -> Iterator[Piece]:
    """YAML: values, list items and keys; the lines of a block are read as a shell would, or as text."""
    keys: list[tuple[int, str]] = []  # indentation, key
    block: int | None = None  # the indentation of the key of a block scalar
    for start, end in spans(text):
        line = text[start:end]
        indent = len(line) - len(line.lstrip(" "))
        if block is not None:
            if not line.strip() or indent > block:
                if line.strip():
                    yield from shell(text, start, end) if _is_script(keys) else _text(start, end, keys)
                continue
            block = None
        body = _uncommented(line)
        if not body.strip() or body.startswith(("---", "%", "...")):
            continue
        at, key = indent, ""
        keys = [(depth, name) for depth, name in keys if depth < indent or (depth == indent and body[indent] == "-")]
        while body[at : at + 2] in ("- ", "-\t") or body[at:] == "-":
            at += 1
            at += len(body[at:]) - len(body[at:].lstrip())
        found = _YAML_KEY.match(body, at)
        if found:
            key = found[2].strip("\"'")
            keys = [(depth, name) for depth, name in keys if depth < at] + [(at, key)]
            quoted = found[2][:1] in "\"'"
            yield Piece(start=start + found.start(2) + quoted, end=start + found.end(2) - quoted, key=_above(keys[:-1]))
            at = found.end()
        elif at == indent and keys:
            yield from _text(start + at, start + len(body), keys)  # a value that goes on: words of a sentence
            continue
        rest = body[at:]
        tagged = _TAGGED.match(rest)
        at += tagged.end() if tagged else 0
        if _YAML_BLOCK.fullmatch(body[at:].strip()):
            block = keys[-1][0] if found else indent
            continue
        yield from _yaml_value(text, start + at, start + len(body.rstrip()), keys)


def _yaml_value(text: str, start: int, end: int, keys: list[tuple[int, str]]) -> Iterator[Piece]:
    if text[start:end][:1] not in ("[", "{"):
        yield _unquoted(text, start, end, _above(keys))
        return
    key = _above(keys)
    for item in _FLOW.finditer(text, start, end):
        name, colon, _ = item[0].partition(": ")
        if colon:
            at = item.start() + len(name) + 2
            yield _unquoted(text, at, item.end(), name.strip())
            yield _unquoted(text, item.start(), item.start() + len(name), key)
        else:
            yield _unquoted(text, item.start(), item.start() + len(item[0].rstrip(" :")), key)


def _text(start: int, end: int, keys: list[tuple[int, str]]) -> Iterator[Piece]:
    """A line of running text: only what it assigns counts, which a word in front keeps true of single words."""
    yield Piece(start=start, end=end, key=_above(keys))


def _above(keys: list[tuple[int, str]]) -> str:
    return keys[-1][1] if keys else ""


def _is_script(keys: list[tuple[int, str]]) -> bool:
    return bool(re.search(r"run|script|command|args|cmd|entrypoint|exec|step", _above(keys), re.IGNORECASE))


def _uncommented(line: str) -> str:
    """The line without a comment: a `#` at the beginning or behind a space, outside quotes."""
    quote = ""
    for at, char in enumerate(line):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'" and (at == 0 or line[at - 1] in " \t[{,:-("):
            quote = char
        elif char == "#" and (at == 0 or line[at - 1] in " \t"):
            return line[:at]
    return line


def _unquoted(text: str, start: int, end: int, key: str) -> Piece:
    """The value without quotes around it."""
    while start < end and text[start] in " \t":
        start += 1
    while start < end and text[end - 1] in " \t\r,":
        end -= 1
    if end - start >= 2 and text[start] in "\"'" and text[end - 1] == text[start]:
        start, end = start + 1, end - 1
    return Piece(start=start, end=end, key=key)


def shell(text: str, start: int = 0, end: int | None = None) -> Iterator[Piece]:
    """Words, quoted strings and assignments of commands; what is only said (`echo`) or installed is passed over."""
    for begin, stop in spans(text, start, end):
        if not _INSTALLS.search(text, begin, stop):
            yield from _commands(text, begin, stop)


def _commands(text: str, start: int, end: int) -> Iterator[Piece]:
    command = option = ""
    for word in _SHELL.finditer(text, start, end):
        part, at = word[0], word.start()
        if part.startswith("#"):
            continue
        if part in ";&|()<>":
            command, option = ("", "") if part not in "<>" else (command, option)
            continue
        quoted = part[0] in "\"'"
        assigned = None if quoted else _ASSIGNED.match(part)
        if assigned:
            option = assigned[1]
            if word.end() > at + assigned.end():
                yield Piece(start=at + assigned.end(), end=word.end(), key=option)
            continue
        if not command and not quoted:
            command = part.lstrip("@-") or "-"
        elif command not in _SAYS or (quoted and option):
            yield Piece(start=at + quoted, end=word.end() - quoted, key=option or ("" if quoted else command))
        option = part.lstrip("-") if part.startswith("-") else ""
