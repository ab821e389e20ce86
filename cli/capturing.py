"""Captures: taking them, reading them, replaying them."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import console
from cli.plumbing import Json, configured, moment_of, owner, quietly, reach, source_named, throw_away
from console import FINDINGS, ends, print_json, print_rows, say

if TYPE_CHECKING:
    from crawler.replay import Line, Manifest
    from timeline.issues import Issue


def capture(source: str, json_: Json = False) -> None:
    """Fetch one source now, politely, store what came and read it."""
    from crawler.fetching import fetch_batch
    from crawler.rebuild import catch_up
    from crawler.registration import registration
    from store import sources
    from store.clock import wall_clock
    from store.connect import connect

    with ends():
        quietly()
        configuration = configured()
        wanted = source_named(configuration, source)
        url = reach(configuration).owner
        with connect(url, autocommit=True) as connection:
            sources.register(connection, [registration(wanted)], wall_clock(), only_add=True)
        outcomes = asyncio.run(
            fetch_batch(
                [wanted], database_url=url, clock=wall_clock, run="by-hand",
                contact=configuration.contact, allow_hosts=configuration.allow_hosts,
            )
        )  # fmt: skip
        with connect(url, autocommit=True) as connection:
            seen = catch_up(connection, wanted, at=wall_clock())
        row = {"source": source, "outcome": outcomes[0].name, "captures": seen.captures, "events": len(seen.events)}
        print_rows([row], as_json=json_, columns=tuple(row), empty="")
        if not outcomes[0].good:
            raise typer.Exit(FINDINGS)


def extract(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    kind: Annotated[str, typer.Option(help="pricing, lifecycle, catalogue, feed, table or funding.")],
    url: Annotated[str, typer.Option(help="Where the file came from: finds the source.")] = "",
    at: Annotated[str | None, typer.Option(help="When it was captured: a date or a time. Today if left out.")] = None,
    source: Annotated[str | None, typer.Option(help="Read it as this source.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Of funding: what led to each reading.")] = False,
    json_: Json = False,
) -> None:
    """Read one file as a source's reader does: no database, no network, no other file."""
    from crawler.extraction import extract as read
    from crawler.extraction import issue_line
    from crawler.source import bundled_sources
    from store.clock import wall_clock

    with ends():
        when = moment_of(at) or wall_clock()
        reading = read(
            file.read_bytes(), bundled_sources(), kind=kind, url=url, at=when, source=source, explain=explain
        )
        for row in reading.facts:
            print_json(row)
        for problem in reading.issues:
            typer.echo(console.clean(issue_line(problem)), err=True)
        if reading.issues:
            raise typer.Exit(FINDINGS)


def replay(
    path: Annotated[
        Path, typer.Argument(exists=True, help="A folder with a manifest.jsonl or WARC files, or a WARC file.")
    ],
    into: Annotated[str | None, typer.Option(help="A database URL; a throw-away database if left out.")] = None,
    deliver: Annotated[bool, typer.Option(help="Alert about what is found.")] = False,
    json_: Json = False,
) -> None:
    """Import captures made elsewhere, in order of their dates; print the events, and what there was of each source.

    With --json each thing that was not understood is a line on stderr. Records of a WARC file that cannot be imported
    are named there, and make the exit code 1.
    """
    from crawler import replay as importing
    from crawler.spools import spooling
    from dispatches import tell_now
    from store import statistics
    from timeline.contract import event_to_json

    with ends(), spooling() as spool:
        quietly()
        configuration = configured("receivers") if deliver else configured()
        with console.counting("reading archives") as count:
            manifest = importing.read_captures(path, configuration.sources, spool, _megabytes(path, count))
        _tell_beside(manifest, as_json=json_)
        doubts: Counter[str] = Counter()

        def report(line: "Line", issues: "Sequence[Issue]") -> None:
            doubts[line.source.id] += len(issues)
            if json_:
                _tell(issues, line, path)

        with throw_away(into) as url, owner(url) as connection:
            with console.progress(len(manifest.lines), "replaying") as advance:
                events = importing.replay(
                    connection, manifest, progress=lambda line: advance(line.source.id), doubt=report
                )
            statistics.refresh(connection)
            if deliver and manifest.lines:
                tell_now(configuration, url, now=manifest.lines[-1].at)
        for event in events:
            if json_:
                print_json(event_to_json(event))
            else:
                typer.echo(console.clean(f"{event.observed_at:%Y-%m-%d}  {event.kind:30} {event.headline}"))
        if not json_:
            _summary(Counter(line.source.id for line in manifest.lines), Counter(e.source for e in events), doubts)
        if manifest.refused:
            raise typer.Exit(FINDINGS)


def _megabytes(path: Path, count: Callable[[int, str], None]) -> Callable[[int, str], None]:
    """Turns bytes read into steps of a megabyte."""
    from crawler.replay import warc_files

    files = warc_files(path)
    total, told = sum(file.stat().st_size for file in files) // 2**20, 0

    def advance(done: int, name: str) -> None:
        nonlocal told
        while told < done // 2**20:
            told += 1
            count(total, name)

    return advance


def _tell_beside(manifest: "Manifest", *, as_json: bool) -> None:
    """On stderr, what is not imported as a page: unclaimed addresses, answers that were none, what is refused."""
    from crawler.extraction import issue_line
    from timeline.issues import Issue

    for unclaimed in manifest.unclaimed:
        say(f"no source claims {unclaimed}")
    for look in manifest.looks:
        told = f"{look.file.name}, {look.place}: {look.url} was no page ({look.name}: {look.detail})"
        issue = Issue(code=look.name, message=look.detail, locator=look.place)
        say(issue_line(issue, file=look.file.name, source=look.source.id) if as_json else told)
    for refused in manifest.refused:
        say(issue_line(Issue(code="refused", message=refused, fatal=True)) if as_json else refused)


def _tell(issues: "Sequence[Issue]", line: "Line", path: Path) -> None:
    from crawler.extraction import issue_line

    file = str(line.file.relative_to(path)) if path.is_dir() else line.file.name
    where = {"record": line.place} if line.place else {}
    for issue in issues:
        say(issue_line(issue, file=file, source=line.source.id, **where))


def _summary(read: Counter[str], told: Counter[str], doubts: Counter[str]) -> None:
    """By source: captures, events, and how many things were not understood."""
    rows = [
        {"source": source, "captures": read[source], "events": told[source], "issues": doubts[source]}
        for source in sorted({*read, *told})
    ]
    total = {"source": "all", "captures": read.total(), "events": told.total(), "issues": doubts.total()}
    if told:
        typer.echo("")
    columns = ("source", "captures", "events", "issues")
    print_rows([*rows, total] if len(rows) > 1 else rows, as_json=False, columns=columns, empty="no captures")
    if doubts:
        say("--json prints each issue: what was found, where, and what was expected")
