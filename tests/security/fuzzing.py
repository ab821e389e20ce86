"""A reader in a process of its own, which may use so much memory and time and no more."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe
from typing import Any, Self

from crawler.extract.document import Document
from crawler.extract.funding.items import read_items
from crawler.extraction import FUNDING, by_id, unclaimed
from crawler.reading import document_of
from crawler.source import Source, bundled_sources, reader_of
from timeline.facts import to_json

MEMORY = 1_500_000_000  # bytes of address space, of which the interpreter and its libraries take a third
SECONDS = 8.0  # of processor time for one page, on a slow machine
AT = datetime(2026, 5, 15, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What became of a page."""

    seconds: float  # of processor time
    failure: str | None  # how the reader raised
    facts: tuple[dict[str, Any], ...] = ()
    issues: tuple[str, ...] = ()


class Caged:
    """Reads pages as a source's reader, or as the general one of a kind, would; use it in `with`."""

    def __init__(self, reader: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(reader, other), daemon=True)
        self.reader = reader

    def __enter__(self) -> Self:
        self._process.start()
        assert self._pipe.poll(60), f"{self.reader}: its process did not start"
        self._pipe.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()

    def read(self, body: bytes) -> Report:
        """Raises AssertionError where the process came to its end, or to no end."""
        self._pipe.send(body)
        assert self._pipe.poll(10 * SECONDS), f"{self.reader} does not come to an end: {body[:300]!r}"
        try:
            report: Report = self._pipe.recv()
        except EOFError:
            self._process.join()
            raise AssertionError(f"{self.reader} ended with {self._process.exitcode}: {body[:300]!r}") from None
        return report


def _serve(reader: str, pipe: Pipe) -> None:
    read = _reader(reader)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    pipe.send("ready")
    while True:
        body = pipe.recv()
        began = time.process_time()
        try:
            facts, issues = read(body)
            pipe.send(Report(seconds=time.process_time() - began, failure=None, facts=facts, issues=issues))
        except Exception as error:
            frame = error.__traceback__
            while frame is not None and frame.tb_next is not None:
                frame = frame.tb_next
            where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else ""
            said = f"{type(error).__name__}: {str(error)[:200]} ({where})"
            pipe.send(Report(seconds=time.process_time() - began, failure=said))


Read = Callable[[bytes], tuple[tuple[dict[str, Any], ...], tuple[str, ...]]]


def _reader(name: str) -> Read:
    if name == FUNDING:
        return _funding
    known = bundled_sources()
    source = (
        by_id(known, name) if any(name == one.id for one in known) else unclaimed(name, "https://docs.acme.example/")
    )

    def read(body: bytes) -> tuple[tuple[dict[str, Any], ...], tuple[str, ...]]:
        reading = reader_of(source)(_document(source, body))
        return tuple(to_json(fact) for fact in reading.facts), tuple(issue.code for issue in reading.issues)

    return read


def _funding(body: bytes) -> tuple[tuple[dict[str, Any], ...], tuple[str, ...]]:
    facts, issues = read_items(body)
    return tuple(facts), tuple(issue.code for issue in issues)


def _document(source: Source, body: bytes) -> Document:
    return document_of(source, body, url=source.url, at=AT)
