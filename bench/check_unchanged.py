"""A check that finds nothing new, and the memory of many of them.

Ours is the whole task of a worker: ask what is due, fetch with the validators, record the 304, see whether anything
waits for a second look; the CPU time of the database is counted in. The floor is the plainest Scrapy spider in the same
process: one request with `If-None-Match`, a callback that looks at the status, Scrapy's defaults but for its telnet
console and its log, which would make it dearer.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import structlog
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response

from bench import grounds
from bench.measures import Result, cpu, interleave_async
from bench.pages import PricePage
from bench.session import Session
from configuration import Configuration, load_configuration
from crawler.origin import Page
from crawler.registration import registration
from crawler.source import Source
from store import sources
from store.connect import connect
from wire import Wire
from wiring import Wiring

TEXT = PricePage(models=40).html()
EACH = 10  # checks in one measurement
BATCH = 10  # pages of the batch
MOST = 1.5
FLAT = 1.05
STEP = timedelta(minutes=20)
OF = "the plainest Scrapy spider"


class Plain(Spider):
    """One conditional request for each address."""

    name = "plain"
    handle_httpstatus_list = (304,)

    def __init__(self, urls: Sequence[str], tag: str, **options: Any) -> None:
        super().__init__(**options)
        self.urls, self.tag, self.found = urls, tag, 0

    async def start(self) -> AsyncIterator[Request]:
        """The requests."""
        for url in self.urls:
            yield Request(url, headers={"If-None-Match": self.tag})

    def parse(self, response: Response) -> None:
        """Nothing new."""
        self.found += response.status == 304


class Ours:
    """The wire over some pages of one host, with a clock that goes on by itself from check to check."""

    def __init__(self, ground: grounds.Ground, pages: Sequence[Source], *, origin: str | None, allow: Sequence[str]):
        self.host = pages[0].host
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.wire = Wire(
            Wiring(
                configuration=replace(_configuration(ground.home), sources=tuple(pages), allow_hosts=tuple(allow)),
                database_url=ground.url,
                clock=lambda: self.now,
                origin=origin,
            )
        )
        with connect(ground.url, autocommit=True) as connection:
            sources.register(connection, [registration(page) for page in pages], self.now)

    async def check(self) -> None:
        """Every page once."""
        self.now += STEP
        await self.wire.crawl(host=self.host)


def run(session: Session) -> Iterator[Result]:
    """CPU of a check by itself and in a batch of pages of one host, and memory over many checks."""
    logging.disable(logging.INFO)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    paths = [f"/page-{number}" for number in range(BATCH)]
    with grounds.origin(dict.fromkeys([*paths, *(f"https://bench.example{path}" for path in paths)], TEXT)) as address:
        with grounds.database() as ground:
            yield asyncio.run(_alone(session, ground, address))
            yield asyncio.run(_batch(session, ground, address))
        with grounds.database() as ground:
            yield asyncio.run(_memory(session, ground, address))


async def _alone(session: Session, ground: grounds.Ground, address: str) -> Result:
    page = _source("alone", f"http://{address}/page-0")
    ours = Ours(ground, [page], origin=None, allow=[address])
    return await _compare(session, ground, ours, [page.url], name="check_unchanged")


async def _batch(session: Session, ground: grounds.Ground, address: str) -> Result:
    """The pages are of a public host as far as our side knows: a batch of a local one would wait between requests."""
    pages = [_source(f"batch-{number}", f"https://bench.example/page-{number}") for number in range(BATCH)]
    ours = Ours(ground, pages, origin=address, allow=())
    urls = [f"http://{address}/page-{number}" for number in range(BATCH)]
    return await _compare(session, ground, ours, urls, name="check_unchanged_batch")


async def _compare(session: Session, ground: grounds.Ground, ours: Ours, urls: Sequence[str], *, name: str) -> Result:
    runner = AsyncCrawlerRunner(
        {"TWISTED_REACTOR_ENABLED": False, "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False}
    )
    each = max(1, EACH // len(urls))
    database = 0.0

    async def check() -> None:
        nonlocal database
        before = ground.cpu()
        for _ in range(each):
            await ours.check()
        database += ground.cpu() - before

    async def floor() -> None:
        for _ in range(each):
            crawler = runner.create_crawler(Plain)
            await runner.crawl(crawler, urls=urls, tag=Page(body=TEXT.encode()).tag)
            assert isinstance(crawler.spider, Plain)
            assert crawler.spider.found == len(urls)

    async with ours.wire.app.open_async():
        await ours.check()  # the first one keeps the pages
        pairs = await interleave_async(
            check, floor, pairs=session.size(40, quick=6), clock=lambda: cpu() + ground.cpu()
        )
    ours.wire.pool.close()
    _expect(ground, ours)
    checks = (len(pairs.ours) + 2) * each * len(urls)
    return pairs.result(
        name, most=MOST, of=OF, each=each * len(urls), more={"of_which_database_ms": database / checks * 1e3}
    )


async def _memory(session: Session, ground: grounds.Ground, address: str) -> Result:
    ours = Ours(ground, [_source("many", f"http://{address}/page-0")], origin=None, allow=[address])
    checks = session.size(10_000, quick=300)
    sizes: list[float] = []
    async with ours.wire.app.open_async():
        for number in range(checks + 1):
            await ours.check()
            if number % (checks // 10) == 0:
                sizes.append(psutil.Process().memory_info().rss / 2**20)
    ours.wire.pool.close()
    _expect(ground, ours)
    return Result(
        name="check_unchanged_memory",
        value=sizes[-1],
        unit="MB",
        floor=sizes[1],
        ratio=sizes[-1] / sizes[1],
        budget=f"<= {FLAT:g} x the memory after a tenth of {checks} checks",
        met=sizes[-1] <= FLAT * sizes[1],
        more={"checks": checks, "after_each_tenth_mb": sizes[1:]},
    )


def _expect(ground: grounds.Ground, ours: Ours) -> None:
    """What was measured is what was meant: after the first look, nothing but 304."""
    with connect(ground.url) as connection:
        rows = connection.execute(
            'SELECT outcome, count(*) FROM "fetch" JOIN source ON source.id = source WHERE host = %s GROUP BY 1',
            [ours.host],
        )
        assert {row[0] for row in rows} == {"changed", "not_modified"}
        assert connection.execute("SELECT DISTINCT verdict FROM capture").fetchall() == [("good",)]
        assert connection.execute("SELECT count(*) FROM issue").fetchall() == [(0,)]


def _configuration(home: Path) -> Configuration:
    return load_configuration({"AIWIRE_HOME": str(home)}, folder=home)


def _source(name: str, url: str) -> Source:
    every = timedelta(minutes=10)
    return Source(id=f"bench-{name}", provider="bench", kind="pricing", url=url, trust="official", every=every)
