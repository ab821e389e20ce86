"""From what somebody asks for to a WHERE clause: only conditions that are written down here or by the caller."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, LiteralString

import orjson

Conditions = Mapping[str, LiteralString]
Clause = tuple[LiteralString, dict[str, Any]]  # SQL, and the values its placeholders name


def where(
    conditions: Conditions,
    asked: Mapping[str, Any],
    *,
    patterns: Collection[str] = (),
    beyond: Clause | None = None,
    named: Clause | None = None,
    conditioned: Sequence[str] = (),
) -> Clause:
    """` WHERE ...` (or nothing) and its values. None and empty lists ask for nothing; `beyond` and `named` are
    conditions more.

    `conditioned` chooses by the conditions of a price, as `on_conditions` has it.

    In the values named in `patterns`, and in `model` where `naming` is among the conditions, a `*` stands for any
    characters. Raises TypeError for an unknown filter.
    """
    if unknown := asked.keys() - conditions.keys():
        raise TypeError(f"unknown filters {sorted(unknown)}, expected some of {sorted(conditions)}")
    values = {name: value for name, value in asked.items() if value is not None and value not in ([], ())}
    if LIKE_MODEL in conditions and any("*" in name for name in values.get("model", ())):
        values[LIKE_MODEL] = like(values.pop("model"))
    values |= {name: like(values[name]) for name in patterns if name in values}
    chosen: list[LiteralString] = []
    spelt: dict[str, Any] = {}
    for name in conditions:
        if name in values:
            condition, given = _spell_out(conditions[name], name, values[name])
            chosen.append(condition)
            spelt |= given
    for clause in (named, beyond, on_conditions(conditioned)):
        if clause is not None:
            chosen.append(clause[0])
            spelt |= clause[1]
    return (" WHERE " + " AND ".join(chosen) if chosen else ""), spelt


def _spell_out(condition: LiteralString, name: str, value: Any) -> Clause:
    """Lists one value at a time: a plan made once for all lists would expect ten values, and read whole indexes."""
    given = list(value) if isinstance(value, tuple) else value
    whole = f"ANY(%({name})s)"
    if not isinstance(given, list) or whole not in condition:
        return condition, {name: given}
    if len(given) == 1:
        return condition.replace(whole, f"%({name})s"), {name: given[0]}
    names = [f"{name}_{number}" for number in range(len(given))]
    several = f"ANY(ARRAY[{', '.join(f'%({one})s' for one in names)}])"
    return condition.replace(whole, several), dict(zip(names, given, strict=True))


def by_names(names: Sequence[str], ids: Sequence[str], *, nameless: bool = True) -> Clause:
    """The condition for models of these names, ids or as printed, or of these ids, which they stand for.

    Not `nameless`: whatever is printed under one of the names has one of the ids; then one index leads to all of it.

    The same as `naming`, where the ids were asked for before: a plan that is made for any values takes the answer to a
    question inside it for ten, and what ten models have for more than is worth an index.
    """
    by_id, values = _spell_out("model_id = ANY(%(ids)s)", "ids", [*names, *ids])
    if not nameless:
        return by_id, values
    by_name, more = _spell_out("model = ANY(%(model)s)", "model", [*names])
    return f"({by_id} OR {by_name})", values | more


LIKE_MODEL = "model_like"


def naming(view: LiteralString) -> Conditions:
    """The conditions for `model`: an id, or a name as printed by any source of `view`; exact, or with `*`."""
    return {
        "model": "(model_id = ANY(%(model)s) OR model = ANY(%(model)s) OR "
        f"model_id = ANY(ARRAY(SELECT named.model_id FROM {view} AS named WHERE named.model = ANY(%(model)s))))",
        LIKE_MODEL: "(model_id LIKE ANY(%(model_like)s) OR model LIKE ANY(%(model_like)s))",
    }


def after(columns: Sequence[LiteralString], cursor: Sequence[Any] | None, *, nullable: bool = True) -> Clause | None:
    """The condition for the rows that follow the row with these values, in ascending order of the columns.

    The first column may be null, and nulls come last, unless not `nullable`.
    """
    if cursor is None:
        return None
    names = [f"after_{number}" for number in range(len(columns))]
    values = dict(zip(names, cursor, strict=True))
    rest = f"({', '.join(columns[1:])}) > ({', '.join(f'%({name})s' for name in names[1:])})"
    first = columns[0]
    if not nullable:
        return f"({', '.join(columns)}) > ({', '.join(f'%({name})s' for name in names)})", values
    if cursor[0] is None:
        return f"({first} IS NULL AND {rest})", values
    return f"({first} > %(after_0)s OR {first} IS NULL OR ({first} = %(after_0)s AND {rest}))", values


def on_conditions(wanted: Sequence[str]) -> Clause | None:
    """The condition for prices under the conditions `name:value`: those of one name are alternatives, all names must
    hold. A `name:` without a value asks for prices that do not have it.
    """
    by_name: dict[str, list[str]] = {}
    for item in wanted:
        name, _, value = item.partition(":")
        by_name.setdefault(name, []).append(value)
    if not by_name:
        return None
    parts: list[LiteralString] = []
    values: dict[str, Any] = {}
    for number, (name, given) in enumerate(by_name.items()):
        place: LiteralString = _PLACES[number]
        held = [_held(name, value) for value in given if value]
        either: list[LiteralString] = []
        if held:  # contained: of that the planner knows how rare it is
            either.append(f"conditions @> ANY(%(held_{place})s::jsonb[])")
            values[f"held_{place}"] = [one for each in held for one in each]
        if len(held) < len(given):
            either.append(f"NOT conditions ? %(condition_{place})s")
            values[f"condition_{place}"] = name
        parts.append(f"({' OR '.join(either)})")
    return " AND ".join(parts), values


def _held(name: str, value: str) -> list[str]:
    """The JSON objects that hold the condition, as a text or as a number."""
    spelt: list[str | int] = [value]
    if value.isascii() and value.isdecimal() and len(value) < 19:
        spelt.append(int(value))
    return [orjson.dumps({name: one}).decode() for one in spelt]


_PLACES: tuple[LiteralString, ...] = (
    *("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    *("10", "11", "12", "13", "14", "15", "16", "17", "18", "19"),
)
MOST_CONDITIONS = len(_PLACES)


def steps(columns: Sequence[LiteralString], cursor: Sequence[Any] | None) -> list[Clause | None]:
    """The conditions for the rows that follow the row with these values, as `after` has it, one to ask after the other.

    Where the first column may be null and nulls come last, those are a question of their own: one condition for both
    could not begin in the middle of an index, and a page far down would read all those before it.
    """
    if cursor is None:
        return [None]
    if cursor[0] is None:
        return [after(columns, cursor)]
    return [after(columns, cursor, nullable=False), (f"{columns[0]} IS NULL", {})]


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
