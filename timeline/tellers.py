"""Who says something, as people are told it: a source by its id, history that comes with aiwire by what it is."""

from typing import Final

BUNDLED: Final = {
    "bundled-prices": "the bundled price history",
    "bundled-lifecycle": "the bundled history of models' lives",
}
"""Of the sources that nobody visits: what each is."""


def teller(source: str) -> str:
    """`according to` this: `the bundled price history`; of any other source its id."""
    return BUNDLED.get(source, source)
