"""From a snapshot's bytes to what was read and whether to believe it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crawler.checks import check
from crawler.extract.document import Document, Reading
from crawler.precedent import Precedent
from crawler.source import Source, reader_of, reader_version
from timeline.issues import Issue
from timeline.observations import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A reading, and the verdict of the structural checks on it: `good`, or `bad` when an issue is fatal."""

    reading: Reading  # without facts when the verdict is bad
    read: Reading  # as the reader gave it
    verdict: Verdict
    version: str
    document: Document

    @property
    def precedent(self) -> Precedent | None:
        """What later captures are compared with, where this one is believed."""
        return None if self.verdict == "bad" else Precedent.of(self.document, self.reading)

    def accepted(self) -> "Judged":
        """An operator takes the capture as it is: what the reader gave counts, whatever the checks say."""
        return replace(self, reading=replace(self.reading, facts=self.read.facts), verdict="accepted")


def document_of(source: Source, body: bytes, *, url: str, at: datetime, content_type: str = "") -> Document:
    """The document a reader of `source` is given; `at` is the time of the capture."""
    options: Mapping[str, Any] = source.options
    return Document(
        body=body,
        url=url,
        at=at,
        source=source.id,
        provider=source.provider,
        content_type=content_type,
        options=options,
    )


def judge(source: Source, document: Document, *, live: bool, last_good: Precedent | None) -> Judged:
    """Read a document and check its structure. A reader that raises makes the capture bad, with an issue."""
    reader = reader_of(source)
    try:
        reading = reader(document)
    except Exception as error:
        reading = Reading(issues=(_fault(error),))
    read = reading
    catalogue = source.kind == "catalogue"
    reading = check(
        reading, document=document, expect=source.expect, live=live, last_good=last_good, catalogue=catalogue
    )
    fatal = any(issue.fatal for issue in reading.issues)
    if fatal:
        reading = replace(reading, facts=())
    return Judged(
        reading=reading,
        read=read,
        verdict="bad" if fatal else "good",
        version=reader_version(source),
        document=document,
    )


def _fault(error: Exception) -> Issue:
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_name}, line {frame.tb_lineno}" if frame else ""
    message = f"the reader failed with {type(error).__name__}: {error}; this is a fault of aiwire, please report it"
    return Issue(code="reader_failed", message=message[:500], locator=where, fatal=True)
