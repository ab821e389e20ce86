"""What wakes the workers, and what ends a listener. That nobody else can wake or stop them: tests/security."""

import asyncio

from notifications import heed


def test_a_listener_that_is_to_end_ends_though_a_notification_comes_at_the_same_moment() -> None:
    heard: list[str] = []

    async def note(*, channel: str, payload: str) -> None:
        heard.append(payload)

    async def listen(coming: asyncio.Future[str]) -> None:
        payload = await asyncio.wait_for(coming, 30)  # which loses the cancellation in Python 3.11
        await heed(note, channel="c", payload=payload)

    async def told(*, to_end: bool) -> bool:
        coming: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        listening = asyncio.create_task(listen(coming))
        await asyncio.sleep(0.01)
        coming.set_result('{"type": "job_inserted", "job_id": 1}')
        if to_end:
            listening.cancel()
        await asyncio.wait([listening])
        return listening.cancelled()

    assert asyncio.run(told(to_end=True))
    assert heard == []
    assert not asyncio.run(told(to_end=False))
    assert len(heard) == 1
