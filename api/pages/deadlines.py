"""What is coming: retirements, deprecations and announced prices, month by month."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, rendering, unknown
from api.pages.moments import Moments, permanent
from api.parameters import Address, Word
from api.stories import METERS
from store import notices
from store.unknown import with_pages
from timeline.calendars import BINDS
from timeline.dates import day, in_days
from timeline.offers import conditions, meter
from timeline.words import counted, listed, per_unit, price

MOST = 1_000
KINDS = (
    *(("Everything", ""), ("Retirements", "retirement"), ("Deprecations", "deprecation")),
    *(("Prices", "price"), ("Rules", "rule")),
)
SOON = 30  # days


class DeadlinesAsked(Moments, Address):
    """What the address of the page asks for."""

    path = "/deadlines"

    provider: Word = None
    kind: Word = None


def deadlines(request: Request, wanted: Annotated[DeadlinesAsked, Query()]) -> Response:
    """The soonest first, from today on."""
    reading = answers.reading_of(request)
    now = reading.now()
    with reading.connection() as connection:
        rows = notices.deadlines(
            connection, wanted.as_of, wanted.known_at, limit=MOST + 1,
            provider=[wanted.provider] if wanted.provider else [], kind=[wanted.kind] if wanted.kind else [],
        )  # fmt: skip
        unknown.refuse(connection, wanted, rows)
        instead = ((row["provider"], name) for row in rows for name in row["replacements"] or ())
        paged = with_pages(connection, instead)
        providers = notices.with_deadlines(connection, wanted.as_of, wanted.known_at)
    at, cut, rows = wanted.as_of or now, len(rows) > MOST, rows[:MOST]
    query = wanted.address().partition("?")[2]
    return rendering.page(
        "deadlines.html", section="/deadlines", now=now, wanted=wanted, months=months(rows, at), paged=paged,
        permanent=permanent(request, now), count=len(rows),
        soon=sum((row["date"] - at.date()).days <= SOON for row in rows), days=SOON,
        cut=cut, providers=sorted({*providers, *filter(None, [wanted.provider])}),
        tabs=[
            {"name": name, "href": wanted.address(kind=kind), "current": kind == (wanted.kind or "")}
            for name, kind in KINDS
        ],
        calendar=f"/v1/deadlines.ics?{query}".rstrip("?"), data_url=f"/v1/deadlines?{query}".rstrip("?"),
    )  # fmt: skip


def months(rows: Iterable[Mapping[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The rows by the month in which they fall due, in order; what one provider does on one day is one line."""
    ordered = sorted(rows, key=lambda row: (row["date"], *_together(row), row["model"]))
    found: list[dict[str, Any]] = []
    for first, members in groupby(ordered, key=lambda row: row["date"].replace(day=1)):
        lines = [_line([*alike], now.date()) for _, alike in groupby(members, key=_together)]
        count = sum(len(line["items"]) for line in lines)
        short = f"{first:%b}" if found and found[-1]["at"].year == first.year else f"{first:%b %Y}"
        found.append({"at": first, "name": f"{first:%B %Y}", "short": short, "lines": lines, "count": count})
    return found


def _together(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes one line: who does what on which day; prices and rules by what they are of."""
    alone = row["model"] if row["kind"] in ("price", "rule") else ""
    return row["date"], row["stated"], row["provider"], row["kind"], not row["firm"], alone


def _line(rows: Sequence[Mapping[str, Any]], today: date) -> dict[str, Any]:
    first = rows[0]
    left = (first["date"] - today).days
    whole = len(first["stated"]) == len("2026-03-26")
    items = {row["model_id"] or row["model"]: _item(row) for row in rows}
    scopes = {item["scope"] for item in items.values()}
    return {
        "kind": first["kind"],
        "day": f"{first['date'].day}" if whole else "",
        "weekday": f"{first['date']:%A}" if whole else "in the month",
        "when": day(first["stated"]),
        "left": in_days(left) if whole else "",
        "soon": first["firm"] and left <= SOON,
        "provider": first["provider"],
        "firm": first["firm"],
        "what": _what(rows),
        "prices": _prices(rows) if first["kind"] == "price" else "",
        "scope": scopes.pop() if len(scopes) == 1 else "",
        "scoped": len(scopes) > 1,
        "items": [*items.values()],
        "sources": sorted({row["source"] for row in rows}),
    }


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": row["model"],
        "provider": row["provider"],
        "href": _place(row),
        "away": row["kind"] == "rule",
        "scope": conditions(row["scope"]),
        "instead": row["replacements"] or [],
    }


def _place(row: Mapping[str, Any]) -> str:
    """The page of a model; of a rule where the regulator says so."""
    if row["kind"] == "rule":
        return rendering.web(row["url"])
    return rendering.model_path(row["provider"], row["model_id"] or row["model"])


def _prices(rows: Sequence[Mapping[str, Any]]) -> str:
    """`input $3.00, output $15.00 per 1M tokens`: the unit once where all share it."""
    units = {per_unit(row) for row in rows}
    shared = units.pop() if len(units) == 1 else ""
    told = []
    for row in sorted(rows, key=lambda row: (conditions(row["conditions"]), _rank(row["meter"]))):
        named = " ".join(filter(None, (meter(row["meter"]), conditions(row["conditions"]))))
        told.append(f"{named} {price(row)} {'' if shared else per_unit(row)}".strip())
    return f"{', '.join(told)} {shared}".strip()


def _rank(name: str) -> int:
    return METERS.index(name) if name in METERS else len(METERS)


def _what(rows: Sequence[Mapping[str, Any]]) -> str:
    """`retires 7 models`, after the name of who does it."""
    row = rows[0]
    if row["kind"] == "rule":
        where = f" in {row['jurisdiction']}" if row["jurisdiction"] else ""
        return BINDS.get(row["binding"], "applies") + where
    if row["kind"] == "price":
        return "charges new prices"
    kinds = Counter(one["subject_kind"] for one in {one["model"]: one for one in rows}.values())
    these = listed([counted(count, kind.replace("_", " ")) for kind, count in kinds.most_common()])
    if not row["firm"]:
        return f"keeps {these} at least until then"
    return f"{'deprecates' if row['kind'] == 'deprecation' else 'retires'} {these}"
