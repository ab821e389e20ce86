"""Frames whose subject gives the money: stakes, investments, leads of rounds. Pure."""

import re
from dataclasses import replace

from crawler.extract.funding import lexicon
from crawler.extract.funding.clauses import NOT, Frame, Rule
from crawler.extract.funding.names import name_in, names_of_subject
from crawler.extract.funding.objects import NO_DEAL, is_fund
from crawler.extract.funding.texts import MARK as M

_SHARE = (
    r"(?:an? |another |additional |minority |strategic |small |big |large |significant |new |direct |equity |"
    r"further |"
    r"roughly |about )"
)

_STAKE = re.compile(
    rf"\b(?P<verb>(?:converts?|converted|swaps?|turns?) [^;⟦]{{2,40}}? into|takes?|took|taking|buys?|bought|"
    rf"buying|acquires?|acquired|acquiring|picks? up|grabs?|gets?|"
    rf"lands?|purchases?|"
    rf"take|sells?)\s+(?P<share>(?:{_SHARE}|{M} |majority |controlling |[\d.]+(?:%| percent| per cent) |for )*)"
    r"(?:stake|interest|holding)s? in (?P<object>[^;]+)",
    re.I,
)

_RAISES_STAKE = re.compile(  # "raises its stake in Acme with another $10B"
    rf"\b(?P<verb>raises?|raised|ups?|upped|increases?|increased|boosts?|boosted|lifts?"
    rf"|lifted)\s+(?P<share>(?:its|their|his|her) "
    rf"(?:[\w%.]+ )?)(?:stake|interest|holding)s? in (?P<object>[^;⟦]+? (?:with|by|in|through|via|for) [^;]*{M}[^;]*)",
    re.I,
)
_INVESTS = re.compile(
    rf"\b(?P<verb>(?:buys?|bought|takes?|took)(?= {M} (?:in|into|of) [A-Z][\w.&-]+(?: (?:stock|shares)|"
    rf" [A-Z][\w.&-]+)?$)|"
    rf"invest(?:s|ed|ing)|invest|(?<=will )invest|(?<=would )invest|(?<=could )invest|"
    r"pour(?:s|ed|ing)?|pump(?:s|ed|ing)?|inject(?:s|ed|ing)?|plou?ghs?|plows?|"
    rf"commit(?:s|ted)?|"
    rf"puts?|bets?|sinks?|plunks?|plugs?|funnels?|chips? in)\s+(?:up to |as much as |at least |more than |roughly )?"
    rf"(?P<sum>(?:(?:an?|another|additional|extra|further|its own) )*{M}"
    r"(?: (?:more|of (?:its own|public|taxpayer|state|fresh|new) (?:capital|money|funds|cash)|each|equity|"
    r"dollars))*)? ?(?:in|into|of|on|to(?= (?-i:[A-Z])|"
    r" the )|behind|for) (?P<object>[^;⟦]{2,}[^;]*)",
    re.I,
)

_INVESTMENT = re.compile(
    rf"\b(?P<verb>makes?|made|completes?|completed|closes?|closed|weighs?|weighing|plans?|eyes?|eyeing|announces?|announced|considers?|considering|"
    rf"mulls?|confirms?|finali[sz]es|"
    rf"discuss(?:es|ed|ing)|commits?|pledges?) (?:(?:an?|its|another|"
    rf"new) )*(?P<sum>{M}) (?:[\w-]+ )?investment (?:in|into) (?P<object>[^;⟦]{{2,}}[^;]*)",
    re.I,
)
_AWARDS = re.compile(
    rf"\b(?P<verb>awards?|awarded|grants?|gives?|hands?)\s+(?P<sum>{M}) (?:[\w-]+ )?(?:grants?|funding) to "
    r"(?P<object>[^;⟦]{2,}[^;]*)",
    re.I,
)
_GIVES = re.compile(  # "gives Acme a $60M grant"
    rf"\b(?P<verb>gives?|gave|awards?|awarded|hands?|handed|grants?"
    rf"|granted)\s+(?P<object>[^;⟦,]{{2,50}}?) (?:an? )?(?P<sum>{M}) "
    r"(?:[\w-]+ )?grants?\b",
    re.I,
)
_BACKS = re.compile(
    r"\b(?P<verb>backs?|backing|bankrolls?|funds)\s+(?P<object>[^;]{3,}(?:⟦\d+⟧|round|Series|seed|startup|"
    r"company)[^;]*)",
    re.I,
)

_JOINS = re.compile(
    r"\b(?P<verb>joins?|joined|participates? in|participated in|anchors?|co-?invests? in|contributes? to)\s+"
    r"(?P<object>(?:[^;]{0,60}?)(?:round|Series [A-H]|seed|investment|funding|financing)\b[^;]*)",
    re.I,
)
_LEADS = re.compile(
    r"\b(?P<verb>(?:co-)?leads?|(?:co-)?led|leading)\s+(?P<object>(?:[^;]{0,60}?)(?:round|Series [A-H]|seed|"
    r"investment|funding|financing)\b[^;]*)",
    re.I,
)


def _stake(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    names = names_of_subject(before) or _state(before)
    percent = re.search(r"([\d.]+)(?:%| per)", match["share"])
    whole = bool(re.search(r"majority|controlling", match["share"], re.I)) or (percent and float(percent[1]) > 50)
    company = name_in(match["object"])
    if match["verb"].lower().startswith("sell"):
        return replace(frame, label="funding", company=company) if not whole and company else None
    if whole:
        return replace(
            frame, label="acquisition", company=company, acquirer=names[0] if names else None, investors=names
        )
    if re.search(r"\b(?:sector|industry|market|economy)\b", match["object"][:40], re.I):
        company = None
    return replace(frame, label="funding", company=company, investors=names, invests=True)


def _invests(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    plain_verb = (match["verb"].lower().startswith("invest") and match["verb"].lower() != "invest") or bool(
        re.search(r"\b(?:to|will|would|could)\b", frame.hedge)
    )
    company = name_in(match["object"])
    described = bool(match["sum"]) and _DESCRIBED.match(match["object"])
    if (
        not (company or described)
        or NOT.search(frame.hedge)
        or not (match["sum"] or plain_verb)
        or re.search(r"\btoday|we're\b", before)
    ):
        return None
    words = {word.lower() for word in (company or "").split()}
    if (words & lexicon.PLACES and len(words) <= 2) or NO_DEAL.search(match["object"]):
        return None
    if _SERVICES.search(match["object"]):
        return None  # what is bought is capacity
    if _is_thing(match["object"]) and not described:
        return None
    names = names_of_subject(before) or _state(before)
    round_told = re.search(rf"{M} (?:[\w-]+ )?round\b", match["object"])
    if not names and not round_told and not re.search(r"\b(?:investors|backers|vcs|firms?|ministry)$", before, re.I):
        return None
    return replace(frame, label="funding", company=company, investors=names, invests=True)


def _state(before: str) -> tuple[str, ...]:
    """A state that gives money: a country, or its government."""
    place = before.lower() in lexicon.PLACES or before in ("EU", "UK", "US", "UAE")
    return (before,) if place or re.fullmatch(r"(?:the |[\w.'-]+ ){0,3}(?:government|state)", before, re.I) else ()


_SERVICES = re.compile(
    r"\b(?:infrastructure|compute|computing|cloud|capacity|supply|chips?|power|energy|data cent(?:er|re)|GPU) "
    r"(?:deals?|contracts?|agreements?|pacts?|purchases?)\b",
    re.I,
)
_DESCRIBED = re.compile(
    r"(?:an? |the )?(?:[\w.'-]+ ){0,6}?(?:startup|start-up|developer|chipmaker|maker|lab|firm|company|operator|"
    r"provider|builder)\b(?!s)",
    re.I,
)


def _is_thing(wanted: str) -> bool:
    """Whether money goes into plants and programmes of the giver's own rather than into a company."""
    return bool(
        re.search(
            r"\b(?:data cent(?:er|re)s?|clusters?|infrastructure|factor(?:y|ies)|plants?|campus|facilit(?:y|"
            r"ies)|programs?|"
            r"programmes?|partner network|initiatives?|schools?|universit\w+|research|compute|computing|jobs|"
            r"education|housing|"
            r"chips? production|region|supercomput\w+)\b",
            re.split(r"[,;⟦]| as | to | that | for | in ", wanted, maxsplit=1)[0], re.I,
        )
    )  # fmt: skip


def _backs(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    names = names_of_subject(before)
    company = name_in(re.sub(rf"{M}.*", "", match["object"])) or name_in(match["object"])
    if not company or not (names or re.search(r"\bfirm|investor|fund\b", before)):
        return None
    if is_fund(match["object"], frame.sentence):
        return replace(frame, label="fund_close", company=company, investors=names)
    return replace(frame, label="funding", company=company, investors=names, invests=True)


def _leads(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    wanted = match["object"]
    if re.match(r"by\b|to\b", wanted):
        return None
    into = re.search(
        r"\b(?:round|Series [A-H]|seed|investment|funding|financing)\b(?: \w+)? (?:in|for|into|of|at) (?P<o>[^;]+)",
        wanted,
    )
    owner = re.match(r"(?P<o>[^;⟦]+?)(?:'s|(?<=s)') ", wanted)
    company = (name_in(into["o"]) if into else None) or (name_in(owner["o"]) if owner else None)
    names = names_of_subject(before)
    if not names or not company:
        return None
    lead = "lead" in match["verb"].lower() or match["verb"].lower().endswith("led")
    return replace(
        frame, label="funding", company=company, investors=names, invests=True,
        rule=f"{'leads' if lead else 'joins'}: {match['verb']}",
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    ("stake", _STAKE, _stake),
    ("raises stake", _RAISES_STAKE, _stake),
    ("backs", _BACKS, _backs),
    ("leads", _LEADS, _leads),
    ("joins", _JOINS, _leads),
    ("invests", _INVESTS, _invests),
    ("investment", _INVESTMENT, _invests),
    ("awards", _AWARDS, _invests),
    ("gives", _GIVES, _invests),
)
