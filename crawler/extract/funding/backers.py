"""Who gives the money: leads where a text says led, and everyone it names for this event. Pure."""

import re
from collections.abc import Iterable

from crawler.extract.funding.clauses import Frame, without_asides
from crawler.extract.funding.names import names_listed, plain
from crawler.extract.funding.texts import Sentence, Text

_LED_BY = re.compile(r"\b(?:co-)?led (?:\w+ )?by(?: (?:existing|new) (?:investors?|backers?),?)? (?P<who>.+)", re.I)
_PREFIXED = re.compile(r"(?P<who>(?:[A-Z]|a16z)[\w.&]*(?: [A-Z][\w.&]*){0,2})-led\b(?! by)")
_LEADS = re.compile(r"(?P<who>[^;.]+?) (?:(?:is|are|was) )?(?:co-)?(?:leads?|leading|to lead|led)"
                    r"(?: (?:the|an?|its|this|in talks to))*\s(?=[^;.]{0,60}?"
                    r"(?:round|Series [A-H]|seed|investment|funding|financing)\b)", re.I)  # fmt: skip
_BEHIND = re.compile(  # "...; Acme and Beta led the round"
    r"(?:;|\.) (?P<who>[A-Z][^;.⟦]{1,80}?) (?:co-)?(?:led|leads)(?: (?:the|its|this|with)\b[^;.]*| it)?\.?$"
)
_EARLIER = re.compile(
    r"\b(?:following|after (?:raising|closing|securing|an?|its)|previous(?:ly)?|earlier|last (?:year|month|"
    r"round)|on the heels of|prior)\b",
    re.I,
)
_FROM = re.compile(
    r"(?:\bfrom|\bparticipation (?:from|of|by)|\bbacked by|\bjoined by|\bpartnering with|\bincluding|"
    r"\balongside|\bsupport from) "
    r"(?P<who>(?:[A-Z0-9]|a16z|existing |new |its |investors including ).+)"
)
_TOOK_PART = re.compile(
    r"(?P<who>(?:(?:[A-Z]|a16z)[^;.]*?)) (?:also )?(?:participat(?:ed|ing)|took part|taking part|joined|invested)\b"
)
_JOINING = re.compile(r"\bwith (?P<who>(?:[A-Z]|a16z)[^;.⟦]*?) (?:also )?joining\b")
_ADDS = re.compile(r"\b(?:adds?|welcomes?) (?P<who>[A-Z][^;.⟦]*?) as (?:new )?(?:investors?|backers?|shareholders?)\b")
_ATTRACTS = re.compile(r"\battracts? (?P<who>[A-Z][^;]*?) (?:for|as|in|to)\b")


_LAW = re.compile(r"\b(?:Act|Programme|Program|Plan|Initiative|Scheme|IPO|Series [A-H])$")


def leads_of(text: Text, frame: Frame) -> tuple[str, ...]:
    """The investors who lead this event's round; those of earlier rounds are left out."""
    found = [names for sentence in text.sentences if (names := _leads_in(sentence))]
    if frame.rule.startswith("leads"):
        found.insert(0, frame.investors)
    if not found:
        return ()
    first = found[0]
    for other in found[1:]:
        if all(any(plain(longer).startswith(plain(name)) for longer in other) for name in first):
            return other  # the summary spells the same firms in full
    return first


def investors_of(text: Text, frame: Frame, leads: Iterable[str]) -> tuple[str, ...]:
    """Everyone named as giving money for this event, leads first."""
    names = [
        *leads,
        *(frame.investors if frame.invests or frame.label in ("acquisition", "debt", "fund_close") else ()),
    ]
    if frame.label in ("funding", "debt"):
        for sentence in (text.title, *text.summary[:2]):
            names += _named(sentence)
    found: dict[str, str] = {}
    for name in names:
        key = plain(name)
        if _LAW.search(name):
            continue
        if not any(known.startswith(key) or key.startswith(known) for known in found):
            found[key] = name
    taken = {plain(name) for name in (frame.company, *frame.also) if name}
    return tuple(name for key, name in found.items() if key not in taken)


def _leads_in(sentence: Sentence) -> tuple[str, ...]:
    text = sentence.text
    if match := _LED_BY.search(text):
        return () if _is_earlier(text, match.start()) else names_listed(match["who"])
    if match := _PREFIXED.search(text):
        return () if _is_earlier(text, match.start()) else (match["who"],)
    if match := _BEHIND.search(text):
        return names_listed(match["who"])
    if match := _LEADS.match(text.split(" as ", 1)[-1]):
        names = names_listed(match["who"])
        return names if names and len(match["who"].split()) <= 12 else ()
    return ()


def _is_earlier(text: str, at: int) -> bool:
    return bool(_EARLIER.search(without_asides(text[:at])[-60:]))


def _named(sentence: Sentence) -> list[str]:
    found: list[str] = []
    for pattern in (_FROM, _ATTRACTS, _JOINING, _ADDS):
        for match in pattern.finditer(sentence.text):
            if not _is_earlier(sentence.text, match.start()) and "backed" not in match[0][:8]:
                found += names_listed(match["who"])
    for match in _TOOK_PART.finditer(sentence.text):
        found += names_listed(re.split(r"⟦\d+⟧.*?(?:;|and more)", match["who"])[-1].strip(" ;"))
    return found
