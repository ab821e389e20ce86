"""Sources: what is watched, how often, who reads it, and what a good capture of it looks like."""

import importlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib import resources
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from crawler.extract import general
from crawler.extract.document import Reader
from crawler.extract.figures.specs import take_spec
from crawler.extract.selectors import check_selector
from timeline import topics
from timeline.addresses import BlockedAddressError, check_url
from timeline.issues import AiwireError
from timeline.keys import digest
from timeline.names import fingerprint
from timeline.strict import Table, load

KINDS = ("pricing", "lifecycle", "feed", "catalogue", "status", "table", "page")
TRUSTS = ("official", "cloud", "reseller", "catalogue", "press")

_EVERY = {
    "pricing": "10m",
    "lifecycle": "10m",
    "feed": "15m",
    "catalogue": "1h",
    "status": "5m",
    "table": "1h",
    "page": "1h",
}
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=30)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_READ = ("table", "selector", "jurisdiction", "titled")
"""Options of which other values are another reading: a source's history is read again."""
_PLACE = re.compile(r"[A-Z]{2,4}(-[A-Z]{2,3})?")
_MODULE = re.compile(r"[a-z][a-z0-9_]*")
_ID_WORDS = 'lower case letters, digits and single hyphens, like "acme-pricing"'


class ReaderMissingError(AiwireError):
    """No code reads this source: the message names the module that was looked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expect:
    """What a live capture must have, or it is bad: read by crawler.checks, never applied to imports."""

    facts: tuple[int, int] | None = None  # how many facts, at least and at most
    models: tuple[str, ...] = ()  # each must be part of the name of some fact's model
    markers: tuple[str, ...] = ()  # texts that must stand in the document


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One watched URL. Fields as in `sources.toml`, docs/sources.md explains them."""

    id: str
    provider: str
    kind: str  # one of KINDS
    url: str
    former_urls: tuple[str, ...] = ()  # where it was before: older captures still find their source
    trust: str  # one of TRUSTS
    lineage: str | None = None  # whose words these are: sources of one lineage are one witness; None: the provider's
    every: timedelta
    extract: str | None = None  # module of crawler.sources.<provider>; None: the general reader of the kind
    expect: Expect = Expect()
    verified: bool = False  # a real capture has been read and checked
    options: Mapping[str, Any] = field(default_factory=dict)  # for the reader alone

    @property
    def host(self) -> str:
        """Host and port as they stand in the URL, lower case: the unit of politeness."""
        return urlsplit(self.url).netloc.lower()


@cache
def bundled_sources() -> tuple[Source, ...]:
    """Every source that comes with aiwire, in order of provider. Raises ConfigurationError for a broken file."""
    files = [folder / "sources.toml" for folder in resources.files("crawler.sources").iterdir() if folder.is_dir()]
    found: list[Source] = []
    for file in sorted((file for file in files if file.is_file()), key=str):
        name = "/".join(str(file).replace("\\", "/").split("/")[-4:])  # crawler/sources/<provider>/sources.toml
        found += parse_sources(file.read_text(encoding="utf-8"), name, user=False)
    _refuse_twins(found)
    return tuple(found)


def parse_sources(text: str, file: str, *, user: bool, allowed: Collection[str] = ()) -> tuple[Source, ...]:
    """The sources of a TOML document. `user`: a person's own file, where each source names its provider itself.

    Raises ConfigurationError naming file, line, field, what was found and what is allowed.
    """
    document = load(text, file)
    provider = None if user else file.rsplit("/", 2)[-2].replace("_", "-")
    found = take_sources(document, provider=provider, allowed=allowed)
    document.finish()
    return found


def take_sources(document: Table, *, provider: str | None = None, allowed: Collection[str] = ()) -> tuple[Source, ...]:
    """The `[[source]]` tables of a document that has other tables too; `allowed`: internal `host:port`s opened."""
    found: dict[str, Source] = {}
    for table in document.take_tables("source"):
        source = _take_source(table, provider, allowed)
        if source.id in found:
            raise table.error("id", "an id no other source has")
        found[source.id] = source
    return tuple(found.values())


def combine(bundled: Iterable[Source], own: Iterable[Source]) -> tuple[Source, ...]:
    """All sources: one of a person's own replaces the bundled one of the same id, in its place."""
    return tuple(({source.id: source for source in bundled} | {source.id: source for source in own}).values())


def claim(sources: Sequence[Source], url: str) -> Source | None:
    """The source a URL belongs to: its own URL before anybody's former one, an exact match before a loose one.

    Loosely, scheme, fragment, a default port, a trailing slash and a `.md` ending (the Markdown twin of the same page)
    make no difference. Query strings do, except that answers of an endpoint are all read by the reader made for it.
    """
    loose = _loosely(url)
    endpoint = loose.partition("?")[0] if "?" in loose else None
    for matches in (
        lambda source: url == source.url,
        lambda source: url in source.former_urls,
        lambda source: loose == _loosely(source.url),
        lambda source: loose in map(_loosely, source.former_urls),
        lambda source: source.extract is not None and endpoint == _loosely(source.url).partition("?")[0],
    ):
        for source in sources:
            if matches(source):
                return source
    return None


def reader_of(source: Source) -> Reader:
    """The function that reads this source's documents. Raises ReaderMissingError."""
    return _reader(source)[0]


def reader_version(source: Source) -> str:
    """Which version of which reader that is, like "anthropic.pricing 3 names 1f0a22c9": changes whenever its readings
    may, also because a printed name stands for another id now, or the rules of topics are others.
    """
    rules = f" topics {topics.fingerprint()}" if source.kind == "feed" else ""
    asked = {name: value for name, value in source.options.items() if name in _READ}
    said = f" options {digest(asked, size=8)}" if asked else ""
    return f"{_reader(source)[1]}{said} names {fingerprint(source.provider)}{rules}"


def _reader(source: Source) -> tuple[Reader, str]:
    if source.extract is not None:
        name = _module_name(source.provider, source.extract)
        if name is None:
            raise ReaderMissingError(f"source {source.id}: there is no reader {source.extract} for {source.provider}")
        module = importlib.import_module(name)
        return module.read, f"{source.provider}.{source.extract} {module.VERSION}"
    if source.kind not in general.GENERAL:
        raise ReaderMissingError(f"source {source.id}: no general reader for {source.kind}; name one with extract")
    return general.GENERAL[source.kind], f"general.{source.kind} {general.VERSION}"


def _take_source(table: Table, provider: str | None, allowed: Collection[str]) -> Source:
    kind = table.take_str("kind", choices=KINDS)
    extract = table.take_str("extract", default=None)
    named = table.take_str("provider") if provider is None else table.take_str("provider", default=provider)
    if not _ID.fullmatch(named):
        raise table.error("provider", _ID_WORDS)
    if extract is not None and provider is None and _module_name(named, extract) is None:
        raise table.error("extract", f"a reader that comes with aiwire for {named}; without the field, the general one")
    if extract is None and provider is None and kind not in general.GENERAL:
        raise table.error("kind", f"one that has a general reader: {', '.join(general.GENERAL)}; or name an extract")
    options = table.take_values("options")
    figures = table.take_table("table") if kind == "table" else None
    if kind == "table" and extract is None and figures is None:
        raise table.error("table", 'which table and columns: { subject = "Model", measures = [{ column = ... }] }')
    if extract is None and (unknown := sorted(options.keys() - general.OPTIONS.get(kind, frozenset()))):
        there_are = ", ".join(sorted(general.OPTIONS.get(kind, ()))) or "none"
        raise table.error("options", f"options the general reader of {kind} knows: {there_are}", found=unknown[0])
    _check_options(table, options)
    return Source(
        id=_checked_id(table),
        provider=named,
        kind=kind,
        url=_checked_url(table, "url", table.take_str("url"), allowed),
        former_urls=tuple(
            _checked_url(table, "former_urls", url, ()) for url in table.take_list_of_str("former_urls", default=())
        ),
        trust=table.take_str("trust", default="press" if kind == "feed" else "official", choices=TRUSTS),
        lineage=_checked_lineage(table),
        every=table.take_duration("every", default=_default_every(kind), minimum=_SHORTEST, maximum=_LONGEST),
        extract=extract,
        expect=_take_expect(table),
        verified=table.take_bool("verified", default=False),
        options=options | ({"table": take_spec(figures).to_json()} if figures else {}),
    )


def _check_options(table: Table, options: Mapping[str, Any]) -> None:
    """What can be told wrong without a page: a selector that is none, a place that is no jurisdiction."""
    selector, place = options.get("selector"), options.get("jurisdiction")
    wrong = None if selector is None else check_selector(selector) if isinstance(selector, str) else "not a text"
    if wrong:
        raise table.error("options", f'a CSS selector, like "main .terms": {wrong}', found=repr(selector))
    if place is not None and (not isinstance(place, str) or not _PLACE.fullmatch(place)):
        raise table.error("options", 'a jurisdiction like "EU", "US", "US-CA", "UK" or "KR"', found=repr(place))


def _take_expect(table: Table) -> Expect:
    inner = table.take_table("expect")
    if inner is None:
        return Expect()
    bounds = inner.take_list_of_int("facts", default=())
    if bounds and (len(bounds) != 2 or not 0 <= bounds[0] <= bounds[1]):
        raise inner.error("facts", "two whole numbers, the least and the most, like [60, 400]")
    return Expect(
        facts=(bounds[0], bounds[1]) if bounds else None,
        models=inner.take_list_of_str("models", default=()),
        markers=inner.take_list_of_str("markers", default=()),
    )


def _checked_id(table: Table) -> str:
    found = table.take_str("id")
    if not _ID.fullmatch(found) or len(found) > 80:
        raise table.error("id", _ID_WORDS)
    return found


def _checked_lineage(table: Table) -> str | None:
    found = table.take_str("lineage", default=None)
    if found is not None and not _ID.fullmatch(found):
        raise table.error("lineage", _ID_WORDS)
    return found


def _checked_url(table: Table, name: str, url: str, allowed: Collection[str]) -> str:
    try:
        check_url(url, allowed=allowed)
    except BlockedAddressError as error:
        raise table.error(
            name, f"the address of a public page: {error}", found="an address aiwire does not request"
        ) from error
    return url


def _default_every(kind: str) -> timedelta:
    number, unit = _EVERY[kind][:-1], _EVERY[kind][-1]
    return timedelta(minutes=int(number)) if unit == "m" else timedelta(hours=int(number))


def _module_name(provider: str, extract: str) -> str | None:
    """An existing module of crawler.sources: configuration cannot name any other code."""
    folder = provider.replace("-", "_")
    if not _MODULE.fullmatch(extract) or not re.fullmatch(r"[a-z0-9_]+", folder):
        return None
    package, name = f"crawler.sources.{folder}", f"crawler.sources.{folder}.{extract}"
    return name if find_spec(package) is not None and find_spec(name) is not None else None


def _refuse_twins(sources: Sequence[Source]) -> None:
    ids = [source.id for source in sources]
    for source in sources:
        if ids.count(source.id) > 1:
            raise AiwireError(f"two bundled sources have the id {source.id}: every id is used once")


def _loosely(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.lower().removesuffix(":80").removesuffix(":443")
    except ValueError:
        return url
    path = parts.path.rstrip("/").removesuffix(".md").rstrip("/")
    return f"{host}{path}?{parts.query}" if parts.query else f"{host}{path}"
