"""deprecations.info: a list of models with the day on which each stops, as read daily from the providers' pages.

Format: https://github.com/deprecations/deprecations-rss, `docs/v1/deprecations.json`. Where a page has several dates by
region it has the earliest. Its `announcement_date` is left alone: where a page states none, it is a day of its own.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import orjson

from crawler.extract.dates import iso_day
from crawler.extract.document import Document, Ignored, Reading
from timeline.issues import Issue
from timeline.names import resolve
from timeline.notices import Notice, restate

VERSION = "1"

_PROVIDERS: Mapping[str, tuple[str, Mapping[str, str]]] = {  # as it calls them: who serves, and where
    "OpenAI": ("openai", {}),
    "Anthropic": ("anthropic", {}),
    "Google": ("google", {}),
    "Google Vertex": ("google", {"platform": "vertex"}),
    "AWS Bedrock": ("amazon", {}),
    "Cohere": ("cohere", {}),
    "Groq": ("groq", {}),
    "xAI": ("xai", {}),
    "Azure": ("azure", {}),
}
_FIELDS = frozenset(
    {
        *("provider", "model_id", "announcement_date", "shutdown_date", "replacement_models", "deprecation_context"),
        *("url", "content_hash", "scraped_at", "first_observed", "last_observed"),
    }
)
_NOTHING = frozenset({"", "-", "--", "---", "—", "n/a", "none", "tbd"})  # what empty cells of pages became
_EARLIEST, _LATEST = date(2020, 1, 1), date(2040, 1, 1)


def read(document: Document) -> Reading:
    """A notice for each model, deprecated until its day has passed. Never raises for what an answer can contain."""
    try:
        entries = orjson.loads(document.body)
    except orjson.JSONDecodeError as error:
        return _unreadable(f"{error}")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return _unreadable(f"found {type(entries).__name__}")
    issues: dict[str, Issue] = {}
    ignored: list[Ignored] = []
    found: dict[str, Notice] = {}
    doubtful: set[str] = set()
    for index, entry in enumerate(entries):
        for issue in _unknown(entry, f"/{index}"):
            issues.setdefault(issue.code + issue.message, issue)
        notice = _notice(entry, document, f"/{index}", issues, ignored)
        if notice is None:
            continue
        other = found.setdefault(notice.key, notice)
        if other.retires_on != notice.retires_on:
            doubtful.add(notice.key)
            message = f"{notice.model} of {notice.provider} stops on {other.retires_on} and on {notice.retires_on}"
            issues.setdefault(notice.key, Issue(code="contradiction", message=message, locator=notice.locator))
    facts = tuple(notice for key, notice in found.items() if key not in doubtful)
    return Reading(facts=facts, issues=tuple(issues.values()), ignored=tuple(ignored))


def _notice(
    entry: Mapping[str, Any], document: Document, at: str, issues: dict[str, Issue], ignored: list[Ignored]
) -> Notice | None:
    served, model = _PROVIDERS.get(str(entry.get("provider"))), entry.get("model_id")
    if served is None or not isinstance(model, str) or not model.strip() or any(char.isspace() for char in model):
        ignored.append(Ignored(what=str(model)[:80], why="no provider or no id we know of", locator=at))
        return None
    stops = _day(entry.get("shutdown_date"))
    if stops is None:
        found = str(entry.get("shutdown_date"))[:40]
        if found.lower() not in _NOTHING:
            issues.setdefault(at, Issue(code="impossible_date", message=f"{model} stops on {found!r}", locator=at))
            return None
    provider, scope = served
    names = entry.get("replacement_models") or []
    told = [name for name in names if isinstance(name, str) and name.strip().lower() not in _NOTHING]
    if model in told:
        issues.setdefault(at, Issue(code="replaced_by_itself", message=f"{model} is replaced by itself", locator=at))
    notice = Notice(
        provider=provider,
        model=model,
        model_id=resolve(provider, model) or model,
        status="deprecated",
        retires_on=stops.isoformat() if stops else None,
        replacements=tuple(dict.fromkeys(name for name in told if name != model)),
        scope=dict(scope),
        locator=at,
    )
    return restate(notice, document.at.date())


def _unknown(entry: Mapping[str, Any], at: str) -> Iterator[Issue]:
    """What the format does not have as we know it: once each."""
    if str(entry.get("provider")) not in _PROVIDERS:
        message = f"a provider {str(entry.get('provider'))[:60]!r} that nobody knows"
        yield Issue(code="unknown_provider", message=message, locator=at)
    for name in sorted(entry.keys() - _FIELDS):
        yield Issue(code="unknown_field", message=f"a field {name[:60]!r} that nobody knows", locator=at)


def _day(value: object) -> date | None:
    day = iso_day(value) if isinstance(value, str) and len(value) == len("2026-01-01") else None
    return day if day and _EARLIEST <= day < _LATEST else None


def _unreadable(what: str) -> Reading:
    message = f"expected a list of models with their days, {what}"
    return Reading(issues=(Issue(code="unreadable", message=message[:300], fatal=True),))
