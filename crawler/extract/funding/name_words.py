"""The words of a description that are a name: where it begins, what belongs to it, and what names nobody. Pure."""

import re

from crawler.extract.funding import lexicon

QUOTES = "\"'`*"
_JOINERS = frozenset(("of", "a", "&", "de", "du", "van", "der", "von", "the", "+", "x"))
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


def _tokens(words: str) -> list[str]:
    return [token for raw in words.split() if (token := raw.strip(".,;:!?()…") if len(raw) > 2 else raw.strip(",;:()"))]


def name_of_words(words: str) -> str | None:
    """The name among the words of a description without owner or apposition."""
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


def _unquoted(token: str) -> str:
    return token.strip(QUOTES)


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
