"""Batches side by side, settled in order; what is let go of at a revocation."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import pytest
from aiokafka import TopicPartition

from worker.streaming.batch import Dispatcher, in_batches
from worker.streaming.budget import ByteBudget
from worker.streaming.lane import HeldBackError, Lane
from worker.streaming.observer import Observer
from worker.streaming.outcome import Ok, Output
from worker.streaming.record import Record

PARTITION = TopicPartition("articles.raw", 0)


def _record(offset, size=100):
    return Record("articles.raw", 0, offset, 0, b"k", b"x" * size, ())


class _Bench:
    """A lane whose work ends when the test says so."""

    def __init__(self, *, parallel=10, results=1 << 30, output_size=10):
        self.settled, self.failures, self.heard = [], [], _Heard()
        self.gates = defaultdict(asyncio.Event)
        self.begun, self.held_back = [], False
        self.budget = ByteBudget(1 << 30)
        self._output = Output("out", b"k", b"y" * output_size, [])
        self.dispatcher = Dispatcher(
            "ingest", self._work, parallel=parallel, results=ByteBudget(results), observer=self.heard
        )
        self.lanes = []

    async def _work(self, records):
        first = records[0].offset
        self.begun.append(first)
        await self.gates[first].wait()
        return [Ok((self._output,)) for _ in records]

    async def _settle(self, lane, records, outcomes):
        assert len(records) == len(outcomes)
        assert lane.open
        if self.held_back:
            raise HeldBackError
        self.settled += [record.offset for record in records]

    def lane(self):
        lane = Lane(
            PARTITION,
            1,
            stage="ingest",
            dispatcher=self.dispatcher,
            budget=self.budget,
            settle=self._settle,
            failed=self.failures.append,
            observer=self.heard,
        )
        self.lanes.append(lane)
        return lane


class _Heard(Observer):
    def __init__(self):
        self.taken, self.gone = [], []

    def record_taken(self, stage, record):
        self.taken.append(record.offset)

    def abandoned(self, stage, record):
        self.gone.append(record.offset)


async def _until_quiet():
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
async def bench():
    made = _Bench()
    yield made
    for lane in made.lanes:
        lane.close()
    await _until_quiet()


async def test_what_is_done_first_is_settled_in_its_turn(bench):
    lane = bench.lane()
    for offset in range(3):
        lane.take([_record(offset)], 0.0)
    for offset in (2, 1):
        bench.gates[offset].set()
    await _until_quiet()
    assert bench.settled == []
    assert lane.tracker.committable == 0
    bench.gates[0].set()
    await lane.drained()
    assert bench.settled == [0, 1, 2]
    assert lane.tracker.committable == 3
    assert bench.budget.in_flight == 0


async def test_at_a_revocation_what_was_not_begun_is_let_go_of_and_all_behind_it():
    bench = _Bench(parallel=2)
    lane = bench.lane()
    for offset in range(5):
        lane.take([_record(offset)], 0.0)
    await _until_quiet()
    assert bench.begun == [0, 1]
    assert lane.cut() == 3
    for offset in (0, 1):
        bench.gates[offset].set()
    await lane.drained()
    assert bench.settled == [0, 1]
    assert bench.heard.gone == [2, 3, 4]
    assert lane.tracker.committable == 2
    assert lane.close() == 0
    await _until_quiet()
    assert bench.begun == [0, 1]
    assert bench.budget.in_flight == 0


async def test_a_late_result_of_a_closed_lane_is_not_settled(bench):
    lane = bench.lane()
    lane.take([_record(0), _record(1)], 0.0)
    await _until_quiet()
    assert lane.close() == 2
    bench.gates[0].set()
    await _until_quiet()
    assert bench.settled == []
    assert bench.budget.in_flight == 0
    assert bench.dispatcher.results.in_flight == 0
    assert bench.heard.taken == bench.heard.gone == [0, 1]


async def test_what_is_done_and_waits_is_bounded_in_bytes_and_the_first_may_always_begin():
    bench = _Bench(parallel=2, results=4000, output_size=2000)
    lane = bench.lane()
    for offset in range(20):
        bench.gates[offset].set()
    bench.gates[0].clear()  # a slow record at the head of the partition
    for offset in range(20):
        lane.take([_record(offset)], 0.0)
    await _until_quiet()
    assert len(bench.begun) <= 4
    assert bench.dispatcher.results.peak <= 4000 + 2 * 2600
    bench.gates[0].set()
    await asyncio.wait_for(lane.drained(), 5)
    assert bench.settled == list(range(20))
    lane.close()


async def test_a_record_is_held_back_until_it_is_due(bench):
    import time

    lane = bench.lane()
    bench.gates[0].set()
    due = time.time() + 0.2
    lane.take([_record(0)], due)
    await _until_quiet()
    assert bench.begun == []
    await asyncio.wait_for(lane.drained(), 5)
    assert time.time() >= due
    assert bench.settled == [0]


async def test_an_error_of_the_work_reaches_the_intake_and_nothing_is_settled_over_it():
    bench = _Bench()

    async def broken(records):
        raise RuntimeError("the pool is gone")

    bench.dispatcher._work = broken
    lane = bench.lane()
    lane.take([_record(0)], 0.0)
    await _until_quiet()
    (failure,) = bench.failures
    assert "the pool is gone" in str(failure)
    assert lane.tracker.committable == 0
    lane.close()


async def test_what_is_held_back_does_not_hold_up_the_drain(bench):
    bench.held_back = True
    lane = bench.lane()
    bench.gates[0].set()
    lane.take([_record(0)], 0.0)
    lane.cut()
    await asyncio.wait_for(lane.drained(), 5)
    assert lane.close() == 1
    assert bench.settled == []
    assert bench.failures == []


def test_batches_are_bounded_in_records_and_bytes_and_a_large_record_stands_alone():
    records = [_record(n, size) for n, size in enumerate([10, 10, 5000, 10, 10, 10])]
    batches = [[r.offset for r in batch] for batch in in_batches(records, 2, 1000)]
    assert batches == [[0, 1], [2], [3, 4], [5]]
