"""Verified sources read their captures as expected: tests/sources/<source>/<date>/{page.*, expected.json, meta.json}.

meta.json may be left out; it says what the folder's name and the source do not: the `url` the page had, the day `at`
which it counts as captured, its `content_type`. The pages are written for these tests: figures may be real, sentences
and layout are ours. After a change of a reader that is meant, AIWIRE_WRITE_EXPECTED=1 writes what it reads now; the
difference is reviewed like code.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.reading import document_of, judge
from crawler.source import Source, bundled_sources
from timeline.facts import to_json

ROOT = Path(__file__).parent / "sources"
KINDS = ("pricing", "lifecycle", "feed")  # of these every verified source must have a capture
SOURCES = {source.id: source for source in bundled_sources()}


@dataclass(frozen=True, kw_only=True)
class Capture:
    """One page of a source and what its reader should give."""

    source: Source
    folder: Path

    @property
    def name(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"

    def read(self) -> dict[str, Any]:
        """What the source's reader gives, as the file says it."""
        file = self.folder / "meta.json"
        meta = json.loads(file.read_text()) if file.exists() else {}
        (page,) = self.folder.glob("page.*")
        at = datetime.fromisoformat(meta.get("at", self.folder.name)).replace(tzinfo=UTC)
        url, content_type = meta.get("url", self.source.url), meta.get("content_type", "")
        document = document_of(self.source, page.read_bytes(), url=url, at=at, content_type=content_type)
        judged = judge(self.source, document, live=False, last_good=None)
        return {
            "verdict": judged.verdict,
            "facts": [to_json(fact) for fact in judged.reading.facts],
            "issues": [issue.code for issue in judged.reading.issues],
        }


def captures() -> list[Capture]:
    return [Capture(source=SOURCES[folder.parent.name], folder=folder) for folder in sorted(ROOT.glob("*/*/"))]


@pytest.mark.parametrize("capture", captures(), ids=lambda capture: capture.name)
def test_a_capture_is_read_as_expected(capture: Capture) -> None:
    read = capture.read()
    file = capture.folder / "expected.json"
    if os.environ.get("AIWIRE_WRITE_EXPECTED"):
        file.write_text(json.dumps(read, indent=1, ensure_ascii=False) + "\n")
    assert read == json.loads(file.read_text())
    assert read["verdict"] == "good"
    assert read["facts"]


def test_every_verified_source_has_a_capture() -> None:
    covered = {capture.source.id for capture in captures()}
    wanted = {source.id for source in SOURCES.values() if source.verified and source.kind in KINDS}
    assert wanted <= covered, f"no capture in tests/sources: {sorted(wanted - covered)}"


def test_every_folder_belongs_to_a_source() -> None:
    assert {folder.name for folder in ROOT.iterdir() if folder.is_dir()} <= set(SOURCES)
