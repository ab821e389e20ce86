"""Which events tell the same story: found once for every event, kept for alerts, pages and SQL."""

from collections.abc import Sequence
from datetime import datetime

from alerts import witnesses
from store import events, story_links
from store.connect import Connection
from store.event_rows import StoredEvent


def link(connection: Connection, fresh: Sequence[StoredEvent], now: datetime) -> None:
    """Note of each fresh event whether other sources tell the same: the most trusted, then the earliest has the story.

    In the caller's transaction. First looks and what has no twin are left alone.
    """
    wanted = [event for event in fresh if not event.baseline and event.kind in witnesses.FAMILIES]
    if not wanted:
        return
    around = _around(connection, wanted)
    if len({(witnesses.seller(event), event.source) for event in around}) == len(set(map(witnesses.seller, around))):
        return  # nobody has two tellers
    groups = _Groups(connection, around)
    by_name: dict[tuple[str, str, str], list[StoredEvent]] = {}
    for event in around:
        for name in witnesses.model_names(event):
            by_name.setdefault((witnesses.seller(event), witnesses.FAMILIES[event.kind], name), []).append(event)
    for event in wanted:
        family = witnesses.FAMILIES[event.kind]
        found = {
            other.id: other
            for name in witnesses.model_names(event)
            for other in by_name.get((witnesses.seller(event), family, name), ())
            if witnesses.same_story(event, other)
        }
        for other in sorted(found.values(), key=lambda other: _distance(event, other)):
            groups.join(event, other)
    changed = groups.changed()
    events.count_change(connection, [event.source for group in changed for event in group])
    for group in changed:
        best = min(group, key=witnesses.rank)
        story_links.link(connection, best.id, [event.id for event in group], now)


def _around(connection: Connection, wanted: Sequence[StoredEvent]) -> list[StoredEvent]:
    """What any source saw of the same sellers at about the same time."""
    spans = []
    for provider in sorted({event.provider for event in wanted}):
        times = [event.observed_at for event in wanted if event.provider == provider]
        first, last = min(times) - witnesses.WINDOW, max(times) + witnesses.WINDOW
        spans += [(name, first, last) for name in witnesses.same_sellers(provider)]
    return events.near(connection, spans, list(witnesses.FAMILIES))


def _distance(event: StoredEvent, other: StoredEvent) -> tuple[object, ...]:
    """The very same name first, then the nearest in time: a price may go there and back within the window."""
    return (event.model_id != other.model_id, abs(event.observed_at - other.observed_at), other.position)


class _Groups:
    """Events by the story they tell. Of one source a story has one event: what it says twice happened twice."""

    def __init__(self, connection: Connection, around: Sequence[StoredEvent]) -> None:
        stories = story_links.stories(connection, [event.id for event in around])
        tellers = story_links.tellers(connection, {*stories.values(), *(event.id for event in around)})
        known = {event.id: event for event in around}
        missing = [id_ for ids in tellers.values() if len(ids) > 1 for id_ in ids if id_ not in known]
        known |= {event.id: event for event in events.by_id(connection, missing)}
        self._group: dict[str, list[StoredEvent]] = {}
        self._changed: dict[int, list[StoredEvent]] = {}
        for ids in tellers.values():
            group = [known[id_] for id_ in ids if id_ in known]
            if len(group) > 1:
                self._group |= {event.id: group for event in group}

    def join(self, one: StoredEvent, other: StoredEvent) -> None:
        """Let two events tell one story, unless a source would tell it twice."""
        mine, its = self._of(one), self._of(other)
        if mine is its or {event.source for event in mine} & {event.source for event in its}:
            return
        group = [*mine, *its]
        for old in (mine, its):
            self._changed.pop(id(old), None)
        self._group |= {event.id: group for event in group}
        self._changed[id(group)] = group

    def changed(self) -> list[list[StoredEvent]]:
        """The groups that grew."""
        return list(self._changed.values())

    def _of(self, event: StoredEvent) -> list[StoredEvent]:
        return self._group.setdefault(event.id, [event])
