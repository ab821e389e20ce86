"""From a news item to a funding event: frames chosen, sums given their parts, names and status settled. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from crawler.extract.funding import lexicon
from crawler.extract.funding.backers import investors_of, leads_of
from crawler.extract.funding.clauses import Frame
from crawler.extract.funding.companies import STANDS_FOR, company_of
from crawler.extract.funding.figures import amount_of, code_of, home_of, shown, total_of, valuation_of
from crawler.extract.funding.frames import frames_in
from crawler.extract.funding.names import name_in, plain
from crawler.extract.funding.roles import roles_of
from crawler.extract.funding.stages import ORDER, is_grant, stage_in
from crawler.extract.funding.statuses import status_of
from crawler.extract.funding.texts import Sentence, Text, prepared
from timeline.funding import FundingRound, Reasoned

VERSION = "1"

_OFF = re.compile(
    r"\b(?:walk(?:ed|s) away|back(?:ed|s) out|fell through|called off|ended without)\b|"
    r"\b(?:halts?|scraps?|shelves|drops?|pauses?|abandons?) (?:its |the )?plans?\b|"
    r"\b(?:blocks?|blocked|kills?|killed|cancel(?:s|l?ing|l?ed)?|scraps?|scrapped|terminat\w+|abandon\w*|"
    r"calls? off|called off|unwinds?|unwinding|"
    r"rejects?|rejected|collapse[sd]?|falls? (?:through|apart)|walks? away|clears?|cleared|approves?|approved|"
    r"probes?|investigat\w+|challenges?|"
    r"sues?|withdraws?|pulls|vetoe[sd]|halts?|greenlights?|ends|drops)\b[^;]{0,70}\b(?:deals?|merger|"
    r"acquisition|takeover|IPO|offer|bid|buyout|purchase|talks|sale)\b|"
    r"\b(?:merger|acquisition|takeover|deal|buyout|IPO)\b[^;]{0,40}\b(?:blocked|cancell?ed|terminated|"
    r"called off|collapses?|falls? through|approved|cleared|scrapped)\b",
    re.I,
)
_ASIDE = re.compile(
    r"^(?:Q&A|how\b|why\b|what\b|inside\b|a (?:look|profile|guide)\b|the (?:[\w-]+ )+(?:that|who|behind)\b|"
    r"opinion\b|interview\b|who\b|when\b|"
    r"\d+ (?:things|ways|best|top|days|startups)\b|top \d|to buy\b|best\b|is\b|should\b|can\b|ahead of\b|"
    r"after\b[^,]*\bIPO\b)|"
    r"\bshuts? down\b|\bbankruptcy\b|\btender offer\b|\bbuy-?backs?\b|\b(?:promo|coupons?|discount codes?|"
    r"lowest price)\b|\bQ&A\b|\bhow to\b|\btips\b|\bguide to\b",
    re.I,
)


_DESCRIBED = re.compile(r"\b(?:startup|company|firm|lab|venture)\b(?! [A-Z])")
_PICTURE = re.compile(r"[\u2600-\u27bf\U0001f300-\U0001faff]")


def read_item(item: Mapping[str, Any]) -> Reasoned:
    """What an item's title and summary say of a deal; label `none` when they tell of no deal of this kind."""
    text = prepared(item)
    steps = [f"title read as: {text.main.text}"]
    frame = _frame(text, steps)
    if frame is None:
        return Reasoned(round=FundingRound(label="none"), because=tuple(steps))
    steps.append(f"{frame.sentence.where}: {frame.rule!r} reads as {frame.label}")
    return Reasoned(round=_round(text, frame, steps), because=tuple(steps))


def _frame(text: Text, steps: list[str]) -> Frame | None:
    main = text.main.text
    for why, pattern in (("is called off, judged or blocked", _OFF), ("tells of something else", _ASIDE)):
        if match := pattern.search(main if why.startswith("is") else text.title.text):
            if (
                why.startswith("is")
                and (cut := re.search(r"\b(?:after|as|despite)\b", main))
                and cut.start() < match.start()
            ):
                continue
            steps.append(f"no event: the title {why} ({match[0]!r})")
            return None
    frames = frames_in(text.main)
    if _is_digest(text.title.text):
        steps.append("no event: the title lists the headlines of several stories")
        return None
    if frames:
        return _best(frames, text)
    subject = plain(text.title.text)
    for sentence in text.summary[:2]:
        for frame in frames_in(sentence):
            if settled := _settled(frame, text, sentence, subject):
                return settled
    steps.append("no event: no verb of a deal in the title's main clause, none about its subject in the summary")
    return None


def _is_digest(title: str) -> bool:
    """Whether a title strings together headlines: "A does this, B does that, C does the other, More"."""
    if re.search(r",\s*(?:and )?More$|^The Batch\b", title) or len(_PICTURE.findall(title)) > 1:
        return True
    parts = title.split(", ")
    return len(parts) > 3 and all(len(part.split()) > 2 and part[:1].isupper() for part in parts)


def _best(frames: Sequence[Frame], text: Text) -> Frame:
    """The earliest frame; of those that begin together the one that names a company."""
    first = frames[0]
    for frame in frames[1:]:
        if frame.rule.startswith("its_ipo") and first.label == "ipo":
            return frame
        if (
            frame.start == first.start
            and first.company is None
            and frame.company is not None
            and frame.label == first.label
        ):
            return frame
    return first


def _settled(frame: Frame, text: Text, sentence: Sentence, subject: str) -> Frame | None:
    """A frame of the summary, if it tells of whom the title tells."""
    named = [name for name in (frame.company, frame.acquirer, *frame.also, *frame.investors) if name]
    if any(plain(name) in subject for name in named):
        return frame
    if frame.company and sentence is text.summary[0] and text.title.sums and _DESCRIBED.search(text.title.text):
        return frame
    if not named and STANDS_FOR.match(frame.subject) and (name := name_in(text.main.text)):
        return replace(frame, company=name)
    return None


def _round(text: Text, frame: Frame, steps: list[str]) -> FundingRound:
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
    stage = _stage(text, frame, investors, status)
    steps += [f"status {status}: {because!r}", f"amount {shown(amount)}, valuation {shown(valuation)}"]
    home = home_of(text)
    currency = code_of(amount or valuation, home)
    return FundingRound(
        label=frame.label, company=company, also=also, round=stage, status=status, lead_investors=leads,
        investors=investors, acquirer=frame.acquirer, currency=currency,
        amount=amount.amount if amount else None, amount_max=amount.top if amount else None,
        amount_qualifier=amount.qualifier if amount else None,
        valuation=valuation.amount if valuation else None, valuation_max=valuation.top if valuation else None,
        valuation_qualifier=valuation.qualifier if valuation else None, valuation_basis=basis,
        valuation_currency=code if (code := code_of(valuation, home)) != currency else None,
        total_raised=total_of(roles),
    )  # fmt: skip


def _telling(text: Text) -> tuple[Sentence, ...]:
    """The sentences of a summary that tell of this round: the first, and the next where it goes on about "
    ""the round"."""
    return tuple(
        s for n, s in enumerate(text.summary[:2]) if n == 0 or s.text.startswith(("The ⟦", "The round", "The Series"))
    )


def _stage(text: Text, frame: Frame, investors: Sequence[str], status: str) -> str | None:
    if frame.label == "fund_close":
        return None
    if frame.label != "funding":
        return frame.label
    found = [stage for sentence in (text.title, *_telling(text)) if (stage := stage_in(sentence.text))]
    if found:
        return stage_in(text.title.text) or max(found, key=ORDER.index)
    if is_grant(frame.tail):
        return "grant"
    # Talks do not yet say that nobody else joins.
    known = investors and status != "rumoured" and all(_operates(name) for name in investors)
    return "strategic" if known else "undisclosed"


def _operates(name: str) -> bool:
    """Whether an investor is an operating company or a state rather than a firm, a fund or a person."""
    return bool({word.lower() for word in name.split()} & lexicon.STATES) or plain(name) in lexicon.OPERATORS
