"""Providers as the reader writes them: a misspelt one would be waited for in silence for ever."""

from collections.abc import Collection, Iterable

from timeline import names
from timeline.providers import meant, spelt
from timeline.strict import Table


def known(of_sources: Iterable[str] = ()) -> frozenset[str]:
    """Those on file, and those of the sources that are watched."""
    return names.providers() | frozenset(of_sources)


def check(table: Table, field: str, given: Iterable[str], among: Collection[str]) -> tuple[str, ...]:
    """The providers of a field as they are known. Raises ConfigurationError for what seems to be misspelt."""
    found = [spelt(name, among) for name in given]
    for name in found:
        if near := meant(name, among):
            expected = f'a provider, as `aiwire sources` lists them (did you mean "{near}"?)'
            raise table.error(field, expected, found=repr(name))
    return tuple(found)
