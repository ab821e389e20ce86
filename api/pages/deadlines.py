"""What is coming: retirements, deprecations and announced prices, month by month."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, rendering
from api.parameters import Address, Word
from store import notices
from timeline.calendars import BINDS
from timeline.dates import day, in_days
from timeline.offers import conditions, meter
from timeline.words import per_unit, price

MOST = 1_000
KINDS = (
    *(("Everything", ""), ("Retirements", "retirement"), ("Deprecations", "deprecation")),
    *(("Prices", "price"), ("Rules", "rule")),
)
SOON = 30  # days


class DeadlinesAsked(Address):
    """What the address of the page asks for."""

    path = "/deadlines"

    provider: Word = None
    kind: Word = None


def deadlines(request: Request, wanted: Annotated[DeadlinesAsked, Query()]) -> Response:
    """The soonest first, from today on."""
    reading = answers.reading_of(request)
    now = reading.now()
    with reading.connection() as connection:
        every = notices.deadlines(connection, limit=MOST)
    rows = [
        row
        for row in every
        if (not wanted.provider or row["provider"] == wanted.provider)
        and (not wanted.kind or row["kind"] == wanted.kind)
    ]
    query = wanted.address().partition("?")[2]
    return rendering.page(
        "deadlines.html", section="/deadlines", now=now, wanted=wanted, months=months(rows, now), count=len(rows),
        cut=len(every) == MOST, providers=sorted({row["provider"] for row in every}),
        tabs=[
            {"name": name, "href": wanted.address(kind=kind), "current": kind == (wanted.kind or "")}
            for name, kind in KINDS
        ],
        calendar=f"/v1/deadlines.ics?{query}".rstrip("?"), data_url=f"/v1/deadlines?{query}".rstrip("?"),
    )  # fmt: skip


def months(rows: Iterable[Mapping[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The rows by the month in which they fall due, in order."""
    ordered = sorted(rows, key=lambda row: (row["date"], row["provider"], row["kind"], row["model"]))
    found = []
    for first, members in groupby(ordered, key=lambda row: row["date"].replace(day=1)):
        found.append({"at": first, "name": f"{first:%B %Y}", "lines": _lines([*members], now.date())})
    return found


def _lines(rows: Sequence[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "href": _place(row),
            "when": day(row["stated"]),
            "left": in_days((row["date"] - today).days) if len(row["stated"]) == len("2026-03-26") else "",
            "soon": row["firm"] and (row["date"] - today).days <= SOON,
            "what": _what(row),
            "instead": row["replacements"] or [],
        }
        for row in rows
    ]


def _place(row: Mapping[str, Any]) -> str:
    """The page of a model; of a rule where the regulator says so."""
    if row["kind"] == "rule":
        return rendering.web(row["url"])
    return rendering.model_path(row["provider"], row["model_id"] or row["model"])


def _what(row: Mapping[str, Any]) -> str:
    if row["kind"] == "rule":
        where = f" in {row['jurisdiction']}" if row["jurisdiction"] else ""
        return BINDS.get(row["binding"], "applies") + where
    if row["kind"] == "price":
        named = " · ".join(filter(None, (meter(row["meter"]), conditions(row["conditions"]))))
        return f"{named} {price(row)} {per_unit(row)}".strip()
    if not row["firm"]:
        return "stays at least until then"
    return "is deprecated" if row["kind"] == "deprecation" else "is retired"
