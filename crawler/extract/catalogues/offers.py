"""What the readers of catalogues share: who sells, what a model is called there, and amounts as they are written."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources
from typing import Any, Final

from crawler.extract.document import Ignored, Reading
from timeline import names
from timeline.facts import Fact
from timeline.issues import Issue
from timeline.prices import Conditions, PricePoint, PriceState
from timeline.specs import ModelSpec

_DAY: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")


@dataclass(frozen=True, slots=True)
class Priced:
    """What a field of a catalogue prices: a meter, and the number and unit its amounts are for."""

    meter: str
    unit: str = "token"
    per: int = 1
    conditions: Conditions = field(default_factory=dict)
    currency: str = "USD"

    def where(self, narrower: Conditions) -> "Priced":
        """The same under more conditions."""
        return replace(self, conditions={**self.conditions, **narrower}) if narrower else self


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """One entry of a catalogue: `name` as listed, unique there; `model_id` as the seller's API takes it."""

    provider: str
    name: str
    model_id: str
    conditions: Conditions = field(default_factory=dict)  # told by the name: a region, a commitment, a size
    worthless: bool = False  # all its amounts are 0, which a catalogue also writes where it knows none
    context_window: Any = None
    max_output: Any = None
    inputs: Any = None
    outputs: Any = None
    retires_on: Any = None
    released_on: Any = None
    knowledge_cutoff: Any = None
    weights: str | None = None

    def price(self, quote: "Quote", priced: Priced, amount: Decimal) -> PricePoint:
        """A fact. An amount of 0 beside prices is no price of its own; 0 and nothing else is a price nobody knows."""
        state: PriceState = "priced" if amount else "unknown" if self.worthless else "included"
        if amount == 0 and self.worthless and is_free(self.provider, self.name):
            state = "free"
        return PricePoint(
            provider=self.provider,
            model=self.name,
            model_id=self.model_id,
            by_name=True,
            meter=priced.meter,
            amount=amount if state in ("priced", "free") else None,
            state=state,
            currency=priced.currency,
            per=Decimal(priced.per),
            unit=priced.unit,
            conditions={**self.conditions, **priced.conditions},
            effective_from=quote.starts,
            effective_to=quote.ends,
            locator=quote.locator,
            label=f"{quote.field}: {quote.value}",
        )

    def spec(self, locator: str) -> Iterator[ModelSpec]:
        """What the entry says of the model itself, where it says anything."""
        spec = ModelSpec(
            provider=self.provider,
            model=self.name,
            model_id=self.model_id,
            context_window=_tokens(self.context_window),
            max_output=_tokens(self.max_output),
            input_modalities=_words(self.inputs),
            output_modalities=_words(self.outputs),
            released_on=_day(self.released_on),
            retires_on=_day(self.retires_on),
            knowledge_cutoff=_day(self.knowledge_cutoff),
            weights=self.weights,
            locator=locator,
        )
        if spec.says_something:
            yield spec


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """One field of money of an entry, with its place; `priced` None: nobody knows what it prices."""

    field: str
    value: Any
    priced: Priced | None
    locator: str
    cents: bool = False  # the catalogue counts in hundredths of its currency
    starts: date | None = None  # the first day it holds, where the catalogue says
    ends: date | None = None  # the last one


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A listing with all it quotes, and its place in the catalogue."""

    listing: Listing
    quotes: Sequence[Quote]
    locator: str
    ignored: Sequence[Ignored] = ()


def collect(entries: Iterable[Entry], ignored: Iterable[Ignored] = ()) -> Reading:
    """All prices and specifications of a catalogue; what nobody knows is an issue, once a field."""
    facts: list[Fact] = []
    issues: dict[str, Issue] = {}
    left = list(ignored)
    for entry in entries:
        left += entry.ignored
        for quote in entry.quotes:
            amount = amount_of(quote.value)
            if quote.priced is None:
                issues.setdefault(quote.field.split("/")[0], unknown_field(entry.listing.name, quote))
            elif quote.value is None:
                left.append(Ignored(what=f"{entry.listing.name} {quote.field}", why="null", locator=quote.locator))
            elif amount is None or amount < 0:
                message = f"{entry.listing.name}: {quote.field} is {str(quote.value)[:80]!r}, which is no amount"
                issues[quote.locator] = Issue(code="not_an_amount", message=message, locator=quote.locator)
            else:
                facts.append(entry.listing.price(quote, quote.priced, amount.scaleb(-2) if quote.cents else amount))
        facts += entry.listing.spec(entry.locator)
    return Reading(facts=tuple(facts), issues=tuple(issues.values()), ignored=tuple(left))


def listed(seller: str, name: str, **rest: Any) -> Listing:
    """An entry by the name of its seller as the catalogue has it: prefixes of the name say who sells, where and how."""
    provider = provider_of(seller)
    model_id, conditions = _told_by(name, seller)
    return Listing(provider=provider, name=name, model_id=model_id, conditions=conditions, **rest)


def provider_of(seller: str) -> str:
    """The provider a catalogue's own word stands for; a word nobody registered stands for itself."""
    word = seller.strip().casefold().replace("_", "-")
    known: str = _sellers()["provider"].get(word, word)
    return known


def maker_of(model_id: str) -> str | None:
    """The one provider that has exactly this id, for entries that do not say who sells them."""
    listed: str | None = _sellers()["makers"].get(model_id)
    makers = names.makers(model_id)
    return listed or (makers[0] if len(makers) == 1 else None)


def is_free(provider: str, name: str) -> bool:
    """Whether 0 means free: where the name says so, and where models run on the reader's own machine."""
    return name.endswith((":free", "-free", "/free")) or provider in _sellers()["local"]["providers"]


def amount_of(value: object) -> Decimal | None:
    """A number or its text as a finite decimal with the digits as written; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def unknown_field(name: str, quote: Quote) -> Issue:
    """A field of money that nobody knows: its prices are left out until a person has said what it means."""
    found = f"{name}: a price field {quote.field!r} with {str(quote.value)[:80]!r}"
    message = f"{found}, which is not known: its prices are left out"
    return Issue(code="unknown_field", message=message, locator=quote.locator)


def pointer(*steps: str | int) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


_SIZED: Final = re.compile(
    r"(?P<quality>(?:(?:\d+-x-\d+|\d+-steps|max-x-max|hd|standard|low|medium|high|auto)/)+)(?=.)"
)
_REGION: Final = re.compile(r"(?P<region>[a-z]{2}(?:-gov)?-[a-z]+-\d|us|eu|global|global-standard|us-gov)/")
_COMMITTED: Final = re.compile(r"(?P<number>\d+)-month-commitment/")


def _told_by(name: str, seller: str) -> tuple[str, dict[str, str | int]]:
    conditions: dict[str, str | int] = {}
    rest = _unsized(name, conditions)
    for prefix in _prefixes(seller):
        if rest.startswith(prefix + "/"):
            rest = rest[len(prefix) + 1 :]
            break
    if found := _REGION.match(rest):
        conditions["region"] = found["region"]
        rest = rest[found.end() :]
    if found := _COMMITTED.match(rest):
        conditions["commitment"] = f"{found['number']} month"
        rest = rest[found.end() :]
    rest = _unsized(rest, conditions)
    return rest or name, conditions


def _unsized(name: str, conditions: dict[str, str | int]) -> str:
    """The name after a size, which stands before the seller or behind."""
    if not (found := _SIZED.match(name)):
        return name
    conditions["quality"] = found["quality"].rstrip("/").replace("/", " ")
    return name[found.end() :]


def _prefixes(seller: str) -> Sequence[str]:
    """What LiteLLM puts before a name to route it: the seller's word, or the family it belongs to."""
    return (seller, *_sellers()["prefixes"].get(seller, ()), seller.partition("-")[0])


def _tokens(value: object) -> int | None:
    amount = amount_of(value)
    return int(amount) if amount is not None and amount > 0 and amount == amount.to_integral_value() else None


def _words(value: object) -> tuple[str, ...]:
    words = value if isinstance(value, list | tuple) else ()
    return tuple(sorted({word.strip().casefold() for word in words if isinstance(word, str) and word.strip()}))


def _day(value: object) -> str | None:
    """A day or a month as the table holds it, or None for what is neither."""
    text = str(value or "")
    return text if _DAY.fullmatch(text) else None


@cache
def _sellers() -> Mapping[str, Mapping[str, Any]]:
    text = (resources.files("crawler.extract.catalogues") / "sellers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
