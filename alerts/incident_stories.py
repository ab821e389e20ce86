"""The story of incidents that one look at a status page found: one by its headline, several under one. Pure."""

from collections.abc import Sequence

from alerts import wording
from alerts.wording import Story, headline
from timeline.events import Event
from timeline.words import clean, counted

LINE = 300


def of_incidents(events: Sequence[Event]) -> Story:
    """What began and what ended; of one that did both between two looks only that it is over."""
    newest: dict[str, Event] = {}
    for event in events:
        if event.key not in newest or event.kind == "incident.resolved":
            newest[event.key] = event
    told = [*newest.values()]
    lines = tuple(clean(event.headline, LINE) for event in told)
    if len(told) == 1:
        return Story(title=headline(lines[0]))
    over = sum(event.kind == "incident.resolved" for event in told)
    state = "all resolved" if over == len(told) else f"{over} of them resolved" if over else "none resolved"
    title = f"{wording.provider(events[0].provider)}: {counted(len(told), 'incident')}, {state}"
    return Story(title=headline(title), lines=lines)
