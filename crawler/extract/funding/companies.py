"""Which company an event is about, where the title names it and where only the summary does. Pure."""

import re

from crawler.extract.funding import lexicon
from crawler.extract.funding.clauses import Frame
from crawler.extract.funding.frames import frames_in
from crawler.extract.funding.names import first_name, name_in
from crawler.extract.funding.texts import MARK, Text

_BUYING = re.compile(
    r"\b(?:buy|buys|buying|bought|acquir(?:e|es|ing|ed)|acquisition of|purchase of) (?!by\b)(?P<np>[^,;.]+)"
)
_PRONOUN = re.compile(r"^(?:the|it|its|this|that)\b", re.I)
STANDS_FOR = re.compile(
    r"^(?:the|its|this) (?:[\w⟦⟧.-]+ ){0,4}?(?:round|company|startup|firm|funding|raise|"
    r"investment|lab|deal|financing)$|^it$",
    re.I,
)
_FOUNDER = re.compile(r"(?P<np>(?:[A-Z][\w.&-]*\s?){1,4}?)(?:'s)? (?:co-?founder|founder|CEO|chief executive)\b")
_CALLED = re.compile(
    r"\b(?:company|startup|firm|venture|lab) "
    r"(?:called|codenamed|named|dubbed) \"?(?P<np>[A-Z][\w.&-]*(?: [A-Z][\w.&-]*)*)"
)
_STARTED = re.compile(r"\b(?:is|are) (?:starting|launching|founding|building) (?P<np>[A-Z][^;,.]*)")
_ASSOCIATED = re.compile(rf"{MARK} (?:deal|investment|stake|agreement) (?:with|in) (?P<np>[A-Z][^;,.]*)")


def company_of(text: Text, frame: Frame) -> tuple[str | None, tuple[str, ...]]:
    """The company an event is about, and the further companies of the same news; None where none is named."""
    company, also = frame.company, frame.also
    if company is None:
        company = _from_summary(text, frame)
    if company is None and STANDS_FOR.match(frame.subject):
        company = first_name(text.main.text)
    elif company is None and frame.sentence.where == "summary":
        company = name_in(text.main.text)
    return _confirmed(company, text), also


def _from_summary(text: Text, frame: Frame) -> str | None:
    """The company a title only describes, where the summary names it."""
    for sentence in text.summary[:2]:
        if frame.label == "acquisition" and (match := _BUYING.search(sentence.text)) and (name := name_in(match["np"])):
            return name
        for other in frames_in(sentence):
            if other.label == frame.label and other.company and not _PRONOUN.match(other.company):
                return other.company
        for pattern in (_ASSOCIATED, _CALLED, _STARTED, _FOUNDER):
            if (
                frame.label != "acquisition"
                and (match := pattern.search(sentence.text))
                and (name := name_in(match["np"]))
            ):
                return name
    return None


def _confirmed(company: str | None, text: Text) -> str | None:
    """The name without a last word that only describes ("North Road Studio"), where the summary leaves it out."""
    if not company or " " not in company:
        return company
    short, last = company.rsplit(" ", 1)
    if last.lower() in lexicon.COMPANY_NOUNS:
        body = " ".join(sentence.text for sentence in text.summary)
        if short in body and company not in body:
            return short
    return company
