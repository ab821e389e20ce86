"""Captures that come late are put where they belong: the runs are the same in whatever order they came."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import captures, imports, snapshots, sources
from store.connect import Connection
from store.sources import SourceRow

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
Look = tuple[int, str]  # hour, bytes
Run = tuple[float, float, str, int]  # first hour, last hour, hash, checks


@pytest.fixture(autouse=True)
def registered(connection: Connection) -> None:
    row = SourceRow(id="acme", provider="acme", kind="pricing", url="https://a.x", trust="official", every=HOUR)
    sources.register(connection, [row], T0)
    connection.commit()


def place(connection: Connection, *looks: Look) -> list[bool]:
    placed = []
    for hour, body in looks:
        sha256 = snapshots.put(connection, body.encode(), "text/plain")
        at = T0 + hour * HOUR
        placed.append(
            imports.place(connection, source="acme", sha256=sha256, url="https://a.x", at=at, origin="import")
        )
    return placed


def runs(connection: Connection) -> list[Run]:
    return [
        ((run.first_seen - T0) / HOUR, (run.last_seen - T0) / HOUR, run.sha256, run.checks)
        for run in captures.all_of(connection, "acme")
    ]


def shape(connection: Connection) -> list[tuple[float, float]]:
    return [run[:2] for run in runs(connection)]


def test_a_late_capture_splits_the_run_it_falls_into(connection: Connection) -> None:
    assert place(connection, (1, "a"), (2, "a"), (4, "a"), (5, "a")) == [True] * 4
    assert shape(connection) == [(1, 5)]
    assert place(connection, (3, "b"), (3, "b")) == [True, False]
    assert shape(connection) == [(1, 2), (3, 3), (4, 5)]
    assert [run[3] for run in runs(connection)] == [2, 1, 2]
    newest = captures.latest(connection, "acme")
    assert newest is not None
    assert newest.last_seen == T0 + 5 * HOUR
    assert [run.first_seen for run in captures.unread(connection, "acme")] == sorted(
        run.first_seen for run in captures.all_of(connection, "acme")
    )


def test_a_late_capture_of_the_same_bytes_lengthens_a_run(connection: Connection) -> None:
    place(connection, (2, "a"), (5, "b"))
    assert place(connection, (3, "a"), (4, "b"), (1, "a"), (6, "b")) == [True] * 4
    assert shape(connection) == [(1, 3), (4, 6)]


def test_two_captures_of_one_moment_follow_each_other(connection: Connection) -> None:
    place(connection, (1, "a"), (1, "b"), (1, "c"))
    found = captures.all_of(connection, "acme")
    assert [run.first_seen - T0 - HOUR for run in found] == [timedelta(microseconds=number) for number in range(3)]
    assert place(connection, (1, "a")) == [False]


def test_what_is_known_may_be_imported_again(connection: Connection) -> None:
    looks = [(1, "a"), (2, "b"), (3, "b"), (4, "a")]
    place(connection, *looks)
    before = runs(connection)
    assert place(connection, *looks) == [False] * 4
    for hour, body in looks:
        sha256 = snapshots.put(connection, body.encode(), "text/plain")
        seen = captures.see(
            connection, source="acme", sha256=sha256, url="https://a.x", at=T0 + hour * HOUR, origin="import"
        )
        assert seen[1] is False
    assert runs(connection) == before


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abc")), unique_by=lambda look: look[0], max_size=10),
    st.randoms(use_true_random=False),
)
def test_the_order_of_import_does_not_matter(connection: Connection, looks: list[Look], random: object) -> None:
    def imported(order: Sequence[Look]) -> list[Run]:
        with connection.transaction(force_rollback=True):
            place(connection, *order)
            return runs(connection)

    shuffled = list(looks)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert imported(shuffled) == imported(sorted(looks))
