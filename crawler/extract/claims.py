"""What sentences claim about models: "X was retired on D", "X will be deprecated and shut down on D", "X 将于 D 下线".

Strict: the grammatical subject must be names and words that add nothing to them ("the", "models", "snapshots"). A
sentence about anything else ("support for batches in X ends", "requests to X will fail") claims nothing about X.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crawler.extract import grammar
from crawler.extract.alternatives import instead, told_plainly
from crawler.extract.claim_subjects import Claim, named_by
from crawler.extract.claim_verbs import Verb, give_dates, verbs_in
from crawler.extract.dated_cells import AT_LEAST, AT_MOST
from crawler.extract.dates import StatedDate
from crawler.extract.mentions import NAME, RESPECTIVELY, Masked, respective
from crawler.extract.places import scopes_of
from timeline.notices import Status

_APPOSED = re.compile(r"(?<=\x02) ?,\s*(?:our|the|an?|its)\b[^,\x01]{2,60},?\s*$", re.I)  # "X, our research preview,"
_IT = re.compile(r"(?:^|[;,\s])(?:it|they|both)\s*$", re.I)
_REPLACE = re.compile(rf"^\W*(?:please )?(?:replace|swap|change) ({NAME}) (?:with|for|to|by) ({NAME})", re.I)
_SUCCESSOR = re.compile(  # "X is the recommended successor to Y"
    rf"^\W*(?:yes\W+)?({NAME}) is (?:the|our|a) (?:[\w-]+ ){{0,3}}(?:successor|replacement|substitute|alternative)"
    rf" (?:to|for|of) (?:the )?({NAME})",
    re.I,
)
_HAPPENS = re.compile(
    r"\s*(?:date |day )?(?:was|is|will be|takes place|will take place|took place|happens|happened)\b", re.I
)
_KEPT = re.compile(r"(?:available|supported|accessible|maintain|usable)", re.I)


def read(sentence: Masked, *, deprecation_ends: bool = False) -> list[Claim]:
    """The claims of a sentence. `deprecation_ends`: on this page "will be deprecated on D" says when a model ends."""
    if re.search(r"[?？]\W*$", sentence.printed):
        return []  # a question
    paired = respective(sentence) or [sentence]
    return [claim for each in paired for claim in _read(each, deprecation_ends)]


def _read(sentence: Masked, deprecation_ends: bool) -> list[Claim]:
    text = _without_asides(sentence)
    text = grammar.AS_TOLD.sub("", told_plainly(text))
    changed = None if grammar.CONDITION.match(text) else _changed(sentence, text)
    text = grammar.FORMER.sub(" ", text)
    kept = _promised(sentence, text) or changed
    if kept or grammar.NEGATED.search(text) or grammar.CONDITION.match(text) or grammar.COMES_OUT.search(text):
        return [kept] if kept else _for_users(sentence, text)
    verbs = list(verbs_in(text))
    if not any(verb.kind in ("retire", "deprecate") for verb in verbs):
        return _announced(sentence, text, verbs) or _recommended(sentence, text)
    if grammar.MOVED.search(text):
        return _moved(sentence, text, verbs)
    give_dates(sentence, text, verbs)
    claims = _one_by_one(sentence, text, verbs, deprecation_ends)
    claims = [_enumerated(sentence, text, claim) for claim in claims]
    told = _told(text, verbs)
    if told and not claims:
        return [Claim(announced=told)]
    others = instead(sentence, text)
    claims = [replace(claim, announced=told, replacements=_other(others, claim.names)) for claim in claims]
    return [_placed(sentence, text, _dated(sentence, claim)) for claim in claims]


def _placed(sentence: Masked, text: str, claim: Claim) -> Claim:
    """A claim of an end with where alone it holds; several places with days of their own are not understood."""
    scopes = scopes_of(sentence, text) if claim.status in ("deprecated", "retired") else []
    if len(scopes) > 1 and len(sentence.dates) > 1:
        return replace(claim, unclear="several places and several days")
    return replace(claim, scope=_together(scopes)) if scopes else claim


def _together(scopes: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Several places as one scope."""
    kinds = dict.fromkeys(name for scope in scopes for name in scope)
    return {name: ", ".join(scope[name] for scope in scopes if name in scope) for name in kinds}


def _dated(sentence: Masked, claim: Claim) -> Claim:
    """A claim whose only day no calendar has is not understood."""
    wrong = sentence.impossible
    dateless = claim.status and claim.retires is None and claim.deprecates is None
    if RESPECTIVELY.search(sentence.text) and len(sentence.dates) > 1:
        return replace(claim, unclear="which of the days goes with which of the names")
    if sentence.dates and AT_MOST.search(sentence.printed):
        return replace(claim, unclear="it may end before that day")
    if claim.retires and AT_LEAST.search(sentence.printed):
        return replace(claim, retires=replace(claim.retires, qualifier="not_before"))
    return replace(claim, unclear=f"no calendar has the day {wrong}") if wrong and dateless else claim


def _promised(sentence: Masked, text: str) -> Claim | None:
    """ "X will not be retired before D": no plan, but a day until which it stays."""
    promised = grammar.PROMISED.search(text)
    about = named_by(sentence, promised["of"]) if promised else None
    if promised is None or about is None or not about.names:
        return None
    return replace(about, retires=replace(sentence.dates[int(promised["day"])], qualifier="not_before"))


def _changed(sentence: Masked, text: str) -> Claim | None:
    """An end that was put off or called off: with its new day, or not understood."""
    moved = next((found for shape in grammar.CHANGED if (found := shape.search(text))), None)
    found = moved or next((found for shape in grammar.UNDONE if (found := shape.search(text))), None)
    if found is None or grammar.MAYBE.search(found[0]):
        return None
    about = named_by(sentence, found["of"])
    if about is None or not about.names:
        return None
    to = grammar.MOVED_TO.search(text, found.end("of")) if moved else None
    if to is None or not moved or re.match("deprecat", moved["end"], re.I):
        return replace(about, unclear="an end that was called off, or put off to no day that is stated")
    return replace(about, status="deprecated", label=moved["end"].split()[0], retires=sentence.dates[int(to[1])])


def _one_by_one(sentence: Masked, text: str, verbs: Iterable[Verb], deprecation_ends: bool) -> list[Claim]:
    """The claim of each verb, or what it adds to the claim before it."""
    claims: list[Claim] = []
    end = 0
    first: Claim | None = None  # who was replaced or the like, before anything is said of an end
    for verb in verbs:
        if verb.kind in ("retire", "deprecate"):
            subject = _subject(sentence, text, verb, end)
            if first and not claims and re.search(r"\b(?:and|but)\b", text[verb.start - 4 : verb.at]):
                subject, first = first, None
            pronoun = subject is not None and not subject.names and _IT.search(text[end : verb.start])
            if pronoun and claims and claims[-1].names:
                claims[-1] = _with(claims[-1], verb, deprecation_ends)  # "X is deprecated; it stops working on D"
            elif subject is not None:
                claims.append(_with(subject, verb, deprecation_ends))
            elif claims and not re.search(NAME, text[end : verb.start]):
                claims[-1] = _with(claims[-1], verb, deprecation_ends)
        elif verb.kind == "other" and verb.passive and not end:
            first = _subject(sentence, text, verb, 0)
        end = verb.end
    return claims


def _moved(sentence: Masked, text: str, verbs: Sequence[Verb]) -> list[Claim]:
    """An end that was postponed: only where it says to which day; a plan that was dropped claims nothing."""
    moved, to = grammar.MOVED.search(text), grammar.MOVED_TO.search(text)
    ends = next((verb for verb in verbs if verb.kind == "retire"), None)
    if moved is None or to is None or ends is None or to.start() < moved.start() or ends.start > moved.start():
        return []
    about = named_by(
        sentence, re.sub(r"^\s*(?:of|for)\b", "", text[ends.end : moved.start()]).partition(" has ")[0].rstrip(" 将已")
    )
    about = about or named_by(sentence, text[: ends.start])
    if about is None:
        return []
    day = sentence.dates[int(to[1])]
    return [replace(about, status="deprecated", label=ends.word, retires=day)]


def _enumerated(sentence: Masked, text: str, claim: Claim) -> Claim:
    """ "The following models will be retired on D: A, B and C"."""
    listed = re.search(r"(?:\bfollowing\b|以下|如下)[^:：]*[:：]\s*(.+)$", text, re.I)
    if claim.names or not listed:
        return claim
    named = named_by(sentence, listed[1].rstrip("."))
    return replace(claim, names=named.names) if named and named.kind == "model" else claim


def _subject(sentence: Masked, text: str, verb: Verb, at: int) -> Claim | None:
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
        return named_by(sentence, piece[: stop.start()] if stop else piece)
    if noun and verb.dates and _HAPPENS.match(after) and re.fullmatch(r"\W*(?:the|their|its)?\s*", before, re.I):
        return Claim()  # "The shutdown was on D."
    if verb.dates:
        before = re.sub(r"^\W*(?:support|access|availability) (?:for|to|of)\b", " ", before, flags=re.I)
    before = _APPOSED.sub(" ", before)
    claim = named_by(sentence, before) or named_by(sentence, grammar.WHEN.sub(" ", before))
    if claim and claim.kind != "model" and not verb.passive:
        return None  # "Move off deprecated things": no "is", no statement
    return None if claim and verb.tense == "noun" and not (claim.names and verb.dates) else claim


def _with(claim: Claim, verb: Verb, deprecation_ends: bool) -> Claim:
    """The claim with what a verb adds."""
    first = min(verb.dates, key=lambda each: each.first) if verb.dates else None
    done = verb.tense == "past" or (verb.tense == "present" and (first is None or verb.word.lower().startswith("no ")))
    over: Status = "retired" if done else "deprecated"
    label = verb.word if verb.kind == "retire" and over == "retired" else claim.label or verb.word
    if verb.kind == "retire" and first and first.qualifier == "not_before" and _KEPT.match(verb.word):
        return replace(claim, label=label, retires=first)  # a promise is no plan
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


def _announced(sentence: Masked, text: str, verbs: list[Verb]) -> list[Claim]:
    """A sentence that only tells when something was announced."""
    give_dates(sentence, text, verbs)
    told = _told(text, verbs)
    return [Claim(announced=told)] if told else []


def _told(text: str, verbs: list[Verb]) -> StatedDate | None:
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
    if swap := _REPLACE.match(text):
        return [Claim(names=sentence.names_in(swap[1]), replacements=sentence.names_in(swap[2]))]
    if heir := _SUCCESSOR.match(text):
        return [Claim(names=sentence.names_in(heir[2]), replacements=sentence.names_in(heir[1]))]
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


def _for_users(sentence: Masked, text: str) -> list[Claim]:
    """ "If you use A or B, switch to C": what replaces these, and nothing of their end."""
    users = grammar.USERS.match(text)
    others = instead(sentence, text[users.end() :]) if users else ()
    names = sentence.names_in(users["of"]) if users else ()
    return [Claim(names=names, replacements=_other(others, names))] if users and others else []


def _other(names: Iterable[str], subjects: tuple[str, ...]) -> tuple[str, ...] | None:
    found = tuple(name for name in names if name not in subjects)
    return found or None


def _without_asides(sentence: Masked) -> str:
    """The text without brackets that hold neither a name nor a date."""
    return re.sub(r"\(([^()\x01\x03]*)\)", " ", sentence.text)
