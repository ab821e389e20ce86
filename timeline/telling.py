"""From two beliefs about one key to the events that tell the difference: at most one of a kind."""

from dataclasses import replace
from datetime import datetime

from timeline import watched
from timeline.changes import Change, Side, told, worded
from timeline.dates import is_past
from timeline.events import Event
from timeline.facts import Fact
from timeline.figures import Figure
from timeline.incidents import Incident
from timeline.keys import canonical
from timeline.news import NewsItem
from timeline.notices import Notice
from timeline.page_texts import PageText
from timeline.prices import PricePoint
from timeline.rule_dates import RuleDate
from timeline.specs import ModelSpec
from timeline.telling_prices import tell_end, tell_prices


def tell(change: Change) -> list[Event]:
    """The events of a look that shows the key, not yet numbered."""
    fact = change.new[-1].fact if change.new else None
    if isinstance(fact, PricePoint):
        return tell_prices(change)
    if isinstance(fact, Notice):
        return _notice_events(change, fact)
    if isinstance(fact, ModelSpec):
        return _spec_events(change, fact)
    if isinstance(fact, Incident):
        return _incident_events(change, fact)
    if isinstance(fact, Figure | RuleDate | PageText):
        was = change.old[-1].fact if change.known and change.old else None
        return _watched_events(change, fact, watched.difference(was, fact))
    return [] if change.known or not isinstance(fact, NewsItem) else [_published(change, fact)]


def tell_gone(change: Change) -> list[Event]:
    """The events of a key that is no longer listed."""
    fact = change.old[-1].fact if change.old and not change.offer else None
    if isinstance(fact, Notice):
        return [told(change, "model.delisted", fact, notice_side(fact), None)]
    if isinstance(fact, Figure | RuleDate | PageText):
        return _watched_events(change, fact, watched.gone(fact))
    return tell_end(change)


def tell_due(change: Change, notice: Notice, days: int) -> Event:
    """A retirement comes near: `days` is the milestone, `change.look.at` the instant at which it is told."""
    new = {"retires_on": notice.retires_on, "days": days}
    event = told(change, "model.retirement_due", notice, None, new, effective_at=notice.retires_on)
    return replace(event, before=None, after=change.new[-1].first, observed_after=None)


def tell_repointed(change: Change, alias: PricePoint | Notice, old: Side, new: Side) -> Event:
    """A name that stands for another model from now on: no price was cut, no model listed."""
    event = told(change, "model.alias_repointed", alias, old, new)
    key = canonical(["alias", alias.model])
    return worded(replace(event, key=key, subject_kind="model", meter=None, conditions={}, model_id=new["model_id"]))


def notice_side(fact: Notice) -> Side:
    """One side of a listing or delisting."""
    return {"status": fact.status, **_dates(fact), "replacements": list(fact.replacements)}


def _dates(fact: Notice) -> dict[str, str | None]:
    return {"retires_on": fact.retires_on, "not_before": fact.not_before}


def _notice_events(change: Change, new: Notice) -> list[Event]:
    was = change.old[-1].fact if change.known and change.old else None
    if not isinstance(was, Notice):
        return [told(change, "model.listed", new, None, notice_side(new)), *_end_first_told(change, new)]
    events = []
    if was.status != new.status:
        old_side, new_side = {"status": was.status}, {"status": new.status}
        events.append(told(change, "model.status_changed", new, old_side, new_side, effective_at=_status_date(new)))
    if kind := _retirement_kind(was, new):
        date = new.retires_on or new.not_before
        events.append(told(change, kind, new, _dates(was), _dates(new), effective_at=date))
    if set(was.replacements) != set(new.replacements):
        before, after = {"replacements": list(was.replacements)}, {"replacements": list(new.replacements)}
        events.append(told(change, "model.replacement_changed", new, before, after))
    return events


def _end_first_told(change: Change, new: Notice) -> list[Event]:
    """Pages that list only what ends announce an end by a new row: that is an end scheduled, not a model more.

    What had ended already is none, nor what comes back, nor are floors: they are a model's first appearance.
    """
    day = new.retires_on
    if day is None or change.old or change.look.baseline or new.status == "retired" or is_past(day, change.look.at):
        return []
    return [told(change, "model.retirement_scheduled", new, None, _dates(new), effective_at=day)]


def _retirement_kind(was: Notice, new: Notice) -> str | None:
    """A firm date where there was none is scheduled, also where there was a floor; a floor instead of it withdraws."""
    if (was.retires_on, was.not_before) == (new.retires_on, new.not_before):
        return None
    if was.retires_on and new.retires_on and watched.agree(was.retires_on, new.retires_on):
        return None
    if new.retires_on:
        return "model.retirement_moved" if was.retires_on else "model.retirement_scheduled"
    if new.not_before and not was.retires_on:
        return "model.retirement_moved" if was.not_before else "model.retirement_scheduled"
    return "model.retirement_withdrawn"


def _status_date(notice: Notice) -> str | None:
    if notice.status == "retired":
        return notice.retires_on
    return (notice.deprecates_on or notice.announced_on) if notice.status == "deprecated" else None


def _spec_events(change: Change, now: ModelSpec) -> list[Event]:
    """What a source restates of a model, field by field. That it begins to say so is no change of the model."""
    was = change.old[-1].fact if change.known and change.old else None
    if not isinstance(was, ModelSpec):
        return []
    before, after = was.says, now.says
    moved = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not moved:
        return []
    old, new = ({name: said.get(name) for name in moved} for said in (before, after))
    return [told(change, "model.spec_changed", now, old, new)]


def _watched_events(change: Change, fact: Fact, found: watched.Difference | None) -> list[Event]:
    if found is None:
        return []
    event = told(
        change,
        found.kind,
        fact,
        found.old,
        found.new,
        effective_at=found.effective_at,
        change_pct=found.change_pct,
        direction=found.direction,
    )
    return [event]


def _published(change: Change, item: NewsItem) -> Event:
    published = item.published_at.isoformat() if item.published_at else None
    new: Side = {"guid": item.guid, "title": item.title, "url": item.url, "published_at": published}
    if item.topics:
        new["topics"] = list(item.topics)
    return told(change, "news.published", item, None, new, effective_at=published)


def _incident_events(change: Change, incident: Incident) -> list[Event]:
    """That it began, once, and that it ended, once: also where both happened between two looks."""
    events = []
    if not change.known:
        events.append(_of_incident(change, "incident.opened", incident, _time(incident.started_at)))
    ended_before = any(isinstance(row.fact, Incident) and row.fact.resolved_at for row in change.old)
    if incident.resolved_at is not None and not ended_before:
        events.append(_of_incident(change, "incident.resolved", incident, _time(incident.resolved_at)))
    return events


def _of_incident(change: Change, kind: str, incident: Incident, at: str | None) -> Event:
    side: Side = {"guid": incident.guid, "title": incident.title, "url": incident.url, "impact": incident.impact}
    side |= {"components": list(incident.components), "started_at": _time(incident.started_at)}
    if kind == "incident.resolved":
        side |= {"resolved_at": _time(incident.resolved_at), "minutes": incident.minutes}
    return told(change, kind, incident, None, side, effective_at=at)


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
