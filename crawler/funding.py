"""From the items of a feed to deals: new and edited ones are read, and the deals they tell are folded anew."""

from datetime import datetime

from crawler.extract.funding.readings import VERSION, read_item
from store import deals, funding_reports
from store.connect import Connection
from store.deals import Refolded
from store.funding_reports import Report, Text
from timeline.deals import item_id

READER = f"funding {VERSION}"
CHANGED = "the reports that told it say otherwise now"


def read_items(connection: Connection, source: str, *, at: datetime, tell: bool, because: str = CHANGED) -> Refolded:
    """Read what is new or edited among the items of `source`, and fold the deals that they tell, in the caller's
    transaction, which holds the source.

    With `tell` the events caused by items that nobody had read are told; what is only read better now is not. What no
    item says any more is withdrawn with `because`. A second time finds nothing to do.
    """
    touched: set[str] = set()
    if not tell:  # only a rebuild takes texts back, or finds out that they were no news
        touched |= funding_reports.drop_gone(connection, source, at) | funding_reports.mark_anew(connection, source)
    texts = funding_reports.unread(connection, source, READER)
    if texts:
        touched |= funding_reports.put(connection, [_read(text) for text in texts], reader=READER, at=at)
    fresh = {(text.source, text.seen) for text in texts if text.is_new} if tell else set()
    return deals.refold(connection, touched, at=at, because=because, fresh=fresh)


def _read(text: Text) -> Report:
    item = {
        "id": item_id(text.source, text.key),
        "title": text.title,
        "summary": text.summary,
        "url": text.url,
        "published": text.published_at.date().isoformat() if text.published_at else None,
    }
    reasoned = read_item(item)
    return Report(text=text, terms=reasoned.round, because=reasoned.because, reasons=reasoned.reasons)
