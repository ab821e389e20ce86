from datetime import timedelta

import psycopg
import pytest

from store import captures, issues, snapshots, sources, verdicts, versions
from store.clock import wall_clock
from store.connect import connect_reader
from store.sources import SourceRow
from timeline.issues import Issue


@pytest.fixture
def reader(reader_url):
    with connect_reader(reader_url) as opened:
        yield opened


def test_a_reader_can_tell_that_nothing_is_missing(reader):
    assert versions.missing(reader) is None


def test_a_view_of_another_version_is_named(connection, reader):
    connection.execute("UPDATE aiwire.installed_view SET sha256 = 'old' WHERE name = 'now'")
    connection.commit()
    assert versions.missing(reader) == "views of another version: now"


def test_another_revision_is_named(connection, reader):
    connection.execute("UPDATE aiwire.alembic_version SET version_num = '0000'")
    connection.commit()
    assert "0000" in versions.missing(reader)


@pytest.mark.parametrize(
    ("statement", "newer"),
    [
        ("UPDATE aiwire.alembic_version SET version_num = '9999'", True),
        ("UPDATE aiwire.alembic_version SET version_num = '0001'", False),
        (
            "INSERT INTO aiwire.former_view (name, sha256) SELECT name, sha256 FROM aiwire.installed_view; "
            "UPDATE aiwire.installed_view SET sha256 = 'newer' WHERE name IN ('now', 'events')",
            True,
        ),
        (
            "INSERT INTO aiwire.former_view (name, sha256) SELECT name, 'older' FROM aiwire.installed_view; "
            "UPDATE aiwire.installed_view SET sha256 = 'old' WHERE name IN ('now', 'events')",
            False,
        ),
    ],
)
def test_code_of_the_last_version_knows_that_the_database_is_newer_and_goes_on(connection, reader, statement, newer):
    connection.execute(statement)
    connection.commit()
    assert versions.compared(reader).database == ("newer" if newer else "older")
    assert (versions.missing(reader) is None) is newer


def test_an_empty_database_has_no_timeline(empty_database_url):
    with psycopg.connect(empty_database_url) as opened:
        assert versions.missing(opened) == "the database has no timeline yet"


def test_a_reader_gets_captured_bytes_and_issues(connection, reader):
    now = wall_clock()
    row = SourceRow(
        id="a-pricing", provider="a", kind="pricing", url="https://a.example/", trust="official", every=None
    )
    sources.register(connection, [row], now)
    sha256 = snapshots.put(connection, b"<h1>prices</h1>", "text/html")
    captures.see(connection, source="a-pricing", sha256=sha256, url="https://a.example/", at=now, origin="live")
    issues.note(connection, "a-pricing", [Issue(code="unknown_unit", message="per fortnight")], at=now, seq=1)
    connection.commit()
    found = snapshots.get(reader, sha256)
    assert (found.body, found.content_type) == (b"<h1>prices</h1>", "text/html")
    assert snapshots.get(reader, "0" * 64) is None
    assert reader.execute("SELECT source, seq, checks, issues FROM timeline.captures").fetchall() == [
        ("a-pricing", 1, 1, 0)
    ]
    assert reader.execute("SELECT code, message, closed_at FROM timeline.source_issues").fetchall() == [
        ("unknown_unit", "per fortnight", None)
    ]


def test_a_reader_gets_the_newest_capture_that_was_believed_and_what_is_open(connection, reader):
    now = wall_clock()
    row = SourceRow(
        id="a-pricing", provider="a", kind="pricing", url="https://a.example/", trust="official", every=None
    )
    sources.register(connection, [row], now)
    for seq, (text, verdict) in enumerate(((b"one", "good"), (b"two", "bad")), start=1):
        sha256 = snapshots.put(connection, text, "text/plain")
        at = now + timedelta(minutes=seq)
        captures.see(connection, source="a-pricing", sha256=sha256, url="https://a.example/", at=at, origin="live")
        verdicts.mark_read(connection, "a-pricing", seq, verdict=verdict, extractor="1", facts=3)
    issues.note(connection, "a-pricing", [Issue(code="bot_wall", message="a wall", fatal=True)], at=now, seq=2)
    connection.commit()
    assert [(found.source, found.seq, found.facts) for found in captures.newest_good(reader)] == [("a-pricing", 1, 3)]
    assert [(found.code, found.fatal) for found in issues.open_issues(reader)] == [("bot_wall", True)]
