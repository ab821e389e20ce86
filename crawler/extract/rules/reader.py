"""Rule dates of a regulator's feed items and pages: each with its instrument, what of it binds, and the sentence."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.extract.blocks import Paragraph
from crawler.extract.document import Document, Ignored
from crawler.extract.rules.instruments import instruments, only
from crawler.extract.rules.sentences import Statement, statements
from timeline.news import NewsItem
from timeline.rule_dates import RuleDate, about

QUOTED = 400
MOST = 200  # of one document
SEARCHED = 1_500  # characters of a text in which the law it is about must be named
_SENTENCES = re.compile(r"(?<=[.!?;])(?<!\bNo\.)(?<!\bArt\.)(?<!\bU\.S\.)(?<!\bSt\.)\s+(?=[A-Z(\"“'])|\n")
_SELF = re.compile(
    r"(?:the|this|that|these|those|its|it|they|new|final|whole|entire|law|laws|rules?|act|acts|regulations?|directive|order"
    r"|standard|ordinance|decree|in full|however|amended|as|eu|korea'?s|california'?s|colorado'?s|framework|and|most|of"
    r"|application|provisions|will|shall|been|has|have|is|are)", re.I,
)  # fmt: skip
_TITLED = re.compile(
    r"\bth(?:is|ese)\s(?:[a-z]+\s){0,3}(?:rules?|orders?|regulations?|amendments?|standards?|notice)\b", re.I
)
_POSSESSIVE = re.compile(r"^['’]s\b")  # of "the AI Act's high-risk rules"
_LEAD = re.compile(r"^(?:(?:however|also|in addition|moreover|meanwhile|while|and|but|under|as|so)\b[,\s]*)+", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A piece of text of a regulator and what is known of it: its title, when it was said, where it stands."""

    title: str
    body: str
    url: str = ""
    said_on: datetime | None = None
    locator: str = ""


def of_items(items: Iterable[NewsItem], document: Document) -> tuple[list[RuleDate], list[Ignored]]:
    """The rule dates of a feed's items: of two that differ the one said last."""
    texts = [
        Text(title=item.title, body=item.summary, url=item.url, said_on=item.published_at, locator=item.locator)
        for item in items
    ]
    found, ignored = _read(texts, document)
    newest: dict[str, RuleDate] = {}
    for rule in found:
        known = newest.get(rule.key)
        if known is None or _said(rule) >= _said(known):
            newest[rule.key] = rule
    return list(newest.values()), ignored


def of_blocks(blocks: Sequence[object], document: Document) -> tuple[list[RuleDate], list[Ignored]]:
    """The rule dates of a page's paragraphs and list entries; the headings above one are its title."""
    texts = [
        Text(title=" / ".join(block.headings), body=block.text, url=document.url, locator=block.locator)
        for block in blocks
        if isinstance(block, Paragraph)
    ]
    return _read(texts, document)


def _read(texts: Iterable[Text], document: Document) -> tuple[list[RuleDate], list[Ignored]]:
    found: list[RuleDate] = []
    ignored: list[Ignored] = []
    jurisdiction = str(document.options["jurisdiction"])
    for text in texts:
        for sentence in (text.title, *_SENTENCES.split(text.body)):
            for stated in statements(sentence):
                rule = _rule(stated, sentence, text, document, jurisdiction)
                if rule is None:
                    why = "a day from which something binds, and no law, regulation or order is named"
                    ignored.append(Ignored(what=sentence[:100], why=why, locator=text.locator))
                elif len(found) < MOST:
                    found.append(rule)
    return list(_distinct(found)), ignored


def _rule(stated: Statement, sentence: str, text: Text, document: Document, jurisdiction: str) -> RuleDate | None:
    subject = _LEAD.sub("", _balanced(stated.subject.strip(" ,")))
    named = instruments(subject, jurisdiction)
    context = (sentence, text.title, f"{text.title}. {text.body}"[:SEARCHED])
    instrument = named[-1].name if len({one.name for one in named}) == 1 else None
    if not named:
        instrument = next((name for place in context if (name := only(place, jurisdiction))), None)
    if instrument is None and document.options.get("titled") and _TITLED.search(f"{subject} {sentence}"):
        instrument = " ".join(text.title.split())[:160] or None
    if instrument is None:
        return None
    return RuleDate(
        provider=document.provider,
        jurisdiction=jurisdiction,
        instrument=instrument,
        applies=_applies(subject, jurisdiction),
        binding=stated.binding,
        applies_from=stated.day,
        said_on=text.said_on,
        url=text.url,
        quote=" ".join(sentence.split())[:QUOTED],
        locator=text.locator,
    )


def _applies(subject: str, jurisdiction: str) -> str:
    """What of the instrument is meant, without its name; empty where all of it is."""
    rest = subject
    for named in reversed(instruments(subject, jurisdiction)):
        rest = f"{rest[: named.start]} {_POSSESSIVE.sub('', rest[named.end :])}"
    rest = re.sub(r"\(\s*\)|\s+([,;])", r"\1", " ".join(rest.split()))
    rest = re.sub(r"(?:\s(?:of|under|in|with|to|for|by)(?:\sthe)?)+$", "", rest.strip(" ,;:-–"), flags=re.I).strip(" ,")
    rest = re.sub(r"^(?:(?:the|these|those|all|its)\s)+", "", rest, flags=re.I)
    rest = re.sub(r"^(?:application|date)\sof\s(?:the\s)?", "", rest, flags=re.I)
    words = re.findall(r"[\w'’()./-]+", rest)
    if not about(rest) or all(_SELF.fullmatch(word) for word in words):
        return ""
    return rest[:200]


def _balanced(text: str) -> str:
    """Without a bracket that was not opened, or not closed, at either end."""
    if text.count("(") > text.count(")"):
        return text if not text.startswith("(") else text[1:]
    return text[:-1] if text.count(")") > text.count("(") and text.endswith(")") else text


def _distinct(found: Iterable[RuleDate]) -> Iterator[RuleDate]:
    """Each statement once: titles say what summaries repeat."""
    seen: set[tuple[str, object, datetime | None]] = set()
    for rule in found:
        if (same := (rule.key, rule.value, rule.said_on)) not in seen:
            seen.add(same)
            yield rule


def _said(rule: RuleDate) -> datetime:
    return rule.said_on or datetime.min.replace(tzinfo=UTC)
