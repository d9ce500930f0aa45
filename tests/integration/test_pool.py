"""The process pool with children that die and hang for real."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from worker.streaming.pool import ChildDied, ProcessPool, StartError, TimedOut


def make(**_):
    def work(batch):
        for item in batch:
            if item == "die":
                os._exit(7)
            if item == "hang":
                time.sleep(60)
        return [item.upper() for item in batch]

    return work


def fail(**_):
    raise RuntimeError("no model here")


@pytest.fixture
async def pool():
    made = ProcessPool("tests.integration.test_pool:make", {}, size=2, limit_s=1.0)
    await made.start()
    yield made
    await made.stop()


async def test_only_the_guilty_record_pays_when_a_child_dies(pool):
    answers = await pool.run(["a", "b", "die", "c"])
    assert answers == ["A", "B", ChildDied(7), "C"]
    assert pool.restarts >= 1


async def test_only_the_guilty_record_pays_when_a_child_hangs(pool):
    answers = await pool.run(["a", "hang"])
    assert answers == ["A", TimedOut(1.0)]
    assert await pool.run(["z"]) == ["Z"]


async def test_a_factory_that_fails_is_told():
    broken = ProcessPool("tests.integration.test_pool:fail", {}, size=1, limit_s=1.0)
    with pytest.raises(StartError, match="no model here"):
        await broken.start()
    await broken.stop()


def dies_while_loading(*, folder):
    """Loads the first time, dies while it loads the second time, and loads again."""
    loads = len(list(Path(folder).iterdir()))
    (Path(folder) / str(loads)).touch()
    if loads == 1:
        os._exit(9)
    return make()


async def test_a_replacement_that_dies_while_it_loads_is_replaced_as_well(tmp_path):
    made = ProcessPool("tests.integration.test_pool:dies_while_loading", {"folder": str(tmp_path)}, size=1, limit_s=5.0)
    await made.start()
    try:
        assert await made.run(["die"]) == [ChildDied(7)]
        assert await made.run(["a"]) == ["A"]
        assert len(list(tmp_path.iterdir())) == 3
    finally:
        await made.stop()
