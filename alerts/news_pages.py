"""The news of many feeds on one page: one line a story, by topic, what matters most first. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from alerts import wording
from alerts.wording import Link
from timeline import names, topics
from timeline.words import clean, counted, listed

LEAST: Final = 6
"""From this many items on they are laid out by topic."""
ORDER: Final = (
    "outages", "prices", "models", "funding", "deals", "regulation", "legal", "safety", "security", "chips", "energy",
    "robotics", "vehicles", "people", "products", "benchmarks", "research", "releases",
)  # fmt: skip
"""In which order topics stand; a story of several stands under the first of them."""
OF_TOPIC: Final = 6
"""Stories of one topic that are told; of what has no topic only what publishers say of themselves."""
LINKED: Final = 12
"""Stories with a link: each takes room that lines would have."""
TITLE: Final = 110

# What is no story: programmes, advertisements, round-ups of a day's market, puzzles.
_PROGRAMME: Final = re.compile(r"/(?:audio|videos?|podcasts?)/", re.I)
_JUNK: Final = re.compile(
    r"\(podcast\)|\bpodcast\b|\bnewsletter\b|\bsponsored\b|\bwordle\b|\bcrossword\b|\bcoupons?\b|\bpromo codes?\b"
    r"|\(video\)|\bdeals? of the day\b|\bhow to watch\b|\blive ?blog\b|\bbest .{1,40}\bdeals\b|\bmarket talk\b"
    r"|\bgiveaway\b|\bgift guide\b|\bstock movers\b|\bask hn\b|\bwebinar\b|\bdisrupt 20\d\d\b"
    r"|\btickets?\b.{0,30}\b(?:left|off|save)\b",
    re.I,
)
_WORD: Final = re.compile(r"[^\W_]+")
_NUMBER: Final = re.compile(r"\d[\d.,]*\d|\d")
_DULL: Final = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "for",
        "from",
        "has",
        "have",
        "how",
        "in",
        "into",
        "is",
        "it",
        "its",
        "new",
        "now",
        "of",
        "on",
        "or",
        "our",
        "over",
        "says",
        "than",
        "that",
        "the",
        "their",
        "this",
        "to",
        "up",
    }
)
_NEAR: Final = 4 * 86_400  # seconds between the tellings of one story
_SAME: Final = 0.5  # share of the shorter title's words that two titles of one story have in common
_OF_ALL: Final = 0.34  # and of the words of both
_SAME_PAPER: Final = 0.8  # where it is one publisher, who seldom tells a story twice


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """One item of one feed."""

    title: str
    url: str
    provider: str
    product: str  # what a feed of releases is of, by the name of its source
    official: bool  # who it is about says it, if only through somebody's copy of its page
    at: float
    day: str
    topics: tuple[str, ...]
    words: frozenset[str]
    numbers: frozenset[str]


@dataclass(kw_only=True, slots=True)
class Tale:
    """One story, as all of its feeds tell it; the first telling is the one that is shown."""

    tellings: list[Telling]

    @property
    def topic(self) -> str:
        """Where it stands; empty: no rule gave it a topic."""
        given = {topic for telling in self.tellings for topic in telling.topics} - {topics.FIELD}
        return next((topic for topic in ORDER if topic in given), next(iter(sorted(given)), ""))

    @property
    def weight(self) -> tuple[int, int, float]:
        """More publishers, then those it is about, then the newest."""
        providers = {telling.provider for telling in self.tellings}
        return len(providers), int(any(telling.official for telling in self.tellings)), self.tellings[0].at


@dataclass(frozen=True, kw_only=True, slots=True)
class Laid:
    """The page: its lines, the links of its first stories, and what it comes to."""

    lines: tuple[str, ...]
    links: tuple[Link, ...]
    stories: int
    items: int
    publishers: int


def lay_out(rows: Sequence[Mapping[str, Any]]) -> Laid:
    """The page of some `news.published` events, given as the contract prints them."""
    tellings = [telling for row in rows if (telling := _telling(row)) is not None]
    tales = _tales(tellings)
    by_topic: dict[str, list[Tale]] = {}
    for tale in tales:
        by_topic.setdefault(tale.topic, []).append(tale)
    lines: list[str] = []
    links: list[Link] = []
    titles = {topic.id: topic.title for topic in topics.topics()}
    for topic in (*ORDER, *sorted(by_topic.keys() - {*ORDER, ""})):
        found = sorted(by_topic.get(topic, ()), key=lambda tale: tale.weight, reverse=True)
        if found:
            lines += _section(titles.get(topic, topic.capitalize()), found, links, releases=topic == "releases")
    rest = by_topic.get("", [])
    own = sorted((tale for tale in rest if tale.tellings[0].official), key=lambda tale: tale.weight, reverse=True)
    if own:
        lines += _section("Also from publishers themselves", own, links)
    left = len(rest) - len(own) + len(rows) - len(tellings)
    if left:
        lines.append(f"Not shown: {counted(left, 'item')} without a topic, or no story (podcasts, round-ups)")
    publishers = len({telling.provider for telling in tellings})
    return Laid(lines=tuple(lines), links=tuple(links), stories=len(tales), items=len(rows), publishers=publishers)


def is_news(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether all of these are entries of feeds."""
    kinds = {row.get("kind") for row in rows}
    return kinds == {"news.published"}


def _section(title: str, tales: Sequence[Tale], links: list[Link], *, releases: bool = False) -> list[str]:
    lines = [f"{title}:"]
    if releases:
        return [*lines, *(f"– {line}" for line in _releases(tales))]
    for tale in tales[:OF_TOPIC]:
        number = ""
        if tale.tellings[0].url and len(links) < LINKED:
            number = f" [{len(links) + 1}]"
            links.append(Link(label=str(len(links) + 1), url=tale.tellings[0].url))
        lines.append(f"– {_told(tale)}{number}")
    if len(tales) > OF_TOPIC:
        lines.append(f"– and {counted(len(tales) - OF_TOPIC, 'more story')}")
    return lines


def _releases(tales: Sequence[Tale]) -> list[str]:
    """Software releases, one line a product: nobody reads forty version numbers."""
    by_product: dict[tuple[str, str], list[Telling]] = {}
    for tale in tales:
        by_product.setdefault((tale.tellings[0].provider, tale.tellings[0].product), []).append(tale.tellings[0])
    lines = []
    for (provider, product), found in list(by_product.items())[:OF_TOPIC]:
        newest = max(found, key=lambda telling: telling.at)
        name = " ".join(filter(None, (wording.provider(provider), product)))
        title = newest.title.removeprefix(name).strip()
        more = f", the newest of {counted(len(found), 'release')}" if len(found) > 1 else ""
        lines.append(f"{name}: {title} ({newest.day}{more})")
    return lines


def _told(tale: Tale) -> str:
    """The line of a story: who says it where it is their own, else which papers."""
    first = tale.tellings[0]
    others = dict.fromkeys(t.provider for t in tale.tellings[1:] if t.provider != first.provider)
    papers = [wording.provider(name) for name in others]
    title = first.title if len(first.title) <= TITLE else f"{first.title[: TITLE - 1].rstrip()}…"
    if first.official:
        also = f"; also {listed(papers, limit=3)}" if papers else ""
        name = wording.provider(first.provider)
        says_it = name.casefold() in title.casefold()
        return f"{title} ({name}, {first.day}{also})" if says_it else f"{name}: {title} ({first.day}{also})"
    return f"{title} ({listed([wording.provider(first.provider), *papers], limit=3)}, {first.day})"


def _telling(row: Mapping[str, Any]) -> Telling | None:
    new = row.get("new") or {}
    title = _undressed(clean(str(new.get("title") or ""), 300))
    if not title or _JUNK.search(title) or _PROGRAMME.search(str(new.get("url") or "")):
        return None
    stamp = str(new.get("published_at") or row.get("observed_at") or "")
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return Telling(
        title=title,
        url=str(new.get("url") or ""),
        provider=str(row.get("provider") or ""),
        product=_product(str(row.get("source") or ""), str(row.get("provider") or "")),
        official=row.get("trust") in ("official", "cloud") or names.sells_models(str(row.get("provider") or "")),
        at=at.timestamp(),
        day=f"{at.day} {at:%b}",
        topics=tuple(new.get("topics") or ()),
        words=frozenset(word for word in map(_stem, _WORD.findall(title.casefold())) if word not in _DULL),
        numbers=frozenset(_NUMBER.findall(title)),
    )


def _product(source: str, provider: str) -> str:
    """`anthropic-claude-code-releases` of anthropic is about `claude-code`; empty where a feed has no such name."""
    name = re.fullmatch(r"(.*?)-?(?:releases|changelog)", source.removeprefix(provider).strip("-"))
    return name[1] if name else ""


def _undressed(title: str) -> str:
    """A title without what a feed puts before every one of them: a day, the name of its column."""
    title = re.sub(r"^(?:[A-Z][a-z]{2} \d{1,2}, \d{4})(?=[A-Z])", "", title)
    return re.sub(r"^(?:Show HN|Exclusive|Breaking)\s*[:|]\s*", "", title)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _tales(tellings: Sequence[Telling]) -> list[Tale]:
    """The tellings by story: much the same words within days, or the same address; a maker's own word goes first."""
    tales: list[Tale] = []
    by_word: dict[str, list[Tale]] = {}
    for telling in sorted(tellings, key=lambda each: (not each.official, each.at)):
        near = {id(tale): tale for word in telling.words for tale in by_word.get(word, ())}
        same = next((tale for tale in near.values() if any(_is_same(telling, other) for other in tale.tellings)), None)
        if same is None:
            same = Tale(tellings=[])
            tales.append(same)
        same.tellings.append(telling)
        for word in telling.words:
            by_word.setdefault(word, []).append(same)
    return tales


def _is_same(one: Telling, other: Telling) -> bool:
    if one.url and one.url == other.url:
        return True
    if one.numbers and other.numbers and not one.numbers & other.numbers:
        return False
    shared = len(one.words & other.words)
    least, all_of_them = min(len(one.words), len(other.words)), len(one.words | other.words)
    of_all = _OF_ALL if one.provider != other.provider else _SAME_PAPER
    alike = shared >= 3 and shared >= _SAME * least and shared >= of_all * all_of_them
    return alike and abs(one.at - other.at) <= _NEAR and "releases" not in one.topics
