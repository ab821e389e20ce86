"""What is known of models, looked up by what programs write."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from timeline.names import related
from timeline.notices import Status
from timeline.scan.spellings import Spelling, spellings

_PLATFORM_OF: Mapping[str, str] = {"bedrock": "amazon", "azure": "azure", "vertex": "google", "watsonx": "ibm"}
_SERVERS = frozenset(
    {
        *("azure", "amazon", "groq", "together", "fireworks", "cerebras", "databricks", "openrouter", "deepinfra"),
        *("replicate", "huggingface", "ibm", "oracle", "baseten", "wandb", "coreweave", "digitalocean", "cloudflare"),
    }
)  # they serve models of others, under ids of their makers too
_TRUST = ("official", "cloud", "reseller", "catalogue", "press")
_PARTS = ("region", "tier", "surface")  # of a provider's offer: elsewhere it may go on
_ENDING = ("deprecated", "retired")


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """What one meter of a model costs."""

    amount: Decimal
    currency: str
    per: Decimal
    unit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownModel:
    """What the best source says of one model of one provider, in one scope. Dates as in a notice.

    `status` None: only its name or its price is known. `prices` by meter: plain ones, without conditions.
    """

    provider: str
    id: str
    status: Status | None = None
    announced_on: str | None = None
    deprecates_on: str | None = None
    retires_on: str | None = None
    not_before: str | None = None
    replacements: tuple[str, ...] = ()
    scope: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    trust: str = "official"
    prices: Mapping[str, Price] = field(default_factory=dict)

    @property
    def only_in(self) -> str:
        """Where alone what is said of it holds: a region, a tier or a surface; "" where that is the whole."""
        return ", ".join(self.scope[name] for name in _PARTS if name in self.scope)

    @property
    def ends(self) -> bool:
        """Whether its end is near or came: deprecated, retired, or with a firm date."""
        return self.status in _ENDING or bool(self.retires_on or self.deprecates_on)

    def days_left(self, today: date) -> int | None:
        """Days until it stops (of a month: its first day), negative afterwards; None without a firm date."""
        if self.retires_on is None:
            return None
        stated = self.retires_on if len(self.retires_on) > len("2026-01") else f"{self.retires_on}-01"
        return (date.fromisoformat(stated) - today).days

    def is_gone(self, today: date) -> bool:
        """Retired, or past the whole of its stated day or month."""
        stated = self.retires_on
        return self.status == "retired" or bool(stated and today.isoformat()[: len(stated)] > stated)


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A written word that stands for a known model."""

    model: KnownModel
    spelling: Spelling

    @property
    def is_of_maker(self) -> bool:
        """Whether what is known comes from the maker, while the word calls somebody with dates of their own."""
        platform = self.spelling.platform
        return self.spelling.served_elsewhere and self.model.provider != _PLATFORM_OF.get(platform or "", platform)


class KnownModels:
    """All known models. Looked up by id, exactly; a fixed alias and its dated snapshot are the same model."""

    def __init__(self, models: Iterable[KnownModel]) -> None:
        self._by_id: dict[str, list[KnownModel]] = {}
        for model in models:
            self._by_id.setdefault(model.id, []).append(model)

    def __len__(self) -> int:
        return len(self._by_id)

    def match(self, word: str, platform: str | None = None) -> Match | None:
        """The model a word stands for, or None. `platform`: where it is called, if the word itself does not say so.

        Of several ways to understand it, the first of which anything is known but the name.
        """
        silent = None
        for written in spellings(word):
            spelling = replace(written, platform=written.platform or platform)
            found = self._find(spelling)
            if found is not None and found.status is not None:
                return Match(model=found, spelling=spelling)
            silent = silent or (Match(model=found, spelling=spelling) if found else None)
        return silent

    def named(self, name: str, provider: str) -> KnownModel | None:
        """The model a provider recommends by a name: its own first, then anybody's."""
        found = self._by_id.get(name, ())
        own = [model for model in found if model.provider == provider]
        return self._best(own or list(found), None)

    def standing(self, gone: KnownModel, today: date) -> list[KnownModel]:
        """The models that recommendations lead to from one that is gone, over others that are gone too: those that
        stand, the nearest first; none where they lead nowhere.
        """
        found: dict[str, KnownModel] = {}
        met, ahead = {gone.id}, [gone]
        for model in ahead:  # grows as it goes; each id is met once
            for name in model.replacements:
                new = self.named(name, model.provider)
                if new is None or name in met:
                    continue
                met.add(name)
                if new.is_gone(today):
                    ahead.append(new)
                else:
                    found[name] = new
        return list(found.values())

    def _find(self, spelling: Spelling) -> KnownModel | None:
        found = [model for model in self._by_id.get(spelling.id, ()) if _fits(model, spelling)]
        same = [
            model for twin in self._twins(found) for model in self._by_id.get(twin.id, ()) if _fits(model, spelling)
        ]
        best = self._best(found, spelling.platform)
        if best is None or best.status is not None:
            return best
        told = self._best([model for model in same if model.status is not None], spelling.platform)
        return told or best

    def _twins(self, found: Sequence[KnownModel]) -> Iterator[KnownModel]:
        for model in found:
            for twin in sorted(related(model.provider, model.id) - {model.id}):
                yield from (each for each in self._by_id.get(twin, ()) if each.provider == model.provider)

    def _best(self, found: Sequence[KnownModel], platform: str | None) -> KnownModel | None:
        return min(found, key=lambda model: _rank(model, platform), default=None)


def _fits(model: KnownModel, spelling: Spelling) -> bool:
    served = spelling.platform is not None and model.provider == _PLATFORM_OF.get(spelling.platform, spelling.platform)
    return spelling.maker in (None, model.provider) or served


def _rank(model: KnownModel, platform: str | None) -> tuple[Any, ...]:
    """The platform that is called first, where it says anything; else the maker, before those who serve its models."""
    there = platform is not None and model.provider == _PLATFORM_OF.get(platform, platform)
    there = there and (platform != "vertex" or model.scope.get("platform") == "vertex")
    silent = model.status is None
    first = (silent, not there) if platform else (model.provider in _SERVERS, silent)
    return (*first, _TRUST.index(model.trust), bool(model.scope), model.retires_on or "9999", model.provider)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What a meter costs with the old model and with its successor, per the same number of the same unit."""

    meter: str
    old: Decimal
    new: Decimal
    currency: str
    per: Decimal
    unit: str

    @property
    def change_pct(self) -> Decimal | None:
        """By how many per cent the successor is dearer (negative: cheaper); None where the old one is free."""
        return ((self.new - self.old) * 100 / self.old).quantize(Decimal("0.01")) if self.old else None


def differences(old: KnownModel, new: KnownModel) -> tuple[Difference, ...]:
    """Of each meter both have in the same currency and unit."""
    found = []
    for meter, before in old.prices.items():
        after = new.prices.get(meter)
        if after is None or (after.currency, after.unit) != (before.currency, before.unit):
            continue
        found.append(
            Difference(
                meter=meter,
                old=before.amount,
                new=(after.amount * before.per / after.per).normalize(),
                currency=before.currency,
                per=before.per,
                unit=before.unit,
            )
        )
    return tuple(found)
