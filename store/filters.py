"""From what somebody asks for to a WHERE clause: only conditions that are written down here or by the caller."""

from collections.abc import Collection, Mapping
from typing import Any, LiteralString


def where(
    conditions: Mapping[str, LiteralString], asked: Mapping[str, Any], *, patterns: Collection[str] = ()
) -> tuple[LiteralString, dict[str, Any]]:
    """` WHERE ...` (or nothing) and its values. None and empty lists ask for nothing.

    In the values named in `patterns` a `*` stands for any characters. Raises TypeError for an unknown filter.
    """
    if unknown := asked.keys() - conditions.keys():
        raise TypeError(f"unknown filters {sorted(unknown)}, expected some of {sorted(conditions)}")
    values = {name: value for name, value in asked.items() if value is not None and value not in ([], ())}
    values |= {name: like(values[name]) for name in patterns if name in values}
    chosen = [conditions[name] for name in conditions if name in values]
    lists = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return (" WHERE " + " AND ".join(chosen) if chosen else ""), lists


def like(patterns: Collection[str] | str) -> list[str] | str:
    """The LIKE patterns of words in which `*` stands for any characters."""
    if isinstance(patterns, str):
        return escape(patterns).replace("*", "%")
    return [escape(pattern).replace("*", "%") for pattern in patterns]


def containing(words: str | None) -> str | None:
    """The LIKE pattern of text that contains the words."""
    return f"%{escape(words)}%" if words else None


def escape(text: str) -> str:
    """The text with what LIKE would take for a sign escaped."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
