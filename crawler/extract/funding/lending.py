"""Frames of money borrowed. Pure."""

import re
from dataclasses import replace

from crawler.extract.funding.clauses import NOT, Frame, Rule
from crawler.extract.funding.names import name_in, names_of_subject
from crawler.extract.funding.objects import is_debt
from crawler.extract.funding.raising_patterns import RAISE, WEAK
from crawler.extract.funding.texts import MARK as M

_BONDS = re.compile(
    rf"\b(?P<verb>sells?|sold|selling|issues?|issued|issuing|borrows?|borrowed|borrowing|prices?|priced|"
    rf"offers?|taps?)\s+(?P<object>[^;]{{0,50}}?{M}[^;]*|"
    r"[^;]{0,30}\b(?:bond|debt|notes)\b[^;]*)",
    re.I,
)

_LENT = re.compile(
    rf"(?P<verb>)(?P<object>{M} (?:[\w-]+ ){{0,3}}?(?:debt|loans?|bond|private credit|credit (?:facility|line)|"
    rf"financing)\b"
    r"(?! (?:payments?|repayments?|holders?|investors?|markets?))[^;]*)",
    re.I,
)

_OWES = re.compile(
    rf"\b(?P<verb>{WEAK}|{RAISE}|signs?|signed|arranges?|arranged|refinances?|strikes?|inks?|inked|seals?|"
    rf"sealed|taps?)\s+"
    rf"(?P<object>(?:(?!to |that |by |as |after |and |which |amid |ahead |despite |"
    rf"before )[\w.&+'-]+,? ){{0,7}}?{M}[^;]*)",
    re.I,
)

_UPSIZED = re.compile(
    rf"\b(?P<verb>upsizes?|upsized|increases?|boosts?)\s+(?P<object>[^;⟦]{{0,60}}?\b(?:notes|bonds?|loan|debt|facility)\b[^;⟦]*?"
    rf" to {M}[^;]*)",
    re.I,
)
_INTO = re.compile(r"\bfor (?:an? )?(?P<name>(?:[a-z-]+ )*[A-Z][^;,]*)")


def _bonds(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    names = names_of_subject(before)
    borrowed = match["verb"].lower().startswith("borrow")
    if not names or not (borrowed or is_debt(match["object"])) or re.search(r"\bloans\b|^the\b", match["object"], re.I):
        return None
    return replace(frame, label="debt", company=names[0])


def _owes(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    """ "Acme completes $1bn convertible notes offering"."""
    names = names_of_subject(before)
    if (
        not names
        or NOT.search(frame.hedge)
        or not is_debt(re.split(r"\b(?:to|after|as|amid|for) ", match["object"])[0])
    ):
        return None
    return replace(frame, label="debt", company=names[0])


def _lent(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    if re.search(
        r"\b(?:offers?|provides?|lends?|extends?|sue[sd]?|suing|lawsuit|court|judge|missing|defaults?|owe[sd]?|"
        r"unpaid|fraud|"
        r"probes?|forgives?|guarantees?)\b",
        frame.sentence.text[: match.start()],
        re.I,
    ):
        return None
    if not is_debt(frame.sentence.text) or re.search(
        r"\b(?:per|repa(?:y|ys|ying|yment|id)|pays? (?:off|down)|investors question)\b", frame.sentence.text
    ):
        return None
    leased = re.search(r"\bfor (?P<name>[A-Z][\w.& ]*?) to (?:lease|use|rent|operate)\b", match["object"])
    into = leased or _INTO.search(match["object"])
    name = into["name"] if into else ""
    head = re.match(r"(?:[a-z-]+ )*(?P<n>(?:[A-Z][\w.&-]* ?)+)", name)
    company = name_in(head["n"]) if head else None
    names = names_of_subject(before)
    if not company and not names:
        return None
    return replace(frame, label="debt", company=company or names[0], investors=names if company else ())


RULES: tuple[Rule, ...] = (
    ("bonds", _BONDS, _bonds),
    ("owes", _OWES, _owes),
    ("upsized", _UPSIZED, _owes),
    ("lent", _LENT, _lent),
)
