"""Names as printed to the ids the providers' APIs take: an exact match or a reviewed alias, never a prefix."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Repointing:
    """A day on which an alias began to stand for another model."""

    alias: str
    old: str
    new: str
    on: date


def resolve(provider: str, printed: str) -> str | None:
    """The API id a printed name stands for, or None. Case, the kind of space and back-ticks do not matter."""
    return _names(provider).get(_normal(printed))


def title(provider: str) -> str:
    """The provider's name as newspapers print it; the id itself where none is on file."""
    name: str = _registry().get(provider, {}).get("title", provider)
    return name


def model_class(provider: str, model_id: str) -> str | None:
    """The reviewed class of a model (frontier, mid, small, embedding, image, audio, ...), or None."""
    entry = _registry().get(provider, {}).get("models", {}).get(model_id)
    return None if entry is None else entry.get("class")


def repointed(provider: str, model_id: str, after: date, upto: date) -> Repointing | None:
    """The reviewed repointing of an alias between two days, both included."""
    for entry in _registry().get(provider, {}).get("repointed", []):
        if entry["alias"] == model_id and after <= entry["on"] <= upto:
            return Repointing(**entry)
    return None


@cache
def _names(provider: str) -> Mapping[str, str]:
    models: Mapping[str, Mapping[str, Any]] = _registry().get(provider, {}).get("models", {})
    found = {_normal(model_id): model_id for model_id in models}
    for model_id, entry in models.items():
        for name in entry.get("names", []):
            found.setdefault(_normal(name), model_id)
    return found


@cache
def _registry() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((resources.files("timeline") / "names.toml").read_text(encoding="utf-8"))


def _normal(name: str) -> str:
    return re.sub(r"[\s`\u00a0]+", " ", name).strip().casefold()
