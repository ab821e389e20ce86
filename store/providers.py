"""Providers: every one of which anything is known, or whose pages and feeds are watched."""

from store import event_pages
from store.connect import Connection
from timeline import names


def known(connection: Connection) -> frozenset[str]:
    """Those on file, of the sources, and of the events: whatever is known of a provider was told by one once. Works
    for a reader.
    """
    watched = connection.execute("SELECT DISTINCT provider FROM timeline.source_health").fetchall()
    return names.providers() | {row[0] for row in watched if row[0]} | set(event_pages.providers(connection))
