"""Incidents: what status pages tell of times in which a service did not work as it should."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api import lists, schemas
from api.feeds import Entry
from api.lists import Listing, Rows
from api.parameters import IncidentFilter
from api.rendering import web
from store import incidents
from store.connect import Connection
from store.incidents import IncidentFilters
from timeline.names import title
from timeline.words import listed

ABOUT = """Incidents by when they began, the newest first; one row for each source that tells of it.

`minutes` is how long it lasted or, while `is_open`, has lasted. What a status page does not say is null.
"""


def read(connection: Connection, wanted: IncidentFilter, after: Any, limit: int) -> Rows:
    """The rows that follow a place."""
    asked = lists.filters(wanted, IncidentFilters)
    return incidents.page(connection, wanted.as_of, wanted.known_at, before=after, limit=limit, **asked)


def entry(row: Mapping[str, Any], base_url: str) -> Entry:
    """An incident as an item of a feed; its id stays when it is updated and when it ends."""
    who = title(row["provider"])
    affected = f"Affected: {listed(row['components'])}." if row["components"] else ""
    ended = f"Resolved {row['resolved_at']:%Y-%m-%d %H:%M} UTC." if row["resolved_at"] else ""
    return Entry(
        about=("incident", row["source"], row["key"]),
        title=f"{who}: {row['title']}" + (f" ({row['status']})" if row["status"] else ""),
        url=web(row["url"]),
        text="\n".join(line for line in (row["summary"], affected, ended) if line),
        published=row["at"],
        updated=row["told_at"],
        tags=[tag for tag in (row["impact"], row["provider"]) if tag],
        author=who,
    )


INCIDENTS = Listing(
    name="incidents", title="AI incidents", home="/", filters=IncidentFilter, shape=schemas.Incident, read=read,
    order=incidents.ORDER, types=(datetime, str, str), entry=entry,
)  # fmt: skip
