"""The sources: their health, the last good check, what is held back and why, what was not understood."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, receivers, rendering, sight, unknown
from api import sources as source_rows
from api.pages.moments import permanent
from api.parameters import Address, Word
from store import sources as source_store
from timeline.observations import KEPT
from timeline.words import capital, counted

MOST_LINES = 8  # under one heading of a source
MANY = 5  # sources with the same trouble are told as one
TROUBLE = ("failing", "broken", "stale")
HEALTHS = {
    "ok": "well",
    "new": "not visited yet",
    "failing": "cannot be fetched",
    "broken": "cannot be believed",
    "stale": "nothing good for too long",
}
IMPORTED = "not visited yet: from kept captures"
KINDS = {
    "pricing": "Prices",
    "lifecycle": "Lives of models",
    "catalogue": "Catalogues and resellers",
    "status": "Status pages",
    "feed": "News",
}
OTHERS = "Tables and texts"
TRUSTS = {
    "official": "the provider itself",
    "cloud": "a cloud",
    "reseller": "a reseller",
    "catalogue": "a catalogue",
    "press": "press",
}
OUTCOMES = {  # what came of the last attempt, of many sources at once
    "dns_failure": "the host's name does not resolve; is there no network?",
    "connection_failed": "no connection to the host; is there no network?",
    "timeout": "no complete answer in the time allowed",
    "tls_failure": "the certificate is not valid, or the encrypted connection failed",
    "server_error": "the server failed",
    "forbidden": "the server refuses us",
    "rate_limited": "the server asks us to come less often",
    "not_found": "the page is not there",
    "robots_disallowed": "the site's robots.txt forbids it",
}
REASONS = {
    "moved_5x": "a price that would move to five times itself or a fifth",
    "power_of_ten": "a price that would move by a power of ten, as by a slip",
    "zero": "something that would become nothing",
    "many_at_once": "so much changed at once that another page is likelier than news",
    "unreadable": "a cell that can no longer be read",
    "swapped": "two prices that would change places",
    "not_shown": "not on the form of the page that was last seen",
    "missing_once": "missing from the page once",
    "conflict": "the page says two things",
    "settling": "true here, told when it has stood for two days",
}


class SourcesAsked(Address):
    """What the address of the page asks for."""

    path = "/sources"

    provider: Word = None
    health: Literal["trouble", "held", "issues", ""] | None = None


def sources(request: Request, wanted: Annotated[SourcesAsked, Query()]) -> Response:
    """Every source: its health, the last good check, what is held back and why, what was not understood."""
    reading = answers.reading_of(request)
    now = reading.now()
    with reading.connection() as connection:
        rows = source_rows.read(connection)
        told = receivers.read(connection)
        unknown.refuse(connection, wanted, [row for row in rows if row["provider"] == wanted.provider])
        seen = sight.sight(source_store.health(connection), now)
    watched = [row for row in rows if row["enabled"]]
    shown = [_source(row) for row in rows if _fits(row, wanted)]
    return rendering.page(
        "sources.html", section="/sources", now=now, wanted=wanted, heading=_heading(watched),
        groups=_groups([row for row in shown if row["enabled"]]), former=[row for row in shown if not row["enabled"]],
        tallies=_tallies(watched, wanted), providers=sorted({row["provider"] for row in rows}),
        blind=seen.said, receivers=told, receivers_heading=receivers.heading(told), data_url="/v1/sources",
        address=permanent(request, now),
    )  # fmt: skip


def _fits(row: Mapping[str, Any], wanted: SourcesAsked) -> bool:
    asked = {"trouble": row["health"] in TROUBLE, "held": bool(_held_back(row)), "issues": bool(_misread(row))}
    return (not wanted.provider or row["provider"] == wanted.provider) and asked.get(wanted.health or "", True)


def _heading(watched: Sequence[Mapping[str, Any]]) -> str:
    if not watched:
        return "Nothing is watched yet"
    trouble, well = (sum(row["health"] in which for row in watched) for which in (TROUBLE, ("ok",)))
    if trouble:
        return f"{counted(trouble, 'source')} of {len(watched)} in trouble"
    return (
        f"All {len(watched)} sources are well" if well == len(watched) else f"{well} of {len(watched)} sources visited"
    )


def _tallies(watched: Sequence[Mapping[str, Any]], wanted: SourcesAsked) -> list[dict[str, Any]]:
    """The figures at the head of the page; each leads to the sources it counts."""
    counts = (
        ("watched", "", len(watched)),
        ("in trouble", "trouble", sum(row["health"] in TROUBLE for row in watched)),
        ("with values held back", "held", sum(bool(_held_back(row)) for row in watched)),
        ("with something not understood", "issues", sum(bool(_misread(row)) for row in watched)),
    )
    return [
        {
            "name": name,
            "count": count,
            "href": wanted.address(health=health),
            "current": health == (wanted.health or ""),
        }
        for name, health, count in counts
    ]


def _groups(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Those in trouble first, then by what they tell, each provider's together."""
    trouble = [row for row in rows if row["health"] in TROUBLE]
    first = "In trouble"
    names = [first, *KINDS.values(), OTHERS]
    found: dict[str, list[Mapping[str, Any]]] = {name: [] for name in names} | {first: trouble}
    for row in rows:
        if row not in trouble:
            found[KINDS.get(row["kind"], OTHERS)].append(row)
    return [
        {"name": name, "count": counted(len(members), "source"), **_folded(sorted(members, key=_order), name == first)}
        for name, members in found.items()
        if members
    ]


def _folded(rows: Sequence[Mapping[str, Any]], trouble: bool) -> dict[str, Any]:
    """The rows that are told one by one, and those that share a trouble, which is said once: `alike`."""
    same: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows if trouble else ():
        if row["health"] in ("failing", "stale") and row["failures"]:
            same.setdefault(row["last_outcome"] or "", []).append(row)
    many = {outcome: members for outcome, members in same.items() if outcome and len(members) >= MANY}
    return {
        "sources": [row for row in rows if not any(row in members for members in many.values())],
        "alike": [
            {
                "said": f"{counted(len(members), 'source')}: {OUTCOMES.get(outcome, outcome.replace('_', ' '))}",
                "sources": members,
            }
            for outcome, members in sorted(many.items(), key=lambda each: -len(each[1]))
        ],
    }


def _order(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["provider"], row["source"]


def _source(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the page, with what is held and what was not understood in words."""
    good, back, misread = row["last_good"], _held_back(row), _misread(row)
    fetching = [
        issue for issue in row["issues"] if issue["seq"] is None and issue["message"] not in (row["detail"] or "")
    ]
    return {
        **row,
        "says": IMPORTED if row["health"] == "new" and good else HEALTHS.get(row["health"], row["health"]),
        "who": TRUSTS.get(row["trust"], row["trust"]),
        "snapshot": good["sha256"] if good else "",
        "facts": good["facts"] if good else None,
        "held_back": [*_held(back)],
        "held_count": len(back),
        "kept": [*_held([one for one in row["held"] if one["reason"] in KEPT])],
        "misread": _counted_lines(f"{issue['message']}{_at(issue['locator'])}" for issue in misread),
        "misread_count": len(misread),
        "fetching": [issue["message"] for issue in fetching],
    }


def _held_back(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What is not believed yet: without what the last look did not show and is believed all the same."""
    return [one for one in row["held"] if one["reason"] not in KEPT]


def _misread(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What was read and not understood: a fetch that failed is a trouble, told once as the health of the source."""
    return [issue for issue in row["issues"] if issue["seq"] is not None]


def _held(held: Sequence[Mapping[str, Any]]) -> Any:
    """What is held back, by the reason."""
    for reason, members in groupby(sorted(held, key=lambda one: one["reason"]), key=lambda one: one["reason"]):
        found = [*members]
        lines = (f"{one['model'] or one['key']}: {one['detail'] or 'no detail'}" for one in found)
        yield {
            "reason": capital(REASONS.get(reason, reason.replace("_", " "))),
            "count": len(found),
            "lines": _counted_lines(lines),
        }


def _counted_lines(lines: Any) -> dict[str, Any]:
    """Each line once, with how often it is there; the first few."""
    found: dict[str, int] = {}
    for line in lines:
        found[line] = found.get(line, 0) + 1
    told = [f"{line} ({count} times)" if count > 1 else line for line, count in found.items()]
    return {"shown": told[:MOST_LINES], "more": max(0, len(told) - MOST_LINES)}


def _at(locator: str) -> str:
    return f" ({locator})" if locator else ""
