"""What stands under a message: since when it holds, how far the teller is trusted, when and where it was seen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote, urlsplit

from alerts import deal_stories, wording
from alerts.circumstances import Outlet, Sibling
from alerts.wording import Link
from timeline.contract import event_to_json
from timeline.dates import day
from timeline.events import Event
from timeline.words import clean, counted, listed

LINK = 600
"""Characters of an address: a longer one is left out, as no receiver shows it."""
_TELLERS = {
    "cloud": "a cloud's own page",
    "reseller": "a reseller",
    "catalogue": "a catalogue",
    "press": "the press",
}


def also(events: Sequence[Event], siblings: Sequence[Sibling]) -> tuple[str, ...]:
    """`Also on that page: 2 new entries (gpt-6, gpt-6-mini) and 1 price gone (gpt-4).`: what else the look showed."""
    looks = {(event.source, event.observed_at) for event in events if event.kind in _WORDS}
    rest = [one for one in siblings if (one.source, one.observed_at) in looks]
    said = [_counted(kind, [one for one in rest if one.kind == kind]) for kind in _WORDS]
    parts = [part for part in said if part]
    return (f"Also on that page: {listed(parts)}.",) if parts else ()


def _counted(kind: str, found: Sequence[Sibling]) -> str:
    if not found:
        return ""
    noun, what = _WORDS[kind]
    models = list(dict.fromkeys(clean(one.model or "", 40) for one in found if one.model))
    many = f"{counted(len(found), noun)} {what}".rstrip()
    return f"{many} ({_few(models)})" if models else many


def _few(models: Sequence[str]) -> str:
    shown = ", ".join(models[:_SHOWN])
    return f"{shown} and {len(models) - _SHOWN} more" if len(models) > _SHOWN else shown


_SHOWN = 3
_WORDS = {
    "price.changed": ("price", "changed"),
    "price.scheduled": ("price", "announced"),
    "price.schedule_withdrawn": ("announced price", "called off"),
    "price.corrected": ("price", "corrected"),
    "price.listed": ("price", "added"),
    "price.delisted": ("price", "gone"),
    "model.listed": ("new entry", ""),
    "model.delisted": ("entry", "gone"),
    "model.status_changed": ("change", "of status"),
    "model.retirement_scheduled": ("end", "announced"),
    "model.retirement_moved": ("end", "moved"),
    "model.retirement_withdrawn": ("retirement", "called off"),
    "model.alias_repointed": ("alias", "repointed"),
}


def effective(events: Sequence[Event]) -> str:
    """`In force since 12 August 2026, as the page states.` where that is true of all changed prices.

    `As announced`, where the day came and no look has shown it: nobody knows that the page still says so.
    """
    changed = [event for event in events if event.kind == "price.changed"]
    dates = {event.effective_at for event in changed}
    stated = next(iter(dates)) if len(dates) == 1 else None
    by_whom = "as announced" if any(event.by_calendar for event in changed) else "as the page states"
    return f"In force since {day(stated)}, {by_whom}." if stated else ""


def notes(events: Sequence[Event]) -> tuple[str, ...]:
    """What a reader should know of the evidence."""
    found = []
    if any(event.late for event in events):
        found.append("Told late: the page had changed before aiwire could read it.")
    # Whoever publishes an item says so itself, and of a deal its story names who does.
    news = any(event.kind.startswith(("news.", "funding.")) for event in events)
    if not news and all(event.trust != "official" for event in events):
        found.append(f"Reported by {_TELLERS.get(events[0].trust, 'another source')}, not by the provider itself.")
    return tuple(found)


def according(trusts: Sequence[object]) -> str:
    """` (according to a catalogue)`, where nobody closer to the provider says it; empty where one of them is it."""
    others = not any(trust == "official" for trust in trusts) and bool(trusts)
    return f" (according to {_TELLERS.get(str(trusts[0]), 'another source')})" if others else ""


def seen(event: Event, last: datetime | None = None) -> str:
    """Where and between which two looks it was seen; of what the calendar tells, when the page `last` said so."""
    host = urlsplit(event.after.url).hostname if event.after and _web(event.after.url) else None
    where = f" on {clean(host, 80)}" if host else ""
    if event.kind == "model.retirement_due" and event.after:
        looked = min(last, event.observed_at) if last else event.after.captured_at
        return f"Stated{where}, last seen there on {day(looked)}" if where else f"Last stated on {day(looked)}"
    if event.by_calendar and event.after:
        still = f", last seen there on {day(min(last, event.observed_at))}" if last and where else ""
        return f"Stated{where} since {day(event.after.captured_at)}{still}"
    return f"Seen{where} {wording.window(event.observed_after, event.observed_at)}"


def links(
    models: Sequence[Sequence[Event]], base_url: str, outlets: Mapping[str, Sequence[Outlet]] | None = None
) -> tuple[Link, ...]:
    """The evidence, the chart of the model or the page's timeline, and the page or article itself.

    `outlets` are those that tell a deal: each article is linked.
    """
    first = models[0][0]
    found = []
    if base_url:
        base = base_url.rstrip("/")
        if first.after:
            found.append(Link(label="Evidence", url=f"{base}/evidence/{quote(first.id, safe='')}"))
        model = first.model_id or first.model
        if model and len(models) == 1 and first.kind.startswith(("price.", "model.")):
            path = f"{quote(first.provider, safe='')}/{quote(model, safe='/')}"
            found.append(Link(label="History", url=f"{base}/models/{path}"))
        else:
            found.append(Link(label="Timeline", url=f"{base}/?{_about(first)}"))
    if first.kind.startswith("funding."):
        told = deal_stories.articles(models[0][-1], (outlets or {}).get(first.key, ()))
        found += [Link(label=label, url=url) for label, url in told if _web(url)]
        return tuple(link for link in found if len(link.url) <= LINK)
    news = first.kind.startswith(("news.", "incident."))
    item = (first.new or {}).get("url") if news and len(models[0]) == 1 else None
    if isinstance(item, str) and _web(item):
        found.append(Link(label="Article" if first.kind.startswith("news.") else "Incident", url=item))
    elif first.after and _web(first.after.url):
        found.append(Link(label="Page", url=first.after.url))
    return tuple(link for link in found if len(link.url) <= LINK)


def data(event: Event) -> dict[str, object]:
    """The event for machines, as `aiwire replay` prints it; texts of pages cut where nobody reads on."""
    return {name: clean(said, 600) if isinstance(said, str) else said for name, said in event_to_json(event).items()}


def _about(event: Event) -> str:
    """What the timeline is asked for: all that was told of a deal, or of a source."""
    company = (event.new or {}).get("company") if event.kind.startswith("funding.") else None
    if company:
        return f"kind=funding.*&q={quote(str(company)[:80], safe='')}"
    return f"source={quote(event.source, safe='')}"


def _web(url: str) -> bool:
    """Whether it is plainly a web address: nothing in it that could end a link early or hide where it leads."""
    plain = url.isascii() and not any(c <= " " or c in '<>|"\\`\x7f' for c in url)
    return plain and url.startswith(("https://", "http://")) and "@" not in urlsplit(url).netloc
