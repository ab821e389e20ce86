"""The headline and the body of a message: what happened to one model, or to many on one page."""

from collections.abc import Callable, Mapping, Sequence

from alerts import (
    clauses,
    figure_stories,
    incident_stories,
    life_pages,
    life_stories,
    price_pages,
    price_stories,
    watched_stories,
    wording,
)
from alerts.clauses import Replacements
from alerts.wording import Story, headline
from timeline.events import Event
from timeline.words import clean, counted, listed

LINE = 300


def of_models(models: Sequence[Sequence[Event]], replacements: Replacements) -> Story:
    """The story of one model, or of a few to which the very same happens; or of one source, or one feed.

    The events are of one capture. `replacements` are those named for `provider/model`, told or not.
    """
    events, what = models[0], names(models)
    prices = [event for event in events if event.kind.startswith("price.")]
    lives = [event for event in events if event.kind.startswith("model.")]
    if prices:
        story = price_stories.of_model(what, prices)
        return Story(title=story.title, lead=story.lead, lines=(*story.lines, *clauses.clauses(lives)))
    if lives:
        return life_stories.of_models(models, replacements)
    return _OTHERS.get(events[0].kind.partition(".")[0], _of_source)(events)


def names(models: Sequence[Sequence[Event]]) -> str:
    """`a, b and c`: the models by name, all of them."""
    return listed([wording.name_of(one[0]) for one in models], limit=len(models))


def of_page(models: Sequence[Sequence[Event]], replacements: Replacements) -> Story:
    """The story of a page that changed for many models at once: a headline and a line a model."""
    events = [event for one in models for event in one]
    who = wording.provider(events[0].provider)
    if all(event.kind.startswith("price.") for event in events):
        return price_pages.of_page(who, models)
    if all(event.kind.startswith("model.") for event in events):
        return life_pages.of_page(who, models, replacements)
    lines = []
    for one in models:
        story = of_models([one], replacements)
        lines.append(clean("; ".join((story.title, *story.lines)), LINE * 2))
    return Story(title=f"{who} changes {counted(len(models), 'model')}", lines=tuple(lines))


def _of_news(events: Sequence[Event]) -> Story:
    who = wording.provider(events[0].provider)
    titles = [clean(str((event.new or {}).get("title") or event.headline), LINE) for event in events]
    if len(events) > 1:
        return Story(title=f"{who}: {counted(len(events), 'new item')}", lines=tuple(titles))
    summary = clean(str((events[0].new or {}).get("summary") or ""), LINE)
    return Story(title=headline(f"{who}: {titles[0]}"), lines=(summary,) if summary else ())


def _of_source(events: Sequence[Event]) -> Story:
    lines = tuple(clean(event.headline, LINE) for event in events)
    return Story(title=headline(lines[0]), lines=lines[1:])


_OTHERS: Mapping[str, Callable[[Sequence[Event]], Story]] = {
    "news": _of_news,
    "incident": incident_stories.of_incidents,
    "figure": figure_stories.of_figures,
    "page": watched_stories.of_watched,
    "rule": watched_stories.of_watched,
}
"""By the noun of an event's kind: what is told of no model."""
