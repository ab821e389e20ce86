"""Lines that introduce a list of models, and what the entries of such a list say without a sentence."""

import re
from dataclasses import dataclass, replace

from crawler.extract import grammar
from crawler.extract.claim_subjects import Claim
from crawler.extract.mentions import DATE, NAME, Masked
from crawler.extract.statuses import is_deprecation, is_end, status_word
from crawler.extract.subjects import kind_of
from timeline.notices import Status, SubjectKind

HEAD = re.compile(  # where the name that begins an entry ends
    r"\s+[—–:-]\s+|[:：—]\s*|[.。]\s"
    r"|\s+\((?=(?:use|redirect|replace|supersede|migrate|switch|withdraw|remove|retire|deprecate|shut|sunset)\w*:? )"
    r"|,\s+(?=(?:please )?(?:in fav(?:ou?)r of|use|replaced?|migrate|switch|move|upgrade)\b)|(?=→|->|=>)"
    r"|\s*(?=（\s*\x03)|$",
    re.I,
)
_PREPOSITION = r"(?:(?:from the api )?(?:on|in|at|by)|as of|since|from)"
_THINGS = r"(?:(?:features?|capabilities|api|apis|endpoints?|products?|models?|and|&|,|other)\s*)+"
_UNTOUCHED = re.compile(r"\bnot\b[^,;]{0,30}(?:affect|impact)|\bunaffected\b|不受影响", re.I)
_KEPT = re.compile(rf"{grammar.NEGATED.pattern}|\b(?:keep|continue)\b[^.:]{{0,20}}\b(?:work\w*|available|run\w*)", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """A line that introduces a list: "The following models will be retired on D:"."""

    depth: int  # entries deeper than this are its own
    claim: Claim
    kind: SubjectKind = "model"
    strict: bool = False  # it ends in no colon: only entries that are names for sure are its own


def of_it(sentence: Masked) -> Masked:
    """ "Removed on D." in a section about one model: who it is about is not said again."""
    verb = grammar.VERBS.match(sentence.text)
    if (
        verb is None
        or not verb.end()
        or not re.match(rf"\W*(?:{_PREPOSITION} )?{DATE}", sentence.text[verb.end() :], re.I)
    ):
        return sentence
    return replace(sentence, text=f"it is {sentence.text}")


def dated(outer: Claim, line: Masked, *, ends: bool) -> Claim:
    """A date that heads a part of a list: when what the list is about happens."""
    if ends:
        return replace(outer, status="retired" if outer.status == "retired" else "deprecated", retires=line.dates[0])
    return replace(outer, status=None if outer.status == "legacy" else outer.status, deprecates=line.dates[0])


def in_note(whole: Masked, tail: str) -> Claim:
    """What a note after a name says without a verb: "shutdown on D", "Deprecated since D. Removal: D"."""
    made = Claim()
    for piece in re.split(r"[.;。；]\s|\n", tail):
        days = [whole.dates[int(number)] for number in re.findall("\x03(\\d+)\x04", piece)]
        word = grammar.VERBS.search(piece)
        label = made.label or (word[0] if word else "")
        if days and is_end(piece):
            begun: Status | None = None if days[0].qualifier == "not_before" else "deprecated"  # a promise is no plan
            made = replace(made, status=made.status or begun, label=label, retires=days[0])
        elif days and is_deprecation(piece):
            made = replace(made, status=made.status or "deprecated", label=label, deprecates=days[0])
        elif days and re.search(r"\blegacy (?:since|as of)\b", piece, re.I):
            made = replace(made, status=made.status or "legacy", label=label or "Legacy")
    return made


def unmarked(whole: Masked, head: str) -> Claim | None:
    """A short entry that names something without markup: "Slack integration"."""
    if re.search(NAME, head) and not re.fullmatch(rf"\W*{NAME}\W*", head):
        return None  # a name, and words that nobody understood
    plain = whole.plain(re.sub(r"\([^()]*\)|（[^（）]*）", " ", head)).strip(" .*")
    return Claim(names=(plain,), kind=kind_of(plain)) if plain and len(plain.split()) <= 6 else None


def status_of(text: str) -> Status | None:
    """ "Deprecated features and endpoints" as the line above a list."""
    first, _, rest = text.strip("* ").partition(" ")
    return status_word(first) if re.fullmatch(_THINGS, rest, re.I) else None


def kind_of_lead(text: str) -> SubjectKind:
    """What the entries under such a line are."""
    if re.search(r"\bfeatures?\b|\bcapabilit", text, re.I):
        return "feature"
    return kind_of(text)


def is_spared(lead: str) -> bool:
    """Whether a line says of what it introduces that nothing happens to it, and nothing else."""
    if _UNTOUCHED.search(lead):
        return True
    others = grammar.VERBS.search(_KEPT.sub(" ", lead)) or re.search(r"\bno longer\b|\buntil\W*\x03", lead, re.I)
    return _KEPT.search(lead) is not None and not others
