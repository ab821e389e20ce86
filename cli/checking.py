"""`aiwire sources check`: one source, file or page read as the pipeline reads it, and all of it laid open."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.plumbing import Json, configured, moment_of, owner, quietly
from console import FINDINGS, clean, ends, print_json, print_rows, say, working
from timeline.issues import AiwireError, MistakeError

if TYPE_CHECKING:
    from configuration import Configuration
    from crawler.inspection import Inspection
    from crawler.precedent import Precedent
    from crawler.source import Source
    from crawler.truth import Compared
    from store.connect import Connection


class UnclearError(MistakeError):
    """What was named is no source, file or address, or does not say what kind of page it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """The document to look at, and where it came from."""

    source: "Source"
    body: bytes
    url: str
    at: datetime
    where: str  # in words
    content_type: str = ""
    live: bool = True  # what the page says today
    accepted: bool = False
    last_good: "Precedent | None" = None


def check_source(
    target: Annotated[str, typer.Argument(metavar="ID|FILE|URL", help="A source's id, a saved page, or an address.")],
    kind: Annotated[str | None, typer.Option(help="pricing, lifecycle or feed, where no source claims it.")] = None,
    at: Annotated[
        str | None, typer.Option(help="When a FILE was captured. What today's page must have is not asked of it then.")
    ] = None,
    url: Annotated[str, typer.Option(help="Where a FILE came from: finds the source.")] = "",
    source: Annotated[str | None, typer.Option(help="Read a FILE or URL as this source.")] = None,
    truth: Annotated[
        Path | None,
        typer.Option(help="A CSV of what the page says (model,meter,amount,currency,unit): compare with it."),
    ] = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="Of an ID: today's page, not the newest capture.")] = False,
    json_: Json = False,
) -> None:
    """Show what is read of a page, what is left out and why, and what is not understood. Nothing is stored.

    Exit 0 when everything is understood, 1 when something is not (or the page cannot be had, or is not as the truth
    says), 2 for a mistake.
    """
    from crawler.inspection import inspect
    from crawler.truth import compare

    with ends():
        quietly()
        moment = moment_of(at)
        told = None if truth is None else _read(truth).decode("utf-8", "replace")
        configuration = configured()
        if target.startswith(("http://", "https://")):
            taken = _from_web(configuration, source_for(configuration, target, kind, source), target)
        elif Path(target).is_file():
            taken = _from_file(configuration, Path(target), url=url, kind=kind, source=source, at=moment)
        else:
            taken = _from_id(configuration, target, fetch=fetch)
        with working(f"reading {len(taken.body):,} bytes"):
            inspection = inspect(
                taken.source, taken.body, url=taken.url, at=taken.at, content_type=taken.content_type,
                live=taken.live, last_good=taken.last_good, accepted=taken.accepted,
            )  # fmt: skip
        compared = None if told is None else compare(told, inspection.facts)
        if json_:
            for row in _as_json(inspection, taken):
                print_json(row)
        else:
            _show(inspection, taken)
        if compared is not None:
            _tell(compared, as_json=json_)
        if not inspection.understood or (compared is not None and (compared.missing or compared.surplus)):
            raise typer.Exit(FINDINGS)


def source_for(
    configuration: "Configuration", url: str, kind: str | None, source: str | None, body: bytes = b""
) -> "Source":
    """The source named, or the one the address belongs to, or the general reader of the kind."""
    from crawler.extract.sniffing import sniff
    from crawler.extraction import by_id, unclaimed
    from crawler.source import claim

    if source is not None:
        return by_id(configuration.sources, source)
    found = claim([each for each in configuration.sources if kind in (None, each.kind)], url) if url else None
    if found is not None:
        return found
    if kind is None and sniff(body) != "xml":
        raise UnclearError(f"no source claims {url or 'this file'}: say what it is with --kind pricing|lifecycle|feed")
    return unclaimed(kind or "feed", url)


def _from_web(configuration: "Configuration", source: "Source", url: str) -> Taken:
    from crawler.fetching import fetch_unkept
    from store.clock import wall_clock

    with working(f"fetching {url}"):
        arrival = asyncio.run(
            fetch_unkept(
                replace(source, url=url), now=wall_clock(),
                contact=configuration.contact, allow_hosts=configuration.allow_hosts,
            )
        )  # fmt: skip
    return Taken(
        source=source, body=arrival.body, url=arrival.url, at=wall_clock(), where=f"fetched from {arrival.url}",
        content_type=arrival.headers.get("content-type", ""),
    )  # fmt: skip


def _from_file(
    configuration: "Configuration", file: Path, *, url: str, kind: str | None, source: str | None, at: datetime | None
) -> Taken:
    from store.clock import wall_clock

    body = _read(file)
    chosen = source_for(configuration, url, kind, source, body)
    return Taken(
        source=chosen, body=body, url=url or chosen.url, at=at or wall_clock(), where=f"from {file}", live=at is None
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UnclearError(f"{file} cannot be read: {error.strerror}") from error


def _from_id(configuration: "Configuration", target: str, *, fetch: bool) -> Taken:
    """The newest stored capture; today's page where there is none, or when asked for."""
    if "/" in target or Path(target).suffix in (".md", ".html", ".json", ".xml"):
        raise UnclearError(f"{target} is not a file: expected a source's id, a file, or an address with http(s)://")
    source = source_for(configuration, "", None, target)
    last_good = None
    try:
        with _database(configuration) as connection:
            stored, last_good = _stored(connection, source, fetch=fetch)
            if stored is not None:
                return stored
            say(f"{source.id} has no stored capture yet" if not fetch else f"{source.id}: today's page")
    except AiwireError as error:
        say(f"no stored capture can be read: {error}")
    return replace(_from_web(configuration, source, source.url), last_good=last_good)


def _database(configuration: "Configuration") -> "Any":
    """The database, where there is one already: looking at a page makes none."""
    from store import embedded

    if configuration.database_url is None and not embedded.status(configuration.home).exists:
        raise NoDatabaseError("there is no database yet")
    return owner()


class NoDatabaseError(AiwireError):
    """Nothing has been stored here."""


def _stored(connection: "Connection", source: "Source", *, fetch: bool) -> "tuple[Taken | None, Precedent | None]":
    """The newest capture with the believed one before it; for `fetch` the newest believed one alone."""
    from crawler.observe import read_capture
    from store import captures, snapshots

    newest = captures.latest(connection, source.id)
    if newest is None:
        return None, None
    before = captures.last_good(connection, source.id, before=newest.seq)
    if fetch and newest.verdict in ("good", "accepted"):
        before = newest
    last_good = None if before is None else read_capture(connection, source, before, before=None).precedent
    snapshot = None if fetch else snapshots.get(connection, newest.sha256)
    if snapshot is None:
        return None, last_good
    return Taken(
        source=source, body=snapshot.body, url=newest.url, at=newest.first_seen,
        where=f"capture {newest.seq}, {newest.sha256[:12]}, last seen {newest.last_seen:%Y-%m-%d %H:%M} UTC",
        content_type=snapshot.content_type or "", live=newest.origin == "live",
        accepted=newest.verdict == "accepted", last_good=last_good,
    ), last_good  # fmt: skip


def _as_json(inspection: "Inspection", taken: Taken) -> Iterator[dict[str, Any]]:
    from timeline.facts import to_json

    source = inspection.source
    yield {
        "check": "document", "source": source.id, "provider": source.provider, "kind": source.kind,
        "url": inspection.url, "at": inspection.at, "where": taken.where, "reader": inspection.reader,
        "form": inspection.form, "bytes": inspection.bytes, "verdict": inspection.verdict,
        "facts": len(inspection.facts), "left_out": len(inspection.ignored),
        "not_understood": len(inspection.doubts), "unresolved": len(inspection.unresolved),
    }  # fmt: skip
    for laid in inspection.laid:
        for fact in laid.facts:
            yield {"check": "read", "table": laid.locator, "title": laid.title, **to_json(fact)}
    for each in inspection.ignored:
        yield {"check": "left_out", "what": each.what, "why": each.why, "locator": each.locator}
    for doubt in inspection.doubts:
        issue = doubt.issue
        yield {
            "check": "not_understood", "issue": issue.code, "message": issue.message, "locator": issue.locator,
            "fatal": issue.fatal, "do": doubt.do,
        }  # fmt: skip
    for name in inspection.unresolved:
        yield {"check": "unresolved", "provider": name.provider, "model": name.model, "line": name.line}
    for applied in inspection.checks:
        yield {"check": "applied", "asks": applied.asks, "holds": not applied.wrong, "wrong": applied.wrong}


def _show(inspection: "Inspection", taken: Taken) -> None:
    source = inspection.source
    _print(f"{source.id}: {source.kind} of {source.provider}, read by {inspection.reader}")
    _print(f"{taken.where}: {inspection.bytes:,} bytes of {inspection.form}, as of {inspection.at:%Y-%m-%d}")
    _heading(f"READ: {_count(len(inspection.facts), 'fact')}")
    for laid in inspection.laid:
        _print("\n" + " · ".join(filter(None, (laid.locator, laid.title, laid.common))))
        _table(laid.columns, laid.rows)
    _heading(f"LEFT OUT: {_count(len(inspection.ignored), 'thing')}")
    _table(("where", "what", "why"), [(each.locator, each.what, each.why) for each in inspection.ignored])
    _heading(f"NOT UNDERSTOOD: {_count(len(inspection.doubts), 'thing')}")
    for doubt in inspection.doubts:
        issue = doubt.issue
        holds = "  [would hold the timeline]" if issue.fatal else ""
        _print(f"{issue.code}{holds}  {issue.locator}\n    found  {issue.message}\n    do     {doubt.do}")
    if inspection.unresolved:
        _show_names(inspection)
    _heading("CHECKS" if taken.live else "CHECKS (a live capture would have to pass them; this is an older one)")
    for applied in inspection.checks:
        _print(f"{'FAILS' if applied.wrong else 'holds'}  {applied.asks}" + (applied.wrong and f": {applied.wrong}"))
    _show_verdict(inspection)


def _show_names(inspection: "Inspection") -> None:
    _heading(f"NAMES THAT STAND FOR NO ID: {_count(len(inspection.unresolved), 'model')}, kept as printed")
    _print("where the provider's own documentation says which id it is, in timeline/names.toml:")
    for provider in dict.fromkeys(name.provider for name in inspection.unresolved):
        _print(f"[{provider}.models]")
        for name in inspection.unresolved:
            if name.provider == provider:
                _print(name.line)


def _show_verdict(inspection: "Inspection") -> None:
    from crawler.inspection import suggested

    source = inspection.source
    if inspection.facts and source.expect.facts is None and source.kind != "feed":
        _heading("WORTH ADDING TO THE SOURCE, so that a page that lost its prices is noticed")
        _print(suggested(inspection))
    fatal = sum(doubt.issue.fatal for doubt in inspection.doubts)
    if inspection.verdict == "bad":
        _heading(f"WOULD HOLD THE TIMELINE: {_count(fatal, 'reason')} above")
    else:
        doubts = len(inspection.doubts)
        _heading(
            "GOOD, and all of it understood" if not doubts else f"GOOD, but {_count(doubts, 'thing')} not understood"
        )


def _tell(compared: "Compared", *, as_json: bool) -> None:
    """What the list has and the reading has not, and the other way round."""
    from timeline.facts import to_json

    if as_json:
        for line in compared.missing:
            print_json({"check": "missing", "line": line})
        for fact in compared.surplus:
            print_json({"check": "surplus", **to_json(fact)})
        return
    good = not compared.missing and not compared.surplus
    _heading(f"TRUTH: {_count(compared.rows, 'line')}, " + ("all read, and nothing else" if good else "not as read"))
    for line in compared.missing:
        _print(f"not read      {line}")
    for fact in compared.surplus:
        told = {name: value for name, value in to_json(fact).items() if value not in (None, {}, [], "")}
        shown = " ".join(str(told[name]) for name in told if name not in ("fact", "provider", "locator", "label"))
        _print(f"not in the list  {fact.locator}: {shown}")


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    if named:
        print_rows(named, as_json=False, columns=columns, empty="")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _heading(text: str) -> None:
    _print(f"\n{text}")


def _print(text: str) -> None:
    typer.echo(clean(text))
