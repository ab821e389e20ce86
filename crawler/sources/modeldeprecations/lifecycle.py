"""modeldeprecations.dev: a catalogue of models, each with its dates and the pages that state them.

Format: https://github.com/mnfst/modeldeprecations.dev, `src/schema/model.ts`. A soft date is `earliest_shutdown_on`: a
floor. Once that has passed the catalogue calls a model retired; we do not, since a floor retires nobody.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import orjson

from crawler.extract.dates import iso_day
from crawler.extract.document import Document, Ignored, Reading
from timeline.issues import Issue
from timeline.names import resolve
from timeline.notices import Notice, Status, restate

VERSION = "1"

_PROVIDERS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    **{
        name: (name, {})
        for name in (
            *("openai", "anthropic", "google", "mistral", "cohere", "deepseek", "xai", "moonshot", "minimax", "zai"),
            *("alibaba", "amazon", "xiaomi", "meta", "groq", "fireworks", "cerebras", "perplexity", "nvidia", "azure"),
        )
    },
    "qwen": ("alibaba", {}),
    "z-ai": ("zai", {}),
    "bedrock": ("amazon", {}),
    "vertex": ("google", {"platform": "vertex"}),
}
_FIELDS = frozenset(
    {
        *("provider", "model", "name", "aliases", "description", "released_on", "deprecated_on", "shutdown_on"),
        *("earliest_shutdown_on", "status", "computed_status", "replacements", "sources", "last_verified"),
    }
)
_DATES = ("deprecated_on", "shutdown_on", "earliest_shutdown_on")
_STATUSES: Mapping[str, Status] = {"active": "active", "deprecated": "deprecated", "retired": "retired"}
_EARLIEST, _LATEST = date(2018, 1, 1), date(2040, 1, 1)


def read(document: Document) -> Reading:
    """A notice for each model and for each dated id it stands for. Never raises for what an answer can contain."""
    try:
        answer = orjson.loads(document.body)
        models, count = answer["models"], answer["count"]
    except (orjson.JSONDecodeError, TypeError, KeyError) as error:
        return _unreadable(f"found {type(error).__name__}: {error}")
    if not isinstance(models, list) or count != len(models) or not all(isinstance(model, dict) for model in models):
        return _unreadable(
            f"found {len(models) if isinstance(models, list) else 'no'} models where {count} are counted"
        )
    issues: dict[str, Issue] = {}
    ignored: list[Ignored] = []
    found: dict[str, Notice] = {}
    for index, model in enumerate(models):
        at = f"/models/{index}"
        problems = list(_problems(model, at))
        for issue in problems:
            issues.setdefault(issue.code + issue.message, issue)
        if any(issue.code != "unknown_field" for issue in problems):
            ignored.append(Ignored(what=str(model.get("model"))[:80], why="not understood: see the issues", locator=at))
            continue
        for notice in _notices(model, document, at):
            found.setdefault(notice.key, notice)
    return Reading(facts=tuple(found.values()), issues=tuple(issues.values()), ignored=tuple(ignored))


def _problems(model: Mapping[str, Any], at: str) -> Iterator[Issue]:
    id = str(model.get("model") or "")[:80]
    if model.get("provider") not in _PROVIDERS:
        message = f"a provider {str(model.get('provider'))[:60]!r} that nobody knows"
        yield Issue(code="unknown_provider", message=message, locator=at)
    if not id or any(char.isspace() for char in id):
        yield Issue(code="unknown_model", message=f"found {id!r}, expected an id", locator=at)
    if model.get("status") not in _STATUSES:
        message = f"{id}: a status {str(model.get('status'))[:40]!r} that nobody knows"
        yield Issue(code="unknown_status", message=message, locator=at)
    for name in _DATES:
        if model.get(name) is not None and _day(model[name]) is None:
            message = f"{id}: {name} is {str(model[name])[:40]!r}, which is no day of this era"
            yield Issue(code="impossible_date", message=message, locator=at)
    if model.get("shutdown_on") and model.get("earliest_shutdown_on"):
        yield Issue(code="contradiction", message=f"{id}: a firm day and a floor at once", locator=at)
    for name in sorted(model.keys() - _FIELDS):
        yield Issue(code="unknown_field", message=f"a field {name[:60]!r} that nobody knows", locator=at)


def _notices(model: Mapping[str, Any], document: Document, at: str) -> Iterator[Notice]:
    provider, scope = _PROVIDERS[model["provider"]]
    announced, stops, floor = (_day(model.get(name)) for name in _DATES)
    said = _STATUSES[model["status"]]
    if stops or floor:  # the word follows from the dates: it is ours to say what they mean
        said = "deprecated" if stops or announced else "active"
    aliases = [name for name in model.get("aliases") or () if isinstance(name, str) and name[-1:].isdigit()]
    for id in (model["model"], *aliases):
        notice = Notice(
            provider=provider,
            model=id,
            model_id=resolve(provider, id) or id,
            status=said,
            label=str(model["status"]),
            labelled=not (stops or floor),
            announced_on=announced.isoformat() if announced and announced <= document.at.date() else None,
            retires_on=stops.isoformat() if stops else None,
            not_before=floor.isoformat() if floor else None,
            replacements=tuple(_successors(model)),
            scope=dict(scope),
            locator=at,
        )
        yield restate(notice, document.at.date())


def _successors(model: Mapping[str, Any]) -> Iterator[str]:
    """The recommended one first."""
    named = [each for each in model.get("replacements") or () if isinstance(each, dict)]
    for each in sorted(named, key=lambda one: not one.get("recommended")):
        if isinstance(each.get("model"), str) and each["model"] != model["model"]:
            yield each["model"]


def _day(value: object) -> date | None:
    day = iso_day(value) if isinstance(value, str) and len(value) == len("2026-01-01") else None
    return day if day and _EARLIEST <= day < _LATEST else None


def _unreadable(what: str) -> Reading:
    message = f"expected an object with as many `models` as its `count` says, {what}"
    return Reading(issues=(Issue(code="unreadable", message=message[:300], fatal=True),))
