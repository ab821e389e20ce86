"""What sentences claim about models: "X was retired on D", "X will be deprecated and shut down on D", "X 将于 D 下线".

Strict: the grammatical subject must be names and words that add nothing to them ("the", "models", "snapshots"). A
sentence about anything else ("support for batches in X ends", "requests to X will fail") claims nothing about X.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from crawler.extract import grammar
from crawler.extract.alternatives import instead, told_plainly
from crawler.extract.dates import StatedDate
from crawler.extract.mentions import DATE, NAME, Masked
from crawler.extract.subjects import is_id, kind_of
from timeline.notices import Status, SubjectKind

_KINDS_OF_THINGS: Mapping[str, SubjectKind] = {  # "the `/v1/classify` endpoint"
    "endpoint": "endpoint", "parameter": "feature", "field": "feature", "header": "feature", "option": "feature",
}  # fmt: skip
VerbKind = Literal["retire", "deprecate", "announce", "other"]
Tense = Literal["past", "present", "ongoing", "future", "noun"]


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
    unclear: str = ""  # what of it is not understood: nothing is known of these names by it


@dataclass(frozen=True, kw_only=True, slots=True)
class _Verb:
    kind: VerbKind
    tense: Tense
    start: int  # of its auxiliaries
    at: int  # of the word itself
    end: int
    word: str
    passive: bool  # something is or was done to the subject
    dates: list[StatedDate] = field(default_factory=list)


def read(sentence: Masked, *, deprecation_ends: bool = False) -> list[Claim]:
    """The claims of a sentence. `deprecation_ends`: on this page "will be deprecated on D" says when a model ends."""
    if re.search(r"[?？]\W*$", sentence.printed):
        return []  # a question
    text = _without_asides(sentence)
    text = grammar.AS_TOLD.sub("", told_plainly(text))
    changed = None if grammar.CONDITION.match(text) else _changed(sentence, text)
    text = grammar.FORMER.sub(" ", text)
    if changed or grammar.NEGATED.search(text) or grammar.CONDITION.match(text):
        return [changed] if changed else []
    verbs = list(_verbs(text))
    if not any(verb.kind in ("retire", "deprecate") for verb in verbs):
        return _announced(sentence, text, verbs) or _recommended(sentence, text)
    if grammar.MOVED.search(text):
        return _moved(sentence, text, verbs)
    _give_dates(sentence, text, verbs)
    claims = _one_by_one(sentence, text, verbs, deprecation_ends)
    claims = [_enumerated(sentence, text, claim) for claim in claims]
    told = _told(text, verbs)
    if told and not claims:
        return [Claim(announced=told)]
    others = instead(sentence, text)
    claims = [replace(claim, announced=told, replacements=_other(others, claim.names)) for claim in claims]
    return [_dated(sentence, claim) for claim in claims]


def _dated(sentence: Masked, claim: Claim) -> Claim:
    """A claim whose only day no calendar has is not understood."""
    wrong = sentence.impossible
    dateless = claim.status and claim.retires is None and claim.deprecates is None
    return replace(claim, unclear=f"no calendar has the day {wrong}") if wrong and dateless else claim


def _changed(sentence: Masked, text: str) -> Claim | None:
    """An end that was put off or called off: with its new day, or not understood."""
    moved = next((found for shape in grammar.CHANGED if (found := shape.search(text))), None)
    found = moved or next((found for shape in grammar.UNDONE if (found := shape.search(text))), None)
    if found is None or grammar.MAYBE.search(found[0]):
        return None
    about = _named(sentence, found["of"])
    if about is None or not about.names:
        return None
    to = grammar.MOVED_TO.search(text, found.end("of")) if moved else None
    if to is None or not moved or re.match("deprecat", moved["end"], re.I):
        return replace(about, unclear="an end that was called off, or put off to no day that is stated")
    return replace(about, status="deprecated", label=moved["end"].split()[0], retires=sentence.dates[int(to[1])])


def _one_by_one(sentence: Masked, text: str, verbs: Iterable[_Verb], deprecation_ends: bool) -> list[Claim]:
    """The claim of each verb, or what it adds to the claim before it."""
    claims: list[Claim] = []
    end = 0
    first: Claim | None = None  # who was replaced or the like, before anything is said of an end
    for verb in verbs:
        if verb.kind in ("retire", "deprecate"):
            subject = _subject(sentence, text, verb, end)
            if first and not claims and re.search(r"\b(?:and|but)\b", text[verb.start - 4 : verb.at]):
                subject, first = first, None
            if subject is not None:
                claims.append(_with(subject, verb, deprecation_ends))
            elif claims and not re.search(NAME, text[end : verb.start]):
                claims[-1] = _with(claims[-1], verb, deprecation_ends)
        elif verb.kind == "other" and verb.passive and not end:
            first = _subject(sentence, text, verb, 0)
        end = verb.end
    return claims


def _moved(sentence: Masked, text: str, verbs: Sequence[_Verb]) -> list[Claim]:
    """An end that was postponed: only where it says to which day; a plan that was dropped claims nothing."""
    moved, to = grammar.MOVED.search(text), grammar.MOVED_TO.search(text)
    ends = next((verb for verb in verbs if verb.kind == "retire"), None)
    if moved is None or to is None or ends is None or to.start() < moved.start() or ends.start > moved.start():
        return []
    about = _named(
        sentence, re.sub(r"^\s*(?:of|for)\b", "", text[ends.end : moved.start()]).partition(" has ")[0].rstrip(" 将已")
    )
    about = about or _named(sentence, text[: ends.start])
    if about is None:
        return []
    day = sentence.dates[int(to[1])]
    return [replace(about, status="deprecated", label=ends.word, retires=day)]


def subject(sentence: Masked, phrase: str) -> Claim | None:
    """What a phrase names, without saying anything of it; None where it is no name or more than one."""
    return _named(sentence, re.sub(r"\([^()\x01\x03]*\)", " ", phrase))


def _verbs(text: str) -> Iterator[_Verb]:
    last: Tense = "noun"
    for match in grammar.VERBS.finditer(text):
        kind = "deprecate" if match.lastgroup == "new" else match.lastgroup
        aux = grammar.AUXILIARY.search(text[max(0, match.start() - 60) : match.start()])
        words = aux[0].strip() if aux else ""
        tense = last if words in ("and", "or") else _tense(words, match[0])
        if not words and match[0].lower().endswith("ed") and grammar.NOUN_AFTER.match(text, match.end()):
            continue  # an adjective: "deprecated models"
        start = match.start() - (len(aux[0]) if aux else 0)
        yield _Verb(
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


def _give_dates(sentence: Masked, text: str, verbs: list[_Verb]) -> None:
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


def _enumerated(sentence: Masked, text: str, claim: Claim) -> Claim:
    """ "The following models will be retired on D: A, B and C"."""
    listed = re.search(r"(?:\bfollowing\b|以下|如下)[^:：]*[:：]\s*(.+)$", text, re.I)
    if claim.names or not listed:
        return claim
    named = _named(sentence, listed[1].rstrip("."))
    return replace(claim, names=named.names) if named and named.kind == "model" else claim


def _subject(sentence: Masked, text: str, verb: _Verb, at: int) -> Claim | None:
    """Who a verb is about: what stands before it; in "deprecation of X" and "we are retiring X" what follows."""
    before = re.split(r"\bthat\b|;|；", grammar.LEFTOVER.sub("", text[at : verb.start]) if at else text[: verb.start])[
        -1
    ]
    while adverb := grammar.ADVERB.match(before):
        before = before[adverb.end() :]
    after = text[verb.end :]
    noun = re.search(grammar.NOUN, verb.word) is not None
    objects = re.match(r"\s+(?:of|for)\s+" if noun else r"\s*(?=以下|如下)", after)
    doer = re.split("[,，]", before)[-1]
    actor = not verb.passive and not noun and grammar.ACTOR.fullmatch(doer) and not grammar.PRONOUN.fullmatch(doer)
    acts = grammar.ACTIVE.search(before) or actor
    if objects or (acts and not re.search(NAME, before)):
        piece = after[objects.end() if objects else 0 :]
        if acts and re.fullmatch(r"\W*[:：]\W*", piece):
            return Claim()  # "On D we will turn off:" and a list
        piece = re.sub(r"[，,](?!.*\x01).*$", "", piece)
        stop = grammar.STOP.search(re.sub(r"(?i)(tuned )(with|on|from)\b", lambda m: m[1] + "_" * len(m[2]), piece))
        if stop and re.search(r"\bversions?:?\s*$", piece[: stop.start()], re.I):
            return None  # "will retire X versions 2024-05-13 and 2024-08-06": not all of X
        return _named(sentence, piece[: stop.start()] if stop else piece)
    if verb.dates:
        before = re.sub(r"^\W*(?:support|access|availability) (?:for|to|of)\b", " ", before, flags=re.I)
    claim = _named(sentence, before) or _named(sentence, grammar.WHEN.sub(" ", before))
    if claim and claim.kind != "model" and not verb.passive:
        return None  # "Move off deprecated things": no "is", no statement
    return None if claim and verb.tense == "noun" and not (claim.names and verb.dates) else claim


def _named(sentence: Masked, phrase: str) -> Claim | None:
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


def _with(claim: Claim, verb: _Verb, deprecation_ends: bool) -> Claim:
    """The claim with what a verb adds."""
    first = min(verb.dates, key=lambda each: each.first) if verb.dates else None
    done = verb.tense == "past" or (verb.tense == "present" and (first is None or verb.word.lower().startswith("no ")))
    over: Status = "retired" if done else "deprecated"
    label = verb.word if verb.kind == "retire" and over == "retired" else claim.label or verb.word
    if verb.kind == "retire":
        return replace(claim, status=over, label=label, retires=first or claim.retires)
    if verb.tense in ("future", "noun") and first and deprecation_ends:
        return replace(claim, status=claim.status or "deprecated", label=label, retires=first)
    ahead: Status | None = None if first else "legacy"  # to be deprecated: on a day, or some day
    begun = verb.tense != "future" or verb.word.endswith("ing")
    return replace(
        claim,
        status=claim.status or ("deprecated" if begun else ahead),
        label=label,
        deprecates=first or claim.deprecates,
    )


def _announced(sentence: Masked, text: str, verbs: list[_Verb]) -> list[Claim]:
    """A sentence that only tells when something was announced."""
    _give_dates(sentence, text, verbs)
    told = _told(text, verbs)
    return [Claim(announced=told)] if told else []


def _told(text: str, verbs: list[_Verb]) -> StatedDate | None:
    """When it was announced: "On D we notified ...", also "On D we released X, and notified ..."."""
    told = [verb for verb in verbs if verb.kind == "announce"]
    first = next((verb.dates[0] for verb in told if verb.dates), None)
    if told and first is None and re.match(r"^\W*(?:on|in) \x03", text, re.I):
        return next(
            (verb.dates[0] for verb in verbs[: verbs.index(told[0])] if verb.kind == "other" and verb.dates), None
        )
    return first


def _recommended(sentence: Masked, text: str) -> list[Claim]:
    """A sentence that only says what to use instead."""
    others, match = instead(sentence, text), grammar.INSTEAD.search(text)
    if not others or not match:
        return []
    head = text[: match.start()]
    names = sentence.names_in(head)
    if names and re.fullmatch(r"[\s—:：–*-]*", re.sub(NAME, " ", head)):
        return [Claim(names=names, replacements=_other(others, names))]
    only = re.match(r"^\s*for (?:the )?(\w+) models?\b", head, re.I)
    if names or re.search(r"\bif you\b|\busing\b", head, re.I):
        return []
    return [Claim(replacements=others, only=only[1].casefold() if only else "")]


def _other(names: Iterable[str], subjects: tuple[str, ...]) -> tuple[str, ...] | None:
    found = tuple(name for name in names if name not in subjects)
    return found or None


def _without_asides(sentence: Masked) -> str:
    """The text without brackets that hold neither a name nor a date."""
    return re.sub(r"\(([^()\x01\x03]*)\)", " ", sentence.text)
