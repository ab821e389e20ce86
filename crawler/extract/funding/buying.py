"""Frames of companies bought, sold and merged. Pure."""

import re
from dataclasses import replace

from crawler.extract.funding.clauses import NOT, Frame, Rule
from crawler.extract.funding.names import name_in, names_of_subject
from crawler.extract.funding.objects import buys_a_company
from crawler.extract.funding.texts import MARK as M

BUY = (
    r"acquires?|snares?|swoops on|acquired(?! by)|acquiring|buys?|bought(?! by)|buying(?! spree)|"
    r"purchas(?:es?(?! of)|ed|ing)|"
    r"snaps? up|snapped up|"
    r"snapping up|gobbles? up|scoops? up|takes? over|took over|taking over|acqui-?hir(?:es?|ed|ing)|absorbs?|"
    r"absorbed|"
    r"swallows?|picks? up|picked up"
)

_BUYS = re.compile(
    rf"\b(?P<verb>{BUY}|(?:acquisition|purchase|takeover|buyout|buy|acqui-?hire) of|takeover (?:bid|offer) for|"
    rf"(?:bid(?:s|ding)?|offers?) (?:{M} )?for|(?:deal|talks|agreement) (?:to (?:buy|acquire)"
    rf"|for))\s+(?P<object>\S[^;]*)",
    re.I,
)

_PAYS = re.compile(
    rf"\b(?P<verb>(?:to|will|would|could|may) pay|pays|paying|paid|drops|splashes|shells out|"
    rf"among (?:the )?(?:bidders|suitors))(?: (?:roughly |"
    rf"about )?{M}(?: in (?:cash|stock)(?: and stock)?)?)? (?:for|on|to (?:buy|acquire)) (?P<object>[^;]+)",
    re.I,
)

_PRIVATE = re.compile(r"\b(?P<verb>tak(?:e|es|ing)|took)\s+(?P<object>[^;,]{2,40}?) private\b", re.I)

_BOUGHT = re.compile(
    r"\b(?P<verb>(?:acquired|bought|picked up|scooped up|gobbled up|snapped up|purchased|taken over|"
    r"taken private|swallowed|absorbed|"
    r"acqui-?hired)(?: [\w$-]+){0,3}? by|"
    r"(?:takeover|buyout|acquisition) (?:bid |offer |deal )?(?:by|from)|sold to|sells? itself to|"
    r"sells? to(?=[^;]* for ⟦)|(?:sale|"
    r"sell(?:ing)?) (?:itself )?to)\s+(?P<object>\S[^;]*)",
    re.I,
)

_SOLD = re.compile(
    r"\b(?P<verb>sells?|sold|selling|to sell|offloads?|divests?)\s+(?P<object>[^;⟦]{2,60}?) to (?P<buyer>[A-Z][^;]*)"
)

_PASSIVE = re.compile(
    r"\b(?P<verb>(?:to be|being|been|gets?|was|is) (?:acquired|bought|taken private|sold)\b(?! by)|(?:explor(?:es|"
    r"ing)|consider(?:s|ing)|weigh(?:s|ing)|"
    r"mull(?:s|ing)) (?:an? )?(?:potential |possible )?sale\b(?! of)|go(?:es|ing)? private|(?:up for|"
    r"puts itself up for) sale)(?P<object>)",
    re.I,
)

_HIRES = re.compile(
    r"\b(?P<verb>hires?|hired|hiring|brings? on|poach(?:es|ed))\s+(?P<object>[^;,]{2,50}?)(?:'s|"
    r"s')? (?:co-?founders?|team|staff|founder|"
    r"employees|researchers)\b(?=.*\bacqui-?hir)",
    re.I,
)
_NOT_YET = re.compile(r"\b(?:SPAC|blank[- ]check)\b", re.I)
_MERGE_WITH = re.compile(
    r"\b(?P<verb>merg(?:e|es|ed|ing|ers?)(?: talks| deal| agreement)? with)\s+(?P<object>(?!an? SPAC|"
    r"an? blank)[^;]+)",
    re.I,
)
_BID_FOR = re.compile(
    r"\b(?P<verb>receives?|received|gets?|accepts?|accepted|weighs?|fields?|fielded|draws?|drawn|drew|attracts?|"
    r"attracted)\s+(?P<object>[^;]{0,40}?"
    r"(?:takeover|buyout|acquisition|⟦\d+⟧) (?:bids?|offers?|proposals?|interest))\b",
    re.I,
)
_MERGE = re.compile(
    r"\b(?P<verb>to merge|agree(?:s|d)? to merge|merger talks|merge|merging)\b(?! with)(?P<object>)", re.I
)

_PART_OF = re.compile(
    r"(?:an? )?(?:(?P<share>\d+(?:\.\d+)?)(?:%| per ?cent)|majority|controlling)(?: (?:stake|interest|"
    r"share))? (?:of|in) ",
    re.I,
)
_SALE_OF = re.compile(
    r"\b(?P<verb>(?:sale|sell-?off|divestiture|divestment|disposal) of)\s+(?P<object>(?!⟦|shares|stock|bonds?|"
    r"notes|stakes?)"
    r"[^;⟦]+?)(?:\s+to (?P<buyer>[A-Z][^;⟦]*?))?(?=\s+(?:at|for|in|worth|valued|that|as|after|to)\b|[;,⟦]|\s*$)",
    re.I,
)
_DISCLOSED = re.compile(
    r"\b(?P<verb>eyes|plans|seeks|weighs|nears|considers|confirms?|discloses?|announces?|announced|reveals?|"
    r"unveils?|completes?|completed|closes?|closed|signs?)\s+"
    r"(?P<object>[^;]{0,60}?\b(?:acquisition|takeover|buyout))\b(?! of)",
    re.I,
)


def _buys(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    wanted = match["object"]
    if (part := _PART_OF.match(wanted)) and float(part["share"] or 51) > 50:
        wanted = wanted[part.end() :]
    if NOT.search(f"{before} {frame.hedge}") or not buys_a_company(wanted, titled=match["verb"][:1].isupper()):
        return None
    if re.search(r"\bcan\b", frame.hedge):
        return None
    names = names_of_subject(before)
    if not names and not re.search(r"\b(?:firm|giant|maker|company|group|owner)\b", before, re.I):
        return None
    return replace(
        frame, label="acquisition", company=name_in(wanted), also=_more(wanted), acquirer=names[0] if names else None,
        investors=names,
    )  # fmt: skip


def _more(wanted: str) -> tuple[str, ...]:
    """Further companies bought in the same breath ("Acme and AI company Beta")."""
    match = re.match(r"[^,;⟦]*?\s+and\s+(?P<second>[^,;⟦]+)", wanted)
    second = name_in(match["second"]) if match else None
    return (second,) if second else ()


def _bought(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    names = names_of_subject(before)
    buyer = name_in(match["object"])
    if not names or NOT.search(frame.hedge) or (match["verb"].startswith(("sold", "sell", "sale")) and not buyer):
        return None
    return replace(
        frame,
        label="acquisition",
        company=names[0],
        also=names[1:],
        acquirer=buyer,
        investors=(buyer,) if buyer else (),
    )


def _sold(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    part = _PART_OF.match(match["object"])
    if part and float(part["share"] or 51) <= 50:
        return None
    wanted = match["object"][part.end() :] if part else match["object"]
    company, buyer = name_in(wanted), name_in(match["buyer"])
    if not company or not buyer or not buys_a_company(wanted) or "stake" in wanted:
        return None
    return replace(frame, label="acquisition", company=company, acquirer=buyer, investors=(buyer,))


def _sale_of(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    """ "Acme weighs a sale of its unit Beta": who sells is no party to look for."""
    company = name_in(re.sub(r"^(?:its|their|the|an?) ", "", match["object"]))
    if not company or not buys_a_company(match["object"]) or not names_of_subject(before):
        return None
    buyer = name_in(match["buyer"]) if match["buyer"] else None
    return replace(
        frame, label="acquisition", company=company, acquirer=buyer, investors=(buyer,) if buyer else (),
    )  # fmt: skip


def _passive(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    names = names_of_subject(before)
    return replace(frame, label="acquisition", company=names[0], also=names[1:]) if names else None


def _merge(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    names = names_of_subject(before)
    if len(names) < 2:
        return None
    return replace(frame, label="acquisition", company=names[0], also=names[1:], investors=names[1:])


def _merge_with(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    """A merger without a buyer: the first named is the company."""
    names, other = names_of_subject(before), name_in(match["object"])
    if not names or other is None or _NOT_YET.search(before):
        return None
    return replace(frame, label="acquisition", company=names[0], also=(other,), investors=(other,))


def _disclosed(frame: Frame, before: str, match: re.Match[str]) -> Frame | None:
    names = names_of_subject(before)
    if not names:
        return None
    what = re.sub(
        r"\s*\b(?:acquisition|takeover|buyout)$", "", re.sub(r"⟦\d+⟧|\b(?:planned|proposed)\b", "", match["object"])
    )
    return replace(frame, label="acquisition", company=name_in(what), acquirer=names[0], investors=names)


RULES: tuple[Rule, ...] = (
    ("buys", _BUYS, _buys),
    ("private", _PRIVATE, _buys),
    ("hires", _HIRES, _buys),
    ("pays", _PAYS, _buys),
    ("bought", _BOUGHT, _bought),
    ("sold", _SOLD, _sold),
    ("sale of", _SALE_OF, _sale_of),
    ("passive", _PASSIVE, _passive),
    ("merge", _MERGE, _merge),
    ("merge with", _MERGE_WITH, _merge_with),
    ("bid for", _BID_FOR, _passive),
    ("disclosed", _DISCLOSED, _disclosed),
)
