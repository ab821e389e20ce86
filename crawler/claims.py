"""What the items of a feed claim of models, kept beside them."""

from datetime import datetime

from store import news_claims
from store.connect import Connection
from timeline.claims import claims_of, reader


def read_claims(connection: Connection, source: str, *, at: datetime) -> int:
    """Read what is new or edited among the items of `source` for claims, in the caller's transaction.

    A second time finds nothing to do; another version of the rules, or other names of models, read all anew.
    """
    version = reader()
    texts = news_claims.unread(connection, source, version)
    if not texts:
        return 0
    found = {number: claims_of(title, summary) for number, title, summary in texts}
    return news_claims.put(connection, source, found, reader=version, at=at)
