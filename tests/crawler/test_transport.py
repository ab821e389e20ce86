import asyncio
import socket
import threading
import time

import pytest

from crawler.transport import DaemonResolver, GuardedResolver
from timeline.addresses import BlockedAddressError


def test_names_resolve_while_every_shared_thread_is_taken() -> None:
    async def story() -> float:
        release = threading.Event()
        taken = [asyncio.ensure_future(asyncio.to_thread(release.wait, 5)) for _ in range(64)]
        await asyncio.sleep(0.05)
        began = time.monotonic()
        try:
            found = await DaemonResolver().resolve("localhost", 80)
        finally:
            release.set()
            await asyncio.gather(*taken)
        assert {result["host"] for result in found} == {"127.0.0.1"}
        assert {result["port"] for result in found} == {80}
        return time.monotonic() - began

    assert asyncio.run(story()) < 2


def test_a_look_up_nobody_waits_for_any_more_does_no_harm() -> None:
    async def story() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(DaemonResolver().resolve("no-such-host.invalid", 80), 0)
        await asyncio.sleep(0.2)

    asyncio.run(story())
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "resolve")


@pytest.mark.parametrize("name", ["no-such-host.invalid", "a" * 70 + ".example", "\udcff"])
def test_a_name_without_an_address_is_an_oserror_as_aiohttp_expects(name: str) -> None:
    with pytest.raises(OSError):
        asyncio.run(DaemonResolver().resolve(name, 80))


def test_a_name_of_this_machine_is_resolved_but_not_given_away() -> None:
    with pytest.raises(BlockedAddressError):
        asyncio.run(GuardedResolver(frozenset()).resolve("localhost", 80, socket.AF_UNSPEC))
    allowed = GuardedResolver(frozenset({"localhost:80"}))
    assert asyncio.run(allowed.resolve("LocalHost", 80, socket.AF_INET))[0]["host"] == "127.0.0.1"
    with pytest.raises(BlockedAddressError):
        asyncio.run(allowed.resolve("localhost", 81, socket.AF_INET))
