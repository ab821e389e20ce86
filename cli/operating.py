"""Operating it: how everything is, what is held, and the means to mend it."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

import console
from cli.plumbing import Json, configured, owner, reading, source_named
from console import FINDINGS, USAGE, ends, print_json, print_rows, say

if TYPE_CHECKING:
    from store.issues import OpenIssue


def status(json_: Json = False) -> None:
    """How everything is: sources, what is held and why, what waits to be sent. Exit 1 when something needs a look."""
    from store import issues, receivers
    from store.sources import health

    with ends(), owner() as connection:
        rows = [asdict(source) for source in health(connection) if source.enabled]
        held = [{"source": row["source"], **item} for row in rows for item in row["held"]]
        found = issues.open_issues(connection)
        troubles = [asdict(issue) for issue in found]
        waiting = [asdict(backlog) for backlog in receivers.backlog(connection)]
        if json_:
            for row in rows:
                print_json(row)
            for what, items in (("issue", troubles), ("delivery", waiting)):
                for item in items:
                    print_json({what: item})
        else:
            columns = ("source", "health", "last_good_at", "facts", "detail")
            print_rows(rows, as_json=False, columns=columns, empty="no sources yet: `aiwire up` registers them")
            _print_doubts(rows, held, found)
            _section("waiting to be told", waiting, ("receiver", "pending", "due", "parked", "oldest"))
        if held or troubles or any(row["health"] not in ("ok", "new") for row in rows):
            raise typer.Exit(FINDINGS)


def _print_doubts(rows: list[dict[str, Any]], held: list[dict[str, Any]], found: "Sequence[OpenIssue]") -> None:
    """What is held, kept and not understood. A failed fetch is told once: in the line of its source, where it can."""
    from timeline.observations import KEPT

    told = {row["source"]: row["detail"] or "" for row in rows}
    fetching = [issue for issue in found if issue.of_fetching and issue.message not in told.get(issue.source, "")]
    columns, why = (
        ("source", "code", "message", "locator", "first_seen"),
        ("source", "model", "reason", "since", "detail"),
    )
    _section("held back, and why", [one for one in held if one["reason"] not in KEPT], why)
    _section("kept, though the last look did not show it", [one for one in held if one["reason"] in KEPT], why)
    _section("about fetching", [asdict(issue) for issue in fetching], columns)
    _section("not understood", [asdict(issue) for issue in found if not issue.of_fetching], columns)


def _section(title: str, rows: list[dict[str, Any]], columns: Sequence[str]) -> None:
    if rows:
        typer.echo(f"\n{title}")
        print_rows(rows, as_json=False, columns=columns, empty="")


def doctor(json_: Json = False) -> None:
    """Look for the usual mistakes: what was found, where, and what to do. Exit 1: there are any; 2: could not look."""
    from doctor import examine

    with ends():
        findings = [asdict(finding) for finding in examine(configured)]
        columns = ("check", "result", "found", "where", "do")
        print_rows(findings, as_json=json_, columns=columns, empty="nothing to check")
        results = {finding["result"] for finding in findings}
        if "bad" in results:
            raise typer.Exit(FINDINGS)
        if "unseen" in results:
            raise typer.Exit(USAGE)


def list_sources(context: typer.Context, json_: Json = False) -> None:
    """List the sources with their health."""
    from store.sources import health

    if context.invoked_subcommand is None:
        with ends(), reading() as connection:
            columns = ("source", "kind", "provider", "trust", "verified", "health", "last_good_at", "url")
            rows = [asdict(source) for source in health(connection)]
            print_rows(rows, as_json=json_, columns=columns, empty="no sources yet: `aiwire up` registers them")


def accept_source(
    source: str,
    sha: Annotated[str, typer.Argument(help="The snapshot's hash, or its beginning.")],
    json_: Json = False,
) -> None:
    """Take a capture as it is: a real redesign, or values that were held and are true."""
    from crawler.rebuild import rebuild
    from store import verdicts
    from store.clock import wall_clock

    if not re.fullmatch(r"[0-9a-f]{6,64}", sha):
        raise typer.BadParameter(f"{sha!r} is not the hash of a snapshot, nor its beginning of 6 characters or more")
    with ends(), owner() as connection:
        wanted = source_named(configured(), source)
        if not verdicts.accept(connection, source, sha):
            say(f"aiwire: {source} has no capture of a snapshot {sha}: `aiwire status` names those that are held")
            raise typer.Exit(FINDINGS)
        done = rebuild(connection, wanted, now=wall_clock(), because=f"an operator accepted {sha}")
        console.print_rebuilt(done, as_json=json_)


def mute_source(source: str, off: Annotated[bool, typer.Option("--off", help="Let it sound again.")] = False) -> None:
    """Silence the alerts of a source; its timeline goes on."""
    from store import sources

    with ends(), owner() as connection:
        if not sources.mute(connection, source, muted=not off):
            say(f"aiwire: no source is called {source}: `aiwire sources` lists them")
            raise typer.Exit(FINDINGS)
        say(f"{source} is {'heard again' if off else 'muted'}")


def rebuild(source: Annotated[str | None, typer.Argument()] = None, json_: Json = False) -> None:
    """Read and fold the captures of a source, or of all, anew, and say what that changed and why."""
    from crawler.rebuild import rebuild as again
    from store import statistics
    from store.clock import wall_clock
    from store.sources import source_ids

    with ends(), owner() as connection:
        configuration = configured()
        known = set(source_ids(connection))
        wanted = (
            [source_named(configuration, source)] if source else [s for s in configuration.sources if s.id in known]
        )
        with console.progress(len(wanted), "rebuilding") as advance:
            for one in wanted:
                done = again(connection, one, now=wall_clock(), because="rebuilt by hand")
                if source or json_ or done.kept or not done.is_empty:
                    console.print_rebuilt(done, as_json=json_)
                advance(one.id)
        statistics.refresh(connection)


def withdraw_event(
    event: Annotated[str, typer.Argument(help="The id of an event, or its beginning: `aiwire events` prints them.")],
    because: Annotated[str, typer.Option(help="Why: whoever was told of it is told this.")],
) -> None:
    """Take an event back. Whoever was told of it is told so."""
    if not because.strip():
        raise typer.BadParameter("--because needs a reason: whoever was told of the event is told this")
    from store import event_pages, events
    from store.clock import wall_clock

    with ends(), owner() as connection:
        event = event_pages.full_id(connection, event)
        if not events.withdraw(connection, [event], because=because, at=wall_clock()):
            say(f"aiwire: no event {event} stands: `aiwire events` lists their ids")
            raise typer.Exit(FINDINGS)
        say(f"{event} is withdrawn")
