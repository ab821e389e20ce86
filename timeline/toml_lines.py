"""On which line each key of a TOML document stands: `tomllib` does not tell."""

import re
import tomllib

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")' r"|'''.*?'{3,5}(?!')" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_SCALAR = re.compile(r"[^,\]}\n#]*")


def key_lines(text: str) -> dict[Path, int]:
    """The line (from 1) of every key, table and array element, by path: `("source", 0, "url")`.

    `text` must be valid TOML (read by `tomllib` before): this scanner looks for places, not for mistakes.
    """
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}  # arrays of tables: how many so far

    def scan(self) -> dict[Path, int]:
        inside: Path = ()
        self._skip(_SPACE)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                inside = self._header()
            else:
                self._pair(inside)
            self._skip(_SPACE)
        return self.lines

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError(f"not valid TOML near line {self._line()}")
        self.at = found.end()
        return found.group()

    def _line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def _mark(self, path: Path) -> None:
        self.lines.setdefault(path, self._line())

    def _header(self) -> Path:
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        line = self._line()
        self.at += brackets
        *parents, last = self._key()
        self.at += brackets
        path = (*self._resolve(parents), last)
        if brackets == 2:
            number = self.counts.get(path, 0)
            self.counts[path] = number + 1
            self.lines.setdefault(path, line)
            path = (*path, number)
        self.lines.setdefault(path, line)
        return path

    def _resolve(self, keys: list[str]) -> Path:
        """The path a header's parents mean: of an array of tables its newest element."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            self._mark(path)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _pair(self, inside: Path) -> None:
        line = self._line()
        path = inside
        for key in self._key():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self.at += 1  # the equals sign
        self._skip(_BLANK)
        self._value(path)

    def _key(self) -> list[str]:
        keys = []
        while True:
            self._skip(_BLANK)
            quoted = self.text[self.at] in "\"'"
            keys.append(_unquote(self._skip(_STRING)) if quoted else self._skip(_BARE))
            self._skip(_BLANK)
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _value(self, path: Path) -> None:
        opening = self.text[self.at]
        if opening in "\"'":
            self._skip(_STRING)
        elif opening in "[{":
            self._container(path, "]" if opening == "[" else "}")
        else:
            self._skip(_SCALAR)

    def _container(self, path: Path, closing: str) -> None:
        self.at += 1
        self._skip(_SPACE)
        number = 0
        while not self.text.startswith(closing, self.at):
            if closing == "}":
                self._pair(path)
            else:
                self._mark((*path, number))
                self._value((*path, number))
                number += 1
            self._skip(_SPACE)
            if self.text.startswith(",", self.at):
                self.at += 1
                self._skip(_SPACE)
        self.at += 1


def _unquote(quoted: str) -> str:
    """A quoted key has the escapes of a string: the parser that owns them reads it."""
    return str(tomllib.loads(f"key = {quoted}")["key"])
