"""Whether a deal is rumoured, announced or closed, by who says so and in what tense. Pure."""

import re

from crawler.extract.funding.clauses import Frame
from crawler.extract.funding.texts import Sentence, Text
from timeline.funding import Status

_SOURCES = re.compile(r"\b(?:sources?|report|reports|docs?|documents?|filings? shows?)\b", re.I)
_HEARSAY = re.compile(
    r"\breportedly\b|\brumou?r(?:s|ed)?\b|\b(?:sources?|people familiar|insiders?|reports?|report) (?:say|"
    r"says|said|familiar)\b|"
    r"\baccording to (?:sources|reports?|people|a (?:report|source)|the (?:Wall|Financial|New York|"
    r"Information|FT|WSJ)|[A-Z][\w ]{2,30}\.?$)|"
    r"\b(?:NYT|WSJ|FT|Bloomberg|Reuters|The Information|CNBC|Axios) (?:reports?|says|reported)\b|\bsaid to\b|"
    r"\bper (?:an? )?(?:sources?|reports?|people|insiders|Bloomberg|Reuters|FT|WSJ|NYT|CNBC|Axios|The \w+)\b|"
    r", (?-i:[A-Z])[\w' ]{2,30} (?:reports?|reported)$|: (?-i:[A-Z][a-z]+[A-Z]\w+|Axios|Semafor|Nikkei"
    r"|Caixin|Yonhap|Calcalist|"
    r"Handelsblatt|Politico|Forbes|Fortune|36Kr)$|(?::|,|\s-) (?:FT|WSJ|NYT|Bloomberg News|The Information|"
    r"sources?|reports?)$",
    re.I,
)
_PARTLY = re.compile(
    r"\b(?:a source|sources?) says? (?:at|for|that values|the (?:deal|round|valuation|price))|"
    r"the company says|, a source says|\b(?:said|reported|rumou?red|estimated|believed|"
    r"understood) to be (?:worth|valued|"
    r"about|around|over|more|⟦)|\breported(?:ly)? (?:at|for|worth|valued|to be worth|⟦)",
    re.I,
)
_SELF = re.compile(r"\bthe company (?:says|said|announced|confirmed)\b|\bsays? it (?:has )?raised\b", re.I)
_HEDGED = re.compile(
    r"\b(?:talks|discussions|negotiations|looks?|looking|seeks?|seeking|aims?|aiming|hopes?|hoping|set to|set|"
    r"poised|about|tries|trying|wants?|"
    r"expected|close|near(?:s|ing)?|eye(?:s|ing)|consider(?:s|ing)|weigh(?:s|ing)|mull(?:s|ing)|could|may|"
    r"might|likely|discuss(?:es|ing|ed)?|"
    r"explor(?:es|ing)|begun|moves?|moving|bid(?:s|ding)?|offers?|offered|still|raising|vying|due|expects?|"
    r"gear(?:s|ing)?|ready|pushing|push(?:es)?)\b",
    re.I,
)
_WISH = re.compile(
    r"^(?:raising|closing|\w+ fundrais\w+|closes? in|seek(?:s|ing)?|sought|eyes?|eyeing|targets?|targeting|"
    r"discuss\w*|weigh\w*|"
    r"consider\w*|mulls?|"
    r"negotiat\w+|nears?|nearing|approach\w*|explor\w+|plans?|"
    r"planning|(?:in|into|holds?|having|enters?) .*talks|close to|looking for|(?:is|are|was|about|starts?|"
    r"currently|begins?|begun|be)\b.*ing\b|prepar\w+|"
    r"explore|mulls|up for|puts itself|to be|to merge|merger talks|merging|finali[sz]\w+|upped|ups)\b",
    re.I,
)
_CLOSED = re.compile(r"^(?:(?:closes?|closed)(?! in\b)|completes?|completed|wraps? up|wrapped up)\b", re.I)
_SAYS_ITSELF = re.compile(r"\bsays? (?:it|they) (?:is|are|will|has|have)\b")
_RECALLED = re.compile(r",? after (?:reportedly )?[a-z]+ing\b")
_CLOSING = re.compile(r"\b(?:closes?|closed|completes?|completed|wraps? up|wrapped up)\W*$", re.I)
_OPENED = re.compile(
    r"(?:IPO|public offering)(?::| (?:opens?|opened|to open|priced|price band|raises|raised|lists|closes|"
    r"(?:over)?subscribed|"
    r"draws|size|set|allotment|kicks off|begins|starts|launch(?:es)?)\b)",
)
_IPO_FIRM = re.compile(
    r"^(?:picks?|picked|hires?|hired|taps?|tapped|selects?|appoints?|(?:announces?|announced)? ?(?:pricing|"
    r"launch|upsizing|filing|terms) of|files?|filed|appl(?:y|ies|ied)|submits?|prices?|priced|lists?|"
    r"goes public|went public|raises?|"
    r"raised|sets?|launch\w*|"
    r"kicks? off|begins?|starts?|upsizes?|cuts?|trims?|slashes|opens?|"
    r"(?:wins?|won|gets?|got|receives?|received|secures?|secured|obtains?|obtained) |"
    r"debuts?|makes|SPAC|blank)\b",
    re.I,
)
_TRADED = re.compile(
    r"\bshares (?:list|listed|open|opened|debut|debuted)\b|\b(?:began|begins|started|starts) trading|\b(?:rose|"
    r"gain(?:s|ed)|soar|surge|jump|pop|climb|rise|fall|"
    r"tumble|double|sinks?|"
    r"sank|slips?|plunges?|drops?|doubles?|doubled|"
    r"triples?|soars?|soared|surge[sd]?|"
    r"jump(?:s|ed)|pop(?:s|ped)|"
    r"climb(?:s|ed)|rises?|rose|falls?|fell|tumble[sd]?|rall(?:ies|ied)|opens?|opened|closes?|closed|"
    r"slump(?:s|ed)|slides?) (?:as much as )?[^;]{0,40}"
    r"\b(?:debut|IPO\b(?! plans?)|listing\b|first day)|went public\b|\blists (?:on|at|in)\b|\blisted (?:on|"
    r"at)\b|\bdebuts? on\b|"
    r"\bmakes? (?:its|a) (?:[\w-]+ ){0,4}debut",
    re.I,
)


_TALKED = re.compile(
    r"\b(?:talks|discussions|negotiations|considering|weighing|mulling|eyeing|eyes|explor\w+|nears?|close|could|may|"
    r"might|moves|bid|bids|offers?|wants|seeks?|looking|aims|set|poised|vying|hoping|hopes|expected|reportedly|"
    r"interested|discuss\w*)\b",
    re.I,
)
_PROPOSED = re.compile(
    r"(?:takeover|among|bids?|offers?|talks|explor|consider|weigh|mull|up for|puts|merger talks)\w*",
    re.I,
)
_COMPLETED = re.compile(r"\b(?:completes?|completed|closes?|closed|finali[sz]e[sd])\b", re.I)
_DONE = re.compile(r"\b(?:has|have) (?:now |officially )?(?:been acquired|acquired|bought|completed)")


def status_of(text: Text, frame: Frame) -> tuple[Status, str]:
    """The status of a deal, and the words that decided it."""
    if frame.label == "ipo" and (match := _TRADED.search(frame.sentence.text)):
        return "closed", match[0]
    if words := _hearsay(text, frame):
        return "rumoured", words
    by_label = {"ipo": _listing, "acquisition": _purchase}
    return by_label.get(frame.label, _money)(text, frame)


def _money(text: Text, frame: Frame) -> tuple[Status, str]:
    """Of rounds, loans and funds: only "closes" closes them; talks, wishes and the progressive are rumours."""
    if match := _SAYS_ITSELF.search(f"{frame.hedge} "):
        return "announced", match[0]
    if match := _CLOSED.match(frame.tail):
        if not _HEDGED.search(frame.hedge):
            return "closed", match[0]
    elif match := re.search(r"\bhas closed\b", frame.sentence.text) or _CLOSING.search(frame.hedge):
        return "closed", match[0]
    if hedge := _HEDGED.search(frame.hedge):
        return "rumoured", hedge[0]
    near = re.match(r"(?:nears?|eyes?) (?:an? )?(?:deal|agreement)\b", frame.tail)
    done = (
        frame.rule.startswith("worth")
        and not near
        and re.search(
            r"\b(?:after|following|closes?"
            r"|closed)\b",
            frame.tail,
        )
    )
    if not done and (wish := _WISH.match(frame.tail)) and not frame.tail.startswith("plans to raise"):
        return "rumoured", wish[0]
    return "announced", _first_word(frame)


def _first_word(frame: Frame) -> str:
    return frame.tail.split(maxsplit=1)[0] if frame.tail.strip() else ""


def _hearsay(text: Text, frame: Frame) -> str:
    """Words that put the deal itself in others' mouths; where only a price is attributed there are none."""
    title = text.title
    if _SELF.search(title.text):
        return ""
    if _SOURCES.search(title.label) and not re.search(r"\bfiling\b", title.label, re.I):
        return title.label
    head = text.main if frame.sentence.where == "title" else title
    for sentence in dict.fromkeys((head, frame.sentence, *_same_story(text, frame))):
        match = _HEARSAY.search(_told(sentence.text, frame))
        if match and not _PARTLY.search(sentence.text[max(0, match.start() - 4) : match.end() + 20]):
            return match[0]
    return ""


def _told(text: str, frame: Frame) -> str:
    """A sentence without what it recalls behind the deal ("buys Acme after reportedly discussing $300M")."""
    cut = _RECALLED.search(text)
    return text[: cut.start()] if cut and frame.sentence.text == text and cut.start() > frame.start else text


def _same_story(text: Text, frame: Frame) -> tuple[Sentence, ...]:
    """The first sentence of the summary, where it tells of the same company."""
    first = text.summary[:1]
    return first if first and (frame.company or "").casefold() in first[0].text.casefold() else ()


def _listing(text: Text, frame: Frame) -> tuple[Status, str]:
    if hedge := _HEDGED.search(frame.hedge):
        return "rumoured", hedge[0]
    if match := re.match(r"(?:\w+ )?(?:closing|completion) of", frame.tail, re.I):
        return "closed", match[0]
    if _IPO_FIRM.match(frame.tail):
        return "announced", frame.tail.split()[0]
    if frame.tail.startswith("plans") or frame.hedge.split()[:1] in (["plans"], ["plan"], ["to"]):
        return "announced", "plans"
    if frame.rule.startswith("its_ipo") and (match := _OPENED.match(frame.tail)):
        return "announced", match[0]
    return "rumoured", _first_word(frame)


def _purchase(text: Text, frame: Frame) -> tuple[Status, str]:
    if match := _TALKED.search(frame.hedge) or (frame.rule.startswith("disclosed") and _TALKED.match(frame.tail)):
        return "rumoured", match[0]
    if frame.rule.startswith("bid for") and not frame.tail.lower().startswith("accept"):
        return "rumoured", "bid"
    if wish := _PROPOSED.match(frame.tail):
        agreed = re.search(r"\b(?:agree|accept)", frame.sentence.text, re.I)
        return ("announced", "agree") if agreed else ("rumoured", wish[0])
    if match := _COMPLETED.search(f"{frame.hedge} {frame.tail[:12]}"):
        return "closed", match[0]
    for sentence in text.sentences:
        if match := _DONE.search(sentence.text):
            return "closed", match[0]
    return "announced", _first_word(frame)
