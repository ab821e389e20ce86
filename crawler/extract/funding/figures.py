"""Which of an item's sums is the money of the event, its valuation, the total to date. Pure."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from crawler.extract.funding import lexicon
from crawler.extract.funding.clauses import Frame
from crawler.extract.funding.roles import Role, is_nearing, roles_of
from crawler.extract.funding.sums import BARE, Sum
from crawler.extract.funding.texts import MARK, Sentence, Text

Roles = Mapping[Sentence, Mapping[int, Role]]

_SMALLEST = Decimal(1000)  # a dollar figure below it is a price or a fee
_TWO_STAGES = re.compile(
    rf"{MARK} (?:[\w-]+ )?(?:pre-?seed|seed|Series [A-H])(?: \w+)? and (?:an? )?(?P<m>{MARK}) (?:seed|Series [A-H])",
    re.I,
)
_EXTENSION = re.compile(rf"\bin an? (?P<m>{MARK}) extension\b")
# "invests $1bn in Acme's $2bn round": the round is the event.
_ITS_ROUND = re.compile(
    rf"\bin (?:[^;⟦]{{0,60}}?(?:'s|(?<=s)')|its|their|an?|the) (?P<m>{MARK}) (?:[\w-]+ ){{0,2}}?(?:Series [A-H]|seed|"
    rf"round|raise|funding|"
    rf"financing)\b",
    re.I,
)
_LONG_AFTER = re.compile(
    r",? (?:(?:just|only|\w+) )?(?:days|weeks|months|years|an? (?:week|month"
    r"|year)) (?:after|since)\s",
    re.I,
)
_PART = re.compile(
    rf"\b(?:in|as part of|for|leads?|joins?)\b[^;⟦]{{0,30}}?(?P<m>{MARK}) (?:[\w-]+ ){{0,3}}?(?:round|raise|"
    rf"Series|seed|funding|financing|investment)",
    re.I,
)
_RAISES = re.compile(
    rf"\b(?:rais(?:e|es|ed|ing)|secur(?:e|es|ed|ing)|seeking|round of|financing of|investment of|deal worth|"
    rf"invest)(?: (?:up to|another|an?|about|an additional|a total of))* (?P<m>{MARK})",
    re.I,
)
_SETTLED = re.compile(
    rf"\b(?:settled (?:on|for)|(?:round|raise|financing|it) (?:has |had )?(?:since )?(?:grown|swelled|ballooned) to|"
    rf"(?:round|raise|financing|it) (?:was |has been )?(?:upsized|expanded|increased) to|end(?:s"
    rf"|ed) up (?:raising|with))"
    rf"(?: (?:an?|about|around|more than|over|nearly))* (?P<m>{MARK})",
    re.I,
)
_ROUND_SUM = re.compile(
    rf"(?P<m>{MARK}) (?:[\w-]+ ){{0,3}}?(?:round|Series [A-H]|seed|funding|financing|investment|raise|deal)\b", re.I
)
_PRICES = (
    re.compile(
        rf"\b(?:for|at|pay(?:ing|s)?|spends?|drops?|splashes?|shells? out|price of|worth|in an?|valued at|"
        rf"of)(?: (?:around|an? |"
        rf"a source says for))? ?(?P<m>{MARK})(?! (?:valuation|in (?:revenue|ARR)))",
        re.I,
    ),
    re.compile(
        rf"(?P<m>{MARK}) (?:[\w-]+ ){{0,5}}?(?:deal|acquisition|takeover|buyout|purchase|buy|cash|bid|offer|"
        rf"merger)\b",
        re.I,
    ),
)
_IPO_SUMS = (
    re.compile(
        rf"\b(?:rais(?:e|es|ed|ing)|seeks?|seeking|targets?|targeting|fetch|net(?:s|ted)?)(?: (?:as much as"
        rf"|up to|an?|about|"
        rf"it))* (?P<m>{MARK})",
        re.I,
    ),
    re.compile(rf"\b(?:IPO|offering|issue)(?: size| target)? (?:to|of|at|worth|by) (?P<m>{MARK})", re.I),
    re.compile(
        rf"(?P<m>{MARK}) (?:(?!in |to |at )[\w-]+ ){{0,4}}?(?:IPO|initial public offering|raise|offering|"
        rf"share sale|listing|"
        rf"flotation|float)\b",
        re.I,
    ),
)


def amount_of(text: Text, frame: Frame, roles: Roles) -> Sum | None:
    """The money of this event: never a valuation, a total, an earlier round or a price."""
    if frame.label == "acquisition":
        return _first(text, roles, _PRICES, ("open", "price", "valuation", "spending"), frame)
    if frame.label == "ipo":
        return _first(text, roles, _IPO_SUMS, ("open", "earlier"), frame)
    stated = _TWO_STAGES.search(frame.tail) or _EXTENSION.search(frame.tail)
    if stated := stated or (_ITS_ROUND.search(frame.tail) if frame.invests else None):
        return frame.sentence.sum_at(stated["m"])
    allowed: tuple[Role, ...] = ("open", "earlier") if frame.rule.startswith("worth") else ("open",)
    return (
        _settled(text, roles)
        or _direct(frame, roles)
        or _first(text, roles, (_PART, _RAISES, _ROUND_SUM), allowed, frame)
        or (_of_title(text, roles) if frame.sentence.where == "summary" else None)
    )


def _settled(text: Text, roles: Roles) -> Sum | None:
    """What the money came to where the text first says what was planned or reported ("It settled on $5B")."""
    for sentence in (text.title, *text.summary[:2]):
        if match := _SETTLED.search(sentence.text):
            number = int(match["m"].strip("⟦⟧"))
            if roles[sentence][number] == "open" and not _is_valuation_word(sentence, number):
                return sentence.sums[number]
    return None


def _of_title(text: Text, roles: Roles) -> Sum | None:
    """The one sum of a title whose summary tells the deal without it."""
    left = [text.title.sums[n] for n, role in roles[text.title].items() if role == "open"]
    return left[0] if len(left) == 1 and left[0].amount >= _SMALLEST else None


def _direct(frame: Frame, roles: Roles) -> Sum | None:
    """The first sum behind the verb that nothing else claims, before the clause turns to purpose or background."""
    tail = frame.tail
    cut = re.search(
        r"(?<!stealth)\s(?:to (?!⟦)|after |following |for (?!⟦|an? ⟦|its ⟦)|as |while |amid |because )|;", tail
    )
    kept = tail[: cut.start()] if cut else tail
    found = roles.get(frame.sentence) or roles_of(frame.sentence)
    for match in re.finditer(MARK, kept):
        number = int(match[0].strip("⟦⟧"))
        if found[number] == "open" and frame.sentence.sums[number].amount >= _SMALLEST:
            return frame.sentence.sums[number]
    return None


def _first(
    text: Text,
    roles: Roles,
    patterns: Sequence[re.Pattern[str]],
    allowed: tuple[Role, ...],
    frame: Frame,
) -> Sum | None:
    ordered = [text.title, *text.summary[:3]]
    for sentence in ordered:
        for pattern in patterns:
            whole = frame.label == "ipo" or frame.rule.startswith("worth")
            shown_part = _LONG_AFTER.split(sentence.text)[0] if whole else _foreground(sentence.text)
            for match in pattern.finditer(shown_part):
                number = int(match["m"].strip("⟦⟧"))
                value = sentence.sums[number]
                if (
                    value.amount >= _SMALLEST
                    and roles[sentence][number] in allowed
                    and not _is_valuation_word(sentence, number)
                    and not _is_of_buyer(sentence, number, frame)
                ):
                    return value
    return None


def _foreground(text: str) -> str:
    """A sentence up to where it turns to what came before ("after Acme forced it to unwind its $2bn deal")."""
    cut = re.search(r",? (?:after|following|since|on the heels of)(?! rais)\s", text)
    return text[: cut.start()] if cut else text


def _is_valuation_word(sentence: Sentence, number: int) -> bool:
    return bool(
        re.search(rf"⟦{number}⟧ (?:(?:pre|post)-money )?valuation|valuation (?:of|at) ⟦{number}⟧", sentence.text)
    )


def _is_of_buyer(sentence: Sentence, number: int, frame: Frame) -> bool:
    """Whether a sum is what the buyer itself is worth: "Acme, valued at $2bn, acquires Beta"."""
    if frame.label != "acquisition":
        return False
    aside = rf",\s(?:\w+\s){{0,2}}(?:valued\sat|worth)\s⟦{number}⟧[^,;]{{0,30}},\s(?:\w+\s){{0,4}}"
    return bool(re.search(aside + re.escape(frame.tail[:20]), sentence.text))


def valuation_of(text: Text, frame: Frame, roles: Roles) -> tuple[Sum | None, str | None]:
    """The valuation tied to this event, and whether it is `pre` or `post` money."""
    if frame.label in ("debt", "fund_close"):
        return None, None
    near: tuple[Sum | None, str | None] = None, None
    for sentence, found in roles.items():
        for number, role in found.items():
            if role != "valuation" or not _ties(sentence, number, frame):
                continue
            value = sentence.sums[number], _basis(sentence.text, number)
            if not is_nearing(sentence, number):
                return value
            near = near if near[0] else value
    if frame.label == "ipo" and frame.rule.startswith("spac") and near[0] is None:
        near = next(((s.sums[0], None) for s in (frame.sentence,) if s.sums), near)
    return near


def _ties(sentence: Sentence, number: int, frame: Frame) -> bool:
    """Whether a valuation belongs to this event: a price paid and a value merely recalled do not."""
    if frame.label == "acquisition":
        return bool(
            re.search(rf"⟦{number}⟧ (?:\w+-money )?valuation|\bvalu(?:es|ing) [^;]{{0,30}}⟦{number}⟧", sentence.text)
        )
    if frame.label == "ipo":
        return not re.search(rf"\bvalued at ⟦{number}⟧", sentence.text)
    return not _is_of_earlier(sentence, number)


def _is_of_earlier(sentence: Sentence, number: int) -> bool:
    """Whether it is of the round before: "in talks to raise $1B, months after raising $300M at $4B valuation"."""
    before = sentence.text[: sentence.text.index(f"⟦{number}⟧")]
    since = _LONG_AFTER.split(before)
    return len(since) > 1 and bool(re.search(rf"{MARK}[^,;]*$", since[-1]))


def _basis(text: str, number: int) -> str | None:
    match = re.search(
        rf"⟦{number}⟧,? \(?(pre|post)[- ]money|(pre|post)[- ]money valuation (?:of|at) ⟦{number}⟧", text, re.I
    )
    return (match[1] or match[2]).lower() if match else None


def shown(value: Sum | None) -> str:
    """A sum for people."""
    return f"{value.amount:f} {value.currency}" if value else "none"


def home_of(text: Text) -> str:
    """What a bare dollar sign means in the item's outlet."""
    return next((code for end, code in lexicon.HOME_DOLLARS.items() if text.host.endswith(end)), "USD")


def code_of(value: Sum | None, home: str) -> str | None:
    """The ISO code of a sum."""
    return None if value is None else home if value.currency == BARE else value.currency


def total_of(roles: Roles) -> Decimal | None:
    """What a company has raised in all, where a text says so."""
    return next((s.sums[n].amount for s, found in roles.items() for n, role in found.items() if role == "total"), None)
