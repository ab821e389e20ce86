"""Requests over HTTP/1.1 to a server of this machine: some clients, each asking one thing after another."""

import asyncio
import itertools
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.measures import percentile


@dataclass(frozen=True, kw_only=True)
class Load:
    """What a server did in a while."""

    per_second: float
    p99_ms: float


async def drive(address: str, targets: Iterable[str], *, clients: int, seconds: float) -> Load:
    """Ask for `targets`, over and over again, for so long. Anything but a 200 is an error."""
    waiting = itertools.cycle(list(targets))
    taken: list[float] = []
    begun = time.perf_counter()
    await asyncio.gather(*(_client(address, waiting, begun + seconds, taken) for _ in range(clients)))
    return Load(per_second=len(taken) / (time.perf_counter() - begun), p99_ms=percentile(taken, 0.99) * 1e3)


async def get(address: str, target: str) -> bytes:
    """One body."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        return await _ask(reader, writer, address, target)
    finally:
        writer.close()


async def _client(address: str, targets: Iterator[str], until: float, taken: list[float]) -> None:
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=2**20)
    try:
        while (begun := time.perf_counter()) < until:
            await _ask(reader, writer, address, next(targets))
            taken.append(time.perf_counter() - begun)
    finally:
        writer.close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str, target: str) -> bytes:
    writer.write(f"GET {target} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if head.split(" ", 2)[1] != "200":
        raise AssertionError(f"{target}: {head.splitlines()[0]}")
    if "transfer-encoding: chunked" in head:
        return await _chunks(reader)
    return await reader.readexactly(int(head.split("content-length:", 1)[1].split("\r\n", 1)[0]))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body
