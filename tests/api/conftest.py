"""The API as people meet it: a real server on a real database, asked over a socket."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any

import pytest
import uvicorn
from psycopg.conninfo import conninfo_to_dict

from api.app import create_app
from bench import asgi
from store.clock import set_rehearsal
from store.connect import connect, open_pool
from store.migrate import migrate
from tests.api.samples import small_market
from tests.conftest import READER_PASSWORD, new_database

NOW = datetime(2026, 2, 26, 17, 3, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back. Header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()


@dataclass(frozen=True, kw_only=True)
class Site:
    """A running server."""

    port: int
    app: Any = field(default=None, repr=False)  # what it serves

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, target: str, *, method: str = "GET", **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target.removeprefix(self.base_url), headers=given)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(status=answer.status, headers=found, body=answer.read())
        finally:
            connection.close()

    def data(self, target: str):
        answer = self.ask(target)
        assert answer.status == 200, answer.text
        return answer.json["data"]


@pytest.fixture(scope="session")
def market(server) -> Iterator[Site]:
    """The API over the small market: one for all tests that only ask."""
    with new_database(server, template=server.template) as url:
        with connect(url) as opened:
            set_rehearsal(opened, NOW)
            small_market(opened)
            opened.execute("UPDATE source_state SET changed_at = %s", [NOW - timedelta(hours=1)])
            opened.execute("UPDATE funding_state SET changed_at = %s", [NOW - timedelta(hours=1)])
            opened.commit()
        name = str(conninfo_to_dict(url)["dbname"])
        migrate(url, reader_password=READER_PASSWORD)
        reader = server.database(name, user=f"{name}_reader", password=READER_PASSWORD)
        pool = open_pool(reader, size=4, reader=True)
        with serving(pool) as running:
            yield running
        pool.close()


@pytest.fixture
def site(reader_url, rehearsed) -> Iterator[Site]:
    """The API over this test's database, read with the reader's role; its clock stands at NOW."""
    pool = open_pool(reader_url, size=4, reader=True)
    with serving(pool) as running:
        yield running
    pool.close()


@pytest.fixture
def rehearsed(connection) -> datetime:
    """The database's clock stands at NOW too."""
    set_rehearsal(connection, NOW)
    connection.commit()
    return NOW


@dataclass(kw_only=True)
class Inside:
    """An application asked without a network, which is most of what a request costs: for tests that ask thousands."""

    app: Any
    loop: asyncio.AbstractEventLoop

    def ask(self, target: str) -> Answer:
        answer = self.loop.run_until_complete(asgi.ask(self.app, target))
        return Answer(status=answer.status, headers=answer.headers, body=answer.body)


@pytest.fixture
def inside(market) -> Iterator[Inside]:
    """The API over the small market, without its server."""
    loop = asyncio.new_event_loop()
    yield Inside(app=market.app, loop=loop)
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


class serving:  # noqa: N801 -- a context manager
    """Runs the application of a pool in a thread of its own."""

    def __init__(self, pool, access=None) -> None:
        config = uvicorn.Config("", host="127.0.0.1", port=0, log_level="critical", server_header=False, lifespan="off")
        self._socket = config.bind_socket()
        port = self._socket.getsockname()[1]
        base_url = Site(port=port).base_url
        config.app = create_app(pool, clock=lambda: NOW, base_url=base_url, access=access, remember=0)
        self._site = Site(port=port, app=config.app)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> Site:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self._site

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()
        assert not self._thread.is_alive()
