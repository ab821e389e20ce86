"""The sites that are watched: one server for all their addresses, which notes when every request came and was answered.

`python -m tests.scaleout.sites PORT LOG`: takes a plan as a line of JSON, then a line with the id of a page for each
that is to change. The log has a line of JSON for every request.
"""

import asyncio
import json
import os
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from bench.pages import PricePage


@dataclass(kw_only=True)
class Sites:
    """All sites."""

    crawl_delays: dict[str, float]  # by `address:port`, for the sites whose robots.txt asks for one
    log: TextIO
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    pages: dict[str, tuple[PricePage, int]] = field(default_factory=dict)  # by `host/path`, with its version

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until the other side closes it."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                began = time.time()
                lines = head.decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                headers = {name.lower(): value for line in lines[1:] if line for name, value in [line.split(": ", 1)]}
                await asyncio.sleep(self.dice.uniform(0.01, 0.09))
                status, tag, body = self._say(headers["host"], path, headers.get("if-none-match"))
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nETag: {tag}\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
                line = {
                    "host": headers["host"], "path": path, "from": writer.get_extra_info("peername")[0],
                    "began": began, "ended": time.time(), "status": int(status[:3]),
                }  # fmt: skip
                self.log.write(json.dumps(line) + "\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _say(self, host: str, path: str, known: str | None) -> tuple[str, str, bytes]:
        if path == "/robots.txt":
            delay = self.crawl_delays.get(host)
            return "200 OK", '"robots"', f"User-agent: *\nCrawl-delay: {delay:g}\n".encode() if delay else b""
        page, version = self.page(host + path)
        tag = f'"{version}"'
        return ("304 Not Modified", tag, b"") if known == tag else ("200 OK", tag, page.html().encode())

    def page(self, name: str) -> tuple[PricePage, int]:
        """A page and its version."""
        return self.pages.setdefault(name, (PricePage(models=3), 1))

    def change(self, name: str) -> None:
        """One price of the page becomes another."""
        page, version = self.page(name)
        page.change(1)
        self.pages[name] = (page, version + 1)


async def serve(port: int, log: Path) -> None:
    """Until our input ends."""
    os.nice(-15)  # what others wait for is no delay between two of their requests
    plan: dict[str, Any] = json.loads(sys.stdin.readline())
    with log.open("w", encoding="utf-8", buffering=1) as file:
        sites = Sites(crawl_delays=plan["crawl_delays"], log=file)
        server = await asyncio.start_server(sites.answer, "0.0.0.0", port, backlog=1000)  # noqa: S104  ours alone
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while line := await asyncio.to_thread(sys.stdin.readline):
            sites.change(line.strip())
        server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
