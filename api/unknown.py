"""Unknown names: a filter by one that nobody knows is refused, with those that are like it.

So that a misspelt filter never answers as if there were nothing. A name that is known and of which there is nothing
gives an empty answer; a pattern with `*` is no name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api import problems
from store import providers, unknown
from store.connect import Connection
from timeline.headlines import KINDS
from timeline.nearness import near


@dataclass(frozen=True, kw_only=True, slots=True)
class _Noun:
    """One parameter that names things: which columns have its names, which nobody knows, and all there are."""

    columns: Sequence[str]
    strange: Callable[[Connection, Sequence[str]], list[str]]
    there: Callable[[Connection], Iterable[str]]
    where: str  # to see all of them


NOUNS = {
    "provider": _Noun(
        columns=("provider",), strange=unknown.unknown_providers, there=providers.known,
        where="/v1/sources and /v1/models name those there are",
    ),
    "model": _Noun(
        columns=("model_id", "model", "id"), strange=unknown.unknown_models, there=unknown.model_names,
        where="/v1/models names those there are, and `*` stands for any characters",
    ),
    "source": _Noun(
        columns=("source",), strange=unknown.unknown_sources, there=unknown.sources,
        where="/v1/sources names those there are",
    ),
}  # fmt: skip


def refuse(connection: Connection, wanted: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Raises a 404 problem where `wanted` asks for a provider, model or source that nobody knows.

    `rows` answer it: what they name is known. Nothing is asked of the database where they name all.
    """
    found = []
    for parameter, noun in NOUNS.items():
        given = getattr(wanted, parameter, None) or ()
        names = [given] if isinstance(given, str) else [*dict.fromkeys(given)]
        if not names or (rows and len(names) == 1):
            continue
        had = {row.get(column) for row in rows for column in noun.columns}
        asked = [name for name in names if name not in had and not (parameter == "model" and "*" in name)]
        strange = noun.strange(connection, asked) if asked else []
        there = [*noun.there(connection)] if strange else []
        found += [_told(parameter, name, near(name, there), noun.where) for name in strange]
    if found:
        raise problems.unknown(found)


def refuse_kinds(kinds: Iterable[str]) -> None:
    """Raises a 404 problem for kinds of events that do not exist, with those that are like them. A `*` is no name."""
    found = []
    for kind in dict.fromkeys(kinds):
        if kind in KINDS or "*" in kind:
            continue
        noun = kind.partition(".")[0]
        like = near(kind, KINDS) or [one for one in KINDS if one.partition(".")[0] == noun]
        found.append(_told("kind", kind, like, f"there are {', '.join(KINDS)}"))
    if found:
        raise problems.unknown(found)


def _told(parameter: str, name: str, like: Sequence[str], where: str) -> dict[str, Any]:
    meant = f"; did you mean {' or '.join(like)}?" if like else f": {where}"
    return {"parameter": parameter, "message": f"no {parameter} is called {name}{meant}", "near": [*like]}
