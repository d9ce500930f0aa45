from __future__ import annotations

import asyncio

import pytest

from worker.streaming.consume.ending import Ending


async def test_the_first_to_end_it_decides_how():
    ending = Ending()
    assert not ending.reached
    ending.fail(ValueError("first"))
    ending.finish()
    ending.fail(ValueError("second"))
    assert ending.failed
    with pytest.raises(ValueError, match="first"):
        ending.check()


async def test_by_request_it_ends_without_an_error():
    ending = Ending()
    ending.finish()
    ending.fail(ValueError("late"))
    assert ending.reached
    assert not ending.failed
    ending.check()


async def test_an_action_is_cancelled_when_the_end_comes_first():
    ending, cancelled = Ending(), asyncio.Event()

    async def forever():
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    waiting = asyncio.create_task(ending.unless(forever()))
    await asyncio.sleep(0)
    ending.finish()
    assert await asyncio.wait_for(waiting, 5) is None
    assert cancelled.is_set()


async def test_an_action_that_comes_first_gives_its_result_or_its_error():
    async def answer():
        return 42

    async def broken():
        raise ValueError("of the action")

    ending = Ending()
    assert await ending.unless(answer()) == 42
    with pytest.raises(ValueError, match="of the action"):
        await ending.unless(broken())
