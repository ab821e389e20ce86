"""Rounds over time: every report of every outlet folded into deals, each with its states and the events they tell.

Pure, and a function of the reports alone: neither the order in which they arrive nor how they are batched matters. Only
the names of deals are remembered: a deal that is known keeps its name when an older report of it turns up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from timeline.events import CaptureRef, Origin
from timeline.funding import FundingRound
from timeline.keys import digest
from timeline.rounds import Report, ToDollars, company_key, join
from timeline.terms import Word, agree, heard

Pair = frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What an item told of a deal from `seen` until `until`, when its text became another one (None: it stands)."""

    item: str  # item_id
    publisher: str
    terms: FundingRound
    seen: datetime
    until: datetime | None = None
    first_seen: datetime | None = None  # of the item, where another text was before this one; the fold finds out
    published: datetime | None = None
    source: str
    trust: str
    origin: Origin
    baseline: bool = False  # among what the first look at its feed listed
    late: bool = False
    url: str = ""
    title: str = ""
    topics: tuple[str, ...] = ()
    locator: str = ""
    capture: CaptureRef | None = None

    @property
    def at(self) -> datetime:
        """When the item told it: as published, where that is not later than its first sighting."""
        return heard(self.published, self.first_seen or self.seen)

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """By which it is sorted among others: first what was seen first."""
        return self.seen, self.at, self.item


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What a person decided: every item of `these` is of the same deal as every item of `those`, or of another."""

    verdict: Literal["apart", "together"]
    these: tuple[str, ...]
    those: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """The terms of a deal as known from `known_from` until the next state; `tellings` are those that made it so."""

    known_from: datetime
    terms: FundingRound
    tellings: tuple[Telling, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Deal:
    """One deal. `tellings` are the standing ones, in order of time; `states` begin with the first report of them."""

    name: str
    label: str
    tellings: tuple[Telling, ...]
    states: tuple[Stated, ...]
    first_reported: datetime
    announced_on: date | None = None
    closed_on: date | None = None

    @property
    def terms(self) -> FundingRound:
        """What is known now."""
        return self.states[-1].terms

    @property
    def items(self) -> tuple[str, ...]:
        """The items that tell it."""
        return tuple(telling.item for telling in self.tellings)


def item_id(source: str, key: str) -> str:
    """A short id of an item of a feed: people type it."""
    return digest(["item", source, key], size=12)


def parties(terms: FundingRound) -> frozenset[str]:
    """What reports of one deal have in common: two that share none of these never join (timeline.rounds)."""
    named = [terms.company]
    if terms.label == "acquisition":
        named += [terms.acquirer, *terms.also, *terms.investors]
    return frozenset(f"{terms.label}:{key}" for name in named if (key := company_key(name)))


def fold_deals(
    tellings: Iterable[Telling],
    *,
    decisions: Sequence[Decision] = (),
    names: Mapping[str, str] | None = None,
    dollars: ToDollars | None = None,
) -> tuple[Deal, ...]:
    """The deals that all these tellings tell, the first reported first. Those of no deal, or of nobody, are left out.

    `names` are the names of known deals by item; `decisions` in the order in which they were taken: of two about the
    same pair the later one counts.
    """
    told = _with_first_sightings(sorted(tellings, key=lambda each: each.seen))
    standing = {each.item: each for each in told if each.until is None}
    counted = {item: each for item, each in standing.items() if parties(each.terms)}
    groups = _groups(counted, _verdicts(decisions), dollars)
    called = _call(groups, counted, names or {})
    versions: dict[str, list[Telling]] = {}
    for each in told:
        versions.setdefault(each.item, []).append(each)
    deals = [
        _deal(name, [counted[item] for item in items], [each for item in items for each in versions[item]], dollars)
        for name, items in called.items()
    ]
    return tuple(sorted(deals, key=lambda deal: (deal.first_reported, deal.name)))


def _with_first_sightings(tellings: Sequence[Telling]) -> list[Telling]:
    first: dict[str, datetime] = {}
    for each in tellings:
        first.setdefault(each.item, each.seen)
    dated = [replace(each, first_seen=first[each.item]) for each in tellings]
    return sorted(dated, key=lambda each: each.order)


# ---------------------------------------------------------------- which reports are of one deal


@dataclass(frozen=True, kw_only=True, slots=True)
class _Verdicts:
    apart: frozenset[Pair] = frozenset()
    together: frozenset[Pair] = frozenset()


def _verdicts(decisions: Sequence[Decision]) -> _Verdicts:
    last: dict[Pair, str] = {}
    for decision in decisions:
        for one in decision.these:
            for other in decision.those:
                if one != other:
                    last[frozenset((one, other))] = decision.verdict
    return _Verdicts(
        apart=frozenset(pair for pair, verdict in last.items() if verdict == "apart"),
        together=frozenset(pair for pair, verdict in last.items() if verdict == "together"),
    )


def _groups(counted: Mapping[str, Telling], by_hand: _Verdicts, dollars: ToDollars | None) -> list[tuple[str, ...]]:
    """Items of one deal each: as the rules join them, then as a person did; what was split stays split."""
    reports = [Report(id=item, round=each.terms, at=each.at) for item, each in counted.items()]
    groups = [set(group) for group in join(reports, dollars=dollars, apart=by_hand.apart)]
    for pair in sorted(by_hand.together, key=sorted):
        found = [group for group in groups if group & pair]
        if len(found) == 2 and _may_join(found, counted, by_hand.apart):
            groups = [group for group in groups if group not in found] + [found[0] | found[1]]
    ordered = [tuple(sorted(group, key=lambda item: counted[item].order)) for group in groups]
    return sorted(ordered, key=lambda group: counted[group[0]].order)


def _may_join(found: Sequence[set[str]], counted: Mapping[str, Telling], apart: frozenset[Pair]) -> bool:
    alike = len({counted[item].terms.label for group in found for item in group}) == 1
    return alike and not any(frozenset((one, other)) in apart for one in found[0] for other in found[1])


# ---------------------------------------------------------------- what a deal is called


def _call(
    groups: Sequence[tuple[str, ...]], counted: Mapping[str, Telling], names: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Names of groups: that by which the first of its items was known, if no group of earlier items has it."""
    called: dict[str, tuple[str, ...]] = {}
    unnamed = []
    for group in groups:
        label = counted[group[0]].terms.label
        known = (names[item] for item in group if item in names)
        name = next((name for name in known if name.startswith(f"{label}-") and name not in called), None)
        if name is None:
            unnamed.append((label, group))
        else:
            called[name] = group
    taken = {*called}
    for label, group in unnamed:
        name = next(name for n in range(len(groups) + 1) if (name := _fresh(label, group[0], n)) not in taken)
        taken.add(name)
        called[name] = group
    return called


def _fresh(label: str, founder: str, n: int) -> str:
    return f"{label}-{digest([label, founder, n], size=10)}"


# ---------------------------------------------------------------- what was known of it, and since when


def _deal(name: str, standing: Sequence[Telling], told: Sequence[Telling], dollars: ToDollars | None) -> Deal:
    label = standing[0].terms.label
    versions = sorted(
        (each for each in told if each.terms.label == label and parties(each.terms)), key=lambda e: e.order
    )
    times = sorted({each.seen for each in versions} | {each.until for each in versions if each.until})
    states: list[Stated] = []
    for at in times:
        now = [each for each in versions if each.seen <= at and (each.until is None or each.until > at)]
        if not now:
            continue
        terms = agree([_word(each) for each in now], dollars)
        if states and states[-1].terms == terms:
            continue
        fresh = tuple(each for each in now if each.seen == at) or tuple(now[:1])
        states.append(Stated(known_from=at, terms=terms, tellings=fresh))
    days = {status: [e.at.date() for e in standing if e.terms.status == status] for status in ("announced", "closed")}
    return Deal(
        name=name,
        label=label,
        tellings=tuple(sorted(standing, key=lambda each: (each.at, each.item))),
        states=tuple(states),
        first_reported=min(each.at for each in standing),
        announced_on=min(days["announced"] + days["closed"], default=None),
        closed_on=min(days["closed"], default=None),
    )


def _word(telling: Telling) -> Word:
    return Word(
        terms=telling.terms,
        publisher=telling.publisher,
        official=telling.trust == "official",
        order=telling.order,
        day=telling.at.date(),
    )
