"""From an amount and the words around it to a price: which meter, unit, currency and conditions. Never by default."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from crawler.extract.amounts import UNSETTLED
from crawler.extract.conditions import Conditions, merged, one_by_one
from crawler.extract.labels import Label, Side, parts_of, read_label
from crawler.extract.meterings import meter_of
from crawler.extract.money import Quote
from crawler.extract.price_names import Subject
from crawler.extract.units import Unit, fold, noun_in
from timeline.issues import Issue
from timeline.names import resolve
from timeline.prices import PricePoint

_COUNTABLE = frozenset({"character", "image", "page", "document", "request", "call", "query", "search", "byte"})
_WRITTEN = frozenset({"character", "byte"})
_UNCOUNTED = frozenset({"image", "video", "audio", "rerank", "search"})  # by the token only where something says so
_NEAREST = 2  # labels, counted from the amount, that may say what is counted
_UNREAD_UNIT = re.compile(r"(?:/|per\b)\s*[^\W\d_]", re.I)  # it says for what, in words nobody knows


_UNREAD_NOUN = re.compile(
    r"(?:/|\bper\b)\s*(?:\d[\d,]*\s?[km]?\s+)(?!m?toks?\b|tkn|million|thousand|billion|input|output|cached?|prompt)[a-z]{3,}",
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What holds for a whole page."""

    provider: str
    at: date
    currency: str | None = None  # that the page declares
    unit: Unit | None = None  # by how many the page counts tokens
    yen: str | None = None  # what a bare ¥ means on it
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)  # headers of components that do not name them
    pair: tuple[
        Side, ...
    ] = ()  # what two joined amounts without any label are, where the source's configuration says so


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """The words around one cell or line, outermost first, and what its column says where it does not say itself."""

    labels: tuple[Label, ...] = ()
    row_unit: Unit | None = None  # that the row states in a column of its own
    unit: Unit | None = None  # usual in the column
    currency: str | None = None
    conditions: Conditions = field(default_factory=dict)
    hint: str = ""  # the kind of thing that is priced: text, image, video, audio, embedding, rerank, search
    locator: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """The prices one quote came to, or the issues that it is not understood."""

    facts: tuple[PricePoint, ...] = ()
    issues: tuple[Issue, ...] = ()


def build(quote: Quote, subjects: Sequence[Subject], around: Around, setting: Setting) -> Built:
    """The prices of one quote: one for each subject, and for both sides where one amount is printed for both."""
    if quote.state == "not_offered":
        return Built()
    if quote.doubt:
        message = f"{quote.printed[:160]!r}: {quote.doubt}"
        return Built(issues=(Issue(code=quote.code, message=message, locator=around.locator, fatal=True),))
    labels = (*_joined(around.labels, quote), *_own(quote))
    unit = _unit(quote, around, labels, setting)
    currency = _currency(quote, around, setting)
    if problem := _problem(quote, subjects, unit, currency, around):
        return Built(issues=(problem,))
    meter, extra = meter_of(labels, unit, around.hint, pair=_pair(quote, around.labels, labels, setting))
    if meter is None:
        named = unit.name if unit else "no unit"
        message = f"{quote.printed!r}: nothing says what is billed by {named}"
        return Built(issues=(Issue(code="unknown_meter", message=message, locator=around.locator, fatal=True),))
    conditions = merged([*(label.conditions for label in labels), around.conditions, extra, _of(quote)])
    price = PricePoint(
        provider=setting.provider,
        model="",
        meter=meter,
        amount=quote.amount,
        state=quote.state,
        currency=currency,
        per=unit.per if unit else Decimal(1),
        unit=unit.name if unit else "unspecified",
        conditions=conditions,
        qualifier=quote.qualifier,
        locator=around.locator,
        label=quote.printed[:200],
    )
    facts = (
        _of_subject(replace(price, conditions=each), subject, setting)
        for subject in subjects
        for each in one_by_one(conditions)
    )
    if quote.first or quote.last:
        facts = (replace(fact, effective_from=quote.first, effective_to=quote.last) for fact in facts)
    return Built(facts=tuple(facts))


def _of_subject(price: PricePoint, subject: Subject, setting: Setting) -> PricePoint:
    name = setting.abbreviations.get(subject.name, subject.name)
    return replace(
        price,
        model=name,
        model_id=resolve(setting.provider, name),
        conditions=merged([price.conditions, subject.conditions]),
        effective_from=subject.first,
        effective_to=subject.last,
        qualifier=price.qualifier or subject.qualifier,
    )


def _own(quote: Quote) -> Iterable[Label]:
    for words in (quote.group, quote.phrase, quote.tail, quote.head):
        if words:
            yield read_label(words)


def _joined(labels: Sequence[Label], quote: Quote) -> tuple[Label, ...]:
    """The labels, and of one in as many parts as amounts are joined ("in / cached in / out") this amount's part."""
    if not quote.pair:
        return tuple(labels)
    found = []
    for label in labels:
        part = parts_of(label)[quote.pair - 1 : quote.pair]
        found.append(replace(label, sides=part[0].sides, cache=part[0].cache) if part else label)
    return tuple(found)


def _of(quote: Quote) -> Conditions:
    return {"basis": "estimate"} if quote.approximate else {}


def _pair(quote: Quote, around: Sequence[Label], labels: Sequence[Label], setting: Setting) -> Side:
    """Which side an amount of "$3 / $15" is on."""
    if not quote.pair or any(map(parts_of, around)):
        return ""
    sides = next((label.sides for label in reversed(labels) if label.sides), setting.pair)
    if len(sides) == 1:  # a header "Input" over two amounts: both are of what goes in, and contradict each other
        return ""
    return sides[quote.pair - 1] if quote.pair <= len(sides) else ""


def _unit(quote: Quote, around: Around, labels: Sequence[Label], setting: Setting) -> Unit | None:
    unread = _UNREAD_UNIT.match(quote.tail) or (around.labels and _is_unread(around.labels[-1]))
    if quote.unit is None and unread:
        return None
    unit = quote.unit or around.row_unit or (around.unit if quote.state == "free" else None)
    if unit is None:
        unit = _of_labels(around, labels)
    if unit is None:
        return setting.unit if any(label.meters for label in labels) else _implied(around, labels)
    if unit.name == "piece" and around.hint in ("image", "video"):
        return replace(unit, name=around.hint)
    if unit.name == "":
        stated = around.unit.name if around.unit and around.unit.name else _counted(around, labels)
        if not stated and around.hint in _UNCOUNTED and not any(label.meters for label in labels):
            return None
        return replace(unit, name=stated or "token")
    return unit


def _of_labels(around: Around, labels: Sequence[Label]) -> Unit | None:
    """The unit that the nearest label states; a picture of a size is not counted in the tokens of its page."""
    unit = next((label.unit for label in reversed(around.labels) if label.unit), None) or around.unit
    tokens = unit is not None and unit.name == "token" and not any(label.meters for label in labels)
    return (_implied(around, labels) if tokens else None) or unit


def _is_unread(label: Label) -> bool:
    """Whether a header says for what, in words nobody knows: "Cost per 1,000 chats" is none per 1,000 tokens."""
    if label.unit and label.unit.name:
        return False
    noun = _UNREAD_NOUN.search(fold(label.text))
    return noun is not None and not noun_in(fold(label.text))


def _counted(around: Around, labels: Sequence[Label]) -> str:
    """What the nearest words name that can be counted: "$0.05 per 1K" beside "Additional characters".

    What goes in and comes out is text, so that "Input ($/1M)" counts none of the requests that a sentence speaks of.
    """
    nouns = (noun_in(fold(label.text)) for label in reversed(around.labels[-_NEAREST:]))
    of_text = any(label.unit and not label.unit.name and label.meters for label in labels[-_NEAREST:])
    return next((noun for noun in nouns if noun in (_WRITTEN if of_text else _COUNTABLE)), "")


def _implied(around: Around, labels: Sequence[Label]) -> Unit | None:
    """A price for a picture of a size is one picture's; for a video of a length, one video's."""
    told = {key for label in labels for key in label.conditions} | set(around.conditions)
    if around.hint == "image" and told & {"resolution", "quality"}:
        return Unit(per=Decimal(1), name="image")
    return Unit(per=Decimal(1), name="video") if around.hint == "video" and "duration" in told else None


def _currency(quote: Quote, around: Around, setting: Setting) -> str | None:
    named = quote.currency
    if named is None:
        named = next((label.currencies[0] for label in reversed(around.labels) if len(label.currencies) == 1), None)
    named = named or around.currency or setting.currency
    if named in UNSETTLED:
        return setting.yen
    return named if named is None or (len(named) == len("USD") and named.isalpha()) else None


def _problem(
    quote: Quote, subjects: Sequence[Subject], unit: Unit | None, currency: str | None, around: Around
) -> Issue | None:
    message = code = ""
    if not subjects:
        code, message = "no_subject", "nothing says whose price it is"
    elif quote.state == "priced" and currency is None:
        code, message = "unknown_currency", "nothing says in which currency: no sign, no column's name, no statement"
    elif quote.state == "priced" and unit is None:
        code, message = "unknown_unit", f"of {subjects[0].name!r}, nothing says for how much of what"
    found = quote.printed[:160]
    return Issue(code=code, message=f"{found!r}: {message}", locator=around.locator, fatal=True) if code else None
