"""The verbs of a sentence that say what becomes of models, their tenses and the dates that go with them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from crawler.extract import grammar
from crawler.extract.dates import StatedDate
from crawler.extract.mentions import Masked

VerbKind = Literal["retire", "deprecate", "announce", "other"]
Tense = Literal["past", "present", "ongoing", "future", "noun"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Verb:
    """One verb, or a noun made of one ("the retirement of"), with its dates."""

    kind: VerbKind
    tense: Tense
    start: int  # of its auxiliaries
    at: int  # of the word itself
    end: int
    word: str
    passive: bool  # something is or was done to the subject
    dates: list[StatedDate] = field(default_factory=list)


def verbs_in(text: str) -> Iterator[Verb]:
    """The verbs of a masked sentence in their order, without adjectives."""
    last: Tense = "noun"
    for match in grammar.VERBS.finditer(text):
        kind = "deprecate" if match.lastgroup == "new" else match.lastgroup
        aux = grammar.AUXILIARY.search(text[max(0, match.start() - 60) : match.start()])
        words = aux[0].strip() if aux else ""
        tense = last if words in ("and", "or") else _tense(words, match[0])
        if not words and match[0].lower().endswith("ed") and grammar.NOUN_AFTER.match(text, match.end()):
            continue  # an adjective: "deprecated models"
        start = match.start() - (len(aux[0]) if aux else 0)
        yield Verb(
            kind=kind,  # type: ignore[arg-type]
            tense=tense,
            start=start,
            at=match.start(),
            end=match.end(),
            word=match[0],
            passive=bool(grammar.PASSIVE.search(words)) or match[0].lower().startswith("no "),
        )
        last = tense


def _tense(words: str, verb: str) -> Tense:
    if re.search(r"\bbeing\b", words, re.I) and not re.search(r"\bwill\b", words, re.I):
        return "ongoing"
    if grammar.FUTURE.search(words):
        return "future"
    if grammar.PAST.search(words):
        return "past"
    if re.search(grammar.NOUN, verb) and not re.search(r"\b(?:is|are|be|been|reach(?:es|ing)?)\b", words):
        return "noun"
    if verb.lower().endswith("ing"):
        return "future"
    return "present"


def give_dates(sentence: Masked, text: str, verbs: list[Verb]) -> None:
    """Each date to the verb it stands with: the last one before it, else the first one after it."""
    for match in re.finditer("\x03(\\d+)\x04", text):
        if re.search(grammar.OF_SOMETHING_ELSE, text[: match.start()], re.I):
            continue
        before = [verb for verb in verbs if verb.end <= match.start()]
        after = [verb for verb in verbs if verb.at >= match.end()]
        between = text[before[-1].end : match.start()] if before else ""
        if re.search(r"\bwhich\b", between) and grammar.INSTEAD.search(between):
            continue  # of what is to be used instead
        opens = re.search(r"[,;，；][^,;，；]*\b(?:on|as of|effective|starting)\s*$|[于在]\s*$", between, re.I)
        if after and (opens or not before):
            after[0].dates.append(sentence.dates[int(match[1])])
        elif before:
            before[-1].dates.append(sentence.dates[int(match[1])])
