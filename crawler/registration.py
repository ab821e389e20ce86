"""A source as the store registers it."""

import json

from crawler.source import Source
from store.sources import SourceRow
from timeline.keys import canonical


def registration(source: Source) -> SourceRow:
    """The row of a source, with what is configured about it as plain JSON."""
    config = {
        "former_urls": source.former_urls,
        "extract": source.extract,
        "expect": {"facts": source.expect.facts, "models": source.expect.models, "markers": source.expect.markers},
        "options": source.options,
        "lineage": source.lineage or source.provider,
    }
    return SourceRow(
        id=source.id,
        provider=source.provider,
        kind=source.kind,
        url=source.url,
        trust=source.trust,
        every=source.every,
        verified=source.verified,
        config=json.loads(canonical(config)),
    )
