"""Watchlists: the models somebody runs, read from what they have: a list, a proxy's configuration, a scan of code."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from timeline.events import Event
from timeline.names import spellings
from timeline.scan.spellings import Spelling
from timeline.scan.spellings import spellings as written
from timeline.strict import Table
from timeline.workloads import Workload

WORKLOADS: Final = "workloads"
"""The watchlist that is always there: the models of the `[[workload]]` tables."""
LARGEST: Final = 4_000_000
"""Characters of a file that is read."""
PLATFORMS: Final[Mapping[str, str]] = {"bedrock": "amazon", "vertex": "google", "watsonx": "ibm"}
"""Platforms of prefixes that are another provider here; the others are called the same."""

ReadFile = Callable[[str], str]


class _NotYamlError(ValueError):
    """Its text: where the file is no YAML, as far as is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """One model as it was written, and where. `provider` as the file says beside the name; None: the name says all."""

    name: str
    provider: str | None = None
    where: str = ""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Watchlist:
    """A named set of models. Equal to itself alone: what it covers is remembered by it."""

    name: str
    models: tuple[Watched, ...] = field(default=())


def covers(watchlist: Watchlist, event: Event) -> bool:
    """Whether the event is about one of the models, by its id, its printed name or a reviewed alias."""
    names = _names(watchlist, event.provider)
    models = [model for model in (event.model_id, event.model) if model]
    return any(not names.isdisjoint(_called(event.provider, model)) for model in models)


def unknown(watchlist: Watchlist, known: Iterable[tuple[str, str]]) -> list[Watched]:
    """The models that no provider is known to have, by `known` (provider and model): nothing is ever told of them."""
    there: dict[str, set[str]] = {}
    for provider, model in known:
        there.setdefault(provider, set()).update(_called(provider, model))
    return [
        watched
        for watched in watchlist.models
        if all(names.isdisjoint(_spelled(watched, provider)) for provider, names in there.items())
    ]


def of_workloads(workloads: Sequence[Workload]) -> Watchlist:
    """The models that the reader's workloads use."""
    found = (Watched(name=work.model, provider=work.provider, where=f"workload {work.name}") for work in workloads)
    return Watchlist(name=WORKLOADS, models=tuple(found))


def parse_watchlists(table: Table, workloads: Sequence[Workload], read: ReadFile) -> dict[str, Watchlist]:
    """The `[[watchlist]]` tables by name, and that of the workloads. Raises ConfigurationError."""
    found = {WORKLOADS: of_workloads(workloads)}
    for one in table.take_tables("watchlist"):
        name = one.take_str("name")
        if name in found:
            raise one.error("name", f"a name no other watchlist has; {WORKLOADS!r} is that of the workloads")
        models = [
            Watched(name=model, where=f"watchlist {name}") for model in one.take_list_of_str("models", default=())
        ]
        for kind, reader in READERS.items():
            file = one.take_str(kind, default=None)
            if file is not None:
                models += _read(one, kind, file, read, reader)
        if not models:
            raise one.error("models", f"models, or a file of them: models, {', '.join(READERS)}", found="none")
        found[name] = Watchlist(name=name, models=tuple(dict.fromkeys(models)))
    return found


def of_list(text: str, file: str) -> Iterator[Watched]:
    """One model a line, `provider/model` or what an API takes; `#` begins a remark."""
    for number, line in enumerate(text.splitlines(), 1):
        if name := line.partition("#")[0].strip():
            yield Watched(name=name, where=f"{file}, line {number}")


def of_scan(text: str, file: str) -> Iterator[Watched]:
    """What `aiwire scan --json` prints: an object a line with model_id, provider, file and line."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        row = json.loads(line)
        if not isinstance(row, dict) or not isinstance(row.get("model_id"), str):
            raise ValueError(f"line {number}: an object with a model_id, as `aiwire scan --json` prints")
        provider = row.get("provider")
        place = f"{row.get('file')}, line {row.get('line')}" if row.get("file") else f"{file}, line {number}"
        yield Watched(name=row["model_id"], provider=provider if isinstance(provider, str) else None, where=place)


def of_litellm(text: str, file: str) -> Iterator[Watched]:
    """A LiteLLM proxy's configuration: `model_list[].litellm_params.model`, or the base model of a deployment."""
    import yaml  # late: for who has such a file alone

    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _NotYamlError(f" (line {mark.line + 1} of it is not)" if mark is not None else "") from None
    models = document.get("model_list") if isinstance(document, dict) else None
    if not isinstance(models, list):
        raise ValueError("a model_list, as in https://docs.litellm.ai/docs/proxy/configs")
    for number, entry in enumerate(models, 1):
        parts = entry if isinstance(entry, dict) else {}
        model = _text(parts.get("litellm_params"), "model")
        base = _text(parts.get("model_info"), "base_model") or _text(parts.get("litellm_params"), "base_model")
        where = f"{file}, model_list {number}"
        if not model:
            raise ValueError(f"model_list {number}: litellm_params with a model")
        if base:  # a deployment on Azure may be called anything
            prefix = model.partition("/")[0] if "/" in model and "/" not in base else ""
            yield Watched(name=f"{prefix}/{base}" if prefix else base, where=where)
        elif "*" not in model:
            yield Watched(name=model, where=where)


READERS: Final[Mapping[str, Callable[[str, str], Iterator[Watched]]]] = {
    "file": of_list,
    "litellm": of_litellm,
    "scan": of_scan,
}


def _read(
    table: Table, kind: str, file: str, read: ReadFile, reader: Callable[[str, str], Iterator[Watched]]
) -> list[Watched]:
    """The models of a file that a table names. Raises ConfigurationError at that field."""
    try:
        text = read(file)
    except UnicodeDecodeError:
        raise table.error(kind, "a file of UTF-8 text") from None
    except OSError as error:
        raise table.error(
            kind, f"a file that can be read, beside this one or by its full path ({error.strerror})"
        ) from None
    if len(text) > LARGEST:
        raise table.error(kind, f"a file of at most {LARGEST // 1_000_000} MB")
    try:
        return list(reader(text, file))
    except RecursionError:
        raise table.error(kind, "a file that is not nested so deeply") from None
    except _NotYamlError as error:
        raise table.error(kind, f"a file of YAML{error}") from None
    except json.JSONDecodeError as error:
        raise table.error(kind, f"what `aiwire scan --json` prints, JSON on every line ({error.msg})") from None
    except ValueError as error:
        raise table.error(kind, f"a file with {error}") from None


def _text(table: Any, name: str) -> str | None:
    value = table.get(name) if isinstance(table, dict) else None
    return value.strip() if isinstance(value, str) and value.strip() else None


@lru_cache(maxsize=4096)
def _names(watchlist: Watchlist, provider: str) -> frozenset[str]:
    """All spellings of the watched models at one provider, in lower case."""
    return frozenset(name for watched in watchlist.models for name in _spelled(watched, provider))


@lru_cache(maxsize=65536)
def _spelled(watched: Watched, provider: str) -> frozenset[str]:
    if watched.provider is not None and watched.provider.casefold() != provider.casefold():
        return frozenset()
    plain = spellings(provider, watched.name)  # an id, or a name as printed: `Claude Opus 4.5`
    return frozenset(plain) | _routed(watched.name, provider)


def _routed(name: str, provider: str) -> frozenset[str]:
    """What a name with the prefixes of clouds and routers stands for at a provider."""
    return frozenset(each for one in written(name) if _fits(one, provider) for each in spellings(provider, one.id))


@lru_cache(maxsize=65536)
def _called(provider: str, model: str) -> frozenset[str]:
    """What a model may be called in a list: one with its version (`gpt-4o@2024-08-06`) without it too, or joined."""
    found = spellings(provider, model)
    versioned = [name.partition("@") for name in found if "@" in name]
    return frozenset(found) | {name for first, _, version in versioned for name in (first, f"{first}-{version}")}


def _fits(one: Spelling, provider: str) -> bool:
    """Its maker, the cloud that serves it, or anybody where the name says neither."""
    served = PLATFORMS.get(one.platform or "", one.platform)
    return provider in (one.maker, served) or (one.maker is None and one.platform is None)
