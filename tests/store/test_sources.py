"""Sources: registered, due, checked; and their health, which changes once per incident."""

from datetime import UTC, datetime, timedelta

import pytest

from store import captures, checks, hosts, snapshots, sources, verdicts
from store.connect import Connection
from store.sources import SourceRow
from timeline.issues import Issue
from timeline.observations import Verdict

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def row(name: str = "acme-pricing", **changes: object) -> SourceRow:
    fields: dict[str, object] = {
        "id": name,
        "provider": "acme",
        "kind": "pricing",
        "url": "https://Docs.Acme.example:8443/pricing.md",
        "trust": "official",
        "every": timedelta(minutes=10),
        "config": {"extract": "pricing"},
    }
    return SourceRow(**(fields | changes))  # type: ignore[arg-type]


def test_a_new_source_is_due_at_once_and_knows_its_host(connection: Connection) -> None:
    sources.register(connection, [row()], T0)
    (due,) = sources.due(connection, T0)
    assert (due.id, due.host, due.etag) == ("acme-pricing", "docs.acme.example:8443", None)
    assert sources.due(connection, T0 - HOUR) == []


def test_what_left_the_configuration_is_disabled_and_comes_back(connection: Connection) -> None:
    sources.register(connection, [row(), row("acme-lifecycle")], T0)
    sources.register(connection, [row()], T0)
    assert [due.id for due in sources.due(connection, T0)] == ["acme-pricing"]
    assert sources.source_ids(connection) == ["acme-lifecycle", "acme-pricing"]
    sources.register(connection, [row("acme-lifecycle")], T0, only_add=True)
    assert {due.id for due in sources.due(connection, T0)} == {"acme-pricing", "acme-lifecycle"}


def test_bundled_history_is_neither_fetched_nor_disabled(connection: Connection) -> None:
    sources.register(connection, [row("acme-history", kind="bundled", url=None, every=None)], T0, only_add=True)
    sources.register(connection, [row()], T0)
    assert [due.id for due in sources.due(connection, T0)] == ["acme-pricing"]
    assert connection.execute("SELECT enabled FROM source WHERE id = 'acme-history'").fetchone() == (True,)


def test_a_shorter_interval_brings_the_next_visit_forward(connection: Connection) -> None:
    sources.register(connection, [row(every=timedelta(days=1))], T0)
    check(connection, at=T0, next_due_at=T0 + timedelta(days=1))
    sources.register(connection, [row(every=timedelta(minutes=10))], T0)
    assert sources.due(connection, T0 + timedelta(minutes=9)) == []
    assert len(sources.due(connection, T0 + timedelta(minutes=10))) == 1


def test_a_host_that_asked_to_wait_is_left_alone(connection: Connection) -> None:
    sources.register(connection, [row()], T0)
    hosts.delay(connection, "docs.acme.example:8443", T0 + HOUR, "Retry-After")
    hosts.delay(connection, "docs.acme.example:8443", T0 + HOUR / 2, "shorter")
    assert hosts.not_before(connection, "docs.acme.example:8443") == T0 + HOUR
    assert sources.due(connection, T0 + HOUR / 2) == []
    assert len(sources.due(connection, T0 + HOUR)) == 1
    hosts.clear(connection, "docs.acme.example:8443")
    assert hosts.not_before(connection, "docs.acme.example:8443") is None


def test_validators_hold_for_their_key_only(connection: Connection) -> None:
    sources.register(connection, [row()], T0)
    check(connection, at=T0, etag='"a"', last_modified="Wed", validators_for="url 1")
    assert sources.validators(connection, "acme-pricing", "url 1") == ('"a"', "Wed")
    assert sources.validators(connection, "acme-pricing", "url 2") == (None, None)
    check(connection, at=T0 + HOUR)  # says nothing of validators
    assert sources.validators(connection, "acme-pricing", "url 1") == ('"a"', "Wed")
    check(connection, at=T0 + HOUR, etag=None, validators_for="url 1")
    assert sources.validators(connection, "acme-pricing", "url 1") == (None, None)
    check(connection, at=T0 + HOUR, etag='"b"', validators_for="url 1")
    sources.reset_validators(connection, "acme-pricing")
    assert sources.validators(connection, "acme-pricing", "url 1") == (None, None)


def test_an_incident_is_one_change_and_its_end_another(connection: Connection) -> None:
    sources.register(connection, [row()], T0)
    good = check(connection, at=T0)
    assert good is not None
    assert (good.old, good.new) == ("new", "ok")
    assert check(connection, at=T0 + HOUR) is None
    bad = check(connection, at=T0 + 2 * HOUR, good=False, outcome="timeout", detail="no answer in 30 s")
    assert bad is not None
    assert (bad.old, bad.new, bad.since, bad.detail) == ("ok", "failing", T0 + 2 * HOUR, "no answer in 30 s")
    assert check(connection, at=T0 + 3 * HOUR, good=False, outcome="timeout") is None
    health = sources.health(connection)[0]
    assert (health.failures, health.last_good_at, health.last_outcome) == (2, T0 + HOUR, "timeout")
    end = check(connection, at=T0 + 4 * HOUR)
    assert end is not None
    assert (end.old, end.new) == ("failing", "ok")
    assert sources.health(connection)[0].failures == 0


def test_fetching_a_bad_page_again_is_no_recovery(connection: Connection) -> None:
    sources.register(connection, [row()], T0)
    see(connection, b"good", T0)
    check(connection, at=T0)
    assert read(connection, 1, "good") == ("new", "ok")
    see(connection, b"bad", T0 + HOUR)
    assert check(connection, at=T0 + HOUR) is None  # not read yet
    assert read(connection, 2, "bad") == ("ok", "broken")
    see(connection, b"bad", T0 + 2 * HOUR)
    assert check(connection, at=T0 + 2 * HOUR) is None
    health = sources.health(connection)[0]
    assert (health.health, health.last_good_at, health.detail) == ("broken", T0, "no table")
    see(connection, b"good", T0 + 3 * HOUR)
    check(connection, at=T0 + 3 * HOUR)
    assert read(connection, 3, "good") == ("broken", "ok")
    assert sources.health(connection)[0].last_good_at == T0 + 3 * HOUR


def test_two_intervals_without_a_good_capture_are_stale_once(connection: Connection) -> None:
    sources.register(connection, [row()], T0)
    check(connection, at=T0)
    check(connection, at=T0 + timedelta(minutes=10), good=False, outcome="timeout", detail="no answer")
    assert checks.mark_stale(connection, T0 + timedelta(minutes=20)) == []
    (stale,) = checks.mark_stale(connection, T0 + timedelta(minutes=21))
    assert (stale.source, stale.old, stale.new) == ("acme-pricing", "failing", "stale")
    assert stale.detail == "no good capture since 2026-08-12 10:00 UTC: no answer"
    assert checks.mark_stale(connection, T0 + HOUR) == []
    end = check(connection, at=T0 + HOUR)
    assert end is not None
    assert (end.old, end.new) == ("stale", "ok")


def check(connection: Connection, *, at: datetime, good: bool = True, **more: object) -> checks.HealthChange | None:
    fields: dict[str, object] = {"outcome": "unchanged", "next_due_at": at + timedelta(minutes=10)}
    return checks.record_check(connection, "acme-pricing", at=at, good=good, **(fields | more))  # type: ignore[arg-type]


def see(connection: Connection, body: bytes, at: datetime) -> None:
    sha256 = snapshots.put(connection, body, "text/markdown")
    captures.see(connection, source="acme-pricing", sha256=sha256, url="https://x", at=at, origin="live")


def read(connection: Connection, seq: int, verdict: Verdict) -> tuple[str, str]:
    issues = [Issue(code="no_table", message="no table", fatal=True)] if verdict == "bad" else []
    change = verdicts.mark_read(
        connection,
        "acme-pricing",
        seq,
        verdict=verdict,
        extractor="1",
        facts=3,
        issues=issues,
    )
    assert change is not None
    return change.old, change.new
