"""A figure: what a table says of one subject by one measure: a rate on a leaderboard, water used in a year."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from timeline.keys import canonical


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One cell of a table, with the digits as printed.

    `number` is the lower end where the cell holds a range, `upto` its upper one. `plus` and `minus` are the margins of
    error, `qualifier` is how the number is softened (about, below, above, at least, at most). `period` is what the
    figure is about (2024, 2024-Q1, 2024-03, FY2024), `scope` whatever else tells it from others of its subject.
    In JSON and in views `number` is called `value`.
    """

    fact: ClassVar[str] = "figure"

    provider: str  # who publishes the table
    subject: str  # as printed
    measure: str
    number: Decimal
    upto: Decimal | None = None
    plus: Decimal | None = None
    minus: Decimal | None = None
    qualifier: str | None = None
    unit: str
    period: str | None = None
    scope: Mapping[str, str] = field(default_factory=dict)
    label: str = ""  # the printed cell
    locator: str = ""

    @property
    def key(self) -> str:
        """What makes it the same figure over time, within its source."""
        return key_of(self.subject, self.measure, self.scope, self.period)

    @property
    def value(self) -> tuple[Any, ...]:
        """What is compared between captures."""
        return (self.number, self.upto, self.plus, self.minus, self.qualifier, self.unit)

    @property
    def told(self) -> tuple[Any, ...]:
        """What is told when it is another: a margin of error alone is not."""
        return (self.number, self.upto, self.qualifier, self.unit)


def key_of(subject: str, measure: str, scope: Mapping[str, str], period: str | None) -> str:
    """The key of a figure, whether or not its number is known."""
    return canonical(["figure", subject, measure, dict(scope), period])
