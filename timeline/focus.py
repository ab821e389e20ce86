"""Rows of a bill in the FinOps Open Cost and Usage Specification: tokens of one kind, of one model, over a while. Pure.

Columns of https://focus.finops.org/focus-specification/: ChargeCategory, ChargePeriodStart, ConsumedQuantity,
ConsumedUnit, SkuMeter, SkuPriceDetails, ServiceProviderName (before 1.3 ProviderName). It has no column for a model:
that is told by the texts about the SKU, or in a column of one's own (`x_Model`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from timeline import names

_UNIT: Final = re.compile(r"(?:per\s+)?([\d.,]*)\s*(k|m|thousand|million)?\s*(?:\w+[ _-])?tokens?", re.I)
_SCALES: Final = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_TEXTS: Final = ("skumeter", "skuid", "resourcename", "resourceid", "chargedescription")
_MODELS: Final = ("x_model", "x_modelid", "x_modelname", "x_aimodel", "skupricedetails.model", "tags.model")
_SELLERS: Final = ("serviceprovidername", "providername")
_KINDS: Final = (  # in the order in which they are looked for
    ("written", r"cache[ _-]*(?:write|creation|stor)"),
    ("cached", r"cache"),
    ("output", r"output|completion|generated|response|\bout(?:p|pt)?\b"),
    ("input", r"input|prompt|\binp?t?\b"),
)
_KNOWN: Final = {
    "amazon web services": "amazon", "aws": "amazon", "amazon": "amazon", "microsoft": "azure", "azure": "azure",
    "microsoft azure": "azure", "google cloud": "google", "google": "google", "gcp": "google",
}  # fmt: skip
_OF_LONG_PROMPTS: Final = re.compile(r"long[ _-]?(?:context|ctx)|(?:>|above|over|gt)[ _-]?\d+k\b", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """`tokens` of one `kind`: input, cached, written, output. `provider` None: what it bills is not certain."""

    provider: str | None
    model: str
    kind: str
    tokens: Decimal
    batch: bool


def is_charge(flat: Mapping[str, Any]) -> bool:
    """Whether a row, its fields in small letters, is one of this specification."""
    return "chargeperiodstart" in flat and ("chargecategory" in flat or "consumedquantity" in flat)


def charge(flat: Mapping[str, Any], quantity: Decimal) -> Charge | None:
    """What a row bills, `quantity` its ConsumedQuantity; None where that is no use of tokens: a tax, hours."""
    found = _UNIT.fullmatch(str(flat.get("consumedunit", "")).strip())
    if str(flat.get("chargecategory", "Usage")).casefold() != "usage" or found is None:
        return None
    digits = found[1].replace(",", "")
    scale = Decimal(digits or 1) * _SCALES.get((found[2] or "").casefold(), 1)
    texts = [str(flat[name]) for name in _TEXTS if name in flat]
    about = " ".join([*texts, str(flat.get("consumedunit"))])
    kind = next((kind for kind, pattern in _KINDS if re.search(pattern, about, re.I)), None)
    seller = next((str(flat[name]) for name in _SELLERS if name in flat), "").strip().casefold()
    provider = _KNOWN.get(seller) or _titled(seller)
    said = next((str(flat[name]) for name in _MODELS if name in flat), None)
    model = said or (_named(provider, " ".join(texts)) if provider else None)
    certain = kind is not None and not _OF_LONG_PROMPTS.search(about)
    return Charge(
        provider=provider if model and certain else None,
        model=model or (texts[0] if texts else "?"),
        kind=kind or "input",
        tokens=quantity * scale,
        batch=bool(re.search(r"\bbatch", about, re.I)),
    )


def _titled(seller: str) -> str | None:
    """The id of a provider that a bill names as newspapers do, or by its id."""
    known = names.providers()
    return next((one for one in sorted(known) if seller and seller in (one, names.title(one).casefold())), None)


def _named(provider: str, text: str) -> str | None:
    """The longest of the provider's reviewed names that stands in a text by itself, as an id; None where none does."""
    spoken = _plain(text)
    found = [
        (len(name), model)
        for name, model in names.printed(provider).items()
        if re.search(rf"(?<![a-z0-9]){re.escape(_plain(name))}(?![a-z0-9]|-\d)", spoken)
    ]
    return max(found)[1] if found else None


def _plain(text: str) -> str:
    return re.sub(r"[\s_/:]+", "-", text.strip().casefold())
