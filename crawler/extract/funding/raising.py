"""Frames of money raised: rounds, and funds of those who invest. Pure."""

import re
from dataclasses import replace

from crawler.extract.funding.clauses import NOT, Frame, Rule
from crawler.extract.funding.names import name_in, names_of_subject
from crawler.extract.funding.objects import NO_DEAL, is_crowd, is_debt, is_fund, is_manager
from crawler.extract.funding.raising_patterns import (
    ANY,
    BEGINS,
    FILED,
    FOR_ANOTHER,
    FOR_WHOM,
    FUND,
    FUNDRAISES,
    GOING,
    HAS,
    HEADED,
    HOLDERS,
    IN_IPO,
    LEAST,
    LIFTS,
    LISTS,
    ONE,
    OUT_OF_STEALTH,
    PERSON,
    PLAIN_ROUND,
    RAISING,
    ROUND,
    SLACK,
    STRONG,
    TALKS,
    VALUES,
    WITH,
    WORTH,
)
from crawler.extract.funding.texts import MARK as M
from timeline.funding import Label


def _raise(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    tail = match["object"] + frame.sentence.text[match.end() :]
    near = frame.sentence.text[max(0, match.start("verb") - 14) : match.start("verb")]
    if (
        NOT.search(frame.hedge)
        or NOT.search(near)
        or is_crowd(before)
        or NO_DEAL.search(tail)
        or HOLDERS.search(before)
    ):
        return None  # what holders sell brings the company nothing
    if is_debt(tail) and not match["verb"]:
        return None  # the frame of a loan reads it better
    names = _raisers(frame, before, match, tail)
    label, rule = _kind(frame, before, match, tail, names)
    return replace(frame, label=label, rule=rule, company=names[0] if names else None, also=names[1:])


def _raisers(frame: Frame, before: str, match: re.Match[str], tail: str) -> tuple[str, ...]:
    """Who gets the money."""
    names = () if PERSON.search(before) or FOR_ANOTHER.search(tail) else names_of_subject(before)
    if not names and (given := FOR_WHOM.match(tail)) and (whom := name_in(given["whom"])):
        return (whom,)
    if not names and (headed := HEADED.match(frame.sentence.text)):
        return (headed["name"],)
    one = len(names) == 2 and before in (f"{names[0]} and {names[1]}", f"{names[0]} & {names[1]}")
    if one and ONE.match(f"{frame.hedge} {match['verb']}"):
        return (before,)  # "Oxide and Iron raises": the verb says that it is one
    return names


def _kind(frame: Frame, before: str, match: re.Match[str], tail: str, names: tuple[str, ...]) -> tuple[Label, str]:
    """What kind of money it is, and the rule that says so."""
    if is_debt(tail):
        return "debt", f"{frame.rule}, of debt"
    if is_fund(tail, frame.sentence) or is_manager(before, names, match["object"], frame.sentence):
        return "fund_close", f"{frame.rule}, a fund"
    if LISTS.search(frame.sentence.text[: match.start("verb")]) or IN_IPO.search(tail):
        return "ipo", f"{frame.rule}, in an IPO"
    return "funding", frame.rule


def _fundraises(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    names = names_of_subject(before)
    if not names or is_crowd(before):
        return None
    return replace(frame, label="funding", company=names[0], also=names[1:])


def _raising(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    """The participle stands for the verb only right behind a name."""
    words = frame.sentence.text[: match.start()].split()
    if (
        not words
        or not (
            words[-1][:1].isupper()
            or words[-1] in ("maker", "startup", "parent", "owner")
            or any(char.isdigit() for char in words[-1])
        )
        or "⟦" in words[-1]
    ):
        return None
    if re.match(r"(?:is|are|was|were|be|after|before|by|for|in|of|while|from)$", words[-1], re.I):
        return None
    return _raise(frame, before, match)


def _lifts(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    """The participle is of whom the title begins with."""
    company = name_in(frame.sentence.text)
    if company is None or is_debt(match["object"]) or is_fund(match["object"], frame.sentence):
        return None
    return replace(frame, label="funding", company=company)


def _begins(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    """ "Acme launches with $40M to ...": what a company begins with is no price."""
    mark = re.search(M, match["object"])
    if mark is None or frame.sentence.sum_at(mark[0]).amount < LEAST:
        return None
    return _raise(frame, before, match)


def _with(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    """ "With $50M in fresh funding, Acme wants to ...": who has it stands behind."""
    company = name_in(match["who"])
    if company is None or is_debt(match["object"]):
        return None
    return replace(frame, label="funding", company=company, tail=match["object"])


def _worth(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    names = names_of_subject(before)
    if not names or is_crowd(before):
        return None
    return replace(frame, label="funding", company=names[0], also=names[1:])


def _values(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    if not re.search(rf"\b(?:{ROUND})", before, re.I):
        return None
    return replace(frame, label="funding", company=name_in(match["company"]))


def _fund(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    names = names_of_subject(before)
    grows = re.match(rf"(?:[\w'&-]+ ){{0,4}}[Ff]und to {M}", match["object"])  # "doubles AI fund to $1B"
    if (
        not (grows or is_fund(match["object"], frame.sentence))
        or is_crowd(before)
        or re.search(r"\bhedge fund manager|\bindex fund\b|\bETF\b", match["object"])
    ):
        return None
    return replace(frame, label="fund_close", company=names[0] if names else None)


RULES: tuple[Rule, ...] = (
    ("raises", STRONG, _raise),
    ("fund", FUND, _fund),
    ("stealth", OUT_OF_STEALTH, _raise),
    ("begins", BEGINS, _begins),
    ("lifts", LIFTS, _lifts),
    ("going", GOING, _raise),
    ("raising", RAISING, _raising),
    ("round", SLACK, _raise),
    ("values", VALUES, _values),
    ("worth", WORTH, _worth),
    ("filed", FILED, _raise),
    ("talks", TALKS, _raise),
    ("has", HAS, _raise),
    ("with", WITH, _with),
    ("plain round", PLAIN_ROUND, _raise),
    ("any", ANY, _raise),
    ("fundraises", FUNDRAISES, _fundraises),
)
