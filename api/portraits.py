"""Portraits: one model as its page shows it, and the coming days as the margin of the timeline does. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from api import charts, crowds, rendering, stories
from api.charts import Line, Mark, Step
from api.models import Found
from timeline.calendars import BINDS
from timeline.dates import day, in_days, is_past, on, short_day
from timeline.names import title
from timeline.offers import conditions, meter
from timeline.tellers import teller
from timeline.words import capital, counted, per_unit, price

Row = Mapping[str, Any]
Place = tuple[str, str, datetime]

TRUST = ("official", "cloud", "reseller", "catalogue", "press")
METERS = ("input", "output", "cache_read", "cache_write", "reasoning")
MOST_CHARTS = 12
_STAGES = (
    *(("announced_on", "announced", "end announced"), ("deprecates_on", "deprecated", "deprecated")),
    ("retires_on", "retired", "retires"),
)
SOON = 30  # days
UNSEEN = timedelta(days=3)  # since the last look that found a price so: then the page says when that was
MOST_STANDINGS = 8  # lives in the head of a page
NAMED = 3  # models named in one line of the margin


def of_model(found: Found, now: datetime) -> dict[str, Any]:
    """What the template of a model's page is given."""
    firsts = first_sightings(found.history)
    notices = sorted(found.status, key=lambda row: (bool(row["scope"]), _trust(row)))
    marks = _marks(notices)
    return {
        "provider": found.provider,
        "name": found.name,
        "model_id": found.model if found.model != found.name else "",
        "standing": _standings(notices, now),
        "notices": notices,
        "disagreements": [_disagreement(row) for row in found.disagreements],
        "retired": bool(notices) and all(row["status"] == "retired" for row in notices),
        "marks": marks,
        "charts": _charts(found, marks, now)[:MOST_CHARTS],
        "read": short_day(max(seen)) if (seen := [row["seen_until"] for row in found.prices]) else "",
        "unread": bool(seen) and now - max(seen) > UNSEEN,
        "prices": [priced(row, firsts, now) for row in sorted(found.prices, key=_weight)],
        "history": [
            priced(row, firsts, now)
            for row in sorted(found.history, key=lambda row: (*_weight(row), row["effective_from"]))
        ],
        "days": crowds.gathered(stories.days(_last_read(found))),
    }


def coming(rows: Iterable[Row], now: datetime, *, limit: int) -> list[dict[str, Any]]:
    """Deadlines, soonest first, as lines of the margin: what one provider does on one day is one line."""
    groups = groupby(sorted(rows, key=_due_together), key=_due_together)
    lines = [_coming([*members], now.date()) for _, members in groups]
    return lines[:limit]


def _last_read(found: Found) -> list[Row]:
    """What happened, with when a look last found a price so."""
    read = {(row["source"], row["key"]): row["seen_until"] for row in found.prices}
    return [{**row, "last_read": read.get((row["source"], row["key"]))} for row in found.events if not row["baseline"]]


def first_sightings(history: Iterable[Row]) -> dict[Place, Row | None]:
    """The prices of a history that were there at the first look at their source: since then, or before.

    Each with the row that tells the same price of the time before, by whoever looked earlier; None: nobody did.
    """
    rows = [*history]
    firsts = [row for row in rows if row["basis"] == "observed" and row["first_seq"] == 1]
    return {_place(row): _before(row, rows) for row in firsts}


def _before(row: Row, rows: Iterable[Row]) -> Row | None:
    """The earliest row that says the very same and goes on until `row` begins."""
    begins, same = row["effective_from"], _said_by(row)
    found = [
        one
        for one in rows
        if one["effective_from"] < begins <= (one["effective_to"] or begins) and _said_by(one) == same
    ]
    return min(found, key=lambda one: one["effective_from"], default=None)


def _said_by(row: Row) -> tuple[Any, ...]:
    """What a price says, whoever says it and for however many."""
    amount = None if row["amount"] is None else Decimal(row["amount"]) / Decimal(row["per"])
    offer = (row["provider"], row["model_id"] or row["model"], row["meter"], row["currency"], row["unit"])
    return (*offer, conditions(row["conditions"]), row["state"], amount)


def priced(row: Row, firsts: Mapping[Place, Row | None], now: datetime) -> dict[str, Any]:
    """One price as a page says it: how much of what, since when, by whose word. `firsts`: see `first_sightings`."""
    return {
        "meter": meter(row["meter"]),
        "conditions": conditions(row["conditions"]),
        "amount": price(row),
        "unit": per_unit(row),
        **_since(row, firsts),
        "until": short_day(row["effective_to"]),
        "last_seen": short_day(row["seen_until"]) if now - row["seen_until"] > UNSEEN and not announced(row) else "",
        "source": row["source"],
        "snapshot": row["first_snapshot"] or "",
    }


def announced(row: Row) -> bool:
    """Whether a price is only known as it was announced: no look has found it since its day came."""
    return bool(row["basis"] == "stated" and row["seen_until"] < row["effective_from"])


def _since(row: Row, firsts: Mapping[Place, Row | None]) -> dict[str, str]:
    """`since 6 Aug 2024`, with who told it before the source of the row did; `or before` of what was there when even
    that one first looked. `since 1 Sep 2026, as announced; last read 8 Aug 2026` of what no look has shown yet.
    """
    if announced(row):
        read = short_day(row["seen_until"])
        return {"since": f"since {short_day(row['effective_from'])}, as announced; last read {read}", "since_by": ""}
    earlier = firsts.get(_place(row)) or row
    told = f"since {short_day(earlier['effective_from'])}" + (" or before" if _place(earlier) in firsts else "")
    return {"since": told, "since_by": teller(earlier["source"]) if earlier is not row else ""}


def line_of(rows: Sequence[Row], per: Decimal) -> Line:
    """One offer over time: what the most trusted source says, and before it began to look, what others did."""
    steps: list[Step] = []
    for _, members in groupby(sorted(rows, key=lambda row: (_trust(row), row["source"])), key=_source):
        begins = min((step.starts for step in steps), default=None)
        for row in members:
            starts, ends = row["effective_from"], row["effective_to"]
            if begins is not None and starts >= begins:
                continue
            clipped = ends if begins is None or (ends is not None and ends <= begins) else begins
            amount = Decimal(row["amount"]) * per / Decimal(row["per"])
            steps.append(Step(starts=starts, ends=clipped, amount=amount, proof=row.get("proof", "")))
    return Line(label=conditions(rows[0]["conditions"]), steps=sorted(steps, key=lambda step: step.starts))


def _due_together(row: Row) -> tuple[Any, ...]:
    return (row["date"], row["stated"], row["provider"], row["kind"] != "retirement", row["kind"], not row["firm"])


def _coming(rows: Sequence[Row], today: date) -> dict[str, Any]:
    first = rows[0]
    due: date = first["date"]
    models = {row["model_id"] or row["model"]: row["model"] for row in rows}
    shown = [{"name": name, "href": _address(first, key)} for key, name in [*models.items()][:NAMED]]
    month_only = len(first["stated"]) == len("2026-03")
    return {
        "day": f"{due:%b}" if month_only else str(due.day),
        "month": str(due.year) if month_only else f"{due:%b}" + ("" if due.year == today.year else f" {due.year}"),
        "models": shown,
        "more": len(models) - len(shown),
        "text": _due(rows),
        "left": on(first["stated"]) if month_only else in_days((due - today).days),
        "soon": (due - today).days <= SOON,
    }


def _address(row: Row, model: str) -> str:
    """The page of a model; of a rule where the regulator says so."""
    if row["kind"] == "rule":
        return rendering.web(row["url"]) or "/?kind=rule.dated"
    return rendering.model_path(row["provider"], model)


def _due(rows: Sequence[Row]) -> str:
    first, who = rows[0], title(rows[0]["provider"])
    if first["kind"] == "price":
        told = [f"{meter(row['meter'])} {price(row)} {per_unit(row)}".rstrip() for row in rows]
        return f"{who}: {told[0]}" + (f" and {counted(len(told) - 1, 'other price')}" if len(told) > 1 else "") + ","
    if first["kind"] == "rule":
        return f"{first['jurisdiction']}: {BINDS.get(first['binding'], 'binds')},"
    them = "it" if len(rows) == 1 else "them"
    if not first["firm"]:
        return f"{who} keeps {them} at least until then,"
    return f"{who} {'deprecates' if first['kind'] == 'deprecation' else 'retires'} {them},"


def _standings(notices: Sequence[Row], now: datetime) -> list[str]:
    """Where it is in its life: the plain notice, then each of a platform, a region or the like by its name."""
    plain = [row for row in notices if not row["scope"]][:1]
    found = []
    for row in [*plain, *(row for row in notices if row["scope"])][:MOST_STANDINGS]:
        scope = f"{capital(conditions(row['scope']))}: " if row["scope"] else ""
        text = _standing(row, now)
        read = "" if "last read" in text else f" Last read {short_day(min(row['seen_until'], now))}."
        found.append(f"{scope}{text[0].lower()}{text[1:]}{read}" if scope else f"{text}{read}")
    return found


def _standing(row: Row, now: datetime) -> str:
    """`Deprecated. Retires 26 March 2026, in 28 days. Replaced by gpt-5.`"""
    over = row["status"] == "retired" and row["retires_on"]
    parts = [] if over else [row["status"].capitalize()]
    unseen = not over and row["retires_on"] and is_past(row["retires_on"][:10], now)
    for name, past, ahead in (
        ("retires_on", "Retired", "Retires"),
        ("deprecates_on", "Deprecated", "Will be deprecated"),
    ):
        if unseen and name == "retires_on":
            parts.append(f"Was to retire {day(row[name])}; the page was last read {short_day(row['seen_until'])}")
        elif row[name] and not (name == "deprecates_on" and row["status"] in ("retired", "deprecated")):
            parts.append(_dated(row[name], past, ahead, now))
    if row["not_before"]:
        promised = "Was to stay at least until" if is_past(row["not_before"][:10], now) else "Will not retire before"
        parts.append(f"{promised} {day(row['not_before'])}")
    if row["replacements"]:
        parts.append(f"Recommended instead: {', '.join(row['replacements'])}")
    return ". ".join(parts) + "."


def _disagreement(row: Row) -> dict[str, Any]:
    """`retires 1 September 2026`, and who says so against whom."""
    return {
        "source": row["other_source"],
        "trust": row["other_trust"],
        "says": fate(row["other_status"], row["other_retires_on"], row["other_not_before"]),
        "believed": fate(row["status"], row["retires_on"], row["not_before"]),
        "believed_source": row["source"],
        "snapshot": row["other_first_snapshot"],
        "scope": row["scope"],
    }


def fate(status: str, retires: str | None, floor: str | None) -> str:
    """`deprecated, until 1 April 2026`: what one source says of a model's life."""
    if retires:
        return f"{status}, {'since' if status == 'retired' else 'until'} {day(retires)}"
    return f"{status}, until {day(floor)} at least" if floor else status


def _dated(stated: str, past: str, ahead: str, now: datetime) -> str:
    if is_past(stated[:10], now):
        return f"{past} {day(stated)}"
    left = f", {in_days((date.fromisoformat(stated) - now.date()).days)}" if len(stated) == len("2026-03-26") else ""
    return f"{ahead} {day(stated)}{left}"


def _place(row: Row) -> Place:
    return row["source"], row["key"], row["effective_from"]


def _marks(notices: Sequence[Row]) -> list[Mark]:
    """The days of its life that the charts show, in order: of its plain notice, or else of the first."""
    row = next((row for row in notices if not row["scope"]), notices[0] if notices else {})
    stated = [(row[key], kind, said) for key, kind, said in _STAGES if row.get(key)]
    days = {text: [one for one in stated if one[0] == text] for text in sorted({text for text, _, _ in stated})}
    return [
        Mark(
            at=datetime.fromisoformat(text if len(text) > len("2026-03") else f"{text}-01").replace(tzinfo=UTC),
            number=number, kind=found[-1][1], name=f"{' and '.join(said for _, _, said in found)} {short_day(text)}",
        )
        for number, (text, found) in enumerate(days.items(), 1)
    ]  # fmt: skip


def _charts(found: Found, marks: Sequence[Mark], now: datetime) -> list[dict[str, Any]]:
    proofs = {
        (row["source"], row["key"], (row["after"] or {}).get("sha256")): f"/evidence/{row['id']}"
        for row in reversed(found.events)
        if row["kind"] in ("price.listed", "price.changed", "price.corrected", "price.scheduled")
    }
    history = [{**row, "proof": _proof(row, proofs)} for row in found.history]
    return _drawn(history, found.name, marks, now)


def _proof(row: Row, events: Mapping[tuple[str, str, str | None], str]) -> str:
    """The page of the event that told a price, or else the bytes that say so."""
    bytes_of = f"/v1/snapshots/{row['first_snapshot']}" if row["first_snapshot"] else ""
    return events.get((row["source"], row["key"], row["first_snapshot"]), bytes_of)


def _drawn(history: Sequence[Row], name: str, marks: Sequence[Mark], now: datetime) -> list[dict[str, Any]]:
    drawable = sorted((row for row in history if row["amount"] is not None), key=_group)
    found = []
    for (_, billed, currency, unit), members in groupby(drawable, key=_group):
        rows = [*members]
        newest = max(rows, key=lambda row: row["effective_from"])
        per = Decimal(1_000_000) if unit == "token" else Decimal(newest["per"])
        lines = [line_of(one, per) for one in _by_conditions(rows)]
        heading = f"{meter(billed)} of {name}"
        found.append(
            {
                "meter": meter(billed),
                "unit": per_unit({"per": per, "unit": unit}),
                "lines": [line.label for line in lines[: charts.MOST_LINES]],
                "left_out": max(0, len(lines) - charts.MOST_LINES),
                "logarithmic": charts.is_logarithmic(lines),
                "svg": charts.step_chart(
                    lines, title=f"What {heading} has cost", currency=currency, until=now, marks=marks
                ),
            }
        )
    return found


def _by_conditions(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of one meter, by the conditions under which they hold; the plain price first."""
    ordered = sorted(rows, key=lambda row: (_plainness(row), conditions(row["conditions"])))
    return [[*members] for _, members in groupby(ordered, key=lambda row: conditions(row["conditions"]))]


def _source(row: Row) -> tuple[int, str]:
    return _trust(row), row["source"]


def _trust(row: Row) -> int:
    return TRUST.index(row["trust"]) if row["trust"] in TRUST else len(TRUST)


def _group(row: Row) -> tuple[int, str, str, str]:
    rank = METERS.index(row["meter"]) if row["meter"] in METERS else len(METERS)
    return rank, row["meter"], row["currency"] or "", row["unit"]


def _weight(row: Row) -> tuple[object, ...]:
    return (_plainness(row), conditions(row["conditions"]), *_group(row))


def _plainness(row: Row) -> bool:
    return bool(row["conditions"]) and row["conditions"] != {"service_tier": "standard"}
