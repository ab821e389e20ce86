"""The events of a deal: announced once, whoever tells it first, and updated where its terms become other ones. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from timeline import names
from timeline.deals import Deal, Stated, Telling
from timeline.events import Event
from timeline.headlines import headline
from timeline.keys import digest
from timeline.rounds import company_key
from timeline.terms import changes, side

ANNOUNCED, UPDATED = "funding.announced", "funding.updated"


def tell_deal(deal: Deal) -> list[Event]:
    """What there is to tell of a deal, in order of time, numbered."""
    first, *later = deal.states
    events = [_event(deal, ANNOUNCED, first, None)]
    told = first.terms
    count: dict[str, int] = {}
    for state in later:
        moved = changes(told, state.terms)
        if not moved:
            continue
        event = _event(deal, UPDATED, state, side(told, moved))
        told = state.terms
        very = digest([event.id], size=12)
        count[very] = count.get(very, 0) + 1
        events.append(event if count[very] == 1 else replace(event, occurrence=count[very]))
    return events


def provider_of(company: str | None, publisher: str) -> str:
    """Whose news it is: the id of a company on file (timeline/names.toml), so that routes find it, or the publisher."""
    wanted = company_key(company)
    titled = [one for one in sorted(names.providers()) if company_key(names.title(one)) == wanted] if wanted else []
    named = [one for one in titled if company_key(one) == wanted] or titled
    return named[0] if len(named) == 1 else publisher


def _event(deal: Deal, kind: str, state: Stated, old: dict[str, Any] | None) -> Event:
    teller = _first(state.tellings)
    new = side(state.terms, old) | side(state.terms) if old else side(state.terms)
    topics = list(dict.fromkeys(topic for telling in state.tellings for topic in telling.topics))
    new |= {"title": teller.title, "url": teller.url, "outlet": teller.publisher} | (
        {"topics": topics} if topics else {}
    )
    event = Event(
        kind=kind,
        source=teller.source,
        provider=provider_of(state.terms.company, teller.publisher),
        key=deal.name,
        old=old,
        new=new,
        effective_at=teller.at.date().isoformat(),
        observed_at=state.known_from,
        origin=teller.origin,
        trust=teller.trust,
        baseline=all(telling.baseline for telling in state.tellings),
        late=any(telling.late for telling in state.tellings),
        after=teller.capture,
        locator=teller.locator,
        headline="",
    )
    return replace(event, headline=headline(event))


def _first(tellings: Sequence[Telling]) -> Telling:
    """Who is named for it: the parties themselves before others, then who told it first."""
    return min(tellings, key=lambda each: (each.trust != "official", each.at, each.item))
