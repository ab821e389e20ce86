"""What several reports of one deal come to: the terms most of them tell, and what changed between two states. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from timeline.funding import FundingRound, to_json
from timeline.rounds import ToDollars, company_key

STATUSES = ("rumoured", "announced", "closed")
SPECIFIC = ("undisclosed", "strategic", None)  # stages that any other stage goes before
NEAR = Decimal("0.05")
"""Sums this near are the same sum, told more or less roughly (as timeline.rounds joins them)."""

Side = dict[str, Any]
Sum = tuple[Decimal, str | None]  # an amount, and its currency


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """One outlet's standing report. `order` sorts words by when they were first heard."""

    terms: FundingRound
    publisher: str
    official: bool
    order: tuple[Any, ...]
    day: date


def agree(words: Sequence[Word], dollars: ToDollars | None = None) -> FundingRound:
    """The terms of a deal by all that is said of it; the order of `words` does not matter.

    Once it is announced, sums and investors are those that are no rumours. Of several sums that of the parties
    themselves counts, then what more outlets say, then what was heard first; within 5 % it is the same sum, told as
    exactly as anybody does. Raises IndexError without words.
    """
    said = sorted(words, key=lambda word: word.order)
    settled = [word for word in said if word.terms.status != "rumoured"]
    telling = settled or said
    amount = _sum_of(telling, "amount", dollars)
    valued = _sum_of(telling, "valuation", dollars)
    currency = amount.currency if amount else valued.valuation_currency or valued.currency if valued else None
    first = said[0].terms
    acquirer = _vote(telling, lambda terms: terms.acquirer, company_key)
    return FundingRound(
        label=first.label,
        company=_vote(said, lambda terms: _receiver(terms, acquirer), company_key),
        round=_stage(said),
        amount=amount.amount if amount else None,
        amount_max=amount.amount_max if amount else None,
        amount_qualifier=amount.amount_qualifier if amount else None,
        currency=currency,
        valuation=valued.valuation if valued else None,
        valuation_max=valued.valuation_max if valued else None,
        valuation_qualifier=valued.valuation_qualifier if valued else None,
        valuation_basis=valued.valuation_basis if valued else None,
        valuation_currency=_other(valued, currency),
        total_raised=_vote(telling, lambda terms: terms.total_raised),
        stake=_vote(telling, lambda terms: terms.stake),
        lead_investors=_all_named(telling, "lead_investors"),
        investors=_all_named(telling, "investors"),
        acquirer=acquirer,
        status=max((word.terms.status or "announced" for word in said), key=STATUSES.index),
    )


def _receiver(terms: FundingRound, acquirer: str | None) -> str | None:
    """Who receives the money; of a merger told from either side the one that does not buy."""
    buyer = company_key(acquirer)
    if terms.label != "acquisition" or not buyer or company_key(terms.company) != buyer:
        return terms.company
    return next((name for name in (terms.acquirer, *terms.also) if name and company_key(name) != buyer), None)


def changes(old: FundingRound, new: FundingRound) -> tuple[str, ...]:
    """The terms that are worth telling anew: names of fields, in the order in which people ask for them."""
    moved = {
        "status": old.status != new.status,
        "company": company_key(old.company) != company_key(new.company),
        "acquirer": company_key(old.acquirer) != company_key(new.acquirer),
        "round": old.round != new.round,
        "amount": _is_other(_sum(old, "amount"), _sum(new, "amount")),
        "valuation": _is_other(_sum(old, "valuation"), _sum(new, "valuation")),
        "stake": old.stake != new.stake,
        "lead_investors": set(map(company_key, old.lead_investors)) != set(map(company_key, new.lead_investors)),
    }
    return tuple(name for name, told in moved.items() if told)


def side(terms: FundingRound, names: Iterable[str] | None = None) -> Side:
    """The terms as one side of an event: all that is said, or only what goes with the fields of these names."""
    values = to_json(terms)
    if names is None:
        return {name: value for name, value in values.items() if value not in (None, [])}
    wanted = [part for name in names for part in PARTS.get(name, (name,))]
    return {name: values[name] for name in wanted}


PARTS: Mapping[str, tuple[str, ...]] = {
    "amount": ("amount", "amount_max", "amount_qualifier", "currency"),
    "valuation": (
        *("valuation", "valuation_max", "valuation_qualifier", "valuation_basis", "valuation_currency"),
        "currency",
    ),
}
"""What belongs to a sum: told with it, or not at all."""


def terms_of(values: Mapping[str, Any]) -> FundingRound:
    """The terms that `side` wrote, or a row with its columns."""
    found: dict[str, Any] = {}
    for field in fields(FundingRound):
        value = values.get(field.name)
        if value is not None:
            found[field.name] = tuple(value) if isinstance(value, list) else value
            if field.name in _NUMBERS:
                found[field.name] = Decimal(str(value))
    return replace(FundingRound(label="none"), **found)


_NUMBERS = ("amount", "amount_max", "valuation", "valuation_max", "total_raised", "stake")


def heard(at: datetime | None, seen: datetime) -> datetime:
    """When an item was published, as far as that can be: no later than when it was seen."""
    return seen if at is None or at > seen else at


def _sum_of(words: Sequence[Word], name: str, dollars: ToDollars | None) -> FundingRound | None:
    """The terms of the word whose sum counts."""
    groups: list[list[Word]] = []
    for word in words:
        own = _sum(word.terms, name)
        if own is None:
            continue
        for group in groups:
            if _is_near(own, _sum(group[0].terms, name), word.day, dollars):
                group.append(word)
                break
        else:
            groups.append([word])
    if not groups:
        return None
    best = max(groups, key=_weight)  # of equals the one heard first
    votes = [(_sum(word.terms, name), word) for word in best]
    exact = [each for each in votes if getattr(each[1].terms, f"{name}_qualifier") is None] or votes
    values = [value for value, _ in exact]
    counts = {value: len({word.publisher for said, word in exact if said == value}) for value in values}
    chosen = max(values, key=lambda value: counts[value])
    return next(word.terms for value, word in exact if value == chosen)


def _weight(group: Sequence[Word]) -> tuple[bool, int]:
    return any(word.official for word in group), len({word.publisher for word in group})


def _sum(terms: FundingRound, name: str) -> Sum | None:
    if name == "amount":
        return None if terms.amount is None else (terms.amount, terms.currency)
    return None if terms.valuation is None else (terms.valuation, terms.valuation_currency or terms.currency)


def _is_near(one: Sum | None, other: Sum | None, day: date, dollars: ToDollars | None) -> bool:
    if one is None or other is None:
        return False
    if one[1] != other[1]:
        rate, other_rate = (_dollars(code, day, dollars) for _, code in (one, other))
        if rate is None or other_rate is None:
            return False
        one, other = (one[0] * rate, "USD"), (other[0] * other_rate, "USD")
    return abs(one[0] - other[0]) <= NEAR * max(one[0], other[0])


def _dollars(code: str | None, day: date, dollars: ToDollars | None) -> Decimal | None:
    if code == "USD":
        return Decimal(1)
    return dollars(code, day) if dollars and code else None


def _is_other(old: Sum | None, new: Sum | None) -> bool:
    if old is None or new is None:
        return old is not new
    return old[1] != new[1] or not _is_near(old, new, date.min, None)


def _other(valued: FundingRound | None, currency: str | None) -> str | None:
    code = (valued.valuation_currency or valued.currency) if valued else None
    return code if code != currency else None


def _stage(words: Sequence[Word]) -> str | None:
    named = [word for word in words if word.terms.round not in SPECIFIC]
    found: str | None = _vote(named or words, lambda terms: terms.round)
    return found


def _vote(
    words: Sequence[Word], ask: Callable[[FundingRound], Any], alike: Callable[[Any], object] = lambda value: value
) -> Any:
    """What most publishers say, of equals what was heard first; spelt as it was first."""
    found = [(ask(word.terms), word.publisher) for word in words]
    votes: dict[object, tuple[Any, set[str]]] = {}
    for value, publisher in found:
        if value is not None:
            votes.setdefault(alike(value), (value, set()))[1].add(publisher)
    if not votes:
        return None
    return max(votes.values(), key=lambda entry: len(entry[1]))[0]


def _all_named(words: Sequence[Word], name: str) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for word in words:
        for each in getattr(word.terms, name):
            found.setdefault(company_key(each), each)
    return tuple(found.values())
