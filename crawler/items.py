"""What is read of a feed's items beside their text: what they claim of models, and the deals they tell."""

from datetime import datetime

from crawler import claims, funding
from store.connect import Connection
from store.deals import Refolded

KINDS = ("feed",)
"""Kinds of source that have items."""


def read(connection: Connection, source: str, *, at: datetime, tell: bool, because: str = funding.CHANGED) -> Refolded:
    """Read what is new or edited among the items of `source`, in the caller's transaction, which holds the source.

    With `tell` the events that new items cause are told; what is only read better now is not. What no item says any
    more is withdrawn with `because`. A second time finds nothing to do.
    """
    claims.read_claims(connection, source, at=at)
    return funding.read_items(connection, source, at=at, tell=tell, because=because)
