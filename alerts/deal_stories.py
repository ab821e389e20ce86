"""How a deal is told: the sentence, what it leaves out, who told it, and whether anybody but the papers says so."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from alerts import wording
from alerts.circumstances import Outlet
from alerts.wording import Story, headline
from timeline import deal_words
from timeline.events import Event
from timeline.words import clean, counted, listed

LINE: Final = 300
NAMED: Final = 4
"""Outlets that are named, and linked."""


def of_deal(events: Sequence[Event], outlets: Sequence[Outlet]) -> Story:
    """The story of one deal; `events` are what is told of it, the newest last."""
    event, terms = events[-1], events[-1].new or {}
    whole = deal_words.deal(terms)
    lines = [whole] if event.kind == "funding.updated" and whole not in event.headline else []
    lines += [_more(terms, whole), _standing(terms, outlets), _tellers(event, outlets)]
    return Story(title=headline(event.headline), lines=tuple(clean(line, LINE) for line in lines if line))


def articles(event: Event, outlets: Sequence[Outlet]) -> list[tuple[str, str]]:
    """Labels and addresses of the articles, one an outlet."""
    terms = event.new or {}
    found: dict[str, str] = {}
    for outlet in outlets or [Outlet(publisher=str(terms.get("outlet") or ""), url=str(terms.get("url") or ""))]:
        if outlet.url:
            found.setdefault(outlet.publisher, outlet.url)
    return [(wording.provider(name) or "Article", url) for name, url in found.items()][:NAMED]


def _more(terms: Mapping[str, Any], told: str) -> str:
    """Investors and totals that the sentence leaves out."""
    investors = [str(name) for name in terms.get("investors") or () if str(name) not in told]
    said = [f"Investors: {listed([clean(name, 60) for name in investors], limit=8)}"] if investors else []
    if terms.get("total_raised"):
        total = deal_words.sum_of({"amount": terms["total_raised"], "currency": terms.get("currency")})
        said.append(f"{total} raised to date")
    return ". ".join(said)


def _standing(terms: Mapping[str, Any], outlets: Sequence[Outlet]) -> str:
    """Plainly how far it is true."""
    if terms.get("status") == "rumoured":
        return "Not confirmed: so far only reported."
    return "Told by a party to it." if any(outlet.trust == "official" for outlet in outlets) else ""


def _tellers(event: Event, outlets: Sequence[Outlet]) -> str:
    """`Told by TechCrunch, The Verge and 3 more outlets.`"""
    first = str((event.new or {}).get("outlet") or event.provider)
    named = list(dict.fromkeys([outlet.publisher for outlet in outlets] or [first]))
    shown = [wording.provider(name) for name in named[:NAMED]]
    more = [counted(len(named) - NAMED, "more outlet")] if len(named) > NAMED else []
    return f"Told by {listed([*shown, *more], limit=NAMED + 1)}."
