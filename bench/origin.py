"""A local web server as a process: takes pages by path or URL as one line of JSON, prints its `host:port`, serves."""

import asyncio
import json
import sys

from crawler.origin import Origin


async def serve() -> None:
    """Until the process is ended."""
    pages: dict[str, str] = json.loads(sys.stdin.readline())
    async with Origin(keep=1) as origin:
        for place, text in pages.items():
            url = f"http://{origin.address}{place}" if place.startswith("/") else place
            origin.serve(url, text.encode())
        print(origin.address, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
