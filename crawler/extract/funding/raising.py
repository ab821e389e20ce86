"""Frames of money raised: rounds, and funds of those who invest. Pure."""

import re
from dataclasses import replace

from crawler.extract.funding.clauses import NOT, Frame, Rule
from crawler.extract.funding.names import name_in, names_of_subject
from crawler.extract.funding.objects import NO_DEAL, is_crowd, is_debt, is_fund, is_manager
from crawler.extract.funding.texts import MARK as M

RAISE = (
    r"raises?|raised|secures?|secured|lands?|landed|bags?|bagged|nabs?|nabbed|scores?|scored|snags?|snagged|"
    r"grabs?|grabbed|"
    r"picks? up|picked up|pulls? in|pulled in|hauls? in|locks? (?:in|up|down)|reels? in|rakes? in|brings? in|"
    r"(?<!a )nets?|netted|"
    r"scoops?(?: up)?|mops? up|pockets?|pocketed|clinch(?:es|ed)?|garners?|garnered|procures?|collects?|"
    r"collected|amass(?:es|ed)"
)

WEAK = (
    r"closes?|closed|fields?|gets?|got|receives?|received|wins?|won|attracts?|attracted|draws?|drew|banks?|completes?|"
    r"completed|"
    r"announces?|announced|unveils?|reveals?|obtains?|obtained|seeks?|sought|eyes?|targets?|plans?|"
    r"discuss(?:es|ed)|weighs?|"
    r"weighing|considers?|mulls?|negotiates?|nears?|approach(?:es)?|finali[sz]es?|kicks? off|explores?|upped|ups|"
    r"takes?|took|lines? up|lined up|wraps? up|prepares?|preps?|bumps?|increases?|extends?|expands?|doubles?|adds?|"
    r"(?:emerges?|emerged|exits?|exited|comes? out|steps? out|breaks? out) (?:of|from)?\s?stealth (?:mode )?(?:with|,)|"
    r"(?:launch(?:es|ed)?|debuts?|debuted|starts?|started|bursts?|returns?|becomes? a unicorn|becomes? [\w' -]+?) with|"
    r"(?:in|into|holds?|having|enters?) (?:\w+ )?(?:talks|discussions|negotiations) (?:for|over|about|on|"
    r"with)|close to|looking for|"
    r"awarded|granted"
)

_FOR_ANOTHER = re.compile(
    rf"^(?:[\w-]+ )*{M} (?:(?:funding|round|in|seed|financing|raise) )*for (?:an? |his |her |their |new |own |"
    rf"the )*(?:[\w-]+ ){{0,3}}"
    r"(?:startup|company|lab|venture)\b",
    re.I,
)
_FOR_WHOM = re.compile(rf"^(?:[\w-]+ )*{M} (?:[\w-]+ ){{0,2}}?for (?P<whom>[^,;⟦]+)", re.I)
# A person who raises for a company that is not named.
_PERSON = re.compile(
    r"\b(?:researchers?|engineers?|(?:co-?)?founders?|scientists?|executives?|veterans?|alum(?:s|ni)?|billionaire|"
    r"entrepreneur|professor|duo|chief|boss)(?: (?-i:[A-Z])[\w.'-]*){2,3}$",
    re.I,
)
_GERUND = (
    r"(?:is|are|was|be|nears?|close to|starts?|started|begins?|begun|considers?|considering|weighs?|mulls?|"
    r"explores?|eyes?|"
    r"currently|about) (?:also |now |currently |reportedly |said to be )?"
    r"(?:raising|securing|closing|seeking|eyeing|targeting|planning|discussing|weighing|considering|"
    r"negotiating|nearing|"
    r"looking for|finali[sz]ing|lining up|pursuing|preparing)"
)

_DET = (
    r"(?:(?:an?|the|its|their|his|her|another|fresh|new|additional|some|hefty|massive|first|second|third|"
    r"initial|whopping|"
    r"own|oversubscribed|record|extra|mega|giant|huge|combined|further|total|of|close|latest|to|cool|big|tidy|monster|"
    r"whole|planned|final|late-stage|early-stage|[\w-]+-led) )*"
)

ROUND = (
    r"(?:pre-?\s?)?(?:seed|series[- ][A-K]\w{0,2})\b|angel\b|bridge\b|growth (?:round|equity|funding)\b|(?:pre-IPO )?"
    r"(?:funding|fundrais\w+|financing|round|raise)\b(?! (?:rate|cost)s?)|(?:fresh|outside|external|new|"
    r"growth|seed|strategic|"
    r"equity|venture|follow-on|minority) (?:capital|investment|money|cash|backing)\b|investment (?:from|led|"
    r"of|by|round)|"
    r"capital (?:from|raise|led)|backing from|outside money|grants?\b(?! (?:access|users?))"
)

_STRONG = re.compile(
    rf"\b(?P<verb>{RAISE})\s+(?:(?:up|in|over) )?(?P<object>{_DET}(?:{M}|(?:[\w.&+-]+ ){{0,4}}?(?:{ROUND})))", re.I
)

_SLACK = re.compile(
    rf"\b(?P<verb>{WEAK}|{_GERUND})\s+(?P<object>(?:(?!to |that |by |with |as |after |and |which |amid |ahead |"
    rf"despite |before )[\w.&+'-]+,? |{M},? |~)"
    rf"{{0,9}}?(?:{ROUND}|{M} (?:more )?(?:from|led by|to (?:build|help|expand|scale|grow|make|bring|automate|"
    rf"develop|take|turn|let|fix|put|fuel|fund|accelerate|launch|improve|"
    rf"fight|power|train|create|tackle|simplify|speed|boost|reinvent|rethink|replace|advance|commerciali[sz]e|"
    rf"secure)|at an? {M}|to (?:its|the) (?:round|seed|Series))))",
    re.I,
)

_HAS = re.compile(
    rf"\b(?P<verb>has|have|adds?|added)\s(?P<object>{M} (?:in (?:an? )?(?:(?:new|fresh|seed|additional|"
    rf"Series [A-H]|growth|venture|second|"
    r"final) )*(?:funding|financing|capital|close|extension)|to (?:(?:its|the|their|latest|last|"
    r"recent) )+(?:[\w-]+ ){0,2}(?:round|"
    r"Series [A-H]|seed|raise))\b)",
    re.I,
)
_WITH = re.compile(
    rf"^(?:armed |flush |fresh )?with (?P<verb>)(?P<object>(?:an? |its )?(?:fresh |"
    rf"new )*{M} [^,]*?(?:{ROUND})[^,]*), (?P<who>.+)",
    re.I,
)

_GOING = re.compile(rf"\b(?P<verb>{_GERUND})\s+(?P<object>{_DET}{M})", re.I)

_PLAIN_ROUND = re.compile(
    rf"\b(?:with|on|of|its|into|via|through|nears?|'s|:)(?: (?:an?|the|its|hefty|fresh|new|massive|"
    rf"record))* (?P<verb>)(?P<object>{M} (?:[\w-]+ )?(?:{ROUND}))",
    re.I,
)

_WORTH = re.compile(
    r"\b(?P<verb>hits?|reaches|reached|tops|topped|nabs|clinches|nears|valued|now valued|becomes?|jumps? to|"
    r"soars? to|doubles|triples|quadruples|values?|"
    rf"lands|attains|earns|valuation|worth)\s(?P<object>(?:{M} after (?:raising|closing|securing) {M}|"
    rf"[^;]{{0,50}}?(?:valuation|unicorn|at {M}|to {M})[^;]{{0,25}}?\b(?:in|after|with|via|on|following|from)"
    r"(?: (?:raising|closing|securing))?(?: an?| the| its)?(?: [\w⟦⟧'-]+){0,4}? (?:round|raise|financing|"
    r"funding|Series [A-H]|investment)\b))",
    re.I,
)

_VALUES = re.compile(rf"\b(?P<verb>values?|valued|valuing) (?P<company>[^⟦;,]{{2,50}}?) at {M}", re.I)

_FUND = re.compile(
    rf"\b(?P<verb>{RAISE}|closes?|closed|announces?|announced|launch(?:es|ed)?|unveils?|debuts?|completes?|"
    rf"starts?|started|sets? up|"
    rf"creates?|forms?|seeks?|targets?|eyes?|plans?|lands?|raising|launching|readies|rolls? out|"
    rf"has)\s+(?P<object>[^;]*?\bfunds?\b[^;]*)",
    re.I,
)


def _raise(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    tail = match["object"] + frame.sentence.text[match.end() :]
    if NOT.search(frame.hedge) or is_crowd(before) or NO_DEAL.search(tail):
        return None
    names = () if _PERSON.search(before) or _FOR_ANOTHER.search(tail) else names_of_subject(before)
    if not names and (given := _FOR_WHOM.match(tail)) and (whom := name_in(given["whom"])):
        names = (whom,)
    frame = replace(frame, label="funding", company=names[0] if names else None, also=names[1:])
    if is_debt(tail) and not match["verb"]:
        return None  # the frame of a loan reads it better
    if is_debt(tail):
        return replace(frame, label="debt", rule=f"{frame.rule}, of debt")
    if is_fund(tail, frame.sentence) or is_manager(before, names, match["object"], frame.sentence):
        return replace(frame, label="fund_close", rule=f"{frame.rule}, a fund")
    if re.search(
        rf"{M} (?:in|from|via|through) (?:an?|its|the) (?:[\w-]+ ){{0,3}}?(?<!pre-)IPO\b|"
        rf"{M} (?:[\w-]+ )?(?<!pre-)IPO\b",
        tail,
    ):
        return replace(frame, label="ipo", rule=f"{frame.rule}, in an IPO")
    return frame


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
    if (
        not is_fund(match["object"], frame.sentence)
        or is_crowd(before)
        or re.search(r"\bhedge fund manager|\bindex fund\b|\bETF\b", match["object"])
    ):
        return None
    return replace(frame, label="fund_close", company=names[0] if names else None)


RULES: tuple[Rule, ...] = (
    ("raises", _STRONG, _raise),
    ("fund", _FUND, _fund),
    ("going", _GOING, _raise),
    ("round", _SLACK, _raise),
    ("values", _VALUES, _values),
    ("worth", _WORTH, _worth),
    ("has", _HAS, _raise),
    ("with", _WITH, _with),
    ("plain round", _PLAIN_ROUND, _raise),
)
