"""Why each field of a reading is what it is: the rule, and the words of the item that it rests on. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.extract.funding.clauses import Frame
from crawler.extract.funding.roles import Role
from crawler.extract.funding.sums import Sum
from crawler.extract.funding.texts import Sentence, Text
from timeline.funding import FundingRound, Reason

_STAGE_WORDS = {
    "pre_seed": r"pre-?\s?seed", "seed": r"seed", "grant": r"grants?",
    "ipo": r"IPO|public offering|listing|debut|public|S-1",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A round as read, and what it was read from."""

    round: FundingRound
    frame: Frame
    amount: Sum | None
    valuation: Sum | None
    status_words: str
    stage_rule: str
    roles: Mapping[Sentence, Mapping[int, Role]]


def reasons_of(item: Mapping[str, Any], text: Text, told: Told) -> tuple[Reason, ...]:
    """A reason for every field that has a value, in the order of the fields."""
    return tuple(
        _located(item, field, value, rule, words)
        for field, value, rule, words in _reasons(text, told)
        if value not in (None, (), "")
    )


def _reasons(text: Text, told: Told) -> Iterator[tuple[str, object, str, str]]:
    """Field, value, rule and the words of the text."""
    round_, frame = told.round, told.frame
    verb = frame.tail.split("⟦", 1)[0].strip()[:60] if frame.start else frame.tail[:60]
    yield "label", round_.label, frame.rule, " ".join(verb.split()[:4])
    named = "what the verb is said of" if round_.company == frame.company else "the name that the item gives besides"
    yield "company", round_.company, named, round_.company or ""
    yield "round", round_.round, told.stage_rule, _stage_words(round_.round or "", text)
    for field, value in (("amount", told.amount), ("valuation", told.valuation)):
        if value is not None:
            rule = f"sum read as {_role(value, told) if field == 'valuation' else 'the money of the event'}"
            yield field, value.amount, rule, _printed(value, text)
            if value.qualifier:
                yield f"{field}_qualifier", value.qualifier, "the words before or behind the sum", _printed(value, text)
    if (sum_ := told.amount or told.valuation) is not None:
        signed = "the home currency of the outlet" if sum_.currency == "$" else "sign or name of the currency"
        yield "currency", round_.currency, signed, _printed(sum_, text)
    yield "status", round_.status, "the words that say how sure and how far the deal is", told.status_words
    for name in round_.lead_investors:
        yield "lead_investors", name, "named as leading the round", name
    yield "acquirer", round_.acquirer, "who buys", round_.acquirer or ""
    for name in round_.investors:
        yield "investors", name, "named as giving money for this event", name


def _role(value: Sum, told: Told) -> str:
    return next(
        (found[n] for sentence, found in told.roles.items() for n, each in enumerate(sentence.sums) if each is value),
        "valuation",
    )


def _printed(value: Sum, text: Text) -> str:
    """The words of a sum as its sentence prints them."""
    for sentence in text.sentences:
        if any(each is value for each in sentence.sums):
            return sentence.printed[value.start : value.end]
    return ""


def _stage_words(stage: str, text: Text) -> str:
    pattern = _STAGE_WORDS.get(stage) or (rf"series[\s-]?{stage[-1]}" if stage.startswith("series_") else "")
    for sentence in text.sentences if pattern else ():
        if match := re.search(pattern, sentence.text, re.I):
            return match[0]
    return ""


def _located(item: Mapping[str, Any], field: str, value: object, rule: str, words: str) -> Reason:
    """A reason with the place of its words in the item; without a place where the item spells them otherwise."""
    wanted = r"\s+".join(re.escape(word) for word in words.split())
    for where in ("title", "summary") if wanted else ():
        source = item.get(where)
        if isinstance(source, str) and (match := re.search(wanted, _plain(source[:3_000]))):
            return Reason(field=field, value=value, rule=rule, where=where, start=match.start(), end=match.end(),
                          words=source[match.start() : match.end()])  # fmt: skip
    return Reason(field=field, value=value, rule=rule, where=None, start=None, end=None, words=words)


def _plain(source: str) -> str:
    """A text with the quotes and dashes that the reader sees, character for character."""
    return source.translate({ord(a): b for a, b in zip("’‘“”\u00a0‑−", "''\"\" --", strict=True)})
