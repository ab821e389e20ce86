"""Stories: events as the timeline page tells them. Pure: rows of `timeline.events` in, days of stories out.

The changes of one capture, provider and model are one story with a line for each meter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from api.times import DASH
from timeline.dates import day, on
from timeline.headlines import figure, measure
from timeline.names import title
from timeline.offers import conditions, meter, offer
from timeline.words import counted, per_cent, per_unit, price, sizes

Row = Mapping[str, Any]

WHAT = {
    "price.listed": "new price",
    "price.changed": "price change",
    "price.scheduled": "price change ahead",
    "price.schedule_withdrawn": "announced price withdrawn",
    "price.delisted": "price gone",
    "price.corrected": "correction",
    "model.listed": "new model",
    "model.status_changed": "lifecycle",
    "model.retirement_scheduled": "retirement set",
    "model.retirement_moved": "retirement moved",
    "model.retirement_withdrawn": "retirement called off",
    "model.retirement_due": "retirement near",
    "model.replacement_changed": "replacement",
    "model.alias_repointed": "alias moved",
    "model.delisted": "model gone",
    "model.spec_changed": "specification",
    "news.published": "news",
    "funding.announced": "deal",
    "funding.updated": "more on a deal",
    "incident.opened": "incident",
    "incident.resolved": "incident over",
    "figure.changed": "figure",
    "rule.dated": "rule",
    "page.changed": "page",
    "source.broken": "source trouble",
    "source.recovered": "source recovered",
    "source.stale": "source stale",
    "wire.troubled": "aiwire in trouble",
    "wire.recovered": "aiwire recovered",
}
PER_CENT = "\N{NARROW NO-BREAK SPACE}%"
METERS = ("input", "output", "cache_read", "cache_write")  # the order people expect
NOUNS = ("price", "model", "incident", "funding", "rule", "news", "figure", "page", "source", "wire")
WARNING = {
    "model.retirement_scheduled",
    "model.retirement_moved",
    "model.retirement_due",
    "model.delisted",
    "source.broken",
    "source.stale",
    "wire.troubled",
    "price.delisted",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One meter of a story: what it cost, what it costs."""

    meter: str
    conditions: str
    old: str
    new: str
    unit: str
    change: str
    direction: str  # cut, rise or empty


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """What one article of the page says. `rows` are its events, the first gives what all share."""

    rows: Sequence[Row]
    headline: str
    what: str
    tone: str  # cut rise warn plain
    lines: Sequence[Line]
    unit: str  # where all lines share it
    summary: str = ""
    link: str = ""  # the article itself, for news
    parts: Sequence["Story"] = ()  # of many models, see api.crowds: each of them

    @property
    def first(self) -> Row:
        """The event that stands for the story."""
        return self.rows[0]

    @property
    def models(self) -> Sequence[Row]:
        """The events of a story about several models, one each."""
        return self.rows if len(self.rows) > 1 and not (self.lines or self.parts) else ()

    @property
    def linked(self) -> bool:
        """Whether its model has a page of its own: the subject of a figure has none."""
        many = self.models or self.parts
        return bool(self.first["model"]) and not many and str(self.first["kind"]).startswith(("price.", "model."))

    @property
    def minor(self) -> bool:
        """Whether it only reminds of what was told before: a day that comes near."""
        return str(self.first["kind"]) == "model.retirement_due"

    @property
    def brief(self) -> bool:
        """Whether a single line is enough."""
        return str(self.first["kind"]).startswith("news.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """The stories of one day, UTC."""

    at: datetime
    stories: Sequence[Story]
    news: Sequence[Story] = ()  # those that stand apart, see api.crowds


def days(rows: Iterable[Row]) -> list[Day]:
    """The rows, newest first, as days of stories. What was observed at one moment is put in an order people expect."""
    ordered = sorted(rows, key=_order)
    stories = [_story(tuple(group)) for _, group in groupby(ordered, key=_together)]
    found = groupby(stories, key=lambda story: story.first["observed_at"].astimezone(UTC).date())
    return [Day(at=members[0].first["observed_at"], stories=members) for _, group in found if (members := [*group])]


def line(row: Row) -> Line:
    """The line of one price event."""
    old, new = row["old"] or {}, row["new"] or {}
    side = new if "per" in new else old
    gone = row["kind"] == "price.delisted" and not new
    return Line(
        meter=meter(row["meter"]),
        conditions=conditions(row["conditions"]),
        old=price(old, beside=side) if old else "",
        new="no longer listed" if gone else price(new) if new else DASH,
        unit=per_unit(side),
        change="" if row["change_pct"] is None else unbroken(per_cent(row["change_pct"])),
        direction=row["direction"] or "",
    )


def figure_line(row: Row) -> Line:
    """The line of one figure: its measure, what it was, what it is."""
    scope = row["conditions"] or {}
    return Line(
        meter=measure(row["meter"]),
        conditions=" · ".join(str(scope[name]) for name in sorted(scope)),
        old=unbroken(figure(row["old"])) if row["old"] else "",
        new=unbroken(figure(row["new"])) if row["new"] else "no longer shown",
        unit="",
        change="" if row["change_pct"] is None else unbroken(per_cent(row["change_pct"])),
        direction=row["direction"] or "",
    )


def _order(row: Row) -> tuple[object, ...]:
    noun = row["kind"].partition(".")[0]
    rank = NOUNS.index(noun) if noun in NOUNS else len(NOUNS)
    name, when = row["model_id"] or row["model"] or "", row["effective_at"] or ""
    status = (row["new"] or {}).get("status") or ""
    place = (row["kind"], status, when, name) if noun == "model" else (name, row["kind"], status, when)
    return (-row["observed_at"].timestamp(), rank, row["source"], row["provider"], *place, row["id"])


def _together(row: Row) -> tuple[object, ...]:
    shared = (row["source"], row["provider"], row["kind"], row["observed_at"], row["withdrawn_at"])
    noun = row["kind"].partition(".")[0]
    if noun == "price":
        name = row["model_id"] or row["model"]
        return (*shared, name, row["effective_at"])
    if noun == "figure":
        return (*shared, row["model"])
    if noun == "model":
        status = (row["new"] or {}).get("status")
        when = None if status else row["effective_at"]
        return (*shared, status, when)
    return (row["id"],)


def _story(rows: tuple[Row, ...]) -> Story:
    first = rows[0]
    if first["kind"].startswith("figure."):
        lines = [figure_line(row) for row in rows]
    else:
        lines = [*map(line, sorted(rows, key=_weight))] if first["kind"].startswith("price.") else []
    units = {item.unit for item in lines}
    new = first["new"] or {}
    news = first["kind"].startswith("news.")
    return Story(
        rows=rows,
        headline=_headline(rows),
        what=_what(rows),
        tone=_tone(rows),
        lines=lines,
        unit=units.pop() if len(units) == 1 else "",
        summary=str(new.get("summary") or "") if news else "",
        link=str(new.get("url") or "") if news or first["kind"] == "rule.dated" else "",
    )


def _weight(row: Row) -> tuple[object, ...]:
    when, place = conditions(row["conditions"]), METERS.index(row["meter"]) if row["meter"] in METERS else len(METERS)
    return (when != "", place, when)


def unbroken(text: str) -> str:
    """`80 %` in one piece, whatever the width of the page."""
    return text.replace(" %", PER_CENT)


def _headline(rows: Sequence[Row]) -> str:
    first = rows[0]
    if first["kind"] == "news.published":
        return str((first["new"] or {}).get("title") or first["headline"])
    told = ""
    if first["kind"].startswith("price."):
        told = _of_prices(rows)
    elif first["kind"].startswith("figure.") and len(rows) > 1:
        told = f"{title(first['provider'])}: {counted(len(rows), 'figure')} of {first['model']}"
    elif len(rows) > 1:
        told = _of_models(rows)
    return unbroken(told or str(first["headline"]))


def _of_prices(rows: Sequence[Row]) -> str:
    first = rows[0]
    who, model = title(first["provider"]), first["model"] or first["model_id"]
    if len(rows) == 1:
        model = f"{model} {offer(first['meter'], first['conditions'])}"
    # the model may be listed still, or have been before: under other conditions
    those = model if len(rows) == 1 else f"{counted(len(rows), 'price')} of {model}"
    changes = [row["change_pct"] for row in rows if row["change_pct"] is not None]
    directions = {row["direction"] for row in rows}
    if first["kind"] == "price.changed" and len(directions) == 1 and changes:
        return f"{who} {'cuts' if directions == {'cut'} else 'raises'} {model} by {sizes(changes)}"
    told = {
        "price.listed": f"{who} lists {those}",
        "price.changed": f"{who} changes the prices of {model}",
        "price.scheduled": f"{who} announces new prices for {model}",
        "price.schedule_withdrawn": f"{who} calls off the announced prices of {model}",
        "price.delisted": f"{who} no longer lists {those}",
        "price.corrected": f"{who} corrects the prices of {model}",
    }
    return told.get(first["kind"], "")


def _of_models(rows: Sequence[Row]) -> str:
    first = rows[0]
    who, models = title(first["provider"]), counted(len(rows), "model")
    status, when = (first["new"] or {}).get("status"), first["effective_at"]
    verb = {"deprecated": "deprecates", "retired": "retires"}.get(status or "")
    told = {
        "model.listed": f"{who} lists {models}" + (f" as {status}" if status in ("deprecated", "retired") else ""),
        "model.status_changed": f"{who} {verb} {models}" if verb else f"{who} makes {models} {status}",
        "model.retirement_scheduled": f"{who} schedules {models} to retire" + (f" {on(when)}" if when else ""),
        "model.retirement_moved": f"{who} moves the retirement of {models}" + (f" to {day(when)}" if when else ""),
        "model.retirement_withdrawn": f"{who} calls off the retirement of {models}",
        "model.retirement_due": f"{who} retires {models}" + (f" {on(when)}" if when else " soon"),
        "model.replacement_changed": f"{who} names other replacements for {models}",
        "model.delisted": f"{who} no longer lists {models}",
    }
    return told.get(first["kind"], "")


def _what(rows: Sequence[Row]) -> str:
    kind, directions = str(rows[0]["kind"]), {row["direction"] for row in rows}
    if kind == "price.changed" and len(directions) == 1:
        return {"cut": "price cut", "rise": "price rise"}.get(directions.pop() or "", "price change")
    if kind == "model.listed" and (rows[0]["new"] or {}).get("status") in ("deprecated", "retired"):
        return "new entry"
    return WHAT.get(kind, kind.replace(".", " ").replace("_", " "))


def _tone(rows: Sequence[Row]) -> str:
    if str(rows[0]["kind"]).startswith("figure."):
        return "plain"  # of some measures more is better, of others less
    directions = {row["direction"] for row in rows if row["direction"]}
    if len(directions) == 1:
        return str(directions.pop())
    first = rows[0]
    ended = first["kind"] == "model.status_changed" and (first["new"] or {}).get("status") in ("deprecated", "retired")
    return "warn" if ended or first["kind"] in WARNING else "plain"
