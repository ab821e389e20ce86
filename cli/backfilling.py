"""`aiwire backfill`: years of history from copies of a catalogue."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

import console
from cli.plumbing import Json, configured, moment_of, owner, quietly, reach, source_named, throw_away
from console import ends, print_rows
from timeline.issues import MistakeError

if TYPE_CHECKING:
    from crawler.backfill.catalogues import Catalogue
    from crawler.backfill.exports import Export
    from crawler.backfill.importing import Backfilled
    from crawler.capture import Arrival
    from store.connect import Connection

LEFT_OUT = 20  # lines about what was not understood that are worth a look
APART = {"all": 0, "hour": 1, "day": 24, "week": 168}


def backfill(
    catalogue: Annotated[str, typer.Argument(help="litellm, models-dev, wayback, ...: without a PATH all are told.")],
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Copies, their folder, a git checkout or an installed package; of wayback the source."),
    ] = None,
    since: Annotated[str | None, typer.Option(help="Nothing older than this day.")] = None,
    until: Annotated[str | None, typer.Option(help="Nothing newer than this day.")] = None,
    every: Annotated[
        Literal["all", "hour", "day", "week"], typer.Option(help="Of a checkout's commits the last of each.")
    ] = "day",
    archive: Annotated[str | None, typer.Option(help="Of wayback: another archive that speaks the CDX API.")] = None,
    into: Annotated[str | None, typer.Option(help="A database URL; aiwire's own if left out.")] = None,
    json_: Json = False,
) -> None:
    """Import a catalogue's past, each copy at its own time. Tells nobody; may be repeated and killed at any point."""
    from crawler.backfill.importing import backfill as bring_in

    with ends():
        quietly()
        if catalogue == "wayback":
            _from_archive(paths or [], archive, moment_of(since), moment_of(until), into, as_json=json_)
            return
        chosen = _chosen(catalogue, paths)
        configuration = configured()
        if chosen.states and (whole := _states(paths or [])):
            if since:
                raise MistakeError(f"{whole} is read from its beginning, as prices go on: leave out --since")
            _bring_in_states(whole, APART[every], moment_of(until), into, as_json=json_)
            return
        exports = _within(_exports(chosen, paths or [], APART[every]), moment_of(since), moment_of(until))
        source = source_named(configuration, chosen.source)
        with _target(into) as url, _filling(url) as connection, console.progress(len(exports), "storing") as advance:
            done = bring_in(connection, source, exports, prepare=chosen.prepare, progress=advance)
        _print(done, as_json=json_)


def _print(done: "Backfilled", *, as_json: bool) -> None:
    row = {name: getattr(done, name) for name in ("source", "imported", "known", "bad", "events")}
    for text in done.left_out[:LEFT_OUT]:
        console.say(f"left out: {text}")
    if len(done.left_out) > LEFT_OUT:
        console.say(f"left out: {len(done.left_out) - LEFT_OUT} more; --json prints them all")
    rest = {"left_out": list(done.left_out)} if as_json and done.left_out else {}
    print_rows([row | rest], as_json=as_json, columns=tuple(row), empty="")


def _states(paths: Sequence[Path]) -> Path | None:
    """The file of price states or the checkout, where it is one of these and no dated copy."""
    from crawler.backfill.exports import is_checkout

    whole = [
        path for path in paths if {".jsonl", ".ndjson"} & {*path.suffixes} or (path.is_dir() and is_checkout(path))
    ]
    if whole and len(paths) > 1:
        raise MistakeError(f"{whole[0]} holds a whole history: expected it alone")
    return whole[0] if whole else None


def _bring_in_states(whole: Path, hours: int, until: datetime | None, into: str | None, *, as_json: bool) -> None:
    from crawler.backfill.exports import unpacked
    from crawler.backfill.importing import backfill_checkout, backfill_states
    from store.clock import wall_clock

    if until and not whole.is_dir():
        raise MistakeError(f"{whole} is read to its end: leave out --until")
    with _target(into) as url, _filling(url) as connection:
        if not whole.is_dir():
            _print(backfill_states(connection, unpacked(whole), now=wall_clock()), as_json=as_json)
            return
        with console.counting("reading") as progress:
            done = backfill_checkout(
                connection, whole, apart=timedelta(hours=hours), now=wall_clock(),
                until=until and until + timedelta(days=1), progress=progress,
            )  # fmt: skip
        _print(done, as_json=as_json)


def _from_archive(
    paths: Sequence[Path], archive: str | None, since: datetime | None, until: datetime | None, into: str | None, *,
    as_json: bool,
) -> None:  # fmt: skip
    from crawler.backfill import wayback
    from crawler.fetching import fetch_unkept
    from store.clock import wall_clock

    if len(paths) != 1:
        raise MistakeError("give one source: aiwire backfill wayback SOURCE; `aiwire sources` lists them")
    configuration = configured()
    source = source_named(configuration, str(paths[0]))

    async def fetch(url: str) -> "Arrival":
        with console.working(f"fetching {url}"):
            return await fetch_unkept(
                replace(source, url=url), now=wall_clock(), contact=configuration.contact,
                allow_hosts=configuration.allow_hosts,
            )  # fmt: skip

    with _target(into) as url, _filling(url) as connection:
        done = asyncio.run(
            wayback.bring_in(
                connection, source, fetch, archive=archive or wayback.ARCHIVE, since=since, until=until,
                pause=asyncio.sleep, progress=lambda total, name: console.say(f"of {total}: {name}"),
            )
        )  # fmt: skip
        _print(done, as_json=as_json)


def _chosen(word: str, paths: Sequence[Path] | None) -> "Catalogue":
    from crawler.backfill.catalogues import CATALOGUES

    told = "  wayback        captures of official pages: SOURCE --since DAY --until DAY\n" + "\n".join(
        f"  {name:14} {one.about}" for name, one in CATALOGUES.items()
    )
    if word not in CATALOGUES:
        raise MistakeError(f"no catalogue is called {word!r}; there are\n{told}")
    if not paths:
        raise MistakeError(f"give copies of {word}: {CATALOGUES[word].about}")
    if lost := [path for path in paths if not path.exists()]:
        raise MistakeError(f"there is no {lost[0]}: give copies of {word}: {CATALOGUES[word].about}")
    return CATALOGUES[word]


def _exports(chosen: "Catalogue", paths: Sequence[Path], hours: int) -> "list[Export]":
    from crawler.backfill.exports import Export, checkout_states, dated_files, is_checkout, unpacked
    from crawler.backfill.packages import data_file, genai_prices

    if chosen.package and len(paths) == 1 and (file := data_file(paths[0])):
        return [Export(name=str(file), at=datetime.now(UTC), read=lambda: genai_prices(unpacked(file)))]
    checkouts = [path for path in paths if path.is_dir() and is_checkout(path)]
    if not checkouts:
        return dated_files(paths)
    if chosen.checkout is None or len(paths) > 1:
        raise MistakeError(f"{checkouts[0]} is a git checkout: expected {chosen.about}")
    return checkout_states(checkouts[0], chosen.checkout, apart=timedelta(hours=hours))


def _within(exports: "Sequence[Export]", since: datetime | None, until: datetime | None) -> "list[Export]":
    return [
        export
        for export in exports
        if (since is None or export.at >= since) and (until is None or export.at < until + timedelta(days=1))
    ]


@contextmanager
def _filling(url: str) -> Iterator["Connection"]:
    """The owner's connection; what was brought in over it is known to the planner afterwards."""
    from store import statistics

    with owner(url) as connection:
        yield connection
        statistics.refresh(connection)


@contextmanager
def _target(into: str | None) -> Iterator[str]:
    """The URL of `into`, migrated, or of aiwire's own database."""
    if into is not None:
        with throw_away(into) as url:
            yield url
    else:
        yield reach(configured()).owner
