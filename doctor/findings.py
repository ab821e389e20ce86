"""What the doctor says: one finding a mistake, with what was found, where, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Result = Literal["ok", "note", "bad", "unseen"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One check: `ok`, a `note` worth knowing, `bad`, or `unseen` where the doctor could not look."""

    check: str
    result: Result
    found: str
    where: str = ""
    do: str = ""


def ok(check: str, found: str, *, where: str = "") -> Finding:
    """All is well."""
    return Finding(check=check, result="ok", found=found, where=where)


def note(check: str, found: str, *, do: str, where: str = "") -> Finding:
    """May be meant so."""
    return Finding(check=check, result="note", found=found, where=where, do=do)


def bad(check: str, found: str, *, do: str, where: str = "") -> Finding:
    """A mistake."""
    return Finding(check=check, result="bad", found=found, where=where, do=do)


def unseen(check: str, found: str, *, do: str, where: str = "") -> Finding:
    """The doctor could not look."""
    return Finding(check=check, result="unseen", found=found, where=where, do=do)


def few(names: Sequence[str], most: int = 5) -> str:
    """The first of them, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
