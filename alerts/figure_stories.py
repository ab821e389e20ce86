"""How figures of a watched table are told: one by itself in a sentence, several by subject, a line each."""

from collections.abc import Sequence

from alerts import wording
from alerts.wording import Story, headline
from timeline.events import Event
from timeline.headlines import figure, measure
from timeline.words import clean, counted, listed, per_cent

LINE = 300


def of_figures(events: Sequence[Event]) -> Story:
    """The story of the figures of one look at one table."""
    who = wording.provider(events[0].provider)
    subjects: dict[str, list[Event]] = {}
    for event in events:
        subjects.setdefault(_subject(event), []).append(event)
    if len(events) == 1:
        return Story(title=headline(f"{who}: {_subject(events[0])}, {_moved(events[0])}"))
    lines = [clean(f"{name}: {'; '.join(map(_moved, own))}", LINE) for name, own in subjects.items()]
    if len(subjects) == 1:
        name, own = next(iter(subjects.items()))
        told = "appears" if all(event.old is None for event in own) else "changes"
        told = "is no longer shown" if all(event.new is None for event in own) else told
        title = f"{who}: {name} {told} ({listed([measure(event.meter) for event in own])})"
        return Story(title=headline(title), lines=tuple(clean(_moved(event), LINE) for event in own))
    fresh = [name for name, own in subjects.items() if all(event.old is None for event in own)]
    new = f", {counted(len(fresh), 'new entry')}" if fresh else ""
    title = f"{who}: {counted(len(events), 'figure')} of {counted(len(subjects), 'entry')} changed{new}"
    return Story(title=headline(title), lines=tuple(lines))


def _subject(event: Event) -> str:
    scope = listed([clean(str(event.conditions[name]), 40) for name in sorted(event.conditions)])
    return f"{wording.name_of(event)}{f' ({scope})' if scope else ''}"


def _moved(event: Event) -> str:
    """`hallucination rate 1.4 %, was 2.1 (−33 %)`, `hallucination rate 0.7 % (new)`, `... gone (was 2.1 %)`."""
    what = measure(event.meter)
    if event.new is None:
        return f"{what} gone (was {figure(event.old)})"
    if event.old is None:
        return f"{what} {figure(event.new)} (new)"
    pct = "" if event.change_pct is None else f" ({per_cent(event.change_pct)})"
    return f"{what} {figure(event.new)}, was {figure(event.old, event.new)}{pct}"
