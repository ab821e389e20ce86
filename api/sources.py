"""Sources: what is watched, how each of them does, what is held back and why, what was not understood."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, sight, unknown
from api.parameters import SourceFilter
from store import captures, issues, sources
from store.connect import Connection


def list_sources(request: Request, wanted: Annotated[SourceFilter, Query()]) -> Response:
    """The sources, the worst first. `last_good` is the newest capture that was believed.

    `held` are facts seen and not yet believed, with the reason; `issues` what a person should look at. `reading` is of
    all that is watched: whether any of it was read of late.
    """
    reading = answers.reading_of(request)
    with reading.connection() as connection:
        rows = read(connection)
        seen = sight.sight(sources.health(connection), reading.now())
        unknown.refuse(connection, wanted, [row for row in rows if row["provider"] in wanted.provider])
    kept = [row for row in rows if _fits(row, wanted)]
    return answers.as_json([_public(row) for row in kept], answers.NOT_KEPT, extra={"reading": told(seen)})


def read(connection: Connection) -> list[dict[str, Any]]:
    """Every source as a row, with its held facts, its open issues and its last good capture."""
    open_ones: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for issue in issues.open_issues(connection):
        open_ones[issue.source].append(
            {
                "code": issue.code,
                "message": issue.message,
                "locator": issue.locator,
                "fatal": issue.fatal,
                "seq": issue.seq,
                "since": issue.first_seen,
                "last_seen": issue.last_seen,
            }
        )
    good = {capture.source: capture for capture in captures.newest_good(connection)}
    rows = []
    for source in sources.health(connection):
        row = asdict(source)
        capture = good.get(source.source)
        row["issues"] = open_ones.get(source.source, [])
        row["last_good"] = capture and {
            "seq": capture.seq,
            "url": capture.url,
            "captured_at": capture.first_seen,
            "last_seen": capture.last_seen,
            "sha256": capture.sha256,
            "facts": capture.facts,
        }
        rows.append(row)
    return rows


def told(seen: sight.Sight) -> dict[str, Any]:
    """Whether anything was read of late, for a program."""
    return {"blind": seen.blind, "last_good_at": seen.last, "said": seen.said or None}


def summary(rows: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """How many of the configured sources are well, and how many there are."""
    watched = [row for row in rows if row["enabled"]]
    return sum(row["health"] == "ok" for row in watched), len(watched)


def _fits(row: dict[str, Any], wanted: SourceFilter) -> bool:
    return all(
        not values or row[name] in values
        for name, values in (("provider", wanted.provider), ("kind", wanted.kind), ("health", wanted.health))
    )


def _public(row: dict[str, Any]) -> dict[str, Any]:
    every = row["every"]
    return {**row, "every": None if every is None else int(every.total_seconds())}
