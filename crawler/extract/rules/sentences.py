"""What one sentence says of the days from which rules bind. Strict: a binding verb right before a day, or nothing.

A day on which something was published, adopted or signed is none; neither is what is proposed, expected or only may be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extract.dates import find
from timeline.rule_dates import Binding

LONGEST = 1_200  # characters of a sentence
MOST = 12  # days in a sentence that are looked at
_ADVERBS = r"(?:\s(?:in full|fully|generally|directly|also|then|only|first|progressively|immediately))*"
_FROM = r"\s(?:as\s)?(?:from|of|on|starting|starting on|beginning|beginning on|since|by)(?:\sthe)?\s"
_MODAL = r"(?:(?:shall|will|have|has|does|do|is\sto|are\sto|must|both|all|thus|therefore|now|itself)\s)*"
_LATER = r"(?:\s(?:\d+|one|two|three|four|five|six|twelve|eighteen)\s(?:years?|months?|days?)\slater)?"
_VERBS: tuple[tuple[Binding, str], ...] = (
    ("applies", rf"(?P<verb>{_MODAL}(?:apply|applies|applied|starts?\sto\sapply|begins?\sto\sapply"
     rf"|(?:is|are|be|becomes?|became)\s(?:fully\s|generally\s)?(?:applicable|binding|mandatory|enforceable)"
     rf"|(?:enter|enters|entered)\sinto\sapplication|applicable)){_LATER}"),
    ("in_force", rf"(?P<verb>{_MODAL}(?:enter|enters|entered|come|comes|came|go|goes|went)\sinto\s(?:force|effect)"
     rf"|{_MODAL}(?:commence|commences|commenced))"),
    ("effective", rf"(?P<verb>{_MODAL}(?:take|takes|took)\seffect|{_MODAL}(?:is|are|be|become|becomes)\seffective"
     rf"|,\seffective|\(effective)"),
    ("compliance", r"(?P<verb>(?:must|shall|will\sneed\sto|(?:is|are)\srequired\sto|have\sto)\s(?:fully\s)?comply"
     r"(?:\swith\s[^;]{2,160}?)?)"),
)  # fmt: skip
_BINDING = tuple(
    (binding, re.compile(rf"(?P<subject>.*?)(?:\s|^|(?=[,(])){verb}{_ADVERBS}(?:{_FROM}|\s|:\s)\Z", re.I | re.S))
    for binding, verb in _VERBS
)
_NOUN = (
    r"(?P<what>compliance\s(?:date|deadline)|effective\sdate|date\sof\sapplication|application\sdate"
    r"|(?:date\sof\s)?(?:entry\sinto\sforce|coming\sinto\sforce)|application|implementation\sdate)"
)
_STATED = re.compile(
    rf"{_NOUN}(?:\s(?:of|for)\s(?P<rest>[^;]{{2,200}}?))?\s?(?:\s(?:is|are|will\sbe|remains)|:)\s(?:now\s)?\Z",
    re.I | re.S,
)
_MOVED = r"(?:postpone|delay|defer|extend|move|shift|push)(?:s|d|ed|es)?(?:\sback)?"
_IS_MOVED = (
    rf"\s(?:is|are|was|were|has\sbeen|have\sbeen|will\sbe|shall\sbe)\s{_MOVED}"
    r"(?:\sfrom\s[^;]{4,40}?)?(?:\sby\s[^;]{2,40}?)?\s(?:to|until|till)\s\Z"
)
_DAY_MOVED = re.compile(rf"{_NOUN}(?:\s(?:of|for)\s(?P<rest>[^;]{{2,200}}?))?{_IS_MOVED}", re.I | re.S)
_RULE_MOVED = re.compile(rf"(?P<rest>[^;]{{2,200}}?){_IS_MOVED}", re.I | re.S)
_PUTS_OFF = re.compile(
    rf"(?:{_MOVED}|{_MOVED.replace('(?:s|d|ed|es)?', 'ing')})\s(?:the\s)?{_NOUN}"
    rf"(?:\s(?:of|for)\s(?P<rest>[^;]{{2,200}}?))?(?:\sfrom\s[^;]{{4,40}}?)?\s(?:to|until|till)\s\Z", re.I | re.S,
)  # fmt: skip
_WITHDRAWN = re.compile(
    r"^(?P<subject>[^;]{2,200}?)\s(?:(?:is|are|was|were|has\sbeen|have\sbeen)\s(?:hereby\s)?"
    r"(?:withdrawn|repealed|revoked|rescinded|annulled)|(?:shall|will)\s(?:no\slonger|not)\s"
    r"(?:apply|take\seffect|enter\sinto\sforce|come\sinto\sforce))\b", re.I | re.S,
)  # fmt: skip
_GAPPED = re.compile(
    r"^[,;]?\s(?:and|while|with|whereas)\s(?P<subject>[^;]{3,160}?)\s(?:as\s)?(?:from|on|by)\s\Z", re.I | re.S
)
_UNSURE = re.compile(
    r"\b(?:would|could|might|may|propos(?:e|es|ed|ing|al)|draft|if\s(?:adopted|approved|enacted|passed|agreed)|expected\sto"
    r"|likely|intends?\sto|plans?\sto|planned|consult(?:s|ing|ation)|consider(?:s|ing)?|subject\sto\s(?:adoption|approval)"
    r"|called?\sfor|urge[sd]?|request(?:s|ed)?|suggest(?:s|ed)?|recommend(?:s|ed)?|should"
    r"|unless(?!\sotherwise)|blocks|blocked|halts|halted|enjoined|stayed|suspend(?:s|ed)|on\shold)\b", re.I,
)  # fmt: skip
_MAYS = re.compile(r"\b(?:on|by|from|of|in)\sMay\b|\bMay\s\d|\d\sMay\b")
_NOT = re.compile(r"\b(?:not|never|no\slonger|neither|nor|without)\b", re.I)
_RULE = re.compile(
    r"\b(?:rules?|obligations?|requirements?|provisions?|prohibitions?|bans?|chapters?|articles?|sections?|parts?|annex(?:es)?"
    r"|acts?|regulations?|directives?|laws?|orders?|ordinances?|standards?|codes?|amendments?|duties|duty|penalt(?:y|ies)"
    r"|fines?|powers?|regimes?|frameworks?|restrictions?|mandates?|titles?|subparts?|paragraphs?|remainder|rest|measures?"
    r"|decrees?|enforcement|FMVSS|(?:SB|HB|AB)\s?\d[\d-]*)\b", re.I,
)  # fmt: skip
_EVENT = re.compile(  # what is about a rule, and binds nobody
    r"\b(?:comments?|hearing|meeting|consultation|conference|webinar|workshop|vote|publication|report|event|trial|survey"
    r"|review|appointments?|vacanc(?:y|ies)|submissions?|sessions?|briefing|launch|debate|inquiry|mandate\sof)\b", re.I,
)  # fmt: skip
_ELIDED = re.compile(r"[\s,]*(?:and|but|then)?\s*", re.I)  # `..., and will be applicable on ...`
_HEADED = re.compile(r"^(?:dates?:\s)?effective(?:\sdate)?:?\s(?:(?:on|as\sof|from)\s)?\Z", re.I)  # of a document
_FORMER = re.compile(  # the day that was to be, before another was set
    r"\b(?:originally|previously|initially|formerly)\b[^,;]*\Z|\b(?:was|were|had\sbeen)\s(?:\w+\s){0,2}to\Z", re.I
)
_MADE = (
    r"promulgated|published|adopted|signed|passed|approved|enacted|issued|finali[sz]ed|announced|originally|previously"
    r"|initially|formerly|was|were|had\sbeen|due"
)
_IN_PASSING = re.compile(
    rf"^(?P<subject>[^;,]{{3,160}}),\s(?:which\s)?(?:(?:was|were)\s)?(?:{_MADE})\b[^;]*\Z", re.I | re.S
)
_TRAILING = re.compile(
    r"(?:[\s,]+(?:started|starts|began|begins|set|due|scheduled|is|are|has|have|been|to|which|that)\b)+[\s,]*\Z"
    r"|\sby\s(?:\w+\s){1,2}(?:years?|months?|days?),?\s*\Z", re.I,
)  # fmt: skip
_EXCEPT = re.compile(r"^[\s,]*(?:except|excluding)\s(?:(?:for|that)\s)?", re.I)
_ITSELF = re.compile(r"(?:^|\s)(?:it|they|this|these|all\sof\s(?:it|this))\s*$", re.I)
_AS_OF = re.compile(
    r"(?:^|[\s,(])(?:as\sof|as\sfrom|from|starting|starting\son|beginning|beginning\son|since|on)\s(?:the\s)?\Z", re.I
)
_AFTER = tuple(
    (binding, re.compile(rf"[,\s]\s?(?P<subject>[^;,]{{2,160}}?)\s{verb}\b(?!\s(?:from|as|on|by)\b)", re.I | re.S))
    for binding, verb in _VERBS
    if binding != "compliance"
)
Made = tuple[Binding, str, bool]  # how it binds, for what, and whether it was another day before


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """A day and how a rule binds from it; `subject` are the words for what does. No day: it is withdrawn."""

    binding: Binding
    day: str | None
    subject: str
    moved: bool = False


def statements(sentence: str) -> tuple[Statement, ...]:
    """All that a sentence says with certainty, in its order."""
    text = " ".join(sentence.split())
    if len(text) > LONGEST or "?" in text or _UNSURE.search(_MAYS.sub(" ", text)):
        return ()
    if found := _WITHDRAWN.match(text):
        subject = found["subject"]
        return (Statement(binding="withdrawn", day=None, subject=subject),) if _is_rule(subject) else ()
    return tuple(_dated(text))


def _dated(text: str) -> Iterator[Statement]:
    begins, ended = 0, 0
    last: Statement | None = None
    for stated in find(text).dates[:MOST]:
        before, clause, after = text[begins : stated.start], text[ended : stated.start], text[stated.end :]
        said, ended = text[begins:ended], stated.end
        if stated.qualifier != "on":
            continue
        made = _moved(before) or _one(clause, last, said) or _gapped(clause, last) or _ahead(clause, after)
        if made is not None:
            binding, subject, moved = made
            last = Statement(
                binding=binding, day=stated.value, subject=_EXCEPT.sub("", _TRAILING.sub("", subject)), moved=moved
            )
            yield last
            begins = stated.end


def _moved(before: str) -> Made | None:
    """What was put off to a day."""
    for pattern in (_DAY_MOVED, _PUTS_OFF):
        if found := pattern.search(before):
            return _binding(found["what"]), found["rest"] or _owner(before[: found.start()]), True
    found = _RULE_MOVED.search(before)
    if found is None or not _is_rule(found["rest"]):
        return None
    aside = _IN_PASSING.match(found["rest"])
    return _binding(None), aside["subject"] if aside else found["rest"], True


def _one(before: str, last: Statement | None, said: str) -> Made | None:
    """How the words right before a day make it binding, and for what; `last` is what the sentence has said already,
    `said` what stands between that and these words.
    """
    if _HEADED.match(before):
        return "effective", "this rule", False
    if found := _STATED.search(before):
        return _binding(found["what"]), found["rest"] or _owner(before[: found.start()]), False
    for binding, pattern in _BINDING:
        if (found := pattern.match(before)) and not _NOT.search(found[0][max(0, found.start("verb") - 40) :]):
            subject = _before(found["subject"])
            if _ELIDED.fullmatch(_TRAILING.sub("", subject)):
                aside = _IN_PASSING.match(said)
                subject = aside["subject"] if aside else last.subject if last else ""
            if binding == "compliance" and (what := re.search(r"comply\swith\s(.+)", found["verb"], re.I | re.S)):
                return binding, what[1], False
            if binding == "compliance":
                return binding, "", False
            return (binding, subject, False) if _is_rule(subject) and not _FORMER.search(subject) else None
    return None


def _ahead(before: str, after: str) -> Made | None:
    """`As of 12 September 2025, the Data Act applies`."""
    if not _AS_OF.search(before):
        return None
    for binding, pattern in _AFTER:
        if (found := pattern.match(after)) and _is_rule(found["subject"]) and not _NOT.search(found[0]):
            return binding, found["subject"], False
    return None


def _gapped(before: str, last: Statement | None) -> Made | None:
    """`..., and Article 6(1) from 2 August 2027`: the verb is that of the day before."""
    found = _GAPPED.match(before) if last is not None else None
    if found is None or last is None or not _is_rule(found["subject"]):
        return None
    return last.binding, found["subject"], last.moved


def _before(text: str) -> str:
    """The clause that ends a text."""
    return re.split(r"[;:]\s|,\s(?=(?:but|and|while|whereas|which|when)\s)|(?:^|\s)\([a-z0-9]{1,3}\)\s", text)[-1]


def _owner(text: str) -> str:
    """`The Colorado AI Act` of `The Colorado AI Act's`, before what is its day."""
    return re.sub(r"(?:['’]s?)?\s*(?:the|a|an)?\s*$", "", _before(text))


def _is_rule(subject: str) -> bool:
    """Whether words speak of what can bind: a rule of some kind, or `it` and `this` that stand for one."""
    return bool(_RULE.search(subject) or _ITSELF.search(subject)) and not _EVENT.search(subject)


def _binding(what: str | None) -> Binding:
    noun = " ".join((what or "application").casefold().split())
    if "compliance" in noun:
        return "compliance"
    if "force" in noun:
        return "in_force"
    return "effective" if "effective" in noun or "implementation" in noun else "applies"
