"""Names of companies and investors out of the words around them: descriptions, owners and appositions "
"stripped. Pure."""

import re

from crawler.extract.funding import lexicon

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
# Where a description of a company has ended.
_DESCRIBES = re.compile(
    r"\s(?:for|to|in|at|from|with|after|that|which|is|has|said|raises|raised|seeks|eyes|gets|targeting|raising|"
    r"seeking|eyeing|building|making|using|developing|[a-z]+s ⟦\d+⟧)\b|⟦"
)
_FARTHEST = 12
_MOST_LISTED = 25
_QUOTES = "\"'`*"
_JOINERS = frozenset(("of", "a", "&", "de", "du", "van", "der", "von", "the", "+", "x"))


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
        if rest[0] in _QUOTES:
            return name_in(owned["owner"])
        if inner := _plain_name(rest):
            return inner
        return None if _described(rest) and not _PARTS.search(rest) else name_in(owned["owner"])
    return _plain_name(words)


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


def _tokens(words: str) -> list[str]:
    return [token for raw in words.split() if (token := raw.strip(".,;:!?()…") if len(raw) > 2 else raw.strip(",;:()"))]


def _plain_name(words: str) -> str | None:
    tokens = [_unquoted(token) for token in _tokens(words)]
    tokens = [token for token in tokens if token]
    start = 0
    for index in range(len(tokens) - 1):
        if (
            tokens[index] in _CHIEFS
            and index
            and _is_name(tokens[index - 1])
            and tokens[0].lower() not in ("former", "ex")
        ):
            return _run(tokens[:index], start)  # "Acme CEO Jane Doe"
        if (
            (
                (_is_noun(tokens[index]) and not _in_firm(tokens, index))
                or (index == 0 and tokens[0].lower() in _OPENING)
            )
            and _is_name(tokens[index + 1])
            and not _ends_before(tokens, index)
        ):
            start = index + 1
    if start and start == len(tokens) - 1:
        return tokens[start]  # "chip designer Arm": whatever word follows what it is, names it
    return _run(tokens, start)


def _in_firm(tokens: list[str], index: int) -> bool:
    """Whether a noun is the first part of a firm's name: "Founders Fund", "Team Ventures"."""
    following = tokens[index + 1]
    last = index + 2 == len(tokens) or not _is_name(tokens[index + 2])
    return tokens[index][0].isupper() and following[0].isupper() and following.lower() in lexicon.FIRM_WORDS and last


def _ends_before(tokens: list[str], index: int) -> bool:
    """Whether a name has already ended before this noun: what follows belongs to something else."""
    return any(_is_stop(token) and token.lower() != "and" for token in tokens[:index])


def _run(tokens: list[str], start: int) -> str | None:
    at = start
    if at + 1 < len(tokens) and tokens[at].lower() in _NAMING and tokens[at][0].isupper() and _is_name(tokens[at + 1]):
        return _finished(*_taken(tokens, at, [tokens[at]]))  # "Be Clinical", "On Running"
    while at < len(tokens) and not _is_name(tokens[at]):
        lost = _is_noun(tokens[at]) and at + 1 < len(tokens) and not _is_noun(tokens[at + 1])
        if (_is_stop(tokens[at]) and tokens[at].lower() != "and") or (lost and tokens[at + 1].lower() != "and"):
            return None
        at += 1
    run, rest = _taken(tokens, at, [])
    only_describes = run and all(_is_modifier(token) for token in run)
    if only_describes and rest and rest[0].islower() and not _is_stop(rest[0]):
        return _run(tokens, at + len(run))  # "AI tutor Acme"
    return _finished(run, rest)


def _taken(tokens: list[str], at: int, run: list[str]) -> tuple[list[str], list[str]]:
    """The words of a name from `at` on, behind those it already has, and what follows it."""
    at += len(run)
    while at < len(tokens):
        token, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else ""
        joins = token.lower() in _JOINERS and run and following[:1].isupper()
        if _is_stop(token) and not joins:
            break
        if not (
            joins
            or _is_name(token)
            or (run and (token in _FIRM_ENDS or _is_capital_word(token)))
            or (run and _part_of_name(token, run, following))
        ):
            break
        run.append(token)
        at += 1
    return run, tokens[at:]


def _finished(run: list[str], rest: list[str]) -> str | None:
    run = [re.sub(r"(?:'s|')$", "", token) if token is run[-1] else token for token in run]
    while len(run) > 1 and run[-1] in ("Shares", "Stock", "IPO", "Valuation", "Podcast"):
        run = run[:-1]
    if len(run) > 1 and run[0].lower() not in _ARTICLES and all(token.lower() in lexicon.MODIFIERS for token in run):
        return " ".join(run)
    while (
        run
        and run[0].lower() in lexicon.MODIFIERS - {"new", "big"}
        and len(run) > 1
        and run[0].lower() not in ("ai", "quantum", "global")
    ):
        run = run[1:]
    return None if not run or _names_nobody(run, rest) else " ".join(run)


def _names_nobody(run: list[str], rest: list[str]) -> bool:
    last = run[-1].lower()
    if run[0] == "Series" and len(run) > 1 and len(run[1]) == 1:
        return True
    if len(run) == 1 and run[0] != "Arm" and (_is_modifier(run[0]) or _is_generic(last)):
        return True
    if run[1:2] == ["of"] and run[0].lower() in _TITLED:
        return True  # "Maker of Robot Hands"
    if last in lexicon.PEOPLE_NOUNS - lexicon.FIRM_WORDS or last in (
        "startup",
        "start-up",
        "startups",
        "firm",
        "maker",
    ):
        return True
    # "Acme engineer" is a person, "Robot AI startup" a description
    return bool(rest) and (rest[0].lower() in _SINGLE_PEOPLE or (rest[0].islower() and rest[0] in _TITLED))


def _is_generic(low: str) -> bool:
    """Whether a word alone names nobody: "startup", "Banks", "Government", "executives"."""
    single = low.removesuffix("s")
    return bool({low, single} & (lexicon.COMPANY_NOUNS | lexicon.PEOPLE_NOUNS | lexicon.STATES)) or bool(
        {low, f"{low}s"} & lexicon.CROWDS
    )


def _is_capital_word(token: str) -> bool:
    """A describing word that is part of a name behind its first word ("Acme One")."""
    return token[:1].isupper() and token.lower() in lexicon.MODIFIERS


def _part_of_name(token: str, run: list[str], following: str) -> bool:
    """A small word that ends a name written like "a16z crypto"."""
    return bool(
        token.islower() and not following and len(run) == 1 and re.search(r"\d", run[0]) and run[0][0].islower()
        and not _is_noun(token)
    )  # fmt: skip


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


def _unquoted(token: str) -> str:
    return token.strip(_QUOTES)


def _is_stop(token: str) -> bool:
    return token.lower() in lexicon.STOPS


def _is_noun(token: str) -> bool:
    low = token.lower()
    if low in lexicon.PEOPLE_NOUNS or _FIELD.fullmatch(token):
        return True
    return low in lexicon.COMPANY_NOUNS and (token.islower() or low in _TITLED)


def _is_modifier(token: str) -> bool:
    return token.lower() in lexicon.MODIFIERS or token.lower() in lexicon.PLACES


def _is_name(token: str) -> bool:
    if "⟦" in token or token.lower() in lexicon.STOPS:
        return False
    if token.lower().startswith(("ex-", "pre-", "anti-", "co-")):
        return False
    if re.search(
        r"-(?:based|backed|led|powered|native|maker|owner|parent|operator|driven|focused|founded|owned|style|first)$",
        token,
        re.I,
    ):
        return False
    if re.fullmatch(r"[\w-]+\.(?:com|ai|io|dev|app|co|org|net|tech|xyz)", token, re.I):
        return True
    has_capital = bool(re.search(r"[A-Z]", token))
    has_digit = bool(re.fullmatch(r"[a-zA-Z]*\d+[a-zA-Z\d]*", token))
    return (has_capital and not (_is_modifier(token) and token.lower() in _LOOSE)) or has_digit


# "legaltech", "agri-tech": a field that stands for a company of it.
_FIELD = re.compile(
    r"[Ll]egal-?[Tt]ech|(?:agri|med|clean|climate|deep|food|ad|mar|reg|fem|gov|space|travel|auto|sports|"
    r"construction|cyber|"
    r"bio|fin|insur|ed|health|prop|wealth|retail|fashion|logi|defen[cs]e|energy|mining|quantum|h[rt]|ai)-?tech",
    re.I,
)
_SINGLE_PEOPLE = lexicon.words(
    """founder co-founder cofounder engineer ceo cto cfo coo veteran researcher alum executive billionaire entrepreneur
    scientist boss actor singer professor partner principal banker founders co-founders engineers researchers alums
    alumni veterans"""
)
_OPENING = lexicon.words(
    """neocloud chipmaker app cloud chatbot hyperscaler exchange broker bank carmaker edtech healthtech"""
)
_NAMING = lexicon.words("""be so plus it on over has may will per of""")  # small words that also begin names
_ARTICLES = frozenset(("the", "a", "an", "this", "that", "new", "another", "its"))
_CHIEFS = frozenset(("CEO", "CTO", "CFO", "COO"))
_FIRM_ENDS = frozenset(("VC", "PE", "Tech", "AI", "IT", "HR"))
_LOOSE = lexicon.MODIFIERS - {"ai", "quantum", "legal", "robotics", "tech", "global", "new", "another", "the", "big"}
# Nouns that stand before a name also with a capital ("Security Startup Acme"); the others may be part of the name.
_TITLED = lexicon.words(
    """startup start-up startups company firm maker platform developer provider operator giant unicorn chipmaker
    manufacturer brand retailer lender fintech automaker subsidiary specialist group edtech healthtech proptech
    insurtech agritech biotech neobank spinout spinoff"""
) - {"group"}
