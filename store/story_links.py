"""Witnesses: which events tell the story of another, and whose pages they were seen on."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from store.connect import Connection


def link(connection: Connection, story: str, witnesses: Sequence[str], at: datetime) -> None:
    """`witnesses` tell the story of another event; whatever told theirs tells that one too."""
    asked = [event for event in witnesses if event != story]
    connection.execute("DELETE FROM witness WHERE event = %s", [story])
    connection.execute("UPDATE witness SET story = %s WHERE story = ANY(%s) AND event <> %s", [story, asked, story])
    connection.execute(
        "INSERT INTO witness (event, story, linked_at) SELECT unnest(%s::text[]), %s, %s "
        "ON CONFLICT (event) DO UPDATE SET story = EXCLUDED.story",
        [asked, story, at],
    )


def stories(connection: Connection, events: Iterable[str]) -> dict[str, str]:
    """Of each event that tells the same as another: whose story it is."""
    ids = sorted(set(events))
    return dict(connection.execute("SELECT event, story FROM witness WHERE event = ANY(%s)", [ids]).fetchall())


def tellers(connection: Connection, stories_: Iterable[str]) -> dict[str, list[str]]:
    """All events of each of these stories, the one that it is the story of too."""
    ids = sorted(set(stories_))
    found = {story: [story] for story in ids}
    for event, story in connection.execute("SELECT event, story FROM witness WHERE story = ANY(%s)", [ids]):
        found[story].append(event)
    return found


def publishers(connection: Connection, sources: Iterable[str]) -> dict[str, str]:
    """Whose page or catalogue each source is."""
    ids = sorted(set(sources))
    return dict(connection.execute("SELECT id, provider FROM source WHERE id = ANY(%s)", [ids]).fetchall())
