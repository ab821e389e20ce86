"""Frames of one company going public. Pure."""

import re
from dataclasses import replace

from crawler.extract.funding.clauses import Frame, Rule
from crawler.extract.funding.names import name_in, names_of_subject

_OFFER = (
    r"(?:IPO|initial public offering|public offering|listing|"
    r"(?:(?:stock|shares?|public|market|trading|Nasdaq|NYSE|Kong|Street|York|London|Mumbai|Shanghai|"
    r"Tokyo) )+debut(?! of)|"
    r"(?<=% in )(?:[\w']+ ){0,3}debut|(?<=% on )(?:[\w']+ ){0,3}debut|flotation|first day (?:of trading|on))"
)

_FILES = re.compile(
    rf"\b(?P<verb>(?:re)?fil(?:es?|ed|ing)|appl(?:y|ies|ied)|submit(?:s|ted)?|"
    rf"lodges?)\b(?P<object>[^;]{{0,60}}?(?:\b{_OFFER}\b|"
    rf"\bto (?:go public|list)\b|\b[SF]-1\b))",
    re.I,
)

_PUBLIC = re.compile(
    r"\b(?P<verb>go(?:es|ing)? public|went public|lists? (?:on|in|at)|listed (?:on|at)|begins? trading|"
    r"starts? trading|started trading|makes? (?:its )?debut on|debuts on)\b(?P<object>[^;]*)",
    re.I,
)

_PRICING = re.compile(
    rf"\b(?P<verb>(?:announces?|announced|completes?|completed)? ?(?:pricing|closing|launch|completion|upsizing|"
    rf"filing|terms) of)"
    rf"(?P<object>[^;]{{0,60}}?(?<!pre-)\b{_OFFER}\b)(?!-)",
    re.I,
)
_APPROVED = re.compile(
    r"\b(?P<verb>wins?|won|gets?|got|receives?|received|secures?|secured|obtains?|obtained|bags?|bagged) "
    r"(?P<object>(?:[\w-]+ ){0,3}?(?:listing|IPO) (?:approval|nod|clearance|green light|go-ahead))\b",
    re.I,
)
_GOES = re.compile(r"\b(?:to|could|may|might|will|would) (?P<verb>IPO)\b(?P<object>[^;]*)")
_PLANS = re.compile(
    r"\b(?P<verb>plans?|eye|seek|weigh|mull|explore|launch|revive|postpone|shelve|prepare|delay|target|consider|"
    r"pursue|price|hold|planning|prepar(?:es?|ing)|readies|"
    r"readying|eyes|eyeing|weigh(?:s|ing|ed)?|consider(?:s|ing)|mulls?|targets?|targeting|delays?|delaying|"
    r"postpones?|"
    r"leans?|waiting|pushes|prices?|priced|launch(?:es|ed)?|sets?|kicks? off|gear(?:s|ing) up|discuss(?:es|ed|"
    r"ing)?|seeks?|seeking|hires?|taps?|picks?|selects?|appoints?|restarts?|restarted|"
    r"(?:wins?|won|gets?|got|receives?|received|secures?|secured|obtains?|obtained) (?:\w+ ){0,3}?(?:approval|nod|"
    r"clearance|green light|go-ahead)|pave the way|moves?|heads?|heading|doubles?|doubled|sinks?|sank|slips?|"
    r"drops?|slides?|plunges?|resumes?|"
    r"lays?|makes?|inch(?:es|ing)|edg(?:es|ing)|on track|marches|races|hints|signals|confirms|rose|gain(?:s|"
    r"ed)|opened|climbs|jump|soar|surge|"
    r"triples?|trades?|raises?|raised|raise|aims?|aiming|"
    r"expects?|tells|files?|nears?|"
    r"pursues?|pursuing|spins?|spin|sees|soar(?:s|ed)?|"
    r"surge[sd]?|jump(?:s|ed)?|pop(?:s|ped)?|climb(?:s|ed)?|rises?|falls?|fell|tumble[sd]?|rall(?:ies|ied)|"
    r"trims?|lowers?|hikes?|lifts?|completes?|completed|downsizes?|seals|closes?|begins?|starts?|takes|"
    r"advances?|revives?|slashes|cuts|upsizes?|boosts)\b(?!-)"
    rf"(?P<object>(?:(?! (?:concerns?|questions?|doubts?|over|against) )[^;]){{0,90}}?(?<!pre-)\b{_OFFER}\b)(?!-)",
    re.I,
)

_BANKS = re.compile(
    r"\b(?P<verb>picks?|picked|hires?|hired|taps?|tapped|selects?|appoints?|names?)"
    r"(?P<object>[^;]{2,80}? (?:as|to be|for) (?:(?:its|lead|joint|IPO) ){0,3}"
    r"(?:bookrunners?|underwriters?|lead managers?))\b",
    re.I,
)
_GOES_ON = re.compile(r",\s*(?:and )?(?:eye|plan|weigh|mull|readie|prepare|target|consider|aim)[a-z]*\b", re.I)
_BOUND = re.compile(r"^IPO-(?:bound|hopeful) ", re.I)

_VERBS = frozenset(
    (
        "prices",
        "launches",
        "plans",
        "files",
        "eyes",
        "delays",
        "targets",
        "sets",
        "raises",
        "weighs",
        "nears",
        "seeks",
        "makes",
    )
)
_IPO_DOES = (
    r"slips?|may|might|could|will|would|faces?|priced|raises?|raised|set|delayed?|draws|oversubscribed|soars?|"
    r"plans?|timeline|"
    r"opens?|opened|to open|subscribed|subscription|closes?|launch(?:es)?|lists|listing|size|price band|debuts?|"
    r"details|kicks off|begins|starts|pops|jumps|surges|heads|clears|lists|allotment|roadshow|filing|gets|"
    r"values?|slated|expected|on track|looms|nears|pushed|targets?|seeks|postponed|roadshow"
)
_ITS_IPO = re.compile(
    r"(?:(?P<owner>(?:[\w.&-]+ ){0,4}?[\w.&-]+)(?:'s|(?<=s)')|"
    r"(?P<name>[A-Z][\w.&-]*(?: [A-Z][\w.&-]*){0,2})) (?P<adj>(?:[a-z-]+ ){0,3}?"
    rf"(?:mega-)?)(?P<verb>IPO|public offering)(?P<object>: | (?:{_IPO_DOES}|(?:is|to|in|at)(?= ))\b)",
)
_ASIDE = re.compile(
    r"\b(?:after|ahead of|before|following|for|of|despite|amid|in|on)\s+(?:[\w.&-]+\s?){1,4}(?:'s|"
    r"s')? (?:[a-z-]+ )*$",
    re.I,
)

_SPAC = re.compile(r"\b(?P<verb>SPAC|blank[- ]check)\b(?P<object>)", re.I)


_DESCRIBED = re.compile(r"\b(?:startup|start-up|company|firm|maker|chipmaker|developer|unit|lab)$", re.I)


def _offering(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    text = match["object"]
    if re.search(
        r"\b(?:after|ahead of|before|following|since|then|post-?|as it|despite)\b[^;]*$", text.lower()
    ) and not re.search(r"\bdebut after\b", text, re.I):
        return None
    if match["verb"].lower().startswith("rais") and _GOES_ON.search(text):
        return None  # "raises $240M, eyes IPO": that is a round
    spun = re.search(r"\bspin(?:s|ning)?[- ](?:off|out) (?P<o>.+?) (?:for|in|as|via|through)\b", frame.tail, re.I)
    names = names_of_subject(before)
    company = name_in(spun["o"]) if spun else names[0] if names else None
    described = _DESCRIBED.search(before)
    return replace(frame, label="ipo", company=company) if company or described else None


def _banks(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    """Banks are picked for bonds too: only where the title speaks of a listing."""
    company = name_in(_BOUND.sub("", before)) if re.search(r"\bIPO\b", frame.sentence.text) else None
    return replace(frame, label="ipo", company=company) if company else None


def _its_ipo(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    owner = re.sub(r"^.*\b(?:so|as|and|that|but|says) ", "", match["owner"] or match["name"])
    if match["name"] and (
        match["object"].strip() in ("is", "to", "in", "at") or match["name"].split()[-1].lower() in _VERBS
    ):
        return None  # "Acme Prices IPO at": the frame of the verb reads it
    if match["name"] and match["adj"] and not match["adj"].endswith("-"):
        return None
    company = name_in(owner)
    if (
        not company
        or re.match(r"(?:its|their|his|the|an?)$", owner, re.I)
        or _ASIDE.search(frame.sentence.text[: match.start("verb")])
    ):
        return None
    return replace(frame, label="ipo", company=company, start=match.start())


def _spac(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    names = names_of_subject(
        re.split(r"\s(?:to|plans|will|in|via|agrees|by|through|is|going|goes|merges|with)\s", before, maxsplit=1)[0]
    )
    return replace(frame, label="ipo", company=names[0], start=0) if names else None


RULES: tuple[Rule, ...] = (
    ("its_ipo", _ITS_IPO, _its_ipo),
    ("spac", _SPAC, _spac),
    ("files", _FILES, _offering),
    ("public", _PUBLIC, _offering),
    ("pricing", _PRICING, _offering),
    ("approved", _APPROVED, _offering),
    ("plans", _PLANS, _offering),
    ("goes", _GOES, _offering),
    ("banks", _BANKS, _banks),
)
