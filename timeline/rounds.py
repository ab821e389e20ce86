"""One deal told by many: which reports of rounds, purchases, listings, loans and funds are of the same event. Pure."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from timeline.funding import FundingRound

ToDollars = Callable[[str, date], Decimal | None]
"""US dollars for one unit of a currency on a day; None where the rate is not known."""

_LAST = datetime.max.replace(tzinfo=UTC)
_TALK = timedelta(days=45)  # between two reports of the same talks about money
_SETTLED = timedelta(days=75)  # between talks and what came of them, and between the reports of one round
_DEAL = timedelta(days=400)  # between talk of a purchase or a listing and its end
_NEAR = Decimal("0.05")
_EXTENDED = 2  # times over: a company has one Series B, and an extension of it at most doubles it
_FAR = 12  # talks that grow more than so many times over are other talks
# What a name may leave out: words anywhere, legal forms and "Group" at its end, the ending of an address.
_CORPORATE = re.compile(
    r"\b(?:corporation|company|labs?|ai|technologies|technology|systems|holdings?|project|the)\b\.?"
)
_LEGAL = re.compile(
    r"(?:[\s,]+(?:inc|incorporated|ltd|limited|llc|llp|plc|gmbh|ag|se|sa|sas|sarl|spa|s\.p\.a|srl|ab|oy|oyj|as|aps|bv|nv|kk|"
    r"pte|pty|pvt|private|corp|co|group)\b\.?)+$"
)
_ADDRESS = re.compile(r"(?<=\w)\.(?:com|io|ai|dev|app|co|so|xyz|tech|net|org)$")
# Names of one company that share no letters: houses that changed theirs, and what outlets call them by.
_ALSO_CALLED = {
    "alphabet": "google", "facebook": "meta", "metaplatforms": "meta", "aws": "amazon", "amazonwebservices": "amazon",
    "amazoncom": "amazon", "andreessenhorowitz": "a16z", "anysphere": "cursor", "ycombinator": "yc", "ssi":
    "safesuperintelligence", "kleinerperkinscaufieldbyers": "kleinerperkins", "newenterpriseassociates": "nea",
}  # fmt: skip
_STAGES = ("undisclosed", "strategic", None)  # what names no stage


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What one item tells of a deal; `at` is when it was published or first seen, aware UTC, or None."""

    id: str
    round: FundingRound
    at: datetime | None = None


@dataclass(kw_only=True, slots=True)
class _Event:
    reports: list[Report] = field(default_factory=list)

    @property
    def latest(self) -> datetime | None:
        return max((report.at for report in self.reports if report.at), default=None)

    @property
    def settled(self) -> list[Report]:
        return [report for report in self.reports if report.round.status != "rumoured"]


def join(
    reports: Iterable[Report], *, dollars: ToDollars | None = None, apart: Collection[frozenset[str]] = ()
) -> tuple[tuple[str, ...], ...]:
    """The ids of reports, one tuple for each event, in order of time; undated reports last.

    `apart` are pairs of ids that a person has split: they never share an event. Without `dollars` sums are compared
    only within a currency.
    """
    events: list[_Event] = []
    for report in sorted(reports, key=lambda each: (each.at or _LAST, each.id)):
        if report.round.label == "none":
            continue
        for event in reversed(events):
            if _is_split(report, event, apart):
                continue
            if _belongs(report, event, dollars):
                event.reports.append(report)
                break
        else:
            talked = _between_talks(report, [each for each in events if not _is_split(report, each, apart)], dollars)
            if talked is not None:
                talked.reports.append(report)
            else:
                events.append(_Event(reports=[report]))
    return tuple(tuple(report.id for report in event.reports) for event in events)


@lru_cache(maxsize=10_000)
def company_key(name: str | None) -> str:
    """What is compared of a company's name; empty for no name.

    Letters and digits without accents, legal forms, corporate words and the ending of an address; known other names of
    the same company come to one. Reports are stored with it: when it changes, the reader's VERSION is raised.
    """
    folded = unicodedata.normalize("NFKD", (name or "").casefold())
    low = "".join(char for char in folded if not unicodedata.combining(char)).strip()
    short = _ADDRESS.sub("", _LEGAL.sub("", low))
    bare = re.sub(r"[^\w]+", "", _CORPORATE.sub("", short)) or re.sub(r"[^\w]+", "", short or low)
    return _ALSO_CALLED.get(bare, bare)


def _is_split(report: Report, event: _Event, apart: Collection[frozenset[str]]) -> bool:
    return bool(apart) and any(frozenset((report.id, other.id)) in apart for other in event.reports)


def _belongs(report: Report, event: _Event, dollars: ToDollars | None) -> bool:
    first = event.reports[0].round
    if first.label != report.round.label or _is_roundup(report.round) or _is_roundup(first):
        return False
    if not any(_same_company(report.round, other.round) for other in event.reports):
        return False
    if report.round.label == "acquisition":
        return _in_time(report, event, _DEAL) and not any(_rivals(report.round, o.round) for o in event.reports)
    if report.round.label == "ipo":
        return _in_time(report, event, _DEAL)
    return _same_money(report, event, dollars)


def _between_talks(report: Report, events: Sequence[_Event], dollars: ToDollars | None) -> _Event | None:
    """The one event between whose rumoured sums those of an undated rumour lie; None where none or several do."""
    if report.at is not None or report.round.status != "rumoured" or report.round.label == "acquisition":
        return None
    kin = [
        event
        for event in events
        if event.reports[0].round.label == report.round.label
        and any(_same_company(report.round, other.round) for other in event.reports)
        and not any(_other_stage(report.round, other.round) or _is_roundup(other.round) for other in event.reports)
        and _is_between(report, event, dollars)
    ]
    return kin[0] if len(kin) == 1 else None


def _is_between(report: Report, event: _Event, dollars: ToDollars | None) -> bool:
    """Whether the sums of a report lie between those that the talks of an event have named, and at least one does."""
    found = []
    for name in ("amount", "valuation"):
        pairs = [pair for other in event.reports if (pair := _pair(report, other, name, dollars))]
        if pairs:
            found.append(
                any(mine >= theirs for mine, theirs in pairs) and any(mine <= theirs for mine, theirs in pairs)
            )
    return bool(found) and all(found)


def _is_roundup(round_: FundingRound) -> bool:
    """Whether an item tells of several companies without a sum: nothing says which of their deals it means."""
    return round_.label == "funding" and bool(round_.also) and round_.amount is None and round_.valuation is None


def _same_company(one: FundingRound, other: FundingRound) -> bool:
    if one.label == "acquisition":
        sides = [
            {company_key(n) for n in (each.company, each.acquirer, *each.also, *each.investors) if n}
            for each in (one, other)
        ]
        if len(sides[0] & sides[1]) > 1:
            return True  # a merger, told from either side
    key = company_key(one.company)
    return bool(key) and key == company_key(other.company)


def _rivals(one: FundingRound, other: FundingRound) -> bool:
    buyers = company_key(one.acquirer), company_key(other.acquirer)
    if not all(buyers) or buyers[0] == buyers[1]:
        return False
    return not {buyers[0], buyers[1]} <= {company_key(one.company), company_key(other.company), *buyers[:1]}


def _in_time(report: Report, event: _Event, window: timedelta) -> bool:
    latest = event.latest
    return report.at is None or latest is None or abs(report.at - latest) <= window


def _same_money(report: Report, event: _Event, dollars: ToDollars | None) -> bool:
    """Of rounds, loans and funds: stages that do not contradict, then sums and time."""
    if any(_other_stage(report.round, other.round) for other in event.reports):
        return False
    alike = any(
        _alike(report, other, dollars) or (_same_stage(report, other) and not _is_other(report, other, dollars))
        for other in event.reports
    )
    if report.at is None or event.latest is None:
        return alike
    if alike and _in_time(report, event, _SETTLED):
        return True
    differs = [_differs(report, other, dollars) for other in (event.settled or event.reports)]
    if event.settled:
        unsaid = report.round.amount is None and report.round.valuation is None
        return _in_time(report, event, _TALK) and not any(differs) and (unsaid or report.round.status != "rumoured")
    if report.round.status == "rumoured":
        return _in_time(report, event, _TALK) and not all(_is_far(report, other, dollars) for other in event.reports)
    return _in_time(report, event, _SETTLED) and not all(_is_far(report, other, dollars) for other in event.reports)


def _same_stage(one: Report, other: Report) -> bool:
    return one.round.label == "funding" and one.round.round == other.round.round and one.round.round not in _STAGES


def _is_other(one: Report, other: Report, dollars: ToDollars | None) -> bool:
    """Whether sums of one named stage are so far apart that they are two rounds rather than one that was extended."""
    sums = _pair(one, other, "amount", dollars)
    return sums is not None and max(sums) > _EXTENDED * min(sums)


def _other_stage(one: FundingRound, other: FundingRound) -> bool:
    return one.round != other.round and one.round not in _STAGES and other.round not in _STAGES


def _alike(one: Report, other: Report, dollars: ToDollars | None) -> bool:
    """Whether the sums are the same within 5 %, or the valuations are before and after the same money."""
    if sums := _pair(one, other, "amount", dollars):
        return _near(*sums)
    if not (values := _pair(one, other, "valuation", dollars)):
        return False
    added = one.round.amount or other.round.amount
    return _near(*values) or (bool(added) and _near(min(values) + (added or 0), max(values)))


def _differs(one: Report, other: Report, dollars: ToDollars | None) -> bool:
    sums = _pair(one, other, "amount", dollars)
    return bool(sums) and not _alike(one, other, dollars)


def _is_far(one: Report, other: Report, dollars: ToDollars | None) -> bool:
    sums = _pair(one, other, "amount", dollars)
    return sums is not None and max(sums) > _FAR * min(sums)


def _near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= _NEAR * max(one, other)


def _pair(one: Report, other: Report, name: str, dollars: ToDollars | None) -> tuple[Decimal, Decimal] | None:
    """The sums of two reports in one currency, at the rate of the day; None where they cannot be compared."""
    values = [_sum(each.round, name) for each in (one, other)]
    (low, currency), (high, other_currency) = values
    if low is None or high is None:
        return None
    if currency == other_currency:
        return low, high
    day = one.at or other.at
    if dollars is None or day is None:
        return None
    rates = [Decimal(1) if code == "USD" else dollars(code or "", day.date()) for code in (currency, other_currency)]
    if rates[0] is None or rates[1] is None:
        return None
    return low * rates[0], high * rates[1]


def _sum(round_: FundingRound, name: str) -> tuple[Decimal | None, str | None]:
    if name == "amount":
        return round_.amount, round_.currency
    return round_.valuation, round_.valuation_currency or round_.currency
