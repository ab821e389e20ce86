"""Claims, and whom they are about: names and words that add nothing to them, or a thing that is no model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.extract import grammar
from crawler.extract.dates import StatedDate
from crawler.extract.mentions import DATE, NAME, Masked
from crawler.extract.subjects import is_id, kind_of
from timeline.notices import Status, SubjectKind

_KINDS_OF_THINGS: Mapping[str, SubjectKind] = {  # "the `/v1/classify` endpoint"
    "endpoint": "endpoint", "parameter": "feature", "field": "feature", "header": "feature", "option": "feature",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What one sentence says. No `names`: of the models its section is about; `only` narrows these by a word."""

    names: tuple[str, ...] = ()
    kind: SubjectKind = "model"
    status: Status | None = None
    label: str = ""
    announced: StatedDate | None = None
    deprecates: StatedDate | None = None
    retires: StatedDate | None = None
    replacements: tuple[str, ...] | None = None
    only: str = ""
    scope: Mapping[str, str] = field(default_factory=dict)  # where alone it holds
    unclear: str = ""  # what of it is not understood: nothing is known of these names by it


def subject(sentence: Masked, phrase: str) -> Claim | None:
    """What a phrase names, without saying anything of it; None where it is no name or more than one."""
    return named_by(sentence, re.sub(r"\([^()\x01\x03]*\)", " ", phrase))


def named_by(sentence: Masked, phrase: str) -> Claim | None:
    """Whom a phrase of a sentence is about; no names: "these models"; None where it is about something else."""
    names = _by_id(sentence, phrase)
    plain = re.sub(rf"(?:\b[A-Z][\w.]*\s+){{1,5}}(?=[(（] ?{NAME} ?[)）])", " ", phrase)  # "Acme Mini (`acme-1-mini`)"
    left = " ".join(grammar.FILLER.sub(" ", re.sub(f"{NAME}|{DATE}", " ", plain)).split())
    if names and left and grammar.JOINED_NAMES.fullmatch(left):
        names, left = (*names, *left.split()), ""
    if not left and names:
        return Claim(names=names, kind=kind_of(names[0]) if len(names) == 1 else "model")
    if (
        len(names) == 1
        and (kind := _KINDS_OF_THINGS.get(left.casefold().rstrip("s")))
        and not re.search(r"\d$", names[0])
    ):
        return Claim(names=names, kind=kind)
    generic = grammar.GENERIC.search(phrase) or re.fullmatch(r"\W*(?:the following|以下|如下)\W*", phrase, re.I)
    if not names and generic and (not left or re.search(r"\bfollowing\b", phrase, re.I)):
        return Claim()
    if phrase.rstrip().endswith((":", "：")):
        return None
    return _described(sentence.plain(phrase), bool(names), bool(generic))


def _by_id(sentence: Masked, phrase: str) -> tuple[str, ...]:
    """The names of a phrase; a display name with its id in brackets after it is that id."""
    display = {
        sentence.names[int(first)]
        for first, second in re.findall("\x01(\\d+)\x02 ?[(（] ?\x01(\\d+)\x02 ?[)）]", phrase)
        if " " in sentence.names[int(first)] and is_id(sentence.names[int(second)])
    }
    return tuple(name for name in sentence.names_in(phrase) if name not in display)


def _described(phrase: str, named: bool, generic: bool) -> Claim | None:
    """What is no model: fine-tuning of one, an endpoint, a product, a feature; None where that is not sure."""
    whole = re.split(r"[:：]\s", phrase.strip(" ,.:;*"))[-1]
    whole = re.sub(r"^(?:the|our|all|and|of|both)\s+", "", whole, flags=re.I)
    whole = re.sub(r"^(?:usage|use|access|support) (?:of|to|for) (?:the )?", "", whole, flags=re.I)
    kind, words = kind_of(whole), len(whole.split())
    if words == 1 and is_id(whole):
        return Claim(names=(whole,), kind=kind)
    if kind == "fine_tuning":
        return Claim(names=(whole,), kind=kind) if grammar.TUNING.match(whole) and words <= 12 else None
    if named or not whole[:1].isupper() or words > 9:
        return None
    if kind != "model":
        return Claim(names=(whole,), kind=kind)
    return Claim(names=(whole,), kind="feature") if words <= 6 and not generic else None
