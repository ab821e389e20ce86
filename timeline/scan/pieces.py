"""The parts of files in which a model can be in use, and which files have such parts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LOOK_BACK = 300  # characters in front of a value that may say what it is


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One value as it stands in the file: `text[start:end]`, without its quotes.

    `key`: what it is assigned to, as far as that is said near it. `before`: the text in front, for more of that.
    """

    start: int
    end: int
    key: str = ""
    before: str = ""


_KINDS: Mapping[str, str] = {  # kind: how the names of its files end
    "c": "c h cc cpp cxx hpp cs go rs m mm zig proto bicep sol",
    "script": "js jsx ts tsx mjs cjs mts cts vue svelte astro jsonc json5 dart groovy gradle",
    "triple": "java kt kts scala swift",
    "hcl": "tf tfvars hcl nomad",
    "python": "py pyi pyw bzl star",
    "hash": "rb r jl ex exs pl pm ps1 psm1 nix cr nim coffee jsonnet libsonnet",
    "dashes": "sql lua hs elm",
    "lisp": "clj cljs edn el lisp scm rkt",
    "ml": "fs fsx ml mli",
    "xml": "xml config plist csproj props",
    "yaml": "yaml yml",
    "settings": "ini cfg conf env properties envrc",
    "shell": "sh bash zsh ksh fish mk dockerfile containerfile",
    "php": "php",
    "toml": "toml",
    "json": "json",
    "notebook": "ipynb",
}
_ENDINGS: Mapping[str, str] = {ending: kind for kind, endings in _KINDS.items() for ending in endings.split()}
_NAMES: Mapping[str, str | None] = {
    **dict.fromkeys(("dockerfile", "containerfile", "makefile", "gnumakefile", "justfile", "procfile"), "shell"),
    **dict.fromkeys(("gemfile", "rakefile", "vagrantfile", "fastfile"), "hash"),
    **dict.fromkeys(("tiltfile", "sconstruct", "wscript"), "python"),
    "jenkinsfile": "script",
    # Locks say what is installed, not what is called.
    **dict.fromkeys(("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "packages.lock.json"), None),
}
_SHEBANG = re.compile(r"#!.*\b(python|bash|sh|zsh|dash|ksh|fish|node|deno|bun|ruby|perl|php)")
_SHEBANGS: Mapping[str, str] = {
    **dict.fromkeys(("bash", "sh", "zsh", "dash", "ksh", "fish"), "shell"),
    **dict.fromkeys(("node", "deno", "bun"), "script"),
    **{"python": "python", "ruby": "hash", "perl": "hash", "php": "php"},
}


def kind_of(path: str, head: str = "") -> str | None:
    """Which kind of file that is, by its name or else the first line of its text; None: nothing is looked for in it.

    Prose (Markdown, plain text, pages), data and lock files are of no kind.
    """
    name = path.rpartition("/")[2].lower()
    stem, dot, ending = name.rpartition(".")
    if name in _NAMES:
        return _NAMES[name]
    if name.startswith(".env") or stem.startswith(".env"):  # .env, .env.example
        return "settings"
    if stem.split(".")[0] in ("dockerfile", "makefile"):  # Dockerfile.gpu
        return "shell"
    if name.endswith(".min.js"):
        return None
    if dot and stem:
        return _ENDINGS.get(ending)
    shebang = None if dot else _SHEBANG.match(head)
    return _SHEBANGS[shebang[1]] if shebang else None


def line_start(text: str, at: int) -> int:
    """Where the line begins in which a place is."""
    return text.rfind("\n", 0, at) + 1


def spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Start and end of each line of a part of a text, without its line break."""
    end = len(text) if end is None else end
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1
