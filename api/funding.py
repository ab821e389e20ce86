"""Funding: rounds, purchases, listings, loans and funds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api import lists, schemas
from api.feeds import Entry
from api.lists import Listing, Rows
from api.parameters import FundingFilter
from api.rendering import web
from store import funding
from store.connect import Connection
from store.funding import FundingFilters
from timeline import deal_words
from timeline.names import title
from timeline.words import listed

ABOUT = """Deals by when they were first reported, the latest first: one row a deal, however many outlets told it.

Amounts are in plain units of their currency and are never converted. What is only reported has the status `rumoured`.
"""
TOLD = tuple(schemas.DealReport.model_fields)


def read(connection: Connection, wanted: FundingFilter, after: Any, limit: int) -> Rows:
    """The rows that follow a place, each with its reports."""
    asked = lists.filters(wanted, FundingFilters)
    rows = funding.page(connection, wanted.as_of, wanted.known_at, before=after, limit=limit, **asked)
    reports: dict[str, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    for report in funding.reports(connection, [*reports], wanted.known_at):
        reports[report["deal"]].append({name: report[name] for name in TOLD} | {"url": web(report["url"])})
    return [
        {**row, "headline": deal_words.deal({**row, "label": row["kind"]}), "reports": reports[row["id"]]}
        for row in rows
    ]


def entry(row: Mapping[str, Any], base_url: str) -> Entry:
    """A deal as an item of a feed: it keeps its id when its terms change, and leads to who told it first."""
    told = [title(report["outlet"]) for report in row["reports"]]
    return Entry(
        about=("deal", row["id"]),
        title=row["headline"],
        url=next((report["url"] for report in row["reports"] if report["url"]), ""),
        text=f"Told by {listed([*dict.fromkeys(told)])}." if told else "",
        published=row["first_reported"],
        updated=row["known_from"],
        tags=[tag for tag in (row["kind"], row["status"], *row["topics"]) if tag],
        author=told[0] if told else "",
    )


FUNDING = Listing(
    name="funding", title="AI funding", home="/?kind=funding.*", filters=FundingFilter, shape=schemas.Deal, read=read,
    order=("first_reported", "id"), types=(datetime, str), entry=entry,
)  # fmt: skip
