"""A clause read as one deal: its subject, the words that hedge its verb, and what is only background. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from crawler.extract.funding.texts import Sentence
from timeline.funding import Label

# Words between a subject and its verb: taken off the subject, kept as the hedge that tells plans from deeds.
_AUXILIARY = re.compile(
    r"(?:^|\s)(?:has|have|had|is|are|was|were|be|been|being|will|would|could|can|may|might|to|just|reportedly|"
    r"officially|"
    r"quietly|now|also|today|confidentially|finally|recently|already|again|then|says?|said|it|they|that|in|"
    r"early|advanced|"
    r"late(?:r)?|final|preliminary|exclusive|active|talks|discussions|negotiations|looks?|looking|seeks?|"
    r"seeking|aims?|"
    r"aiming|hopes?|hoping|plans?|planning|prepar(?:es|ing)|gear(?:s|ing)|up|set|poised|about|tr(?:ies|ying)|wants?|"
    r"working|expected|expects?|close|near(?:s|ing)?|eye(?:s|ing)|consider(?:s|ing)|weigh(?:s|ing)|mull(?:s|ing)|"
    r"mov(?:es|ing)|agree(?:s|d)?|ready|likely|deal|an?|the|its|their|internal|exploratory|for|on|of|announc(?:es|ed)|confirm(?:s|ed)?|begun|"
    r"begins?|"
    r"start(?:s|ed)?|signs?|signed|definitive|agreement|intends?|discuss(?:es|ing|ed)?|explor(?:es|ing)|scrambling|"
    r"push(?:es|ing)|offer(?:s|ed)?|bid(?:s|ding)?|completes?|finali[sz]es|done|gets?|receives?|received|"
    r"accepts?|accepted|still|raising|eager|due|vying|"
    r"holds?|held|look|seek|aim|hope|plan|prepare|gear|try|want|near|consider|weigh|mull|move|agree|explore|push|discuss|"
    r"(?:mon|tues|wednes|thurs|fri)day|hunting|discussed|reaches|reached|strikes?|struck|inks?|inked|together|"
    r"jointly|enters?|entered|into|⟦\d+⟧),?$",
    re.I,
)

NOT = re.compile(
    r"\b(?:didn't|not|never|won't|doesn't|don't|do not|can't|cannot|shouldn't|wouldn't|isn't|"
    r"denies|denied|rul(?:es?|ed|ing) out|no (?:plans?|intention|interest|desire)|refus(?:es?|ed)|declin(?:es?|ed)|"
    r"decid(?:es?|ed) against|turn(?:s|ed) down)\b",
    re.I,
)

_MOST_AUXILIARIES, _LONGEST_AUXILIARY = 12, 20
_CLAUSE = re.compile(
    r"(?:\s(?:as|while|after|because|that|says|but|when|where|since|and says)\s|[;:]\s|,\s+(?:but|as|while)\s)", re.I
)

_RELATIVE = re.compile(
    r"(?<=[\w.)]),\s+(?:which|who|whose|that|an?|the|founded|co-founded|cofounded|formerly|previously|maker|"
    r"makers|new|now|one|based|backed|creator|"
    r"developer|known|led|part|owner|started|launched|home|provider|operator|of|[a-z]+ing)\b.*$",
    re.I,
)

_TOLD_OF = re.compile(
    r"\b(?:which|who|that|whose)(?: (?:has|had|have|recently|just|previously|already|earlier|last \w+|also|is|"
    r"was|were|itself))*\s$",
    re.I,
)

_FAILED = re.compile(
    r"\b(?:used|helped|helps|failed|fails|struggled|struggles|refused|declined|able|"
    r"how) to\s*$",
    re.I,
)
_ASIDE = re.compile(r",\s+(?:which|who|whose)\s[^,;]*$")  # still inside the relative clause: no comma has closed it
_CLOSED_ASIDE = re.compile(r",\s(?:which|who|whose)\s[^,;.]*,\s", re.I)
_OPENING = re.compile(  # "Backed by Alder Capital, Acme raises": what is said first of the subject
    r"^(?:backed|founded|co-founded|led|launched|started|built|fuel+ed|buoyed|boosted|based)\s(?:by|in|from|on)\s"
    r"[^;]+,\s+(?=[^,;]+$)",
    re.I,
)
_BACKGROUND = re.compile(
    r"(?:^|,?\s)(?:after|following|ahead of|before|despite|because|amid|since|when|even as|even though|though|"
    r"although)\s",
    re.I,
)
# What goes on beside the news: no background where the title has no other deal ("burns cash as it seeks $1bn").
_MEANWHILE = re.compile(
    r"(?:^|,?\s)(?:as (?:it|he|she|they|its?|both|[\w'-]+ (?:plans|prepares|eyes|nears|chases?|takes|reaches|"
    r"needs)))\s",
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """One reading of a clause. `hedge` is what stood between subject and verb; `tail` runs from the verb to the end."""

    label: Label
    rule: str
    start: int
    hedge: str
    tail: str
    sentence: Sentence
    company: str | None = None
    also: tuple[str, ...] = ()
    acquirer: str | None = None
    investors: tuple[str, ...] = ()
    subject: str = ""  # the words before the verb
    end: int = 0
    aside: bool = False  # told beside the news of the clause
    invests: bool = False  # the money's giver is the subject


def framed(sentence: Sentence, rule: str, match: re.Match[str], build: "Builder") -> Frame | None:
    """The frame a match stands for, unless it is background or told of something else."""
    text = sentence.text
    before, hedge = _subject(text[: match.start("verb")])
    background, beside = _BACKGROUND.search(text), _MEANWHILE.search(text)
    if (
        _FAILED.search(text[: match.start("verb")])
        or _TOLD_OF.search(text[: match.start("verb")])
        or _ASIDE.search(text[: match.start("verb")])
    ):
        return None
    if background and background.end() <= match.start("verb") and rule not in ("its_ipo", "spac"):
        return None
    frame = Frame(
        label="none", rule=f"{rule}: {match['verb'] or match['object'][:20]}", start=match.start("verb"),
        aside=beside is not None and beside.end() <= match.start("verb") and rule not in ("its_ipo", "spac"),
        end=match.end(), hedge=hedge, subject=before, tail=text[match.start("verb") :], sentence=sentence,
    )  # fmt: skip
    return build(frame, before, match)


def without_asides(text: str) -> str:
    """A sentence without what it says of somebody in passing (", which raised $12M last year, ")."""
    return _CLOSED_ASIDE.sub(" ", text)


def _subject(before: str) -> tuple[str, str]:
    """What stands before a verb: the subject's words, and the auxiliaries between."""
    rest, hedge = before.rstrip(), ""
    for _ in range(_MOST_AUXILIARIES):
        match = _AUXILIARY.search(rest, max(0, len(rest) - _LONGEST_AUXILIARY))
        if match is None or match.start() == 0:
            break
        hedge, rest = f"{match[0].strip()} {hedge}", rest[: match.start()].rstrip()
    rest = _RELATIVE.sub("", rest)
    cuts = list(_CLAUSE.finditer(rest))
    if cuts and cuts[-1].end() < len(rest):
        rest = rest[cuts[-1].end() :]
    rest = _OPENING.sub("", rest.strip(" ,"))
    rest = re.sub(r"(?:,|\sand|\sby|\s[a-z]+ly)$", "", rest.strip())
    return rest.strip(" ,"), hedge.strip()


Builder = Callable[[Frame, str, re.Match[str]], Frame | None]
"""Fills a frame from the words before the verb and the match; None when it is no deal after all."""
Rule = tuple[str, re.Pattern[str], Builder]
