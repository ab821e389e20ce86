"""Names as printed to the ids the providers' APIs take: an exact match or a reviewed alias, never a prefix."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from timeline.keys import digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Repointing:
    """A day on which a moving alias began to stand for another model."""

    alias: str
    old: str
    new: str
    on: date


_DATED = re.compile(r"[-@](?:20\d\d-?\d\d-?\d\d|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|latest)$")
_CLOUDS = frozenset({"azure", "amazon-bedrock", "aws-bedrock", "bedrock", "google-vertex", "vertex", "github"})


def resolve(provider: str, printed: str) -> str | None:
    """The API id a printed name stands for, or None. Case, the kind of space and back-ticks do not matter."""
    return _names(provider).get(_normal(printed))


def printed(provider: str) -> Mapping[str, str]:
    """Every reviewed name of a provider's models, ids too, in small letters, with the id it stands for."""
    return _names(provider)


def related(provider: str, model_id: str) -> frozenset[str]:
    """All ids that are the very same model: a fixed alias and its dated snapshots; at least the id itself."""
    alias = alias_of(provider, model_id)
    return frozenset([model_id, alias, *_models(provider).get(alias, {}).get("snapshots", ())])


def alias_of(provider: str, model_id: str) -> str:
    """The id whose dated snapshot this one is, or the id itself."""
    models = _models(provider)
    return next((name for name, entry in models.items() if model_id in entry.get("snapshots", ())), model_id)


@lru_cache(maxsize=8192)
def spellings(provider: str, model: str) -> frozenset[str]:
    """Everything that means the very same model, in lower case: as it is written, its id, its dated snapshots."""
    return frozenset(name.casefold() for name in (model, *related(provider, resolve(provider, model) or model)))


@lru_cache(maxsize=4096)
def maker(model: str) -> str | None:
    """The one maker whose reviewed models have exactly this name; None where there is none, or more than one.

    Clouds that sell the models of others are none.
    """
    found = [provider for provider in _registry() if provider not in _CLOUDS and resolve(provider, model)]
    return found[0] if len(found) == 1 else None


def offered(text: str) -> tuple[str, str] | None:
    """Provider and model of a text like `openai/gpt-4o`, or of the bare name of a model that one maker has; else None.

    A slash may also be a part of a name: what stands before it counts as a provider as it is written.
    """
    made_by = maker(text)
    if made_by:
        return made_by, text
    provider, _, model = text.partition("/")
    return (provider, model) if provider and model else None


def is_same(provider: str, model: str, other: str) -> bool:
    """Whether two ids of a provider are one model as people choose it: an alias, its snapshots, another day of them."""
    one, two = ((resolve(provider, name) or name).casefold() for name in (model, other))
    return two in spellings(provider, one) or _DATED.sub("", one) == _DATED.sub("", two)


def classmates(provider: str, model: str) -> list[tuple[str, str]]:
    """Every model of the same reviewed class, by any provider, as (provider, id); empty where it has none."""
    wanted = model_class(provider, resolve(provider, model) or model)
    return [
        (seller, one)
        for seller, entries in _registry().items()
        for one, entry in entries.get("models", {}).items()
        if wanted and entry.get("class") == wanted
    ]


def all_ids() -> Iterator[tuple[str, str]]:
    """Provider and API id of every model on file, dated snapshots too."""
    for provider in _registry():
        for model_id, entry in _models(provider).items():
            for name in (model_id, *entry.get("snapshots", ())):
                yield provider, name


def spoken() -> Iterator[tuple[str, str]]:
    """Provider and name of everything a model on file is called: ids, dated snapshots and display names."""
    for provider, entries in _registry().items():
        for model_id, entry in entries.get("models", {}).items():
            for name in (model_id, *entry.get("snapshots", ()), *entry.get("names", ())):
                yield provider, name


def providers() -> frozenset[str]:
    """The ids of all providers on file."""
    return frozenset(_registry())


def title(provider: str) -> str:
    """The provider's name as newspapers print it; the id itself where none is on file."""
    name: str = _registry().get(provider, {}).get("title", provider)
    return name


def sells_models(provider: str) -> bool:
    """Whether models of its own are on file: what it publishes is the word of a maker, not of a paper."""
    return bool(_models(provider))


def model_class(provider: str, model_id: str) -> str | None:
    """The reviewed class of a model (frontier, mid, small, embedding, image, audio, ...), or None."""
    classes = (_models(provider).get(related_id, {}).get("class") for related_id in related(provider, model_id))
    return next((found for found in classes if found), None)


def makers(model_id: str) -> tuple[str, ...]:
    """The providers that have a model of exactly this id on file."""
    return tuple(provider for provider in _registry() if model_id in related_ids(provider))


@cache
def related_ids(provider: str) -> frozenset[str]:
    """All ids of a provider on file: models and their dated snapshots."""
    models = _models(provider)
    return frozenset(models) | {name for entry in models.values() for name in entry.get("snapshots", ())}


def repointed(provider: str, model_id: str, after: date, upto: date) -> Repointing | None:
    """The reviewed repointing of an alias between two days, both included."""
    for entry in _registry().get(provider, {}).get("repointed", []):
        if entry["alias"] == model_id and after <= entry["on"] <= upto:
            return Repointing(**entry)
    return None


@cache
def fingerprint(provider: str) -> str:
    """A short hash of all names of a provider: another one means that printed names may resolve otherwise."""
    return digest(_models(provider), size=8)


def known_as(provider: str, printed: str) -> str:
    """The line of names.toml that would make a printed name resolve, for a person to review and to complete.

    A name that differs from a known id, or from one of its names, by case, spaces, dots and hyphens alone is offered
    as one of its names; nothing longer or shorter ever is.
    """
    model_id = _alike(provider).get(_bare(printed))
    if model_id is not None:
        names = [*_models(provider).get(model_id, {}).get("names", ()), " ".join(printed.split())]
        return (
            f"{_toml_key(model_id)} = {{ names = {json.dumps(names, ensure_ascii=False)}, ... }}  # if it is this one"
        )
    if re.fullmatch(r"[a-z0-9][a-z0-9._:/@-]*", printed):
        return f'{_toml_key(printed)} = {{ class = "..." }}'
    return (
        f'"<its API id>" = {{ names = {json.dumps([" ".join(printed.split())], ensure_ascii=False)}, class = "..." }}'
    )


@cache
def _alike(provider: str) -> Mapping[str, str | None]:
    """Ids by their names without case and punctuation; None for what two ids share."""
    found: dict[str, str | None] = {}
    for name, model_id in _names(provider).items():
        bare = _bare(name)
        found[bare] = model_id if found.get(bare, model_id) == model_id else None
    return found


def _bare(name: str) -> str:
    return re.sub(r"[\s._-]+", "", name).casefold()


def _toml_key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)


@cache
def _names(provider: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for model_id, entry in _models(provider).items():
        for name in (model_id, *entry.get("snapshots", ())):
            found[_normal(name)] = name
        for name in entry.get("names", ()):
            found.setdefault(_normal(name), model_id)
    return found


def _models(provider: str) -> Mapping[str, Mapping[str, Any]]:
    models: Mapping[str, Mapping[str, Any]] = _registry().get(provider, {}).get("models", {})
    return models


@cache
def _registry() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((resources.files("timeline") / "names.toml").read_text(encoding="utf-8"))


def _normal(name: str) -> str:
    return re.sub(r"[\s`]+", " ", name).strip().casefold()
