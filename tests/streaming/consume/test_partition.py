"""Batches side by side, settled in order; what is released at a revocation."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import pytest
from aiokafka import TopicPartition

from worker.contract.reasons import DeadReason
from worker.streaming.byte_budget import ByteBudget
from worker.streaming.consume.breaker import NEVER_OPENS, BreakerOptions
from worker.streaming.consume.breaker_hold import BreakerHold
from worker.streaming.consume.dispatch.attempts import Attempts
from worker.streaming.consume.dispatch.dispatcher import Dispatcher
from worker.streaming.consume.dispatch.turns import Turns
from worker.streaming.consume.doubled_instance import DoubledInstance
from worker.streaming.consume.ending import Ending, RejoinError
from worker.streaming.consume.partition import AssignedPartition, PartitionParts
from worker.streaming.observer import Observer
from worker.streaming.outcome import Dead, Ok, Output
from worker.streaming.record import Record
from worker.streaming.standstill import StandstillClock

PARTITION = TopicPartition("articles.raw", 0)


def _record(offset, size=100):
    return Record("articles.raw", 0, offset, 0, b"k", b"x" * size, ())


async def _until(condition, limit_s=5):
    """Lets the event loop run until the condition holds."""
    async with asyncio.timeout(limit_s):
        while not condition():
            await asyncio.sleep(0)


class _Settler:
    """Writes down what is settled, as long as the partition is not fenced."""

    def __init__(self):
        self.settled, self.outcomes = [], []

    async def settle(self, records, outcomes, ours):
        assert len(records) == len(outcomes)
        assert ours()
        self.settled += [record.offset for record in records]
        self.outcomes.append((outcomes[0], records))


class _Heard(Observer):
    def __init__(self):
        self.taken, self.released, self.finished = [], [], []

    def record_taken(self, stage, record):
        self.taken.append(record.offset)

    def batch_finished(self, stage, records, seconds):
        self.finished += [record.offset for record in records]

    def abandoned(self, stage, record):
        self.released.append(record.offset)


class _Bench:
    """One partition, and work on its records that ends when the test opens their gate."""

    def __init__(self, *, work=None, parallel=10, results=1 << 30, output_size=10, breaker=NEVER_OPENS, note=""):
        self.heard, self.settler, self.ending = _Heard(), _Settler(), Ending()
        self.gates = defaultdict(asyncio.Event)
        self.begun, self.left = [], []
        self.wall_s, self.wall_read, self.running_s = 1000.0, 0, 0.0
        self.budget, self.results = ByteBudget(1 << 30), ByteBudget(results)
        self.hold = BreakerHold("articles.raw", breaker)
        self._output = Output("out", b"k", b"y" * output_size, [])
        parts = PartitionParts(
            stage="ingest",
            dispatcher=Dispatcher(
                "ingest",
                work or self._work,
                parallel=parallel,
                results=self.results,
                observer=self.heard,
                turns=Turns(),
                now=self._wall,
            ),
            budget=self.budget,
            settler=self.settler,
            hold=self.hold,
            standstill=StandstillClock(6.0, lambda: self.running_s),
            doubled=DoubledInstance("g"),
            observer=self.heard,
        )
        self.written = []
        self.partition = AssignedPartition(PARTITION, parts, self.ending, Attempts(note), self._write_down)

    async def _write_down(self):
        self.written.append(self.partition.progress)

    def _wall(self):
        self.wall_read += 1
        return self.wall_s

    async def _work(self, records):
        first = records[0].offset
        self.begun.append(first)
        try:
            await self.gates[first].wait()
        finally:
            self.left.append(first)
        return [Ok((self._output,)) for _ in records]

    @property
    def settled(self):
        return self.settler.settled

    async def drained(self):
        await asyncio.wait_for(self.partition.drained(), 5)


@pytest.fixture
async def bench():
    """Makes a bench; its partition is fenced at the end, whatever the test left open."""
    made = []

    def make(**options):
        made.append(_Bench(**options))
        return made[-1]

    yield make
    for each in made:
        each.partition.fence()
        await _until(lambda each=each: len(each.left) == len(each.begun))


async def test_what_is_done_first_is_settled_in_its_turn(bench):
    bench = bench()
    for offset in range(3):
        bench.partition.take([_record(offset)], 0.0)
    for offset in (2, 1):
        bench.gates[offset].set()
    await _until(lambda: len(bench.heard.finished) == 2)
    assert bench.partition.tracker.committable == 0
    bench.gates[0].set()
    await bench.drained()
    assert bench.settled == [0, 1, 2]
    assert bench.partition.tracker.committable == 3
    assert bench.budget.in_flight == bench.results.in_flight == 0


async def test_at_a_revocation_what_was_not_started_is_released_and_all_behind_it(bench):
    bench = bench(parallel=2)
    for offset in range(5):
        bench.partition.take([_record(offset)], 0.0)
    await _until(lambda: bench.begun == [0, 1])
    assert bench.partition.start_draining() == 3
    for offset in (0, 1):
        bench.gates[offset].set()
    await bench.drained()
    assert bench.settled == [0, 1]
    assert bench.heard.released == [2, 3, 4]
    assert bench.partition.tracker.committable == 2
    assert bench.partition.fence() == 0
    assert bench.begun == [0, 1]
    assert bench.budget.in_flight == 0


async def test_what_is_fetched_during_a_revocation_is_left_to_the_next_owner(bench):
    """Else it would come out before the records below it, which were released."""
    bench = bench(parallel=1)
    for offset in range(3):
        bench.partition.take([_record(offset)], 0.0)
    await _until(lambda: bench.begun == [0])
    assert bench.partition.start_draining() == 2
    bench.partition.take([_record(3)], 0.0)
    assert not bench.partition.takes
    for offset in (0, 3):
        bench.gates[offset].set()
    await bench.drained()
    assert bench.begun == bench.settled == [0]
    assert bench.partition.tracker.committable == 1
    assert bench.partition.fence() == 0
    assert bench.budget.in_flight == 0


async def test_a_late_result_of_a_fenced_partition_is_not_settled(bench):
    bench = bench()
    bench.partition.take([_record(0), _record(1)], 0.0)
    await _until(lambda: bench.begun == [0])
    assert bench.partition.fence() == 2
    bench.gates[0].set()
    await _until(lambda: bench.left == [0])
    assert bench.settled == []
    assert bench.budget.in_flight == bench.results.in_flight == 0
    assert bench.heard.taken == bench.heard.released == [0, 1]


async def test_what_is_done_and_waits_is_bounded_in_bytes_and_the_first_may_always_start(bench):
    bench = bench(parallel=2, results=4000, output_size=2000)
    for offset in range(1, 20):
        bench.gates[offset].set()  # the record at the head of the partition is slow
    for offset in range(20):
        bench.partition.take([_record(offset)], 0.0)
    await _until(lambda: bench.results.full)
    assert len(bench.begun) <= 4
    bench.gates[0].set()
    await bench.drained()
    assert bench.results.peak <= 4000 + 2 * 2600
    assert bench.settled == list(range(20))


async def test_a_record_is_held_back_until_it_is_due(bench):
    bench = bench()
    bench.gates[0].set()
    bench.gates[1].set()
    bench.partition.take([_record(0)], bench.wall_s + 0.01)
    bench.partition.take([_record(1)], 0.0)
    await _until(lambda: bench.heard.finished == [1])  # what is due at once need not wait for it
    read = bench.wall_read
    await _until(lambda: bench.wall_read > read)  # the timer has fired, but by the clock it is not due yet
    assert bench.begun == [1]
    bench.wall_s += 0.01
    await bench.drained()
    assert bench.settled == [0, 1]


async def test_an_error_of_the_work_ends_the_membership_and_nothing_is_settled_over_it(bench):
    async def broken(records):
        raise RuntimeError("the pool is gone")

    bench = bench(work=broken)
    bench.partition.take([_record(0)], 0.0)
    await _until(lambda: bench.ending.reached)
    with pytest.raises(RuntimeError, match="the pool is gone"):
        bench.ending.check()
    assert bench.settled == []
    assert bench.partition.tracker.committable == 0


async def test_after_a_standstill_nothing_is_settled_and_the_membership_ends(bench):
    bench = bench()
    bench.partition.take([_record(0)], 0.0)
    await _until(lambda: bench.begun == [0])
    bench.running_s += 7.0
    bench.gates[0].set()
    await _until(lambda: bench.ending.reached)
    with pytest.raises(RejoinError):
        bench.ending.check()
    assert bench.settled == []
    assert bench.partition.tracker.committable == 0


async def test_what_the_breaker_holds_back_does_not_hold_up_the_drain(bench):
    bench = bench(breaker=BreakerOptions(share=0.5, min_records=1, window_s=60.0, pause_s=60.0))
    bench.hold.count(Dead("not_json", "x"))
    assert bench.hold.pause_reason
    bench.gates[0].set()
    bench.partition.take([_record(0)], 0.0)
    await _until(lambda: bench.heard.finished == [0])
    bench.partition.start_draining()
    await bench.drained()
    assert bench.partition.fence() == 1
    assert bench.settled == []
    assert not bench.ending.reached


async def test_what_is_begun_is_written_down_before_the_work(bench):
    written = []

    async def work(records):
        written.append(list(made.written))
        return [Ok(()) for _ in records]

    made = bench(work=work)
    made.partition.take([_record(5), _record(6)], 0.0)
    await made.drained()
    assert written == [[(5, "begun=6")]]
    assert made.partition.progress == (7, "")


async def test_what_a_worker_did_not_come_back_from_is_worked_on_alone_and_in_its_turn(bench):
    bench = bench(note="begun=1;alone=0x2")
    bench.partition.take([_record(offset) for offset in range(4)], 0.0)
    await _until(lambda: bench.begun == [0])
    assert bench.written == [(0, "begun=1;alone=0x3")]
    bench.gates[2].set()  # 2 and 3 are one batch
    bench.gates[0].set()
    await _until(lambda: 1 in bench.begun)
    assert any(offset == 0 and "alone" not in note for offset, note in bench.written[1:])  # it came back: no fault of 0
    assert bench.settled == [0]  # what stands before a suspect is settled before it begins: the commit is of its offset
    assert bench.written[-1] == (1, "begun=3;alone=1x1")
    assert set(bench.begun) == set(bench.left) | {1}
    bench.gates[1].set()
    await bench.drained()
    assert bench.settled == [0, 1, 2, 3]


async def test_what_no_worker_came_back_from_is_dead_without_another_attempt(bench):
    bench = bench(note="begun=1;alone=0x3")
    bench.gates[1].set()
    bench.partition.take([_record(0), _record(1)], 0.0)
    await bench.drained()
    assert bench.begun == [1]
    ((decided, _),) = bench.settler.outcomes[:1]
    assert decided.reason is DeadReason.WORKER_DIED
    assert "3 workers" in decided.error
    assert bench.partition.progress == (2, "")


async def test_a_worker_that_lives_and_gives_the_partition_away_leaves_no_suspects(bench):
    bench = bench()
    bench.partition.take([_record(0)], 0.0)
    await _until(lambda: bench.begun == [0])
    assert bench.partition.progress == (0, "begun=0")
    bench.partition.give_up()
    assert bench.partition.progress == (0, "")
