import asyncio
from datetime import timedelta

from crawler.origin import Origin, Page
from tests.crawler.conftest import Wire, source

URL = "https://acme.example.com/feed"


def test_changed_unchanged_not_modified_and_changed_again(wire: Wire) -> None:
    page = source(URL)

    async def story() -> list[str]:
        names = []
        async with Origin() as origin:
            origin.serve(URL, b"<p>one</p>", content_type="text/html")
            names += [(await wire.fetch(page, origin=origin.address))[0].name]
            wire.now += timedelta(minutes=10)
            names += [(await wire.fetch(page, origin=origin.address))[0].name]
            origin.put(URL, Page(body=b"<p>one</p>", etag='"other"'))
            wire.now += timedelta(minutes=10)
            names += [(await wire.fetch(page, origin=origin.address))[0].name]
            origin.serve(URL, b"<p>two</p>", content_type="text/html")
            wire.now += timedelta(minutes=10)
            names += [(await wire.fetch(page, origin=origin.address))[0].name]
        return names

    assert asyncio.run(story()) == ["changed", "not_modified", "unchanged", "changed"]
    assert [row[1:] for row in wire.rows()] == [("changed", 200), ("not_modified", 304), ("unchanged", 200), ("changed", 200)]
    runs = wire.ask("SELECT seq, checks, last_seen - first_seen, verdict FROM capture ORDER BY seq")
    assert runs == [(1, 3, timedelta(minutes=20), None), (2, 1, timedelta(0), None)]
    assert wire.issues() == []
