"""Whether a reading can be believed: its counts and markers, its size against the last good one, its dates, its twins.

Only the structure of a page is judged here. Values that look implausible are the fold's to hold, never a reason to
refuse a page.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from crawler.extract.document import Document, Reading
from crawler.extract.sniffing import decode, sniff
from crawler.precedent import Precedent, broken, covered
from crawler.scales import rescaled
from timeline.facts import Fact
from timeline.figures import Figure
from timeline.gaps import Cover
from timeline.incidents import Incident
from timeline.issues import Issue
from timeline.news import NewsItem
from timeline.notices import Notice
from timeline.page_texts import PageText
from timeline.prices import PricePoint
from timeline.rule_dates import RuleDate

COLLAPSED, EXPLODED = 0.4, 3.0  # share of the last good capture's facts below, and above, which a page is not believed
HALVED = 0.5  # of a catalogue: down to that share it is cut off, as thousands of models do not end at once
FEW = 10  # below so many facts a share says nothing
SOME = 30  # below so many a page may well grow threefold
MOST_TWINS = 50  # of one key that are compared with each other
LATEST = timedelta(days=365 * 20)  # nothing is announced further ahead
EARLIEST = date(2015, 1, 1)

_WALLS = (
    ("bot_wall", r"just a moment|attention required!? \| cloudflare|verify(?:ing)? (?:that )?you are (?:a )?human"),
    (
        "bot_wall",
        r"checking your browser|enable javascript and cookies to continue|are you a robot|captcha|access denied",
    ),
    ("bot_wall", r"request unsuccessful\. incapsula|pardon our interruption|unusual traffic from your"),
    (
        "login_page",
        r"<input[^>]{1,300}type=[\"']?password|\b(?:sign|log) in to (?:continue|your account)\b|forgot password",
    ),
    ("error_page", r"\b(?:404|410)\b.{0,40}not found|page (?:you requested )?(?:could not be|cannot be|not) found"),
    ("error_page", r"\b(?:service unavailable|bad gateway|internal server error|under maintenance)\b"),
)
_HEAD = 400_000
_SHORT = 3_000  # characters of a watched text that may be a wall's


class Expected(Protocol):
    """What a live capture of a source must have; see crawler.source.Expect."""

    @property
    def facts(self) -> tuple[int, int] | None:
        """How many facts, at least and at most."""

    @property
    def models(self) -> tuple[str, ...]:
        """Each must be part of the name of some fact's model."""

    @property
    def markers(self) -> tuple[str, ...]:
        """Texts that must stand in the document, in any case."""


def check(
    reading: Reading,
    *,
    document: Document,
    expect: Expected,
    live: bool,
    last_good: Precedent | None,
    catalogue: bool = False,
) -> Reading:
    """The reading without twins, with an issue for each thing that is wrong; a fatal one makes the capture bad.

    `live` is false for imports: what the page of today must have is not asked of older captures. A `catalogue` that
    lost half of what it had is cut off, as one is whose prices moved by a power of ten; a page may well do as much.
    """
    facts, undecided, conflicts = _without_twins(reading.facts)
    issues = [*conflicts, *_impossible(facts, document), *_resized(facts, last_good, live=live, catalogue=catalogue)]
    covers = {**reading.covered, **dict.fromkeys(undecided, Cover(contradicted=True))}
    if last_good is not None:
        issues += broken(document, facts, last_good)
        covers = covered(facts, reading.outline, last_good) | covers
        issues += rescaled(facts, last_good.facts) if catalogue else ()
    if not reading.facts and not reading.covered and not _may_be_empty(reading, document, expect):
        issues.append(_nothing(document))
    if any(isinstance(fact, PageText) and len(fact.text) < _SHORT for fact in facts):
        issues += _walls(document)
    if live:
        issues += _expected(facts, document, expect)
    return replace(reading, facts=facts, covered=covers, issues=(*reading.issues, *issues))


def _without_twins(facts: Sequence[Fact]) -> tuple[tuple[Fact, ...], frozenset[str], list[Issue]]:
    """Facts told twice once; prices that contradict each other not at all, with an issue that names both places.

    Their keys are given beside: such a price is neither shown nor missing.
    """
    by_key: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        by_key[fact.fact, fact.key].append(fact)
    issues: list[Issue] = []
    left_out: set[int] = set()
    undecided: set[str] = set()
    for (_, key), group in by_key.items():
        kept = _distinct(group)
        left_out |= {id(fact) for fact in group} - {id(fact) for fact in kept}
        against = [(one, other) for n, other in enumerate(kept) for one in kept[:n] if _overlap(one, other)]
        if against:
            issues.append(_conflict(*against[0]))
            undecided.add(key)
            left_out |= {id(fact) for pair in against for fact in pair}
    return tuple(fact for fact in facts if id(fact) not in left_out), frozenset(undecided), issues


def _distinct(group: Sequence[Fact]) -> list[Fact]:
    """The first fact of each value and validity."""
    seen: dict[object, Fact] = {}
    for fact in group:
        seen.setdefault((fact.value, *_days(fact)), fact)
    return list(seen.values())[:MOST_TWINS]


def _overlap(one: Fact, other: Fact) -> bool:
    if not isinstance(one, PricePoint) or not isinstance(other, PricePoint):
        return False  # what contradicts itself among other facts is their reader's to sort out
    start = max(one.effective_from or date.min, other.effective_from or date.min)
    stop = min(one.effective_to or date.max, other.effective_to or date.max)
    if one.effective_from != other.effective_from and None in (one.effective_to, other.effective_to):
        return False  # a price and the one that takes its place on a stated day
    return start <= stop


def _conflict(one: Fact, other: Fact) -> Issue:
    values = " and ".join(_told(fact) for fact in (one, other))
    message = f"{_name(one)}: told twice with different values, {values}; neither is taken"
    return Issue(code="conflicting_facts", message=message, locator=f"{one.locator}; {other.locator}")


def _told(fact: Fact) -> str:
    if isinstance(fact, PricePoint):
        return f"{fact.meter} {fact.amount if fact.amount is not None else fact.state} {fact.currency or ''}".strip()
    return str([part for part in fact.value if part])


def _name(fact: Fact) -> str:
    if isinstance(fact, Figure | RuleDate):
        return fact.subject if isinstance(fact, Figure) else fact.instrument
    return fact.title if isinstance(fact, NewsItem | Incident | PageText) else fact.model


def _impossible(facts: Iterable[Fact], document: Document) -> Iterable[Issue]:
    at = document.at.date()
    latest = at + LATEST if at <= date.max - LATEST else date.max
    for fact in facts:
        days = _days(fact)
        wrong = [day for day in days if not EARLIEST <= day <= latest]
        if wrong:
            message = f"{_name(fact)}: {wrong[0]} cannot be meant; expected a day from {EARLIEST} to {latest}"
            yield Issue(code="impossible_date", message=message, locator=fact.locator, fatal=True)
        elif isinstance(fact, PricePoint) and len(days) == 2 and days[0] > days[1]:
            message = f"{_name(fact)}: a price that starts on {days[0]} and ends on {days[1]}"
            yield Issue(code="impossible_date", message=message, locator=fact.locator, fatal=True)


def _days(fact: Fact) -> list[date]:
    if isinstance(fact, PricePoint):
        return [day for day in (fact.effective_from, fact.effective_to) if day]
    if isinstance(fact, Notice):
        texts = (fact.announced_on, fact.deprecates_on, fact.retires_on, fact.not_before)
        return [date.fromisoformat(text if len(text) > 7 else f"{text}-01") for text in texts if text]
    return []


def _resized(facts: Sequence[Fact], last_good: Precedent | None, *, live: bool, catalogue: bool) -> Iterable[Issue]:
    """Far fewer or far more than before. Between imports lie months, in which a page may well grow."""
    if last_good is None or any(isinstance(fact, NewsItem | Incident) for fact in (*facts, *last_good.facts)):
        return
    before, now = len(last_good.facts), len(facts)
    halved = catalogue and now <= before * HALVED
    if before >= FEW and (halved or now < before * COLLAPSED):
        message = (
            f"{now} facts where the last good capture has {before}: the page lost most of them, or its layout changed"
        )
        yield Issue(code="collapsed", message=message, fatal=True)
    elif live and before >= SOME and now > before * EXPLODED:
        message = (
            f"{now} facts where the last good capture has {before}: the page was replaced, or something is read twice"
        )
        yield Issue(code="exploded", message=message, fatal=True)


def _may_be_empty(reading: Reading, document: Document, expect: Expected) -> bool:
    """What the reader refused has its issue already; a feed without entries is a feed; some pages say little."""
    if any(issue.fatal for issue in reading.issues) or sniff(document.body, document.content_type) == "xml":
        return True
    text = decode(document.body[:_HEAD], document.content_type)
    walled = any(re.search(pattern, text, re.I) for _, pattern in _WALLS)
    return expect.facts is not None and expect.facts[0] == 0 and not walled


def _walls(document: Document) -> Iterator[Issue]:
    """What stands in the place of the page; an error that only its scripts keep ready is none."""
    text = decode(document.body[:_HEAD], document.content_type)
    shown = " ".join(
        re.split(r"<script\b", part, maxsplit=1, flags=re.I)[0] for part in re.split("</script", text, flags=re.I)
    )
    for code, pattern in _WALLS:
        if found := re.search(pattern, shown if code == "error_page" else text, re.I):
            message = f"not the page but a {code.replace('_', ' ')}: it says {_quote(found[0])}"
            yield Issue(code=code, message=message, fatal=True)
            return


def _nothing(document: Document) -> Issue:
    """Why there is nothing: a wall, or a page without a single fact."""
    for wall in _walls(document):
        return wall
    message = f"not one fact in {len(document.body)} bytes of {document.url}"
    return Issue(code="no_facts", message=message, fatal=True)


def _expected(facts: Sequence[Fact], document: Document, expect: Expected) -> Iterable[Issue]:
    if expect.facts and not expect.facts[0] <= len(facts) <= expect.facts[1]:
        least, most = expect.facts
        code = "count_below_minimum" if len(facts) < least else "count_above_maximum"
        yield Issue(code=code, message=f"{len(facts)} facts, expected {least} to {most}", fatal=True)
    text = decode(document.body, document.content_type).casefold() if expect.markers else ""
    for marker in expect.markers:
        if marker.casefold() not in text:
            message = f"the page does not say {_quote(marker)}: another page, or its layout changed"
            yield Issue(code="marker_missing", message=message, fatal=True)
    names = [_name(fact).casefold() for fact in facts]
    for model in expect.models:
        if facts and not any(model.casefold() in name for name in names):
            message = f"no model's name holds {_quote(model)}: another provider's page?"
            yield Issue(code="model_missing", message=message, fatal=True)


def _quote(text: str) -> str:
    return repr(" ".join(text.split())[:80])
