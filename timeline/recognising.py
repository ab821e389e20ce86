"""The same news item under another id: feeds change guids, slashes and addresses, and share ids. No news. Pure.

The same of incidents: a status page that moves to another host gives every one of them another id.

Of every item two marks are remembered beside its belief, by its link and by its title. An entry whose id is not known
is looked for there before it counts as news; what it says then is an edit of the item it is.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from timeline.beliefs import Belief
from timeline.diff import signature, state
from timeline.facts import Fact
from timeline.incidents import Incident
from timeline.keys import canonical, digest
from timeline.ledger import Ledger
from timeline.news import NewsItem

ALIKE = 0.6  # share of their words that two addresses of one item have in common

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """What is remembered of an item to know it again by."""

    guid: str
    title: str  # letters and digits alone, in one case
    link: str  # without what does not change where it leads
    published: str  # ISO time, or empty

    @property
    def is_permalink(self) -> bool:
        """Whether the item's id is its own address."""
        return bool(self.link) and loosely(self.guid) == self.link


def recognised(ledger: Ledger, facts: Sequence[Fact]) -> Sequence[Fact]:
    """The facts of a look, each news item under the guid by which it is known; remembers the marks of new ones."""
    told_once = state(fact for fact in facts if isinstance(fact, NewsItem)).values()
    items = sorted((item for (item,) in told_once if isinstance(item, NewsItem)), key=_age)
    shown = {item.guid: item for item in items}
    others = (fact for fact in facts if not isinstance(fact, NewsItem))
    there = {fact.guid for fact in facts if isinstance(fact, Incident)}
    done: list[Fact] = [_begun(ledger, _named(ledger, f, there)) if isinstance(f, Incident) else f for f in others]
    for item in items:
        if _signature(ledger, item.key) == signature((item,)):
            done.append(item)
            continue
        known = _known(ledger, item, shown)
        _remember(ledger, known)
        done.append(known)
    return done


def _named(ledger: Ledger, incident: Incident, there: set[str]) -> Incident:
    """An incident under the id by which it is known: one of the same title that began at the same moment."""
    if not incident.title or not incident.started_at:
        return incident
    place = f"began {digest([incident.title, incident.started_at.isoformat()], size=16)}"
    guid = _signature(ledger, place)
    if guid is None:
        ledger.put(place, Belief(kind="mark", signature=incident.guid))
    elif guid not in there and _signature(ledger, incident.key) is None:
        return replace(incident, guid=guid)
    return incident


def _begun(ledger: Ledger, incident: Incident) -> Incident:
    """An incident with what was known of it: some pages no longer say when it began, once it is over."""
    belief = ledger.belief(incident.key)
    was = belief.rows[-1].fact if belief and belief.rows else None
    if not isinstance(was, Incident):
        return incident
    started = incident.started_at or was.started_at
    if started and incident.resolved_at and incident.resolved_at < started:
        started = None
    return replace(
        incident,
        started_at=started,
        impact=incident.impact or was.impact,
        components=incident.components or was.components,
    )


def shared_guid(item: NewsItem) -> str:
    """The guid of an item whose feed gives the same one to several: told apart by what they say."""
    return f"{item.guid}#{digest([item.title, item.url], size=8)}"


def loosely(url: str) -> str:
    """An address without what does not change where it leads: scheme, `www.`, case of the host, a slash at the end."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if parts.scheme not in ("http", "https"):
        return ""
    host = parts.netloc.lower().removeprefix("www.")
    query, fragment = (f"{mark}{text}" if text else "" for mark, text in (("?", parts.query), ("#", parts.fragment)))
    return f"{host}{parts.path.rstrip('/')}{query}{fragment}"


def alike(one: str, other: str) -> bool:
    """Whether two addresses may be of one item: they end in much the same words, and in the same numbers."""
    first, second = ({*_WORD.findall(_slug(link).casefold())} for link in (one, other))
    if not first or not second or _numbers(first) != _numbers(second):
        return False
    return len(first & second) >= ALIKE * len(first | second)


def _known(ledger: Ledger, item: NewsItem, shown: dict[str, NewsItem]) -> NewsItem:
    """The item under the guid by which it is known already; a guid that is shared is told apart."""
    told = _mark(item)
    is_new = _signature(ledger, item.key) is None
    for mark in _marks(ledger, told):
        beside = shown.get(mark.guid) if mark.guid != item.guid else None
        same = _is_same(told, mark) if is_new else (told.title, told.link) == (mark.title, mark.link)
        if same and (beside is None or _is_repeated(item, beside)):
            return replace(item, guid=mark.guid)
    if _signature(ledger, _shared(item.guid)) is not None:
        return replace(item, guid=shared_guid(item))
    return item


def _signature(ledger: Ledger, key: str) -> str | None:
    """What is known of a key, as text; None: nothing. Its whole state is not fetched for that."""
    if key in ledger.changed:
        belief = ledger.changed[key]
        return None if belief is None else belief.signature
    state = ledger.state.keys.get(key)
    return None if state is None else str(state["sig"])


def _is_same(told: Mark, mark: Mark) -> bool:
    """Whether an entry with an unknown id is an item that is known.

    The same link and title; a link that is the id of both; the same link and time (a new title); the same title at an
    address that ends alike (a page that moved); without links the same title and time.
    """
    same_title = bool(told.title) and told.title == mark.title
    same_time = bool(told.published) and told.published == mark.published
    if told.link and told.link == mark.link:
        return same_title or same_time or (told.is_permalink and mark.is_permalink)
    if told.link and mark.link:
        return same_title and alike(told.link, mark.link)
    return same_title and same_time


def _is_repeated(item: NewsItem, beside: NewsItem) -> bool:
    """Whether two entries of one look are one item told twice, and not two of a series at one address."""
    one, other = _mark(item), _mark(beside)
    same = (one.title, one.link) == (other.title, other.link)
    return same and (one.published == other.published or item.summary == beside.summary)


def _marks(ledger: Ledger, told: Mark) -> Iterator[Mark]:
    """What is known by the same link, or by the same title."""
    for place in _places(told):
        said = _signature(ledger, place)
        if said is not None:
            guid, title, link, published = json.loads(said)
            yield Mark(guid=guid, title=title, link=link, published=published)


def _remember(ledger: Ledger, item: NewsItem) -> None:
    told = _mark(item)
    text = canonical([told.guid, told.title, told.link, told.published])
    base, _, end = item.guid.rpartition("#")
    shared = [_shared(base)] if base and item.guid == shared_guid(replace(item, guid=base)) and end else []
    for place in (*_places(told), *shared):
        if _signature(ledger, place) != text:
            ledger.put(place, Belief(kind="mark", signature=text))


def _places(told: Mark) -> Iterator[str]:
    """Where in the state an item's marks are kept."""
    if told.link:
        yield f"link {digest(told.link, size=16)}"
    if told.title:
        yield f"title {digest(told.title, size=16)}"


def _shared(guid: str) -> str:
    return f"shared {digest(guid, size=16)}"


def _mark(item: NewsItem) -> Mark:
    title = " ".join(_WORD.findall(unicodedata.normalize("NFKC", item.title).casefold()))
    published = item.published_at.isoformat() if item.published_at else ""
    return Mark(guid=item.guid, title=title, link=loosely(item.url), published=published)


def _age(item: NewsItem) -> tuple[bool, str, str, str]:
    """The oldest first: what is told twice is known by its first id. Not by the order of the feed, which may change."""
    published = item.published_at.isoformat() if item.published_at else ""
    return item.published_at is None, published, item.guid, canonical(item.value)


def _slug(link: str) -> str:
    """The last part of an address, with what asks for more than a page."""
    path, mark, rest = re.split(r"([?#]|$)", link, maxsplit=1)
    return f"{path.rpartition('/')[2] if '/' in path else ''}{mark}{rest}"


def _numbers(words: set[str]) -> set[str]:
    return {word for word in words if any(letter.isdigit() for letter in word)}
