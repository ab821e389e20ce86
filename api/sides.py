"""Models side by side: the prices of each in groups, so that like stands beside like. Pure.

First what most people pay, then each set of conditions by itself: batch, priority, long prompts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from api import portraits
from timeline.meters import meters
from timeline.offers import conditions, meter
from timeline.plain_prices import SPECIAL, plainness
from timeline.words import per_unit

Row = Mapping[str, Any]
Cell = Mapping[str, Any] | None  # as `portraits.priced` gives it, with a `note`

_FIRST = ("input", "cache_read", "cache_write", "output", "reasoning")
PLAIN, OTHERS = "list price", "other prices"  # names of the first group and of the last


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One meter in one unit, a cell for each side; None where it has no such price."""

    meter: str
    unit: str
    cells: Sequence[Cell]
    conditions: str = ""  # where its group has several


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """The prices that hold under the same conditions; of the plain ones the name is PLAIN."""

    name: str
    lines: Sequence[Line]


def groups(sides: Sequence[Sequence[Row]], firsts: Mapping[portraits.Place, Row | None], now: datetime) -> list[Group]:
    """The prices of each side: the plain group first, then those that most sides have, then all that stand alone.

    A side that has no plain price of a meter shows the one for shorter prompts there, and says so.
    """
    found: dict[str, dict[tuple[Any, ...], dict[int, Cell]]] = {}
    for number, rows in enumerate(sides):
        plain = _plain(rows)
        for row in rows:
            told = in_usual_unit(row)
            is_plain = plain.get((row["meter"], row["unit"])) is row
            name = PLAIN if is_plain else conditions(row["conditions"])
            key = (_rank(row["meter"]), meter(row["meter"]), per_unit(told))
            cell = {**portraits.priced(told, firsts, now), "note": conditions(row["conditions"]) if is_plain else ""}
            found.setdefault(name, {}).setdefault(key, {}).setdefault(number, cell)
    order = sorted(found, key=lambda name: (name != PLAIN, -_had(found[name]), name))
    alone = [name for name in order if name != PLAIN and len(found[name]) == 1]
    made = [Group(name=name, lines=_lines(found[name], len(sides))) for name in order if name not in alone]
    rest = sorted(
        (line for name in alone for line in _lines(found[name], len(sides), name)),
        key=lambda line: (line.meter, line.conditions),
    )
    return [*made, *([Group(name=OTHERS, lines=rest)] if rest else [])]


def in_usual_unit(row: Row) -> Row:
    """In the unit in which its meter is usually told, so that columns can be compared."""
    known = meters().get(row["meter"])
    if known is None or known.unit != row["unit"] or row["amount"] is None:
        return row
    per = Decimal(known.per)
    amount = (Decimal(row["amount"]) * per / Decimal(row["per"])).normalize()
    return {**row, "amount": amount, "per": per}


def _plain(rows: Sequence[Row]) -> dict[tuple[str, str], Row]:
    """Of each meter and unit the plainest price, where it is plain at all."""
    chosen: dict[tuple[str, str], Row] = {}
    for row in sorted(rows, key=plainness):
        if plainness(row)[0] < SPECIAL:
            chosen.setdefault((row["meter"], row["unit"]), row)
    return chosen


def _had(lines: Mapping[Any, Mapping[int, Cell]]) -> int:
    """How many sides have a price of the group."""
    return len({number for cells in lines.values() for number in cells})


def _lines(lines: Mapping[tuple[Any, ...], Mapping[int, Cell]], count: int, name: str = "") -> list[Line]:
    return [
        Line(meter=key[1], unit=key[2], cells=[cells.get(number) for number in range(count)], conditions=name)
        for key, cells in sorted(lines.items())
    ]


def _rank(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
