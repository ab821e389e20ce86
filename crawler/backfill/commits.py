"""A git history as changes of files, commit by commit, and the bytes of many blobs from one process."""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final, cast

from crawler.backfill.exports import BackfillError, git, git_command, git_environment

LINK: Final = "120000"
"""The mode of a symbolic link."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a commit did to one file. `sha`, of its blob, is empty where it is gone; `renamed_from`: the path it had."""

    path: str
    mode: str
    sha: str
    renamed_from: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """A commit against its first parent. `at` is strictly later than that of the one before."""

    commit: str
    at: datetime
    changes: tuple[Change, ...]


def log(checkout: Path, folders: Sequence[str]) -> Iterator[Commit]:
    """Every commit along the first parent of the checked-out branch that touched the folders, the oldest first.

    Times that run backwards are raised above the one before. Raises BackfillError where git fails.
    """
    told = git(
        checkout, "log", "--first-parent", "--reverse", "-m", "--raw", "--no-abbrev", "-r", "-M", "-l4000", "-z",
        "--no-ext-diff", "--format=%x01%H %cI", "--", *folders,
    )  # fmt: skip
    newest = datetime.min.replace(tzinfo=UTC)
    for part in told.decode("utf-8", "replace").split("\x01")[1:]:
        head, *words = part.split("\0")
        commit, _, at = head.partition(" ")
        newest = max(datetime.fromisoformat(at).astimezone(UTC), newest + timedelta(microseconds=1))
        yield Commit(commit=commit, at=newest, changes=tuple(_changes(iter(words))))


def periods(commits: Sequence[Commit], apart: timedelta) -> Iterator[list[Commit]]:
    """The commits of each stretch of time of that length together; without a length each by itself."""
    period: list[Commit] = []
    for one in commits:
        if period and not (apart and (one.at - _EPOCH) // apart == (period[-1].at - _EPOCH) // apart):
            yield period
            period = []
        period.append(one)
    if period:
        yield period


@contextmanager
def blobs(checkout: Path) -> Iterator[Callable[[str], bytes]]:
    """A function that gives the bytes of a blob. It raises BackfillError for one that the clone lacks."""
    command = git_command(checkout, "cat-file", "--batch")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=git_environment()) as asking:
        into, out = cast(IO[bytes], asking.stdin), cast(IO[bytes], asking.stdout)

        def fetch(sha: str) -> bytes:
            into.write(f"{sha}\n".encode())
            into.flush()
            head = out.readline().split()
            if len(head) != 3:
                raise BackfillError(f"{checkout}: git has no blob {sha}: expected a whole clone, not a partial one")
            body = out.read(int(head[2]))
            out.read(1)
            return body

        try:
            yield fetch
        finally:
            into.close()


def _changes(words: Iterator[str]) -> Iterator[Change]:
    """`:old-mode new-mode old-blob new-blob status`, then one path, or two of what was renamed or copied."""
    for word in words:
        raw = word.lstrip("\n")
        if not raw.startswith(":"):
            continue
        _, mode, _, sha, status = raw.split(" ")
        before = next(words) if status[0] in "RC" else None
        gone = status == "D"
        renamed_from = before if status[0] == "R" else None
        yield Change(path=next(words), mode=mode, sha="" if gone else sha, renamed_from=renamed_from)
