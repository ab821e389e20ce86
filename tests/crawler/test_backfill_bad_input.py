"""Bad copies in the middle of a history, whatever way it comes in: held and explained, and never a false cut."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crawler.backfill.catalogues import CATALOGUES
from crawler.backfill.exports import BackfillError, Export, checkout_states, dated_files
from crawler.backfill.folding import fold_states
from crawler.backfill.importing import Backfilled, backfill, backfill_checkout
from crawler.backfill.packages import genai_prices
from crawler.backfill.states import parse
from crawler.backfill.trees import price_states
from crawler.source import bundled_sources
from store.connect import Connection
from tests.crawler.test_trees import Checkout

pytestmark = pytest.mark.postgres
SOURCES = {source.id: source for source in bundled_sources()}
DAYS = ("2025-01-01", "2025-02-01", "2025-03-01")
NOW = datetime(2026, 9, 1, tzinfo=UTC)
MODELS = 20
Market = Mapping[str, Mapping[str, float]]  # USD per million tokens, by model and meter

GOOD: Market = {f"m{number}": {"input": 3.0 + number, "output": 15.0} for number in range(MODELS)}
HALF: Market = {name: GOOD[name] for name in list(GOOD)[: MODELS // 2]}
SLIP: Market = {**GOOD, "m0": {**GOOD["m0"], "input": 3000.0}}
SLIP_DOWN: Market = {**GOOD, "m0": {**GOOD["m0"], "input": 0.003}}
RESCALED: Market = {name: {meter: cost * 1000 for meter, cost in costs.items()} for name, costs in GOOD.items()}
STRANGE: Market = {**GOOD, "m0": {**GOOD["m0"], "wish": 7.0}}


def litellm(market: Market) -> bytes:
    return json.dumps(
        {
            name: {"litellm_provider": "openai", "mode": "chat"}
            | {f"{meter}_cost_per_token": amount / 1_000_000 for meter, amount in costs.items()}
            for name, costs in market.items()
        }
    ).encode()


def package(market: Market) -> bytes:
    models = ", ".join(
        f"ModelInfo(id={name!r}, match=ClauseEquals(equals={name!r}), prices=ModelPrice("
        + ", ".join(f"{meter}_mtok=Decimal('{amount}')" for meter, amount in costs.items())
        + "))"
        for name, costs in market.items()
    )
    return f"providers = [Provider(id='openai', models=[{models}])]".encode()


def copies(folder: Path, bodies: list[bytes]) -> list[Export]:
    for day, body in zip(DAYS, bodies, strict=False):
        (folder / f"{day}.json").write_bytes(body)
    return dated_files([folder])


def checkout(folder: Path, bodies: list[bytes]) -> list[Export]:
    made, file = Checkout(folder), CATALOGUES["litellm"].checkout or ""
    made.git("init", "-q", "-b", "main")
    for day, body in zip(DAYS, bodies, strict=False):
        (folder / file).write_bytes(body)
        made.commit(f"{day}T00:00:00Z")
    return checkout_states(folder, file, apart=timedelta(days=1))


def packages(folder: Path, bodies: list[bytes]) -> list[Export]:
    def reading(body: bytes) -> Callable[[], bytes]:
        return lambda: genai_prices(body)

    times = (datetime.fromisoformat(f"{day}T00:00:00Z") for day in DAYS)
    return [
        Export(name=str(folder / "data.py"), at=at, read=reading(body))
        for at, body in zip(times, bodies, strict=False)
    ]  # fmt: skip


WAYS: Mapping[str, tuple[str, Callable[[Market], bytes], Callable[[Path, list[bytes]], list[Export]]]] = {
    "copies": ("litellm-prices", litellm, copies),
    "checkout": ("litellm-prices", litellm, checkout),
    "package": ("genai-prices", package, packages),
}


def bring_in(connection: Connection, way: str, tmp_path: Path, *bodies: bytes) -> Backfilled:
    source, _, exports = WAYS[way]
    folder = tmp_path / way
    folder.mkdir()
    return backfill(connection, SOURCES[source], exports(folder, list(bodies)))


def price(connection: Connection, day: str, model: str = "m0") -> list[Decimal]:
    query = "SELECT per_million FROM timeline.price_asof(%s::timestamptz) WHERE model_id = %s AND meter = 'input'"
    return [row[0] for row in connection.execute(query, [f"{day}T12:00Z", model])]


def changes(connection: Connection) -> list[tuple[Any, ...]]:
    query = "SELECT model, direction FROM event WHERE kind NOT LIKE 'source.%%' AND NOT baseline ORDER BY position"
    return connection.execute(query).fetchall()


def explained(connection: Connection) -> set[str]:
    """The codes of issues, and the reasons of what is held."""
    codes = connection.execute("SELECT code FROM timeline.source_issues").fetchall()
    held = connection.execute(
        "SELECT one ->> 'reason' FROM timeline.source_health, jsonb_array_elements(source_health.held) AS _ (one)"
    ).fetchall()
    return {row[0] for row in (*codes, *held)}


@pytest.mark.parametrize("way", ["copies", "checkout"])
@pytest.mark.parametrize("spoil", [lambda body: body[: len(body) * 2 // 3], lambda body: b"\x00\xff" + body[7:]])
def test_a_truncated_or_corrupt_map_holds_the_timeline(
    connection: Connection, tmp_path: Path, way: str, spoil: Callable[[bytes], bytes]
) -> None:
    good = litellm(GOOD)
    done = bring_in(connection, way, tmp_path, good, spoil(good), good)
    assert (done.imported, done.bad) == (3, 1)
    assert [price(connection, day) for day in DAYS] == [[3], [3], [3]]
    assert changes(connection) == []
    assert explained(connection) == {"unreadable", "collapsed"}


@pytest.mark.parametrize("body", [package(GOOD)[:-40], b"\x00\xff", b"providers = 7 + 5"])
def test_a_package_that_is_broken_is_refused_by_name_and_nothing_of_it_is_kept(
    connection: Connection, tmp_path: Path, body: bytes
) -> None:
    with pytest.raises(BackfillError, match=r"expected data\.py of genai-prices"):
        bring_in(connection, "package", tmp_path, package(GOOD), body)
    assert price(connection, DAYS[0]) == []
    assert changes(connection) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("mended", [True, False])
def test_half_a_catalogue_is_held_and_explained_also_at_the_end(
    connection: Connection, tmp_path: Path, way: str, mended: bool
) -> None:
    write = WAYS[way][1]
    done = bring_in(connection, way, tmp_path, write(GOOD), write(HALF), *([write(GOOD)] if mended else []))
    assert done.bad == 1
    assert [price(connection, day, "m15") for day in DAYS] == [[18], [18], [18]]
    assert changes(connection) == []
    assert explained(connection) == {"collapsed"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("mended", [True, False])
def test_a_catalogue_in_another_unit_is_held_and_explained(
    connection: Connection, tmp_path: Path, way: str, mended: bool
) -> None:
    write = WAYS[way][1]
    done = bring_in(connection, way, tmp_path, write(GOOD), write(RESCALED), *([write(GOOD)] if mended else []))
    assert done.bad == 1
    assert [price(connection, day) for day in DAYS] == [[3], [3], [3]]
    assert changes(connection) == []
    assert explained(connection) == {"rescaled"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("slip", [SLIP, SLIP_DOWN])
def test_a_slip_that_the_next_copy_takes_back_never_was(
    connection: Connection, tmp_path: Path, way: str, slip: Market
) -> None:
    write = WAYS[way][1]
    done = bring_in(connection, way, tmp_path, write(GOOD), write(slip), write(GOOD))
    assert (done.imported, done.bad) == (3, 0)
    assert [price(connection, day) for day in (DAYS[0], DAYS[2])] == [[3], [3]]
    told = connection.execute(
        "SELECT count(*) FROM event WHERE kind = 'price.changed' AND routed_at IS NULL AND withdrawn_at IS NULL"
    )
    assert told.fetchone() == (0,)


@pytest.mark.parametrize("way", WAYS)
def test_a_slip_that_stands_is_explained_and_told_nobody(connection: Connection, tmp_path: Path, way: str) -> None:
    write = WAYS[way][1]
    bring_in(connection, way, tmp_path, write(GOOD), write(SLIP_DOWN))
    assert explained(connection) & {"power_of_ten", "moved_5x"}
    waits = "SELECT count(*) FROM event WHERE kind = 'price.changed' AND routed_at IS NULL"
    assert connection.execute(waits).fetchone() == (0,)


@pytest.mark.parametrize("way", WAYS)
def test_a_field_nobody_knows_is_an_issue_beside_the_prices_that_go_on(
    connection: Connection, tmp_path: Path, way: str
) -> None:
    write = WAYS[way][1]
    done = bring_in(connection, way, tmp_path, write(GOOD), write(STRANGE))
    assert (done.imported, done.bad) == (2, 0)
    assert [price(connection, day) for day in DAYS[:2]] == [[3], [3]]
    assert changes(connection) == []
    assert explained(connection) == {"unknown_field"}


def tree(folder: Path, *markets: Market) -> Checkout:
    made = Checkout(folder / "models.dev")
    made.path.mkdir()
    made.git("init", "-q", "-b", "dev")
    for day, market in zip(DAYS, markets, strict=False):
        for name in GOOD.keys() - market.keys():
            (made.path / f"providers/acme/models/{name}.toml").unlink(missing_ok=True)
        for name, costs in market.items():
            made.model(name, *(f"{meter} = {amount}" for meter, amount in costs.items()))
        made.commit(f"{day}T00:00:00Z")
    return made


@pytest.mark.parametrize("bad", [HALF, SLIP, SLIP_DOWN])
def test_a_commit_that_slips_or_loses_half_stands_as_written_and_is_told_nobody(
    connection: Connection, tmp_path: Path, bad: Market
) -> None:
    made = tree(tmp_path, GOOD, bad, GOOD)
    found = fold_states(parse(price_states(made.path, apart=timedelta(0)).body), "0" * 64)
    worth = [event for event in found.events if not event.baseline and event.id not in found.moot]
    assert [event for event in worth if event.kind in ("price.changed", "price.delisted")] == []
    backfill_checkout(connection, made.path, apart=timedelta(0), now=NOW)
    assert [price(connection, day) for day in (DAYS[0], DAYS[2])] == [[3], [3]]
    assert price(connection, DAYS[1], "m15") == ([] if bad is HALF else [18])


def test_a_commit_that_slips_and_stays_is_explained(connection: Connection, tmp_path: Path) -> None:
    backfill_checkout(connection, tree(tmp_path, GOOD, SLIP_DOWN).path, apart=timedelta(0), now=NOW)
    assert explained(connection) == {"power_of_ten"}
