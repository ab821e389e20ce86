"""What has ended of a key and what no look is likely to speak of again: kept apart, and read only when it is asked for.

So a look costs what it changes, however long the history of a price is.
"""

from collections.abc import Callable, Sequence
from typing import Any, overload

JsonRow = dict[str, Any]
"""A row of timeline.observations as timeline.beliefs writes it."""


class Past(Sequence[JsonRow]):
    """The past rows of a key, oldest first, where they are kept elsewhere: `load` gives them, `added` come after."""

    __slots__ = ("_load", "_rows", "added")

    def __init__(self, load: Callable[[], Sequence[JsonRow]], added: Sequence[JsonRow] = ()) -> None:
        self._load, self.added = load, tuple(added)
        self._rows: list[JsonRow] | None = None

    def extended(self, rows: Sequence[JsonRow]) -> "Past":
        """With more rows at its end; nothing is read for that."""
        return Past(self._load, (*self.added, *rows))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == [*other]

    def __hash__(self) -> int:
        return id(self)

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, place: int) -> JsonRow: ...
    @overload
    def __getitem__(self, place: slice) -> list[JsonRow]: ...
    def __getitem__(self, place: int | slice) -> JsonRow | list[JsonRow]:
        return self._all()[place]

    def _all(self) -> list[JsonRow]:
        if self._rows is None:
            self._rows = [*self._load(), *self.added]
        return self._rows


def extended(past: Sequence[JsonRow], rows: Sequence[JsonRow]) -> Sequence[JsonRow]:
    """A past with more rows at its end."""
    return past.extended(rows) if isinstance(past, Past) else [*past, *rows]
