"""Providers as people write them: which known one a name that nobody knows seems to be."""

import difflib
from collections.abc import Collection
from typing import Final

NEAR: Final = 0.8
"""How alike a name nobody knows must be to a known one to be that one misspelt: catalogues know more providers."""


def spelt(name: str, among: Collection[str]) -> str:
    """The name as it is known, whatever its case; itself where it is not."""
    return name if name in among else next((one for one in among if one.casefold() == name.casefold()), name)


def meant(name: str, among: Collection[str]) -> str | None:
    """Which known provider a name that is none of them seems to be; None where it is none of them, or is one."""
    near = difflib.get_close_matches(name.casefold(), sorted(among), n=1, cutoff=NEAR)
    return near[0] if near and spelt(name, among) not in among else None
