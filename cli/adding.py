"""`aiwire sources add`: the feeds of a page, tried, and registered in aiwire.toml."""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.plumbing import Json, configured, quietly
from console import FINDINGS, clean, ends, print_json, say, working
from timeline.issues import AiwireError, MistakeError

if TYPE_CHECKING:
    from configuration import Configuration
    from crawler.adding import Candidate
    from crawler.capture import Arrival


class AddressError(MistakeError):
    """What was given is no address aiwire may ask for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of one address: a feed that is new, one that is watched already, or none."""

    url: str
    found: "Candidate | None" = None
    why: str = ""
    known_as: str = ""  # the id of the source that has it
    id: str = ""
    toml: str = ""


def add_source(
    url: Annotated[str, typer.Argument(help="A feed, a status page, or a page that names its feeds.")],
    provider: Annotated[str | None, typer.Option(help="Who publishes; else by the site's name.")] = None,
    trust: Annotated[str, typer.Option(help="official, cloud, reseller, catalogue or press.")] = "press",
    every: Annotated[bool, typer.Option("--all", help="All feeds of the page, not only its first.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be added; write nothing.")] = False,
    json_: Json = False,
) -> None:
    """Find the feeds of a page, try each, and add it to aiwire.toml; what is watched already is left as it is.

    Exit 0 when a feed was added or is there already, 1 when there is none, 2 for a mistake.
    """
    with ends():
        quietly()
        configuration = configured()
        outcomes = _outcomes(configuration, url, provider=provider, trust=trust)
        good = [each for each in outcomes if each.found]
        chosen = [each for each in (good if every else good[:1]) if not each.known_as]
        file = configuration.file or Path.cwd() / "aiwire.toml"
        if chosen and not dry_run:
            _write(file, [each.toml for each in chosen], configuration)
        for each in outcomes:
            added = each in chosen and not dry_run
            if json_:
                print_json(_row(each, added=added, file=file))
            else:
                _show(each, added=added, chosen=each in chosen, file=file)
        if not good:
            say(f"{url} is no feed and names none that can be read")
            raise typer.Exit(FINDINGS)


def _outcomes(configuration: "Configuration", url: str, *, provider: str | None, trust: str) -> list[Outcome]:
    from crawler.adding import candidate
    from crawler.extract.discovery import linked_feeds
    from crawler.source import TRUSTS
    from store.clock import wall_clock
    from timeline.addresses import BlockedAddressError, check_url

    try:
        check_url(url, allowed=configuration.allow_hosts)
    except BlockedAddressError as error:
        raise AddressError(f"{url!r} cannot be watched: {error}") from error
    if trust not in TRUSTS:
        raise AddressError(f"found --trust {trust!r}; expected one of {', '.join(TRUSTS)}")
    arrival = _fetch(configuration, url)
    content_type = arrival.headers.get("content-type", "")
    itself = candidate(arrival.body, arrival.moved_to or url, at=wall_clock(), content_type=content_type)
    if itself:
        return [_named(configuration, itself, [], provider=provider, trust=trust)]
    done: list[Outcome] = []
    for link in linked_feeds(arrival.body, arrival.url, content_type):
        try:
            answer = _fetch(configuration, link.url)
        except AiwireError as error:
            done.append(Outcome(url=link.url, why=str(error)))
            continue
        where = answer.moved_to or link.url
        found = candidate(answer.body, where, at=wall_clock(), content_type=answer.headers.get("content-type", ""))
        if found is None:
            done.append(Outcome(url=link.url, why="it is named as a feed and is none"))
        else:
            done.append(_named(configuration, found, done, provider=provider, trust=trust))
    return done


def _named(
    configuration: "Configuration", found: "Candidate", done: Sequence[Outcome], *, provider: str | None, trust: str
) -> Outcome:
    from crawler.adding import id_of, provider_of, toml
    from crawler.source import claim
    from timeline.names import providers

    known = claim(configuration.sources, found.url)
    if known is not None:
        return Outcome(url=found.url, found=found, known_as=known.id, id=known.id)
    name = provider or provider_of(found.url, providers())
    taken = {source.id for source in configuration.sources} | {each.id for each in done}
    chosen = id_of(found, name, taken)
    return Outcome(url=found.url, found=found, id=chosen, toml=toml(found, id=chosen, provider=name, trust=trust))


def _fetch(configuration: "Configuration", url: str) -> "Arrival":
    """By the same way out as every page: robots.txt, public addresses only, the same limits."""
    from crawler.fetching import fetch_unkept
    from crawler.source import Source
    from store.clock import wall_clock

    source = Source(id="new", provider="new", kind="feed", url=url, trust="press", every=timedelta(days=1))
    with working(f"fetching {url}"):
        return asyncio.run(
            fetch_unkept(source, now=wall_clock(), contact=configuration.contact, allow_hosts=configuration.allow_hosts)
        )


def _write(file: Path, tables: Sequence[str], configuration: "Configuration") -> None:
    """Add the tables at the end of the file, whole or not at all; what would not be understood is not written."""
    from crawler.source import parse_sources

    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    text = "\n".join([before.rstrip("\n") + "\n", *tables]) if before.strip() else "\n".join(tables)
    for table in tables:
        parse_sources(table, str(file), user=True, allowed=configuration.allow_hosts)
    number, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as new:
            new.write(text)
        _load(Path(name))
        if file.is_file():
            Path(name).chmod(file.stat().st_mode & 0o777)
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)


def _load(file: Path) -> None:
    from configuration import load_configuration

    load_configuration(file=file, secrets=())


def _row(outcome: Outcome, *, added: bool, file: Path) -> dict[str, Any]:
    found = outcome.found
    row: dict[str, Any] = {"url": outcome.url, "feed": found is not None, "added": added}
    if found is None:
        return row | {"why": outcome.why}
    return row | {
        "source": outcome.id, "watched_already": bool(outcome.known_as), "kind": found.kind, "entries": found.entries,
        "newest": found.newest, "example": found.example, "problems": list(found.problems), "toml": outcome.toml,
        "file": str(file) if added else None,
    }  # fmt: skip


def _show(outcome: Outcome, *, added: bool, chosen: bool, file: Path) -> None:
    found = outcome.found
    if found is None:
        _print(f"{outcome.url}\n    no feed: {outcome.why}")
        return
    newest = f", the newest of {found.newest:%Y-%m-%d}" if found.newest else ""
    example = f": {found.example[:100]}" if found.example else ""
    _print(f"{outcome.url}\n    {found.kind}, {found.entries} entries{newest}{example}")
    for problem in found.problems:
        _print(f"    {problem}")
    if outcome.known_as:
        _print(f"    watched already, as {outcome.known_as}")
    elif added:
        _print(f"    added to {file} as {outcome.id}:\n\n{outcome.toml}")
    elif chosen:
        _print(f"    would be added to {file}:\n\n{outcome.toml}")
    else:
        _print(f"    not added; --all adds every feed of the page:\n\n{outcome.toml}")


def _print(text: str) -> None:
    typer.echo("\n".join(clean(line) for line in text.split("\n")))
