"""What a news item claims of a model: that its price changed, that it ends, or that it can be had. Pure.

Every rule wants a verb and a model that belong together in one sentence, and for prices a word for the price as well:
one word alone never makes a claim. Questions, denials and what only may happen make none, and neither does what a model
does in a product (`GPT-4o leaves ChatGPT`): of that the pages of the API say nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from timeline import names
from timeline.keys import digest
from timeline.mentions import Mention, mentions

VERSION: Final = "3"
LONGEST: Final = 2_500
"""Characters of a text that are read."""

Kind = Literal["price", "retirement", "availability"]
Direction = Literal["cut", "rise"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One claim of one model; `words` is the sentence that makes it."""

    provider: str
    model_id: str
    claim: Kind
    direction: Direction | None = None  # of prices
    words: str


def reader() -> str:
    """Which version of the rules and names that is: another one may read other claims."""
    return f"claims {VERSION} names {digest([names.fingerprint(one) for one in sorted(names.providers())], size=8)}"


def claims_of(title: str, summary: str = "") -> tuple[Claim, ...]:
    """The claims of an item, each once, those of the title first."""
    found: dict[tuple[str, str, Kind], Claim] = {}
    for sentence in _sentences(title, summary):
        for claim in _claims(sentence):
            found.setdefault((claim.provider, claim.model_id, claim.claim), claim)
    return tuple(found.values())


_MARK = r"⟦\d+⟧"
_MODELS = rf"(?P<models>{_MARK}(?:(?:\s*,\s*(?:and\s+)?|\s+(?:and|or|as well as)\s+|\s*&\s*){_MARK})*)"
_GAP = r"(?:\s+(?!not\b)[\w'’$€£%+-]+){0,4}?\s+"  # a few words, no punctuation
_BE = r"(?:(?:is|are|was|were|has|have|had|been|being|be|will|to|now|officially|gets?|getting|finally|also)\s+){0,4}"

_END = (
    r"(?:retir(?:e|es|ed|ing)|deprecat(?:e|es|ed|ing)|discontinu(?:e|es|ed|ing)|sunset(?:s|ting)?|"
    r"shut(?:s|ting)?\s+(?:down|off)|phas(?:e|es|ed|ing)\s+out|kill(?:s|ed|ing)?(?:\s+off)?|pull(?:s|ed|ing)?(?:\s+the\s+plug\s+on)?|"
    r"axe[sd]?|scrap(?:s|ped|ping)|(?:end|ends|ended|ending|drop|drops|dropped|dropping)\s+(?:support\s+for|access\s+to))"
)
_ENDED = (
    r"(?:retired|deprecated|discontinued|sunset(?:ted)?|shut\s+(?:down|off)|phased\s+out|killed(?:\s+off)?|pulled|"
    r"axed|scrapped|switched\s+off|removed|withdrawn)"
)
_PRICE = r"(?:(?:api\s+|token\s+)?(?:price|prices|pricing|cost|costs|rates?|fees?))"
_CUT = (
    r"(?:cut(?:s|ting)?|slash(?:es|ed|ing)?|lower(?:s|ed|ing)?|reduc(?:e|es|ed|ing)|drop(?:s|ped|ping)?|"
    r"halv(?:e|es|ed|ing))"
)
_RISE = r"(?:rais(?:e|es|ed|ing)|hik(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|doubl(?:e|es|ed|ing)|tripl(?:e|es|ed|ing))"
_OFFER = (
    r"(?:launch(?:es|ed|ing)?|releas(?:e|es|ed|ing)|introduc(?:e|es|ed|ing)|unveil(?:s|ed|ing)?|debuts?|debuted|"
    r"roll(?:s|ed|ing)?\s+out|ship(?:s|ped|ping)?|open(?:s|ed)?\s+access\s+to|make(?:s)?\s+available)"
)
_PATTERNS: Final[tuple[tuple[Kind, Direction | None, str], ...]] = (
    ("retirement", None, rf"\b{_END}\b(?:{_GAP}|\s+){_MODELS}"),
    ("retirement", None, rf"{_MODELS}(?:\s+(?:model|models|API|service)\b)?\s+{_BE}{_ENDED}\b"),
    ("retirement", None, rf"{_MODELS}(?:\s+\w+){{0,2}}\s+reach(?:es|ed)?\s+(?:its\s+)?end\s+of\s+life\b"),
    ("price", "cut", rf"\b{_CUT}\b(?:{_GAP}|\s+){_PRICE}\b(?:{_GAP}|\s+){_MODELS}"),
    ("price", "cut", rf"\b{_CUT}\s+(?:the\s+)?{_MODELS}(?:'s|’s)?(?:\s+\w+){{0,2}}?\s+{_PRICE}\b"),
    ("price", "cut", rf"{_MODELS}(?:'s|’s)?\s+(?:\w+\s+)?{_PRICE}\s+{_BE}(?:{_CUT}|fall|falls|fell|reductions?)\b"),
    ("price", "cut", rf"\b{_PRICE}\s+(?:cuts?|drops?|reductions?)\s+(?:for|on|of|to)\s+{_MODELS}"),
    ("price", "rise", rf"\b{_RISE}\b(?:{_GAP}|\s+){_PRICE}\b(?:{_GAP}|\s+){_MODELS}"),
    ("price", "rise", rf"\b{_RISE}\s+(?:the\s+)?{_MODELS}(?:'s|’s)?(?:\s+\w+){{0,2}}?\s+{_PRICE}\b"),
    (
        "price",
        "rise",
        rf"{_MODELS}(?:'s|’s)?\s+(?:\w+\s+)?{_PRICE}\s+{_BE}(?:{_RISE}|rise|rises|rose|increases?)\b",
    ),
    ("price", "rise", rf"\b{_PRICE}\s+(?:hikes?|increases?|rises?)\s+(?:for|on|of|to)\s+{_MODELS}"),
    ("price", None, rf"\b(?:chang(?:e|es|ed|ing))\b(?:{_GAP}|\s+){_PRICE}\b(?:{_GAP}|\s+){_MODELS}"),
    ("availability", None, rf"\b{_OFFER}\b(?:{_GAP}|\s+){_MODELS}"),
    ("availability", None, rf"{_MODELS}\s+{_BE}(?:generally\s+)?available\b"),
)
_RULES: Final = [(kind, direction, re.compile(pattern, re.IGNORECASE)) for kind, direction, pattern in _PATTERNS]
_DIGIT = re.compile(r"\d")
_VERB = re.compile(
    rf"\b(?:{_END}|{_ENDED}|{_CUT}|{_RISE}|{_OFFER}|end\s+of\s+life|available|chang(?:e|es|ed|ing)|fall|falls|fell|rise|rises|"
    r"rose|drops?|reductions?|hikes?|increases?|cuts?)\b",
    re.IGNORECASE,
)
_UNSAID = re.compile(
    r"\?\s*$|\wn['’]t\b|\b(?:not|cannot|never|no\s+plans?|denies|denied|deny|could|might|may|would|should|rumou?r\w*|how\s+to|"
    r"brings?\s+back|restores?|revers(?:es|ed)|un-?retires?|delays?|delayed|postpones?)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:in|on|from|within|inside|to)\s+(?:the\s+|its\s+|our\s+)?(?:ChatGPT|GitHub|\w+\s+Copilot|Copilot|Cursor|Windsurf|"
    r"Ollama|Azure|Foundry|(?:Amazon\s+)?Bedrock|AWS|Vertex|Perplexity|Poe|Slack|Kiro|Zed|Xcode|(?:\w+\s+)?apps?\b|"
    r"Gemini\s+app|claude\.ai|Claude\s+Code|Codex\b(?!-))",
    re.IGNORECASE,
)
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])[\"')\]”’]*\s+(?=[\"'(\[“‘A-Z⟦0-9])|\s+[|–—]\s+|\n+")


def _sentences(title: str, summary: str) -> Iterator[str]:
    for text in (title, summary):
        yield from (part for part in _END_OF_SENTENCE.split(text[:LONGEST]) if part.strip())


def _claims(sentence: str) -> Iterator[Claim]:
    if not (_DIGIT.search(sentence) and _VERB.search(sentence)):  # most sentences: names are looked for in few
        return
    found = mentions(sentence)
    if not found or _UNSAID.search(sentence) or _ELSEWHERE.search(sentence):
        return
    marked = _marked(sentence, found)
    for kind, direction, pattern in _RULES:
        for match in pattern.finditer(marked):
            for number in re.findall(r"\d+", match["models"]):
                model = found[int(number)]
                yield Claim(
                    provider=model.provider,
                    model_id=model.model_id,
                    claim=kind,
                    direction=direction,
                    words=" ".join(sentence.split())[:300],
                )


def _marked(sentence: str, found: list[Mention]) -> str:
    """The sentence with each model replaced by ⟦n⟧."""
    parts, last = [], 0
    for number, mention in enumerate(found):
        parts += [sentence[last : mention.start].replace("⟦", "["), f"⟦{number}⟧"]
        last = mention.end
    return "".join([*parts, sentence[last:].replace("⟦", "[")])
