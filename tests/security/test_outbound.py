"""Attacks on the crawler from outside: rows 1-5, 11, 19 and 23 of the table of attacks we must survive."""

import asyncio
import logging
import resource
import socket
import sys
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from crawler.origin import Origin
from crawler.outcomes import Outcome
from crawler.source import parse_sources
from crawler.transport import GuardedResolver
from tests.crawler.hostile import FIXED, Hostile, certificate
from tests.crawler.wires import QUICK, Wire, source
from tests.payloads import REFUSED
from timeline.addresses import BlockedAddressError
from timeline.strict import ConfigurationError


@pytest.fixture
def wire(database_url: str) -> Wire:
    return Wire(database_url=database_url)


def test_row_01_02_03_no_spelling_of_an_internal_address_is_fetched(wire: Wire) -> None:
    """Past the configuration, straight to the crawl: as if a database row or a catalogue named the address."""

    async def crawl() -> list[Outcome]:
        pages = [source(url, id=f"page-{n}") for n, url in enumerate(REFUSED) if "\0" not in url]
        return await wire.fetch(*pages)

    connections = Connections()
    outcomes = asyncio.run(crawl())
    assert {outcome.name for outcome in outcomes} == {"blocked_address"}, [
        (outcome.url, outcome.name, outcome.detail) for outcome in outcomes if outcome.name != "blocked_address"
    ]
    assert len(outcomes) >= 40
    assert connections.begun == []


@pytest.mark.parametrize("url", [url for url in REFUSED if url.strip()], ids=repr)
def test_row_01_05_configuration_refuses_what_is_not_a_public_web_page(url: str) -> None:
    text = f'[[source]]\nid = "a"\nprovider = "a"\nkind = "pricing"\nurl = {_toml(url)}\n'
    with pytest.raises(ConfigurationError) as caught:
        parse_sources(text, "aiwire.toml", user=True)
    assert "url" in str(caught.value)


def test_row_04_a_name_that_changes_its_mind_is_checked_at_every_connection() -> None:
    class Rebinding(AbstractResolver):
        """Answers with a public address first, with this machine's from then on."""

        def __init__(self) -> None:
            self.answers = iter(["93.184.215.14", "127.0.0.1", "127.0.0.1"])

        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            address = next(self.answers)
            return [
                ResolveResult(
                    hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST
                )
            ]

        async def close(self) -> None:
            pass

    async def attack() -> int:
        async with Hostile() as server:
            port = int(server.address.split(":")[1])
            guard = GuardedResolver(frozenset(), inner=Rebinding())
            assert (await guard.resolve("rebind.example.com", port))[0]["host"] == "93.184.215.14"
            connector = aiohttp.TCPConnector(resolver=guard, use_dns_cache=False)
            async with aiohttp.ClientSession(connector=connector) as session:
                for _ in range(2):
                    with pytest.raises(BlockedAddressError, match=r"127\.0\.0\.1 is not a public"):
                        await session.get(f"http://rebind.example.com:{port}/")
            return server.asked.total()

    assert asyncio.run(attack()) == 0


def test_row_04_a_name_with_one_internal_address_among_public_ones_is_refused() -> None:
    class Mixed(AbstractResolver):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            return [
                ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
                for address in ("93.184.215.14", "10.0.0.5")
            ]

        async def close(self) -> None:
            pass

    with pytest.raises(BlockedAddressError, match=r"10\.0\.0\.5"):
        asyncio.run(GuardedResolver(frozenset(), inner=Mixed()).resolve("mixed.example.com", 443))


def test_row_04_the_name_of_this_machine_is_blocked_when_it_is_connected_to(wire: Wire) -> None:
    name = socket.gethostname()
    try:
        address = socket.gethostbyname(name)
    except OSError:
        pytest.skip("this machine's name does not resolve")
    outcomes = asyncio.run(wire.fetch(source(f"http://{name}:9/")))
    assert outcomes[0].name == "blocked_address", address


def test_row_04_05_every_redirect_hop_is_checked(wire: Wire) -> None:
    """The internal server is allowed for one port only: the hop to its neighbour, by any spelling, is not made."""

    async def crawl() -> tuple[list[Outcome], int]:
        async with Hostile() as neighbour, Hostile() as server:
            port = neighbour.address.split(":")[1]
            hops = [
                f"http://127.0.0.1:{port}/",
                f"http://localhost:{port}/",
                f"http://[::1]:{port}/",
                f"http://2130706433:{port}/",
                f"http://0x7f000001:{port}/",
                f"http://127.1:{port}/",
                f"//127.0.0.1:{port}/",
                f"http://127.0.0.1:{port}\\@{server.address}/",
                f"http://{server.address}@127.0.0.1:{port}/",
                "file:///etc/passwd",
                "gopher://acme.example.com/",
                "data:text/plain,hello",
                "ftp://acme.example.com/",
            ]
            pages = []
            for number, hop in enumerate(hops):
                FIXED[f"/hop-{number}"] = ("302 Found", {"Location": hop}, b"")
                pages.append(source(server.url(f"/hop-{number}"), id=f"page-{number}"))
            return await wire.fetch(*pages, allow_hosts=[server.address]), neighbour.asked.total()

    outcomes, reached = asyncio.run(crawl())
    assert [outcome.name for outcome in outcomes] == ["blocked_address"] * len(outcomes)
    assert reached == 0


def test_row_11_bombs_and_drips_are_refused_at_the_cap_and_the_next_source_is_served(wire: Wire) -> None:
    paths = ["/bomb-gzip", "/bomb-deflate", "/bomb-br", "/bomb-zstd", "/bomb-twice", "/endless", "/slow-drip", "/good"]

    async def crawl() -> list[Outcome]:
        async with Hostile() as server:
            pages = [source(server.url(path), id=path.strip("/")) for path in paths]
            return await wire.fetch(*pages, allow_hosts=[server.address], manners=replace(QUICK, request_seconds=1.0))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcomes = asyncio.run(crawl())
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert [outcome.name for outcome in outcomes] == ["too_large"] * 6 + ["timeout", "changed"]
    assert grown < 40 * 1024, f"{grown} KiB for bombs of 60 MB each"
    assert wire.ask("SELECT count(*) FROM snapshot") == [(1,)]


def test_row_19_a_token_in_a_watched_url_reaches_no_log(
    wire: Wire, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)  # of the root: as chatty as an operator may make it
    caplog.set_level(logging.DEBUG, logger="scrapy")  # as Scrapy's own set-up of logging leaves it

    async def crawl() -> list[Outcome]:
        async with Hostile() as server:
            paths = [
                "/good",
                "/missing",
                "/hang",
                "/endless",
                "/cut",
                "/not-gzip",
                "/to-elsewhere",
                "/not-http",
                "/loop",
            ]
            pages = [source(server.url(f"{path}?token=hunter2"), id=path.strip("/")) for path in paths]
            pages.append(source("http://10.0.0.5/?token=hunter2", id="inside"))
            pages.append(source("http://no-such-host.invalid/?token=hunter2", id="nameless"))
            return await wire.fetch(*pages, allow_hosts=[server.address], manners=replace(QUICK, request_seconds=0.5))

    outcomes = asyncio.run(crawl())
    assert len({outcome.name for outcome in outcomes}) >= 8
    emitted = capsys.readouterr()
    for text in (emitted.out, emitted.err, caplog.text, *(outcome.detail for outcome in outcomes)):
        assert "hunter2" not in text
    assert "hunter2" not in str(wire.ask("SELECT message FROM issue"))


def test_row_23_a_bad_certificate_fails(wire: Wire, tmp_path: Path) -> None:
    async def crawl(days: int) -> tuple[list[Outcome], int]:
        async with Hostile(tls=certificate(tmp_path, days=days)) as server:
            return await wire.fetch(source(server.url("/good")), allow_hosts=[server.address]), server.asked.total()

    for days in (30, -30):  # self-signed, and expired as well
        outcomes, asked = asyncio.run(crawl(days))
        assert (outcomes[0].name, asked) == ("tls_failure", 0)


def test_a_rehearsal_connects_to_its_origin_only(wire: Wire) -> None:
    pages = [
        source(url, id=f"page-{n}") for n, url in enumerate(("https://acme.example.com/a", "http://acme.example.org/b"))
    ]

    async def crawl() -> tuple[list[Outcome], set[str]]:
        async with Origin() as origin:
            for page in pages:
                origin.serve(page.url, page.url.encode())
            return await wire.fetch(*pages, origin=origin.address), {asked.url for asked in origin.asked}

    outcomes, asked = asyncio.run(crawl())
    assert [outcome.name for outcome in outcomes] == ["changed", "changed"]
    assert {page.url for page in pages} <= asked
    assert [row[0] for row in wire.ask("SELECT url FROM capture ORDER BY source")] == [page.url for page in pages]


def _toml(text: str) -> str:
    return '"' + "".join(f"\\u{ord(letter):04x}" for letter in text) + '"'


class Connections:
    """Counts the connections and look-ups that Python begins; Postgres' own library is not seen."""

    def __init__(self) -> None:
        self.begun: list[object] = []
        sys.addaudithook(self.note)

    def note(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in {"socket.connect", "socket.getaddrinfo"}:
            self.begun.append((event, arguments))
