"""How a changed text of a page and the days from which rules bind are told: in the words of the page."""

from collections.abc import Iterator, Sequence

from alerts import wording
from alerts.wording import Story, headline
from timeline.events import Event
from timeline.words import clean, counted

LINE = 400


def of_watched(events: Sequence[Event]) -> Story:
    """The story of one changed text, or of the rule dates of one look."""
    first = events[0]
    if first.kind == "page.changed":
        return Story(title=headline(first.headline), lines=tuple(_differences(first)))
    if len(events) == 1:
        quote = clean(str((first.new or first.old or {}).get("quote") or ""), LINE)
        return Story(title=headline(first.headline), lines=(f"In its words: {quote}",) if quote else ())
    lines = tuple(clean(event.headline, LINE) for event in events)
    return Story(
        title=headline(f"{wording.provider(first.provider)} dates {counted(len(events), 'rule')}"), lines=lines
    )


def _differences(event: Event) -> Iterator[str]:
    """The words that went, and those that came."""
    changes = (event.new or {}).get("changes")
    for change in changes if isinstance(changes, list) else ():
        was, now = (clean(str(change.get(name) or ""), LINE) for name in ("was", "is"))
        yield f"Was: {was} Is: {now}" if was and now else f"Gone: {was}" if was else f"New: {now}"
