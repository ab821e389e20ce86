"""Incidents of status pages: Statuspage and incident.io, as JSON or as feeds of their history; Google Cloud's list.

Sources: https://metastatuspage.com/api (incidents.json, scheduled-maintenances.json), the feeds /history.rss and
/history.atom of Statuspage, /feed.rss and /feed.atom of incident.io, https://status.cloud.google.com/incidents.schema.json.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from fnmatch import fnmatchcase
from typing import Any

from crawler.extract import feeds
from crawler.extract.document import Document, Ignored, Reading
from crawler.extract.plain_text import MAX_URL, plain, web_link
from timeline.incidents import Impact, Incident
from timeline.issues import Issue
from timeline.keys import digest

VERSION = "1"

MAX_INCIDENTS, MAX_COMPONENTS = 2_000, 60
MAX_TITLE, MAX_SUMMARY, MAX_NAME = 300, 600, 120

OVER = frozenset({"resolved", "completed", "postmortem", "fixed", "closed"})
_PLANNED = frozenset({"scheduled", "in progress", "verifying", "completed"})
_IMPACTS: Mapping[str, Impact] = {
    "none": "none", "minor": "minor", "major": "major", "critical": "critical", "maintenance": "maintenance",
    "service_information": "none", "service_disruption": "minor", "service_outage": "major",
    "degraded_performance": "minor", "partial_outage": "major", "full_outage": "critical",
}  # fmt: skip
_ZONES = {
    "UTC": 0, "GMT": 0, "BST": 1, "CET": 1, "CEST": 2, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "JST": 9, "KST": 9,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# An update in a feed of Statuspage: its day and time, its state in bold, its text.
_UPDATE = re.compile(
    r"<small>\s*([A-Za-z]{3})[a-z]*\s*(?:<var[^<>]*>)?\s*(\d{1,2})\s*(?:</var>)?\s*,\s*(?:<var[^<>]*>)?\s*(\d{1,2}):(\d{2})"
    r"\s*(?:</var>)?\s*([A-Z]{3,4})\s*</small>\s*<br\s*/?>\s*<strong>([^<]{1,40})</strong>\s*(?:-\s*)?([^\x00]{0,3000}?)</p>"
)
_STATUS = re.compile(r"<(?:b|strong)>\s*Status:\s*([^<]{1,40})</(?:b|strong)>", re.I)
_AFFECTED = re.compile(
    r"<(?:b|strong)>\s*Affected components\s*</(?:b|strong)>[^\x00]{0,40}?<ul>([^\x00]{0,8000}?)</ul>", re.I
)
_ENTRY = re.compile(r"<li>([^<]{1,200})</li>", re.I)


def read(document: Document) -> Reading:
    """Every incident of a status page. Never raises; what is none is a fatal issue.

    `options.components`: globs; only incidents that touch a component of such a name, where components are told.
    """
    if len(document.body) > feeds.MAX_BYTES:
        return Reading(issues=(Issue(code="feed_too_large", message=f"{len(document.body)} bytes", fatal=True),))
    found, issues = _from_json(document) if feeds.is_json(document.body) else _from_feed(document)
    kept, ignored = [], []
    wanted = [str(glob).casefold() for glob in document.options.get("components", ())]
    for incident in found:
        names = [name.casefold() for name in incident.components]
        if wanted and names and not any(fnmatchcase(name, glob) for name in names for glob in wanted):
            why = "touches none of the components asked for"
            ignored.append(Ignored(what=incident.title[:100], why=why, locator=incident.locator))
        else:
            kept.append(incident)
    facts = tuple({incident.guid: incident for incident in reversed(kept)}.values())
    return Reading(facts=facts[::-1], issues=tuple(issues), ignored=tuple(ignored))


Found = tuple[list[Incident], list[Issue]]


def _from_json(document: Document) -> Found:
    try:
        data = json.loads(document.body)
    except (ValueError, RecursionError) as error:
        return [], [_no_page(f"bad JSON: {error}")]
    if isinstance(data, list) and all(isinstance(each, dict) and "begin" in each for each in data[:5]) and data:
        rows: list[tuple[str, Any]] = [(f"/{place}", row) for place, row in enumerate(data)]
        return _read_rows(document, rows, _google)
    lists = [name for name in ("incidents", "scheduled_maintenances") if isinstance(data, dict) and name in data]
    rows = [(f"/{name}/{place}", row) for name in lists for place, row in enumerate(_list(data[name]))]
    if not lists:
        return [], [_no_page("JSON without `incidents` or `scheduled_maintenances`")]
    return _read_rows(document, rows, _statuspage)


def _read_rows(document: Document, rows: Sequence[tuple[str, Any]], read_one: Any) -> Found:
    found, issues = [], []
    for locator, row in rows[:MAX_INCIDENTS]:
        incident = read_one(document, row) if isinstance(row, dict) else None
        if incident is None:
            issues.append(Issue(code="not_an_incident", message="expected an id and a name", locator=locator))
        else:
            found.append(_checked(replace(incident, locator=locator), document.at, issues))
    return found, issues[: feeds.MAX_ISSUES]


def _statuspage(document: Document, row: Mapping[str, Any]) -> Incident | None:
    """An incident of incidents.json, or a maintenance of scheduled-maintenances.json."""
    guid, title = _line(row.get("id")), _line(row.get("name"), MAX_TITLE)
    if not guid or not title:
        return None
    updates = [each for each in _list(row.get("incident_updates")) if isinstance(each, dict)]
    status = _line(row.get("status")).replace("_", " ").lower()
    planned = "scheduled_for" in row and row["scheduled_for"] is not None
    started = _time(row.get("scheduled_for") if planned else row.get("started_at") or row.get("created_at"))
    over = status in OVER
    ended = _time(row.get("resolved_at") or (row.get("updated_at") if over else None)) if over else None
    named = [each.get("name") for each in _list(row.get("components")) if isinstance(each, dict)]
    named += [
        each.get("name")
        for update in updates
        for each in _list(update.get("affected_components"))
        if isinstance(each, dict)
    ]
    link = web_link(row.get("shortlink")) or web_link(f"/incidents/{guid}", document.url)
    return Incident(
        provider=document.provider,
        guid=guid,
        title=title,
        url=link,
        status=status,
        impact="maintenance" if planned else _IMPACTS.get(_line(row.get("impact")).lower()),
        components=_names(named),
        started_at=started,
        resolved_at=ended,
        summary=_line(updates[0].get("body"), MAX_SUMMARY) if updates else "",
    )


def _google(document: Document, row: Mapping[str, Any]) -> Incident | None:
    """An incident of Google Cloud's list."""
    guid, title = _line(row.get("id")), _line(row.get("external_desc"), MAX_TITLE)
    if not guid or not title:
        return None
    products = [each.get("title") for each in _list(row.get("affected_products")) if isinstance(each, dict)]
    newest = row.get("most_recent_update")
    ended = _time(row.get("end"))
    return Incident(
        provider=document.provider,
        guid=guid,
        title=title,
        url=web_link(f"/{row.get('uri')}", document.url),
        status="resolved" if ended else "investigating",
        impact=_IMPACTS.get(_line(row.get("status_impact")).lower()),
        components=_names(products or [row.get("service_name")]),
        started_at=_time(row.get("begin")),
        resolved_at=ended,
        summary=_line(newest.get("text"), MAX_SUMMARY) if isinstance(newest, dict) else "",
    )


def _from_feed(document: Document) -> Found:
    entries, problem = feeds.entries(document)
    issues = [problem] if problem else []
    if problem and problem.fatal:
        return [], issues
    found = []
    for number, entry in enumerate(entries, 1):
        if number > MAX_INCIDENTS:
            break
        incident = _from_entry(document, entry)
        found.append(_checked(replace(incident, locator=f"item {number}"), document.at, issues))
    return found, issues[: feeds.MAX_ISSUES]


def _from_entry(document: Document, entry: Mapping[str, Any]) -> Incident:
    """An entry of a history: Statuspage prints each update with its time, incident.io the newest one with its state."""
    text = str(entry["summary"] or "")[:60_000]
    published, updated = (feeds.time_of(entry[name], document.at) for name in ("published", "updated"))
    newest = updated or published
    updates = [*_updates(text, newest or document.at)]
    url = next((link for each in entry["links"] if (link := web_link(each, document.url))), "")
    said = _STATUS.search(text)
    status = updates[0][1] if updates else plain(said[1], 40).lower() if said else ""
    over, start, end = status in OVER, None, None
    if updates:
        resolved = [at for at, state, _ in updates if state in OVER]
        start, end = updates[-1][0], (min(at for at in resolved if at) if any(resolved) else newest) if over else None
    elif over:
        start, end = (published if updated and published != updated else None), newest
    else:
        start = published or updated
    affected = _AFFECTED.search(text)
    names = [re.sub(r"\s*\([^()]*\)\s*$", "", name) for name in _ENTRY.findall(affected[1])] if affected else []
    title = plain(str(entry["title"] or ""), MAX_TITLE)
    body = updates[0][2] if updates else _STATUS.sub(" ", text[: affected.start()] if affected else text)
    return Incident(
        provider=document.provider,
        guid=_guid(entry["guid"], url) or digest([title, str(start)]),
        title=title or url or "an incident without a title",
        url=url,
        status=status,
        impact="maintenance" if any(state in _PLANNED for _, state, _ in updates) or status in _PLANNED else None,
        components=_names(names),
        started_at=start,
        resolved_at=end,
        summary=plain(body, MAX_SUMMARY),
    )


def _guid(printed: object, url: str) -> str:
    """The page's own id: the same in its feeds and its JSON, where the address ends in it."""
    found = re.search(r"/incidents?/([\w-]{6,64})/?$", url)
    return found[1] if found else _line(printed, MAX_URL) or url


def _updates(text: str, newest: datetime) -> Iterator[tuple[datetime | None, str, str]]:
    """The updates of an entry, the newest first, each at or before the one above it."""
    before = newest + timedelta(days=1)
    for month, day, hour, minute, zone, state, body in _UPDATE.findall(text)[:200]:
        at = _dated(month, (int(day), int(hour), int(minute)), zone, before)
        before = at + timedelta(days=1) if at else before
        yield at, plain(state, 40).lower(), body


def _dated(month: str, parts: tuple[int, int, int], zone: str, before: datetime) -> datetime | None:
    """A day without a year: the last one that is not after `before`."""
    if month.lower() not in _MONTHS or zone not in _ZONES:
        return None
    for year in (before.year, before.year - 1):
        try:
            offset = timezone(timedelta(hours=_ZONES[zone]))
            at = datetime(year, _MONTHS.index(month.lower()) + 1, *parts, tzinfo=offset).astimezone(UTC)
        except ValueError:
            continue
        if at <= before:
            return at
    return None


def _checked(incident: Incident, at: datetime, issues: list[Issue]) -> Incident:
    """The incident without times that cannot be."""
    start, end = incident.started_at, incident.resolved_at
    latest, planned = at + timedelta(days=2), incident.impact == "maintenance"
    if (start and start > latest and not planned) or (end and end > latest):
        issues.append(_impossible(incident, "lies in the future"))
        start, end = (start if start and start <= latest else None), (end if end and end <= latest else None)
    if start and end and end < start:
        issues.append(_impossible(incident, f"ended {end:%Y-%m-%d %H:%M}, before it began {start:%Y-%m-%d %H:%M}"))
        start = None
    return replace(incident, started_at=start, resolved_at=end)


def _impossible(incident: Incident, what: str) -> Issue:
    return Issue(code="impossible_date", message=f"{incident.title[:80]}: {what}", locator=incident.locator)


def _time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _names(values: Sequence[object]) -> tuple[str, ...]:
    found = [plain(value, MAX_NAME) for value in values if isinstance(value, str)]
    return tuple(sorted({name for name in found if name}))[:MAX_COMPONENTS]


def _line(value: object, limit: int = 200) -> str:
    return plain(value, limit) if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _no_page(found: str) -> Issue:
    message = f"expected incidents of a status page (JSON, RSS or Atom), found {found}"
    return Issue(code="not_a_status_page", message=message[:300], fatal=True)
