"""Deadlines as a calendar (iCalendar, RFC 5545): what people subscribe to, and what their calendars update by id."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from timeline.dates import day, on
from timeline.keys import digest
from timeline.names import title
from timeline.offers import conditions, meter
from timeline.tellers import teller
from timeline.words import clean, listed, per_unit, price

PRODUCT = "-//aiwire//deadlines//EN"
ALARMS = (30, 7, 1)  # days before, in the morning
_MORNING = 9  # o'clock, where the calendar is read
BINDS = {
    "applies": "applies",
    "in_force": "enters into force",
    "effective": "takes effect",
    "compliance": "must be complied with",
}
_LONGEST = 75  # bytes of a line, without its end: RFC 5545, 3.1
_MONTH = len("2026-01")


def calendar(rows: Sequence[Mapping[str, Any]], *, revisions: Mapping[tuple[str, str], int], base_url: str) -> bytes:
    """The rows of timeline.deadlines as an iCalendar document.

    A deadline keeps its UID when its date moves and gets a higher SEQUENCE: `revisions` says how often what is said of
    (provider, key) has changed. Only what is known decides what is written, never the time of the question.
    """
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"),
        *("X-WR-CALNAME:AI deadlines", "NAME:AI deadlines", "REFRESH-INTERVAL;VALUE=DURATION:PT6H"),
        "X-PUBLISHED-TTL:PT6H",
    ]
    for row in rows:
        lines += _event(row, revisions.get((row["provider"], row["key"]), 0), base_url)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def uid(row: Mapping[str, Any]) -> str:
    """The same for as long as it is the same deadline of the same subject, whatever its date; prices by their day."""
    told = [row["provider"], row["kind"], row["key"], *([row["stated"]] if row["kind"] == "price" else [])]
    return f"{digest(told, size=16)}@aiwire"


def summary(row: Mapping[str, Any]) -> str:
    """`OpenAI retires gpt-4-0314`, `Amazon retires titan-1 (us-east-1)`, `Acme keeps a-1 until at least D`."""
    return _said(row) + ("" if _is_first_hand(row) else f" (according to {teller(row['source'])})")


def _is_first_hand(row: Mapping[str, Any]) -> bool:
    """Whether whoever sells it says so, and not somebody who copied it."""
    return row["trust"] in ("official", "cloud")


def _said(row: Mapping[str, Any]) -> str:
    who, what = title(row["provider"]), clean(str(row["model"]), 120)
    if row["kind"] == "rule":
        binds = BINDS.get(row["binding"], "binds")
        return f"{row['jurisdiction']}: {what} {binds}"
    if row["kind"] == "price":
        paid = meter(row["meter"])
        return f"{who} {'changes' if row['firm'] else 'may change'} the price of {what}: {paid}"
    where = clean(", ".join(map(str, (row["scope"] or {}).values())), 80)
    what += f" ({where})" if where else ""
    if not row["firm"]:
        return f"{who} keeps {what} until at least {day(row['stated'])}"
    verb = "deprecates" if row["kind"] == "deprecation" else "retires"
    some_time = f" some time {on(row['stated'])}" if len(row["stated"]) == _MONTH else ""
    return f"{who} {verb} {what}{some_time}"


def _event(row: Mapping[str, Any], revision: int, base_url: str) -> Iterator[str]:
    first, end = _days(row)
    stamp = _stamp(row["known_from"])
    yield from ("BEGIN:VEVENT", f"UID:{uid(row)}", f"SEQUENCE:{revision}", f"DTSTAMP:{stamp}", f"LAST-MODIFIED:{stamp}")
    yield from (f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}")
    yield f"SUMMARY:{_text(summary(row))}"
    yield f"DESCRIPTION:{_text(_description(row))}"
    yield f"CATEGORIES:{_text(row['kind'])},{_text(row['provider'])}"
    yield f"URL:{_address(row, base_url)}"
    sure = row["firm"] and _is_first_hand(row)
    yield from (f"STATUS:{'CONFIRMED' if sure else 'TENTATIVE'}", "TRANSP:TRANSPARENT", "CLASS:PUBLIC")
    if sure:
        said = _text(f"{summary(row)}, {on(row['stated'])}" if len(row["stated"]) > _MONTH else summary(row))
        for days in ALARMS:
            yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-{_before(days)}")
            yield from (f"DESCRIPTION:{said}", "END:VALARM")
    yield "END:VEVENT"


def _address(row: Mapping[str, Any], base_url: str) -> str:
    """The page of the model; of a rule where the regulator says so, in plain letters."""
    if row["kind"] == "rule":
        url = str(row["url"] or "")
        return quote(url, safe=":/?&=%#@+,;~!$'()*") if url.startswith(("https://", "http://")) else base_url
    model = quote(row["model_id"] or row["model"], safe="/")
    return f"{base_url.rstrip('/')}/models/{quote(row['provider'], safe='')}/{model}"


def _days(row: Mapping[str, Any]) -> tuple[date, date]:
    """The first day and the day after the last one: a month where no more is stated."""
    first: date = row["date"]
    if len(row["stated"]) == _MONTH:
        return first, (first + timedelta(days=31)).replace(day=1)
    return first, first + timedelta(days=1) if first < date.max else first


def _description(row: Mapping[str, Any]) -> str:
    lines = []
    if not row["firm"]:
        lines.append("Not a date on which it ends: it will not be before this.")
    if row["kind"] == "price":
        lines.append(f"{meter(row['meter'])}: {price({**row, 'state': 'priced'})} {per_unit(row)}".rstrip())
        lines.append(conditions(row["conditions"] or {}))
    else:
        lines.append(f"It is {row['status']} now." if row["status"] else "")
        if names := [clean(name, 120) for name in row["replacements"] or ()]:
            lines.append(f"Instead: {listed(names)}.")
        lines.append(
            ", ".join(f"{clean(name, 40)}: {clean(str(value), 120)}" for name, value in (row["scope"] or {}).items())
        )
    kind = row["subject_kind"]
    lines.append("" if kind in ("model", "rule") else f"This is about a {kind.replace('_', '-')}.")
    lines.append(f"According to {teller(row['source'])} ({row['trust']}).")
    return "\n".join(line for line in lines if line)


def _before(days: int) -> str:
    """The duration from a morning so many days before to the midnight with which an all-day event begins."""
    whole = f"{days - 1}D" if days > 1 else ""
    return f"P{whole}T{24 - _MORNING}H"


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Text as a value: RFC 5545, 3.3.11. Control characters are left out, line breaks are kept."""
    kept = "\n".join(clean(line, 2000) for line in text.split("\n"))
    for char, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        kept = kept.replace(char, written)
    return kept


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, each but the first begun by a space; no character is cut in two."""
    pieces, size = [""], 0
    for char in line:
        width = len(char.encode())
        if size + width > _LONGEST:
            pieces.append(" ")
            size = 1
        pieces[-1] += char
        size += width
    return "\r\n".join(pieces)
