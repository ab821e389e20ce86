"""Attacks by what is imported: rows 5 and 12 of the table of attacks we must survive."""

import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.backfill.exports import BackfillError, checkout_states, dated_files
from crawler.replay import LARGEST, ManifestError, read_manifest, replay
from crawler.source import bundled_sources
from store.connect import Connection
from tests import captures
from tests.payloads import TRAVERSALS

OUTSIDE = ("../secret.md", "a/../../secret.md", "/etc/passwd", "./../folder/../secret.md", "link.md", "dir/secret.md")
STRANGE = (5, None, ["000.md"], {"a": 1}, "a\0b", "", ".", "x" * 5000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to replay beside a secret, with links that lead to it."""
    (tmp_path / "secret.md").write_text("| secret | $1 |")
    inside = tmp_path / "folder"
    inside.mkdir()
    (inside / "link.md").symlink_to(tmp_path / "secret.md")
    (inside / "dir").symlink_to(tmp_path)
    return inside


def listed(folder: Path, file: object, url: object = captures.PRICING) -> None:
    row = {"file": file, "url": url, "captured_on": "2026-01-01"}
    (folder / "manifest.jsonl").write_text(json.dumps(row) + "\n")


@pytest.mark.parametrize("name", OUTSIDE)
def test_row_12_no_name_of_a_manifest_leads_out_of_its_folder(folder: Path, name: str) -> None:
    listed(folder, name)
    with pytest.raises(ManifestError, match="leads out of the folder"):
        read_manifest(folder, bundled_sources())


@pytest.mark.parametrize("name", STRANGE, ids=repr)
def test_row_12_what_is_no_file_name_is_refused_with_its_line(
    folder: Path, connection: Connection, name: object
) -> None:
    listed(folder, name)
    with pytest.raises(ManifestError):
        replay(connection, read_manifest(folder, bundled_sources()))
    assert connection.execute("SELECT count(*) FROM aiwire.capture").fetchone() == (0,)


@pytest.mark.parametrize("name", TRAVERSALS)
def test_row_12_a_traversal_is_refused_or_is_the_name_of_nothing(
    folder: Path, connection: Connection, name: str
) -> None:
    listed(folder, name)
    before = sorted(folder.parent.rglob("*"))
    with pytest.raises(ManifestError):
        replay(connection, read_manifest(folder, bundled_sources()))
    assert sorted(folder.parent.rglob("*")) == before
    assert connection.execute("SELECT count(*) FROM aiwire.capture").fetchone() == (0,)


def test_row_12_a_huge_member_and_a_pipe_are_refused_unread(folder: Path, connection: Connection) -> None:
    with (folder / "huge.md").open("wb") as huge:
        huge.truncate(LARGEST + 1)  # takes no room on the disk
    os.mkfifo(folder / "pipe.md")
    for name, said in (("huge.md", "larger than"), ("pipe.md", "no file")):
        listed(folder, name)
        with pytest.raises(ManifestError, match=said):
            replay(connection, read_manifest(folder, bundled_sources()))
    assert connection.execute("SELECT count(*) FROM aiwire.capture").fetchone() == (0,)


def test_row_12_a_copy_of_a_catalogue_is_no_link_to_elsewhere(folder: Path) -> None:
    (folder / "2026-01-01.json").symlink_to(folder.parent / "secret.md")
    with pytest.raises(BackfillError, match="leads out of the folder"):
        dated_files([folder])


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://x/", "data:text/html,x", "ftp://x/y", "javascript:1", 5, ["x"], {}]
)
def test_row_05_an_import_asks_for_nothing_whatever_address_it_names(folder: Path, url: object) -> None:
    """Bytes come from the folder alone; an address that no source claims is reported."""
    (folder / "000.md").write_text(captures.pricing(captures.START))
    listed(folder, "000.md", url)
    try:
        found = read_manifest(folder, bundled_sources())
    except ManifestError as error:
        assert "url" in str(error)
    else:
        assert (found.lines, len(found.unclaimed)) == ((), 1)


def test_row_12_a_checkout_runs_no_program_that_its_configuration_names(tmp_path: Path) -> None:
    """A signed commit, and a configuration that has signatures shown by a program of its own."""
    checkout, marker, program = tmp_path / "checkout", tmp_path / "ran", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {marker}\n")
    program.chmod(0o755)

    def git(*words: str, given: bytes = b"") -> bytes:
        return subprocess.run(["git", "-C", checkout, *words], input=given, capture_output=True, check=True).stdout

    checkout.mkdir()
    git("init", "--quiet")
    (checkout / "prices.json").write_text("{}")
    git("add", "prices.json")
    who = b"a <a@example.org> 1767225600 +0000"
    signature = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n"
    tree = git("write-tree").strip()
    commit = b"tree " + tree + b"\nauthor " + who + b"\ncommitter " + who + b"\n" + signature + b"\nprices\n"
    signed = git("hash-object", "-t", "commit", "-w", "--stdin", given=commit).strip().decode()
    git("reset", "--quiet", signed)
    for name, value in (("log.showSignature", "true"), ("gpg.program", str(program)), ("core.fsmonitor", str(program))):
        git("config", name, value)
    git("log", "-1")
    assert marker.exists(), "git itself would run it"
    marker.unlink()
    (state,) = checkout_states(checkout, "prices.json", apart=timedelta())
    assert state.read() == b"{}"
    assert not marker.exists()
