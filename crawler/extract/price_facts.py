"""From an amount and the words around it to a price: which meter, unit, currency and conditions. Never by default."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from crawler.extract.conditions import Conditions, merged
from crawler.extract.labels import Label, Side, modality_of, read_label
from crawler.extract.money import UNSETTLED, Quote
from crawler.extract.price_names import Subject
from crawler.extract.units import Unit
from timeline.issues import Issue
from timeline.meters import meter_of_unit
from timeline.names import resolve
from timeline.prices import PricePoint

_TIMED = {"second", "minute", "hour"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What holds for a whole page."""

    provider: str
    at: date
    currency: str | None = None  # that the page declares
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
    labels = (*around.labels, *_own(quote))
    unit = _unit(quote, around)
    currency = _currency(quote, around, setting)
    if problem := _problem(quote, subjects, unit, currency, around):
        return Built(issues=(problem,))
    meter, extra = meter_of(labels, unit, around.hint, pair=_pair(quote, labels, setting))
    if meter is None:
        named = unit.name if unit else "no unit"
        message = f"{quote.printed!r}: nothing says what is billed by {named}"
        return Built(issues=(Issue(code="unknown_meter", message=message, locator=around.locator, fatal=True),))
    conditions = merged([*(label.conditions for label in labels), around.conditions, extra, _of(quote)])
    facts = tuple(_fact(quote, subject, meter, unit, currency, conditions, around, setting) for subject in subjects)
    return Built(facts=facts)


def meter_of(
    labels: Sequence[Label], unit: Unit | None, hint: str, *, pair: Side = ""
) -> tuple[str | None, Conditions]:
    """The meter the labels (outermost first) and the unit mean, and conditions that tell kinds of it apart."""
    name = unit.name if unit else "token"
    side = pair or _last(label.sides[0] for label in labels if len(label.sides) == 1)
    cache = _last(label.cache for label in labels if label.cache)
    if cache and labels and labels[-1].sides and not labels[-1].cache:
        cache = ""  # the nearest words name a side and no cache
    modality = _last(modality_of(label) for label in labels if label.modalities)
    if any(label.training for label in labels[-3:] if not label.sides) and not side:
        return "training", {}
    if cache == "storage":
        return "storage", {"stored": "cache"}
    if name in ("token", "character"):
        return _by_text(name, side, cache, modality, hint, labels)
    extra: Conditions = {}
    if name == "token-hour":
        return "storage", {"stored": "cache"}
    if name in _TIMED:
        shown = any("video" in label.modalities for label in labels)
        if hint == "gpu" and not shown and not modality:
            return "gpu_hour", {}
        kind = "video" if shown or hint == "video" else modality or hint
        meter = {"video": "video_second", "audio": "audio_second"}.get(kind)
        if meter:
            return meter, ({"direction": side} if side else {})
        return "duration", extra
    if name == "image" and side == "input":
        return "input_image", extra
    if hint == "rerank" and name in ("search", "request", "query"):
        return "rerank", extra
    if name in ("search", "request", "query", "prompt", "use") and any(label.search for label in labels):
        return "web_search", extra
    return meter_of_unit(name), extra


def _by_text(
    name: str, side: Side, cache: str, modality: str, hint: str, labels: Sequence[Label]
) -> tuple[str, Conditions]:
    extra: Conditions = {"modality": modality} if modality else {}
    if cache:
        return ("cache_write" if cache == "write" else "cache_read"), extra
    if any(label.reasoning for label in labels[-1:]) and not side:
        return "reasoning", {}
    if name == "character":
        return "character", ({"direction": side} if side else {})
    if side:
        return (f"{side}_{modality}" if modality else side), {}
    if hint in ("embedding", "rerank"):
        return (hint if not modality else f"input_{modality}"), {}
    return "tokens", extra


def _own(quote: Quote) -> Iterable[Label]:
    for words in (quote.group, quote.phrase, quote.tail, quote.head):
        if words:
            yield read_label(words)


def _of(quote: Quote) -> Conditions:
    return {"basis": "estimate"} if quote.approximate else {}


def _pair(quote: Quote, labels: Sequence[Label], setting: Setting) -> Side:
    """Which side an amount of "$3 / $15" is on."""
    if not quote.pair:
        return ""
    sides = next((label.sides for label in reversed(labels) if len(label.sides) > 1), setting.pair)
    return sides[quote.pair - 1] if quote.pair <= len(sides) else ""


def _unit(quote: Quote, around: Around) -> Unit | None:
    unit = quote.unit or around.row_unit
    if unit is None:
        unit = next((label.unit for label in reversed(around.labels) if label.unit), None) or around.unit
    if unit is not None and unit.name == "":
        stated = around.unit.name if around.unit and around.unit.name else "token"
        return replace(unit, name=stated)
    return unit


def _currency(quote: Quote, around: Around, setting: Setting) -> str | None:
    named = quote.currency
    if named is None:
        named = next((label.currencies[0] for label in reversed(around.labels) if len(label.currencies) == 1), None)
    named = named or around.currency or setting.currency
    if named in UNSETTLED:
        return setting.yen
    return named


def _problem(
    quote: Quote, subjects: Sequence[Subject], unit: Unit | None, currency: str | None, around: Around
) -> Issue | None:
    if not subjects:
        message = f"{quote.printed!r}: nothing says whose price it is"
        return Issue(code="no_subject", message=message, locator=around.locator, fatal=True)
    if quote.state != "priced":
        return None
    if currency is None:
        message = f"{quote.printed!r}: nothing says in which currency; expected a sign, a column's name or a statement"
        return Issue(code="unknown_currency", message=message, locator=around.locator, fatal=True)
    if unit is None:
        message = f"{quote.printed!r} of {subjects[0].name!r}: nothing says for how much of what"
        return Issue(code="unknown_unit", message=message, locator=around.locator, fatal=True)
    return None


def _fact(
    quote: Quote,
    subject: Subject,
    meter: str,
    unit: Unit | None,
    currency: str | None,
    conditions: Conditions,
    around: Around,
    setting: Setting,
) -> PricePoint:
    name = setting.abbreviations.get(subject.name, subject.name)
    return PricePoint(
        provider=setting.provider,
        model=name,
        model_id=resolve(setting.provider, name),
        meter=meter,
        amount=quote.amount,
        state=quote.state,
        currency=currency,
        per=unit.per if unit else Decimal(1),
        unit=unit.name if unit else "unspecified",
        conditions=merged([conditions, subject.conditions]),
        effective_from=subject.first,
        effective_to=subject.last,
        qualifier=quote.qualifier or subject.qualifier,
        locator=around.locator,
        label=quote.printed[:200],
    )


def _last(items: Iterable[str]) -> str:
    found = ""
    for found in items:
        pass
    return found
