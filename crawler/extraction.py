"""`aiwire extract`: one file read as a source's reader reads it. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.extract.funding.items import read_items
from crawler.extract.general import GENERAL
from crawler.reading import document_of, judge
from crawler.source import Expect, Source, claim
from timeline.facts import to_json
from timeline.issues import Issue, MistakeError

GUESSED_PROVIDER = "unknown"
FUNDING = "funding"  # read from items, whatever feed brought them: no source is of this kind


class UnknownKindError(MistakeError):
    """No reader reads this kind of page."""


class UnknownSourceError(MistakeError):
    """No source has this id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Extracted:
    """Facts as the JSON objects of the contract, and what was not understood."""

    facts: tuple[dict[str, Any], ...]
    issues: tuple[Issue, ...]


def extract(
    body: bytes,
    known: Sequence[Source],
    *,
    kind: str,
    url: str,
    at: datetime,
    source: str | None = None,
    explain: bool = False,
) -> Extracted:
    """Read `body`. The source is found by id, else by URL, else the general reader of the kind reads it.

    Of kind `funding`, `body` is lines of items; `explain` adds to each what led to its reading. Facts are given even
    when an issue is fatal. Raises UnknownKindError and UnknownSourceError.
    """
    if kind == FUNDING:
        found, issues = read_items(body, explain=explain)
        return Extracted(facts=tuple(found), issues=tuple(issues))
    chosen = by_id(known, source) if source else claim([s for s in known if s.kind == kind], url)
    chosen = chosen or unclaimed(kind, url)
    document = document_of(chosen, body, url=url, at=at)
    judged = judge(chosen, document, live=False, last_good=None)
    facts = tuple({"fact": fact.fact, "source": chosen.id, **to_json(fact)} for fact in judged.read.facts)
    return Extracted(facts=facts, issues=tuple(judged.reading.issues))


def issue_line(issue: Issue, **where: str) -> str:
    """An issue as one line of JSON, for stderr; `where` adds fields such as the file."""
    return json.dumps(
        {**where, "issue": issue.code, "message": issue.message, "locator": issue.locator, "fatal": issue.fatal},
        ensure_ascii=False,
    )


def by_id(known: Sequence[Source], source: str) -> Source:
    """The source of that id. Raises UnknownSourceError with the ids that begin alike."""
    for candidate in known:
        if candidate.id == source:
            return candidate
    near = ", ".join(sorted(candidate.id for candidate in known if candidate.id.startswith(source[:4]))) or "none"
    raise UnknownSourceError(
        f"no source is called {source!r}; ids that begin alike: {near}; `aiwire sources` lists all"
    )


def unclaimed(kind: str, url: str) -> Source:
    """For a page no source claims: the general reader of the kind, a provider named by the host.

    Raises UnknownKindError.
    """
    if kind not in GENERAL:
        raise UnknownKindError(f"no reader reads kind {kind!r}; there are {', '.join(sorted({*GENERAL, FUNDING}))}")
    return Source(
        id=f"unclaimed-{kind}", provider=_provider(url), kind=kind, url=url, trust="official",
        every=timedelta(days=1), expect=Expect(),
    )  # fmt: skip


def _provider(url: str) -> str:
    """The name a host goes by: docs.groq.com gives groq."""
    host = url.split("//", 1)[-1].split("/", 1)[0].split(":", 1)[0].lower()
    parts = [part for part in host.split(".") if part]
    return parts[-2] if len(parts) >= 2 else GUESSED_PROVIDER
