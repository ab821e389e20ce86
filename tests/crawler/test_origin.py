import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import aiohttp

from crawler.origin import Origin, Page
from crawler.transport import ORIGINAL_URL

URL = "https://acme.example.com/page"


async def ask(
    origin: Origin, *, method: str = "GET", url: str = URL, **headers: str
) -> tuple[int, bytes, Mapping[str, str]]:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"http://{origin.address}/", headers={ORIGINAL_URL: url, **headers}) as response,
    ):
        return response.status, await response.read(), response.headers


def test_it_answers_for_any_address_with_what_it_was_given() -> None:
    async def story() -> None:
        async with Origin() as origin:
            origin.serve(URL, b"one", content_type="text/markdown")
            status, body, headers = await ask(origin)
            assert (status, body, headers["Content-Type"]) == (200, b"one", "text/markdown")
            origin.serve(URL, b"two")
            assert (await ask(origin))[1] == b"two"
            assert (await ask(origin, url=f"{URL}?other"))[0] == 404
            assert (await ask(origin, url="https://acme.example.com/robots.txt"))[0] == 404
            origin.remove(URL)
            assert (await ask(origin))[0] == 404
            assert (await ask(origin, method="POST"))[0] == 405
            assert [asked.url for asked in origin.asked][:2] == [URL, URL]
            assert origin.statuses[404] == 2  # robots.txt is not counted

    asyncio.run(story())


def test_validators() -> None:
    async def story() -> None:
        async with Origin() as origin:
            origin.put(URL, Page(body=b"one", modified=datetime(2026, 8, 12, 9, 0, 0, 500, tzinfo=UTC)))
            status, body, headers = await ask(origin)
            assert headers["Last-Modified"] == "Wed, 12 Aug 2026 09:00:00 GMT"
            tag = headers["ETag"]
            for given in (
                {"If-None-Match": tag},
                {"If-None-Match": f'W/{tag}, "other"'},
                {"If-Modified-Since": "Wed, 12 Aug 2026 09:00:00 GMT"},
                {"If-None-Match": tag, "If-Modified-Since": "Tue, 11 Aug 2026 09:00:00 GMT"},
            ):
                status, body, headers = await ask(origin, **given)
                assert (status, body, headers["ETag"]) == (304, b"", tag), given
            for given in (
                {"If-None-Match": '"other"'},
                {"If-Modified-Since": "Tue, 11 Aug 2026 09:00:00 GMT"},
                {"If-None-Match": '"other"', "If-Modified-Since": "Wed, 12 Aug 2026 09:00:00 GMT"},
                {"If-Modified-Since": "nonsense"},
            ):
                assert (await ask(origin, **given))[0] == 200, given

    asyncio.run(story())


def test_it_keeps_connections_open_and_bears_nonsense() -> None:
    async def story() -> None:
        async with Origin() as origin:
            host, port = origin.address.split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            for _ in range(3):
                writer.write(b"GET /x HTTP/1.1\r\nHost: acme.example.com\r\n\r\n")
                head = await reader.readuntil(b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.1 404")
                await reader.readexactly(9)
            writer.close()
            for nonsense in (b"\x16\x03\x01\x02\x00\r\n", b"GET\r\n\r\n", b"x" * 70_000, b""):
                reader, writer = await asyncio.open_connection(host, int(port))
                writer.write(nonsense)
                writer.write_eof()
                assert await reader.read() == b""
                writer.close()
            assert (await ask(origin))[0] == 404
            assert origin.asked[0].url == "http://acme.example.com/x"

    asyncio.run(story())
