"""Imports: in order, again, in any order; and rebuilds that change nothing."""

import json
import random
from pathlib import Path

import pytest

from crawler.rebuild import rebuild
from crawler.replay import STORY, Line, Manifest, ManifestError, import_line, read_manifest, replay
from crawler.source import bundled_sources
from store.clock import wall_clock
from store.connect import Connection, connect
from tests import captures
from tests.conftest import Server, new_database
from tests.dumps import dump

pytestmark = pytest.mark.postgres


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return read_manifest(captures.write(tmp_path), bundled_sources())


def replayed(server: Server, lines: tuple[Line, ...]) -> str:
    with new_database(server, template=server.template) as url, connect(url, autocommit=True) as connection:
        replay(connection, Manifest(lines=lines, unclaimed=()))
        return dump(connection)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_order_of_import_gives_the_same_facts_and_events(server: Server, manifest: Manifest, seed: int) -> None:
    shuffled = list(manifest.lines)
    random.Random(seed).shuffle(shuffled)
    assert tuple(shuffled) != manifest.lines
    assert replayed(server, tuple(shuffled)) == replayed(server, manifest.lines)


def test_an_import_repeated_changes_nothing(connection: Connection, manifest: Manifest) -> None:
    connection.autocommit = True
    told = replay(connection, manifest)
    once = dump(connection)
    assert told
    assert replay(connection, manifest) == ()
    assert dump(connection) == once


def test_a_rebuild_of_what_is_right_changes_nothing(connection: Connection, manifest: Manifest) -> None:
    connection.autocommit = True
    replay(connection, manifest)
    once = dump(connection)
    for source in {line.source.id: line.source for line in manifest.lines}.values():
        for _ in range(2):
            done = rebuild(connection, source, now=wall_clock(), because="test")
            assert done.is_empty, done
    assert dump(connection) == once


def test_every_event_names_the_bytes_that_prove_it(connection: Connection, manifest: Manifest) -> None:
    connection.autocommit = True
    for event in replay(connection, manifest):
        for capture in (event.before, event.after):
            if capture is not None:
                found = connection.execute("SELECT 1 FROM body WHERE sha256 = %s", [capture.sha256]).fetchone()
                assert found, f"{event.headline}: {capture.sha256} is not kept"
        assert event.after is not None or event.kind == "model.retirement_due"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "line 1: needs JSON"),
        (json.dumps({"file": "a.md", "url": captures.PRICING}), "line 1: needs JSON"),
        (json.dumps({"file": "a.md", "url": captures.PRICING, "captured_on": "2026-13-01"}), "line 1"),
        (json.dumps({"file": "a.md", "url": captures.PRICING, "captured_on": "2026-01-01T10:00:00"}), "no time zone"),
        (
            json.dumps({"file": "../a.md", "url": captures.PRICING, "captured_on": "2026-01-01"}),
            "leads out of the folder",
        ),
        (json.dumps({"file": "/etc/passwd", "url": captures.PRICING, "captured_on": "2026-01-01"}), "leads out"),
    ],
)
def test_a_broken_manifest_is_refused_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "manifest.jsonl").write_text(line + "\n")
    with pytest.raises(ManifestError, match=said):
        read_manifest(tmp_path, bundled_sources())


def test_what_no_source_claims_is_reported_not_guessed(tmp_path: Path) -> None:
    row = {"file": "a.md", "url": "https://unknown.example/prices", "captured_on": "2026-01-01"}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(row) + "\n")
    assert read_manifest(tmp_path, bundled_sources()).unclaimed == ("a.md: https://unknown.example/prices",)


def test_the_story_a_checkout_rehearses_is_the_one_the_tests_tell(tmp_path: Path) -> None:
    captures.write(tmp_path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        file.name: file.read_text() for file in STORY.iterdir()
    }


def test_a_missing_file_leaves_what_came_before_and_nothing_half_written(
    connection: Connection, manifest: Manifest
) -> None:
    connection.autocommit = True
    manifest.lines[2].file.unlink()
    with pytest.raises(ManifestError, match=r"002\.md.*No such file"):
        replay(connection, manifest)
    before = dump(connection)
    with pytest.raises(ManifestError):
        import_line(connection, manifest.lines[2], last=False)
    assert dump(connection) == before
