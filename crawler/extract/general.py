"""The general readers, by kind of source: what reads a page nobody has written a reader for."""

from crawler.extract import feeds, lifecycle, pages, prices, statuspages
from crawler.extract.catalogues import general as catalogues
from crawler.extract.document import Reader
from crawler.extract.figures import reader as figures

VERSION = "20"

GENERAL: dict[str, Reader] = {
    "pricing": prices.read,
    "lifecycle": lifecycle.read,
    "feed": feeds.read,
    "status": statuspages.read,
    "catalogue": catalogues.read,
    "table": figures.read,
    "page": pages.read,
}
OPTIONS: dict[str, frozenset[str]] = {
    "feed": frozenset({"about", "jurisdiction", "only", "titled", "topics"}),
    "page": frozenset({"jurisdiction", "selector"}),
    "status": frozenset({"components"}),
    "pricing": frozenset({"columns", "currency", "pair", "yen"}),
    "lifecycle": frozenset({"listed", "scope"}),
}
"""What `options` of a source each of them knows; docs/sources.md says what they mean."""
