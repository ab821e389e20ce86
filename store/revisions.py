"""The revisions of the tables that this code knows, by the names of their files: what version of aiwire this is."""

from functools import cache
from pathlib import Path

from timeline.issues import AiwireError


class IncompleteError(AiwireError):
    """Part of aiwire itself is missing."""


def folder() -> Path:
    """Where the revisions are: inside the package when installed, beside it in a checkout."""
    here = Path(__file__).resolve().parent
    for candidate in (here / "migrations", here.parent / "migrations"):
        if (candidate / "env.py").is_file():
            return candidate
    raise IncompleteError(f"no migrations beside {here}: the installation is incomplete, install aiwire again")


@cache
def known() -> tuple[str, ...]:
    """All of them (`0001`), the newest last: each comes after the one before it."""
    return tuple(sorted(path.name.partition("_")[0] for path in (folder() / "versions").glob("[0-9]*_*.py")))


def newest() -> str:
    """The one that a database of this version has."""
    if not known():
        raise IncompleteError(f"no revisions in {folder()}: the installation is incomplete, install aiwire again")
    return known()[-1]
