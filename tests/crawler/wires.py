"""Crawls for tests: real HTTP on loopback, a real database, sources made on the spot."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.fetching import fetch_batch
from crawler.outcomes import Outcome
from crawler.registration import registration
from crawler.robots import RobotsMemory
from crawler.settings import Manners
from crawler.source import Source
from store import sources
from store.connect import connect
from tests.crawler.loops import reactor_mode

NOW = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
QUICK = Manners(delay=0.0, request_seconds=2.0, crawl_seconds=20.0, max_bytes=1_000_000)


def source(url: str, *, id: str = "acme-page", **fields: Any) -> Source:
    """A feed of acme: there is a general reader for it."""
    given = {"provider": "acme", "kind": "feed", "trust": "press", "every": timedelta(minutes=10)}
    return Source(id=id, url=url, **{**given, **fields})


@dataclass(kw_only=True)
class Wire:
    """Registers sources in a database and fetches them; its clock moves only when told."""

    database_url: str
    now: datetime = NOW
    robots: RobotsMemory = field(default_factory=RobotsMemory)

    def clock(self) -> datetime:
        return self.now

    def register(self, *wanted: Source) -> None:
        with connect(self.database_url) as connection:
            sources.register(connection, [registration(source) for source in wanted], self.now)

    async def fetch(self, *wanted: Source, register: bool = True, **options: Any) -> list[Outcome]:
        if register:
            await asyncio.to_thread(self.register, *wanted)
        options = {"manners": QUICK, "robots": self.robots, "run": "test", "reactor": reactor_mode(), **options}
        return await fetch_batch(wanted, database_url=self.database_url, clock=self.clock, **options)

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with connect(self.database_url) as connection:
            return connection.execute(query, values).fetchall()

    def rows(self) -> Sequence[tuple[Any, ...]]:
        """Every fetch row: source, outcome, status."""
        return self.ask('SELECT source, outcome, status FROM "fetch" ORDER BY id')

    def issues(self) -> list[str]:
        return [row[0] for row in self.ask("SELECT code FROM issue WHERE closed_at IS NULL ORDER BY id")]
