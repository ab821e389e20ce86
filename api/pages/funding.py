"""Who raised what: deals by the day they were first told, and what was raised by quarter."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, bars, cursors, rendering
from api.pages.moments import Moments, permanent
from api.parameters import Address, Place, Word
from store import funding as store
from timeline.deal_words import compact, deal, stage, sum_of
from timeline.topics import FIELD

ON_PAGE, MOST = 100, 5_000
QUARTERS = 8
ANYTHING = "anything"
KINDS: tuple[cursors.Kind, ...] = (datetime, str)
LABELS = (
    ("Everything", ""), ("Rounds", "funding"), ("Acquisitions", "acquisition"), ("Listings", "ipo"), ("Loans", "debt"),
    ("Funds", "fund_close"),
)  # fmt: skip

NOUNS = {"funding": "round", "ipo": "listing", "debt": "loan", "fund_close": "fund", "acquisition": "purchase"}


class FundingAsked(Moments, Address):
    """What the address of the page asks for."""

    path = "/funding"

    kind: Word = None
    q: Word = None
    about: Word = None  # `anything`: also what general feeds tell of other trades
    cursor: Place = None

    @property
    def topics(self) -> list[str]:
        """What the deals shown are about; empty, as for who looks for somebody: whatever the feeds told."""
        return [] if self.q or self.about == ANYTHING else [FIELD]


def funding(request: Request, wanted: Annotated[FundingAsked, Query()]) -> Response:
    """The latest first."""
    reading = answers.reading_of(request)
    now = reading.now()
    after = answers.place("funding page", wanted.cursor, KINDS)
    kind = [wanted.kind] if wanted.kind else []
    with reading.connection() as connection:
        rows = store.page(
            connection, wanted.as_of, wanted.known_at, before=after, limit=ON_PAGE + 1, kind=kind, q=wanted.q,
            topic=wanted.topics,
        )  # fmt: skip
        counted = (
            []  # the chart is of the page of everything
            if wanted.kind
            else store.page(
                connection,
                wanted.as_of,
                wanted.known_at,
                limit=MOST,
                kind=["funding"],
                status=["announced", "closed"],
                q=wanted.q,
                topic=wanted.topics,
            )
        )
        shown = rows[:ON_PAGE]
        reports: dict[str, list[Mapping[str, Any]]] = {}
        for report in store.reports(connection, [row["id"] for row in shown], wanted.known_at):
            reports.setdefault(report["deal"], []).append(report)
    more = len(rows) > ON_PAGE
    last = [shown[-1]["first_reported"], shown[-1]["id"]] if more else []
    return rendering.page(
        "funding.html", section="/funding", now=now, wanted=wanted, rows=[_deal(row, reports) for row in shown],
        tabs=[
            {"name": name, "href": wanted.address(kind=kind), "current": kind == (wanted.kind or "")}
            for name, kind in LABELS
        ],
        turned=wanted.address(about=ANYTHING if wanted.topics else None),
        quarters=by_quarter(counted, (wanted.as_of or now).date()), newest=wanted.address() if wanted.cursor else "",
        next_page=wanted.address(cursor=cursors.encode("funding page", last)) if more else "",
        permanent=permanent(request, now), data_url=f"/v1/funding?{_asked(wanted)}",
        feed=f"/v1/funding.atom?{_asked(wanted)}",
    )  # fmt: skip


def by_quarter(rows: Iterable[Mapping[str, Any]], today: date) -> dict[str, Any]:
    """Rounds in dollars by the quarter in which they were first told: how many, how much, and a chart of it.

    Sums in other currencies are counted and not added: no rate is stated here.
    """
    number = today.year * 4 + (today.month - 1) // 3
    quarters = range(number - QUARTERS + 1, number + 1)
    sums = dict.fromkeys(quarters, Decimal(0))
    counts, others = dict.fromkeys(quarters, 0), 0
    for row in rows:
        told = row["first_reported"].date()
        quarter = told.year * 4 + (told.month - 1) // 3
        if quarter not in sums or row["amount"] is None:
            continue
        if row["currency"] != "USD":
            others += 1
            continue
        sums[quarter] += row["amount"]
        counts[quarter] += 1
    drawn = [(f"{n // 4} Q{n % 4 + 1}", sums[n], compact(sums[n], "USD")) for n in quarters]
    lines = [
        {"name": name, "sum": said, "count": counts[n]} for n, (name, _, said) in zip(quarters, drawn, strict=True)
    ]
    return {
        "lines": [line for line in reversed(lines) if line["count"]],
        "others": others,
        "chart": bars.bar_chart(drawn, title="Dollars raised in rounds, by quarter") if any(counts.values()) else "",
        "numbers": bars.bar_chart(
            [(name, Decimal(counts[n]), str(counts[n])) for n, (name, _, _) in zip(quarters, drawn, strict=True)],
            title="Rounds told in dollars, by quarter",
        ),
    }


def _asked(wanted: FundingAsked) -> str:
    """The same question to the API."""
    rest = wanted.address(about=None).partition("?")[2]
    return "&".join(filter(None, (urlencode([("topic", topic) for topic in wanted.topics]), rest)))


def _deal(row: Mapping[str, Any], reports: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    terms = {**row, "label": row["kind"]}
    return {
        **row,
        "headline": deal(terms),
        "sum": sum_of(terms),
        "valued": sum_of(terms, "valuation"),
        "stage": stage(row["round"]) or NOUNS.get(row["kind"], row["kind"]),
        "leads": row["lead_investors"] or ([row["acquirer"]] if row["acquirer"] else []),
        "told": list(reports.get(row["id"], ()))[:6],
    }
