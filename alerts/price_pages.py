"""How a price list that changed for many models is told: a headline, and a line for each model."""

from collections.abc import Sequence
from dataclasses import replace

from alerts import wording
from alerts.price_stories import LINE, lead_of, line, order, tier_of, verb_of
from alerts.wording import Story, headline
from timeline.events import Event
from timeline.words import clean, counted, listed, per_cent, sizes

_TOLD_BY_PER_CENT = ("price.changed", "price.scheduled")


def of_page(who: str, models: Sequence[Sequence[Event]]) -> Story:
    """The story of a price list that changed for many models."""
    lead, told = lead_of([event for one in models for event in one])
    rest = iter(told)
    lines = tuple(_model_line([next(rest) for _ in one], unit=not lead) for one in models)
    return Story(title=headline(_page_headline(who, models)), lead=lead, lines=lines)


def _model_line(events: Sequence[Event], *, unit: bool) -> str:
    """One model of many: `gpt-4o: input $5.00 → $2.50, output $15.00 → $7.50 (−50 %)`."""
    told = sorted(events, key=order)
    percents = {event.change_pct for event in told}
    shared = next(iter(percents)) if len(percents) == 1 and len(told) > 1 else None
    if shared is not None:  # said once, at the end
        told = [replace(event, change_pct=None) for event in told]
    parts = [line(event, unit=unit).replace(": ", " ", 1) for event in told]
    said = "; ".join(parts) if shared is None else f"{', '.join(parts)} ({per_cent(shared)})"
    return clean(f"{wording.name_of(told[0])}: {said}", LINE * 2)


def _page_headline(who: str, models: Sequence[Sequence[Event]]) -> str:
    events = [event for one in models for event in one]
    kinds = {event.kind for event in events}
    percents = [event.change_pct for event in events if event.change_pct is not None]
    ahead = kinds == {"price.scheduled"}
    what = f"the {tier_of(events)}prices of {counted(len(models), 'model')}"
    if kinds in ({"price.listed"}, {"price.delisted"}):
        return f"{who} {'lists' if kinds == {'price.listed'} else 'no longer lists'} {what.removeprefix('the ')}"
    if not kinds <= set(_TOLD_BY_PER_CENT) or len(kinds) > 1 or len(percents) < len(events):
        return f"{who} changes its price list for {counted(len(models), 'model')}"
    if len({pct < 0 for pct in percents}) == 1:
        return f"{who} {verb_of(percents[0], ahead=ahead)} {what} by {sizes(percents)}"
    cut = sum(1 for one in models if all((event.change_pct or 0) < 0 for event in one))
    risen = sum(1 for one in models if all((event.change_pct or 0) > 0 for event in one))
    parts = [(cut, "cut"), (risen, "raised"), (len(models) - cut - risen, "both")]
    told = listed([f"{number} {word}" for number, word in parts if number])
    return f"{who} {'will change' if ahead else 'changes'} {what}: {told}"
