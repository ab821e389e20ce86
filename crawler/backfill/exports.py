"""Dated copies of a catalogue: files with the day in their names, and the states a git checkout remembers."""

import gzip
import json
import lzma
import os
import re
import subprocess
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO, Final, cast

from timeline.issues import AiwireError

_DATED: Final = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?:T(\d{2})[:-]?(\d{2})(?:[:-]?(\d{2}))?Z?)?(?!\d)")
_LARGEST: Final = 256 * 1024 * 1024
"""Bytes of a copy, unpacked: no catalogue is near it, a bomb is beyond it."""


class BackfillError(AiwireError):
    """Copies that cannot be imported: says which, what was found, and what is needed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """One copy: what a person calls it, when it was so, and how to get its bytes."""

    name: str
    at: datetime
    read: Callable[[], bytes]
    url: str | None = None  # where it was; None: the source's own address
    content_type: str = "application/json"


def dated_files(paths: Sequence[Path]) -> list[Export]:
    """The files of folders, and files by themselves, by the date in their names. Raises BackfillError without one."""
    files = [file for path in paths for file in (_inside(path) if path.is_dir() else [path])]
    found = [_dated(file) for file in files if file.is_file() and not file.name.startswith(".")]
    if not found:
        raise BackfillError(f"no files in {', '.join(map(str, paths))}: give a folder of copies, or the copies")
    return sorted(found, key=lambda export: (export.at, export.name))


def checkout_states(checkout: Path, path: str, *, apart: timedelta) -> list[Export]:
    """Each state of a file along the first parent of the checked-out branch, the last one of every `apart`.

    The time is the commit's, which says when the state became public there; times that run backwards are raised to the
    one before. Raises BackfillError where git knows no such file.
    """
    listed = git(checkout, "log", "--first-parent", "--reverse", "--format=%H %cI", "--", path).decode().split("\n")
    states: list[Export] = []
    for line in filter(None, listed):
        commit, _, told = line.partition(" ")
        at = datetime.fromisoformat(told).astimezone(UTC)
        if states and at <= states[-1].at:
            at = states[-1].at + timedelta(microseconds=1)
        if states and apart and (at - _EPOCH) // apart == (states[-1].at - _EPOCH) // apart:
            states.pop()
        states.append(Export(name=commit[:12], at=at, read=partial(_file_at, checkout, commit, path)))
    if not states:
        raise BackfillError(f"{checkout}: git knows no {path}: expected a checkout of that catalogue's repository")
    return states


def is_checkout(path: Path) -> bool:
    """Whether a folder is the top of a git checkout."""
    return (path / ".git").exists()


def require_past(checkout: Path) -> None:
    """Raises BackfillError for a shallow clone: what it lacks would look as if it had never been."""
    if git(checkout, "rev-parse", "--is-shallow-repository").strip() == b"true":
        raise BackfillError(
            f"{checkout} is a shallow clone, which lacks its past: run `git -C {checkout} fetch --unshallow` first"
        )


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _inside(folder: Path) -> list[Path]:
    """The files of a folder; what it holds is kept as evidence and served, so a link may not lead out of it."""
    files = sorted(folder.iterdir())
    for file in files:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise BackfillError(f"{file} leads out of the folder, to {file.resolve()}: copy the file there")
    return files


def _dated(file: Path) -> Export:
    found = _DATED.search(file.name)
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if found is None or day is None:
        raise BackfillError(f"{file}: no date in the name: call it YYYY-MM-DD, or YYYY-MM-DDTHH-MM-SSZ, and .json")
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    at = datetime(day.year, day.month, day.day, hours, minutes, seconds, tzinfo=UTC)
    return Export(name=file.name, at=at, read=partial(unpacked, file))


def unpacked(file: Path) -> bytes:
    """The bytes of a file, also of one packed with gzip or xz. Raises BackfillError for what is broken or too large."""
    try:
        with _opened(file) as stream:
            body = stream.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise BackfillError(f"{file} cannot be read: {error}") from error
    if len(body) > _LARGEST:
        raise BackfillError(f"{file} is larger than {_LARGEST:,} bytes when unpacked: this is no catalogue")
    return body


def _opened(file: Path) -> IO[bytes]:
    if file.suffix == ".gz":
        return cast(IO[bytes], gzip.open(file))
    return cast(IO[bytes], lzma.open(file)) if file.suffix == ".xz" else file.open("rb")


def _file_at(checkout: Path, commit: str, path: str) -> bytes:
    """The file as it was; of a path that ends in a slash, every JSON file of the folder in one list `files`."""
    if not path.endswith("/"):
        return git(checkout, "show", f"{commit}:{path}", missing=b"{}")
    names = git(checkout, "ls-tree", "--name-only", commit, path).decode().splitlines()
    parts = [json.loads(git(checkout, "show", f"{commit}:{name}")) for name in names if name.endswith(".json")]
    return json.dumps({"files": parts}, ensure_ascii=False, sort_keys=True).encode()


def git_command(checkout: Path, *words: str) -> list[str]:
    """The command line. A checkout's own configuration may name programs that git would run: here it runs none."""
    harmless = ("log.showSignature=false", "core.fsmonitor=false", "diff.external=", "core.pager=cat")
    return ["git", *(part for each in harmless for part in ("-c", each)), "-C", str(checkout), *words]


def git_environment() -> dict[str, str]:
    """The environment git is run in: it asks nobody, and fetches nothing that a partial clone lacks."""
    return {**os.environ, "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "", "GIT_TERMINAL_PROMPT": "0"}


def git(checkout: Path, *words: str, missing: bytes | None = None) -> bytes:
    """What git says in a checkout. Raises BackfillError where it fails, unless `missing` is what that means."""
    try:
        done = subprocess.run(
            git_command(checkout, *words), capture_output=True, check=False, timeout=600, env=git_environment()
        )
    except FileNotFoundError as error:
        raise BackfillError("git is not installed: it is needed to read a checkout's history") from error
    if done.returncode and missing is not None:
        return missing
    if done.returncode:
        raise BackfillError(f"git {words[0]} in {checkout}: {done.stderr.decode(errors='replace').strip()[:300]}")
    return done.stdout


def lines_of(body: bytes) -> Iterator[bytes]:
    """The lines of a body that are not empty."""
    return (line for line in body.splitlines() if line.strip())
