"""The process pool with children that die and hang for real."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from worker.streaming.observer import Observer
from worker.streaming.pool.process_pool import ChildDied, OutOfMemory, ProcessPool, Raised, StartError, TimedOut


def make(**_):
    def work(batch):
        for item in batch:
            if item == "die":
                os._exit(7)
            if item == "hang":
                time.sleep(60)
            yield item.upper()

    return work


def make_telling(*, folder):
    """Leaves a file for each item that it begins."""

    def work(batch):
        for item in batch:
            (Path(folder) / f"{item}-{len(list(Path(folder).iterdir()))}").touch()
            if item == "die":
                os._exit(7)
            if item == "hang":
                time.sleep(60)
            yield item.upper()

    return work


def make_slow(**_):
    """Takes a tenth of a second for each item."""

    def work(batch):
        for item in batch:
            time.sleep(0.1)
            yield item.upper()

    return work


_unsendable = threading.Lock()


class _UnreadableError(Exception):
    def __str__(self):
        raise ValueError("no text")


def make_raising(**_):
    """Raises in many ways; an item "unsendable" has a result that no pipe takes."""
    errors = {
        "overflow": OverflowError("too large"),
        "memory": MemoryError("full"),
        "exit": SystemExit(3),
        "unreadable": _UnreadableError(),
    }

    def work(batch):
        for item in batch:
            if item in errors:
                raise errors[item]
            yield _unsendable if item == "unsendable" else item.upper()

    return work


def make_growing(**_):
    def work(batch):
        for item in batch:
            if item == "grow":
                held = bytearray(200_000_000)
                time.sleep(60)
                del held
            yield item.upper()

    return work


def make_forgetful(**_):
    """Gives a result for the first item of each batch only."""
    return lambda batch: [batch[0].upper()]


def fail(**_):
    raise RuntimeError("no model here")


@pytest.fixture
async def pool():
    made = ProcessPool("tests.streaming.pool.test_process_pool:make", {}, size=2, limit_s=1.0)
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


@pytest.mark.parametrize(("guilty", "failure"), [("die", ChildDied(7)), ("hang", TimedOut(1.0))])
async def test_each_item_is_worked_on_once_whatever_becomes_of_the_others(tmp_path, guilty, failure):
    telling = ProcessPool(
        "tests.streaming.pool.test_process_pool:make_telling", {"folder": str(tmp_path)}, size=1, limit_s=1.0
    )
    await telling.start()
    try:
        assert await telling.run(["a", "b", guilty, "c", "d"]) == ["A", "B", failure, "C", "D"]
        assert telling.restarts == 1
        tries = Counter(name.name.partition("-")[0] for name in tmp_path.iterdir())
        assert tries == {"a": 1, "b": 1, guilty: 1, "c": 1, "d": 1}
    finally:
        await telling.stop()


async def test_the_limit_is_that_of_an_item_and_each_result_is_reported_as_progress():
    class Moves(Observer):
        count = 0

        def child_moved(self):
            self.count += 1

    moves = Moves()
    slow = ProcessPool("tests.streaming.pool.test_process_pool:make_slow", {}, size=1, limit_s=1.5, observer=moves)
    await slow.start()
    try:
        assert await slow.run(["a"] * 20) == ["A"] * 20  # two seconds in all
        assert slow.restarts == 0
        await asyncio.sleep(0)
        assert moves.count == 20
    finally:
        await slow.stop()


async def test_work_that_gives_too_few_results_fails_the_items_it_left_out():
    forgetful = ProcessPool("tests.streaming.pool.test_process_pool:make_forgetful", {}, size=1, limit_s=30.0)
    await forgetful.start()
    try:
        first, second, third = await forgetful.run(["a", "b", "c"])
        assert (first, third) == ("A", "C")
        assert isinstance(second, Raised)
    finally:
        await forgetful.stop()


async def test_whatever_the_work_raises_is_the_result_of_its_record_and_no_child_is_lost():
    raising = ProcessPool("tests.streaming.pool.test_process_pool:make_raising", {}, size=1, limit_s=30.0)
    await raising.start()
    try:
        assert await raising.run(["a", "overflow", "b", "memory", "exit", "unreadable", "c"]) == [
            "A",
            Raised("OverflowError", "too large"),
            "B",
            Raised("MemoryError", "full"),
            Raised("SystemExit", "3"),
            Raised("_UnreadableError", ""),
            "C",
        ]
        (answer,) = await raising.run(["unsendable"])
        assert isinstance(answer, Raised)
        assert raising.restarts == 0
    finally:
        await raising.stop()


async def test_only_the_guilty_record_pays_when_a_child_grows_too_large():
    growing = ProcessPool(
        "tests.streaming.pool.test_process_pool:make_growing", {}, size=1, limit_s=30.0, memory_bytes=75_000_000
    )
    await growing.start()
    try:
        first, second = await growing.run(["a", "grow"])
        assert first == "A"
        assert isinstance(second, OutOfMemory)
        assert second.size > 150_000_000
    finally:
        await growing.stop()


async def test_a_factory_that_fails_is_reported():
    broken = ProcessPool("tests.streaming.pool.test_process_pool:fail", {}, size=1, limit_s=1.0)
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
    made = ProcessPool(
        "tests.streaming.pool.test_process_pool:dies_while_loading", {"folder": str(tmp_path)}, size=1, limit_s=5.0
    )
    await made.start()
    try:
        assert await made.run(["die"]) == [ChildDied(7)]
        assert await made.run(["a"]) == ["A"]
        assert len(list(tmp_path.iterdir())) == 3
    finally:
        await made.stop()
