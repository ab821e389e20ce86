"""Walks: a page of a long list whose rows are made of groups of other rows, read group by group in order.

Each price is chosen among what several sources claim: a page is made of so many claims, in the order of an index, as
fill it, however many there are behind.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row

from store.connect import Connection
from store.filters import Clause

Row = dict[str, Any]
Ask = Callable[[Clause | None, int], list[Row]]
GROUP: Sequence[LiteralString] = ("model_id", "provider", "meter")  # what competes for a price is of one group
SPARE = 3  # claims read for each price wanted, at first


def walk(ask: Ask, cursor: Sequence[Any] | None, limit: int) -> list[Row]:
    """The first `limit` rows behind `cursor` (values of GROUP and of the key; None: from the beginning).

    `ask` gives the rows made of the first so many members that fit a condition on their group, in order of group and
    key; each row says how many members there were (`members`), and whether its key is behind the cursor's (`behind`).
    """
    begun = None if cursor is None else tuple(cursor[:3])
    places, size, rows = _from(begun), SPARE * limit + 50, list[Row]()
    while places and len(rows) < limit:
        found = ask(places[0], size)
        if found and found[0]["members"] >= size:  # its last group may go on
            last = _group(found[-1])
            found = [row for row in found if _group(row) != last]
            places = _from(last) if found else places
            size *= 2 if found else 8
        else:
            places = places[1:]
        rows += [row for row in found if row["behind"] or _group(row) != begun]
    return [{name: row[name] for name in row if name not in ("members", "behind")} for row in rows[:limit]]


def ask_now(connection: Connection, query: LiteralString, values: Mapping[str, Any]) -> list[Row]:
    """The rows of a question that is planned for these very values.

    One plan for any values does well for what is named; which index leads to a page of a long list depends on how rare
    is what is asked for. To be planned anew takes some milliseconds.
    """
    with psycopg.ClientCursor(connection, row_factory=dict_row) as reading:
        return reading.execute(query, values).fetchall()


def _group(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in GROUP)


def _from(group: Sequence[Any] | None) -> list[Clause | None]:
    """The conditions for the groups from this one on, to be asked one after the other: models without an id come last,
    and one condition for both could not begin in the middle of an index.
    """
    if group is None:
        return [None]
    model_id, provider, meter = group
    rest = {"from_provider": provider, "from_meter": meter}
    nameless: LiteralString = "model_id IS NULL"
    if model_id is None:
        return [(nameless + " AND (provider, meter) >= (%(from_provider)s, %(from_meter)s)", rest)]
    here: LiteralString = "(model_id, provider, meter) >= (%(from_model)s, %(from_provider)s, %(from_meter)s)"
    return [(here, rest | {"from_model": model_id}), (nameless, {})]
