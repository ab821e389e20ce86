"""Frames of money raised: rounds, and funds of those who invest. Pure."""

import re
from dataclasses import replace

from crawler.extract.funding.clauses import NOT, Frame, Rule
from crawler.extract.funding.names import name_in, names_of_subject
from crawler.extract.funding.objects import NO_DEAL, is_crowd, is_debt, is_fund, is_manager
from crawler.extract.funding.texts import MARK as M
from timeline.funding import Label

RAISE = (
    r"raises?|raised|secures?|secured|lands?|landed|bags?|bagged|nabs?|nabbed|scores?|scored|snags?|snagged|"
    r"grabs?|grabbed|"
    r"picks? up|picked up|pulls? in|pulled in|hauls? in|locks? (?:in|up|down)|reels? in|rakes? in|brings? in|"
    r"(?<!a )nets?|netted|"
    r"scoops?(?: up)?|mops? up|pockets?|pocketed|clinch(?:es|ed)?|garners?|garnered|procures?|collects?|"
    r"collected|amass(?:es|ed)"
)

STEALTH = (
    r"(?:emerg(?:es?|ed|ing)|exit(?:s|ed|ing)?|com(?:es?|ing) out|steps? out|stepped out|breaks? out|leav(?:es?|"
    r"ing)|left)"
    r" ?(?:of|from)?\s?(?:stealth(?: mode)?|hiding|the shadows)"
)

WEAK = (
    r"closes?|closed|fields?|gets?|got|receives?|received|wins?|won|attracts?|attracted|draws?|drew|banks?|"
    r"completes?|"
    r"completed|exceeds?|exceeded|tops|topped|"
    r"announces?|announced|confirms?|confirmed|unveils?|reveals?|obtains?|obtained|seeks?|sought|eyes?|targets?|plans?|"
    r"discuss(?:es|ed)?|weighs?|"
    r"weighing|considers?|mulls?|negotiates?|nears?|approach(?:es)?|finali[sz]es?|kicks? off|explores?|upped|ups|"
    r"takes?|took|lines? up|lined up|wraps? up|prepares?|preps?|bumps?|increases?|extends?|expands?|doubles?|adds?|"
    rf"{STEALTH} (?:with|,)|"
    r"(?:launch(?:es|ed)?|debuts?|debuted|starts?|started|bursts?|returns?|becomes? a unicorn|"
    r"becomes? [\w' -]+?) with|"
    r"(?:in|into|holds?|having|enters?) (?:\w+ )?(?:talks|discussions|negotiations) (?:for|over|about|on|"
    r"with)|close to|looking for|"
    r"awarded|granted"
)

_LEAST = 100_000
_FOR_ANOTHER = re.compile(
    rf"^(?:[\w-]+ )*{M} (?:(?:funding|round|in|seed|financing|raise) )*for (?:an? |his |her |their |new |own |"
    rf"the )*(?:[\w-]+ ){{0,3}}"
    r"(?:startup|company|lab|venture)\b",
    re.I,
)
_ONE = re.compile(
    r"(?:.*\bhas\b|\s*(?:raises|secures|lands|bags|nabs|closes|gets|snags|scores|receives|"
    r"wins)\b)",
    re.I,
)
_HEADED = re.compile(
    r"(?P<name>[A-Z][\w.&-]*(?: [A-Z0-9][\w.&-]*){0,2}): (?=.*\b(?:startup|start-up|company|firm|lab)\b)"
)
_IN_IPO = re.compile(
    rf"{M} (?:in|from|via|through) (?:an?|its|the) (?:[\w-]+ ){{0,3}}?(?<!pre-)IPO\b|{M} (?:[\w-]+ )?(?<!pre-)IPO\b|"
    rf"{M} (?:in|from|via|through) (?:(?:an?|its|the|[A-Z][\w-]*) ){{0,4}}(?:listings?|flotations?|IPOs?)\b"
)
_HOLDERS = re.compile(
    r"\b(?:backers|holders|shareholders|stockholders|employees|insiders|staff|owners|"
    r"sellers)$",
    re.I,
)
_LISTS = re.compile(
    r"(?<!pre-)(?<!of its )\b(?:IPO|initial public offering) (?:process|plans?|filing|push|bid|roadshow|"
    r"launch),",
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
    r"own|oversubscribed|record|extra|mega|giant|huge|combined|further|total|of|close|latest|to|cool|big|tidy|"
    r"monster|"
    r"whole|planned|final|late-stage|early-stage|[\w-]+-led) )*"
)

ROUND = (
    r"(?:pre-?\s?)?(?:seed|series[- ][A-K]\w{0,2})\b|angel\b|bridge\b|growth (?:round|equity|funding)\b|(?:pre-IPO )?"
    r"(?:funding|fundrais\w+|financing|round|raise)\b(?! (?:rate|cost)s?)|(?:fresh|outside|external|new|"
    r"growth|seed|strategic|"
    r"equity|venture|follow-on|minority) (?:capital|investment|money|cash|backing)\b|investment (?:from|led|"
    r"of|by|round)|"
    r"(?:fresh|new) equity\b|capital (?:from|raise|led)|money (?:from|at|led)\b|backing from|outside money|"
    r"grants?\b(?! (?:access|users?))|"
    r"(?:equity|registered direct|follow-on|stock|share) offering\b|private placement\b|QIP\b|rights issue\b|"
    r"(?<!employee )share sale\b|(?:(?:cash|capital|equity|fresh) )?(?:injection|infusion)\b|(?:cash|funding|"
    r"capital) boost\b|lifeline\b|war chest\b|(?:fresh|new|additional|"
    r"more) funds\b(?! for)"
)

_STRONG = re.compile(
    rf"\b(?P<verb>{RAISE})\s+(?:(?:up|in|over) )?(?P<object>{_DET}(?:{M}|"
    rf"(?:(?:hundreds|tens) of )?(?:millions|billions)\b(?! of [a-z])|(?:[\w.&+-]+ ){{0,4}}?(?:{ROUND})))",
    re.I,
)

_SLACK = re.compile(
    rf"\b(?P<verb>{WEAK}|{_GERUND})\s+(?P<object>(?:(?!to |that |by |with |as |after |and |which |amid |ahead |"
    rf"despite |before )[\w.&+'-]+,? |{M},? |~)"
    rf"{{0,9}}?(?:{ROUND}|{M}(?: more)?,? (?:from|including|led by|to (?!buy|acquire|pay|settle|rent|lease|use|"
    rf"access)[a-z]+ |at (?:an? )?(?:[\w-]+ )?valuation|at (?:an? |about |around |nearly )?{M}|to (?:its|"
    rf"the) (?:round|seed|Series)|(?:half|part|partly|mostly) (?:in )?(?:equity|debt|stock)\b)))",
    re.I,
)

_HAS = re.compile(
    rf"\b(?P<verb>has|have|adds?|added|adding)\s(?P<object>{M} (?:from (?:VCs|investors|backers)\b|"
    rf"in (?:an? )?(?:(?:new|fresh|seed|additional|"
    rf"Series [A-H]|growth|venture|second|"
    r"final) )*(?:funding|financing|capital|close|extension)|to (?:(?:its|the|their|latest|last|"
    r"recent) )+(?:[\w-]+ ){0,2}(?:round|"
    r"Series [A-H]|seed|raise))\b)",
    re.I,
)
_FILED = re.compile(
    rf"\b(?P<verb>reports?|reported|discloses?|disclosed|files?(?: for)?|filed(?: for)?|registers?|"
    rf"notifies)\s(?P<object>"
    rf"{_DET}{M} (?:[\w-]+ ){{0,2}}?(?:equity|securities|stock|share) (?:offering|sale|raise)|"
    rf"{_DET}{M} (?:[\w-]+ )?(?:{ROUND}))",
    re.I,
)
# Talks about a price are talks about a round.
_TALKS = re.compile(
    rf"\b(?P<verb>(?:in|holds?|having|enters?) (?:\w+ )?(?:talks|discussions|negotiations)|negotiat(?:es|ing)|"
    rf"discuss(?:es|ing)) "
    rf"(?P<object>(?:(?:for|at|on|over|about|that would|which would|value|it) )+{_DET}{M}(?: (?:pre|"
    rf"post)-money)? valuation|with [^;⟦]{{2,60}}? (?:for|over|about|on) (?:up to |as much as )?{M}(?= ?(?:[:,;)]|$)))",
    re.I,
)
_WITH = re.compile(
    rf"^(?:armed |flush |fresh )?with (?P<verb>)(?P<object>(?:an? |its )?(?:fresh |"
    rf"new )*{M} [^,]*?(?:{ROUND})[^,]*), (?P<who>.+)",
    re.I,
)

_STEALTH = re.compile(rf"\b(?P<verb>{STEALTH}) (?:with|on|,|and)\s(?P<object>{_DET}{M})", re.I)

_FUNDRAISES = re.compile(
    r"\b(?P<verb>(?:is|are|begins?|starts?|started|resumes?|seeks?|in) (?:now |currently |reportedly |"
    r"early )?(?:fundraising|fundraise))"
    r"(?P<object>)(?! (?:for (?:charity|relief)|mode|tips|advice))",
    re.I,
)
# Whatever the verb, a sum that is said to be of a round.
_ANY = re.compile(
    rf"\b(?P<verb>(?!said|valued|values|owns|led|leads)[a-z]+(?:[^s]s|ed)) (?P<object>{_DET}{M} (?:in |"
    rf"of )?(?:[\w-]+ )?"
    r"(?:series [A-H]|(?:pre-?)?seed|equity|venture|growth) (?:round|funding|financing|raise|extension|money|"
    rf"capital)|{_DET}(?:series [A-L]|seed round|funding round) (?:at|led by|from|of|with|worth) )",
    re.I,
)

_BEGINS = re.compile(
    rf"\b(?P<verb>(?:launch(?:es|ed)?|debuts?|debuted|arrives?|starts?|started|comes? out|came out|opens?|"
    rf"kicks off|surfaces?|"
    rf"returns?) with) (?P<object>{_DET}{M})(?=,| to | from | in | at | led |;|$)",
    re.I,
)

_GOING = re.compile(rf"\b(?P<verb>{_GERUND})\s+(?P<object>{_DET}{M})", re.I)

# Headlines leave out "is": "China's Acme raising fresh funds".
_RAISING = re.compile(
    rf"(?<=[\w)]) (?P<verb>raising|seeking|eyeing|closing(?: in)? on|nearing|targeting) (?P<object>{_DET}(?:{M}|"
    rf"(?:[\w.&+-]+ ){{0,3}}?(?:{ROUND})))",
    re.I,
)

_PLAIN_ROUND = re.compile(
    rf"\b(?:with|on|of|its|into|via|through|nears?|'s|:)(?: (?:an?|the|its|hefty|fresh|new|massive|"
    rf"record))* (?P<verb>)(?P<object>{M} (?:in |of )?(?:[\w-]+ )?(?:{ROUND})|"
    # "Acme's latest raise: $40M"
    rf"(?:(?:latest|new|first|second|third|seed|mega|unicorn) )*(?:raise|round|funding|financing): {M}|"
    rf"{M} at (?:an? |about |around |nearly )?{M}(?! (?:in|of) ))",
    re.I,
)

# A new price that comes with money: "hits $2bn valuation in new round", "doubles valuation with fresh $300M".
_WORTH = re.compile(
    r"\b(?P<verb>hits?|reaches|reached|tops|topped|nabs|clinches|nears|eyes|valued|now valued|becomes?|"
    r"(?:jumps?|soars?|leaps?|surges?|rockets?|climbs?|vaults?|rises?|zooms?) (?:to|past)|"
    r"(?:doubles?|triples?|quadruples?|quintuples?|sextuples?)d?|values?|is(?: now)?|turns(?: into)?|now|confirms?|"
    r"gets?|gains?|achieves?|secures?|fetches|scores?|commands?|notches|cross(?:es|ed)|pass(?:es|ed)|breaks?|boosts?|"
    rf"lifts?|lands|attains|earns|valuation|worth)\s(?P<object>(?:{M} after (?:raising|closing|securing) {M}|"
    rf"[^;]{{0,50}}?(?:valuation|unicorn|at {M}|to {M}|worth {M})[^;]{{0,25}}?\b"
    r"(?:in|after|with|via|on|following|from)(?: (?:raising|closing|securing))?(?: an?| the| its)?"
    rf"(?: (?:fresh|another|extra|additional|further) {M}|(?<=,) (?:raising|securing) {M}|"
    r"(?: [\w⟦⟧'-]+){0,4}? (?:round|raise|financing|funding|Series [A-H]|investment)\b)))",
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
    near = frame.sentence.text[max(0, match.start("verb") - 14) : match.start("verb")]
    if (
        NOT.search(frame.hedge)
        or NOT.search(near)
        or is_crowd(before)
        or NO_DEAL.search(tail)
        or _HOLDERS.search(before)
    ):
        return None  # what holders sell brings the company nothing
    if is_debt(tail) and not match["verb"]:
        return None  # the frame of a loan reads it better
    names = _raisers(frame, before, match, tail)
    label, rule = _kind(frame, before, match, tail, names)
    return replace(frame, label=label, rule=rule, company=names[0] if names else None, also=names[1:])


def _raisers(frame: Frame, before: str, match: re.Match[str], tail: str) -> tuple[str, ...]:
    """Who gets the money."""
    names = () if _PERSON.search(before) or _FOR_ANOTHER.search(tail) else names_of_subject(before)
    if not names and (given := _FOR_WHOM.match(tail)) and (whom := name_in(given["whom"])):
        return (whom,)
    if not names and (headed := _HEADED.match(frame.sentence.text)):
        return (headed["name"],)
    one = len(names) == 2 and before in (f"{names[0]} and {names[1]}", f"{names[0]} & {names[1]}")
    if one and _ONE.match(f"{frame.hedge} {match['verb']}"):
        return (before,)  # "Oxide and Iron raises": the verb says that it is one
    return names


def _kind(frame: Frame, before: str, match: re.Match[str], tail: str, names: tuple[str, ...]) -> tuple[Label, str]:
    """What kind of money it is, and the rule that says so."""
    if is_debt(tail):
        return "debt", f"{frame.rule}, of debt"
    if is_fund(tail, frame.sentence) or is_manager(before, names, match["object"], frame.sentence):
        return "fund_close", f"{frame.rule}, a fund"
    if _LISTS.search(frame.sentence.text[: match.start("verb")]) or _IN_IPO.search(tail):
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


def _begins(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    """ "Acme launches with $40M to ...": what a company begins with is no price."""
    mark = re.search(M, match["object"])
    if mark is None or frame.sentence.sum_at(mark[0]).amount < _LEAST:
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
    ("stealth", _STEALTH, _raise),
    ("begins", _BEGINS, _begins),
    ("going", _GOING, _raise),
    ("raising", _RAISING, _raising),
    ("round", _SLACK, _raise),
    ("values", _VALUES, _values),
    ("worth", _WORTH, _worth),
    ("filed", _FILED, _raise),
    ("talks", _TALKS, _raise),
    ("has", _HAS, _raise),
    ("with", _WITH, _with),
    ("plain round", _PLAIN_ROUND, _raise),
    ("any", _ANY, _raise),
    ("fundraises", _FUNDRAISES, _fundraises),
)
