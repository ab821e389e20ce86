"""A backfill of the corpus against the curated list of price changes, as far as the raw files show them at all.

Which rows of the list those are is found out here from the raw files alone, by the evidence each row names: the last
copy with the old price, the first with the new one. Without the corpus there is nothing to test.
"""

import csv
import gzip
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from alerts.routing import PRICES
from crawler.backfill.catalogues import CATALOGUES
from crawler.backfill.exports import dated_files, unpacked
from crawler.backfill.importing import backfill, backfill_states
from crawler.observe import info_of
from crawler.rebuild import _observations
from crawler.source import bundled_sources
from store import captures
from store.connect import Connection
from timeline.events import Event
from timeline.fold import fold

CORPUS = Path(os.environ.get("AIWIRE_CORPUS", Path(__file__).resolve().parents[3] / "shared" / "corpus"))
HISTORY = CORPUS / "history"
SOURCES = {source.id: source for source in bundled_sources()}
FIELDS = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
    "input_audio": "input_cost_per_audio_token",
}
LINEAGES = {"litellm": ["litellm-prices", "tokencost-prices"], "models.dev": ["models-dev-states"]}
NOT_CHANGES = ("successor_snapshot", "tier_removed")  # of one id, with a price after it

pytestmark = [
    pytest.mark.torture,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not HISTORY.exists(), reason=f"no corpus at {CORPUS}: set AIWIRE_CORPUS"),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A change that raw files of one lineage show: the old price at `before`, the new one at `after`."""

    row: int  # line of the curated list
    lineage: str
    listing: str
    meter: str
    old: Decimal
    new: Decimal
    before: datetime
    after: datetime


# The independent look


@cache
def curated() -> Sequence[tuple[int, Mapping[str, str]]]:
    with (HISTORY / "curated_events.csv").open(encoding="utf-8") as file:
        return [(number, row) for number, row in enumerate(csv.DictReader(file), 2) if row["kind"] not in NOT_CHANGES]


@cache
def maps() -> Sequence[tuple[str, str, Mapping[str, Any]]]:
    """(day, folder, map) of the LiteLLM map and of tokencost's copies of it."""
    found = []
    for folder in ("litellm", "tokencost"):
        for file in (HISTORY / folder).iterdir():
            day = re.search(r"\d{4}-\d\d-\d\d", file.name)
            assert day
            found.append((day[0], folder, json.loads(gzip.decompress(file.read_bytes()), parse_float=Decimal)))
    return sorted(found, key=lambda one: one[:2])


@cache
def lines() -> Sequence[Mapping[str, Any]]:
    return [json.loads(line, parse_float=Decimal) for line in gzip.open(HISTORY / "models_dev.jsonl.gz")]


def shown() -> Iterator[Shown]:
    for number, row in curated():
        for evidence in row["source"].split("; "):
            kind, _, rest = evidence.partition(":")
            listing = rest.split(" ")[0]
            series = {"litellm": of_maps, "models.dev": of_states}.get(kind, lambda *_: [])(listing, row["meter"])
            old, new = Decimal(row["old_usd_per_mtok"]), Decimal(row["new_usd_per_mtok"])
            for (_, was), (at, now) in pairwise(series):
                if (was, now) == (old, new):
                    before = at - timedelta(seconds=1) if kind == "models.dev" else last_with(series, at)
                    yield Shown(row=number, lineage=kind, listing=listing, meter=row["meter"], old=old, new=new,
                                before=before, after=at)  # fmt: skip


def of_maps(listing: str, meter: str) -> list[tuple[datetime, Decimal | None]]:
    base, over = re.split("[>@]", meter)[0], "_above_200k_tokens" if ">200000" in meter else ""
    found = []
    for day, _, entries in maps():
        if listing in entries:
            value = entries[listing].get(FIELDS[base] + over)
            found.append((instant(day), None if value is None else Decimal(value) * 1_000_000))
    return found


def of_states(listing: str, meter: str) -> list[tuple[datetime, Decimal | None]]:
    base, over = re.split("[>@]", meter)[0], 200_000 if ">200000" in meter else None
    return sorted(
        (instant(state["valid_from"]), Decimal(state["usd_per_mtok"]))
        for state in lines()
        if (f"{state['provider']}/{state['model']}", state["meter"], state.get("context_over")) == (listing, base, over)
        and not state.get("mode")
    )


def last_with(series: Sequence[tuple[datetime, Any]], at: datetime) -> datetime:
    return max(time for time, _ in series if time < at)


def instant(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=UTC) if "T" not in told else datetime.fromisoformat(told)


# The backfill


def copies(connection: Connection, *catalogues: str) -> None:
    for name in catalogues:
        chosen = CATALOGUES[name]
        backfill(connection, SOURCES[chosen.source], dated_files([HISTORY / name]), prepare=chosen.prepare)


def states(connection: Connection) -> None:
    body = unpacked(HISTORY / "models_dev.jsonl.gz")
    backfill_states(connection, body, now=datetime(2026, 9, 30, tzinfo=UTC))


def asof(connection: Connection, change: Shown, at: datetime) -> list[Decimal]:
    rows = connection.execute(
        """
        SELECT per_million FROM timeline.price_asof(%s::timestamptz)
         WHERE (provider, model_id) = (SELECT provider, model_id FROM timeline.price_history
                                        WHERE model = %s AND source = ANY(%s) ORDER BY effective_from DESC LIMIT 1)
           AND meter = %s AND conditions = %s::jsonb AND unit = 'token' AND currency = 'USD'
        """,
        [at, change.listing, LINEAGES[change.lineage], re.split("[>@]", change.meter)[0],
         '{"context_over": 200000}' if ">" in change.meter else "{}"],
    )  # fmt: skip
    return [row[0] for row in rows]


def missed(connection: Connection, lineage: str) -> list[str]:
    return [
        f"line {one.row} {one.listing} {one.meter} {one.old} -> {one.new}: {asof(connection, one, one.before)} then "
        f"{asof(connection, one, one.after)}"
        for one in shown()
        if one.lineage == lineage
        and (asof(connection, one, one.before), asof(connection, one, one.after)) != ([one.old], [one.new])
    ]


def test_the_raw_files_show_most_of_the_curated_changes() -> None:
    rows = {one.row for one in shown()}
    assert (len(curated()), len(rows)) == (68, 49)


def test_each_change_that_the_maps_show_is_found_between_the_two_copies(connection: Connection) -> None:
    copies(connection, "litellm", "tokencost")
    rows = {one.row for one in shown() if one.lineage == "litellm"}
    assert len(rows) == 42
    # The map lists this model twice, at 0.07 and at 0.06; of one seller's model one price is given. models.dev has it.
    (one,) = missed(connection, "litellm")
    assert one.startswith("line 38 deepseek/deepseek-chat cache_read 0.07 -> 0.028: [Decimal('0.06')] then")


def test_each_change_that_models_dev_shows_is_found_at_its_commit(connection: Connection) -> None:
    states(connection)
    rows = {one.row for one in shown() if one.lineage == "models.dev"}
    assert len(rows) == 12
    assert missed(connection, "models.dev") == []


def test_of_all_catalogues_in_one_database_the_right_one_speaks(connection: Connection) -> None:
    """Each change between two looks of a catalogue that its evidence names, though the others lag, or have it wrong."""
    copies(connection, "litellm", "tokencost", "openrouter", "bedrock", "azure")
    states(connection)
    asked = [(one.row, asof(connection, one, one.before), asof(connection, one, one.after), one) for one in shown()]
    met = {row for row, before, after, one in asked if (before, after) == ([one.old], [one.new])}
    assert len(met) >= 0.97 * 49
    assert [f"line {row} {one.listing} {one.meter}" for row, _, _, one in asked if row not in met] == []
    # Where two catalogues show a change, the one that follows later is not heard: these had changed before it looked.
    late = {(one.row, one.lineage) for row, before, after, one in asked if (before, after) != ([one.old], [one.new])}
    assert late == {(38, "litellm"), (44, "models.dev")}


@pytest.mark.parametrize("name", ["litellm", "tokencost", "openrouter", "bedrock", "azure"])
def test_what_would_be_told_of_the_copies_is_no_slip_no_swap_no_nothing_and_stands(
    connection: Connection, name: str
) -> None:
    """Of what the default routes tell, their trust opened to catalogues; only the raw files are asked."""
    copies(connection, name)
    source = SOURCES[CATALOGUES[name].source]
    folded = fold(info_of(source), _observations(connection, source, captures.all_of(connection, source.id)))
    told = [event for event in folded.events if event.kind in PRICES and not event.baseline]
    told = [event for event in told if event.id not in folded.moot and event.kind == "price.changed"]
    assert len(told) >= {"litellm": 300, "tokencost": 100, "openrouter": 50, "bedrock": 1}.get(name, 0)
    found = [problem for event in told for problem in problems(event, Raw.of(name))]
    # By the copies, one a day, this one stands. The nine looks a day of the other file saw it gone for six hours.
    assert [one for one in found if "minimax/minimax-m2.1 output from $1.12 to $1.10" not in one] == []
    assert len(found) <= 1


@dataclass(frozen=True, kw_only=True)
class Raw:
    """Every number of every listing of each copy, by where it stands, as written: read by no reader of aiwire."""

    copies: Mapping[datetime, Mapping[str, Mapping[str, Decimal]]]
    moves: Mapping[str, Sequence[tuple[datetime, Decimal]]]  # of a listing: what else is known to have become what

    @classmethod
    @cache
    def of(cls, name: str) -> "Raw":
        """The copies of a catalogue in the corpus."""
        found = {}
        for file in sorted((HISTORY / name).iterdir()):
            day = re.search(r"\d{4}-\d\d-\d\d", file.name)
            assert day
            text = gzip.decompress(file.read_bytes())
            data = [*map(json.loads, text.splitlines())] if ".ndjson" in file.name else json.loads(text)
            found[instant(day[0])] = numbers(data)
        moves: dict[str, list[tuple[datetime, Decimal]]] = {}
        if name == "openrouter":  # about nine looks a day: what was gone again before the next copy
            for line in unpacked(HISTORY / "openrouter_events.jsonl.gz").splitlines():
                one = json.loads(line)
                if one["kind"] == "price" and one["new"] is not None:
                    moves.setdefault(f"{one['model']} {one['meter']}", []).append(
                        (instant(one["observed_at"]), Decimal(one["new"]))
                    )
        return cls(copies=found, moves=moves)


def numbers(data: Any) -> dict[str, dict[str, Decimal]]:
    """By listing, then by place in it."""
    if isinstance(data, dict) and "data" not in data:
        return {name: dict(leaves(entry)) for name, entry in data.items()}
    rows = data["data"] if isinstance(data, dict) else data
    if "pricing" in rows[0]:
        return {entry["id"]: dict(leaves(entry["pricing"])) for entry in rows}
    found: dict[str, dict[str, Decimal]] = {}
    for row in rows:  # of a table: each text of it may be the name
        place = " > ".join(str(row.get(name, "")) for name in ("Hierarchy_Path", "Pricing_Category"))
        for name in {str(cell).strip() for cell in row.values()}:
            found.setdefault(name, {}).update({f"{place} > {key}": value for key, value in leaves(row)})
    return found


def leaves(data: Any, place: str = "") -> Iterator[tuple[str, Decimal]]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from leaves(value, f"{place}/{name}" if place else name)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from leaves(value, f"{place}/{number}")
    elif not isinstance(data, bool) and (text := str(data).strip().removeprefix("$")):
        try:
            yield place, Decimal(text)
        except ArithmeticError:
            return


def problems(event: Event, raw: Raw) -> Iterator[str]:
    """What the raw files say against telling an event."""
    listing, at = str(event.model), event.observed_at
    assert event.observed_after is not None
    before, after = (raw.copies[time].get(listing, {}) for time in (event.observed_after, at))
    old, new = (Decimal(str((side or {}).get("amount") or 0)) for side in (event.old, event.new))
    places = [place for place, value in after.items() if value == new and before.get(place) == old]
    if not places:
        yield f"{event.headline}: the copies of {event.observed_after:%F} and {at:%F} do not show it"
    if not old or not new:
        yield f"{event.headline}: nothing"
    elif max(old, new) / min(old, new) >= 5:
        yield f"{event.headline}: a slip"
    for place in places:
        later = [copy.get(listing, {}).get(place) for time, copy in raw.copies.items() if at < time <= at + TWO_DAYS]
        later += [value for time, value in raw.moves.get(f"{listing} {place}", ()) if at < time <= at + TWO_DAYS]
        if old in later:
            yield f"{event.headline}: flips back"
        if any(before.get(other) == new and value == old for other, value in after.items()):
            yield f"{event.headline}: swapped"


TWO_DAYS = timedelta(hours=48)
