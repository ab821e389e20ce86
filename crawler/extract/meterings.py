"""Which meter a price is of: by the words around it, then by the unit it is given for."""

from collections.abc import Iterable, Sequence
from typing import Literal

from crawler.extract.conditions import Conditions
from crawler.extract.labels import Label, Side, modality_of
from crawler.extract.units import Unit
from timeline.meters import meter_of_unit

_TIMED = frozenset({"second", "minute", "hour"})
_KEPT = frozenset({"month", "day", "model", "model-month", "custom model", "GB"})
_ASKED = frozenset({"search", "request", "query", "prompt", "use"})
_NEAREST = 3  # labels, counted from the amount, that may say it is training

Metered = tuple[str | None, Conditions]


def meter_of(labels: Sequence[Label], unit: Unit | None, hint: str, *, pair: Side = "") -> Metered:
    """The meter the labels (outermost first) and the unit mean, and conditions that tell kinds of it apart.

    `hint` is the kind of thing that is priced, where a heading or a name says it; `pair` the side of one of two joined
    amounts. None: nothing says what is billed.
    """
    name = unit.name if unit else "token"
    side = pair or _side(labels)
    cache = _cache(labels)
    if not side and any(label.training for label in labels[-_NEAREST:]):
        return "training", {}
    if cache == "storage" or name == "token-hour":
        return "storage", {"stored": "cache"}
    if name in _KEPT and any(label.stored for label in labels[-_NEAREST:]):
        return "storage", {}
    modality = _last(modality_of(label) for label in labels if label.modalities)
    if name in ("token", "character"):
        return _by_text(labels, side, cache, modality=modality, hint=hint, characters=name == "character")
    if name in _TIMED:
        return _by_time(side, modality, hint, labels)
    return _by_unit(name, side, hint, labels), {}


def _side(labels: Sequence[Label]) -> Side:
    for label in reversed(labels):
        if len(label.sides) == 1:
            return label.sides[0]
    return ""


def _cache(labels: Sequence[Label]) -> Literal["", "read", "write", "storage"]:
    """What is done with a cache; nothing where the nearest words name a side and no cache."""
    if labels and labels[-1].sides and not labels[-1].cache:
        return ""
    return next((label.cache for label in reversed(labels) if label.cache), "")


def _by_text(labels: Sequence[Label], side: Side, cache: str, *, modality: str, hint: str, characters: bool) -> Metered:
    kinds: Conditions = {"modality": modality} if modality else {}
    if cache:
        return ("cache_write" if cache == "write" else "cache_read"), kinds
    if not side and labels and labels[-1].reasoning:
        return "reasoning", {}
    if characters:
        return "character", ({"direction": side} if side else {})
    if side:
        return (f"{side}_{modality}" if modality else side), {}
    if hint in ("embedding", "rerank"):
        return (f"input_{modality}" if modality else hint), {}
    return "tokens", kinds


def _by_time(side: Side, modality: str, hint: str, labels: Sequence[Label]) -> Metered:
    shown = hint == "video" or any("video" in label.modalities for label in labels)
    if hint == "gpu" and not shown and not modality:
        return "gpu_hour", {}
    meter = {"video": "video_second", "audio": "audio_second"}.get("video" if shown else modality or hint)
    return (meter, {"direction": side} if side else {}) if meter else ("duration", {})


def _by_unit(name: str, side: Side, hint: str, labels: Sequence[Label]) -> str | None:
    if name == "image" and side == "input":
        return "input_image"
    if name in _ASKED and hint == "rerank":
        return "rerank"
    if name in _ASKED and (hint == "search" or any(label.search for label in labels)):
        return "web_search"
    return meter_of_unit(name)


def _last(items: Iterable[str]) -> str:
    return next(reversed(list(items)), "")
