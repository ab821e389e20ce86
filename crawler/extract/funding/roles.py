"""What each sum of a sentence is: a valuation, a total, an earlier round, revenue, a price ... by the words "
"around it. Pure."""

import re
from typing import Literal

from crawler.extract.funding.texts import MARK, Sentence

Role = Literal[
    "open",
    "valuation",
    "earlier_valuation",
    "total",
    "earlier",
    "past",
    "revenue",
    "managed",
    "price",
    "contract",
    "spending",
]

_M = MARK
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# In order: the first pattern that covers the sum decides. Each names the sum as group `m`.
_RULES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(words, re.I))  # type: ignore[misc]
    for role, words in (
        ("earlier_valuation", rf"\b(?:up|down|from|jump(?:ed|ing)?) from (?:an?|its|the)?\s*(?:\w+ )?(?P<m>{_M})"),
        (
            "earlier_valuation",
            rf"\bfrom (?:an?|its|the)?\s*(?P<m>{_M})(?= (?:to|valuation|in|last|less|just|"
            rf"a year))",
        ),
        (
            "earlier_valuation",
            rf"\b(?:previous(?:ly)?|earlier|last|prior|pending|benchmarked|compared)\b[^;.]{{0,70}}?(?P<m>{_M}) "
            r"(?:(?:pre|post)[- ]money )?valuation",
        ),
        (
            "earlier_valuation",
            rf"\bvalued at (?P<m>{_M}),? (?:last|previously|a year ago|(?:just )?\w+ months ago|in (?:20\d\d|"
            rf"January|February|March|"
            r"April|May|June|July|August|September|October|November|December))\b",
        ),
        (
            "earlier_valuation",
            rf"\bafter (?:raising|closing|securing) (?:an? )?{_M}[^;.⟦]{{0,30}}?(?P<m>{_M}) valuation "
            rf"(?=(?:in (?:20\d\d|{_MONTHS})|last|earlier|just|only|a year|(?:\w+ )?(?:weeks|months|"
            rf"years) (?:ago|before|earlier)))",
        ),
        (
            "earlier_valuation",
            rf"\bafter (?:raising|closing|securing) (?:an? )?{_M} (?:in (?:20\d\d|{_MONTHS})|last \w+|"
            rf"earlier)[^;.⟦]{{0,20}}?"
            rf"(?P<m>{_M}) valuation",
        ),
        ("earlier_valuation", rf"\b(?:was|were) (?:last |previously )?valued at (?P<m>{_M})"),
        ("earlier_valuation", rf"\bits last (?:round|raise|valuation)[^;.]{{0,30}}?(?P<m>{_M})"),
        ("total", rf"\b(?:now|stands) at (?P<m>{_M}) (?:in )?total\b"),
        (
            "valuation",
            rf"(?P<m>{_M})(?:,| \()? ?(?:(?:pre|post)[- ]money,? ?)?(?:equity |enterprise |market |company )?"
            r"(?:valuation|market cap(?:italization)?|(?:enterprise |market )?value\b(?! of)|(?:pre|"
            r"post)[- ]money)\b",
        ),
        (
            "valuation",
            r"\b(?:valuations?|value) (?:of|at|to|near|nearing|approaching|exceeding|above|over|that (?:could|"
            r"would|may) (?:reach|hit)|reaching|climbing to)"
            rf"(?: (?:between|a|an|roughly|well))? ?(?P<m>{_M})",
        ),
        ("valuation", rf"\bvaluation (?:hits?|tops|reaches|climbs to|soars to|jumps to|now) (?P<m>{_M})"),
        ("valuation", rf"\bvaluation (?:[\w-]+ ){{0,6}}?to (?P<m>{_M})"),
        (
            "valuation",
            rf"\bvalu(?:e|es|ed|ing) (?:(?!⟦)[^\s;.]+ ){{0,24}}?at (?:between |well |a |an |"
            rf"roughly )?(?P<m>{_M})(?! per\b)",
        ),
        (
            "valuation",
            r"\b(?:round|raise|funding|financing|Series [A-H]|seed)\b[^;.⟦]{0,40}? at (?:an? |about |around |"
            r"roughly )?"
            rf"(?P<m>{_M})(?! (?:per|a|each)\b)",
        ),
        ("valuation", rf"\b(?:rais\w+|secures?|lands?|closes?) {_M} at (?P<m>{_M})"),
        ("valuation", rf"\b(?:worth|valued) (?:between |at )?(?P<m>{_M})"),
        (
            "valuation",
            rf"\b(?:with|for) (?:another |a fresh |fresh )?{_M} at (?:an? |about |around "
            rf"|nearly )?(?P<m>{_M})(?! (?:per|a|each|in|of)\b)",
        ),
        ("valuation", rf"\bSPAC\b[^;.⟦]{{0,30}}?(?P<m>{_M})"),
        ("valuation", rf"(?P<m>{_M}) (?:SPAC|blank[- ]check)\b"),
        (
            "total",
            rf"\btotal (?:\w+ ){{0,3}}?(?:raised|funding|financing|to date|"
            rf"capital)?[^;.⟦]{{0,25}}?\bto (?:over )?(?P<m>{_M})",
        ),
        ("total", rf"\btotal(?: \w+){{0,3}} (?:of|to|at|is|stands at|now) (?P<m>{_M})"),
        ("total", rf"(?P<m>{_M}) (?:in total|to date|so far|raised to date|in all)\b"),
        ("total", rf"(?P<m>{_M}) (?:in )?total (?:funding|raised|capital)"),
        (
            "total",
            rf"\b(?:has|have|had) (?:now |already |previously )?raised (?P<m>{_M})(?: \w+){{0,3}} (?:to date|"
            rf"so far|in total|since)",
        ),
        (
            "earlier",
            r"\b(?:after (?:raising|closing|securing|a|an|its)|following|on the heels of|on top of|"
            r"previous(?:ly)?|earlier|prior|"
            rf"last (?:year|month|round|week))\b[^;.,⟦]{{0,40}}?(?P<m>{_M})",
        ),
        (
            "earlier",
            rf"(?P<m>{_M}) (?:(?:pre-)?seed|Series [A-H]|round|raise) (?:in|from|last|less than|"
            rf"just)\b(?! (?:funding|total))"
            r"(?= (?:in )?(?:January|February|March|April|May|June|July|August|September|October|November|"
            r"December|\d{4}|last))",
        ),
        (
            "past",
            rf"\b(?:raised|secured|closed) (?P<m>{_M}) (?:[\w-]+ ){{0,4}}?(?:in (?:{_MONTHS})|last (?:year|"
            rf"month|fall|spring|summer|"
            r"winter|autumn|week))\b(?=[^;.]*\bat\b|[^;.]*;|\.?$)",
        ),
        (
            "past",
            rf",(?: which| it| and)?(?: has| had)? (?:raised|secured|closed|took in) (?P<m>{_M}) (?:[\w-]+ ){{0,4}}?"
            rf"(?:in (?:{_MONTHS}|20\d\d)|last|earlier|previously)\b",
        ),
        (
            "managed",
            rf"\b(?:from|out of) (?:an? |its |the |their )?(?:new |latest |debut )?(?P<m>{_M}) (?:[\w-]+ )?fund\b",
        ),
        ("past", rf"(?P<m>{_M}) (?:less|more|short|shy) (?:than|of)\b"),
        ("managed", rf"(?P<m>{_M}) (?:in |of )?(?:AUM|assets)\b"),
        ("managed", rf"\bmanag(?:es|ed|ing) (?P<m>{_M})"),
        (
            "revenue",
            rf"(?P<m>{_M}) (?:in |of )?(?:[\w-]+ ){{0,3}}?(?:revenues?|ARR|run[- ]rate|sales|profits?|earnings|"
            rf"income|loss(?:es)?|EBITDA|GMV)\b",
        ),
        (
            "revenue",
            r"\b(?:revenues?|ARR|run[- ]rate|sales|profits?|GMV|loss(?:es)?) (?:of|to|at|tops?|hit|hits|"
            r"topped|reached|above|is|was)? ?"
            rf"(?P<m>{_M})",
        ),
        (
            "price",
            rf"(?P<m>{_M}) (?:a|per|an|each|every)(?: (?:share|month|year|user|seat|day|week|hour|unit|token|"
            rf"piece))\b",
        ),
        (
            "price",
            rf"\b(?:costs?|costing|priced at|price of|prices? (?:it )?at|shares?(?: \w+){{0,3}} (?:at|"
            rf"between)) (?:between )?(?P<m>{_M})",
        ),
        (
            "contract",
            rf"(?P<m>{_M}) (?:(?!in |and |to |at |for |from )[\w.-]+ ){{0,3}}?(?:contracts?|orders?|licensing|"
            rf"licen[sc]e|cloud deal|compute|"
            rf"prize|fine|settlement|lawsuit|"
            r"backlog|bonus|salary|customers?)\b",
        ),
        (
            "spending",
            rf"\b(?:spend|spends|spending|spent|capex(?: \w+)?|pay(?:s|ing)? for|budget|build out) (?:of |"
            rf"up to |to )?(?P<m>{_M})",
        ),
    )
)


def roles_of(sentence: Sentence) -> dict[int, Role]:
    """The role of each sum of a sentence by its number; "open" where the words around it decide nothing."""
    roles: dict[int, Role] = {}
    for role, pattern in _RULES:
        for match in pattern.finditer(sentence.text):
            roles.setdefault(int(match["m"].strip("⟦⟧")), role)
    return {number: roles.get(number, "open") for number in range(len(sentence.sums))}


def is_nearing(sentence: Sentence, number: int) -> bool:
    """Whether a valuation is one the company comes near or wants, which a later sentence may state better."""
    return bool(
        re.search(
            rf"\b(?:nears?|approach(?:es)?|nearing|approaching|targets?) (?:an? )?⟦{number}⟧", sentence.text, re.I
        )
    )
