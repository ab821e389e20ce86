"""The general readers, by kind of source: what reads a page nobody has written a reader for."""

from functools import partial
from importlib import import_module

from crawler.extract.document import Document, Reader, Reading

VERSION = "34"


def _read_by(module: str, document: Document) -> Reading:
    """A reader is loaded when the first page asks for it: who only looks at the registry needs none of them."""
    reading: Reading = import_module(f"crawler.extract.{module}").read(document)
    return reading


GENERAL: dict[str, Reader] = {
    "pricing": partial(_read_by, "prices"),
    "lifecycle": partial(_read_by, "lifecycle"),
    "feed": partial(_read_by, "feeds"),
    "status": partial(_read_by, "statuspages"),
    "catalogue": partial(_read_by, "catalogues.general"),
    "table": partial(_read_by, "figures.reader"),
    "page": partial(_read_by, "pages"),
}
OPTIONS: dict[str, frozenset[str]] = {
    "feed": frozenset({"about", "jurisdiction", "only", "titled", "topics"}),
    "page": frozenset({"jurisdiction", "selector"}),
    "status": frozenset({"components"}),
    "pricing": frozenset({"columns", "currency", "pair", "yen"}),
    "lifecycle": frozenset({"listed", "scope"}),
}
"""What `options` of a source each of them knows; docs/sources.md says what they mean."""
