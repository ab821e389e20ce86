"""What a sentence recommends instead, and sentences in the order in which the others are read."""

import re
from collections import Counter

from crawler.extract import grammar
from crawler.extract.mentions import Masked

_JOINED = r"(?<![\w-])[A-Za-z][\w.]*(?:-[\w.]*\w)+"


def instead(sentence: Masked, text: str) -> tuple[str, ...]:
    """The names that a text recommends ("migrate to Y or Z")."""
    match = grammar.INSTEAD.search(text)
    if not match:
        return ()
    piece = re.sub(r"\([^()]*\)|（[^（）]*）", " ", text[match.end() :])
    piece = re.split(r"\b(?:before|after|which|because|for (?!the)|on)\b|[;；]", piece, maxsplit=1)[0]
    return sentence.names_in(piece) or _akin(piece, sentence.plain(sentence.text))


def _akin(piece: str, whole: str) -> tuple[str, ...]:
    """A word without a figure that is a name all the same, because another one of the sentence begins as it does."""
    families = Counter(word.split("-")[0].casefold() for word in re.findall(_JOINED, whole, re.ASCII))
    words = dict.fromkeys(re.findall(_JOINED, piece, re.ASCII))
    return tuple(word for word in words if families[word.split("-")[0].casefold()] > 1)


def told_plainly(text: str) -> str:
    """Without a title before the sentence, and with "take X offline" as "retire X"."""
    rest = text[label.end() :] if (label := grammar.LABEL.match(text)) else ""
    text = rest if rest and grammar.VERBS.search(rest) else text
    return re.sub(r"\btak(e[sn]?|ing) ([^,;.]{1,160}?) (?:offline|down)\b", _retire, text, flags=re.I)


def _retire(match: re.Match[str]) -> str:
    return f"{ {'e': 'retire', 'es': 'retires', 'en': 'retired', 'ing': 'retiring'}[match[1].lower()] } {match[2]}"
