"""The front page: what was changed lately in four figures, and how each price got where it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from api import portraits, rendering, sight, sparks, times
from api.stories import Day, Story
from store import event_pages, prices
from store import sources as source_store
from store.connect import Connection
from store.sources import SourceHealth
from timeline.offers import conditions, offer
from timeline.words import counted, money, per_unit

WEEKS, LATELY = 12, 4  # weeks of the sparklines, and of the figures beside them
MOST_SPARKS, MOST_PRICES = 40, 4_000
TALLIES = (
    ("cuts", "price cut", "/?kind=price.changed&direction=cut"),
    ("rises", "price rise", "/?kind=price.changed&direction=rise"),
    ("listed", "new model", "/?kind=model.*"),
    ("ending", "announced retirement", "/deadlines"),
)


def front(
    connection: Connection,
    days: Sequence[Day],
    sources: Sequence[SourceHealth],
    now: datetime,
    *,
    known_at: datetime | None = None,
    seen_by: datetime | None = None,
) -> dict[str, Any]:
    """What the head of the front page is given: as of `now`, as known at `known_at` (None: now).

    `seen_by`: by when the sources had been looked at, where that is not now.
    """
    weeks = event_pages.weekly(connection, now, WEEKS, known_at)
    newest = next((day.at for day in days if any(map(_looked, day.stories))), None)
    begun = source_store.watched_since(connection)
    last = source_store.last_good(connection, seen_by) if seen_by else sight.sight(sources, now).last
    watched = sight.part_watched(begun, last, now - timedelta(weeks=LATELY), now)
    return {
        "tallies": [_tally(weeks, name, noun, href, known=watched is not None) for name, noun, href in TALLIES],
        "weeks": LATELY,
        "watched": "nothing was read in that time" if watched is None else watched,
        "providers": len({each.provider for each in sources if each.trust in ("official", "cloud")}),
        "sources": len(sources),
        "any": bool(days),
        "latest": newest,
        "today": newest is not None and newest.date() == now.date(),
        "ago": times.ago(newest, now) if newest else "",
    }


def _looked(story: Story) -> bool:
    """Whether a look showed it, or only the calendar."""
    return not all(map(rendering.by_the_calendar, story.rows))


def price_sparks(
    connection: Connection, days: Sequence[Day], now: datetime, known_at: datetime | None = None
) -> dict[str, Any]:
    """How each changed price got where it is, by the id of the first event of its story; as known at `known_at`."""
    told = [story for day in days for story in day.stories if story.first["kind"] == "price.changed" and story.lines]
    told = told[:MOST_SPARKS]
    if not told:
        return {}
    rows = prices.history(
        connection, at=now, known_at=known_at, provider=sorted({story.first["provider"] for story in told}),
        model=sorted({story.first["model_id"] or story.first["model"] for story in told}),
        meter=sorted({_shown(story)["meter"] for story in told}), limit=MOST_PRICES,
    )  # fmt: skip
    return {story.first["id"]: drawn for story in told if (drawn := _price_spark(rows, story, now))}


def _price_spark(rows: Sequence[Mapping[str, Any]], story: Story, now: datetime) -> Any:
    """How the first price of the story got where it is; nothing where it never changed before."""
    row, line = story.first, _shown(story)
    name, wanted = row["model_id"] or row["model"], conditions(line["conditions"])
    found = [
        one
        for one in rows
        if one["provider"] == row["provider"] and name in (one["model_id"], one["model"])
        and one["meter"] == line["meter"] and conditions(one["conditions"]) == wanted
        and one["amount"] is not None and one["currency"] == (line["new"] or {}).get("currency")
    ]  # fmt: skip
    if not found:
        return ""
    per = Decimal(1_000_000) if found[0]["unit"] == "token" else Decimal(found[0]["per"])
    steps = portraits.line_of(found, per).steps
    first, last = (money(step.amount.normalize(), found[0]["currency"]) for step in (steps[0], steps[-1]))
    unit = per_unit({"per": per, "unit": found[0]["unit"]})
    said = f"{offer(line['meter'], line['conditions'])} since {steps[0].starts:%B %Y}: from {first} to {last} {unit}"
    return sparks.price_spark(steps, until=now, title=said.strip())


def _shown(story: Story) -> Mapping[str, Any]:
    """Of the prices of a story the one that is drawn."""
    return min(story.rows, key=lambda each: (bool(each["conditions"]), each["meter"] != "input", each["meter"] or ""))


def _tally(weeks: Sequence[Mapping[str, Any]], name: str, noun: str, href: str, *, known: bool) -> dict[str, Any]:
    """A figure of the head; where nobody looked, none is not 0 but `not watched`."""
    counts = [week[name] for week in weeks]
    lately = sum(counts[-LATELY:])
    return {
        "count": lately if lately or known else "not watched",
        "noun": noun if lately == 1 else f"{noun}s",
        "href": href,
        "spark": sparks.count_spark(counts, title=f"{counted(sum(counts), noun)} in {WEEKS} weeks")
        if any(counts) or known
        else "",
    }
