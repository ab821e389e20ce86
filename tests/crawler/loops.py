"""Runs a coroutine on the event loop of the mode under test: asyncio alone, or Twisted's asyncio reactor."""

import asyncio
import os
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")

REACTOR = "AIWIRE_TEST_REACTOR"


def reactor_mode() -> bool:
    return bool(os.environ.get(REACTOR))


def run(main: Coroutine[Any, Any, T]) -> T:
    return _reactor_loop().run_until_complete(main) if reactor_mode() else asyncio.run(main)


@cache
def _reactor_loop() -> asyncio.AbstractEventLoop:
    """One for the process: a reactor cannot be installed twice."""
    from twisted.internet import asyncioreactor

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)  # type: ignore[no-untyped-call]
    from twisted.internet import reactor

    reactor.startRunning(installSignalHandlers=False)
    return loop
