"""What the memory of the API grows by while it streams a million rows of the history of prices as CSV: all there are.

The application in this process, without a network; a client that takes whatever comes. Growth is what is resident at
the end beyond what was after the first tenth: what the first chunks need is needed once.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import psutil
from starlette.types import Message, Scope

from api.app import create_app
from bench import market
from bench.measures import Result, at_most
from bench.session import Session
from store.connect import connect, open_pool

MOST_MB = 10.0
PATH = "/v1/prices/history.csv"


def run(session: Session) -> Iterator[Result]:
    """One stream of all there is."""
    with connect(session.market.ground.url, autocommit=True) as connection:
        market.mirror(connection, session.size(1_000_000, quick=50_000))
    yield asyncio.run(_stream(session))


async def _stream(session: Session) -> Result:
    own = psutil.Process()
    resident: list[tuple[int, float]] = []  # rows so far, megabytes
    rows = 0

    async def receive() -> Message:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal rows
        rows += message.get("body", b"").count(b"\r\n")
        resident.append((rows, own.memory_info().rss / 1e6))

    with open_pool(session.market.ground.reader_url, size=2, reader=True) as pool:
        app = create_app(pool, clock=lambda: datetime.now(UTC), base_url="https://aiwire.example")
        await app(_scope(), receive, send)
    early = next(size for count, size in resident if count >= rows / 10)
    more = {"rows": rows, "mb": resident[-1][1]}
    return at_most(
        "stream_memory_growth", resident[-1][1] - early, MOST_MB, "MB", of="over the whole stream", more=more
    )


def _scope() -> Scope:
    return {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": PATH, "raw_path": PATH.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", b"127.0.0.1")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
