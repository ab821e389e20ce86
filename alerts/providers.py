"""Providers as the reader writes them: a misspelt one would be waited for in silence for ever."""

import difflib
from collections.abc import Collection, Iterable
from typing import Final

from timeline import names
from timeline.strict import Table

NEAR: Final = 0.8
"""How alike a name nobody knows must be to a known one to be that one misspelt: catalogues know more providers."""


def known(of_sources: Iterable[str] = ()) -> frozenset[str]:
    """Those on file, and those of the sources that are watched."""
    return names.providers() | frozenset(of_sources)


def spelt(name: str, among: Collection[str]) -> str:
    """The name as it is known, whatever its case; itself where it is not."""
    return name if name in among else next((one for one in among if one.casefold() == name.casefold()), name)


def meant(name: str, among: Collection[str]) -> str | None:
    """Which known provider a name that is none of them seems to be; None where it is none of them, or is one."""
    near = difflib.get_close_matches(name.casefold(), sorted(among), n=1, cutoff=NEAR)
    return near[0] if near and spelt(name, among) not in among else None


def check(table: Table, field: str, given: Iterable[str], among: Collection[str]) -> tuple[str, ...]:
    """The providers of a field as they are known. Raises ConfigurationError for what seems to be misspelt."""
    found = [spelt(name, among) for name in given]
    for name in found:
        if near := meant(name, among):
            expected = f'a provider, as `aiwire sources` lists them (did you mean "{near}"?)'
            raise table.error(field, expected, found=repr(name))
    return tuple(found)
