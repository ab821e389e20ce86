"""What watched tables show: a table for each source and measure, with what stood there before."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, rendering, unknown
from api.pages.moments import Moments, permanent
from api.parameters import Word
from store import figures as store
from store.figures import FigureFilters
from timeline.headlines import figure

MOST = 1_000


class FiguresAsked(Moments):
    """What the address of the page asks for."""

    measure: Word = None
    source: Word = None


def figures(request: Request, wanted: Annotated[FiguresAsked, Query()]) -> Response:
    """By source and measure, the highest figure first."""
    reading = answers.reading_of(request)
    now = reading.now()
    asked = FigureFilters(
        measure=[wanted.measure] if wanted.measure else [], source=[wanted.source] if wanted.source else []
    )
    with reading.connection() as connection:
        if wanted.fixed:
            rows = store.as_of(connection, wanted.as_of or now, wanted.known_at, limit=MOST, **asked)
        else:
            rows = store.current(connection, limit=MOST, **asked)
        unknown.refuse(connection, wanted, rows)
    return rendering.page(
        "figures.html", section="/figures", now=now, wanted=wanted, tables=tables(rows), cut=len(rows) == MOST,
        permanent=permanent(request, now), data_url="/v1/figures",
    )  # fmt: skip


def tables(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of timeline.figures as tables."""

    def place(row: Mapping[str, Any]) -> tuple[str, str]:
        return row["source"], row["measure"]

    found = []
    for (source, measure), members in groupby(sorted(rows, key=place), key=place):
        lines = sorted(members, key=lambda row: (row["value"] is None, -(row["value"] or 0), row["subject"]))
        found.append({"source": source, "measure": measure.replace("_", " "), "lines": [_line(row) for row in lines]})
    return found


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    before = {**row, "value": row.get("was"), "upto": None, "plus": None, "minus": None, "qualifier": None}
    return {**row, "said": figure(row), "before": figure(before) if row.get("was") is not None else ""}
