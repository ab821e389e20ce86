"""What a good look does not show although it may still be for sale: absence behind a gap is no absence. Pure.

A page can only delist what a page of its form would show. So what is missing from a look counts neither as present nor
as missing while one of these explains it: the look is of another form than the last one (another address, another
language, HTML instead of Markdown); a section that held prices still stands, and holds none; the page gives two values,
or one that cannot be understood (a day that no calendar has).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What a gap is measured by: the form of a page (any text), and how many sections of each title hold nothing."""

    form: str
    empty: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover:
    """Why a key may be missing from a page and still be for sale.

    `form`: that of the page, which has never shown it, unlike the form `shown`. `titles`: the sections that lost what
    they held, each with how many of its title are empty now. `contradicted`: the page gives it values that exclude
    each other, or one that cannot be understood.
    """

    form: str | None = None
    shown: str | None = None
    titles: Mapping[str, int] = field(default_factory=dict)
    contradicted: bool = False

    @property
    def detail(self) -> str:
        """Why, for a person."""
        if self.contradicted:
            return "the page states more than one value, or one that cannot be understood"
        if self.titles:
            return f"not on the page, where {', '.join(sorted(self.titles)[:3])} has lost its prices"
        return "not on this form of the page, which has never shown it"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        said = {"form": self.form, "shown": self.shown, "titles": dict(self.titles)}
        return said | {"contradicted": self.contradicted}

    def lasts(self, now: Shape | None) -> bool:
        """Whether a later look is still of the same kind."""
        if now is None or self.contradicted:
            return False
        return now.form == self.form or any(now.empty.get(title, 0) >= count for title, count in self.titles.items())
