"""The files of a repository that can use models, from disk: what is ignored, foreign, binary or huge is left out."""

import codecs
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from timeline.scan.ignores import FOLDERS, Rule, is_ignored, rules
from timeline.scan.pieces import kind_of

LARGEST = 2 * 1024 * 1024  # bytes; nobody writes more code into a file by hand
LARGEST_NOTEBOOK = 32 * 1024 * 1024  # pictures are kept in them
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """One file: its text, or why it was not read."""

    path: str  # as it is reached from the paths that were given
    text: str = ""
    skipped: str | None = None


def files(paths: Sequence[Path]) -> Iterator[File]:
    """Each file of the paths once, in order of their names. A file named itself is read even where it is ignored."""
    seen: set[Path] = set()
    for path in paths:
        found = _walk(path) if path.is_dir() else iter([path])
        for each in found:
            real = each.resolve()
            if real not in seen:
                seen.add(real)
                file = _read(each)
                if file is not None:
                    yield file


def _walk(top: Path) -> Iterator[Path]:
    among: list[Rule] = _above(top)
    for folder, names, found in os.walk(top):
        here = Path(folder)
        base = "" if here == top else f"{here.relative_to(top).as_posix()}/"
        among = [rule for rule in among if base.startswith(rule.base)]
        if ".gitignore" in found:
            among += rules((here / ".gitignore").read_text(encoding="utf-8", errors="replace"), base)
        names[:] = sorted(
            name
            for name in names
            if name not in FOLDERS
            and not (here / name / "pyvenv.cfg").exists()
            and not is_ignored(f"{base}{name}", folder=True, among=among)
        )
        for name in sorted(found):
            path = here / name
            if not path.is_symlink() and not is_ignored(f"{base}{name}", folder=False, among=among):
                yield path


def _above(top: Path) -> list[Rule]:
    """What the repository's own rules say where only a folder in it is read: those without a path."""
    folder = top.resolve()
    for parent in (folder, *folder.parents):
        if (parent / ".git").exists():
            break
    else:
        return []
    found: list[Rule] = []
    for outer in reversed([each for each in folder.parents if each == parent or parent in each.parents]):
        file = outer / ".gitignore"
        if outer != folder and file.is_file():
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
            found += rules("\n".join(line for line in lines if "/" not in line.rstrip().rstrip("/")))
    return found


def _read(path: Path) -> File | None:
    """None for files in which nothing is looked for."""
    name = os.fsencode(path.as_posix().removeprefix("./")).decode("utf-8", errors="replace")  # for any terminal
    if kind_of(name) is None and "." in path.name:
        return None
    try:
        if not path.is_file():  # a pipe would be waited for
            return File(path=name, skipped="not a file")
        size = path.stat().st_size
        most = LARGEST_NOTEBOOK if path.suffix == ".ipynb" else LARGEST
        if size > most:
            return File(path=name, skipped=f"{size:,} bytes; more than {most:,} are not read")
        body = path.read_bytes()
    except OSError as error:
        return File(path=name, skipped=error.strerror or "cannot be read")
    encoding = next((encoding for bom, encoding in _BOMS if body.startswith(bom)), "utf-8")
    if encoding != "utf-16" and b"\0" in body[:8192]:
        return None if kind_of(name) is None else File(path=name, skipped="binary")
    text = body.decode(encoding, errors="replace")
    return File(path=name, text=text) if kind_of(name, text[:200]) else None
