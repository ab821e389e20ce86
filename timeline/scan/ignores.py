"""Which files of a repository are its own: rules as in `.gitignore`, and folders nobody keeps code in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

FOLDERS = frozenset(
    {
        *(".git", ".hg", ".svn", ".jj", "node_modules", "bower_components", "jspm_packages", "vendor", "third_party"),
        *(".venv", "venv", "virtualenv", "site-packages", "__pycache__", ".tox", ".nox", ".eggs", ".mypy_cache"),
        *(".pytest_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints", ".terraform", ".gradle", ".idea"),
        *(".next", ".nuxt", ".svelte-kit", ".turbo", ".parcel-cache", ".cache", "dist"),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One line of a `.gitignore`. `base`: the folder of the file it stands in, "" or ending in `/`."""

    base: str
    pattern: re.Pattern[str]
    negated: bool
    folders_only: bool


def rules(text: str, base: str = "") -> list[Rule]:
    """The rules of a `.gitignore`, as `man gitignore` has them. A pattern that is none is passed over."""
    found = []
    for line in text.splitlines():
        pattern = re.sub(r"(?<!\\)\s+$", "", line)
        if not pattern or pattern.startswith("#") or len(pattern) > 300:
            continue
        negated = pattern.startswith("!")
        pattern = pattern[negated:].removeprefix("\\") if pattern[negated:][:2] in ("\\#", "\\!") else pattern[negated:]
        folders_only = pattern.endswith("/")
        pattern = pattern.rstrip("/")
        anchored = "/" in pattern
        try:
            compiled = re.compile(("" if anchored else "(?:.*/)?") + _translated(pattern.lstrip("/")) + r"\Z")
        except re.error:
            continue
        found.append(Rule(base=base, pattern=compiled, negated=negated, folders_only=folders_only))
    return found


def is_ignored(path: str, *, folder: bool, among: Iterable[Rule]) -> bool:
    """Whether rules leave a path out: the last that fits decides. Folders are asked before what is in them."""
    ignored = False
    for rule in among:
        if (
            (folder or not rule.folders_only)
            and path.startswith(rule.base)
            and rule.pattern.match(path[len(rule.base) :])
        ):
            ignored = not rule.negated
    return ignored


def _translated(pattern: str) -> str:
    """A pattern as a regular expression; stars do not cross `/`, two do."""
    parts = []
    for found in re.finditer(r"\*\*/|/\*\*\Z|\*+|\?|\[!?[^\]/]+\]|\\.|.", pattern):
        part = found[0]
        if part == "**/":
            parts.append("(?:[^/]+/)*")
        elif part == "/**":
            parts.append("/.+")
        elif part[0] == "*":
            parts.append("[^/]*")
        elif part == "?":
            parts.append("[^/]")
        elif part[0] == "[" and len(part) > 1:
            parts.append(
                "[" + part[1:].replace("\\", "\\\\").replace("!", "^", 1)
                if part[1] == "!"
                else part.replace("\\", "\\\\")
            )
        else:
            parts.append(re.escape(part[-1]))
    return "".join(parts)
