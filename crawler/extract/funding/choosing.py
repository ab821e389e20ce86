"""Which clause of an item tells its news: the frame chosen, and why an item tells of no deal. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.funding import texts
from crawler.extract.funding.clauses import Frame
from crawler.extract.funding.companies import STANDS_FOR
from crawler.extract.funding.frames import frames_in
from crawler.extract.funding.names import first_name, plain
from crawler.extract.funding.objects import is_debt
from crawler.extract.funding.roles import roles_of
from crawler.extract.funding.stages import stage_in
from crawler.extract.funding.texts import Sentence, Text

_OFF = re.compile(
    r"\b(?:walk(?:ed|s) away|rebuff(?:s|ed)|spurn(?:s|ed)|snub(?:s|bed)|"
    r"back(?:ed|s) out|fell through|called off|ended without)\b|"
    r"\b(?:halts?|scraps?|shelves|drops?|pauses?|abandons?) (?:its |the )?plans?\b|"
    r"\b(?:blocks?|blocked|kills?|killed|cancel(?:s|l?ing|l?ed)?|scraps?|scrapped|terminat\w+|abandon\w*|"
    r"calls? off|called off|unwinds?|unwinding|"
    r"rejects?|rejected|collapse[sd]?|falls? (?:through|apart)|walks? away|clears?|cleared|approves?|approved|"
    r"probes?|investigat\w+|challenges?|"
    r"sues?|withdraws?|pulls|vetoe[sd]|halts?|greenlights?|ends|drops)\b[^;]{0,70}\b(?:deals?|merger|"
    r"acquisition|takeover|IPO|offer|bid|buyout|purchase|talks|sale)\b|"
    r"\b(?:merger|acquisition|takeover|deal|buyout|IPO)\b[^;]{0,40}\b(?:blocked|cancell?ed|terminated|"
    r"called off|collapses?|falls? through|approved|cleared|scrapped)\b|"
    r"\b(?:reports?|rumou?rs?|claims?|speculation)\b[^;]{0,80}?\b(?:not accurate|not true|inaccurate"
    r"|untrue|false|incorrect|wrong|fake|fabricated|bogus|misleading|"
    r"baseless|unfounded)\b|"
    r"\b(?:den(?:y|ies|ied)|refutes?|refuted|dismiss(?:es|ed)|rubbish(?:es|ed)|debunks?)\b[^;]{0,60}?"
    r"\b(?:reports?|rumou?rs?|claims?|talks?|speculation|plans?)\b",
    re.I,
)
_ASIDE = re.compile(
    r"^(?:Q&A|how\b|why\b|what\b|inside\b|a (?:look|profile|guide)\b|the (?:[\w-]+ )+(?:that|who|behind)\b|"
    r"opinion\b|interview\b|who\b|when\b|"
    r"\d+ (?:things|ways|best|top|days|startups)\b|top \d|to buy\b|best\b|is\b|should\b|can\b|ahead of\b|"
    r"after\b[^,]*\bIPO\b|(?:will|would|could|does|did|has|are|was)\b[^.?]*\?$|"
    r"remember\b[^.?]*\?|(?:an?|one|two|three|four|five|\d+) (?:years?|decades?) ago\b)|"
    r"\b(?:last|previous|prior) round valued\b|\bhave raised\b[^,;.]*\bbetween them\b|"
    r"\bprice targets?\b|"
    r"\bhave (?:now |already |together |collectively )?raised (?:an? )?(?:combined|total|collective)\b|"
    r"\b(?:should|ought to|must) (?:not |just |really )?(?:buy|acquire|invest|sell|merge|raise|go public)\b|"
    r"\b(?:shuts?|shutting) down\b|(?<!emerges from )(?<!exits )(?<!out of )\bbankruptcy\b|"
    r"\btender offer\b|\bbuy-?backs?\b|"
    r"\b(?:promo|coupons?|discount codes?|"
    r"lowest price)\b|\bQ&A\b|\bhow to\b|\btips\b|\bguide to\b",
    re.I,
)


# In the past tense, and in the same breath the year in which it was.
_DID = re.compile(r"(?:was |were |had )?(?:\w+ed|bought|sold|led|won|got|took|drew)\b", re.I)
_WHEN = re.compile(
    r"[^,;]{0,90}?\b(?:back )?in (?:early |late |mid-)?(?:(?-i:[A-Z])[a-z]{2,8}\.? )?(?P<year>20\d\d)\b"
    r"(?! (?:to|round))",
    re.I,
)
# What has come together until now, and a price in an aside that an earlier round gave.
_SO_FAR = re.compile(
    rf"(?:has |have )?(?:now |already )?raised {texts.MARK} (?:to date|so far|in total|in all)\b|"
    rf"valued at (?:about |around |nearly |over )?{texts.MARK} (?:in|after|following|as of) (?:its|the|a|their) "
    r"(?:last|latest|previous|prior|most recent)\b[^,]*,",
    re.I,
)
_BELOW = re.compile(
    r"\b(?:below|above|under|over|near) (?:its |the |their )?(?:IPO|offer(?:ing)?"
    r"|listing) price\b",
    re.I,
)
_FIRST_DAY = re.compile(r"\b(?:debuts?|first (?:day|trade)|open(?:s|ed)?|begins?|starts?|prices|priced|lists?)\b", re.I)
_MARK = re.compile(texts.MARK)
# "The non-dilutive funding comes from ...", "The facility was provided by ..."
_LOAN = re.compile(
    r"^(?:The|This|Its) (?:[\w⟦⟧-]+ ){0,4}?(?:funding|financing|facility|loan|debt|deal|money|capital|"
    r"investment|credit line)\b"
    r"[^;,]{0,60}",
    re.I,
)
_WE = re.compile(r"(?:We|I|Today,? we|we)\b")
_ROUND_ONLY = re.compile(
    r"^(?:Our |Announcing (?:our )?)?(?:Series [A-H]|Seed|New)(?: funding)?(?: round)?(?: announcement)?$", re.I
)
_ROUND = re.compile(r"\b(?:Series [A-H]|seed|funding|round|raise)\b", re.I)
_JOINS = re.compile(
    r"(?P<company>[A-Z][\w.&-]*(?: [A-Z][\w.&-]*){0,2}) (?P<verb>joins|is joining|is now (?:a )?part of|"
    r"becomes part of) "
    r"(?P<buyer>[A-Z][\w.&-]*(?: [A-Z][\w.&-]*){0,2})$"
)
_BOUGHT = re.compile(r"\b(?:acquir(?:e|es|ed|ing)|acquisition|bought|buys|purchase[sd]?)\b", re.I)
_DESCRIBED = re.compile(r"\b(?:startup|company|firm|lab|venture)\b(?! [A-Z])")
_PICTURE = re.compile(r"[\u2600-\u27bf\U0001f300-\U0001faff]")


def chosen(text: Text, steps: list[str]) -> Frame | None:
    """The frame that tells an item's news, or None; `steps` gets the reason in either case."""
    if why := _no_deal(text):
        steps.append(f"no event: {why}")
        return None
    found = [frame for frame in frames_in(text.main) if not _is_past(frame, text)]
    if frames := [frame for frame in found if not frame.aside]:
        frame: Frame | None = _best(frames)
    else:
        frame = _of_summary(text) or _beside(found) or _joined(text)
    if frame is None:
        steps.append("no event: no verb of a deal in the title's main clause, none about its subject in the summary")
        return None
    steps.append(f"{frame.sentence.where}: {frame.rule!r} reads as {frame.label}")
    if frame.label == "funding" and (words := _borrowed(text)):
        steps.append(f"summary: {words!r} says that it is borrowed")
        return replace(frame, label="debt")
    return frame


def _is_past(frame: Frame, text: Text) -> bool:
    """Whether a clause recalls a deal of an earlier year ("which Acme acquired in 2021") or asks about one."""
    if frame.rule.startswith("plain round") and text.title.text.rstrip().endswith("?"):
        return True
    if _SO_FAR.match(frame.tail):
        return True
    when = _WHEN.match(frame.tail)
    return bool(when and text.year and int(when["year"]) < text.year and _DID.match(frame.tail))


def _no_deal(text: Text) -> str:
    """Why a title tells of no deal of this kind, whatever verbs it has; empty where nothing says so."""
    if (match := _OFF.search(text.main.text)) and not _is_recalled(text.main.text, match):
        return f"the title is called off, judged or blocked ({match[0]!r})"
    if match := _ASIDE.search(text.title.text):
        return f"the title tells of something else ({match[0]!r})"
    if (match := _BELOW.search(text.title.text)) and not _FIRST_DAY.search(text.title.text):
        return f"the title tells of trading since ({match[0]!r})"
    return "the title lists the headlines of several stories" if _is_digest(text.title.text, text.outlet) else ""


def _is_recalled(main: str, match: re.Match[str]) -> bool:
    """Whether what was called off is only the background ("raises $1bn after its takeover fell through")."""
    cut = re.search(r"\b(?:after|as|despite)\b", main)
    return cut is not None and cut.start() < match.start()


def _of_summary(text: Text) -> Frame | None:
    """A frame of the summary that tells of whom the title tells."""
    subject = plain(text.title.text)
    for sentence in text.summary[:2]:
        for frame in frames_in(sentence):
            if not frame.aside and (settled := _settled(frame, text, sentence, subject)):
                return settled
    return None


def _beside(found: Sequence[Frame]) -> Frame | None:
    """A round or loan told beside other news ("burns cash as it seeks $1bn"), where it has a sum."""
    beside = [frame for frame in found if frame.label in ("funding", "debt") and _MARK.search(frame.tail)]
    return _best(beside) if beside else None


def _borrowed(text: Text) -> str:
    """Words of the summary by which the money a title tells of is a loan, where the title names no stage or equity."""
    if stage_in(text.title.text) or re.search(r"\bequity\b", text.title.text, re.I):
        return ""
    for sentence in text.summary[:2]:
        match = _LOAN.search(sentence.text)
        if match and is_debt(match[0]) and not re.search(r"\b(?:equity|series [a-h]|seed)\b", sentence.text, re.I):
            return match[0]
    return ""


def _is_digest(title: str, outlet: str) -> bool:
    """Whether a title strings together headlines: "A does this, B does that, C does the other, More"."""
    piped = [*title.split(" | "), *([outlet] if outlet else [])]
    several = len(_PICTURE.findall(title)) > 1 or (len(piped) > 2 and all(len(part.split()) > 2 for part in piped))
    if several or re.search(r",\s*(?:and )?More$|^The Batch\b", title):
        return True
    parts = title.split(", ")
    return len(parts) > 3 and all(len(part.split()) > 2 and part[:1].isupper() for part in parts)


def _best(frames: Sequence[Frame]) -> Frame:
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


def _joined(text: Text) -> Frame | None:
    """ "Acme joins Beta", where the summary says that it is bought."""
    match = _JOINS.match(text.title.text)
    if match is None or not any(_BOUGHT.search(sentence.text) for sentence in text.summary[:2]):
        return None
    return Frame(
        label="acquisition", rule=f"joins: {match['verb']}", start=match.start("verb"), hedge="",
        tail=text.title.text[match.start("verb") :], sentence=text.main, company=match["company"],
        acquirer=match["buyer"], investors=(match["buyer"],),
    )  # fmt: skip


def _settled(frame: Frame, text: Text, sentence: Sentence, subject: str) -> Frame | None:
    """A frame of the summary, if it tells of whom the title tells."""
    if any(role == "past" for role in roles_of(sentence).values()):
        return None  # the summary only recalls it
    named = [name for name in (frame.company, frame.acquirer, *frame.also, *frame.investors) if name]
    if any(plain(name) in subject for name in named) or _tells_of(frame, text, sentence):
        return frame
    if not named and STANDS_FOR.match(frame.subject):
        name = first_name(text.main.text)
        return replace(frame, company=name) if name or _DESCRIBED.search(text.title.text) else None
    return None


def _tells_of(frame: Frame, text: Text, sentence: Sentence) -> bool:
    """Whether a summary tells of the title's news though it names nobody whom the title names."""
    title = text.title
    if frame.company and sentence is text.summary[0] and title.sums and _DESCRIBED.search(title.text):
        return True
    if _WE.match(frame.subject):  # the company writes itself
        return bool(title.sums or _ROUND.search(title.text))
    return bool(frame.company) and frame.label == "funding" and bool(_ROUND_ONLY.match(title.text))
