"""Names of companies and investors out of the words around them: descriptions, owners and appositions "
"stripped. Pure."""

import re

from crawler.extract.funding import lexicon
from crawler.extract.funding.name_words import QUOTES, name_of_words

_BASED = re.compile(
    r"^(?:(?!,\s+(?:an?|the|which)\s).)*?[\w.]-(?:based|headquartered|backed|born|founded|owned|listed|"
    r"incubated|led|funded|focused|rival|like|tied|linked|allied|controlled|affiliated|supported|obsessed|friendly|"
    r"parented|invested|bankrolled|acquired|registered),?\s+(?=\S)",
    re.I,
)
_OWNER = re.compile(r"^(?P<owner>.+?)(?:'s|(?<=s)')\s+(?P<rest>\S.*)$")
_APPOSITION = re.compile(r",(?!\d)|\s[-–—]\s|\s\(|;|:\s")
_LISTED = re.compile(r"\s*;\s*|,?\s+and\s+|,\s*|\s+along with\s+|\s+as well as\s+|\s+plus\s+", re.I)
_NO_FIRST = re.compile(r"^(?:its|their|his|her|the|existing (?:investors?|backers?)|new investors?|investors?|vcs?|"
                       r"firms?|"
                       r"existing|backer|backers|fellow|previous)\s+(?=[A-Z0-9])", re.I)  # fmt: skip
_LIST_END = re.compile(
    r"\s+(?:at (?:an?|the|⟦)|to|for|in|with|as|after|amid|on|that|who|valuing|bringing|a source|and (?:plans|"
    r"has|says|hit|is|"
    r"will|others?|more)|among(?:st)?|at)\b|\s[-–—|]\s|\s\(|\)|\.(?:\s|$)|:\s|;(?=\s[a-z])|⟦",
    re.I,
)
_BEHIND = re.compile(r"^(?:the )?(?:team|startup|company|people|makers?) behind\s+(?=[A-Z0-9])", re.I)
_PARTS = re.compile(r"^[^,;]*?\b(?:units?|divisions?|business|arm|operations|subsidiary|team|assets)\b", re.I)
# "Acme's audio unit, Beta Sound": the part has a name of its own.
_UNIT_CALLED = re.compile(
    r"^[^,;]*?\b(?:units?|divisions?|business|arm|subsidiary|startup|"
    r"spinoff),? (?P<name>[A-Z][\w.&-]*(?: [A-Z][\w.&-]*){0,2})$"
)
_ITS_ROUND = re.compile(r"^(?P<owner>.+?)(?:'s|(?<=s)') (?:[\w-]+ )?(?:⟦\d+⟧|Series [A-H]\b|seed\b).*$")
_SEVERAL = re.compile(  # "Two AI chip startups, Acme and Beta, raise"
    r"(?:[\w.'-]+ ){0,6}(?:startups|start-ups|companies|firms|makers|labs|developers)"
    r",? (?P<names>[A-Z][^,;⟦]*(?:, [^,;⟦]+)*,? and [^,;⟦]+),?",
    re.I,
)
# Where a description of a company has ended.
_DESCRIBES = re.compile(
    r"\s(?:for|to|in|at|from|with|after|that|which|is|has|said|raises|raised|seeks|eyes|gets|targeting|raising|"
    r"seeking|eyeing|building|making|using|developing|[a-z]+s ⟦\d+⟧)\b|⟦"
)
_FARTHEST = 12
_MOST_LISTED = 25


def name_in(words: str) -> str | None:
    """The name in a description ("Milan-based legal AI company Acme" gives "Acme"); None where there is only one."""
    words = re.split(r"\s+or\s+", words, maxsplit=1)[0]
    words = re.sub(r"^(?:shares|stock) (?:of|in)\s+", "", words, flags=re.I)
    words = _ITS_ROUND.sub(r"\g<owner>", words)
    if match := _UNIT_CALLED.match(words):
        return match["name"]
    words = _before_apposition(_unbased(_BEHIND.sub("", words.strip())))
    owned = _OWNER.match(words)
    if quoted := re.match(r"[\"'](?P<name>[A-Z][^\"']{2,40})[\"']", words):
        return quoted["name"]
    if owned:
        rest = owned["rest"]
        if rest[0] in QUOTES:
            return name_in(owned["owner"])
        if inner := name_of_words(rest):
            return inner
        return None if _described(rest) and not _PARTS.search(rest) else name_in(owned["owner"])
    return name_of_words(words)


def first_name(words: str) -> str | None:
    """The first name in a clause, whatever stands before it ("It took Acme a year" gives "Acme")."""
    if name := name_in(words):
        return name
    if _owns_a_company(words):
        return None
    tokens = words.split()
    for index, token in enumerate(tokens[1:_FARTHEST], start=1):
        if token[:1].isupper() and (name := name_in(" ".join(tokens[index:]))):
            return name
    return None


def _owns_a_company(words: str) -> bool:
    """Whether a clause begins with somebody's company that it does not name ("Jane Roe's new AI startup raises")."""
    owned = _OWNER.match(words)
    return bool(owned) and _described(owned["rest"]) if owned else False


def names_listed(words: str) -> tuple[str, ...]:
    """The names of a list of investors ("A, B and its C Fund at a ..."), up to the first part that names nobody."""
    if end := _LIST_END.search(words):
        words = words[: end.start()]
    found: list[str] = []
    for part in _LISTED.split(words)[:_MOST_LISTED]:
        bare = _NO_FIRST.sub("", part.strip(' ,.;"')).strip()
        if not bare:
            continue
        if not (named := _investor(bare)):
            break
        found.append(named)
    return tuple(dict.fromkeys(found))


def names_of_subject(words: str) -> tuple[str, ...]:
    """The names before a verb: one, or several joined by commas and "and"."""
    words = _unbased(words.strip())
    if several := _SEVERAL.fullmatch(words):
        return names_listed(several["names"])
    if re.search(r"\band\b|,", words) and not re.search(r",\s+(?:which|who|whose|an?|the|founded|co-founded|formerly|"
                                                         r"maker|new|now|one|that)\b", words, re.I):  # fmt: skip
        parts = [part for part in _LISTED.split(words) if part.strip()]
        if re.search(r"(?:'s|(?<=s)') [A-Z]", parts[-1]):
            parts = []  # "Jane Doe and John Roe's Acme"
        if 1 < len(parts) <= 6 and all(_is_bare(part) for part in parts):
            return tuple(dict.fromkeys(name for part in parts if (name := name_in(part))))
    single = name_in(words)
    return (single,) if single else ()


def plain(name: str) -> str:
    """What is compared of a name: letters and digits."""
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


def _is_bare(part: str) -> bool:
    """Whether a part of a list is a name with few words before it, not a clause."""
    return bool(name_in(part)) and len(part.split()) <= 6 and not re.search(r"\b(?:which|that|with|to|for)\b", part)


def _unbased(words: str) -> str:
    while (match := _BASED.match(words)) and match.end() < len(words):
        words = words[match.end() :]
    return words


def _before_apposition(words: str) -> str:
    cut = _APPOSITION.search(words)
    return words[: cut.start()] if cut and cut.start() > 0 else words


def _described(rest: str) -> bool:
    """Whether words are a description of a company that is not named."""
    last = _DESCRIBES.split(rest, maxsplit=1)[0].split()
    return bool(last) and last[-1].lower().strip(".,") in lexicon.COMPANY_NOUNS | {"team", "assets", "stake"}


def _investor(part: str) -> str | None:
    """The name of an investor as printed: small words inside are kept ("China's chip fund")."""
    part = _unbased(part)
    owned = _OWNER.match(part)
    if owned and not re.match(r"[A-Z0-9]", owned["rest"]):
        return part
    tokens = part.split()
    if len(tokens) > 8 or not tokens:
        return None
    if owned:
        return part if any(token.lower() in lexicon.FIRM_WORDS for token in tokens) else name_in(part)
    return name_in(part)
