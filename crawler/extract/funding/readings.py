"""From a news item to a funding event: a frame chosen, sums given their parts, names and status settled. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crawler.extract.funding import lexicon, texts
from crawler.extract.funding.backers import investors_of, leads_of
from crawler.extract.funding.choosing import chosen
from crawler.extract.funding.clauses import Frame
from crawler.extract.funding.companies import company_of
from crawler.extract.funding.explanations import Told, reasons_of
from crawler.extract.funding.figures import amount_of, code_of, home_of, shown, total_of, valuation_of
from crawler.extract.funding.names import plain
from crawler.extract.funding.roles import roles_of
from crawler.extract.funding.stages import ORDER, is_grant, stage_in
from crawler.extract.funding.statuses import status_of
from crawler.extract.funding.texts import Sentence, Text, prepared
from timeline.funding import FundingRound, Reasoned

_OTHERS = re.compile(r"\b(?:and|among) (?:others?|more|several|existing|various)\b|, others\b", re.I)
VERSION = "16"


def read_item(item: Mapping[str, Any]) -> Reasoned:
    """What an item's title and summary say of a deal; label `none` when they tell of no deal of this kind."""
    text = prepared(item)
    steps = [f"title read as: {text.main.text}"]
    frame = chosen(text, steps)
    if frame is None:
        return Reasoned(round=FundingRound(label="none"), because=tuple(steps))
    told = _told(text, frame, steps)
    return Reasoned(round=told.round, because=tuple(steps), reasons=reasons_of(item, text, told))


def _told(text: Text, frame: Frame, steps: list[str]) -> Told:
    roles = {sentence: roles_of(sentence) for sentence in text.sentences}
    for sentence, found in roles.items():
        steps += [f"{sentence.where}: sum {shown(sentence.sums[n])} is {role}" for n, role in found.items()]
    amount = amount_of(text, frame, roles)
    valuation, basis = valuation_of(text, frame, roles)
    if valuation is not None and amount is valuation:
        valuation = None
    leads = leads_of(text, frame) if frame.label == "funding" else ()
    investors = investors_of(text, frame, leads)
    status, because = status_of(text, frame)
    company, also = company_of(text, frame)
    stage, stage_rule = _stage(text, frame, investors, status)
    steps += [f"status {status}: {because!r}", f"amount {shown(amount)}, valuation {shown(valuation)}"]
    home = home_of(text)
    currency = code_of(amount or valuation, home)
    round_ = FundingRound(
        label=frame.label, company=company, also=also, round=stage, status=status, lead_investors=leads,
        investors=investors, acquirer=frame.acquirer, currency=currency,
        amount=amount.amount if amount else None, amount_max=amount.top if amount else None,
        amount_qualifier=amount.qualifier if amount else None,
        valuation=valuation.amount if valuation else None, valuation_max=valuation.top if valuation else None,
        valuation_qualifier=valuation.qualifier if valuation else None, valuation_basis=basis,
        valuation_currency=code if (code := code_of(valuation, home)) != currency else None,
        total_raised=total_of(roles),
    )  # fmt: skip
    return Told(round=round_, frame=frame, amount=amount, valuation=valuation, status_words=because,
                stage_rule=stage_rule, roles=roles)  # fmt: skip


def _telling(text: Text) -> tuple[Sentence, ...]:
    """The sentences of a summary that tell of this round: the first, and the next where it goes on about "
    ""the round"."""
    return tuple(
        s for n, s in enumerate(text.summary[:2]) if n == 0 or s.text.startswith(("The ⟦", "The round", "The Series"))
    )


def _stage(text: Text, frame: Frame, investors: Sequence[str], status: str) -> tuple[str | None, str]:
    """The stage, and the rule that says so."""
    if frame.label == "fund_close":
        return None, "a fund has no stage"
    if frame.label != "funding":
        return frame.label, "the stage is the kind of deal"
    found = [stage for sentence in (text.title, *_telling(text)) if (stage := stage_in(sentence.text))]
    if found:
        return stage_in(text.title.text) or max(found, key=ORDER.index), "stage named"
    if is_grant(frame.tail) and "stake" not in frame.tail:
        return "grant", "stage named"
    in_part = re.search(rf"\b(?:leads?|led) with {texts.MARK}", text.title.text)
    if not in_part and _operators_alone(frame, investors, status):
        return "strategic", "every investor is an operating company or a state"
    return "undisclosed", "no stage named"


def _operators_alone(frame: Frame, investors: Sequence[str], status: str) -> bool:
    """Whether only operating companies and states give the money.

    Talks do not yet say that nobody else joins; who leads or joins a round is not alone; nor is one who gives a part.
    """
    if not investors or status == "rumoured" or frame.rule.startswith(("leads", "joins")):
        return False
    if _OTHERS.search(frame.tail):
        return False
    if not frame.invests and re.search(rf"\b(?:with|including) {texts.MARK} (?:\w+ )?from\b", frame.tail):
        return False
    return all(_operates(name) for name in investors)


def _operates(name: str) -> bool:
    """Whether an investor is an operating company or a state rather than a firm, a fund or a person."""
    if name.lower() in lexicon.PLACES:
        return True
    return bool({word.lower() for word in name.split()} & lexicon.STATES) or plain(name) in lexicon.OPERATORS
